"""``chidao doctor``: what is installed, and how to mend what is not."""

from __future__ import annotations

import shutil
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from importlib import metadata

import click
from rich.console import Console
from rich.table import Table

import pipeline
from pipeline.cli.console import config_of, examples
from pipeline.errors import EXIT_MISSING, EXIT_OK, ConfigError
from pipeline.extract.tagger import FOLDER, load_tagger

_PACKAGES = (
    "pypdfium2",
    "pdfplumber",
    "pytesseract",
    "opencv-python-headless",
    "olefile",
    "underthesea",
    "spacy",
    "pandas",
)
_EXTRAS = (
    ("tesserocr", "fast", "OCR in a third less time"),
    ("trueocr", "ocr2", "a second reading of doubtful words"),
    ("ocrmypdf", "pdfa", "searchable PDF/A"),
)
_APT = "apt-get install --no-install-recommends"


@dataclass(frozen=True, slots=True)
class Check:
    """One thing that chidao uses: what was found (None for nothing), and what to do when it is missing."""

    name: str
    found: str | None
    purpose: str
    advice: str
    needed: bool = True

    @property
    def state(self) -> str:
        """Say in one word how it is."""
        if self.found is not None:
            return "ok"
        return "MISSING" if self.needed else "not there"


@click.command(epilog=examples("chidao doctor"))
@click.pass_context
def doctor(context: click.Context) -> int:
    """Say what is installed and how to mend what is not."""
    checks = [
        _python(),
        *_packages(),
        _tesseract(),
        _language(config_of(context).ocr.language),
        _libreoffice(),
        _model(),
        *_extras(),
    ]
    table = Table(title=f"chidao {pipeline.__version__}", title_justify="left")
    for heading in ("what", "state", "found", "for"):
        table.add_column(heading)
    for check in checks:
        table.add_row(check.name, check.state, check.found or "-", check.purpose)
    Console().print(table)
    absent = [check for check in checks if check.found is None]
    for check in absent:
        click.echo(f"{check.name} ({'needed' if check.needed else 'optional'}): {check.advice}")
    return EXIT_MISSING if any(check.needed for check in absent) else EXIT_OK


def _python() -> Check:
    version = ".".join(map(str, sys.version_info[:3]))
    return Check("Python", version, "everything", "install Python 3.11 or newer")


def _packages() -> Iterator[Check]:
    for name in _PACKAGES:
        yield Check(name, _version_of(name), "Python package", f"pip install {name}")


def _tesseract() -> Check:
    said = _ask("tesseract", "--version")
    return Check("Tesseract", said[0] if said else None, "scans and photographs", f"{_APT} tesseract-ocr")


def _language(language: str) -> Check:
    listed = language in (_ask("tesseract", "--list-langs") or [])
    found = "installed" if listed else None
    return Check(f"Tesseract {language}", found, "scans in Vietnamese", f"{_APT} tesseract-ocr-{language}")


def _libreoffice() -> Check:
    said = _ask("soffice", "--version")
    advice = f"{_APT} libreoffice-writer-nogui"
    return Check("LibreOffice", said[0] if said else None, "DOC, RTF and ODT files", advice, needed=False)


def _model() -> Check:
    advice = "chidao train data/gold -o models/roles; without it rules read alone"
    try:
        found = FOLDER.name if load_tagger() is not None else None
    except ConfigError as error:
        found, advice = None, str(error)
    return Check("model of roles", found, "paragraphs without a cue", advice, needed=False)


def _extras() -> Iterator[Check]:
    for name, extra, purpose in _EXTRAS:
        yield Check(name, _version_of(name), purpose, f'pip install "chidao[{extra}]"', needed=False)


def _version_of(distribution: str) -> str | None:
    try:
        return metadata.version(distribution)
    except metadata.PackageNotFoundError:
        return None


def _ask(program: str, option: str) -> list[str] | None:
    """Return the lines that a program says to one option; None where it is missing or does not work."""
    path = shutil.which(program)
    if path is None:
        return None
    try:
        done = subprocess.run([path, option], capture_output=True, timeout=60, check=True)
    except (OSError, subprocess.SubprocessError):
        return None
    lines = (done.stdout or done.stderr).decode(errors="replace").splitlines()
    return [line.strip() for line in lines if line.strip()] or None
