"""What a child tells of a document: the same as the pipeline in this process, and never an exception."""

from __future__ import annotations

import hashlib
from pathlib import Path

import pytest
from support import FRONT, spell_date

from pipeline import extract
from pipeline.batch import Guard, Limits, Task, read_task
from pipeline.config import Settings
from pipeline.process import read_document

FILES = Path(__file__).parents[1] / "data" / "samples" / "files"
NOTICE = FILES / "thpt-ngo-quyen-on-thi-2024.md"
SETTINGS = Settings()


def digest(*paths: Path) -> str:
    return hashlib.sha256(b"".join(path.read_bytes() for path in paths)).hexdigest()


@pytest.fixture
def files(tmp_path):
    """One file for each thing that can be found."""
    front = FRONT.format(issued=spell_date("2024-03-10"), subject="Về việc khen thưởng")
    decision = front.replace("THÔNG BÁO", "QUYẾT ĐỊNH") + "\n\nĐiều 1. Khen thưởng ông A.\n"
    (tmp_path / "other.txt").write_text(decision)
    (tmp_path / "empty.txt").write_bytes(b"")
    (tmp_path / "sheet.pdf").write_bytes(b"\x00\x01\x02 no document")
    return tmp_path


def test_a_notice_comes_with_its_text_and_what_it_took():
    reading = read_task(Task("a", (NOTICE,), digest(NOTICE)), SETTINGS)
    assert reading.status == "ok"
    assert reading.notice == extract(NOTICE)
    assert reading.text == read_document(NOTICE).text
    assert (reading.media_type, reading.sha256, reading.exit_code) == ("text/markdown", digest(NOTICE), 0)
    assert reading.seconds > 0
    assert reading.peak_megabytes > 10


def test_other_documents_and_refused_files_say_why(files):
    other = read_task(Task("a", (files / "other.txt",)), SETTINGS)
    assert (other.status, other.kind, other.exit_code, other.media_type) == (
        "other",
        "other-document",
        65,
        "text/plain",
    )
    assert other.head["document_number"] == "15/TB-SCT"
    assert other.notice is None
    empty = read_task(Task("b", (files / "empty.txt",), digest(files / "empty.txt")), SETTINGS)
    assert (empty.status, empty.kind, empty.exit_code, empty.head) == ("refused", "empty", 65, None)
    missing = read_task(Task("c", (files / "missing.txt",), "0" * 64), SETTINGS)
    assert (missing.status, missing.kind) == ("refused", "no-file")
    assert missing.advice


def test_bytes_that_are_not_those_that_were_found_are_not_read(files):
    for name in ("other.txt", "empty.txt", "sheet.pdf"):
        reading = read_task(Task("a", (files / name,), digest(NOTICE)), SETTINGS)
        assert (reading.status, reading.notice, reading.kind) == ("changed", None, None)


def test_children_find_what_the_pipeline_finds_here(files, tmp_path):
    paths = [NOTICE, files / "other.txt", files / "empty.txt", files / "other.txt"]
    tasks = [Task(str(number), (path,), digest(path)) for number, path in enumerate(paths)]
    tasks[-1] = Task("3", tasks[-1].paths, "0" * 64)
    with Guard(workers=2, limits=Limits(120, 2000), scratch=tmp_path / "s") as guard:
        verdicts = {verdict.key: verdict for verdict in guard.verdicts(tasks)}
    assert [verdicts[str(number)].status for number in range(4)] == ["ok", "other", "refused", "changed"]
    assert verdicts["0"].reading.notice == extract(NOTICE)
    assert (verdicts["1"].kind, verdicts["2"].kind, verdicts["3"].kind) == ("other-document", "empty", "changed")
    assert verdicts["3"].advice
    assert max(verdict.reading.peak_megabytes for verdict in verdicts.values()) < 2000
