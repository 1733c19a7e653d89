"""OLE containers: what a legacy Office file is, told by its directory, so that only Word's own are converted."""

from __future__ import annotations

import io
import struct

import olefile

from pipeline.errors import DamagedFileError, EncryptedFileError, MacroFileError, UnsupportedFileError

_OTHERS = (
    ("workbook", "a legacy Excel workbook (.xls)"),
    ("book", "a legacy Excel workbook (.xls)"),
    ("powerpoint document", "a legacy PowerPoint presentation (.ppt)"),
    ("__properties_version1.0", "an Outlook message (.msg)"),
)
_MACROS = frozenset({"macros", "_vba_project_cur", "vba", "_vba_project"})
_FLAGS = 10
"""Where the flags stand in the header of Word's main stream."""
_ENCRYPTED = 0x0100
_PARSER_ERRORS = (
    OSError, ValueError, IndexError, KeyError, TypeError, AttributeError, OverflowError, RecursionError, EOFError,
    MemoryError, struct.error,
)  # fmt: skip
"""What olefile raises on damaged containers; its own errors are OSErrors."""


def check_word(data: bytes) -> None:
    """Make sure that an OLE container holds an open Word document without macros, else say what it is."""
    try:
        with olefile.OleFileIO(io.BytesIO(data)) as container:
            names = {part.lower() for path in container.listdir(streams=True, storages=True) for part in path}
            flags = _word_flags(container) if "worddocument" in names else 0
    except _PARSER_ERRORS as error:
        raise _damaged() from error
    if "encryptedpackage" in names or flags & _ENCRYPTED:
        raise EncryptedFileError("the document is locked with a password", "save it without a password and try again")
    if "worddocument" not in names:
        what = next((what for name, what in _OTHERS if name in names), "a legacy Office file, not a document")
        raise UnsupportedFileError(f"this is {what}", "save it as PDF or DOCX and try again")
    if names & _MACROS:
        raise MacroFileError("the document carries macros", "save it as DOCX without macros and try again")


def _word_flags(container: olefile.OleFileIO) -> int:
    header = container.openstream("WordDocument").read(_FLAGS + 2)
    return int(struct.unpack_from("<H", header, _FLAGS)[0])


def _damaged() -> DamagedFileError:
    return DamagedFileError("the Word document is truncated or damaged", "open it in Word and save it again")
