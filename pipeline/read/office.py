"""DOC, RTF and ODT: LibreOffice makes a DOCX of them, which is read like any other."""

from __future__ import annotations

import logging
import shutil
import tempfile
import zipfile
from collections.abc import Iterable, Iterator
from dataclasses import replace
from pathlib import Path

from pipeline.config import ReadSettings
from pipeline.document import Page, Source
from pipeline.errors import DamagedFileError, PipelineError
from pipeline.read.docx import read_docx
from pipeline.read.kinds import DOC, ODT, OFFICE, RTF, may_be_office
from pipeline.read.limits import check_written
from pipeline.read.soffice import convert_all
from pipeline.read.source import look_at, open_source

_LOGGER = logging.getLogger(__name__)

_ENDINGS = {DOC: ".doc", RTF: ".rtf", ODT: ".odt"}
_MOST_FILES, _MOST_BYTES = 20, 50_000_000
"""How much one run of LibreOffice is given."""


def read_office(source: Source, settings: ReadSettings) -> tuple[Page, ...]:
    """Read a DOC, RTF or ODT as the DOCX that it becomes."""
    return read_docx(replace(source, data=_take_docx(source, settings)), settings)


def convert_beforehand(paths: Iterable[Path], folder: Path, settings: ReadSettings) -> ReadSettings:
    """Convert the office files among `paths` to DOCX in `folder`, many in one run; return settings that know them.

    A file that fails here is left out, and says why when it is read by itself.
    """
    for batch in _batches(paths, settings):
        if len(batch) > 1:
            with tempfile.TemporaryDirectory() as room:
                try:
                    _convert(batch, Path(room), settings)
                except PipelineError as error:
                    _LOGGER.info("converting %d files together: %s", len(batch), error)
                for made in filter(zipfile.is_zipfile, Path(room).glob("*.docx")):  # a run cut short leaves halves
                    shutil.move(made, folder / made.name)
    return settings.model_copy(update={"converted": folder})


def _take_docx(source: Source, settings: ReadSettings) -> bytes:
    """Return the DOCX made beforehand, or make it now."""
    made = settings.converted / _name(source) if settings.converted is not None else None
    if made is not None and made.is_file():
        return made.read_bytes()
    with tempfile.TemporaryDirectory() as room:
        _convert([source], Path(room), settings)
        made = Path(room, _name(source))
        if not made.is_file():
            reason = f"LibreOffice could not open the {_ENDINGS[source.media_type][1:].upper()} file"
            raise DamagedFileError(reason, "open it in Word, save it as DOCX and try again")
        check_written(made.stat().st_size, settings)
        return made.read_bytes()


def _convert(sources: list[Source], room: Path, settings: ReadSettings) -> None:
    """Let LibreOffice put the DOCX of each source into `room`, named by checksum."""
    inbox = room / "inbox"
    inbox.mkdir()
    files = []
    for source in sources:
        files.append(inbox / (source.sha256 + _ENDINGS[source.media_type]))
        files[-1].write_bytes(source.data)
    convert_all(files, room, settings)


def _name(source: Source) -> str:
    return f"{source.sha256}.docx"


def _batches(paths: Iterable[Path], settings: ReadSettings) -> Iterator[list[Source]]:
    """Yield the office files among `paths`, each once, as many together as one run is given."""
    batch: dict[str, Source] = {}
    for source in _office_sources(paths, settings):
        batch[source.sha256] = source
        if len(batch) >= _MOST_FILES or sum(len(s.data) for s in batch.values()) > _MOST_BYTES:
            yield list(batch.values())
            batch = {}
    yield list(batch.values())


def _office_sources(paths: Iterable[Path], settings: ReadSettings) -> Iterator[Source]:
    for path in paths:
        try:
            if may_be_office(look_at(path)):
                source = open_source(path, settings)
                if source.media_type in OFFICE:
                    yield source
        except PipelineError as error:  # it is met again, and reported, when the file is read
            _LOGGER.debug("%s", error)
