"""The assessment: what went well and what did not, one span a stated point."""

from __future__ import annotations

import functools
import re
from collections.abc import Iterator
from typing import Literal

from pipeline.document import Span
from pipeline.extract.tagger import Chances
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
_BUT = re.compile(r"(?:tuy nhiên|tuy vậy|mặc dù vậy),? ")
_TELLS_TASK = regex("roles", "tasking")
_TURN = re.compile(r"(?:tuy nhiên|tuy vậy|song(?=[ ,])|mặc dù vậy|bên cạnh|ngoài những kết quả|hạn chế|tồn tại)")


def find_points(view: View, start: int, end: int, mood: Mood | None) -> tuple[list[Span], Mood | None]:
    """Return the points stated in ``text[start:end]`` and the mood at its end.

    `mood` is what the section or the paragraph before calls for; None where it does not say.
    """
    spans: list[Span] = []
    for first, last in _sentences(view, start, end):
        text = view.plain[first:last]
        if _TURN.match(text) and (_has("weak").search(text) or (_BUT.match(text) and not _TELLS_TASK.search(text))):
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


def clauses_of(view: View, start: int, end: int) -> Iterator[tuple[int, int]]:
    """Cut ``text[start:end]`` into sentences, and these at ";" where both sides state something of their own."""
    for first, last in _sentences(view, start, end):
        for a, b in _clauses(view, first, last, "weakness"):
            begin, stop = view.strip(a, b)
            if stop > begin:
                yield begin, stop


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
    chances = view.voice.of_clause(start, end) if view.voice is not None else None
    if view.voice is not None and view.voice.alone:
        label, method = _likeliest(chances), "model"
    else:
        label, method = _vote(chances, _mood_of(text, mood), sure=_is_told(text, mood))
    return None if label is None else Span(label, start, end, method=method)


SURE_POINT = 0.8
"""How sure the model must be of a mood where the rules see none."""
AGAINST_WORD = 0.9
"""How sure it must be of the other mood than the one that a mere word suggests."""
AGAINST_CUE = 0.95
"""The same where a section or a plain fault speaks."""
NO_POINT = 0.95
"""How sure it must be that a clause states nothing, to drop what a mere word makes a point."""


def _likeliest(chances: Chances | None) -> Mood | None:
    """Return the mood that the model finds likelier than any other role."""
    if chances is None:
        return None
    best = max(chances, key=lambda name: chances[name])
    return "achievement" if best == "achievement" else "weakness" if best == "weakness" else None


def _vote(chances: Chances | None, mood: Mood | None, *, sure: bool) -> tuple[Mood | None, str]:
    """Return a clause's mood and who decided it; where the rules are `sure`, only a very sure model decides."""
    if chances is None:
        return mood, "rule"
    other: Mood = "achievement" if mood == "weakness" else "weakness"
    likely: Mood = "achievement" if chances["achievement"] > chances["weakness"] else "weakness"
    if mood is None:
        return (likely, "model") if chances[likely] >= SURE_POINT else (None, "rule")
    if chances[other] >= (AGAINST_CUE if sure else AGAINST_WORD):
        return other, "model"
    if not sure and 1 - chances["achievement"] - chances["weakness"] >= NO_POINT:
        return None, "model"
    return mood, "rule+model" if chances[mood] > 0.5 else "rule"


def _is_told(text: str, mood: Mood | None) -> bool:
    """Tell whether a section or a plain fault decides a clause's mood, and no mere word."""
    return mood == "weakness" or (_STRONG.search(text) is not None and not _OVERCOME.search(text))


def _mood_of(text: str, mood: Mood | None) -> Mood | None:
    """A clause follows its section; a plain fault in a good section is a weakness all the same."""
    if mood == "weakness":
        return mood
    if _STRONG.search(text) and not _OVERCOME.search(text):
        return "weakness"
    if mood == "achievement" or _has("good").search(text):
        return "achievement"
    return "weakness" if _has("weak").search(text) else None
