"""Asking the store: words, marks, snippets, every condition, sorts and pages; in both databases."""

import datetime as dt
import hashlib

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from made_notices import make_notice

from pipeline.store import Actor, DocumentRecord, Ending, Question
from pipeline.store.search import parse
from pipeline.store.snippets import snippet

pytest_plugins = ["postgres"]

NOON = dt.datetime(2024, 5, 2, 12, tzinfo=dt.UTC)
TODAY = dt.date(2024, 6, 1)
HUNG_YEN = "ỦY BAN NHÂN DÂN TỈNH HƯNG YÊN"


def sha(name):
    return hashlib.sha256(name.encode()).hexdigest()


def read(store, name, notice):
    store.add_documents([DocumentRecord(sha(name), 1, name)])
    attempt = store.begin_attempt(sha(name), "r1", NOON, alone=False)
    store.end_attempt(attempt, sha(name), Ending("ok", "ok", notice=notice, text=""), NOON, "1", "c")


def says(*directives, date="2024-05-02", weaknesses=(), evidence=None, source=None, **header):
    """Return a notice with these directives: texts, or entries."""
    entries = [entry if isinstance(entry, dict) else {"text": entry} for entry in directives]
    changes = {"source": source} if source else {}
    return make_notice(
        header={"issue_date": date, **header},
        assessment={"weaknesses": [{"text": text} for text in weaknesses]},
        directives=entries,
        evidence=evidence or {},
        **changes,
    )


def given_to(text, lead=None, support=None, due=None, recurrence=None):
    roles = (("lead", lead), ("support", support))
    assignees = [{"name": name, "role": role, "inherited": False} for role, name in roles if name]
    deadline = {"text": "hạn", "due": due, "recurrence": recurrence} if due or recurrence else None
    return {"text": text, "assignees": assignees, "deadline": deadline}


def ask(store, words="", **asked):
    answer = store.ask(Question(words=words, **{"as_of": TODAY, **asked}))
    assert answer.total >= len(answer.rows)
    return [f"{row.name}{'' if row.ordinal is None else row.ordinal}" for row in answer.rows]


# --- words


def test_all_words_are_found_whatever_the_marks(store):
    read(store, "a", says("Đường đê điều ở Hoà Bình", "Đề xuất ngay"))
    assert ask(store, "duong DE dieu") == ask(store, "đê hòa bình") == ["a0"]
    assert ask(store, '"dieu duong"') == ask(store, "ieu") == ask(store, "---") == []
    assert sorted(ask(store)) == sorted(ask(store, "  ")) == ["a0", "a1"]


def test_the_very_marks_come_first_over_all_pages(store):
    read(store, "a", says("dân số", "đàn gà", date="2025-01-01"))
    read(store, "b", says("dẫn đường, dàn nhạc", date="2023-01-01"))
    read(store, "c", says("đàn bò", date="2024-01-01"))
    assert ask(store, "dan") == ["a0", "a1", "c0", "b0"]
    assert ask(store, "đàn") == ["a1", "c0", "a0", "b0"]
    assert [ask(store, "đàn", limit=1, offset=at) for at in range(5)] == [["a1"], ["c0"], ["a0"], ["b0"], []]
    assert ask(store, "đàn", sort="newest") == ["a0", "a1", "c0", "b0"]
    assert ask(store, "đàn so", sort="best") == ["a0"]
    assert [row.exact for row in store.ask(Question(words="đàn")).rows] == [True, True, False, False]


def test_a_mixture_of_words_with_and_without_marks(store):
    read(store, "a", says("Đê điều an toàn", "Đề điều an toán"))
    assert ask(store, "đê toan") == ["a0", "a1"]
    assert ask(store, '"đề điều" toan') == ["a1", "a0"]


def test_a_snippet_shows_the_hits():
    text = "Giao Sở Y tế chủ trì. " + "Rà soát danh mục. " * 30 + "Báo cáo Sở y tế trước ngày 30/6. " + "Hết. " * 40
    assert snippet("Sở Y tế", parse('"so y te"')) == (("Sở Y tế", True),)
    assert snippet("", parse("a")) == ()
    pieces = snippet(text, parse("bao cao"))
    assert pieces[0] == pieces[-1] == ("…", False)
    assert [piece for piece, is_hit in pieces if is_hit] == ["Báo", "cáo"]
    assert "".join(piece for piece, _ in pieces).strip("…") in text
    assert [piece for piece, is_hit in snippet(text, parse('"bao cao"')) if is_hit] == ["Báo cáo"]


@given(text=st.text(max_size=400), words=st.text(max_size=30), width=st.integers(1, 200))
def test_the_pieces_of_a_snippet_are_the_text(text, words, width):
    pieces = snippet(text, parse(words), width)
    shown = "".join(piece for piece, _ in pieces)
    assert len(shown) <= width + 2
    if len(pieces) == 1 and not pieces[0][1] and len(text) <= width:
        assert shown


@given(words=st.text(max_size=60))
@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
def test_no_words_raise_and_none_are_a_command(store, words):
    for what in ("directives", "notices"):
        assert store.ask(Question(what=what, words=words, who=(words,), provinces=(words,))).rows == ()
        store.ask(Question(what=what, words=words))


# --- conditions


@pytest.fixture
def filled(store):
    first = says(
        given_to("Một", "Sở Y tế", "Sở Tài chính", due="2024-05-20"),
        given_to("Hai", "Sở Tài chính", due="2024-06-10"),
        given_to("Ba", "Sở Y tế", recurrence="monthly"),
        date="2024-05-02",
        weaknesses=("Thiếu thuốc",),
        issuing_body=HUNG_YEN,
        document_type="Thông báo",
    )
    second = says(
        given_to("Bốn", "Sở Y tế", due="2024-12-31"),
        "Năm",
        date="2023-03-01",
        issuing_body="ỦY BAN NHÂN DÂN TỈNH NGHỆ AN",
    )
    read(store, "a", first)
    read(store, "b", second)
    return store


CONDITIONS = [
    ({"states": ("overdue",)}, ["a0"]),
    ({"states": ("soon",)}, ["a1"]),
    ({"states": ("open",)}, ["b0"]),
    ({"states": ("recurring", "none")}, ["a2", "b1"]),
    ({"states": ("overdue",), "as_of": dt.date(2025, 1, 1)}, ["a0", "a1", "b0"]),
    ({"soon_days": 10**9, "states": ("soon",)}, ["a1", "b0"]),
    ({"recurrences": ("monthly", "weekly")}, ["a2"]),
    ({"who": ("Sở Y tế",)}, ["a0", "a2", "b0"]),
    ({"who": ("so y te", "SỞ TÀI CHÍNH")}, ["a0", "a1", "a2", "b0"]),
    ({"who": ("Sở Tài chính",), "role": "support"}, ["a0"]),
    ({"role": "support"}, ["a0"]),
    ({"who": ("so-y-te@hung-yen",)}, ["a0", "a2"]),
    ({"years": (2023,)}, ["b0", "b1"]),
    ({"provinces": ("tỉnh Nghệ An",)}, ["b0", "b1"]),
    ({"document_types": ("Thông báo",)}, ["a0", "a1", "a2"]),
    ({"origins": ("ocr",), "years": (2024,)}, ["a0", "a1", "a2"]),
    ({"origins": ("embedded",)}, []),
    ({"weakness": True}, ["a0", "a1", "a2"]),
    ({"weakness": False}, ["b0", "b1"]),
    ({"issued_from": dt.date(2024, 5, 2)}, ["a0", "a1", "a2"]),
    ({"issued_to": dt.date(2024, 5, 1)}, ["b0", "b1"]),
    ({"due_from": dt.date(2024, 6, 10), "due_to": dt.date(2024, 12, 31)}, ["a1", "b0"]),
    ({"words": "một", "who": ("Sở Y tế",), "states": ("overdue",), "years": (2024,)}, ["a0"]),
    ({"words": "hai", "who": ("Sở Y tế",)}, []),
]


@pytest.mark.parametrize(("asked", "expected"), CONDITIONS)
def test_each_condition(filled, asked, expected):
    assert ask(filled, **asked) == expected
    notices = list(dict.fromkeys(name[0] for name in expected))
    if "words" not in asked:
        assert ask(filled, what="notices", **asked) == notices


def test_notices_are_found_by_their_own_words(filled):
    assert ask(filled, "hung yen", what="notices") == ["a"]
    assert ask(filled, "thuốc", what="notices") == ["a"]
    (row,) = filled.ask(Question(what="notices", words="thuốc")).rows
    assert (row.ordinal, row.weaknesses, row.directives, row.actors, row.state) == (None, 1, 3, (), "none")
    assert row.text == "cuộc họp về y tế cơ sở"


def test_sorts(filled):
    assert ask(filled, sort="newest") == ["a0", "a1", "a2", "b0", "b1"]
    assert ask(filled, sort="oldest") == ["b0", "b1", "a0", "a1", "a2"]
    assert ask(filled, sort="due")[:3] == ["a0", "a1", "b0"]
    assert ask(filled, sort="newest", limit=2, offset=1) == ["a1", "a2"]
    for sort in ("best", "newest", "oldest", "due", "doubt"):
        assert sorted(ask(filled, what="notices", sort=sort)) == ["a", "b"]


def test_the_most_doubtful_come_first(store):
    one = {"quote": "", "start": 0, "end": 0, "method": "rule"}
    evidence = {"/directives/0/text": one | {"confidence": 0.9}, "/directives/1/deadline": one | {"confidence": 0.4}}
    read(store, "a", says("Một", "Hai", "Ba", evidence=evidence))
    assert ask(store, sort="doubt") == ["a1", "a0", "a2"]
    assert [row.doubt for row in store.ask(Question(sort="doubt")).rows] == [
        pytest.approx(0.6),
        pytest.approx(0.1),
        None,
    ]


def test_a_row_has_what_is_shown(store):
    read(
        store,
        "a",
        make_notice(header={"document_number": "1/TB", "issuing_body": HUNG_YEN, "issue_date": "2024-05-02"}),
    )
    row = store.ask(Question(words="báo cáo", as_of=TODAY)).rows[0]
    assert (row.number, row.deadline_text, row.due) == ("1", "trước ngày 30/6/2024", dt.date(2024, 6, 30))
    assert row.actors == (
        Actor("Sở Y tế", "lead", "so-y-te@hung-yen"),
        Actor("Sở Tài chính", "support", "so-tai-chinh@hung-yen"),
    )
    assert (row.page, row.state, row.province, row.weaknesses) == (1, "open", "tỉnh Hưng Yên", 2)
    assert [piece for piece, is_hit in row.snippet if is_hit] == ["báo", "cáo"]


def test_an_answer_counts_up_to_a_limit(store, monkeypatch):
    monkeypatch.setattr("pipeline.store.asking.COUNTED", 3)
    read(store, "a", says(*(f"việc {n}" for n in range(5))))
    answer = store.ask(Question(words="việc", limit=4))
    assert (answer.total, answer.is_more, len(answer.rows)) == (3, True, 4)
    assert store.ask(Question(words="việc", offset=2, limit=2)).rows[0].ordinal == 2
    assert store.ask(Question(words='"việc 3"')).is_more is False


def test_common_words_are_walked_in_order(filled, monkeypatch):
    before = {words: ask(filled, words, years=(2024,)) for words in ("ba", "một", "hai", "năm", "mot")}
    monkeypatch.setattr("pipeline.store.conditions._COMMON", 0)
    assert before == {words: ask(filled, words, years=(2024,)) for words in before}


def test_what_is_read_again_is_found_anew(filled):
    read(filled, "a", says("Sáu", date="2024-05-02"))
    assert ask(filled, years=(2024,)) == ["a0"]
    assert ask(filled, who=("so-y-te@hung-yen",)) == []
