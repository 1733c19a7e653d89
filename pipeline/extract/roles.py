"""What each paragraph of the conclusions is: heading, assessment, lead-in or directive."""

from __future__ import annotations

import dataclasses
import functools
import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from pipeline.extract.assignees import Actor, find_actors
from pipeline.extract.grammar import begins_member, pattern_of
from pipeline.extract.items import Item
from pipeline.extract.names import parse_list
from pipeline.extract.tagger import Voice
from pipeline.extract.view import View
from pipeline.language import alternatives, load, regex

Section = Literal["achievement", "weakness", "cause", "attendance", "task"]
Role = Literal["heading", "assessment", "lead-in", "directive", "nothing"]
LONGEST_HEADING = 220


@dataclass(frozen=True, slots=True)
class Judged:
    """An item with its role, the section that it stands in, whether a cue said so or only the place, and who spoke."""

    item: Item
    role: Role
    section: Section | None
    cue: bool = True
    method: str = "rule"


@functools.cache
def _begins(key: str) -> re.Pattern[str]:
    return re.compile(
        r"(?:[ivx\d]+\.\s*)?(?:về\s+|đánh giá (?:chung )?về\s+|một số\s+|những\s+|các\s+)*"
        rf"{alternatives(load('cues')[key])}(?!\w)"
    )


@functools.cache
def _lead_words() -> re.Pattern[str]:
    return re.compile(rf"(?<!\w){alternatives(load('cues')['lead_in_words'])}(?!\w)")


_TITLE = re.compile(
    r"(?:về|với|đối với|nhiệm vụ|công tác|trách nhiệm của|nội dung|nhiệm vụ của|việc|lĩnh vực|"
    r"liên quan(?: đến)?|phần)(?!\w)"
)
_ASSESSING = regex("roles", "assessing")
_TASKING = regex("roles", "tasking")
_TOLD_OF = re.compile(r"(?<!\w)(?:đã|đạt|đạt được|vẫn|còn|chưa)(?!\w)")
_PAST = re.compile(r"(?<!\w)(?:đã|đạt|đạt được|vẫn còn|còn|chưa|tăng|giảm|bị)(?!\w)")


def judge_items(view: View, items: Sequence[Item]) -> list[Judged]:
    """Give each item its role, in one pass: headings set the section of what stands under them."""
    if view.voice is not None and view.voice.alone:
        return [_by_model(view.voice, item) for item in items]
    judged: list[Judged] = []
    sections: dict[int, Section | None] = {}
    loose: Section | None = None
    started = False
    for index, item in enumerate(items):
        above = next((sections[i] for i in reversed(item.parents) if i in sections), None)
        section = above if above is not None else (None if item.is_numbered and not item.parents else loose)
        role: Role
        cue = True
        if _is_heading(view, items, index):
            role = "heading"
            section = _heading_section(view, item) or section
            sections[index] = section
            loose = section if item.kind is None else (None if not item.parents else loose)
        else:
            role, cue = _role_of(view, item, section, started=started)
            if role == "lead-in" or (role == "directive" and _ends_open(view, item)):
                loose = "task" if item.kind is None else loose
        named = role == "heading" and item.is_numbered and section in {None, "task"}
        started = started or named or role in {"lead-in", "directive"}
        own = run_in_section(_text(view, item)) if role == "assessment" and section != "cause" else None
        least = AGAINST_TENSE if role == "directive" and _tells_how_it_is(view, item) else AGAINST_PLACE
        judged.append(_vote(view.voice, Judged(item, role, own or section, cue), least))
    return judged


AGAINST_PLACE = 0.9
"""How sure the model must be that a paragraph orders, or assesses, to overrule the rules where only its place spoke."""
AGAINST_TENSE = 0.5
"""The same where the words tell how things stand, and no verb begins them."""
_OF_MODEL: dict[str, tuple[Role, Section | None]] = {
    "heading": ("heading", None),
    "lead-in": ("lead-in", None),
    "directive": ("directive", "task"),
    "achievement": ("assessment", "achievement"),
    "weakness": ("assessment", "weakness"),
    "cause": ("assessment", "cause"),
}


def _by_model(voice: Voice, item: Item) -> Judged:
    """Give an item the role that the model finds likeliest."""
    chances = voice.of_paragraph(item.start) or {"none": 1.0}
    role, section = _OF_MODEL.get(max(chances, key=lambda name: chances[name]), ("nothing", None))
    return Judged(item, role, section, cue=False, method="model")


def _vote(voice: Voice | None, judged: Judged, least: float) -> Judged:
    """Let the model speak beside the rules: where only the place decided, it overrules them if it is `least` sure.

    A cue is never overruled: long paragraphs of an unknown hand lead the model astray where a single word is plain.
    """
    chances = voice.of_paragraph(judged.item.start) if voice is not None else None
    if chances is None or judged.role not in {"directive", "assessment"}:
        return judged
    orders = chances["directive"]
    assesses = chances["achievement"] + chances["weakness"] + chances["cause"]
    ours, theirs = (orders, assesses) if judged.role == "directive" else (assesses, orders)
    if judged.cue or theirs < least:
        return dataclasses.replace(judged, method="rule+model" if ours > 0.5 else "rule")
    other: Role = "assessment" if judged.role == "directive" else "directive"
    return dataclasses.replace(judged, role=other, method="model")


def _tells_how_it_is(view: View, item: Item) -> bool:
    """Tell whether an item begins with what it tells of ("Nợ thuế … còn lớn"), and names nobody who is to act."""
    first = re.split(r"(?<=[.;])\s", _text(view, item))[0]
    begins = pattern_of("stop").match(view.plain, item.start) or view.is_verb(item.start, item.start)
    return bool(_TOLD_OF.search(first)) and not begins and not find_actors(view, item.start, item.end)


def _text(view: View, item: Item) -> str:
    return view.plain[item.start : item.end]


def _ends_open(view: View, item: Item) -> bool:
    return view.text[item.start : item.end].rstrip().endswith(":")


def _has_children(items: Sequence[Item], index: int) -> bool:
    if index + 1 >= len(items):
        return False
    following = items[index + 1]
    return index in following.parents or following.kind is None or items[index].kind is None


def _is_heading(view: View, items: Sequence[Item], index: int) -> bool:
    """A short paragraph without an end mark over others, that names a matter and nobody who acts."""
    item = items[index]
    text = view.text[item.start : item.end].strip()
    plain = _text(view, item).strip()
    if len(text) > LONGEST_HEADING or text.endswith((".", ";", "/")):
        return False
    if text.isupper() and (item.kind in {None, "roman"} or not is_actor_only(view, item)):
        return True
    followed = _has_children(items, index)
    if any(_begins(key).match(plain) for key in _SECTION_HEADINGS):
        return len(text) < 90 and (text.endswith(":") or item.kind is not None or followed)
    return followed and _names_a_matter(view, item, text, plain)


_SECTION_HEADINGS = ("heading_good", "heading_bad", "heading_cause", "heading_attendance")


def _names_a_matter(view: View, item: Item, text: str, plain: str) -> bool:
    """Tell a title over its items ("Về …", "Công tác …") from an order or an actor."""
    if is_actor_only(view, item) or (item.kind is None and not text.endswith(":")):
        return False
    if text.endswith(":"):
        nominal = item.is_numbered and not view.is_verb(item.start, item.start)
        return (bool(_TITLE.match(plain)) or nominal) and not find_actors_ordered(view, item)
    return not find_actors(view, item.start, item.end)


def find_actors_ordered(view: View, item: Item) -> list[Actor]:
    """Return who an item orders to act, titles such as "Đối với các tỉnh:" left out."""
    actors = find_actors(view, item.start, item.end)
    ordered = re.search(r"(?<!\w)(?:giao|yêu cầu|đề nghị|phân công)\s", _text(view, item)) is not None
    return [] if view.plain.startswith("đối với", item.start) and not ordered else actors


def is_actor_only(view: View, item: Item) -> bool:
    """Tell whether an item is nothing but the body that acts ("1. Sở Công Thương", "c) UBND Phường 2:")."""
    members, stop = parse_list(view, item.start, item.end)
    rest = re.sub(r"^\s*\([^()]*\)", "", view.text[stop : item.end])
    return bool(members) and not rest.strip(" :.,;-")


def _heading_section(view: View, item: Item) -> Section | None:
    text = _text(view, item)
    found: dict[str, Section] = {
        "heading_bad": "weakness",
        "heading_cause": "cause",
        "heading_attendance": "attendance",
        "heading_good": "achievement",
        "heading_task": "task",
    }
    starts = [(match.start(), section) for key, section in found.items() if (match := _begins(key).match(text))]
    if starts:
        return starts[0][1]
    cues = [
        (key, re.compile(rf"(?<!\w){alternatives(load('cues')[key])}(?!\w)")) for key in ("heading_task", "heading_bad")
    ]
    return next((found[key] for key, pattern in cues if pattern.search(text)), None)


def _role_of(view: View, item: Item, section: Section | None, *, started: bool) -> tuple[Role, bool]:
    """Return an item's role, and whether a cue speaks for it."""
    text = _text(view, item)
    if section == "attendance":
        return "nothing", True
    if section in {"achievement", "weakness", "cause"} or run_in_section(text) is not None:
        return _role_in_assessment(view, item, text), True
    if _leads_in(view, item, text):
        return "lead-in", True
    told_of = section is None or (section == "task" and _ASSESSING.match(text) is not None)
    if told_of and item.kind is None and _tells_of_past(view, item, text):
        return "assessment", True
    return _role_by_words(view, item, section, started=started)


def _role_by_words(view: View, item: Item, section: Section | None, *, started: bool) -> tuple[Role, bool]:
    """Decide where no heading does: by who is told what, by the tense, and at last by the place."""
    text = _text(view, item)
    tasked = _TASKING.search(text) is not None
    told = _is_deciding(text) or _acts(view, item)
    if told or section == "task" or (started and (item.kind is not None or item.parents)):
        return "directive", told or section == "task" or tasked
    if _is_assessing(view, item, started=started):
        return "assessment", True
    return ("directive" if item.kind is not None or tasked else "assessment"), tasked


def run_in_section(text: str) -> Section | None:
    """Return the section that an item's own head names: "Ưu điểm: …", "Nhược điểm: …"."""
    head = re.match(r"[^.:;,]{3,40}:\s", text)
    if head is None:
        return None
    if _begins("heading_bad").match(text):
        return "weakness"
    return "achievement" if _begins("heading_good").match(text) else None


def _role_in_assessment(view: View, item: Item, text: str) -> Role:
    """Orders inside an assessment section are still orders, where somebody is named to act."""
    if item.kind is None and re.match(r"(?:yêu cầu|giao|đề nghị)\s", text) and find_actors(view, item.start, item.end):
        return "lead-in" if _leads_in(view, item, text) else "directive"
    return "assessment"


def _tells_of_past(view: View, item: Item, text: str) -> bool:
    """A paragraph under a neutral title that only says how things stand."""
    first = re.split(r"(?<=[.;])\s", text)[0]
    tasked = _TASKING.search(re.sub(r"cần (?:nhìn|phải nhìn|thẳng thắn)", "", text))
    return bool(_TOLD_OF.search(text if _ASSESSING.match(text) else first)) and not (
        tasked or _is_deciding(text) or find_actors(view, item.start, item.end)
    )


_DECIDING = regex("roles", "deciding")


def _is_deciding(text: str) -> bool:
    return _DECIDING.match(text) is not None


_BEHIND_ORDER = 12
_FRAMED = re.compile(
    r"(?:đối với|trường hợp|nếu|khi|để|nhằm|trên cơ sở|căn cứ|sau khi|ngay sau|chậm nhất|trước ngày|riêng)"
    r"(?!\w)[^.;:]*, $"
)
"""A condition, an aim or a time before the actor: what it tells of others is no assessment."""


def _acts(view: View, item: Item) -> bool:
    """Tell whether a paragraph begins with somebody who is told to act."""
    actors = find_actors(view, item.start, item.end)
    if not actors or actors[0].role != "lead":
        return False
    at = actors[0].member.start
    framed = _FRAMED.match(view.plain, item.start, at) is not None and view.plain[at - 2 : at] == ", "
    return framed or at - item.start < _BEHIND_ORDER


def _tells_somebody(view: View, start: int, end: int) -> bool:
    """Tell whether an order word stands before somebody who can act."""
    orders = re.compile(r"(?<!\w)(?:yêu cầu|giao|đề nghị)\s+").finditer(view.plain, start, end)
    return any(begins_member(view, order.end()) for order in orders)


def _is_assessing(view: View, item: Item, *, started: bool) -> bool:
    text = _text(view, item)
    first = re.split(r"(?<=[.;])\s", text)[0]
    told = _tells_somebody(view, item.start, item.start + len(first) if item.kind is None else item.end)
    if told and item.kind is not None:
        return False
    if _ASSESSING.match(text):
        return not _TASKING.search(first) or (bool(_PAST.search(first)) and not told)
    past = _PAST if item.kind is None else _TOLD_OF
    return (item.kind is None or not started) and bool(past.search(first)) and not _TASKING.search(first)


def _leads_in(view: View, item: Item, text: str) -> bool:
    """Tell whether a paragraph only introduces what follows and orders nothing of its own."""
    if item.kind is not None or not text.rstrip().endswith(":") or _names_only_actors(view, item):
        return False
    return not own_order(view, item)


_TOLD = re.compile(r"(?:giao|yêu cầu|đề nghị|phân công)\s+(?:cho\s+)?")


def _names_only_actors(view: View, item: Item) -> bool:
    """Tell "Giao Sở X:", an order that the items behind it complete, from a lead-in."""
    told = view.match(_TOLD, item.start, item.end)
    members, stop = parse_list(view, told.end() if told else item.start, item.end)
    return bool(members) and not view.text[stop : item.end].strip(" :")


def own_order(view: View, item: Item) -> str:
    """Return what a lead-in orders besides its list, or an empty text."""
    actors = find_actors(view, item.start, item.end)
    leads = [actor for actor in actors if actor.role == "lead"]
    if leads:
        rest = view.plain[leads[-1].member.end : item.end]
    else:
        rest = re.split(r"(?:[.;,]\s|(?<!\w)yêu cầu(?!\w))", _text(view, item))[-1]
    left = _lead_words().sub(" ", rest)
    left = re.sub(r"[\W_]+", " ", left).strip()
    return left if len(left.split()) > 2 else ""
