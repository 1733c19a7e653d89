"""Plain text and Markdown: lines of characters, read as a reader of the finished page would."""

from __future__ import annotations

import codecs
import html
import re
from collections.abc import Iterable, Iterator

from pipeline.config import ReadSettings
from pipeline.document import Line, Page, Source, Word
from pipeline.errors import UnsupportedFileError
from pipeline.language import clean

_MARKS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_CONTROLS = re.compile(r"[\x00-\x08\x0e-\x1a\x1c-\x1f\x7f\ufffe\uffff]")

# Each pattern is bounded or gives nothing back (+ after a repetition), so that no text makes it try all ways.
_HEADING = re.compile(r" {0,3}#{1,6}(?=\s)")
_EMPHASIS = re.compile(r"(?<!\\)(\*{1,3}|_{2,3}|~~)(?=\S)(.{1,2000}?)(?<=[^\s\\])\1", re.DOTALL)
_UNDERSCORED = re.compile(r"(?<![\w\\])_(?=\S)([^_]+?)(?<=[^\s\\])_(?!\w)")
_LINK = re.compile(r"!?\[([^\[\]]*)\]\([^)\s]{0,2000}+(?:\s++\"[^\"]*\")?\)")
_ESCAPED = re.compile(r"\\([!-/:-@\[-`{-~])")
_BREAK = re.compile(r"(?:(?<! ) {2,}|\\|<br\s*/?>)$", re.IGNORECASE)
_TAG = re.compile(r"</?(?:b|i|u|em|strong|sup|sub|span|center|div|p|font)\b[^<>]*>", re.IGNORECASE)
_RULE = re.compile(r" {0,3}(?:(?:\*\s*){3,}|(?:-\s*){3,}|(?:_\s*){3,}|(?:=\s*){3,})$")
_TABLE_RULE = re.compile(r"\s*+\|?\s*+:?-{2,}+:?\s*+(?:\|\s*+:?-{2,}+:?\s*+)*+\|?\s*+$")
_STAR_ITEM = re.compile(r"^\s*[*+]\s+")
_ITEM = re.compile(r"\s*(?:[-*+•]|\d{1,3}[.)]|[a-zđ][.)]|[IVX]{1,5}\.)\s")
_FRONT = re.compile(r"\A---\n.*?\n---\n", re.DOTALL)
_NESTED = 4
"""Marks around marks, as bold around italics; each layer is taken off in one round."""
_MARKDOWN = re.compile(
    r"^ {0,3}#{1,6} \S|\*\*\S(?:.{0,2000}?\S)?\*\*|(?<![\w*])\*[^\s*][^*\n]*\*(?![\w*])"
    r"|^[ \t]*+\|?[ \t]*+:?-{3,}+:?[ \t]*+\|",
    re.MULTILINE,
)


def decode(data: bytes) -> str | None:
    """Return the text that `data` spells, or None when it is no text.

    UTF-8 and everything with a byte order mark; UTF-16 without one is told by its zero bytes.
    """
    encoding = next((name for mark, name in _MARKS if data.startswith(mark)), None) or _guess_wide(data) or "utf-8"
    try:
        text = data.decode(encoding)
    except UnicodeDecodeError:
        return None
    return None if len(_CONTROLS.findall(text)) > len(text) / 1000 else text


def _guess_wide(data: bytes) -> str | None:
    head = data[:2000]
    if head[1::2].count(0) > len(head) / 5 and head[::2].count(0) < len(head) / 50:
        return "utf-16-le"
    if head[::2].count(0) > len(head) / 5 and head[1::2].count(0) < len(head) / 50:
        return "utf-16-be"
    return None


def has_markdown(text: str) -> bool:
    """Tell whether `text` carries Markdown's marks."""
    return _MARKDOWN.search(text) is not None


def read_text(source: Source, _settings: ReadSettings) -> tuple[Page, ...]:
    """Read plain text: each line is a paragraph, each run between blank lines a block."""
    lines: list[Line] = []
    block = 0
    for row in _rows(source):
        words = _words(row)
        if words:
            lines.append(Line(words, block))
        elif lines and lines[-1].block == block:
            block += 1
    return (Page(None, tuple(lines)),)


def read_markdown(source: Source, _settings: ReadSettings) -> tuple[Page, ...]:
    """Read Markdown: marks are not text, and a single line feed is a blank."""
    text = _FRONT.sub("", "\n".join(_rows(source)))
    lines = [Line(words, 0) for line in _markdown_lines(text) if (words := _words(line))]
    return (Page(None, tuple(lines)),)


def _rows(source: Source) -> list[str]:
    text = decode(source.data)
    if text is None:
        raise UnsupportedFileError("the content is no text", "save it as PDF or DOCX and try again")
    return text.replace("\f", "\n\n").splitlines()


def _words(text: str) -> tuple[Word, ...]:
    return tuple(Word(word) for word in clean(text).split())


def _markdown_lines(text: str) -> Iterator[str]:
    """Yield each paragraph's lines as they are seen: emphasis gone, hard breaks kept, soft ones mended."""
    for chunk in re.split(r"\n\s*\n", text):
        for paragraph in _paragraphs(chunk.split("\n")):
            yield from _strip_marks(paragraph).split("\n")


def _paragraphs(rows: Iterable[str]) -> Iterator[str]:
    """Join the rows of one chunk into paragraphs; a line feed inside one is a hard break."""
    held: list[str] = []
    for raw in rows:
        row = re.sub(r"^(?: {0,3}> ?)+", "", raw)
        heading = _HEADING.match(row)
        if _RULE.match(row) or _TABLE_RULE.match(row):
            row, alone = "", True
        else:
            alone = bool(heading) or row.lstrip().startswith("|") or row.startswith("```")
        if held and (alone or _ITEM.match(row)):
            yield "".join(held).rstrip()
            held = []
        if row.startswith("```"):
            continue
        text = _heading(row[heading.end() :]) if heading else _STAR_ITEM.sub("- ", row, count=1)
        if alone:
            yield text.strip().strip("|").replace("|", "\n") if row.lstrip().startswith("|") else text
        else:
            held.append(_BREAK.sub("", text).strip() + ("\n" if _BREAK.search(text) else " "))
    if held:
        yield "".join(held).rstrip()


def _heading(text: str) -> str:
    """Return what a heading says, without the signs that may close it."""
    text = text.strip()
    bare = text.rstrip("#")
    return bare.rstrip() if bare[-1:].isspace() else text


def _strip_marks(text: str) -> str:
    """Take emphasis, links, simple tags and backslashes off."""
    text = _LINK.sub(r"\1", _TAG.sub("", text))
    for _ in range(_NESTED):
        text = _UNDERSCORED.sub(r"\1", _EMPHASIS.sub(r"\2", text))
    return html.unescape(_ESCAPED.sub(r"\1", text))
