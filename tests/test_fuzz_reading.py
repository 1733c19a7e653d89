"""Good files damaged bit by bit and cut off at every hundredth: only documents and our own errors come out."""

from __future__ import annotations

import contextlib
import os
import random
import subprocess
import sys
from pathlib import Path

import pytest
from fuzzing import MADE, MOST_BYTES, children_of, flip, flip_inside, fuzz, sample
from hostile_files import docx, paragraph

from pipeline.config import ReadSettings
from pipeline.errors import PipelineError
from pipeline.layout import build_document
from pipeline.read import open_source, read_pages

SETTINGS = ReadSettings(max_pixels=4_000_000)
SEED = 7
PICTURES = (".png", ".jpg", ".tif", ".bmp", ".webp")
RUNS = 100
"""Runs a test."""
EXTRACTED = int(os.environ.get("CHIDAO_FUZZ_RUNS", "150"))
"""Damaged files that are extracted whole; `python tests/fuzzing.py 2000` does as many as that."""


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
    assert survives(whole, tmp_path / name) or name.endswith((".pdf", *PICTURES))
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


@pytest.mark.skipif(sys.platform != "linux", reason="reads /proc")
def test_extraction_of_damaged_files_keeps_to_its_limits_and_leaves_no_process(tmp_path):
    report = fuzz(EXTRACTED, SEED, tmp_path)
    assert report.faults == []
    assert report.outcomes.total() == EXTRACTED
    assert report.outcomes["Notice"] > EXTRACTED / 10
    assert report.grown < MOST_BYTES


@pytest.mark.skipif(sys.platform != "linux", reason="reads /proc")
def test_a_process_left_behind_is_noticed():
    before = children_of(os.getpid())
    with subprocess.Popen(["true"]) as process:
        os.waitid(os.P_PID, process.pid, os.WEXITED | os.WNOWAIT)  # it has ended, and is a zombie
        assert set(children_of(os.getpid()).split()) - set(before.split()) == {str(process.pid)}
