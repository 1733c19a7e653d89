"""The commands, with the reading replaced by a stand-in; what real files do is in test_cli_files.py."""

import contextlib
import csv
import io
import json
import os
import re
import subprocess
import sys

import pytest
from click.testing import CliRunner
from made_notices import ENGINE, extract_made, make_notice, read_made

from pipeline.cli import main
from pipeline.cli.console import Engine
from pipeline.errors import EXIT_CODES
from pipeline.write import TABLES, to_json


def chidao(*args, engine=ENGINE):
    return CliRunner().invoke(main, [str(arg) for arg in args], obj=engine)


@pytest.fixture
def files(tmp_path):
    names = ("a.pdf", "a.docx", "b.pdf", "encrypted.pdf", "crash.pdf")
    for name in names:
        (tmp_path / name).write_bytes(name.encode())
    return {name: tmp_path / name for name in names}


def one_line(result):
    assert "Traceback" not in result.stderr
    (line,) = result.stderr.splitlines()
    assert line.startswith("chidao: ")
    return line


# --- extract


def test_extract_prints_one_notice_in_the_contracts_form(files):
    result = chidao("extract", files["a.pdf"])
    assert (result.exit_code, result.stderr) == (0, "")
    assert result.stdout_bytes == to_json(make_notice("a.pdf", b"a.pdf"))


def test_extract_prints_a_list_for_several(files):
    result = chidao("extract", files["a.pdf"], files["b.pdf"])
    assert [notice["source"]["file_name"] for notice in json.loads(result.stdout)] == ["a.pdf", "b.pdf"]


def test_extract_twice_prints_the_same_bytes(files):
    args = ("extract", files["a.pdf"], files["b.pdf"])
    assert chidao(*args).stdout_bytes == chidao(*args).stdout_bytes


def test_extract_writes_one_file_a_notice(files, tmp_path):
    out = tmp_path / "new" / "out"
    result = chidao("extract", files["a.pdf"], files["a.docx"], files["b.pdf"], "--out", out)
    assert (result.exit_code, result.stdout) == (0, "")
    assert sorted(path.name for path in out.iterdir()) == ["a.docx.json", "a.pdf.json", "b.json"]


def test_extract_prints_the_directives_as_csv(files):
    result = chidao("extract", files["a.pdf"], "--csv")
    rows = list(csv.DictReader(io.StringIO(result.stdout_bytes.decode("utf-8-sig"))))
    assert list(rows[0]) == list(TABLES["directives"])
    assert len(rows) == 2


def test_extract_writes_all_tables_as_csv(files, tmp_path):
    result = chidao("extract", files["a.pdf"], "--csv", "--out", tmp_path / "out")
    assert result.exit_code == 0
    assert sorted(path.stem for path in (tmp_path / "out").iterdir()) == sorted(TABLES)


def test_extract_goes_on_after_a_bad_file(files):
    result = chidao("extract", files["encrypted.pdf"], files["b.pdf"])
    assert result.exit_code == 3
    assert [notice["source"]["file_name"] for notice in json.loads(result.stdout)] == ["b.pdf"]
    assert one_line(result).endswith(
        "encrypted.pdf: the PDF is locked with a password: save it without one and try again"
    )


def test_extract_of_one_bad_file_has_the_errors_own_code(files):
    result = chidao("extract", files["encrypted.pdf"])
    assert (result.exit_code, result.stdout) == (65, "")
    one_line(result)


def test_extract_of_bad_files_only(files, tmp_path):
    result = chidao("extract", files["encrypted.pdf"], files["crash.pdf"], "--out", tmp_path / "out")
    assert result.exit_code == 65
    assert len(result.stderr.splitlines()) == 2
    assert list((tmp_path / "out").iterdir()) == []


def test_an_unforeseen_error_is_one_line_that_asks_for_a_report(files):
    result = chidao("extract", files["crash.pdf"])
    assert result.exit_code == 70
    assert "internal error IndexError (list index out of range): please report it" in one_line(result)


def test_debug_shows_where_an_unforeseen_error_happened(files):
    result = chidao("--debug", "extract", files["crash.pdf"])
    assert result.exit_code == 70
    assert "Traceback" in result.stderr
    assert "extract_made" in result.stderr


# --- run


def test_run_does_a_folder_and_says_what_was_found(files, tmp_path):
    for name in ("crash.pdf", "encrypted.pdf"):
        files[name].unlink()
    out = tmp_path.parent / f"{tmp_path.name}-out"
    result = chidao("run", tmp_path, "--out", out)
    assert (result.exit_code, result.stderr) == (0, "")
    assert sorted(path.name for path in out.iterdir()) == [
        *(".chidao.lock", "chidao.db", "directives.csv", "files.csv", "notices", "notices.csv", "other_documents.csv"),
        *("participants.csv", "problems.csv", "runs", "weaknesses.csv"),
    ]
    assert result.stdout.splitlines()[-1].startswith(f"Results: {out}")
    assert re.search(r"^directives +6$", result.stdout, re.MULTILINE)


def test_run_names_bad_files_and_ends_with_3(files, tmp_path):
    out = tmp_path.parent / f"{tmp_path.name}-out"
    result = chidao("run", tmp_path, "--out", out)
    assert result.exit_code == 3
    assert len(result.stderr.splitlines()) == 2
    assert len(list((out / "notices").iterdir())) == len(files) - 2


def test_run_reads_subfolders_unless_told_not_to(tmp_path):
    inbox = tmp_path / "inbox"
    (inbox / "sub").mkdir(parents=True)
    (inbox / "a.pdf").write_bytes(b"a")
    (inbox / "sub" / "b.pdf").write_bytes(b"b")
    chidao("run", inbox, "--out", tmp_path / "all")
    chidao("run", inbox, "--out", tmp_path / "flat", "--no-recursive")
    assert len(list((tmp_path / "all" / "notices").iterdir())) == 2
    assert len(list((tmp_path / "flat" / "notices").iterdir())) == 1


@pytest.mark.parametrize(
    ("inbox", "out", "code", "advice"),
    [
        ("none", "out", 65, "name the folder"),
        ("empty", "out", 65, "put notices there"),
        ("full", "full/out", 78, "choose a folder outside"),
        ("full", "full", 78, "choose a folder outside"),
        ("full", "full/a.pdf/out", 78, "choose a folder outside"),
        ("full", "file/out", 74, "--out"),
    ],
)
def test_run_says_what_to_do_instead(tmp_path, inbox, out, code, advice):
    (tmp_path / "empty").mkdir()
    (tmp_path / "full").mkdir()
    (tmp_path / "full" / "a.pdf").write_bytes(b"a")
    (tmp_path / "file").touch()
    before = sorted(tmp_path.rglob("*"))
    result = chidao("run", tmp_path / inbox, "--out", tmp_path / out)
    assert result.exit_code == code
    assert advice in one_line(result)
    assert sorted(tmp_path.rglob("*")) == before


def test_output_that_cannot_be_written_is_found_before_any_work(files, tmp_path):
    def never(*_):
        pytest.fail("a file was read although its result has no place")

    (tmp_path / "file").touch()
    result = chidao("extract", files["a.pdf"], "--out", tmp_path / "file", engine=Engine(never, read_made))
    assert result.exit_code == 74
    assert "cannot write" in one_line(result)


# --- text


def test_text_prints_the_text_that_offsets_count(tmp_path):
    path = tmp_path / "a.txt"
    path.write_text("Kính gửi\nSở Y tế", encoding="utf-8")
    result = chidao("text", path)
    assert (result.exit_code, result.stdout_bytes.decode()) == (0, "Kính gửi\nSở Y tế\n")


def test_text_of_a_bad_file_is_one_line(tmp_path):
    def refuse(path, settings):
        return extract_made(path.with_name("encrypted"), settings)

    result = chidao("text", tmp_path / "a.pdf", engine=Engine(extract_made, refuse))
    assert result.exit_code == 65
    assert "password" in one_line(result)


def test_an_unforeseen_error_outside_of_files_is_one_line_too(tmp_path):
    def break_down(*_):
        raise ZeroDivisionError

    engine = Engine(extract_made, break_down)
    result = chidao("text", tmp_path / "a.pdf", engine=engine)
    assert result.exit_code == 70
    assert "internal error ZeroDivisionError" in one_line(result)
    assert isinstance(chidao("--debug", "text", tmp_path / "a.pdf", engine=engine).exception, ZeroDivisionError)


def test_stopping_is_quiet(tmp_path):
    def stop(*_):
        raise KeyboardInterrupt

    result = chidao("extract", tmp_path / "a.pdf", engine=Engine(stop, read_made))
    assert result.exit_code == 130
    assert result.stderr.split() == ["chidao:", "stopped"]


# --- evaluate


@pytest.fixture
def cases(tmp_path):
    for name, place in (("a", "Đồng Hới"), ("b", "Huế")):
        case = tmp_path / "cases" / name
        case.mkdir(parents=True)
        gold = json.loads(to_json(make_notice())) | {"header": {"place": place}}
        (case / "gold.json").write_text(json.dumps(gold), encoding="utf-8")
        (case / "notice.txt").write_bytes(name.encode())
    return tmp_path / "cases"


def figures(result, name):
    line = next(line for line in result.stdout.splitlines() if line.strip("│ ").startswith(name))
    return [cell.strip() for cell in line.strip("│").split("│")][1:]


def test_evaluate_extracts_each_cases_own_file(cases):
    result = chidao("evaluate", cases)
    assert result.exit_code == 0
    assert "2 cases, 0 without output" in result.stdout
    assert figures(result, "place") == ["0.500", "0.500", "0.500", "1", "1", "1"]
    assert figures(result, "chairs") == ["1.000", "1.000", "1.000", "2", "0", "0"]


def test_evaluate_reads_predictions(cases, tmp_path):
    (tmp_path / "ours").mkdir()
    (tmp_path / "ours" / "a.json").write_bytes(to_json(make_notice()))
    result = chidao("evaluate", cases, tmp_path / "ours", "--verbose")
    assert "2 cases, 1 without output" in result.stdout
    assert figures(result, "place") == ["1.000", "0.500", "0.667", "1", "0", "1"]
    assert "  b: place: missed Huế" in result.stdout.splitlines()


def test_evaluate_names_a_case_that_cannot_be_read(cases):
    (cases / "a" / "notice.txt").rename(cases / "a" / "source.encrypted")
    result = chidao("evaluate", cases)
    assert result.exit_code == 3
    assert one_line(result).startswith("chidao: a: the PDF is locked")


def test_evaluate_compares_with_a_baseline(cases, tmp_path):
    baseline = tmp_path / "baseline.json"
    assert chidao("evaluate", cases, "--save-baseline", baseline).exit_code == 0
    gold = json.loads((cases / "b" / "gold.json").read_text(encoding="utf-8"))
    (cases / "b" / "gold.json").write_text(json.dumps(gold | {"header": {"place": "Đồng Hới"}}), encoding="utf-8")
    result = chidao("evaluate", cases, "--baseline", baseline, "--json", tmp_path / "now.json")
    assert "F1 place: 0.500 -> 1.000" in result.stdout
    assert "  b: place: missed Huế" in result.stdout.partition("Gains")[2].partition("Losses")[0]
    assert result.stdout.splitlines()[-1] == "Losses: 0"
    assert json.loads((tmp_path / "now.json").read_text(encoding="utf-8"))["figures"]["place"]["tp"] == 2


# --- doctor


@pytest.fixture
def programs(tmp_path, monkeypatch):
    """Give a PATH of our own, and a way to put programs on it that say something."""
    monkeypatch.setenv("PATH", str(tmp_path))

    def add(name, says, code=0):
        path = tmp_path / name
        path.write_text(f"#!/bin/sh\necho '{says}'\nexit {code}\n", encoding="utf-8")
        path.chmod(0o755)

    return add


def test_doctor_is_content_when_all_that_is_needed_is_there(programs):
    programs("tesseract", "tesseract 5.3.0\nvie")
    result = chidao("doctor")
    assert result.exit_code == 0
    assert "tesseract 5.3.0" in result.stdout
    assert "LibreOffice (optional): apt-get install --no-install-recommends libreoffice-writer-nogui" in result.stdout


@pytest.mark.usefixtures("programs")
def test_doctor_names_the_line_that_mends_what_is_missing():
    result = chidao("doctor")
    assert result.exit_code == 69
    lines = result.stdout.splitlines()
    assert "Tesseract (needed): apt-get install --no-install-recommends tesseract-ocr" in lines
    assert "Tesseract vie (needed): apt-get install --no-install-recommends tesseract-ocr-vie" in lines


@pytest.mark.parametrize("says", ["List of available languages (1):\neng", "osd\nvienna"])
def test_doctor_misses_the_vietnamese_model(programs, says):
    programs("tesseract", says)
    result = chidao("doctor")
    assert result.exit_code == 69
    assert "Tesseract vie (needed)" in result.stdout
    assert "Tesseract (needed)" not in result.stdout


def test_a_program_that_does_not_work_is_missing(programs):
    programs("tesseract", "error", code=1)
    assert "Tesseract (needed)" in chidao("doctor").stdout


# --- all commands


@pytest.mark.parametrize(
    "args",
    [["extract"], ["run", "inbox"], ["nonsense"], ["extract", "--nonsense", "a"], ["text", "a", "b"], ["evaluate"]],
)
def test_a_wrong_command_line(args):
    result = chidao(*args)
    assert result.exit_code == 64
    assert "Usage: chidao" in result.stderr
    assert result.stdout == ""


def test_a_file_name_cannot_write_on_the_terminal(tmp_path):
    path = tmp_path / "encrypted\n\x1b[31m\u202e.pdf"
    path.write_bytes(b"x")
    line = one_line(chidao("extract", path))
    assert line.isprintable()
    assert "encrypted\\n\\x1b[31m\\u202e.pdf" in line


def test_every_exit_code_is_in_the_help():
    result = chidao("--help")
    assert result.exit_code == 0
    for code, meaning in EXIT_CODES.items():
        assert f"{code:>3}  {meaning}" in result.stdout


@pytest.mark.parametrize("name", sorted(main.commands))
def test_every_command_has_help_with_an_example(name):
    for option in ("--help", "-h"):
        result = chidao(name, option)
        assert result.exit_code == 0
        assert f"    chidao {name}" in result.stdout.partition("Examples:")[2]


@pytest.mark.parametrize("unbuffered", ["", "1"])
def test_a_reader_that_goes_away_is_no_news(unbuffered):
    code = (
        "from pipeline.cli import main; from pipeline.cli.console import Engine;"
        "from pipeline.document import Document;"
        "main(obj=Engine(None, lambda path, settings: Document('x' * 10_000_000, (), ())))"
    )
    reading, writing = os.pipe()
    command = [sys.executable, "-c", code, "text", "a.txt"]
    environment = os.environ | {"PYTHONUNBUFFERED": unbuffered, "PYTHONPATH": os.pathsep.join(filter(None, sys.path))}
    with subprocess.Popen(command, stdout=writing, stderr=subprocess.PIPE, env=environment) as process:
        os.close(writing)
        assert os.read(reading, 10) == b"x" * 10
        os.close(reading)
        assert process.stderr is not None
        assert process.stderr.read() == b""
    assert process.returncode == 74


def seen_on_a_terminal(*paths):
    """Return what `extract` shows on a terminal's stderr while stdout goes elsewhere."""
    code = "from made_notices import ENGINE; from pipeline.cli import main; main(obj=ENGINE)"
    command = [sys.executable, "-c", code, "extract", *map(str, paths)]
    environment = os.environ | {"TERM": "xterm", "PYTHONPATH": os.pathsep.join(filter(None, sys.path))}
    terminal, inside = os.openpty()
    with subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=inside, env=environment) as process:
        os.close(inside)
        shown = b""
        with contextlib.suppress(OSError):  # how a terminal says that nobody writes to it any more
            while part := os.read(terminal, 10_000):
                shown += part
    os.close(terminal)
    assert process.returncode == 0
    return shown.decode()


def test_a_terminal_shows_how_far_several_files_are(files):
    assert "reading" in seen_on_a_terminal(files["a.pdf"], files["b.pdf"])
    assert seen_on_a_terminal(files["a.pdf"]).endswith("\x1b[1A\x1b[2K")  # what was shown is taken away
