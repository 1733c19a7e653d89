"""Office files of a run, converted in few runs of LibreOffice instead of one each."""

from __future__ import annotations

import tempfile
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path

from pipeline.config import Settings
from pipeline.read import convert_beforehand


@contextmanager
def converted(paths: Iterable[Path], settings: Settings) -> Iterator[Settings]:
    """Convert the DOC, RTF and ODT files among `paths`, and give settings that know the results while it lasts."""
    with tempfile.TemporaryDirectory(prefix="chidao-") as folder:
        read = convert_beforehand(paths, Path(folder), settings.read)
        yield settings.model_copy(update={"read": read})
