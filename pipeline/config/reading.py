"""Settings of the reading: one frozen object that travels with a file through the stages."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path

from pydantic import Field

from pipeline.config.section import Section


class ReadSettings(Section):
    """Limits that a file is held to before and while it is read."""

    max_bytes: int = Field(200_000_000, gt=0, description="largest file, in bytes")
    max_pages: int = Field(2_000, gt=0, description="most pages of one file")
    max_pixels: int = Field(50_000_000, gt=0, description="most pixels of one page image")
    max_unpacked: int = Field(200_000_000, gt=0, description="most bytes that a packed file may unpack to")
    max_characters: int = Field(2_000_000, gt=0, description="most characters of one file's text")
    min_page_letters: int = Field(
        20, ge=0, description="a PDF page with a picture and fewer letters than this in its text layer goes to OCR"
    )
    office_timeout: float = Field(60.0, gt=0, description="seconds that LibreOffice may take for a DOC, RTF or ODT")
    converted: Path | None = Field(
        None,
        exclude=True,
        json_schema_extra={"internal": True},  # a run sets it for itself; it is no setting of chidao.toml
        description="folder of DOCX files made beforehand of office files, named by SHA-256",
    )


class OcrSettings(Section):
    """How pages without usable text are recognised."""

    language: str = Field("vie", min_length=3, description="Tesseract language model")
    dpi: int = Field(220, ge=72, le=600, description="dots per inch at which pages are read")
    timeout: float = Field(120.0, gt=0, description="seconds that one page may take")
    engine: str = Field("auto", description="name of the OCR engine; auto takes the fastest that is installed")
    second_voice: str = Field(
        "auto", description="recogniser asked for doubtful words; auto takes one that is installed, none asks nobody"
    )
    workers: int = Field(0, ge=0, description="pages read at one time; 0 for one a core")


class ExtractSettings(Section):
    """How values are found in a document's text."""

    any_document: bool = Field(default=False, description="read documents that are no notices of conclusions as well")
    rules: bool = Field(default=True, description="let the rules judge what a paragraph is")
    model: bool = Field(default=True, description="let the trained model judge where the rules have no cue")
    model_folder: Path | None = Field(
        None, exclude=True, description="folder of the trained model; None for the one that comes with the program"
    )


class Settings(Section):
    """Everything that changes what a file is read as."""

    read: ReadSettings = ReadSettings()
    ocr: OcrSettings = OcrSettings()
    extract: ExtractSettings = ExtractSettings()


_WITHOUT_EFFECT = {"read": {"office_timeout"}, "ocr": {"workers", "timeout"}}
"""How fast a file is read, not what it is read as."""


def config_hash(settings: Settings) -> str:
    """Return the SHA-256, in hexadecimal digits, of all settings that change what a file is read as."""
    values = settings.model_dump(mode="json", exclude=_WITHOUT_EFFECT)
    text = json.dumps(values, sort_keys=True, ensure_ascii=False, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()
