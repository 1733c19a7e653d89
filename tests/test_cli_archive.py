"""What was read before: listed, read again, compared, checked, backed up and pruned from the command line."""

from __future__ import annotations

import json
import re
import sqlite3
from dataclasses import replace

import pytest
from click.testing import CliRunner
from made_notices import ENGINE, make_notice, warm_up_nothing

from pipeline.batch import Reader, Reading
from pipeline.cli import main

TEXT = "Giao Sở Y tế báo cáo trước ngày 30/6/2024 theo kết luận cuộc họp về y tế cơ sở."


def read_second_version(task, _settings):
    """Stand in for a version that reads another place of issue."""
    path = task.paths[0]
    header = {"document_number": "12/TB-UBND", "issue_date": "2024-05-02", "place": "Huế"}
    notice = make_notice(path.name, path.read_bytes(), header=header)
    return Reading("ok", notice, TEXT, media_type="text/plain", sha256=notice.source.sha256)


SECOND = replace(ENGINE, reader=Reader(read_second_version, warm_up_nothing))


def chidao(*arguments, engine=ENGINE):
    return CliRunner().invoke(main, [str(argument) for argument in arguments], obj=engine)


def run_id(result):
    return re.search(r"runs/([^/]+)/report\.html", result.stdout)[1]


@pytest.fixture
def read(tmp_path):
    """An inbox with two notices and a locked file, read once; return the inbox, the results and the run's name."""
    inbox, out = tmp_path / "inbox", tmp_path / "out"
    inbox.mkdir()
    for name in ("a.pdf", "b.pdf", "encrypted.pdf"):
        (inbox / name).write_bytes(name.encode())
    return inbox, out, run_id(chidao("run", inbox, "--out", out))


def test_reprocessing_is_told_by_field(read):
    inbox, out, first = read
    second = run_id(chidao("reprocess", inbox, "--out", out, "--all", engine=SECOND))
    told = chidao("diff", first, second, "--out", out, "--json")
    changes = [json.loads(line) for line in told.stdout.splitlines()]
    places = [change for change in changes if change["field"] == "/header/place"]
    assert [(c["document"], c["before"], c["after"]) for c in places] == [
        ("a", "Đồng Hới", "Huế"),
        ("b", "Đồng Hới", "Huế"),
    ]
    assert chidao("diff", first, first, "--out", out).stdout == ""


def test_an_unknown_run_is_told_with_those_that_there_are(read):
    _, out, first = read
    result = chidao("diff", first, "nonsense", "--out", out)
    assert result.exit_code == 65
    assert first in result.stderr


def test_what_is_quarantined_is_listed_and_let_go(read):
    inbox, out, _ = read
    (line,) = chidao("quarantine", "list", "--out", out, "--json").stdout.splitlines()
    assert json.loads(line)["kind"] == "encrypted"
    assert "encrypted" in chidao("quarantine", "list", "--out", out).stdout
    assert chidao("quarantine", "list", "--out", out, "--kind", "crash", "--json").stdout == ""
    assert chidao("retry", "--out", out, "--kind", "encrypted").stdout.startswith("1 document")
    assert chidao("run", inbox, "--out", out).exit_code == 3


def test_a_whole_store_is_in_order_and_a_lost_file_is_found(read):
    inbox, out, _ = read
    assert chidao("check", "--out", out).exit_code == 0
    (out / "notices" / "a.json").unlink()
    result = chidao("check", "--out", out)
    assert result.exit_code == 65
    assert "a.json is not there" in result.stderr
    chidao("reprocess", inbox, "--out", out, "--all")
    assert chidao("check", "--out", out).exit_code == 0


def test_a_backup_is_a_whole_store(read, tmp_path):
    _, out, _ = read
    assert chidao("backup", tmp_path / "safe", "--out", out).exit_code == 0
    (copy,) = (tmp_path / "safe").iterdir()
    with sqlite3.connect(copy) as connection:
        assert connection.execute("SELECT count(*) FROM notices").fetchone() == (2,)


def test_pruning_says_first_what_would_go(read):
    inbox, out, first = read
    chidao("reprocess", inbox, "--out", out, "--all", engine=SECOND)
    options = ("--out", out, "--days", 0, "--keep-last", 1)
    assert chidao("prune", *options).stdout.startswith("Would be removed")
    assert (out / "runs" / first).is_dir()
    assert chidao("prune", *options, "--yes").stdout.startswith("Removed")
    assert not (out / "runs" / first).exists()
    assert chidao("check", "--out", out).exit_code == 0
    assert chidao("run", inbox, "--out", out).exit_code == 0


def test_the_draft_and_the_issued_file_are_linked(tmp_path):
    inbox, out = tmp_path / "inbox", tmp_path / "out"
    inbox.mkdir()
    for name in ("draft.docx", "issued.pdf"):
        (inbox / name).write_bytes(name.encode())
    account = run_id(chidao("run", inbox, "--out", out, engine=SECOND))
    report = json.loads((out / "runs" / account / "report.json").read_bytes())
    assert len(report["links"]) == 1
    assert "same number and date" in report["links"][0]["reason"]


@pytest.mark.parametrize(
    "command", [["check"], ["backup"], ["prune"], ["quarantine", "list"], ["retry"], ["diff", "a", "b"]]
)
def test_a_folder_without_results_is_told(tmp_path, command):
    result = chidao(*command, "--out", tmp_path / "none")
    assert result.exit_code == 65
    assert "no results" in result.stderr
