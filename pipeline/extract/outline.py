"""The outline of a notice: its head, title and subject, opening, body and foot, as paragraphs."""

from __future__ import annotations

import functools
import re
from collections.abc import Sequence
from dataclasses import dataclass

from pipeline.document import Paragraph
from pipeline.extract.titles import part_title
from pipeline.extract.view import View
from pipeline.language import alternatives, load, regex

LONG_PARAGRAPH = 230
"""Characters above which a paragraph under the title is text, not a line of the subject."""


@dataclass(frozen=True, slots=True)
class Outline:
    """A notice's paragraphs by part; parts that are not there are empty."""

    head: tuple[Paragraph, ...]
    title: Paragraph | None
    subject: tuple[Paragraph, ...]
    opening: tuple[Paragraph, ...]
    body: tuple[Paragraph, ...]
    closing: tuple[Paragraph, ...]
    recipients: tuple[Paragraph, ...]
    signature: tuple[Paragraph, ...]


@functools.cache
def _cue(key: str) -> re.Pattern[str]:
    return re.compile(rf"{alternatives(load('cues')[key])}(?!\w)")


_RECIPIENTS = re.compile(r"noi\s?nh[a-z]{2}\b")
_SUBJECT = re.compile(r"(?:về )?(?:ý kiến )?(?:kết luận|chỉ đạo|nội dung)")
_BODY = re.compile(r"(?:căn cứ|kính gửi|xét|theo đề nghị|hôm nay|chúng tôi|số:)(?!\w)")
_RULE = re.compile(r"^[\W_]*$")
_LABEL = re.compile(r"(?:[ivx]{1,4}|\d{1,2})[.)/]\s|[a-zđ]\)\s|[-+•–]\s")


def find_outline(view: View, title_start: int | None = None) -> Outline:
    """Part the paragraphs of a notice; `title_start` is where the title begins, if another part of us found it."""
    paragraphs = [p for p in view.document.paragraphs if not _RULE.match(view.text[p.start : p.end])]
    if title_start is None:
        paragraphs, title = part_title(view, paragraphs)
    else:
        title = next((index for index, p in enumerate(paragraphs) if p.start == title_start), None)
    first = _head_end(view, paragraphs) if title is None else title + 1
    foot = _find_foot(view, paragraphs, first)
    has_subject = title is not None or (first < foot and _SUBJECT.match(_plain(view, paragraphs[first])))
    subject_end = _subject_end(view, paragraphs, first, foot) if has_subject else first
    closing = _find_closing(view, paragraphs, subject_end, foot)
    opening_end = _opening_end(view, paragraphs, subject_end, closing)
    recipients, signature = _split_foot(view, paragraphs[foot:])
    return Outline(
        head=tuple(paragraphs[: first if title is None else title]),
        title=None if title is None else paragraphs[title],
        subject=tuple(paragraphs[first:subject_end]),
        opening=tuple(paragraphs[subject_end:opening_end]),
        body=tuple(paragraphs[opening_end:closing]),
        closing=tuple(paragraphs[closing:foot]),
        recipients=recipients,
        signature=signature,
    )


def _plain(view: View, paragraph: Paragraph) -> str:
    return view.plain[paragraph.start : paragraph.end]


_HEAD = re.compile(
    r"cong hoa xa hoi|dang cong san|doc lap\W{1,4}tu do|so\s?:?\s*\d*\s*[/-]\s?[a-z]|[^,.;:]{2,40}, ngay\s"
)
_LAST_OF_HEAD = 15
_LONGEST_OF_HEAD = 90


def _head_end(view: View, paragraphs: Sequence[Paragraph]) -> int:
    """Return the index behind the lines of the head where no title is printed: behind the last that only a head has."""
    last = -1
    for index, paragraph in enumerate(paragraphs[:_LAST_OF_HEAD]):
        short = paragraph.end - paragraph.start <= _LONGEST_OF_HEAD
        if short and _HEAD.match(view.folded, paragraph.start, paragraph.end):
            last = index
    return last + 1


def _subject_end(view: View, paragraphs: Sequence[Paragraph], first: int, foot: int) -> int:
    """Return the index behind the lines of the subject."""
    index = first
    while index < foot:
        text = _plain(view, paragraphs[index])
        if not _continues_subject(view, paragraphs, first, index, text):
            break
        index += 1
    return index


def _continues_subject(view: View, paragraphs: Sequence[Paragraph], first: int, index: int, text: str) -> bool:
    if index == first:
        return not (_cue("openings").match(text) and len(text) > LONG_PARAGRAPH) and not text.rstrip().endswith(":")
    before = view.text[paragraphs[index - 1].start : paragraphs[index - 1].end].rstrip()
    capitals = view.text[paragraphs[index].start : paragraphs[index].end].isupper()
    if _BODY.match(text) or (capitals and not before.isupper()):
        return False
    if before.endswith((".", ":", ";")) or _LABEL.match(text) or len(text) > LONG_PARAGRAPH:
        return False
    if text.endswith(":") or (text.endswith(".") and not view.text[paragraphs[index].start].islower()):
        return False
    if _cue("openings").match(text) and (len(text) > 100 or re.search(r"\d", text[:20])):
        return bool(paragraphs[index].centred) and view.text[paragraphs[index].start].islower()
    return len(text) < 110 or view.text[paragraphs[index].start].islower()


def _find_foot(view: View, paragraphs: Sequence[Paragraph], first: int) -> int:
    """Return the index of "Nơi nhận", or of the first line of the signature where there is none."""
    for index in range(len(paragraphs) - 1, first - 1, -1):
        paragraph = paragraphs[index]
        if _RECIPIENTS.match(view.folded, paragraph.start, paragraph.end):
            return _with_signature_before(view, paragraphs, index)
    for index in range(max(first, len(paragraphs) - 12), len(paragraphs)):
        if _is_authority(view, paragraphs[index]) and index > first:
            return index
    return len(paragraphs)


def _with_signature_before(view: View, paragraphs: Sequence[Paragraph], index: int) -> int:
    """Step back over a signature that stands before "Nơi nhận"."""
    start = index
    while start > 0 and index - start < 6 and _is_signature_line(view, paragraphs[start - 1]):
        start -= 1
    return start if any(_is_authority(view, p) for p in paragraphs[start:index]) else index


_AUTHORITY = regex("outline", "authority")


def _is_authority(view: View, paragraph: Paragraph) -> bool:
    """Tell whether a paragraph is a line of the signature: capitals, an authority mark or an office."""
    text = view.text[paragraph.start : paragraph.end]
    letters = [c for c in text if c.isalpha()]
    capitals = bool(letters) and sum(c.isupper() for c in letters) > 0.8 * len(letters)
    return capitals and bool(_AUTHORITY.match(view.folded, paragraph.start, paragraph.end))


def _is_signature_line(view: View, paragraph: Paragraph) -> bool:
    text = view.text[paragraph.start : paragraph.end]
    return len(text) < 70 and (text.isupper() or text.istitle()) and not text.endswith((".", ";", ":"))


def _split_foot(view: View, foot: Sequence[Paragraph]) -> tuple[tuple[Paragraph, ...], tuple[Paragraph, ...]]:
    """Part the foot into the lines of "Nơi nhận" and the signature, whichever comes first."""
    start = next((i for i, p in enumerate(foot) if _RECIPIENTS.match(view.folded, p.start, p.end)), None)
    if start is None:
        return (), tuple(foot)
    signed = next((i for i in range(start + 1, len(foot)) if _is_authority(view, foot[i])), None)
    if signed is None:
        signed = next((i for i in range(start + 1, len(foot)) if foot[i].block != foot[start].block), len(foot))
        signed = max(signed, _last_dash(view, foot) + 1)
    return tuple(foot[start:signed]), (*foot[:start], *foot[signed:])


def _last_dash(view: View, foot: Sequence[Paragraph]) -> int:
    return max((i for i, p in enumerate(foot) if view.text[p.start] in "-–+•"), default=-1)


def _find_closing(view: View, paragraphs: Sequence[Paragraph], first: int, foot: int) -> int:
    """Return the index of the closing formula, or `foot` where there is none."""
    for index in range(max(first, foot - 4), foot):
        text = _plain(view, paragraphs[index])
        text = re.sub(r"^(?:[ivx]{1,4}|\d{1,2})\s?[.\-/)]\s*", "", text)
        if _cue("closings").match(text) and index > first:
            return index
    return foot


_LEAD_IN = re.compile(
    r"(?<!\w)(?:kết luận|chỉ đạo|ý kiến|yêu cầu|thống nhất|quyết định|nội dung|như sau|sau đây)[^.]*:\s*$"
)


def _opening_end(view: View, paragraphs: Sequence[Paragraph], first: int, last: int) -> int:
    """Return the index behind the paragraph that introduces the conclusions ("… kết luận như sau:")."""
    cue = re.compile(r"(?<!\w)(?:kết luận|chỉ đạo|có ý kiến|thống nhất|quyết nghị|quyết định|phát biểu)(?!\w)")
    for index in range(first, last):
        text = _plain(view, paragraphs[index]).rstrip()
        tail = re.split(r"(?<=[.;])\s", text)[-1]
        if text.endswith((":", ": -")) and cue.search(tail) and not _LABEL.match(text):
            return index + 1
        if _LABEL.match(text) and index > first and not text.startswith(("-", "+")):
            return index
    return min(first + 1, last)
