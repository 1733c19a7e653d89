"""Options of a command that go before the configuration."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from pydantic import ValidationError

from pipeline.config import Config
from pipeline.errors import ConfigError


def with_flags(config: Config, flags: Mapping[str, Mapping[str, Any]]) -> Config:
    """Return the configuration with the values of `flags`, section by section; None is an option that was not given.

    Raises :class:`~pipeline.errors.ConfigError` for a value that the setting cannot have.
    """
    changed = {}
    for section, values in flags.items():
        given = {name: value for name, value in values.items() if value is not None}
        old = getattr(config, section)
        try:
            changed[section] = type(old).model_validate({**dict(old), **given})
        except ValidationError as error:
            first = error.errors()[0]
            option = str(first["loc"][0]).replace("_", "-")
            raise ConfigError(f"--{option}: {first['msg']}", "see `chidao run --help`") from error
    return config.model_copy(update=changed)
