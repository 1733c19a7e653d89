"""What a run takes, what it leaves, and what it calls the results."""

import datetime as dt
import os
from dataclasses import replace

from pipeline.batch.inbox import scan
from pipeline.batch.plan import Choice, Ledger, make_plan
from pipeline.store import Sighting, encode_path


def put(folder, *names):
    for name in names:
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(name.encode())


def see(folder, sha256="0" * 64, pages=False):
    """Return sightings of all files of `folder`, as one document each or as the pages of one."""
    seen = {}
    for number, file in enumerate(scan(folder).files, start=1):
        path = encode_path(file.path.relative_to(folder))
        sha = sha256 if pages else f"{number:064x}"
        seen[path] = Sighting("in", path, sha, file.size, file.mtime_ns, file.inode, number if pages else 0)
    return seen


def plan(folder, sightings=None, pending=(), moving=(), **choice):
    ledger = Ledger(folder, sightings or {}, pending)
    return make_plan(folder, scan(folder), moving, ledger, Choice(**choice))


def files(made):
    return [work.file for work in made.works]


def fates(made):
    return {entry.file: entry.fate for entry in made.entries}


def test_everything_is_new_at_first(tmp_path):
    put(tmp_path, "b.pdf", "sub/a.docx")
    made = plan(tmp_path)
    assert (files(made), made.unchanged, made.entries) == (["b.pdf", "sub/a.docx"], 0, ())


def test_what_has_not_changed_is_not_read_again(tmp_path):
    put(tmp_path, "a.pdf", "b.pdf")
    made = plan(tmp_path, see(tmp_path))
    assert (files(made), made.unchanged) == ([], 2)


def test_what_has_changed_or_is_pending_is_read(tmp_path):
    put(tmp_path, "a.pdf", "b.pdf", "c.pdf")
    seen = see(tmp_path)
    seen["a.pdf"] = replace(seen["a.pdf"], size=99)
    made = plan(tmp_path, seen, pending={seen["b.pdf"].sha256})
    assert (files(made), made.unchanged) == (["a.pdf", "b.pdf"], 1)


def test_the_pages_of_a_notice_are_one_work(tmp_path):
    put(tmp_path, "n-1.jpg", "n-2.jpg", "other.jpg")
    made = plan(tmp_path)
    assert [(work.file, len(work.pages), work.name) for work in made.works] == [
        ("n.jpg", 2, "n"),
        ("other.jpg", 1, "other"),
    ]
    assert files(plan(tmp_path, group=False)) == ["n-1.jpg", "n-2.jpg", "other.jpg"]


def test_a_page_that_comes_later_makes_another_document(tmp_path):
    put(tmp_path, "n-1.jpg", "n-2.jpg")
    seen = see(tmp_path, pages=True)
    assert plan(tmp_path, seen).unchanged == 2
    put(tmp_path, "n-3.jpg")
    assert [len(work.pages) for work in plan(tmp_path, seen).works] == [3]


def test_a_page_that_was_taken_away_makes_another_document(tmp_path):
    put(tmp_path, "n-1.jpg", "n-2.jpg", "n-3.jpg")
    seen = see(tmp_path, pages=True)
    (tmp_path / "n-3.jpg").unlink()
    assert [len(work.pages) for work in plan(tmp_path, seen).works] == [2]


def test_a_notice_waits_for_its_last_page(tmp_path):
    put(tmp_path, "n-1.jpg", "n-2.jpg", "a.pdf")
    made = plan(tmp_path, moving={tmp_path / "n-2.jpg"})
    assert files(made) == ["a.pdf"]
    assert fates(made) == {"n-1.jpg": "waiting", "n-2.jpg": "waiting"}


def test_limit_and_since_leave_files_for_later(tmp_path):
    put(tmp_path, "a.pdf", "b.pdf", "c.pdf")
    os.utime(tmp_path / "a.pdf", (1e9, 1e9))
    made = plan(tmp_path, limit=1, since=dt.datetime(2020, 1, 1, tzinfo=dt.UTC))
    assert files(made) == ["b.pdf"]
    assert fates(made) == {"a.pdf": "left", "c.pdf": "left"}


def test_what_is_no_document_is_told(tmp_path):
    put(tmp_path, "a.pdf", "b.pdf.part", ".hidden")
    (tmp_path / "link.pdf").symlink_to(tmp_path / "a.pdf")
    os.mkfifo(tmp_path / "pipe.pdf")
    made = plan(tmp_path)
    assert {entry.file: entry.kind for entry in made.entries} == {
        ".hidden": "system file",
        "b.pdf.part": "partial file",
        "link.pdf": "link",
        "pipe.pdf": "pipe",
    }


def test_results_are_named_after_all_files_whatever_is_read_now(tmp_path):
    put(tmp_path, "a.docx", "a.pdf")
    whole = {work.file: work.name for work in plan(tmp_path).works}
    seen = see(tmp_path)
    del seen["a.pdf"]
    (half,) = plan(tmp_path, seen).works
    assert half.name == whole["a.pdf"] == "a.pdf"
