"""The commands on real files, good and bad: one line, the right exit code, nothing half-written."""

import json
import os
import shutil
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest
from click.testing import CliRunner

from pipeline.cli import main

SAMPLES = Path(__file__).parent.parent / "data" / "samples" / "files"
PDF = SAMPLES / "tinh-uy-ben-tre-giao-ban-2019.pdf"
DOCX = SAMPLES / "ubnd-nghe-an-hanh-chinh-cong-xa-2025.docx"
PNG = SAMPLES / "xa-dong-van-rac-cho-phien-2026.png"
LOCKED = b"""%PDF-1.4
1 0 obj <</Type /Catalog /Pages 2 0 R>> endobj
2 0 obj <</Type /Pages /Kids [3 0 R] /Count 1>> endobj
3 0 obj <</Type /Page /Parent 2 0 R /MediaBox [0 0 595 842]>> endobj
4 0 obj <</Filter /Standard /V 1 /R 2 /P -64 /O <OWNER> /U <USER>>> endobj
trailer <</Root 1 0 R /Encrypt 4 0 R /ID [<00> <00>] /Size 5>>
%%EOF
""".replace(b"OWNER", b"11" * 32).replace(b"USER", b"22" * 32)


def chidao(*args):
    return CliRunner().invoke(main, [str(arg) for arg in args])


def with_macros(path):
    shutil.copy(DOCX, path)
    with zipfile.ZipFile(path, "a") as archive:
        archive.writestr("word/vbaProject.bin", b"\xd0\xcf\x11\xe0")


def cut_docx(path):
    path.write_bytes(DOCX.read_bytes()[:-2000])


BAD = {
    "zero.pdf": lambda path: path.write_bytes(b""),
    "blank.txt": lambda path: path.write_bytes(b" \n\n "),
    "cut.pdf": lambda path: path.write_bytes(PDF.read_bytes()[:400]),
    "cut.docx": cut_docx,
    "cut.png": lambda path: path.write_bytes(PNG.read_bytes()[:3000]),
    "locked.pdf": lambda path: path.write_bytes(LOCKED),
    "page.pdf": lambda path: path.write_bytes(b"<!DOCTYPE html><html><body>404</body></html>"),
    "macros.docm": with_macros,
    "noise.docx": lambda path: path.write_bytes(bytes(range(256)) * 20),
    "old.doc": lambda path: path.write_bytes(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + "WordDocument".encode("utf-16-le")),
}


@pytest.fixture(params=sorted(BAD))
def bad_file(request, tmp_path):
    path = tmp_path / request.param
    BAD[request.param](path)
    return path


@pytest.mark.parametrize("command", ["extract", "text"])
def test_a_bad_file_is_one_line_that_says_what_to_do(bad_file, command):
    result = chidao(command, bad_file)
    assert (result.exit_code, result.stdout) == (65, "")
    (line,) = result.stderr.splitlines()
    reason, _, advice = line.removeprefix("chidao: ").rpartition(": ")
    assert reason
    assert advice


def test_bad_files_cost_no_good_one(tmp_path):
    inbox = tmp_path / "inbox"
    inbox.mkdir()
    for name, make in BAD.items():
        make(inbox / name)
    shutil.copy(DOCX, inbox / "good.docx")
    shutil.copy(DOCX, inbox / "mislabelled.pdf")
    result = chidao("run", inbox, "--out", tmp_path / "out")
    assert result.exit_code == 3
    assert len(result.stderr.splitlines()) == len(BAD)
    assert sorted(path.name for path in (tmp_path / "out" / "notices").iterdir()) == ["good.json", "mislabelled.json"]
    problems = (tmp_path / "out" / "problems.csv").read_text(encoding="utf-8-sig").splitlines()
    assert [line.partition(",")[0] for line in problems[1:]] == sorted(BAD)
    assert not any("internal" in line for line in problems)


def test_a_file_that_is_not_there(tmp_path):
    result = chidao("extract", tmp_path / "none.pdf")
    assert result.exit_code == 65
    assert len(result.stderr.splitlines()) == 1
    assert chidao("extract", tmp_path).exit_code == 65


@pytest.mark.parametrize("path", [PDF, DOCX], ids=["pdf", "docx"])
def test_extract_twice_gives_the_same_bytes_and_evidence_is_in_the_text(path):
    first = chidao("extract", path).stdout_bytes
    assert chidao("extract", path).stdout_bytes == first
    text = chidao("text", path).stdout_bytes.decode()[:-1]
    evidence = json.loads(first)["evidence"]
    assert evidence
    for entry in evidence.values():
        assert text[entry["start"] : entry["end"]] == entry["quote"]


def test_a_name_that_is_no_text_is_read_all_the_same(tmp_path):
    path = tmp_path / os.fsdecode(b"h\xe1p.docx")
    shutil.copy(DOCX, path)
    result = chidao("extract", path, "--out", tmp_path / "out")
    assert (result.exit_code, result.stderr) == (0, "")
    (written,) = (tmp_path / "out").iterdir()
    assert json.loads(written.read_bytes())["header"]["document_number"] == "812/TB-UBND"


def test_the_vietnamese_model_of_tesseract_is_missing(tmp_path):
    environment = os.environ | {"TESSDATA_PREFIX": str(tmp_path), "PYTHONPATH": os.pathsep.join(filter(None, sys.path))}
    command = [sys.executable, "-c", "from pipeline.cli import main; main()", "extract", str(PNG)]
    done = subprocess.run(command, env=environment, capture_output=True, check=False, text=True)
    assert (done.returncode, done.stdout) == (69, "")
    (line,) = done.stderr.splitlines()
    assert "vie" in line
    assert "chidao doctor" in line


def test_a_folder_that_may_not_be_written(tmp_path):
    (tmp_path / "file").touch()
    result = chidao("extract", DOCX, "--out", tmp_path / "file")
    assert result.exit_code == 74
    (line,) = result.stderr.splitlines()
    assert "--out" in line
    assert (tmp_path / "file").read_bytes() == b""
