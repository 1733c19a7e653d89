"""The commands on real files, good and bad: one line, the right exit code, nothing half-written."""

import errno
import json
import os
import random
import re
import shutil
import signal
import subprocess
import sys
import time
import zipfile
from pathlib import Path

import pytest
from click.testing import CliRunner
from hostile_pictures import odd_tags

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
    shutil.copy(PDF, inbox / "mislabelled.docx")
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


def test_a_file_that_may_not_be_read_costs_no_other(tmp_path, monkeypatch):
    shutil.copy(DOCX, tmp_path / "good.docx")
    (tmp_path / "secret.docx").write_bytes(b"x")
    opened = os.open

    def refuse(path, *args, **options):
        if str(path).endswith("secret.docx"):
            raise PermissionError(errno.EACCES, "Permission denied")
        return opened(path, *args, **options)

    monkeypatch.setattr("os.open", refuse)
    monkeypatch.setattr("os.access", lambda *_args, **_options: False)  # a superuser may read everything
    result = chidao("extract", tmp_path / "secret.docx", tmp_path / "good.docx")
    assert result.exit_code == 3
    assert "secret.docx may not be read" in result.stderr
    assert len(result.stderr.splitlines()) == 1
    assert json.loads(result.stdout)[0]["source"]["file_name"] == "good.docx"
    assert chidao("text", tmp_path / "secret.docx").exit_code == 65


def start(*args, **options):
    """Start the command in a process of its own."""
    environment = os.environ | {"PYTHONPATH": os.pathsep.join(filter(None, sys.path))} | options.pop("env", {})
    command = [sys.executable, "-c", "from chidao import main; main()", *map(str, args)]
    return subprocess.Popen(command, env=environment, stderr=subprocess.PIPE, **options)


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="needs a device that is always full")
@pytest.mark.parametrize("command", [("extract",), ("text",), ("extract", "--csv"), ("--help",)], ids=" ".join)
def test_a_full_disk_under_the_output(command):
    files = [] if "--help" in command else [DOCX]
    with Path("/dev/full").open("wb") as full, start(*command, *files, stdout=full) as process:
        said = process.stderr.read().decode()
    assert process.returncode == 74
    assert said.startswith("chidao: cannot write the results: No space left on device: ")
    assert len(said.splitlines()) == 1


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGHUP, signal.SIGINT])
def test_stopping_ocr_leaves_nothing_behind(tmp_path, number):
    code = "import signal; signal.signal(signal.SIGHUP, signal.SIG_DFL); "  # under nohup it is ignored
    code += "from pipeline import ocr; ocr.ENGINES.pop('tesserocr'); ocr.can_read = lambda _: False; "
    environment = os.environ | {"PYTHONPATH": os.pathsep.join(filter(None, sys.path)), "TMPDIR": str(tmp_path)}
    command = [sys.executable, "-c", f"{code}from chidao import main; main()", "extract", str(PNG)]
    with subprocess.Popen(command, env=environment, stdout=subprocess.PIPE, stderr=subprocess.PIPE) as process:
        while process.poll() is None and not any(tmp_path.glob("*/page.pgm")):
            time.sleep(0.01)
        process.send_signal(number)
        said = process.stderr.read().decode()
    assert (process.returncode, said.split()) == (130, ["chidao:", "stopped"])
    assert not [path for path in tmp_path.iterdir() if path.is_dir()]


def test_stopping_while_it_is_being_loaded_is_quiet(tmp_path):
    (tmp_path / "lxml.py").write_text(
        "import os, signal\nos.kill(os.getpid(), signal.SIGINT)\nimport time\ntime.sleep(9)\n"
    )
    path = os.pathsep.join([str(tmp_path), *filter(None, sys.path)])
    with start("--help", env={"PYTHONPATH": path}, stdout=subprocess.DEVNULL) as process:
        assert process.stderr.read() == b"chidao: stopped\n"
    assert process.returncode == 130


def test_a_result_of_another_file_is_kept(tmp_path):
    for folder, source in (("a", DOCX), ("b", PDF), ("c", DOCX)):
        (tmp_path / folder).mkdir()
        shutil.copy(source, tmp_path / folder / "x.pdf")
    out = tmp_path / "out"
    for folder in "abcab":
        result = chidao("extract", tmp_path / folder / "x.pdf", "--out", out)
        assert result.exit_code == 0
        assert ("x.json" in result.stderr) == (folder == "b")
    assert sorted(path.name for path in out.iterdir()) == ["x-2.json", "x.json"]
    assert chidao("extract", tmp_path / "a" / "x.pdf", tmp_path / "b" / "x.pdf", "--out", out / "n").exit_code == 0
    assert len(list((out / "n").iterdir())) == 2
    (out / "x.json").write_text("no notice")
    chidao("extract", tmp_path / "a" / "x.pdf", "--out", out)
    assert (out / "x.json").read_text() == "no notice"
    assert sorted(path.name for path in out.glob("*.json")) == ["x-2.json", "x-3.json", "x.json"]


def test_predictions_that_are_not_there_are_an_error(tmp_path):
    result = chidao("evaluate", SAMPLES.parent / "cases", tmp_path / "none")
    assert result.exit_code == 65
    assert "none is no folder: name the folder" in result.stderr


def test_what_libraries_say_of_a_damaged_picture_is_not_shown(tmp_path):
    hostile = {case.name: case.data for case in odd_tags(random.Random(0))}
    for name, data in hostile.items():
        (tmp_path / name).write_bytes(data)
    with start("extract", *map(tmp_path.joinpath, hostile), stdout=subprocess.DEVNULL) as process:
        said = process.stderr.read().decode().splitlines()
    assert len(said) == len(hostile)
    assert all(line.startswith("chidao: ") for line in said)


def test_doctor_finds_the_model_that_votes():
    result = chidao("doctor")
    assert result.exit_code == 0
    assert re.search(r"model of roles\s+│ ok", result.stdout)


def test_doctor_says_what_reads_without_the_model(monkeypatch):
    monkeypatch.setattr(sys.modules["pipeline.cli.doctor"], "load_tagger", lambda: None)  # the name is the command's
    result = chidao("doctor")
    assert result.exit_code == 0
    assert "model of roles (optional): chidao train" in result.stdout
