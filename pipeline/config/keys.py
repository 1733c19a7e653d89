"""Every setting by its key, such as ``read.max_pages``: its description, its variable, its value as people see it."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from pydantic import SecretStr
from pydantic.fields import FieldInfo
from rapidfuzz import fuzz, process

from pipeline.config.section import Section
from pipeline.config.whole import Config

PREFIX = "CHIDAO_"
MASK = "***"
_NEAR = 60
_OPAQUE = frozenset({"notify.ping_url"})
"""Addresses whose path is a secret: who knows it can report for us."""


def _sections() -> Iterator[tuple[str, type[Section]]]:
    for name, field in Config.model_fields.items():
        section = field.annotation
        if isinstance(section, type) and issubclass(section, Section):
            yield name, section


def _is_internal(field: FieldInfo) -> bool:
    extra = field.json_schema_extra
    return isinstance(extra, dict) and bool(extra.get("internal"))


KEYS: dict[str, FieldInfo] = {
    f"{section}.{name}": field
    for section, model in _sections()
    for name, field in model.model_fields.items()
    if not _is_internal(field)
}
"""All settings that can be set, in the order of the models."""


def variable_of(key: str) -> str:
    """Return the environment variable of a setting.

    >>> variable_of("read.max_pages")
    'CHIDAO_READ__MAX_PAGES'
    """
    return PREFIX + key.replace(".", "__").upper()


def value_of(config: Config, key: str) -> Any:
    """Return a setting's value."""
    section, _, name = key.partition(".")
    return getattr(getattr(config, section), name)


def nearest(key: str) -> str:
    """Return an advice that names the setting, or the section, whose name is most like `key`."""
    sections = dict(_sections())
    section, dot, name = key.partition(".")
    if section in sections and dot:
        found = _closest(name, _by_name(section)) or _closest(name, _by_name())
    elif dot:
        found = _closest(key, {each: each for each in KEYS}) or _closest(
            section, {each: f"[{each}]" for each in sections}
        )
    else:
        found = _closest(key, {**_by_name(), **{each: f"[{each}]" for each in sections}})
    return f"did you mean {found}?" if found else "`chidao config show` lists all settings"


def _by_name(section: str = "") -> dict[str, str]:
    """Return the settings of a section, or all, by their names without the section."""
    return {key.partition(".")[2]: key for key in KEYS if key.startswith(section)}


def _closest(word: str, choices: dict[str, str]) -> str | None:
    found = process.extractOne(word.lower(), choices.keys(), scorer=fuzz.ratio, score_cutoff=_NEAR)
    return None if found is None else choices[found[0]]


def shown(key: str, value: Any) -> Any:
    """Return a value as JSON has it, with secrets masked."""
    if isinstance(value, SecretStr):
        return MASK
    if isinstance(value, Path):
        return str(value)
    if isinstance(value, tuple):
        return list(value)
    if isinstance(value, str) and key in _OPAQUE:
        return re.sub(r"(?<=://)(?:.*@)?([^/?#@]+).*", rf"\1/{MASK}", value, flags=re.DOTALL)
    if isinstance(value, str) and "://" in value:
        return mask_url(value)
    return value


def mask_url(url: str) -> str:
    """Return a URL without the password and the secret parameters in it.

    >>> mask_url("postgresql://ana:geheim@host/chidao?sslpassword=geheim")
    'postgresql://ana:***@host/chidao?sslpassword=***'
    """
    url = re.sub(
        r"://([^:@/?#]*):.*@", rf"://\1:{MASK}@", url, flags=re.DOTALL
    )  # to the last @: a password may hold one
    return re.sub(r"([?&][^=&]*(?:pass|secret|token|key)[^=&]*=)[^&]*", rf"\1{MASK}", url, flags=re.IGNORECASE)


def to_toml(value: Any) -> str:
    """Return a value of :func:`shown` as TOML writes it.

    >>> to_toml(["a", 1.5, True])
    '["a", 1.5, true]'
    """
    if isinstance(value, list):
        return f"[{', '.join(map(to_toml, value))}]"
    return json.dumps(value, ensure_ascii=False).replace("\x7f", "\\u007f")
