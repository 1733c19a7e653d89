"""The contract's form: JSON in UTF-8, with the models' own order of keys, so that equal notices are equal bytes."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from pathlib import Path

from pydantic import ValidationError

from pipeline.errors import DamagedFileError, MissingFileError
from pipeline.notice import Notice
from pipeline.write.files import write_bytes
from pipeline.write.result import Result


def to_json(notices: Notice | Sequence[Notice]) -> bytes:
    """Return one notice as a JSON object, or several as a JSON list, with a line feed at the end."""
    if isinstance(notices, Notice):
        form: object = notices.model_dump(mode="json")
    else:
        form = [notice.model_dump(mode="json") for notice in notices]
    return (json.dumps(form, ensure_ascii=False, indent=2) + "\n").encode()


def read_notice(path: Path) -> Notice:
    """Read back what `to_json` wrote for one notice."""
    try:
        return Notice.model_validate_json(path.read_bytes())
    except OSError as error:
        raise MissingFileError(f"cannot read {path}: {error.strerror}", "name a file that chidao wrote") from error
    except ValidationError as error:
        first = error.errors()[0]
        where = "/".join(str(part) for part in first["loc"])
        raise DamagedFileError(
            f"{path} is not a notice: {first['msg']} at /{where}", "extract the notice again"
        ) from error


def write_json(results: Iterable[Result], folder: Path) -> list[Path]:
    """Write ``<name>.json`` into `folder` for each result and return the paths."""
    paths = []
    for result in results:
        paths.append(folder / f"{result.name}.json")
        write_bytes(paths[-1], to_json(result.notice))
    return paths
