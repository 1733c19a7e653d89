"""The nightly job over made notices: what is written, what is not read twice, and what a bad file costs."""

import csv
import hashlib
import io
import json
import os
import shutil

import pytest
from made_notices import READER

from pipeline.batch import Choice, Night, Watch, run_night
from pipeline.config import BatchSettings, Config
from pipeline.errors import EXIT_FAIL_OVER, EXIT_SOME_FAILED, MissingFileError, OutputError
from pipeline.store import open_store
from pipeline.write import read_notice

BATCH = BatchSettings(workers=1, rest_seconds=0, damaged_age_seconds=0)


def night(inbox, out, batch=BATCH, **more):
    return run_night(Night(inbox, out, Config(batch=batch), **more), Watch(), READER)


def rows(path):
    return list(csv.DictReader(io.StringIO(path.read_text(encoding="utf-8-sig"))))


def fates(account):
    return {entry.file: entry.fate for entry in account.entries}


def tree(folder):
    return {path.relative_to(folder): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


@pytest.fixture
def inbox(tmp_path):
    folder = tmp_path / "inbox"
    (folder / "2024").mkdir(parents=True)
    for name in ("a.pdf", "crash.pdf", "encrypted.pdf", "b.docx", "2024/a.docx"):
        (folder / name).write_bytes(name.encode())
    return folder


def test_bad_files_cost_no_other(inbox, tmp_path):
    account = night(inbox, tmp_path / "out")
    assert account.exit_code == EXIT_SOME_FAILED
    assert fates(account) == {
        "2024/a.docx": "ok",
        "a.pdf": "ok",
        "b.docx": "ok",
        "crash.pdf": "internal",
        "encrypted.pdf": "refused",
    }
    problems = rows(tmp_path / "out" / "problems.csv")
    assert [(row["file"], row["kind"]) for row in problems] == [
        ("crash.pdf", "internal"),
        ("encrypted.pdf", "encrypted"),
    ]
    assert "IndexError" in problems[0]["reason"]
    assert problems[1]["advice"] == "save it without one and try again"


def test_the_tables_are_joined_and_name_the_json_files(inbox, tmp_path):
    out = tmp_path / "out"
    night(inbox, out)
    assert {(row["file"], row["result"]) for row in rows(out / "notices.csv")} == {
        ("2024/a.docx", "a.docx.json"),
        ("a.pdf", "a.pdf.json"),
        ("b.docx", "b.json"),
    }
    assert sorted(path.name for path in (out / "notices").iterdir()) == ["a.docx.json", "a.pdf.json", "b.json"]
    assert read_notice(out / "notices" / "b.json").source.file_name == "b.docx"
    ids = {row["notice_id"] for row in rows(out / "notices.csv")}
    for table in ("directives", "participants", "weaknesses"):
        assert {row["notice_id"] for row in rows(out / f"{table}.csv")} == ids
    states = {row["file"]: row["state"] for row in rows(out / "files.csv")}
    assert states["crash.pdf"] == states["encrypted.pdf"] == "quarantined"


def test_a_second_run_reads_and_writes_nothing(inbox, tmp_path):
    out = tmp_path / "out"
    night(inbox, out)
    before = {path: path.stat().st_mtime_ns for path in out.rglob("*.csv")}
    again = night(inbox, out)
    assert (again.unchanged, again.entries) == (5, ())
    assert {path: path.stat().st_mtime_ns for path in out.rglob("*.csv")} == before


def test_the_same_inbox_gives_the_same_files_elsewhere(inbox, tmp_path):
    for out in ("one", "other"):
        night(inbox, tmp_path / out)
    one, other = (
        {
            path: data
            for path, data in tree(tmp_path / out).items()
            if path.suffix in {".csv", ".json"} and "runs" not in path.parts
        }
        for out in ("one", "other")
    )
    assert one == other


def test_the_same_bytes_under_two_names_are_one_result_and_both_paths_are_kept(inbox, tmp_path):
    shutil.copy(inbox / "a.pdf", inbox / "copy.pdf")
    account = night(inbox, tmp_path / "out")
    assert fates(account)["copy.pdf"] == "same"
    sha256 = hashlib.sha256(b"a.pdf").hexdigest()
    assert {row["file"] for row in rows(tmp_path / "out" / "files.csv") if row["sha256"] == sha256} == {
        "a.pdf",
        "copy.pdf",
    }
    assert len(rows(tmp_path / "out" / "notices.csv")) == 3
    (inbox / "a.pdf").rename(inbox / "2024" / "moved.pdf")
    again = night(inbox, tmp_path / "out")
    assert fates(again) == {"2024/moved.pdf": "same"}


def test_a_file_that_changed_is_read_and_its_old_content_is_no_longer_listed(inbox, tmp_path):
    out = tmp_path / "out"
    night(inbox, out)
    (inbox / "b.docx").write_bytes(b"another")
    assert fates(night(inbox, out)) == {"b.docx": "ok"}
    listed = [row for row in rows(out / "notices.csv") if row["file"] == "b.docx"]
    assert [row["notice_id"] for row in listed] == [hashlib.sha256(b"another").hexdigest()[:16]]


def test_a_document_that_ends_its_reader_twice_waits_for_a_person(inbox, tmp_path):
    out = tmp_path / "out"
    account = night(inbox, out)
    (entry,) = (entry for entry in account.entries if entry.file == "crash.pdf")
    assert entry.quarantined
    assert fates(night(inbox, out)) == {}
    with open_store(out / "chidao.db") as store:
        assert store.documents([entry.sha256])[entry.sha256].tries == 2
        assert store.requeue(kinds=["internal"]) == 1
    assert fates(night(inbox, out)) == {"crash.pdf": "internal"}


def test_reprocessing_reads_again_and_keeps_what_is_the_same(inbox, tmp_path):
    out = tmp_path / "out"
    night(inbox, out)
    before = tree(out / "notices")
    again = night(inbox, out, again="all")
    assert sorted(fates(again)) == ["2024/a.docx", "a.pdf", "b.docx"]
    assert tree(out / "notices") == before
    assert night(inbox, out, again="older").counts["ok"] == 0


def test_the_inbox_is_only_read(inbox, tmp_path):
    (inbox / "a.pdf").chmod(0o400)
    (inbox / "2024").chmod(0o500)
    before = tree(inbox), {path: path.stat().st_mtime_ns for path in inbox.rglob("*")}
    night(inbox, tmp_path / "out")
    assert (tree(inbox), {path: path.stat().st_mtime_ns for path in inbox.rglob("*")}) == before
    (inbox / "2024").chmod(0o700)


def test_a_limited_run_leaves_the_rest_for_the_next(inbox, tmp_path):
    out = tmp_path / "out"
    first = night(inbox, out, choice=Choice(limit=2))
    assert (first.counts["ok"], first.counts["left"]) == (2, 3)
    assert night(inbox, out).counts["unchanged"] == 2


def test_a_run_whose_hours_are_over_ends_in_order(inbox, tmp_path):
    account = night(inbox, tmp_path / "out", BATCH.model_copy(update={"max_hours": 1e-9}))
    assert account.counts["left"] == 5
    assert (account.exit_code, account.stopped_early) == (0, "the run's hours were over")


def test_more_failures_than_allowed_are_another_exit_code(inbox, tmp_path):
    allowed = night(inbox, tmp_path / "one", BATCH.model_copy(update={"fail_over": 0.5}))
    too_many = night(inbox, tmp_path / "other", BATCH.model_copy(update={"fail_over": 0.1}))
    assert (allowed.exit_code, too_many.exit_code) == (EXIT_SOME_FAILED, EXIT_FAIL_OVER)


def test_counts_add_up_in_the_report(inbox, tmp_path):
    os.mkfifo(inbox / "pipe.pdf")
    account = night(inbox, tmp_path / "out")
    report = json.loads((tmp_path / "out" / "runs" / account.id / "report.json").read_bytes())
    counts = report["counts"]
    assert counts["seen"] == sum(count for fate, count in counts.items() if fate != "seen") == 6


def test_results_that_cannot_be_written_end_the_run(inbox, tmp_path):
    (tmp_path / "out").touch()
    with pytest.raises(OutputError):
        night(inbox, tmp_path / "out")


def test_what_stands_in_the_way_of_a_table_ends_the_run(inbox, tmp_path):
    (tmp_path / "out" / "directives.csv").mkdir(parents=True)
    with pytest.raises(OutputError, match=r"directives\.csv"):
        night(inbox, tmp_path / "out")
    assert not list((tmp_path / "out").rglob("*.part"))
    with open_store(tmp_path / "out" / "chidao.db") as store:
        assert [run.status for run in store.runs()] == ["failed"]


def test_an_inbox_that_is_not_there_is_an_error(tmp_path):
    with pytest.raises(MissingFileError):
        night(tmp_path / "none", tmp_path / "out")
