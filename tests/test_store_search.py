"""Finding directives by words, what changed between runs, and near-duplicates; in both databases."""

import dataclasses
import datetime as dt
import hashlib

import pytest
from made_notices import make_notice

from pipeline.errors import StoreError
from pipeline.store import Change, DocumentRecord, Ending, Link, RunRecord, Sighting
from pipeline.store.search import matches, parse
from pipeline.store.tables import notices
from pipeline.store.wording import folded, marked

pytest_plugins = ["postgres"]

NOON = dt.datetime(2024, 5, 2, 12, tzinfo=dt.UTC)


def sha(name):
    return hashlib.sha256(name.encode()).hexdigest()


def at(minutes):
    return NOON + dt.timedelta(minutes=minutes)


def read(store, name, notice=None, minute=0, run="r1", **ending):
    store.add_documents([DocumentRecord(sha(name), 1, name)])
    attempt = store.begin_attempt(sha(name), run, at(minute), alone=False)
    ended = Ending(**{"status": "ok", "state": "ok", "notice": notice, "text": ""} | ending)
    store.end_attempt(attempt, sha(name), ended, at(minute), "1", "c")


def says(*texts, date="2024-05-02", **header):
    directives = [{"text": text} for text in texts]
    return make_notice(header={"issue_date": date, **header}, directives=directives, evidence={})


def found(store, words, **more):
    return [(hit.name, hit.ordinal) for hit in store.search_directives(words, **more)]


# --- words


def test_words_are_folded_and_marked():
    assert folded("ĐỀ xuất; Hòa-Bình 15/TB_UBND, e\u0302\u0301") == "de xuat hoa binh 15 tb ubnd e"
    assert marked("Hòa-Bình, Ủy ban") == "hoà bình uỷ ban"
    assert [phrase.folded for phrase in parse('“Sở Y tế" -- 05/NQ "" y "y"')] == ["so y te", "05 nq", "y"]


def test_directives_are_found_without_marks(store):
    read(store, "a", says("Đường đê điều ở Hoà Bình", "Đề xuất ngay"))
    assert found(store, "duong DE dieu") == [("a", 0)]
    assert found(store, "de") == [("a", 0), ("a", 1)]
    assert found(store, "hòa bình") == found(store, "hoà bình") == found(store, "HOA BINH") == [("a", 0)]
    assert found(store, "dieu duong") == [("a", 0)]
    assert found(store, '"dieu duong"') == []
    assert found(store, "ieu") == found(store, "") == found(store, '" "') == found(store, "---") == []


def test_the_very_marks_come_first_then_the_newest(store):
    read(store, "a", says("dân số", "đàn gà", date="2025-01-01"))
    read(store, "b", says("dẫn đường, dàn nhạc", date="2023-01-01"))
    read(store, "c", says("đàn bò", date="2024-01-01"))
    assert found(store, "dan") == [("a", 0), ("a", 1), ("c", 0), ("b", 0)]
    assert found(store, "đàn") == [("a", 1), ("c", 0), ("a", 0), ("b", 0)]
    assert [hit.exact for hit in store.search_directives("đàn")] == [True, True, False, False]
    assert found(store, "dan", limit=2, offset=1) == [("a", 1), ("c", 0)]


def test_a_hit_says_what_is_needed_to_show_it(store):
    read(store, "a", make_notice())
    (hit,) = store.search_directives("chủ trì")
    assert (hit.number, hit.due, hit.document_number, hit.issue_date) == (
        "1",
        dt.date(2024, 6, 30),
        "12/TB-UBND",
        dt.date(2024, 5, 2),
    )
    assert (hit.sha256, hit.exact) == (sha("a"), True)


@pytest.mark.parametrize(
    "words", ['"', "'; DROP TABLE x; --", "a* NEAR(b c)", ":x %s \\", "AND OR NOT", "folded:a", "!&|"]
)
def test_no_query_is_a_command(store, words):
    read(store, "a", says("một việc"))
    assert found(store, words) == []


def test_the_index_follows_the_rows(store):
    read(store, "a", says("việc cũ"))
    read(store, "a", says("việc mới"), minute=1)
    assert found(store, "cũ") == []
    assert found(store, "mới") == [("a", 0)]
    read(store, "a", status="other", state="other", minute=2)
    assert found(store, "mới") == []


def test_both_databases_find_the_same_numbers_and_names(store):
    read(store, "a", says("Văn bản số 1.234/QĐ-UBND ngày 1e5 -5 a@b.vn http://x.vn/y /etc/x 10,5% v2.0"))
    for words in ("1.234/QĐ-UBND", "-5", "a@b.vn", "x.vn/y", "10,5%", "v2", "1e5", "/etc/x"):
        assert found(store, words) == [("a", 0)], words


def test_notices_can_be_found_too(store):
    read(store, "a", make_notice())
    with store._database.read() as connection:
        for words, count in (("thieu thuoc", 1), ("Lê Thị Mai", 1), ("12/TB-UBND", 1), ("khong co", 0)):
            condition = matches(notices, parse(words), store._database.is_sqlite)
            assert len(connection.execute(notices.select().where(condition)).all()) == count


# --- changes between runs


def run(store, name, start, end=None):
    store.begin_run(RunRecord(name, "/in", at(start), "1", "c"))
    if end is not None:
        store.end_run(name, "finished", 0, {}, at(end))


def test_changes_are_those_of_values_between_the_ends_of_two_runs(store):
    run(store, "r1", 0, 5)
    read(store, "b", says("Một", "Hai"), minute=1)
    read(store, "a", says("Ba"), minute=2)
    run(store, "r2", 10, 15)
    one = make_notice().evidence["/directives/0"]
    changed = says("Một", place="Huế")
    read(store, "b", changed.model_copy(update={"evidence": {"/directives/0": one}}), minute=11, run="r2")
    read(store, "c", says("Mới"), minute=12, run="r2")
    run(store, "r3", 20)
    read(store, "a", status="other", state="other", head={"subject": "x"}, minute=21, run="r3")
    read(store, "b", status="crash", state="quarantined", notice=None, minute=22, run="r3")
    *values, new = store.diff("r1", "r2")
    assert values == [
        Change(sha("b"), "/directives/1/text", "Hai", None),
        Change(sha("b"), "/header/place", None, "Huế"),
    ]
    assert (new.sha256, new.pointer, new.before) == (sha("c"), "", None)
    (last,) = store.diff("r2", "r3")
    assert (last.sha256, last.pointer, last.after) == (sha("a"), "", {"subject": "x"})
    assert list(store.diff("r1", "r1")) == []
    assert {c.pointer for c in store.diff("r2", "r1")} == {"/header/place", "/directives/1/text", ""}
    with pytest.raises(StoreError, match="there is no run r9"):
        list(store.diff("r1", "r9"))


# --- near-duplicates


def test_candidates_have_number_body_or_name_in_common(store):
    read(store, "a", says(document_number="12/TB-UBND", issuing_body="UBND tỉnh"))
    read(store, "number", says(document_number="12 / tb-ubnd", issuing_body="khác"))
    read(store, "date", says(document_number="12/TB-UBND", date="2023-01-01"))
    read(store, "body", says(document_number="13", issuing_body="Ubnd  Tỉnh"))
    read(store, "stem", says(date=None))
    read(store, "none", says(date=None))
    seen = [("x/Thông báo.pdf", "a"), ("y/thong bao.DOCX", "stem"), ("y/z.pdf", "none"), ("w/z.pdf", "none")]
    store.note_sightings(Sighting("/in", path, sha(name), 1, 1, 1) for path, name in seen)
    assert store.candidates(sha("a")) == [sha("number"), sha("body"), sha("stem")]
    assert store.candidates(sha("a"), limit=1) == [sha("number")]
    assert store.candidates(sha("none")) == store.candidates(sha("date")) == []


def test_links_are_kept_once_a_pair(store):
    for name in "abc":
        read(store, name, says(name))
    low, high = sorted((sha("a"), sha("b")))
    link = Link(low, high, "near", 0.8, "same words")
    store.add_links([dataclasses.replace(link, sha_a=high, sha_b=low), Link(low, low, "near", 1.0, "itself")])
    assert store.links_of(low) == store.links_of(high) == [link]
    store.add_links([dataclasses.replace(link, score=0.9)])
    assert [found.score for found in store.links_of(low)] == [0.9]
    assert store.links_of(sha("c")) == []
