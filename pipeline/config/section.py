"""What all sections of settings have in common: frozen, strict about names, lenient about text."""

from __future__ import annotations

import json
from types import NoneType
from typing import Any, get_args, get_origin

from pydantic import BaseModel, ConfigDict, ValidationInfo, field_validator


class Section(BaseModel):
    """A group of settings.

    Environment variables and flags are text, and TOML has no null. So an empty text is None where a setting may be
    None, and ``a, b`` is a list where a setting is a list.
    """

    model_config = ConfigDict(frozen=True, extra="forbid", allow_inf_nan=False, hide_input_in_errors=True)

    @field_validator("*", mode="before")
    @classmethod
    def _from_text(cls, value: Any, info: ValidationInfo) -> Any:
        kinds = kinds_of(cls, info.field_name or "")
        if isinstance(value, bool) and bool not in kinds:  # pydantic would take true for the number 1
            raise ValueError("must not be true or false")
        if isinstance(value, str) and not value.strip() and NoneType in kinds:
            return None
        if isinstance(value, str) and tuple in kinds:
            return _parts(value)
        return value


def kinds_of(section: type[BaseModel], name: str) -> tuple[Any, ...]:
    """Return the types that a setting may have: ``(float, NoneType)`` for ``float | None``."""
    annotation = section.model_fields[name].annotation
    if get_origin(annotation) is tuple:
        return (tuple,)
    return get_args(annotation) or (annotation,)


def _parts(text: str) -> list[str]:
    """Return the items of a list that is written as JSON or with commas."""
    if text.lstrip().startswith("["):
        try:
            return [str(part) for part in json.loads(text)]
        except (ValueError, RecursionError):
            raise ValueError('must be a list such as ["a", "b"]') from None
    return [part.strip() for part in text.split(",") if part.strip()]
