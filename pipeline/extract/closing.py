"""The foot of a notice: to whom it goes, and who signed on whose authority."""

from __future__ import annotations

import itertools
import re
from collections.abc import Sequence

from pipeline.document import Paragraph, Span
from pipeline.extract.outline import Outline
from pipeline.extract.persons import SYLLABLE
from pipeline.extract.view import View

_HEADING = re.compile(r"noi\s?nh[a-z]{2}\s*[:.]?\s*")
_DASH = re.compile(r"[-–+•*]\s*")
_END_MARKS = " .;,:/"
_SIGNER = re.compile(
    r"(?:(?:GS|PGS|TS|ThS|BS|KS|TSKH|LS|CN|CKI|CKII|NGƯT|NGND|"
    r"Đại tá|Thượng tá|Trung tá|Thiếu tướng|Trung tướng|Bác sĩ)[.,]?\s*)*"
    rf"(?P<name>{SYLLABLE}(?:[ -]{SYLLABLE}){{1,5}})"
)
_STAMP = re.compile(
    r"\(?\s*(?:đã ký|ký bởi|ký tên|thời gian ký|người ký|cơ quan:|email|ký, đóng dấu|ký và ghi rõ|ký, ghi rõ)"
)


def find_closing(view: View, outline: Outline) -> list[Span]:
    """Return the spans "recipient", "authority", "signer_title" and "signer_name"."""
    return [*_recipients(view, outline.recipients), *_signature(view, outline.signature)]


def _recipients(view: View, lines: Sequence[Paragraph]) -> list[Span]:
    """One span a line of "Nơi nhận"; a line without a dash goes on the one before it."""
    spans: list[Span] = []
    for index, line in enumerate(lines):
        start = line.start
        if index == 0:
            heading = _HEADING.match(view.folded, start, line.end)
            start = heading.end() if heading else start
        for begin, last, dashed in _entries(view, start, line.end):
            goes_on = spans and not dashed and not _is_ended(view, spans[-1].end)
            first = spans.pop().start if goes_on else begin
            end = _without_marks(view, first, last)
            if end > first:
                spans.append(Span("recipient", first, end, " ".join(view.text[first:end].split())))
    return spans


def _entries(view: View, start: int, end: int) -> list[tuple[int, int, bool]]:
    """Cut a line that holds several entries ("- A; - B; - Lưu: VT.")."""
    cuts = [start, *[found.end() for found in re.compile(r";\s+(?=[-–]\s?\w)").finditer(view.text, start, end)], end]
    entries = []
    for first, last in itertools.pairwise(cuts):
        dash = _DASH.match(view.text, first, last)
        entries.append((dash.end() if dash else first, last, dash is not None))
    return [entry for entry in entries if entry[1] > entry[0]]


def _is_ended(view: View, end: int) -> bool:
    return view.text[end : end + 1] in {";", "."}


def _without_marks(view: View, start: int, end: int) -> int:
    while end > start and view.text[end - 1] in _END_MARKS:
        end -= 1
    return end


def _signature(view: View, lines: Sequence[Paragraph]) -> list[Span]:
    """Capitals are authority and title, the last of them the title; the name stands below."""
    spans: list[Span] = []
    titles: list[Paragraph] = []
    for line in lines:
        text = view.text[line.start : line.end]
        if _STAMP.match(view.plain, line.start, line.end) or not any(c.isalpha() for c in text):
            continue
        name = _SIGNER.fullmatch(text.strip(" ./"))
        if name and not (text.isupper() and not titles) and not _is_title(view, line):
            at = line.start + text.index(name["name"])
            spans.append(Span("signer_name", at, at + len(name["name"]), name["name"]))
            break
        if _is_title(view, line):
            titles.append(line)
    spans += [_title_span(view, line, "authority") for line in titles[:-1]]
    spans += [_title_span(view, line, "signer_title") for line in titles[-1:]]
    return spans


def _title_span(view: View, line: Paragraph, label: str) -> Span:
    end = _without_marks(view, line.start, line.end)
    return Span(label, line.start, end, view.text[line.start : end])


def _is_title(view: View, line: Paragraph) -> bool:
    letters = [c for c in view.text[line.start : line.end] if c.isalpha()]
    return len(letters) > 1 and sum(c.isupper() for c in letters) > 0.75 * len(letters)
