"""From a file, the environment and flags to one :class:`Config`, which knows where each setting comes from."""

from __future__ import annotations

import os
import re
import tomllib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

from pydantic import ValidationError
from pydantic_settings import BaseSettings, EnvSettingsSource, SettingsConfigDict, TomlConfigSettingsSource

from pipeline.config.keys import KEYS, PREFIX, nearest, value_of, variable_of
from pipeline.config.whole import Config
from pipeline.errors import ConfigError

FILE_NAME = "chidao.toml"
FILE_VARIABLE = f"{PREFIX}CONFIG"

Kind = Literal["default", "file", "environment", "flag"]
"""What a setting's value can come from; a later one beats an earlier one."""


class _Sources(Config, BaseSettings):
    """The settings as pydantic-settings takes them from a file and from the environment."""

    model_config = SettingsConfigDict(env_prefix=PREFIX, env_nested_delimiter="__", enable_decoding=False)


class _TomlSource(TomlConfigSettingsSource):
    """A TOML file that may begin with a byte order mark, as Windows' editor writes it."""

    def _read_file(self, file_path: Any) -> dict[str, Any]:
        return tomllib.loads(file_path.read_bytes().decode("utf-8-sig"))


@dataclass(frozen=True, slots=True)
class Problem:
    """What is wrong with one setting, where it stands, and what to do."""

    place: str
    reason: str
    advice: str

    def __str__(self) -> str:
        """Return one line."""
        return str(self.error())

    def error(self, more: int = 0) -> ConfigError:
        """Return an error of this problem, which mentions how many `more` there are."""
        rest = f" ({more} more: `chidao config check` lists all)" if more else ""
        return ConfigError(f"{self.place}: {self.reason}", self.advice + rest)


@dataclass(frozen=True, slots=True)
class Layer:
    """What one source says: values by section and name."""

    kind: Kind
    place: str
    values: Mapping[str, Any]
    strays: tuple[Problem, ...] = ()

    def says(self, key: str) -> bool:
        """Tell whether the source has a value for a key such as ``read.max_pages``."""
        section, _, name = key.partition(".")
        return name in self.values.get(section, {})

    def problems(self) -> list[Problem]:
        """Return everything that is wrong with it."""
        found = [*self.strays, *self._unknown()]
        try:
            Config.model_validate(self.values)
        except ValidationError as error:
            for each in error.errors():
                found += self._wrong(".".join(map(str, each["loc"][:2])), each["msg"])  # deeper is a list's place
        return found

    def _unknown(self) -> Iterator[Problem]:
        for section, values in self.values.items():
            if section not in Config.model_fields:
                what = f"section [{section}]" if isinstance(values, dict) else f"setting {section}"
                yield Problem(self._place(section), f"there is no {what}", nearest(section))
            elif isinstance(values, dict):
                for key in (f"{section}.{name}" for name in values):
                    if key not in KEYS:
                        yield Problem(self._place(key), f"there is no setting {key}", nearest(key))

    def _wrong(self, key: str, message: str) -> Iterator[Problem]:
        """Say what is wrong with a value; nothing of a key that is unknown, which has its own problem."""
        if key in Config.model_fields:
            yield Problem(self._place(key), f"{key} must be a section", f"set what is in it, such as {_first_of(key)}")
        elif key in KEYS:
            reason = re.sub(r"^\w+ should", "must", message.removeprefix("Value error, ").partition(", unable")[0])
            yield Problem(self._place(key), f"{key} {reason}", f"meant is: {KEYS[key].description}")

    def _place(self, key: str) -> str:
        return f"environment {variable_of(key)}" if self.kind == "environment" else self.place

    def origin(self, key: str) -> tuple[Kind, str]:
        """Return what the value of a key that it has comes from, and how that is called."""
        return self.kind, self._place(key)


def _first_of(section: str) -> str:
    return next(key for key in KEYS if key.startswith(f"{section}."))


@dataclass(frozen=True, slots=True)
class Loaded:
    """The settings in effect, the layers that they were taken from, later ones first, and the file among them."""

    config: Config
    layers: tuple[Layer, ...]
    file: Path | None

    def origin(self, key: str) -> tuple[Kind, str]:
        """Return what a setting's value comes from, and how that is called."""
        layer = next((layer for layer in self.layers if layer.says(key)), None)
        return ("default", "default") if layer is None else layer.origin(key)

    def value(self, key: str) -> Any:
        """Return a setting's value."""
        return value_of(self.config, key)


def load_config(file: Path | None = None, assignments: Sequence[str] = ()) -> Loaded:
    """Return the settings in effect: `assignments` beat the environment, it beats the file, that beats defaults.

    Args:
        file: the file to read; None for the first that :func:`find_file` finds.
        assignments: settings such as ``read.max_pages=500``.

    Raises:
        ConfigError: the file cannot be read, or a setting is unknown or has a wrong value.
    """
    path = find_file(file)
    layers = read_layers(path, assignments)
    problems = [problem for layer in layers for problem in layer.problems()]
    if problems:
        raise problems[0].error(len(problems) - 1)
    merged: dict[str, dict[str, Any]] = {}
    for layer in reversed(layers):
        for section, values in layer.values.items():
            merged[section] = {**merged.get(section, {}), **values}
    return Loaded(Config.model_validate(merged), layers, path)


def find_file(file: Path | None = None) -> Path | None:
    """Return the file of settings: the one given, $CHIDAO_CONFIG's, or the first of the usual places that exists."""
    if file is not None:
        return file
    named = os.environ.get(FILE_VARIABLE)
    if named:
        return Path(named)
    home = os.environ.get("XDG_CONFIG_HOME") or os.path.expanduser("~/.config")  # noqa: PTH111  # never raises
    places = (Path(FILE_NAME), Path(home) / "chidao" / FILE_NAME, Path("/etc/chidao") / FILE_NAME)
    return next((place for place in places if os.path.lexists(place)), None)


def read_layers(path: Path | None, assignments: Sequence[str] = ()) -> tuple[Layer, ...]:
    """Return what flags, the environment and a file say, in this order."""
    layers = [_read_assignments(assignments), _read_environment()]
    if path is not None:
        layers.append(read_file(path))
    return tuple(layers)


def read_file(path: Path) -> Layer:
    """Return what a file of settings says.

    Raises:
        ConfigError: there is no such file, it may not be read, or it is no TOML.
    """
    try:
        if not path.is_file():
            raise ConfigError(f"there is no file of settings {path}", "name one that is there, or write it")
        return Layer("file", f"file {path}", _TomlSource(_Sources, toml_file=path)())
    except OSError as error:
        advice = "let it be readable for whoever runs chidao"
        raise ConfigError(f"{path} cannot be read: {error.strerror}", advice) from error
    except UnicodeDecodeError as error:
        raise ConfigError(f"{path} is no text in UTF-8", "save it as UTF-8") from error
    except (tomllib.TOMLDecodeError, RecursionError) as error:
        raise ConfigError(f"{path} is no TOML: {error}", "mend that line; text stands in quotes") from error


def _read_environment() -> Layer:
    """Return what variables such as CHIDAO_READ__MAX_PAGES say; those that resemble a setting's are strays."""
    known = {variable_of(key) for key in KEYS}
    strays = []
    for name in os.environ:
        upper = name.upper()
        key = upper.removeprefix(PREFIX).replace("__", ".").lower()
        if not upper.startswith(PREFIX) or upper in known:
            continue
        if _slurred(upper) in map(_slurred, known):  # CHIDAO_READ_MAX_PAGES would be passed over in silence
            right = next(variable for variable in known if _slurred(variable) == _slurred(upper))
            strays.append(Problem(f"environment {name}", "it sets nothing", f"did you mean {right}?"))
        elif key.partition(".")[0] not in Config.model_fields and "." in key:
            strays.append(Problem(f"environment {name}", f"there is no setting {key}", nearest(key)))
    return Layer("environment", "environment", EnvSettingsSource(_Sources)(), tuple(strays))


def _slurred(variable: str) -> str:
    return variable.replace("_", "")


def _read_assignments(assignments: Sequence[str]) -> Layer:
    """Return what flags such as ``--set read.max_pages=500`` say; of two for one key the later counts."""
    values: dict[str, dict[str, Any]] = {}
    strays = []
    for assignment in assignments:
        key, equals, text = (part.strip() for part in assignment.partition("="))
        section, dot, name = key.partition(".")
        if not equals:
            strays.append(Problem("--set", f"{key} has no value", f"write --set {key}=VALUE"))
        elif not dot:
            strays.append(Problem("--set", f"there is no setting {key}", nearest(key)))
        else:
            values.setdefault(section, {})[name] = text
    return Layer("flag", "--set", values, tuple(strays))
