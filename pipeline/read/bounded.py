"""Bounded work: a PDF page is laid out only as far as a page of print can need."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from pdfminer.pdfexceptions import PDFException
from pdfminer.pdfinterp import PDFPageInterpreter
from pdfminer.pdftypes import PDFStream, dict_value, resolve1, stream_value
from pdfplumber.page import PDFPageAggregatorWithMarkedContent

from pipeline.errors import BombError
from pipeline.read.limits import check_inflation
from pipeline.read.streams import check_tables

_MOST_BYTES = 1_000_000
"""Of instructions on a page that is laid out; print takes a tenth of that, and drawings take more."""
_MOST_DRAWING = 16_000_000
"""Of instructions on a page that is drawn."""
_MOST_CALLS = 5_000
"""Of forms on one page: logos and the like, which a page of print calls a few times."""
_MOST_STRINGS = 100_000
"""Brackets and escapes, at each of which pdfminer copies what it has read of a string."""
_MOST_MARKS = 100_000
"""Letters, lines and pictures of one page; the densest page of print has ten thousand."""
_MOST_FIELDS = 20_000
_CALL = re.compile(rb"/([^\s/\[\]()<>{}%]+)\s+Do\b")
_ESCAPE = re.compile(rb"#([0-9A-Fa-f]{2})")


class HeavyPageError(PDFException):
    """A page is too much for pdfminer, though it may be drawn and read by OCR."""


class _Device(PDFPageAggregatorWithMarkedContent):
    """Collects a page's letters and lines until there are too many; a letter's `mode` says how it is painted."""

    marks = 0
    mode = 0

    def render_string(self, textstate: Any, *args: Any, **options: Any) -> None:
        """Take a string."""
        self.mode = textstate.render
        super().render_string(textstate, *args, **options)

    def render_char(self, *args: Any, **options: Any) -> Any:
        """Take a letter."""
        self._count()
        advance = super().render_char(*args, **options)
        printed: Any = self.cur_item._objs[-1]  # noqa: SLF001 - so pdfplumber itself finds what was just added
        printed.mode = self.mode
        return advance

    def paint_path(self, *args: Any, **options: Any) -> None:
        """Take a line."""
        self._count()
        super().paint_path(*args, **options)

    def render_image(self, *args: Any, **options: Any) -> None:
        """Take a picture."""
        self._count()
        super().render_image(*args, **options)

    def _count(self) -> None:
        self.marks += 1
        if self.marks > _MOST_MARKS:
            raise HeavyPageError("too many letters and lines")


class _Work(NamedTuple):
    """What following some instructions takes, with all forms that they call."""

    calls: int
    size: int
    strings: int


@dataclass
class _Forms:
    """Adds up what forms take, each looked at once."""

    known: dict[int, _Work | None] = field(default_factory=dict)
    fonts: set[int | None] = field(default_factory=set)

    def work_of(self, contents: Iterable[Any], resources: Any) -> _Work:
        """Return the work of instructions and of the forms that they call."""
        found = dict_value(resources).get("XObject") if resources else None
        forms = dict_value(found) if found else {}
        self._check_fonts(resources)
        content = b" ".join(_read(stream_value(item)) for item in contents)
        calls, size, strings = 1, len(content), sum(map(content.count, (b"(", b")", b"[", b"\\")))
        for name in _CALL.findall(content):
            more = self._form(resolve1(forms.get(_spell(name))), resources)
            calls, size, strings = calls + more.calls, size + more.size, strings + more.strings
            if calls > _MOST_CALLS or size > _MOST_DRAWING:
                raise _endless()
        return _Work(calls, size, strings)

    def _check_fonts(self, resources: Any) -> None:
        """Look at the tables of fonts that the count of the whole file could not see: locked, or packed otherwise."""
        found = dict_value(resources).get("Font") if resources else None
        for font in map(resolve1, dict_value(found).values() if found else ()):
            for table in ("ToUnicode", "Encoding"):
                stream = resolve1(font.get(table)) if isinstance(font, dict) else None
                if isinstance(stream, PDFStream) and stream.objid not in self.fonts:
                    self.fonts.add(stream.objid)
                    check_tables(_read(stream))

    def _form(self, form: Any, resources: Any) -> _Work:
        if not isinstance(form, PDFStream) or form.objid is None or "BBox" not in form:
            return _Work(1, 0, 0)
        if form.objid not in self.known:
            self.known[form.objid] = None  # so that a form that calls itself is noticed
            self.known[form.objid] = self.work_of([form], form.get("Resources") or resources)
        work = self.known[form.objid]
        if work is None:
            raise _endless()
        return work


def _read(stream: PDFStream) -> bytes:
    """Return what a stream holds; what a password without letters locks is counted now."""
    if stream.decipher is not None and stream.rawdata and stream.objid is not None and stream.genno is not None:
        opened = stream.decipher(stream.objid, stream.genno, stream.rawdata, stream.attrs)
        check_inflation(opened, _MOST_DRAWING)
    return bytes(stream.get_data())


def _spell(name: bytes) -> str:
    """Return a name as pdfminer spells it, without escapes."""
    return _ESCAPE.sub(lambda found: bytes([int(found[1], 16)]), name).decode("utf-8", "replace")


def lay_out(page: Any) -> None:
    """Lay out one of pdfplumber's pages, which does so itself otherwise, without end.

    Raises :class:`~pipeline.errors.BombError` when the page is more than any program should follow, and
    :class:`HeavyPageError` when it is only too much for pdfminer.
    """
    if len(resolve1(page.page_obj.annots) or ()) > _MOST_FIELDS:
        raise _endless()
    work = _Forms().work_of(page.page_obj.contents, page.page_obj.resources)
    if work.size > _MOST_DRAWING:
        raise _endless()
    if work.size > _MOST_BYTES or work.strings > _MOST_STRINGS:
        raise HeavyPageError("too many instructions")
    device = _Device(page.pdf.rsrcmgr, pageno=page.page_number, laparams=page.pdf.laparams)
    PDFPageInterpreter(page.pdf.rsrcmgr, device).process_page(page.page_obj)
    page._layout = device.get_result()  # noqa: SLF001 - where pdfplumber keeps it


def _endless() -> BombError:
    return BombError(
        "a page's instructions go on without end", "print the document to a new PDF, if you trust where it comes from"
    )
