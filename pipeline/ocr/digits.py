"""Digits: the number and the date in a notice's head are read again where doubtful, and left out where unreadable."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

from PIL import Image, ImageOps

from pipeline.document import Box, Line, Word, enclose
from pipeline.language import fold
from pipeline.ocr.modes import Mode, Read

NUMBER_UNREADABLE = "unreadable: document_number"
DATE_UNREADABLE = "unreadable: issue_date"

_LIKE_DIGITS = str.maketrans("lI|!OQ§", "1111006")
_NUMBERLIKE = re.compile(r"[(]?(?=[^\d]*\d)[\dlI|!OQ§]+(?:[.,/:\-–][\dlI|!OQ§]+)*[%).,;:]*")
_HEAD = 0.4
"""The head ends within this share of the page."""
_SURE = 0.8
_SCALES = (2, 3)
"""Doubtful digits are read again at these scales; two of all readings must agree."""
_MARGIN = 6
_CODE = re.compile(r"(?P<value>.*?)\s*(?P<code>[/\-–]\s*[A-ZĐ].*)")
_SO = re.compile(r"\W*so\W*")

_LONGEST_VALUE = 3


def mend_digits(word: Word) -> Word:
    """Return the word with letters that look like digits set right where nothing but digits stands around them.

    >>> mend_digits(Word("l0/11/2O24")).text
    '10/11/2024'
    """
    text = word.text
    if not _NUMBERLIKE.fullmatch(text) or sum(c.isdigit() for c in text) * 2 < sum(c.isalnum() for c in text):
        return word
    mended = text.translate(_LIKE_DIGITS)
    return word if mended == text else replace(word, text=mended, read_as=word.read_as or text)


@dataclass(frozen=True, slots=True)
class _Blank:
    """What stands in a blank of the form: the words from `first` up to `last` of a line, and what may stand there."""

    first: int
    last: int
    fits: Callable[[str], bool]


def read_blanks(lines: Sequence[Line], image: Image.Image, read: Read) -> tuple[tuple[Line, ...], tuple[str, ...]]:
    """Return the lines with the blanks of the head read with care, and a warning for each that cannot be read."""
    warnings: dict[str, None] = {}
    found = []
    for line in lines:
        if line.box is not None and line.box[1] < _HEAD * image.height:
            for find, warning in ((_number_blanks, NUMBER_UNREADABLE), (_date_blanks, DATE_UNREADABLE)):
                line, readable = _fill(_part_glued(line), find, image, read)  # noqa: PLW2901 - the line as read so far
                if not readable:
                    warnings[warning] = None
        found.append(line)
    return tuple(line for line in found if line.words), tuple(warnings)


def _part_glued(line: Line) -> Line:
    """Part what the engine glued to the form's own words, as in "ngày.3"."""
    words: list[Word] = []
    for word in line.words:
        glued = re.fullmatch(r"(ngày|tháng|năm|Số:?)[.:,]?([^\w\s]*[\d@ƒ|!lIOQ§/ýÝ].*)", word.text)
        pieces = (glued[1], glued[2]) if glued and not glued[2].startswith("/") else (word.text,)
        words += _split(word, pieces)
    return replace(line, words=tuple(words))


def _split(word: Word, pieces: Sequence[str]) -> list[Word]:
    """Return one word for each of `pieces`, the box shared out by their lengths."""
    if len(pieces) == 1 or word.box is None:
        return [word]
    left, top, right, bottom = word.box
    total, done, parts = sum(map(len, pieces)), 0, []
    for piece in pieces:
        edges = (left + (right - left) * share / total for share in (done, done + len(piece)))
        done += len(piece)
        start, end = edges
        parts.append(replace(word, text=piece, box=(start, top, end, bottom), read_as=word.text))
    return parts


def _fill(
    line: Line, find: Callable[[Sequence[Word]], list[_Blank]], image: Image.Image, read: Read
) -> tuple[Line, bool]:
    words, readable = list(line.words), True
    for blank in reversed(find(words)):
        value = words[blank.first : blank.last]
        filled = _read_value(value, blank.fits, image, read)
        readable = readable and bool(filled)
        words[blank.first : blank.last] = filled
    return replace(line, words=tuple(words)), readable


def _number_blanks(words: Sequence[Word]) -> list[_Blank]:
    """Return the blank between "Số:" and the code behind the stroke."""
    if not words or not _SO.fullmatch(fold(words[0].text)):
        return []
    for index, word in enumerate(words[1 : _LONGEST_VALUE + 2], 1):
        code = _CODE.fullmatch(word.text)
        if code and not code["value"]:
            return [_Blank(1, index, _is_number)] if index > 1 else []
    return []


def _date_blanks(words: Sequence[Word]) -> list[_Blank]:
    """Return the blanks behind "ngày", "tháng" and "năm" of a line that has all of them, and a place before."""
    names = [fold(word.text.strip(".,:")) for word in words]
    try:
        day = names.index("ngay")
        month = names.index("thang", day)
        year = names.index("nam", month)
    except ValueError:
        return []
    if not 1 <= day <= 6 or month - day > _LONGEST_VALUE or year - month > _LONGEST_VALUE:
        return []
    blanks = [
        _Blank(day + 1, month, _is_within(1, 31)),
        _Blank(month + 1, year, _is_within(1, 12)),
        _Blank(year + 1, len(words), _is_within(1945, 2100)),
    ]
    return [blank for blank in blanks if blank.last > blank.first]


def _is_number(text: str) -> bool:
    return bool(re.fullmatch(r"\d{1,5}", text))


def _is_within(least: int, most: int) -> Callable[[str], bool]:
    return lambda text: text.isascii() and text.isdigit() and len(text) <= 4 and least <= int(text) <= most


def _read_value(value: list[Word], fits: Callable[[str], bool], image: Image.Image, read: Read) -> list[Word]:
    """Return the words as they are, as one word that two readings agree on, or none where nothing agrees."""
    text = "".join(word.text for word in value)
    bare = text.strip(".,;: ")
    sure = min(word.confidence or 0.0 for word in value)
    if not any(c.isalnum() or c in "|!§@" for c in text) or re.fullmatch(r"[.…_\-\s]*", text):
        return value  # nothing is written there
    if fits(bare) and sure >= _SURE:
        return value
    repaired = bare.translate(_LIKE_DIGITS)
    if repaired != bare and any(c.isdigit() for c in bare) and fits(repaired):
        return [_join(value, repaired, sure)]
    return _agree(value, repaired, fits, image, read)


def _agree(value: list[Word], repaired: str, fits: Callable[[str], bool], image: Image.Image, read: Read) -> list[Word]:
    box = enclose([word.box for word in value if word.box is not None]) if value[0].box else None
    if box is None:
        return value
    readings = [(repaired, min(word.confidence or 0.0 for word in value))]
    readings += [_reading(read, _crop(image, box, scale)) for scale in _SCALES]
    texts = [text for text, _ in readings]
    agreed = next((text for text in texts if fits(text) and texts.count(text) > 1), None)
    if agreed is None:
        return []
    return [_join(value, agreed, max(sure for text, sure in readings if text == agreed))]


def _reading(read: Read, piece: Image.Image) -> tuple[str, float]:
    words = [word for line in read(piece, Mode.DIGITS) for word in line.words]
    text = "".join(word.text for word in words)
    return text, min((word.confidence or 0.0 for word in words), default=0.0)


def _crop(image: Image.Image, box: Box, scale: int) -> Image.Image:
    """Return a piece of the page, larger, with a white frame."""
    left, top, right, bottom = box
    piece = image.crop((round(left) - _MARGIN, round(top) - _MARGIN, round(right) + _MARGIN, round(bottom) + _MARGIN))
    large = piece.resize((piece.width * scale, piece.height * scale), Image.Resampling.BICUBIC)
    framed = ImageOps.expand(large, 20, 255)
    framed.info["dpi"] = tuple(scale * side for side in image.info.get("dpi", (300, 300)))
    return framed


def _join(value: list[Word], text: str, confidence: float) -> Word:
    boxes = [word.box for word in value if word.box is not None]
    read = " ".join(word.text for word in value)
    return Word(text, enclose(boxes) if boxes else None, confidence, None if read == text else read)
