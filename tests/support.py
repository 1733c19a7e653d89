"""Documents and notices built from plain text, for tests of what is found in a text."""

from __future__ import annotations

import datetime as dt
import hashlib
from dataclasses import dataclass, replace

from pipeline.assemble import assemble
from pipeline.document import Document, Paragraph, PlacedWord, Source, Word
from pipeline.extract import find_spans
from pipeline.language import clean
from pipeline.notice import Notice

FRONT = """\
UBND TỈNH PHÚ LỘC
SỞ CÔNG THƯƠNG

Số: 15/TB-SCT

CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM
Độc lập - Tự do - Hạnh phúc

Phú Lộc, {issued}

THÔNG BÁO
{subject}"""
SUBJECT = "Kết luận của Giám đốc Sở tại cuộc họp giao ban tháng 3"
OPENING = """\
Ngày 08/3/2024, ông Trần Văn Lâm - Giám đốc Sở Công Thương chủ trì cuộc họp giao ban tháng 3.
Sau khi nghe các phòng báo cáo, Giám đốc Sở kết luận như sau:"""
CLOSING = "Văn phòng Sở thông báo để các đơn vị biết, thực hiện./."
FOOT = """\
Nơi nhận:
- Như thành phần dự họp;
- Lưu: VT.

GIÁM ĐỐC

Trần Văn Lâm"""
ISSUED = "2024-03-10"


@dataclass(frozen=True, slots=True)
class Parts:
    """The parts of a notice around the one that a test is about; an empty `front` is made from the other fields."""

    front: str = ""
    subject: str = SUBJECT
    issued: str = ISSUED
    opening: str = OPENING
    body: str = "1. Phòng Quản lý năng lượng kiểm tra các trạm biến áp."
    closing: str = CLOSING
    foot: str = FOOT

    @property
    def text(self) -> str:
        """The notice's plain text."""
        front = self.front or FRONT.format(issued=spell_date(self.issued), subject=self.subject)
        body = "\n".join(part for part in (self.opening, self.body, self.closing) if part)
        return f"{front}\n\n{body}\n\n{self.foot}"


def spell_date(iso: str) -> str:
    """Write a date as the form prints it; without one, its day is left blank."""
    if not iso:
        return "ngày     tháng     năm 2024"
    day = dt.date.fromisoformat(iso)
    return f"ngày {day.day:02} tháng {day.month} năm {day.year}"


def document_of(text: str) -> Document:
    """Build a document from plain text: a line is a paragraph, blank lines part blocks."""
    texts: list[str] = []
    paragraphs: list[Paragraph] = []
    words: list[PlacedWord] = []
    block, at, gap = 0, 0, False
    for row in text.splitlines():
        pieces = clean(row).split()
        if not pieces:
            gap = bool(texts)
            continue
        if texts:
            block += gap
            texts.append("\n\n" if gap else "\n")
            at += len(texts[-1])
        start = at
        for piece in pieces:
            words.append(PlacedWord(at, at + len(piece), Word(piece), None))
            at += len(piece) + 1
        at -= 1
        texts.append(" ".join(pieces))
        paragraphs.append(Paragraph(start, at, block))
        gap = False
    return Document("".join(texts), tuple(paragraphs), tuple(words))


def source_of(document: Document) -> Source:
    """Return the file that `document` would have been read from."""
    data = document.text.encode()
    return Source("notice.txt", hashlib.sha256(data).hexdigest(), "text/plain", data)


def read_notice(document: Document) -> Notice:
    """Extract and assemble, the part of the story behind the reading of the file."""
    return assemble(source_of(document), document, find_spans(document))


def notice_of(**parts: str) -> Notice:
    """Return the notice of a text that differs from a plain one in the named parts only."""
    return read_notice(document_of(replace(Parts(), **parts).text))
