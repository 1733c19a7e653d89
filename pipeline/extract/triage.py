"""Triage: is this document a notice of a meeting's conclusions, and if not, what is it?

It reads the folded view, without marks, so that blurred scans are told as well; it takes no value from it.
"""

from __future__ import annotations

import dataclasses
import functools
import re
from collections.abc import Sequence
from dataclasses import dataclass

from pipeline.document import Paragraph
from pipeline.extract.outline import Outline, find_outline
from pipeline.extract.titles import nearest
from pipeline.extract.view import View
from pipeline.language import alternatives, fold, load, lower, regex

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
def _phrase(key: str) -> re.Pattern[str]:
    """Return a phrase of the lexicon in which each "~" stands for any of the inspections."""
    meeting = load("triage")["meeting"]
    return re.compile(fold(meeting[key]).replace("~", fold(alternatives(meeting["inspections"]))), re.MULTILINE)


@functools.cache
def _calls() -> re.Pattern[str]:
    """Match an announcement; in the view with marks, for without them "hoãn" is "hoàn" and "mời" is "mới"."""
    return re.compile(load("triage")["meeting"]["calls"])


@functools.cache
def _introduced() -> re.Pattern[str]:
    return re.compile(fold(load("triage")["meeting"]["introduced"]))


def judge_document(view: View, outline: Outline) -> Triage:
    """Tell what a document is by its title, its subject and the words that lead in its body."""
    title = _title(view)
    if title is None:
        return _judge_untitled(view, outline)
    index, name = title
    if not _stands_as_title(view, outline, index):
        return Triage(is_notice=False, document_type=None, reason="its title stands in running text, without a head")
    judged = _judge_titled(view, outline, index, name)
    return dataclasses.replace(judged, title_start=view.document.paragraphs[index].start)


_BODY = regex("letterhead", "body")
_FORM = re.compile(r"cong hoa xa hoi|dang cong san|doc lap\W{1,4}tu do|so\s?:|so\s?\d*\s?[-/]\s?[a-z]")


_LONGEST_BEFORE_TITLE = 160
"""Characters of a paragraph above which it is running text, no line of a head."""


def _stands_as_title(view: View, outline: Outline, index: int) -> bool:
    """Tell a paper's own title from one in the middle of a lecture or an article."""
    before = view.document.paragraphs[:index]
    if any(p.end - p.start > _LONGEST_BEFORE_TITLE for p in before):
        return False
    return _has_form(view, outline, before)


def _has_form(view: View, outline: Outline, before: Sequence[Paragraph]) -> bool:
    """Tell whether a paper has what only an office's paper has: lines of a head before the title, or a foot."""
    if outline.recipients or outline.signature or any(_FORM.match(view.folded, p.start, p.end) for p in before):
        return True
    return any(view.text[p.start : p.end].isupper() and _BODY.match(view.plain, p.start) for p in before[:3])


def _judge_titled(view: View, outline: Outline, index: int, name: str) -> Triage:
    start, end = _subject(view, outline, index)
    subject = view.folded[start:end].replace("\n", " ")
    called = None if name == "Biên bản" else _calls().search(view.plain[start:end].replace("\n", " "))
    if called is not None and not _phrase("at_a_meeting").search(subject):
        reason = f"it tells of what is to come: {called.group().strip()}"
        return Triage(is_notice=False, document_type=name, reason=reason)
    if name == "Thông báo":
        return _judge(view, outline, name, subject, needs_conclusion=True)
    if name == "Kết luận":
        return _judge(view, outline, name, subject, needs_conclusion=False)
    if name == "Biên bản":
        return _judge_minutes(view, name, subject)
    return Triage(is_notice=False, document_type=name, reason=f"its title is {name}")


_DRAFT = "Dự thảo"


def _title(view: View) -> tuple[int, str] | None:
    """Return the first line that begins with a type's name in capitals, and the type; a draft's own title counts."""
    draft: tuple[int, str] | None = None
    for index, paragraph in enumerate(view.document.paragraphs[:LAST_TITLE]):
        name = _type_of(view.text[paragraph.start : paragraph.end].strip(' .:_-*“”"'))
        if name is not None and name != _DRAFT:
            return index, name
        draft = draft or (None if name is None else (index, name))
    return draft


def _type_of(text: str) -> str | None:
    """Return the type that a line names: in capitals, alone on the line, spaced out, or with a letter blurred."""
    letters = [c for c in text if c.isalpha()]
    folded = fold(text)
    capitals = sum(c.isupper() for c in letters) >= 0.8 * len(letters)
    if len(letters) < 3:
        return None
    for first, name in _types().items():
        found = re.match(rf"(?:ban )?{re.escape(first)}(?!\w)", folded)
        if found is None or not _is_printed(first, text):
            continue
        headed = len(first) > _SHORT and text[: found.end()].isupper()
        if capitals or headed or folded in _types() or folded.startswith("thong bao ket luan"):
            return name
    blurred = nearest(text, [first for first in _types() if len(first) > _SHORT]) if capitals else None
    return None if blurred is None else _types()[blurred]


_SHORT = 5
"""Letters of a type's name that other words in capitals may begin with as well."""


@functools.cache
def _marked() -> dict[str, str]:
    """Folded first words of a title -> the same with their marks."""
    return {fold(key): lower(key) for key in load("triage")["types"]}


def _is_printed(first: str, text: str) -> bool:
    """Ask for the marks as well: "THƯ", not "THỦ TRƯỞNG"; "PHƯƠNG ÁN", not "PHƯỜNG AN …"; one may be blurred."""
    printed, meant = lower(text)[: len(first)], _marked()[first]
    if len(first) <= _SHORT:
        return printed == meant
    return printed.isascii() or sum(a != b for a, b in zip(printed, meant, strict=False)) <= 1


def _subject(view: View, outline: Outline, index: int) -> tuple[int, int]:
    """Return where the title's own line and those of its subject stand."""
    title = view.document.paragraphs[index]
    if outline.title is None or outline.title.start != title.start:
        outline = find_outline(view, title.start)
    lines = [title, *outline.subject]
    return title.start, max(line.end for line in lines)


def _judge(view: View, outline: Outline, name: str, subject: str, *, needs_conclusion: bool) -> Triage:
    """A notice names conclusions of a meeting in its subject, or leads them in behind an opening about a meeting."""
    other = _phrase("of_inspections").search(subject)
    if other is not None and not _phrase("at_a_meeting").search(subject):
        reason = f"it gives the {other.group().strip()}, no meeting's"
        return Triage(is_notice=False, document_type=name, reason=reason)
    concluded = _lexicon("concluding").search(subject) is not None
    met = _lexicon("words").search(subject) is not None
    led_in = _leads_in_conclusions(view, outline)
    if (concluded or not needs_conclusion) and (met or led_in) and _is_of_meeting(view, outline, subject):
        return Triage(is_notice=True, document_type=name, reason="its subject names a meeting's conclusions")
    if _tells_of_meeting(view, outline) and (led_in or _is_chaired(view, outline)):
        return Triage(is_notice=True, document_type=name, reason="its body leads in a meeting's conclusions")
    return Triage(is_notice=False, document_type=name, reason="no meeting's conclusions are named")


def _is_of_meeting(view: View, outline: Outline, subject: str) -> bool:
    """Tell what was concluded from what somebody decided on paper: that needs a meeting to be named somewhere."""
    if re.search(r"(?<!\w)ket luan(?!\w)", subject) or _lexicon("words").search(subject):
        return True
    return _tells_of_meeting(view, outline)


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
    met = _phrase("minuted").search(subject) is not None and not _phrase("no_meeting").search(subject)
    concluded = _phrase("concluded").search(view.folded) is not None
    if met and concluded:
        return Triage(is_notice=True, document_type=name, reason="minutes that hold a meeting's conclusions")
    return Triage(is_notice=False, document_type=name, reason="minutes without a meeting's conclusions")


_LETTER = re.compile(r"(?:^|\n)(?P<line>v/v|kinh gui)(?!\w)")
_UNTITLED = re.compile(r"(?:^|\n)(?:thong bao )?(?:y kien )?ket luan (?:cua|tai) [^\n]{10,300}")


def _judge_untitled(view: View, outline: Outline) -> Triage:
    if _LETTER.search(view.folded[:3000]):
        return Triage(
            is_notice=False, document_type="Công văn", reason="it is a letter (V/v, Kính gửi) without a title"
        )
    subject = _UNTITLED.search(view.folded[:3000])
    formed = _has_form(view, outline, view.document.paragraphs[:LAST_TITLE])
    if subject is not None and formed and _lexicon("words").search(subject.group()):
        return Triage(is_notice=True, document_type=None, reason="its subject names a meeting's conclusions")
    return Triage(is_notice=False, document_type=None, reason="no title of a notice is printed")
