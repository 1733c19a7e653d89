"""The vote of the model of spans: it seconds rules, proposes where they found nobody, and never overrules them."""

from __future__ import annotations

import pytest
from support import document_of

from pipeline.config import ExtractSettings
from pipeline.document import Span
from pipeline.errors import ConfigError
from pipeline.extract import find_spans
from pipeline.extract.directives import Place, Task
from pipeline.extract.grammar import Member
from pipeline.extract.heed import GUEST_CHANCE, LEAD_CHANCE, heed
from pipeline.extract.marker import LABELS, SPANS_FILE, Mark, load_marker, read_marker
from pipeline.extract.signs import describe
from pipeline.extract.tagger import FOLDER, Voice
from pipeline.extract.view import View


def said(text, *marks):
    """Return a view of a text, in which the model names words: (words, label, chance)."""
    view = View(document_of(text))
    places = [(view.text.index(words), words, label, chance) for words, label, chance in marks]
    view.voice = Voice({}, (), marks=[Mark(at, at + len(words), label, chance) for at, words, label, chance in places])
    return view


def directive(view, *parts, parent=None, start=0, end=None):
    return Span("directive", start, len(view.text) if end is None else end, Place(None, parent), parts)


ORDER = "Tổ Tự quản rà lại đường mương thôn Nà Lạn trước mùa lũ."


def assignee(view, words, role="lead"):
    at = view.text.index(words)
    return Span("assignee", at, at + len(words), Task(words, role, inherited=False))


def test_where_rules_found_nobody_the_model_proposes():
    view = said(ORDER, ("Tổ Tự quản", "lead", 0.8))
    (found,) = heed(view, [directive(view)])
    (part,) = found.parts_of("assignee")
    assert (part.value, part.method, part.confidence) == (Task("Tổ Tự quản", "lead", inherited=False), "model", 0.8)
    assert view.text[part.start : part.end] == "Tổ Tự quản"


def test_an_unsure_model_is_not_heeded():
    view = said(ORDER, ("Tổ Tự quản", "lead", LEAD_CHANCE - 0.01))
    assert heed(view, [directive(view)]) == [directive(view)]


@pytest.mark.parametrize("label", ["support", "deadline", "organization", "person"])
def test_only_leads_are_proposed_for_directives(label):
    view = said(ORDER, ("Tổ Tự quản", label, 0.99))
    assert heed(view, [directive(view)]) == [directive(view)]


def test_a_rule_is_never_overruled():
    view = said(ORDER, ("Tổ Tự quản rà", "lead", 0.99))
    before = directive(view, assignee(view, "Tổ Tự quản"))
    assert heed(view, [before]) == [before]


def test_a_rule_that_the_model_seconds_says_so():
    view = said(ORDER, ("Tổ Tự quản", "lead", 0.4), ("trước mùa lũ", "deadline", 0.4))
    at = view.text.index("trước")
    (found,) = heed(view, [directive(view, assignee(view, "Tổ Tự quản"), Span("deadline", at, at + 12))])
    assert [part.method for part in found.parts] == ["rule+model", "rule+model"]
    assert found.method == "rule"


def test_another_role_is_no_second():
    view = said(ORDER, ("Tổ Tự quản", "support", 0.9))
    (found,) = heed(view, [directive(view, assignee(view, "Tổ Tự quản"))])
    assert [part.method for part in found.parts] == ["rule"]


def test_points_below_inherit_whom_the_model_proposed():
    view = said("Tổ Tự quản:\na) Rà lại mương.", ("Tổ Tự quản", "lead", 0.9))
    above, below = directive(view, end=11), directive(view, parent=0, start=12)
    _, found = heed(view, [above, below])
    (part,) = found.parts_of("assignee")
    assert part.value == Task("Tổ Tự quản", "lead", inherited=True)


GUESTS = "Dự họp có Sở Y tế, bà Lò Thị Páo. Ông Vàng A Dơ vắng."


def participant(view, words):
    at = view.text.index(words)
    return Span("participant", at, at + len(words), Member(at, at + len(words), words, "organization"))


def test_persons_beside_participants_are_proposed():
    view = said(GUESTS, ("Lò Thị Páo", "person", 0.9), ("Vàng A Dơ", "person", 0.9))
    rule, guest = heed(view, [participant(view, "Sở Y tế")])
    assert (rule.method, guest.method, guest.value.name) == ("rule", "model", "Lò Thị Páo")


@pytest.mark.parametrize(
    ("words", "label", "chance"),
    [
        ("Lò Thị Páo", "organization", 0.99),
        ("Lò Thị Páo", "person", GUEST_CHANCE - 0.01),
        ("Sở Y tế", "person", 0.99),
        ("Páo", "person", 0.99),
    ],
)
def test_other_guests_are_not(words, label, chance):
    view = said(GUESTS, (words, label, chance))
    assert heed(view, [participant(view, "Sở Y tế")]) == [participant(view, "Sở Y tế")]


def test_a_chair_is_no_guest():
    view = said(GUESTS, ("Lò Thị Páo", "person", 0.9))
    at = view.text.index("Lò Thị Páo")
    chair = Span("chair", at, at + 10, Member(at, at + 10, "Lò Thị Páo", "person"))
    _, found = heed(view, [chair, participant(view, "Sở Y tế")])
    assert found.value.name == "Sở Y tế"


def test_without_a_voice_nothing_changes():
    view = View(document_of(ORDER))
    assert heed(view, [directive(view)]) == [directive(view)]


def test_syllables_are_shown_with_their_surroundings():
    tokens, rows = describe("Giao Sở Y tế rà soát; Hội Phụ nữ giúp.", "body")
    assert len(tokens) == len(rows)
    assert {"cue=B-orders", "B-types", "w-1=giao", "s0=Xx", "in=body"} <= set(rows[1])
    assert "cue=-" in rows[7]
    assert describe("", "body") == ([], [])


def test_the_marker_that_comes_with_us_reads_spans():
    marker = load_marker(FOLDER)
    assert marker is not None
    assert load_marker(FOLDER) is marker
    text = "Giao Sở Y tế chủ trì, phối hợp với Sở Tài chính rà soát kho thuốc, hoàn thành trước ngày 30/4/2020."
    found = {mark.label: text[mark.start : mark.end] for mark in marker.mark(text, "body")}
    assert found == {"lead": "Sở Y tế", "support": "Sở Tài chính", "deadline": "trước ngày 30/4/2020"}
    assert all(0 < mark.chance <= 1 and mark.label in LABELS for mark in marker.mark(text, "body"))
    assert marker.mark("", "body") == []


def test_without_a_model_of_spans_roles_still_speak(tmp_path, caplog):
    assert load_marker(tmp_path) is None
    assert "no model of spans" in caplog.text


@pytest.mark.parametrize("data", [b"", b"no model", b"lCRF" + b"\0" * 100])
def test_a_broken_model_of_spans_is_named(tmp_path, data):
    (tmp_path / SPANS_FILE).write_bytes(data)
    with pytest.raises(ConfigError, match="holds no model"):
        load_marker(tmp_path)
    with pytest.raises(ValueError):
        read_marker(data)


def test_what_is_proposed_stands_on_the_page():
    text = "1. Tổ Tự quản rà lại đường mương.\n2. Giao Sở Y tế kiểm kê kho thuốc."
    document = document_of(text)
    for span in find_spans(document, ExtractSettings(any_document=True)):
        for part in (span, *span.parts):
            if part.method == "model" and isinstance(part.value, Task):
                assert part.value.name == " ".join(document.text[part.start : part.end].split())
