import csv
import io

import pytest
from made_notices import extract_made, make_notice

from pipeline.batch import Job, Outcome, Problem, find_files, read_files, run, summarise
from pipeline.config import Settings
from pipeline.errors import OutputError
from pipeline.write import read_notice


def run_made(inbox, out):
    paths = find_files(inbox)
    return run(Job(inbox, paths, out), read_files(paths, extract_made, Settings()))


def rows(path):
    return list(csv.DictReader(io.StringIO(path.read_text(encoding="utf-8-sig"))))


@pytest.fixture
def inbox(tmp_path):
    folder = tmp_path / "inbox"
    (folder / "2024").mkdir(parents=True)
    for name in ("a.pdf", "crash.pdf", "encrypted.pdf", "b.docx", "2024/a.docx"):
        (folder / name).write_bytes(name.encode())
    return folder


def test_bad_files_cost_no_other(inbox, tmp_path):
    outcomes = run_made(inbox, tmp_path / "out")
    assert sum(outcome.notice is not None for outcome in outcomes) == 3
    problems = rows(tmp_path / "out" / "problems.csv")
    assert [(row["file"], row["kind"]) for row in problems] == [
        ("crash.pdf", "internal"),
        ("encrypted.pdf", "encrypted"),
    ]
    assert problems[0]["reason"] == "internal error IndexError (list index out of range)"
    assert problems[1]["advice"] == "save it without one and try again"


def test_the_tables_are_joined_and_name_the_json_files(inbox, tmp_path):
    out = tmp_path / "out"
    run_made(inbox, out)
    notices = rows(out / "notices.csv")
    assert [(row["file"], row["result"]) for row in notices] == [
        ("2024/a.docx", "a.docx.json"),
        ("a.pdf", "a.pdf.json"),
        ("b.docx", "b.json"),
    ]
    assert sorted(path.name for path in (out / "notices").iterdir()) == ["a.docx.json", "a.pdf.json", "b.json"]
    assert read_notice(out / "notices" / "b.json").source.file_name == "b.docx"
    ids = {row["notice_id"] for row in notices}
    for table in ("directives", "participants", "weaknesses"):
        assert {row["notice_id"] for row in rows(out / f"{table}.csv")} == ids


def test_a_second_run_writes_the_same_bytes(inbox, tmp_path):
    def everything(folder):
        run_made(inbox, folder)
        return {path.relative_to(folder): path.read_bytes() for path in folder.rglob("*") if path.is_file()}

    once = everything(tmp_path / "out")
    assert everything(tmp_path / "out") == once
    assert everything(tmp_path / "other") == once


def test_a_clean_run_leaves_an_empty_list_of_problems_even_over_an_old_one(inbox, tmp_path):
    run_made(inbox, tmp_path / "out")
    for name in ("crash.pdf", "encrypted.pdf"):
        (inbox / name).unlink()
    run_made(inbox, tmp_path / "out")
    assert rows(tmp_path / "out" / "problems.csv") == []


def test_the_inbox_is_only_read(inbox, tmp_path):
    before = {path: path.read_bytes() for path in inbox.rglob("*") if path.is_file()}
    run_made(inbox, tmp_path / "out")
    assert {path: path.read_bytes() for path in inbox.rglob("*") if path.is_file()} == before


def test_results_that_cannot_be_written_end_the_run(inbox, tmp_path):
    (tmp_path / "out").touch()
    with pytest.raises(OutputError):
        run_made(inbox, tmp_path / "out")


def test_what_stands_in_the_way_of_a_table_ends_the_run(inbox, tmp_path):
    (tmp_path / "out" / "directives.csv").mkdir(parents=True)
    with pytest.raises(OutputError, match=r"directives\.csv"):
        run_made(inbox, tmp_path / "out")
    assert not list((tmp_path / "out").rglob("*.part"))


def test_a_problem_is_one_line_and_names_its_file_once():
    assert str(Problem("in/a.pdf", "empty", "a.pdf is empty", "copy it", 65)) == "a.pdf is empty: copy it"
    assert str(Problem("in/a\n.pdf", "empty", "no text", "copy it", 65)) == "in/a\\n.pdf: no text: copy it"


def test_what_was_found_is_counted(tmp_path):
    problem = Problem("b", "empty", "b is empty", "copy it", 65)
    summary = summarise([Outcome(tmp_path / "a", make_notice()), Outcome(tmp_path / "b", problem=problem)])
    assert (summary.files, summary.notices, summary.problems) == (2, 1, 1)
    assert (summary.directives, summary.with_assignee, summary.with_deadline) == (2, 2, 1)
    assert (summary.participants, summary.weaknesses) == (3, 2)
    assert (summary.from_scans, summary.with_warnings) == (1, 1)
