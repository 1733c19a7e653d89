"""Tesseract's table of words, however it was had, as lines."""

from __future__ import annotations

import csv
from collections.abc import Iterable, Iterator, Mapping
from itertools import groupby

from pipeline.document import Line, Word
from pipeline.language import clean

COLUMNS = (
    *("level", "page_num", "block_num", "par_num", "line_num", "word_num"),
    *("left", "top", "width", "height", "conf", "text"),
)
"""The columns of Tesseract's table, in its order."""

_DOUBTFUL = 0.3
"""Words of signs only are speckle when Tesseract itself is less sure of them than this."""

_EM_DASH, _EN_DASH = "\u2014", "\u2013"
"""Vietnamese offices print the shorter dash; Tesseract reads either as the longer."""

Row = Mapping[str, str]


def parse_table(table: str) -> Iterator[Row]:
    """Yield the rows of a table of tab-separated values, whose first line may name the columns."""
    lines = table.splitlines()
    if lines and lines[0].startswith(COLUMNS[0]):
        lines = lines[1:]
    for values in csv.reader(lines, delimiter="\t", quoting=csv.QUOTE_NONE):
        if len(values) == len(COLUMNS):
            yield dict(zip(COLUMNS, values, strict=True))


def table_lines(rows: Iterable[Row]) -> Iterator[Line]:
    """Group the rows of Tesseract's table into lines."""
    for _, group in groupby(rows, key=lambda row: (row["block_num"], row["par_num"], row["line_num"])):
        words = tuple(word for row in group for word in _words(row))
        if words:
            yield Line(words)


def _words(row: Row) -> Iterator[Word]:
    """Return the words of one row: none for layout rows and speckle."""
    confidence = float(row["conf"]) / 100
    texts = clean(row["text"]).replace(_EM_DASH, _EN_DASH).split()
    if confidence < 0 or (confidence < _DOUBTFUL and not any(c.isalnum() for text in texts for c in text)):
        return
    left, top = float(row["left"]), float(row["top"])
    box = (left, top, left + float(row["width"]), top + float(row["height"]))
    for text in texts:
        yield Word(text, box, round(confidence, 4))
