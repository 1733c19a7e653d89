"""What each paragraph of a notice's body is according to its gold: the labels that the trained model learns."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from rapidfuzz.fuzz import partial_ratio_alignment

from pipeline.extract.items import Item
from pipeline.extract.view import View
from pipeline.language import regex
from pipeline.learn.fields import ANY, Node
from pipeline.learn.likeness import fold_value, pair_up

_ALIKE_TEXT = 0.75
_ALIKE_POINT = 88.0
_SHORT = 90
_CAUSE = re.compile(r"(?:[-+] )?(?:về )?(?:các |một số |những )?(?:nguyên nhân|lý do|bài học)")
_LEADS = re.compile(r"(?<!\w)(?:kết luận|chỉ đạo|ý kiến|yêu cầu|thống nhất|quyết định|sau|sau đây|cần|đề nghị)(?!\w)")


@dataclass(frozen=True, slots=True)
class Point:
    """A stated achievement or weakness: where in the text it stands."""

    label: str
    start: int
    end: int


def label_items(view: View, items: Sequence[Item], gold: Node) -> tuple[list[str | None], list[Point]]:
    """Return each item's role, None where gold does not tell, and the points that gold finds in the items."""
    texts = [view.text[item.start : item.end] for item in items]
    ordered = _directives(gold)
    told = set() if ordered is None else set(pair_up(ordered, texts, _ALIKE_TEXT).values())
    points = _points(view, items, gold)
    roles: list[str | None] = []
    cause = False
    for index, item in enumerate(items):
        role = "directive" if index in told else _mood(points, item) or _rest(view, items, index)
        if role == "heading":
            cause = bool(_CAUSE.match(view.plain, item.start, item.end))
        if role == "nothing" and (cause or _CAUSE.match(view.plain, item.start, item.end)):
            role = "cause"
        unknown = (ordered is None or _assessment(gold) is None) and role not in {"directive", "heading"}
        roles.append(None if unknown else role)
    return roles, points


def _directives(gold: Node) -> list[str] | None:
    listed = gold.get("directives")
    if not isinstance(listed, list):
        return None
    return [str(one.get("text") or "") for one in listed if isinstance(one, Mapping)]


def _assessment(gold: Node) -> list[tuple[str, str]] | None:
    """Return the stated points with their kind; None where gold leaves them open."""
    node = gold.get("assessment")
    if not isinstance(node, Mapping) or ANY in node.values():
        return None
    kinds = {"achievement": "achievements", "weakness": "weaknesses"}
    return [
        (kind, str(one.get("text")))
        for kind, key in kinds.items()
        for one in (node.get(key) or [])
        if isinstance(one, Mapping)
    ]


def _points(view: View, items: Sequence[Item], gold: Node) -> list[Point]:
    found = []
    for kind, text in _assessment(gold) or []:
        places = [place for item in items if (place := _find(view, item, text)) is not None]
        if places:
            _, start, end = max(places)
            found.append(Point(kind, start, end))
    return found


def _find(view: View, item: Item, text: str) -> tuple[float, int, int] | None:
    """Return how well a point's words are found in an item, and where."""
    at = view.text.find(text, item.start, item.end)
    if at >= 0:
        return 101.0, at, at + len(text)
    if item.end - item.start < 0.8 * len(text):
        return None
    here = view.plain[item.start : item.end]
    found = partial_ratio_alignment(fold_value(text), here.casefold(), score_cutoff=_ALIKE_POINT)
    if found is None:
        return None
    return found.score, item.start + found.dest_start, item.start + found.dest_end


def _mood(points: Sequence[Point], item: Item) -> str | None:
    """Return what most of an item's words state."""
    sizes = {"achievement": 0, "weakness": 0}
    for point in points:
        if item.start <= point.start < item.end:
            sizes[point.label] += point.end - point.start
    best = max(sizes, key=lambda label: sizes[label])
    return best if sizes[best] else None


def _rest(view: View, items: Sequence[Item], index: int) -> str:
    """Tell headings and lead-ins from what says nothing that gold asks for."""
    item = items[index]
    text = view.text[item.start : item.end].strip()
    if text.endswith(":") and item.kind is None and _LEADS.search(view.plain, item.start, item.end):
        return "lead-in"
    over = index + 1 < len(items) and (index in items[index + 1].parents or item.kind is None or text.isupper())
    open_ended = not text.endswith((".", ";", "/"))
    if open_ended and over and (item.kind is not None or text.isupper() or len(text) < _SHORT):
        return "heading"
    return "lead-in" if text.endswith(":") and regex("assessment", "leads_in").match(text.lower()) else "nothing"
