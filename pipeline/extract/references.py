"""Cited documents: "Nghị quyết số 39/2016/NQ-HĐND ngày 15 tháng 12 năm 2016 của HĐND tỉnh"."""

from __future__ import annotations

import datetime as dt
import functools
import re
from dataclasses import dataclass

from pipeline.document import Span
from pipeline.extract.grammar import begins_member
from pipeline.extract.names import parse_list
from pipeline.extract.view import View
from pipeline.language import alternatives, load, regex
from pipeline.normalise.dates import find_dates

_CODE = r"[A-ZĐÀ-Ỹ](?:[\wĐđ&.]*[\wĐđ])?(?:[-–/][\wĐđ&.]*[\wĐđ])*"
_NUMBER = rf"\d{{1,6}}[a-zA-Z]?(?:\s?/\s?(?:19|20)\d{{2}})?\s?[/\-–]\s?(?:(?:19|20)\d{{2}}\s?/\s?)?{_CODE}"
_NUMBERED = re.compile(rf"(?P<word>[Ss]ố\s*:?\s*)?(?<![\w/])(?P<number>{_NUMBER})")


@dataclass(frozen=True, slots=True)
class Reference:
    """What a citation names; the span's value."""

    document_type: str | None
    number: str
    issue_date: dt.date | None
    issuer: str | None


@functools.cache
def _type_before() -> re.Pattern[str]:
    types = alternatives(load("documents")["types"])
    return re.compile(rf"(?<!\w)(?:{types}\s+|(?:bộ luật|luật|pháp lệnh)\s+[^,;:.()\d]{{2,70}}?\s+)$")


_DATED = re.compile(r"\s*,?\s*(?:\(?\s*ban hành\s+)?ngày\s+(?=\d)")
_ISSUED_BY = re.compile(r"\s*,?\s*của\s+(?:(?:ban chấp hành|đồng chí)\s+)?")


def find_references(view: View, start: int, end: int) -> list[Span]:
    """Return the citations with a number in ``text[start:end]``, in order; labels are "reference"."""
    spans: list[Span] = []
    for found in _NUMBERED.finditer(view.text, start, end):
        if spans and found.start() < spans[-1].end:
            continue
        span = _citation(view, found, start, end, spans)
        if span is not None:
            spans.append(span)
    return spans


def _citation(view: View, found: re.Match[str], start: int, end: int, before: list[Span]) -> Span | None:
    named = _type_before().search(view.plain, max(start, found.start() - 90), found.start())
    number = re.sub(r"\s", "", found["number"]).replace("–", "-")
    if named is None and not (found["word"] and (_follows(view, before, found.start()) or _kind_of(number))):
        return None
    at = found.end()
    dated = _DATED.match(view.plain, at, end)
    dates = find_dates(view.plain, dated.end(), min(end, dated.end() + 30)) if dated else []
    date = dates[0] if dates and dated and dates[0].start == dated.end() else None
    if date is not None:
        at = date.end
    issuer = _issuer(view, at, end)
    first = named.start() if named else found.start()
    last = issuer[1] if issuer else at
    value = Reference(
        _type_name(view, named, number, before),
        number,
        date.date if date else None,
        view.text[slice(*issuer)] if issuer else None,
    )
    return Span("reference", first, last, value)


def _follows(view: View, before: list[Span], at: int) -> bool:
    """Tell whether "số …" goes on a list of documents of one type."""
    return bool(before) and re.fullmatch(r"\s*(?:[,;]|và|[,;]\s*và)\s*", view.plain[before[-1].end : at]) is not None


def _kind_of(number: str) -> str | None:
    """Tell the type by the abbreviation in a number: "1479/QĐ-TTg" is a Quyết định."""
    table: dict[str, str] = load("documents")["abbreviations"]
    codes = re.findall(r"[A-Za-zĐđ]+", number)
    return next((table[code.lower()] for code in codes if code.lower() in table), None)


def _type_name(view: View, named: re.Match[str] | None, number: str, before: list[Span]) -> str | None:
    if named is not None:
        name = re.sub(r"^((?:Bộ l|L)uật|Pháp lệnh) .*", r"\1", view.text[named.start() : named.end()].strip())
        return name[:1].upper() + name[1:]
    previous = before[-1].value if before else None
    if isinstance(previous, Reference):
        return previous.document_type
    return _kind_of(number)


_SOLE = regex("references", "sole")


def _issuer(view: View, at: int, end: int) -> tuple[int, int] | None:
    """Return where the issuer behind a citation stands: "của HĐND tỉnh"."""
    opening = _ISSUED_BY.match(view.plain, at, end)
    if opening is None:
        return None
    first = opening.end()
    sole = _SOLE.match(view.plain, first, end)
    if not begins_member(view, first) and sole is None:
        return None
    members, stop = parse_list(view, first, min(end, first + 160), bare=True)
    if not members:
        return None
    stop = members[0].end
    clause = re.compile(r"\s(?:trong|trên|ở|tại|có|được|nơi|và một số)\s").search(view.plain, first, stop)
    stop = clause.start() if clause else stop
    return (first, stop) if stop > first else None
