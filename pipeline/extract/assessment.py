"""The assessment: what went well and what did not, one span a stated point."""

from __future__ import annotations

import functools
import re
from collections.abc import Iterator
from typing import Literal

from pipeline.document import Span
from pipeline.extract.view import View
from pipeline.language import LOWER, alternatives, load, regex

Mood = Literal["achievement", "weakness"]


@functools.cache
def _has(key: str) -> re.Pattern[str]:
    return re.compile(rf"(?<!\w){alternatives(load('cues')[key])}(?!\w)")


_SENTENCE = re.compile(rf"(?<=[^.\s])\.(?:\s+(?=[^{LOWER}])|\s*$)|(?<=[!?])\s+")
_HEAD = regex("assessment", "head")
_LEADS_IN = regex("assessment", "leads_in")
_NOMINAL = regex("assessment", "nominal")
_OVERCOME = re.compile(r"(?<!\w)(?:vượt qua|khắc phục|mặc dù|tháo gỡ|giảm|trong điều kiện|dù|xử lý)(?!\w)")
_STRONG = regex("assessment", "strong")
_JOINED = re.compile(r"(?:thiếu|đồng thời|nhất là|trong đó|như|kể cả|hoặc|chất lượng cao|nhưng)(?!\w)")
_TURN = re.compile(r"(?:tuy nhiên|tuy vậy|song(?=[ ,])|mặc dù vậy|bên cạnh|ngoài những kết quả|hạn chế|tồn tại)")


def find_points(view: View, start: int, end: int, mood: Mood | None) -> tuple[list[Span], Mood | None]:
    """Return the points stated in ``text[start:end]`` and the mood at its end.

    `mood` is what the section or the paragraph before calls for; None where it does not say.
    """
    spans: list[Span] = []
    for first, last in _sentences(view, start, end):
        text = view.plain[first:last]
        if _TURN.match(text) and _has("weak").search(text):
            mood = "weakness"
        if _states_nothing(text):
            continue
        begin, _ = _without_lead_in(view, first, last)
        mood = "weakness" if begin > first else mood
        follows = mood
        for a, b in _clauses(view, begin, last, mood):
            span = _point(view, a, b, follows)
            if span is not None:
                spans.append(span)
                follows = follows or ("weakness" if span.label == "weakness" else None)
    return spans, mood


def _states_nothing(text: str) -> bool:
    if re.match(r"để\s", text) or re.search(r"(?:yêu cầu|kết luận|như sau)\s*:\s*$", text):
        return True
    return any(re.match(alternatives(load("cues")[key]), text) for key in ("empty", "causes"))


def _sentences(view: View, start: int, end: int) -> Iterator[tuple[int, int]]:
    at = start
    for found in _SENTENCE.finditer(view.text, start, end):
        if found.start() > at:
            yield at, found.start()
        at = found.end()
    if at < end:
        yield at, end


def _without_lead_in(view: View, start: int, end: int) -> tuple[int, int]:
    """Leave out "vẫn còn những hạn chế, cụ thể như:" where it only leads in the points behind it."""
    found = _LEADS_IN.match(view.plain[start:end])
    if found is None:
        return start, end
    own = _NOMINAL.sub(" ", found.group())
    if found.end() == end - start and _STRONG.search(own):
        return start, end
    return start + found.end(), end


def _clauses(view: View, start: int, end: int, mood: Mood | None) -> Iterator[tuple[int, int]]:
    """Cut at ";" where what stands on both sides states something of its own."""
    at = start
    for found in re.compile(r";\s*").finditer(view.text, start, end):
        left, right = view.plain[at : found.start()], view.plain[found.end() : end].split(";")[0]
        listed = _ENUMERATED.match(right) is not None
        stated = _states(left) or (mood == "weakness" and len(left.split()) > 4 and not _NOUNS.match(left))
        if listed or (stated and len(right.split()) > 2 and not _JOINED.match(right)):
            yield at, found.start()
            at = found.end()
    if at < end:
        yield at, end


_NOUNS = re.compile(r"(?:công tác|việc|hoạt động|nhận thức|vai trò)(?!\w)")
_ENUMERATED = re.compile(r"\((?:\d{1,2}|[ivx]{1,4}|[a-zđ])\)")
_STATED = re.compile(r"(?<!\w)(?:vẫn|phải|bị|được|cao|dễ|có|là|mới|không|đang|\d+[.,\d]*%?)(?!\w)")


def _states(clause: str) -> bool:
    """Tell whether a clause says something of its subject, rather than only naming it."""
    if len(clause.split()) < 3:
        return False
    return bool(_has("weak").search(clause) or _has("good").search(clause) or _STATED.search(clause))


def _point(view: View, start: int, end: int, mood: Mood | None) -> Span | None:
    head = _HEAD.match(view.plain, start, end)
    start = head.end() if head else start
    start, end = view.strip(start, end)
    while end > start and view.text[end - 1] in " .;,:":
        end -= 1
    if view.text[end : end + 3] == "...":
        end += 3
    text = view.plain[start:end]
    if len(text.split()) < 3:
        return None
    label = _mood_of(text, mood)
    return None if label is None else Span(label, start, end)


def _mood_of(text: str, mood: Mood | None) -> Mood | None:
    """A clause follows its section; a plain fault in a good section is a weakness all the same."""
    if mood == "weakness":
        return mood
    if _STRONG.search(text) and not _OVERCOME.search(text):
        return "weakness"
    if mood == "achievement" or _has("good").search(text):
        return "achievement"
    return "weakness" if _has("weak").search(text) else None
