"""The head of a notice: issuer, number, place and date, type and subject, urgency and secrecy."""

from __future__ import annotations

import re
from collections.abc import Sequence

from pipeline.document import Paragraph, Span
from pipeline.extract.outline import Outline
from pipeline.extract.titles import nearest
from pipeline.extract.view import View
from pipeline.language import alternatives, load, lower, regex
from pipeline.normalise.dates import find_dates

_NATION = re.compile(r"cong hoa xa hoi|doc lap.{0,4}tu do|dang cong san")
_NUMBER = re.compile(r"s[oố]\s*(?P<colon>[:.])?\s*(?P<number>.*)")
_PRINTED = re.compile(r"(?P<digits>\d[\d ]{0,6}[a-zA-Z]?)\s*(?P<code>[/\-–]\s*[^\s,;]+(?:\s?[/\-–&]\s?[^\s,;]+)*)?")
_PLACE = re.compile(r"(?P<place>[^\W\d_][^,;:]{1,40}?)\s*,\s*ng[aà]y\b")
_BODY = regex("letterhead", "body")
_COMPLETED_BY = re.compile(r"(?:tỉnh|huyện|thành phố|quận|thị xã|xã|phường|thị trấn|đặc khu|việt nam|nhân dân)(?!\w)")
_OPEN_ENDED = regex("letterhead", "open_ended")


def find_letterhead(view: View, outline: Outline) -> list[Span]:
    """Return the header's spans; each label is the contract's field name."""
    head = outline.head
    spans = [*_marks(view, head), *_number(view, head), *_place_and_date(view, head), *_bodies(view, head)]
    if outline.title is not None:
        spans.append(Span("document_type", outline.title.start, outline.title.end, _type_name(view, outline.title)))
    if outline.subject:
        start, end = outline.subject[0].start, outline.subject[-1].end
        start, end = _without_brackets(view, start, end)
        spans.append(Span("subject", start, end, " ".join(view.text[start:end].split())))
    return spans


def _type_name(view: View, title: Paragraph) -> str:
    """Name the type by the word of the form that was printed, also where OCR blurred its marks ("THÔNG BẢO")."""
    printed = view.text[title.start : title.end].strip(" .:_-*")
    known: list[str] = load("cues")["titles"]
    if lower(printed) in known:
        return printed.capitalize()
    meant = nearest(printed, known)
    return printed.capitalize() if meant is None else meant.capitalize()


def _without_brackets(view: View, start: int, end: int) -> tuple[int, int]:
    if view.text[start] == "(" and view.text[end - 1] == ")":
        return start + 1, end - 1
    while end > start and view.text[end - 1] in " .-_*":
        end -= 1
    return start, end


def _marks(view: View, head: Sequence[Paragraph]) -> list[Span]:
    """Urgency and secrecy, each alone on its line."""
    spans = []
    for kind in ("urgency", "secrecy"):
        table = {lower(key): value for key, value in load("cues")[kind].items()}
        pattern = re.compile(alternatives(table))
        for paragraph in head:
            found = pattern.fullmatch(view.plain[paragraph.start : paragraph.end].strip(" .:!"))
            if found and view.text[paragraph.start].isupper():
                spans.append(Span(kind, paragraph.start, paragraph.end, table[found.group()]))
                break
    return spans


def _is_number_line(view: View, paragraph: Paragraph) -> bool:
    found = _NUMBER.match(view.plain, paragraph.start, paragraph.end)
    return found is not None and bool(found["colon"] or not found["number"] or re.match(r"[\d/.…_-]", found["number"]))


def _number(view: View, head: Sequence[Paragraph]) -> list[Span]:
    for paragraph in head:
        if not _is_number_line(view, paragraph):
            continue
        found = _NUMBER.match(view.plain, paragraph.start, paragraph.end)
        if found is None:
            continue
        printed = _PRINTED.match(view.text, found.start("number"), paragraph.end)
        if printed is None or not printed["code"]:
            bare = printed is not None and printed.end() == paragraph.end
            if not bare or printed is None:
                return []
        value = re.sub(r"\s", "", printed.group()).replace("–", "-")
        return [Span("document_number", printed.start(), printed.end(), value)]
    return []


def _place_and_date(view: View, head: Sequence[Paragraph]) -> list[Span]:
    for paragraph in head:
        found = _PLACE.search(view.plain, paragraph.start, paragraph.end)
        if found is None:
            continue
        spans = [Span("place", *found.span("place"), view.text[slice(*found.span("place"))])]
        dates = find_dates(view.plain, found.end("place"), paragraph.end)
        if dates and dates[0].date is not None:
            spans.append(Span("issue_date", dates[0].start, dates[0].end, dates[0].date))
        return spans
    return []


def _bodies(view: View, head: Sequence[Paragraph]) -> list[Span]:
    """The lines of the left head, joined to bodies: the last is the issuer, what stands above it its parent."""
    bodies: list[tuple[int, int]] = []
    for paragraph in head:
        if _is_number_line(view, paragraph) or _PLACE.search(view.plain, paragraph.start, paragraph.end):
            break
        text = view.text[paragraph.start : paragraph.end]
        if _NATION.search(view.folded, paragraph.start, paragraph.end) or not _is_capitals(text):
            continue
        if bodies and _completes(view, bodies[-1], paragraph):
            bodies[-1] = (bodies[-1][0], paragraph.end)
        else:
            bodies.append((paragraph.start, paragraph.end))
    if not bodies:
        return []
    spans = [Span("issuing_body", *bodies[-1], " ".join(view.text[slice(*bodies[-1])].split()))]
    if len(bodies) > 1:
        start, end = bodies[0][0], bodies[-2][1]
        spans.append(Span("parent_body", start, end, " ".join(view.text[start:end].split())))
    return spans


def _is_capitals(text: str) -> bool:
    letters = [c for c in text if c.isalpha()]
    return len(letters) > 1 and sum(c.isupper() for c in letters) > 0.7 * len(letters)


def _completes(view: View, body: tuple[int, int], line: Paragraph) -> bool:
    """Tell whether a line goes on the body above it: a place behind "ỦY BAN NHÂN DÂN", or no body of its own."""
    above = " ".join(view.plain[slice(*body)].split())
    text = view.plain[line.start : line.end]
    if _COMPLETED_BY.match(text) and (
        _OPEN_ENDED.fullmatch(above) or not re.search(r"(?:tỉnh|huyện|thành phố|xã|phường|quận) \w", above)
    ):
        return True
    return bool(_OPEN_ENDED.fullmatch(above)) or not _BODY.match(text)
