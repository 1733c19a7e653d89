"""``chidao ocr``: a scan that can be searched."""

from __future__ import annotations

from pathlib import Path

import click

from pipeline.cli.console import INPUT, config_of, examples, pages_watched, say
from pipeline.errors import EXIT_OK, OutputError, UnsupportedFileError
from pipeline.process import read_scan
from pipeline.write import lay_out, printable, to_alto, to_hocr, write_bytes, write_searchable

_PATH = click.Path(path_type=Path, dir_okay=False)


@click.command(
    epilog=examples("chidao ocr scan.pdf -o searchable.pdf", "chidao ocr scan.tif -o out.pdf --alto out.xml")
)
@click.argument("file", type=INPUT)
@click.option("-o", "--out", required=True, type=_PATH, help="The searchable PDF to write.")
@click.option("--hocr", type=_PATH, help="Write the words and their places as hOCR too.")
@click.option("--alto", type=_PATH, help="Write the words and their places as ALTO 4 too.")
@click.pass_context
def ocr(context: click.Context, file: Path, out: Path, hocr: Path | None, alto: Path | None) -> int:
    """Write a scan as searchable PDF/A-2b.

    The picture stays as it is; the words of `chidao text` lie invisibly beneath it, in reading order. FILE itself is
    never changed: the PDF is a copy for searching, and a digital signature counts in the original only.
    """
    for target in filter(None, (out, hocr, alto)):
        _check_apart(file, target)
    with pages_watched():
        source, pages, document = read_scan(file, config_of(context).settings)
    if not any(page.origin == "ocr" for page in pages):
        raise UnsupportedFileError(f"{file.name} is no scan: it holds its text already", "use chidao text")
    sheets = lay_out(document, pages)
    if not write_searchable(source, sheets, out):
        say("stamps and filled fields are not in the copy: they print in fonts that PDF/A does not allow")
    if hocr is not None:
        write_bytes(hocr, to_hocr(sheets))
    if alto is not None:
        write_bytes(alto, to_alto(sheets, source.file_name))
    if b"/ByteRange" in source.data:
        say(f"{file.name} is signed: the signature counts in the original only, which is unchanged")
    say(f"wrote {printable(out)} ({len(sheets)} pages)")
    return EXIT_OK


def _check_apart(file: Path, target: Path) -> None:
    """Make sure that the original is not written over."""
    if target.exists() and file.exists() and target.samefile(file):
        raise OutputError(f"{target} is the original, which is never changed", "choose another name with --out")
