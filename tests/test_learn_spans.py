"""Training the model of spans: spans of gold found in the text, and a small model that is the same every time."""

from __future__ import annotations

from test_learn_train import GOLD, make_case

from pipeline.extract.marker import LABELS, Mark, read_marker
from pipeline.learn.recipes import SpanRecipe
from pipeline.learn.span_examples import read_marked, tags_of
from pipeline.learn.spans_card import describe_spans, labels_table, tally
from pipeline.learn.synthesise import synthesise, synthesise_marked
from pipeline.learn.train_spans import cross_validate_spans, train_spans

DIRECTIVE = {
    "text": "Giao Sở Xây dựng dọn bờ kè trước ngày 30/4/2020.",
    "assignees": [
        {"name": "Sở Xây dựng", "role": "lead", "inherited": False},
        {"name": "Sở Tài chính", "role": "lead", "inherited": True},
    ],
    "deadline": {"text": "trước ngày 30/4/2020", "due": "2020-04-30"},
}
MEETING = {
    "participants": [
        {"name": "Sở Xây dựng", "kind": "organization"},
        {"name": "Sở Tài chính", "kind": "organization"},
    ],
    "absentees": "__any__",
}
QUICK = SpanRecipe(rounds=15)


def spans_in(notice):
    return {(marked.section, marked.text[m.start : m.end], m.label) for marked in notice for m in marked.marks}


def test_spans_of_gold_are_found_where_they_stand(tmp_path):
    case = make_case(tmp_path, "a", {**GOLD, "meeting": MEETING, "directives": [DIRECTIVE]})
    (found,) = read_marked(tmp_path, [case])
    assert spans_in(found) == {
        ("opening", "Sở Xây dựng", "organization"),
        ("opening", "Sở Tài chính", "organization"),
        ("body", "Sở Xây dựng", "lead"),
        ("body", "trước ngày 30/4/2020", "deadline"),
    }


def test_what_does_not_stand_in_the_text_teaches_nothing(tmp_path):
    strange = {**DIRECTIVE, "assignees": [{"name": "Sở Văn hoá", "role": "lead"}], "deadline": None}
    gold = {"meeting": {"participants": "__any__"}, "directives": [strange, {"text": "Không có câu này."}]}
    (found,) = read_marked(tmp_path, [make_case(tmp_path, "a", gold)])
    assert spans_in(found) == set()


def test_held_out_cases_are_never_read(tmp_path):
    cases = [make_case(tmp_path, name) for name in ("a", "b")]
    (tmp_path / "split.toml").write_text('dev = ["a"]\nheld_out = ["b"]\n', encoding="utf-8")
    assert len(read_marked(tmp_path, cases)) == 1


def test_made_up_notices_have_the_same_words_with_spans():
    made = synthesise_marked(30)
    assert made == synthesise_marked(30)
    texts = [[example.text for example in notice if example.unit == "paragraph"] for notice in synthesise(30)]
    assert [[marked.text for marked in notice] for notice in made] == texts
    marks = [(marked, mark) for notice in made for marked in notice for mark in marked.marks]
    assert {mark.label for _, mark in marks} == set(LABELS)
    assert all(marked.text[mark.start : mark.end].strip() for marked, mark in marks)
    assert not any(
        0xE000 <= ord(letter) <= 0xF8FF or letter in "<>" for texts in made for m in texts for letter in m.text
    )


def test_the_same_examples_give_the_same_bytes():
    made = synthesise_marked(8)
    data = train_spans(made, QUICK)
    assert data == train_spans(made, QUICK)
    text = "Giao Hội Chữ thập đỏ thu hồi vốn trước ngày 3/5/2019."
    found = read_marker(data).mark(text, "body")
    assert ("lead", "Hội Chữ thập đỏ") in {(mark.label, text[mark.start : mark.end]) for mark in found}


def test_syllables_get_tags():
    tokens = [(0, 4), (5, 7), (8, 9), (10, 12)]
    assert tags_of(tokens, [Mark(0, 4, "lead"), Mark(5, 9, "lead")]) == ["B-lead", "B-lead", "I-lead", "O"]


def test_the_card_tells_of_spans():
    made = synthesise_marked(6)
    found = cross_validate_spans(made, made, 2, QUICK)
    assert tally(found).tp > tally(found).fn
    card = describe_spans(QUICK, made, made, found)
    assert "spans.crf" in card
    assert all(label in card for label in LABELS)
    assert [row[0] for row in labels_table(found).rows] == [*LABELS, "all"]
    assert "cross-validated" not in describe_spans(QUICK, made, made, [])
