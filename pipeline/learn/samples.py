"""Makes the sample files from their layouts: ``python -m pipeline.learn.samples data/samples --out DIR``.

A development tool. `kinds.toml` beside the cases says which kind of file each case becomes.
"""

from __future__ import annotations

import argparse
import logging
import sys
import tomllib
import zlib
from pathlib import Path
from typing import TYPE_CHECKING, Literal, get_args

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from pipeline.errors import ConfigError, MissingFileError, PipelineError
from pipeline.learn.scanned import Scan, bind_pdf, bind_png, bind_tiff, print_pdf, scan_pages
from pipeline.learn.typeset import HEADING, Layout, set_notice

if TYPE_CHECKING:
    from collections.abc import Sequence

log = logging.getLogger(__name__)

Kind = Literal["docx", "docx-numbered", "pdf", "scan-pdf", "scan-png", "scan-tiff", "md"]
ENDINGS: dict[Kind, str] = {
    "docx": ".docx",
    "docx-numbered": ".docx",
    "pdf": ".pdf",
    "scan-pdf": ".pdf",
    "scan-png": ".png",
    "scan-tiff": ".tif",
    "md": ".md",
}


class Sample(BaseModel):
    """One case: the kind of file it becomes, and what its layout does not say."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    kind: Kind
    upper: int = Field(default=0, ge=0)
    scan: Scan = Scan()


def read_kinds(folder: Path) -> dict[str, Sample]:
    """Return what `folder`/kinds.toml says of each case, by the case's name."""
    path = folder / "kinds.toml"
    try:
        table = tomllib.loads(path.read_text(encoding="utf-8"))
        return {name: Sample.model_validate(entry) for name, entry in table.items()}
    except FileNotFoundError as error:
        raise MissingFileError(f"there is no {path}", "name the folder that holds kinds.toml and cases/") from error
    except (tomllib.TOMLDecodeError, ValidationError) as error:
        raise ConfigError(f"{path} is wrong ({error})", "correct it") from error


def read_layout(folder: Path, name: str) -> Layout:
    """Return the layout of the case called `name`."""
    path = folder / "cases" / name / "layout.json"
    try:
        return Layout.model_validate_json(path.read_bytes())
    except FileNotFoundError as error:
        raise MissingFileError(f"there is no {path}", "write the case or take it out of kinds.toml") from error
    except ValidationError as error:
        raise ConfigError(f"{path} is no layout ({error})", "correct it") from error


def make_file(name: str, layout: Layout, sample: Sample) -> bytes:
    """Return the bytes of the file that `layout` becomes; wear of scans is seeded by `name`."""
    if sample.kind == "md":
        return write_markdown(layout).encode()
    notice = set_notice(layout, upper=sample.upper, numbered=sample.kind == "docx-numbered")
    if sample.kind in ("docx", "docx-numbered"):
        return notice
    pdf = print_pdf(notice)
    if sample.kind == "pdf":
        return pdf
    bind = {"scan-pdf": bind_pdf, "scan-png": bind_png, "scan-tiff": bind_tiff}[sample.kind]
    return bind(scan_pages(pdf, sample.scan, zlib.crc32(name.encode())), sample.scan)


def write_markdown(layout: Layout) -> str:
    """Return `layout` as Markdown: head and title in bold, one paragraph a block."""
    blocks = [
        "  \n".join(f"**{line}**" for line in layout.left_header),
        layout.number_line,
        *(f"**{mark}**" for mark in layout.marks),
        "  \n".join(f"**{line}**" for line in layout.right_header),
        f"*{layout.place_date}*",
        f"# {layout.title[0]}",
        "  \n".join(f"**{line}**" for line in layout.title[1:]),
        *(f"**{line}**" if HEADING.match(line) else line for line in layout.body),
        "***Nơi nhận:***",
        "\n".join(layout.recipients),
        "  \n".join(f"**{line}**" for line in layout.signature),
        f"**{layout.signer}**",
    ]
    return "\n\n".join(blocks) + "\n"


def make_samples(folder: Path, out: Path, kind: Kind | None = None, only: str | None = None) -> list[Path]:
    """Make the files of all cases in `folder`, or of the one called `only`, and return their paths.

    Args:
        folder: holds kinds.toml and cases/.
        out: where the files go, each named for its case.
        kind: make every case a file of this kind instead of its own.
        only: the name of the one case to make.
    """
    out.mkdir(parents=True, exist_ok=True)
    made = []
    for name, sample in read_kinds(folder).items():
        if only in (None, name):
            wanted = sample.model_copy(update={"kind": kind or sample.kind})
            path = out / (name + ENDINGS[wanted.kind])
            path.write_bytes(make_file(name, read_layout(folder, name), wanted))
            log.info("%s: %d bytes", path.name, path.stat().st_size)
            made.append(path)
    return made


def main(arguments: Sequence[str] | None = None) -> int:
    """Run from the command line and return the exit code."""
    parser = argparse.ArgumentParser(prog="pipeline.learn.samples", description="Make the sample files.")
    parser.add_argument("folder", type=Path, help="the folder with kinds.toml and cases/")
    parser.add_argument("--out", type=Path, required=True, help="where the files go")
    parser.add_argument("--kind", choices=get_args(Kind), help="make every case a file of this kind")
    parser.add_argument("--only", help="the one case to make")
    chosen = parser.parse_args(arguments)
    logging.basicConfig(level=logging.INFO, format="%(message)s")
    try:
        make_samples(chosen.folder, chosen.out, chosen.kind, chosen.only)
    except PipelineError as error:
        log.error("%s", error)  # noqa: TRY400 - the reason and the advice are enough for the user
        return error.exit_code
    return 0


if __name__ == "__main__":
    sys.exit(main())
