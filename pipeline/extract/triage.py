"""Triage: is this document a notice of a meeting's conclusions, and if not, what is it?

It reads the folded view, without marks, so that blurred scans are told as well; it takes no value from it.
"""

from __future__ import annotations

import dataclasses
import functools
import re
from dataclasses import dataclass

from pipeline.document import Paragraph
from pipeline.extract.outline import Outline
from pipeline.extract.view import View
from pipeline.language import alternatives, fold, load

LAST_TITLE = 30
"""Paragraphs from the top among which a title is looked for."""


@dataclass(frozen=True, slots=True)
class Triage:
    """What a document is: whether a notice of conclusions, its type's name where one is printed, and why."""

    is_notice: bool
    document_type: str | None
    reason: str
    title_start: int | None = None


@functools.cache
def _lexicon(key: str) -> re.Pattern[str]:
    return re.compile(rf"(?<!\w){fold(alternatives(load('triage')['meeting'][key]))}(?!\w)")


@functools.cache
def _types() -> dict[str, str]:
    """Folded first words of a title -> type, longest first."""
    table: dict[str, str] = load("triage")["types"]
    return {fold(key): name for key, name in sorted(table.items(), key=lambda entry: -len(entry[0]))}


@functools.cache
def _introduced() -> re.Pattern[str]:
    return re.compile(fold(load("triage")["meeting"]["introduced"]))


def judge_document(view: View, outline: Outline) -> Triage:
    """Tell what a document is by its title, its subject and the words that lead in its body."""
    title = _title(view)
    if title is None:
        return _judge_untitled(view)
    index, name = title
    judged = _judge_titled(view, outline, index, name)
    return dataclasses.replace(judged, title_start=view.document.paragraphs[index].start)


def _judge_titled(view: View, outline: Outline, index: int, name: str) -> Triage:
    subject = _subject(view, index)
    if name == "Thông báo":
        return _judge(view, outline, name, subject, needs_conclusion=True)
    if name == "Kết luận":
        return _judge(view, outline, name, subject, needs_conclusion=False)
    if name == "Biên bản":
        return _judge_minutes(view, name, subject)
    return Triage(is_notice=False, document_type=name, reason=f"its title is {name}")


def _title(view: View) -> tuple[int, str] | None:
    """Return the first line in capitals that begins with a type's name, and the type."""
    for index, paragraph in enumerate(view.document.paragraphs[:LAST_TITLE]):
        text = view.text[paragraph.start : paragraph.end].strip(' .:_-*“”"')
        letters = [c for c in text if c.isalpha()]
        folded = fold(text)
        capitals = sum(c.isupper() for c in letters) >= 0.8 * len(letters)
        if len(letters) < 3 or not (capitals or folded in _types() or folded.startswith("thong bao ket luan")):
            continue
        for first, name in _types().items():
            if re.match(rf"(?:ban )?{re.escape(first)}(?!\w)", folded) and _is_printed(first, name, text):
                return index, name
    return None


def _is_printed(first: str, name: str, text: str) -> bool:
    """Ask for the marks as well where a type's name is short: "THƯ", not "THỦ TRƯỞNG"."""
    return len(first) > 5 or text.lower().startswith(name.lower()[: len(first)])


def _subject(view: View, index: int) -> str:
    """Return the title's own line and the few behind it, folded, up to the body."""
    lines: list[Paragraph] = list(view.document.paragraphs[index : index + 6])
    kept = [lines[0]]
    for line in lines[1:]:
        if line.end - line.start > 260 or (line.block != kept[-1].block and len(kept) > 1):
            break
        kept.append(line)
        if view.text[line.end - 1] in ".:;":
            break
    return view.folded[kept[0].start : kept[-1].end].replace("\n", " ")


def _judge(view: View, outline: Outline, name: str, subject: str, *, needs_conclusion: bool) -> Triage:
    """A notice names conclusions of a meeting in its subject, or leads them in behind an opening about a meeting."""
    other = re.search(rf"ket luan (?:\S+ )?{_lexicon('others').pattern}", subject)
    if other is not None:
        return Triage(is_notice=False, document_type=name, reason=f"it gives the {other.group()}, no meeting's")
    concluded = _lexicon("concluding").search(subject) is not None
    met = _lexicon("words").search(subject) is not None
    led_in = _leads_in_conclusions(view, outline)
    if (concluded or not needs_conclusion) and (met or led_in):
        return Triage(is_notice=True, document_type=name, reason="its subject names a meeting's conclusions")
    if _tells_of_meeting(view, outline) and (led_in or _is_chaired(view, outline)):
        return Triage(is_notice=True, document_type=name, reason="its body leads in a meeting's conclusions")
    return Triage(is_notice=False, document_type=name, reason="no meeting's conclusions are named")


def _leads_in_conclusions(view: View, outline: Outline) -> bool:
    """Tell whether one of the first paragraphs ends in "… kết luận như sau:"."""
    return any(
        re.search(r"(?<!\w)(?:ket luan|y kien chi dao|chi dao nhu sau)(?!\w)", view.folded[p.start : p.end])
        and _introduced().search(view.folded[p.start : p.end].rstrip(" -"))
        for p in [*outline.opening, *outline.body[:3]]
    )


def _tells_of_meeting(view: View, outline: Outline) -> bool:
    return any(_lexicon("words").search(view.folded, p.start, p.end) for p in outline.opening)


def _is_chaired(view: View, outline: Outline) -> bool:
    """Tell whether the opening says who chaired, and the text that something was concluded."""
    chaired = any(re.search(r"(?<!\w)(?:chu tri|chu toa)(?!\w)", view.folded[p.start : p.end]) for p in outline.opening)
    return chaired and re.search(r"(?<!\w)ket luan(?!\w)", view.folded) is not None


def _judge_minutes(view: View, name: str, subject: str) -> Triage:
    """Minutes count where they are of a meeting and hold its conclusions."""
    met = re.search(r"(?<!\w)(?:hop|hoi nghi|lam viec|giao ban|phien)(?!\w)", subject) is not None
    concluded = re.search(r"(?<!\w)ket luan(?!\w)", view.folded) is not None
    if met and concluded:
        return Triage(is_notice=True, document_type=name, reason="minutes that hold a meeting's conclusions")
    return Triage(is_notice=False, document_type=name, reason="minutes without a meeting's conclusions")


_LETTER = re.compile(r"(?:^|\n)(?P<line>v/v|kinh gui)(?!\w)")
_UNTITLED = re.compile(r"(?:^|\n)(?:thong bao )?(?:y kien )?ket luan (?:cua|tai) [^\n]{10,300}")


def _judge_untitled(view: View) -> Triage:
    if _LETTER.search(view.folded[:3000]):
        return Triage(
            is_notice=False, document_type="Công văn", reason="it is a letter (V/v, Kính gửi) without a title"
        )
    subject = _UNTITLED.search(view.folded[:3000])
    if subject is not None and _lexicon("words").search(subject.group()):
        return Triage(is_notice=True, document_type=None, reason="its subject names a meeting's conclusions")
    return Triage(is_notice=False, document_type=None, reason="no title of a notice is printed")
