"""Promises of the contract that hold for any text: sample notices cut, shuffled and repeated, and arbitrary text."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from support import Parts, document_of, notice_of, read_notice

from pipeline.document import Document
from pipeline.extract import find_spans, view
from pipeline.language import fold
from pipeline.notice import Notice

SAMPLES = Path(__file__).parents[1] / "data" / "samples" / "cases"
NOTICES = {path.parent.name: path.read_text(encoding="utf-8") for path in sorted(SAMPLES.glob("*/notice.txt"))}
LINES = [line for text in NOTICES.values() for line in text.splitlines() if line.strip()]
CLAUSES = [clause for line in LINES for clause in re.split(r"(?<=[.;:,])\s", line)]
NAMED = {"name", "title"}
"""Fields whose value may be put together from several places of the text, word by word."""

notices = st.sampled_from(sorted(NOTICES.values()))
lines = st.lists(st.one_of(st.sampled_from(LINES), st.just("")), max_size=25).map("\n".join)
clauses = st.lists(st.sampled_from([*CLAUSES, "\n"]), max_size=25).map(" ".join)
signs = st.text(st.sampled_from("ABĐắệôơ aề.,;:-–()/\n\n 0123456789%“”'"), max_size=120)
mixed = st.lists(st.one_of(st.sampled_from(CLAUSES), signs, st.text(max_size=20)), max_size=15).map(" ".join)
checked = settings(deadline=None, max_examples=25, derandomize=True)


def folded(text: str) -> str:
    return " ".join(text.split())


def check_contract(text: str) -> Notice:
    """Read `text` and hold the result against everything that the contract promises of it."""
    document = document_of(text)
    spans = find_spans(document)
    for span in [*spans, *(part for whole in spans for part in whole.parts)]:
        assert 0 <= span.start < span.end <= len(document.text), span
    notice = read_notice(document)
    assert read_notice(document_of(text)) == notice
    check_evidence(notice, document)
    check_directives(notice)
    check_words(notice, document)
    assert Notice.model_validate_json(notice.model_dump_json()) == notice
    return notice


def check_evidence(notice: Notice, document: Document) -> None:
    form = json.loads(notice.model_dump_json())
    for pointer, entry in notice.evidence.items():
        assert document.text[entry.start : entry.end] == entry.quote != ""
        assert look_up(form, pointer) is not None, pointer
    for pointer, _ in leaves({key: form[key] for key in form if key not in {"schema_version", "source", "evidence"}}):
        assert pointer in notice.evidence or pointer.rpartition("/")[0] in notice.evidence, pointer


def look_up(form: object, pointer: str) -> object:
    for key in pointer.split("/")[1:]:
        form = form[int(key)] if isinstance(form, list) else form[key]
    return form


def leaves(node: object, pointer: str = ""):
    """Yield the pointer and value of everything in `node` that is not null."""
    if isinstance(node, dict):
        for key, value in node.items():
            yield from leaves(value, f"{pointer}/{key}")
    elif isinstance(node, list):
        for index, value in enumerate(node):
            yield from leaves(value, f"{pointer}/{index}")
    elif node is not None:
        yield pointer, node


def check_directives(notice: Notice) -> None:
    cited = [reference.number for reference in notice.legal_references]
    assert len(cited) == len(set(cited))
    for index, directive in enumerate(notice.directives):
        assert directive.parent is None or directive.parent < index
        names = [one.name.casefold() for one in directive.assignees if not one.inherited]
        assert len(names) == len(set(names)), names
        if directive.deadline and directive.deadline.recurrence:
            assert directive.deadline.due is None
    chairs = {chair.name for chair in notice.meeting.chairs}
    assert not chairs & {one.name for one in notice.meeting.participants}
    assert (notice.meeting.start_date is None) == (notice.meeting.end_date is None)


def check_words(notice: Notice, document: Document) -> None:
    """Every value is verbatim; names that restore a head word, and joined titles, use words of the text only."""
    text = folded(document.text)
    known = set(re.findall(r"\w+", fold(text)))
    parts = {
        "header": {key: getattr(notice.header, key) for key in ("parent_body", "issuing_body", "place", "subject")},
        "meeting": notice.meeting.model_dump(exclude={"start_date", "end_date"}),
        "assessment": notice.assessment.model_dump(),
        "directives": [
            one.model_dump(include={"text": True, "assignees": {"__all__": {"name"}}, "legal_references": True})
            | {"deadline": one.deadline and one.deadline.text, "amounts": [amount.text for amount in one.amounts]}
            for one in notice.directives
        ],
        "recipients": notice.recipients,
        "signature": notice.signature.model_dump(),
        "legal_references": [(reference.citation, reference.issuer) for reference in notice.legal_references],
    }
    for pointer, value in leaves(json.loads(json.dumps(parts))):
        field = pointer.rpartition("/")[2]
        if field == "kind":
            continue
        if field in NAMED and pointer != "/meeting/name":
            assert set(re.findall(r"\w+", fold(value))) <= known, (pointer, value)
        else:
            assert value in text, (pointer, value)
    if notice.header.document_number:
        assert notice.header.document_number in re.sub(r"\s", "", text).replace("–", "-")
    if notice.header.document_type:
        assert fold(notice.header.document_type) in fold(text)


@pytest.mark.parametrize("name", sorted(NOTICES))
def test_the_contract_holds_for_the_samples(name):
    notice = check_contract(NOTICES[name])
    assert notice.header.subject
    assert notice.directives
    assert notice.signature.signer_name


LITTLE = [Parts().text, "", "THÔNG BÁO", "1.", "- ", "Nơi nhận:", "a\n\n\nb", "số", "(", "1. a)"]


@pytest.mark.parametrize("text", LITTLE)
def test_the_contract_holds_for_texts_with_little_in_them(text):
    check_contract(text)


@given(notices, st.integers(0, 4000), st.integers(0, 4000))
@checked
def test_the_contract_holds_for_cut_notices(text, start, length):
    check_contract(text[start : start + length])


@given(notices.flatmap(lambda text: st.permutations(text.splitlines())))
@checked
def test_the_contract_holds_for_shuffled_notices(rows):
    check_contract("\n".join(rows))


@given(notices, notices)
@settings(deadline=None, max_examples=5, derandomize=True)
def test_the_contract_holds_for_notices_one_after_the_other(first, second):
    check_contract(first + "\n\n" + second)


@given(st.one_of(lines, clauses))
@checked
def test_the_contract_holds_for_sentences_in_any_order(text):
    check_contract(text)


@given(st.one_of(mixed, signs, st.text(max_size=200)))
@checked
def test_the_contract_holds_for_any_text(text):
    check_contract(text)


@given(st.one_of(mixed, clauses))
@checked
def test_the_contract_holds_for_any_body(text):
    check_contract(Parts(body="1. " + text.replace("\n\n", "\n")).text)


@given(clauses)
@checked
def test_the_contract_holds_for_any_opening(text):
    check_contract(Parts(opening="Ngày 08/3/2024, " + text.replace("\n", " ") + " kết luận như sau:").text)


@pytest.mark.parametrize("times", [1, 4, 16])
def test_each_paragraph_is_segmented_once_at_most(monkeypatch, times):
    seen = []
    real = view.words
    monkeypatch.setattr(view, "words", lambda line: seen.append(line) or real(line))
    body = "\n".join(f"{number}. Giao Sở Y tế, Sở Nội vụ rà soát việc {number}." for number in range(1, 6 * times))
    document = document_of(Parts(body=body).text)
    assert len(find_spans(document)) > 5 * times
    assert 0 < len(seen) <= len(document.paragraphs)
    assert sum(map(len, seen)) <= len(document.text)


def test_a_meeting_does_not_end_before_it_begins():
    opening = "Ngày 08/3/2024, ngày 25/02/2021 Giám đốc Sở chủ trì cuộc họp giao ban; Giám đốc Sở kết luận như sau:"
    meeting = notice_of(opening=opening).meeting
    assert meeting.start_date <= meeting.end_date
