"""Good files damaged bit by bit and cut off at every hundredth: only documents and our own errors come out."""

from __future__ import annotations

import contextlib
import io
import random
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest
from hostile_files import docx, encode, paragraph, pdf, picture, show
from office_files import odt, ole, rtf, word_header

from pipeline.config import ReadSettings
from pipeline.errors import PipelineError
from pipeline.layout import build_document
from pipeline.read import open_source, read_pages

FILES = Path(__file__).parents[1] / "data" / "samples" / "files"
SETTINGS = ReadSettings(max_pixels=4_000_000)
SEED = 7
RUNS = 100
"""Runs a test; the table below says how many tests there are."""
PARTS = ("word/document.xml", "word/numbering.xml", "word/styles.xml", "word/_rels/document.xml.rels")

MADE: dict[str, Callable[[], bytes]] = {
    "small.pdf": lambda: pdf(show((72, 700, "Thong bao ket luan"), (72, 680, "1. Giao So Y te"))),
    "small.png": lambda: encode(picture((5, 5, "a"), size=(60, 40)), "PNG"),
    "small.jpg": lambda: encode(picture((5, 5, "a"), size=(60, 40)), "JPEG"),
    "small.tif": lambda: encode(picture((5, 5, "a"), size=(60, 40)).convert("1"), "TIFF", compression="group4"),
    "small.doc": lambda: ole(WordDocument=word_header(), Data=b"x"),
    "small.rtf": lambda: rtf("Thông báo kết luận"),
    "small.odt": lambda: odt("Thông báo kết luận"),
}


def sample(name: str) -> bytes:
    return MADE[name]() if name in MADE else (FILES / name).read_bytes()


def flip(data: bytes, chance: random.Random) -> bytes:
    flipped = bytearray(data)
    for _ in range(chance.randrange(1, 6)):
        flipped[chance.randrange(len(flipped))] ^= 1 << chance.randrange(8)
    return bytes(flipped)


def flip_inside(data: bytes, chance: random.Random) -> bytes:
    """Flip bits in a part of a DOCX and pack it again, so that its checksum holds."""
    target = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(target, "w") as new:
        chosen = chance.choice([name for name in old.namelist() if name in PARTS])
        for name in old.namelist():
            new.writestr(name, flip(old.read(name), chance) if name == chosen else old.read(name))
    return target.getvalue()


def survives(data: bytes, path: Path) -> bool:
    """Tell whether the file is read; an error of our own is no failure, anything else is."""
    path.write_bytes(data)
    with contextlib.suppress(PipelineError):
        pages = read_pages(open_source(path, SETTINGS), SETTINGS)
        for page in pages:
            if page.picture is not None:
                page.picture(72)
        return bool(build_document(pages).text)
    return False


@pytest.fixture(autouse=True)
def _no_libreoffice(monkeypatch):
    """Stands in for LibreOffice: whatever it is given becomes one small DOCX, so that runs are cheap."""

    def convert(files, folder, _settings):
        for file in files:
            (folder / f"{file.stem}.docx").write_bytes(docx(paragraph("Thông báo")))

    monkeypatch.setattr("pipeline.read.office.convert_all", convert)


@pytest.mark.parametrize(
    "name",
    ["cuc-thue-khanh-hoa-so-ket-2018.docx", "thpt-ngo-quyen-on-thi-2024.md", "vpcp-han-man-dbscl-2024.pdf",
     "huyen-hai-hau-de-bien-1998.tif", *MADE],
)  # fmt: skip
def test_files_cut_off_at_every_hundredth(tmp_path, name):
    whole = sample(name)
    read = [survives(whole[: len(whole) * share // 100], tmp_path / name) for share in range(100)]
    assert not read[0]
    assert len(read) == RUNS


@pytest.mark.parametrize("part", [1, 2])
@pytest.mark.parametrize("name", ["ubnd-da-nang-chong-ngap-2024.docx", "thpt-ngo-quyen-on-thi-2024.md", *MADE])
def test_files_with_flipped_bits(tmp_path, name, part):
    chance = random.Random(f"{SEED}{name}{part}")
    whole = sample(name)
    assert survives(whole, tmp_path / name) or name.endswith((".pdf", ".png", ".jpg", ".tif"))
    for _ in range(RUNS // 2):
        survives(flip(whole, chance), tmp_path / name)


@pytest.mark.parametrize("part", [1, 2, 3, 4])
def test_documents_with_flipped_bits_inside(tmp_path, part):
    chance = random.Random(SEED + part)
    whole = docx(
        paragraph("Thông báo", '<w:numPr><w:ilvl w:val="0"/><w:numId w:val="1"/></w:numPr>')
        + "<w:tbl><w:tr><w:tc>" + paragraph("Sở Y tế", '<w:pStyle w:val="A"/>') + "</w:tc></w:tr></w:tbl>",
        numbering='<w:abstractNum w:abstractNumId="1"><w:lvl w:ilvl="0"><w:start w:val="1"/><w:numFmt w:val="decimal"/>'
        '<w:lvlText w:val="%1."/></w:lvl></w:abstractNum><w:num w:numId="1"><w:abstractNumId w:val="1"/></w:num>',
        styles='<w:style w:type="paragraph" w:styleId="A"><w:rPr><w:caps/></w:rPr></w:style>',
    )  # fmt: skip
    assert survives(whole, tmp_path / "a.docx")
    read = sum(survives(flip_inside(whole, chance), tmp_path / "a.docx") for _ in range(RUNS))
    assert 0 < read < RUNS
