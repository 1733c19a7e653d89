"""Gutters: strips of a page that stay white from line to line, and part columns of text or of a table."""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from statistics import median

from pipeline.layout.marks import begins_item, ends_sentence
from pipeline.layout.rows import NEXT_CELL, Item, Row, Sheet

_LEAST_GAP = 0.6
"""Words further apart than this many line heights may stand on both sides of a gutter."""
_LEAST_GUTTER = 0.75
_LEAST_COLUMN, _FILLED = 0.25, 0.6
"""A column of text has this share of the page's width, and most of its lines fill this share of the column."""
_FEWEST_LINES, _FEWEST_ROWS = 4, 2
_TABLE = 3
"""Fewer columns than this, unless they are of text, are a list with its values, read line by line."""
_FAR = 3.0
"""Lines further apart than this many line heights do not go on with the same columns."""
_WIDER = 1.25
"""Rows of a table stand further apart, so many times, than the lines of one."""
_NUMERAL = re.compile(r"\d{1,3}[.)]?|[IVXLC]{1,5}[.)]?")

Strip = tuple[float, float]


@dataclass(frozen=True, slots=True)
class _Run:
    """Rows one below the other, from `start` to before `end`, and the gutters that go through all of them."""

    start: int
    end: int
    gutters: tuple[Strip, ...]


def part_columns(sheets: Iterable[Sheet]) -> list[Sheet]:
    """Return pages whose columns of text are pages of their own, and whose tables without rules are cells in order."""
    return [part for sheet in sheets for part in _part(sheet)]


def _part(sheet: Sheet) -> Iterator[Sheet]:
    held: list[Row] = []
    place = 0
    while place < len(sheet.rows):
        run = _find_run(sheet, place)
        columns = [] if run is None else _columns(sheet.rows[run.start : run.end], run.gutters)
        cells = [] if run is None or len(columns) < _TABLE else _cells(sheet.rows[run.start : run.end], run.gutters)
        if run is not None and _are_text(columns, sheet):
            yield from _sheets(sheet, held, columns)
            held, place = [], run.end
        elif run is not None and cells:
            held, place = held + cells, run.end
        else:
            held.append(sheet.rows[place])
            place += 1
    if held or not sheet.rows:
        yield replace(sheet, rows=tuple(held))


def _sheets(sheet: Sheet, before: list[Row], columns: list[list[Row]]) -> Iterator[Sheet]:
    """Yield what stands above the columns, and each column as a page of its own width."""
    if before:
        yield replace(sheet, rows=tuple(before))
    for rows in columns:
        width = max(row.right for row in rows) - min(row.left for row in rows)
        yield replace(sheet, rows=tuple(rows), width=width)


def _find_run(sheet: Sheet, start: int) -> _Run | None:
    """Return the rows from `start` on through which gutters go; None when it begins no columns."""
    first = sheet.rows[start]
    if first.cell is not None or len(first.segments()) < 2:
        return None
    gutters = _between(_free(first, sheet.width), [first])
    end = start + 1
    while end < len(sheet.rows) and gutters:
        row, before = sheet.rows[end], sheet.rows[end - 1]
        if row.cell is not None or row.centre - before.centre > _FAR * row.height:
            break
        left = _cross(gutters, _free(row, sheet.width))
        if len(left) < max(1, len(gutters) - 1):  # a line of the text goes on across them
            break
        gutters = left
        end += 1
    found = tuple(gutter for gutter in gutters if gutter[1] - gutter[0] >= _LEAST_GUTTER * first.height)
    return _Run(start, end, found) if found and end - start >= _FEWEST_ROWS else None


def _free(row: Row, width: float) -> list[Strip]:
    """Return the strips that a row leaves white, with the margins."""
    pieces = row.segments(_LEAST_GAP)
    edges = [0.0, *(edge for piece in pieces for edge in (piece.left, piece.right)), width]
    return list(zip(edges[::2], edges[1::2], strict=True))


def _between(strips: list[Strip], rows: Sequence[Row]) -> list[Strip]:
    left, right = min(row.left for row in rows), max(row.right for row in rows)
    return [strip for strip in strips if strip[0] >= left and strip[1] <= right]


def _cross(some: Iterable[Strip], others: Sequence[Strip]) -> list[Strip]:
    shared = [(max(a, c), min(b, d)) for a, b in some for c, d in others]
    return [strip for strip in shared if strip[1] - strip[0] > 1.0]


def _columns(rows: Sequence[Row], gutters: Sequence[Strip]) -> list[list[Row]]:
    """Return the rows of each column, top to bottom."""
    columns: list[list[Row]] = [[] for _ in range(len(gutters) + 1)]
    for row in rows:
        for column, items in zip(columns, _divide(row, gutters), strict=True):
            if items:
                column.append(replace(row, items=items))
    return columns


def _divide(row: Row, gutters: Sequence[Strip]) -> list[tuple[Item, ...]]:
    """Return a row's words column by column."""
    cuts = [(left + right) / 2 for left, right in gutters]
    parts: list[list[Item]] = [[] for _ in range(len(cuts) + 1)]
    for item in row.items:
        parts[sum((item.box[0] + item.box[2]) / 2 > cut for cut in cuts)].append(item)
    return [tuple(part) for part in parts]


def _are_text(columns: Sequence[list[Row]], sheet: Sheet) -> bool:
    """Tell whether columns are of running text: wide, long, and most lines filled."""
    if len(columns) < 2 or any(len(rows) < _FEWEST_LINES for rows in columns):
        return False
    for rows in columns:
        width = max(row.right for row in rows) - min(row.left for row in rows)
        filled = median(row.right - row.left for row in rows)
        if width < _LEAST_COLUMN * sheet.width or filled < _FILLED * width or len(rows[0].items) < 2:
            return False
    return True


def _cells(rows: Sequence[Row], gutters: Sequence[Strip]) -> list[Row]:
    """Return the cells of a table without rules, row by row; nothing when its rows cannot be told apart."""
    lines = [_divide(row, gutters) for row in rows]
    starts = _starts(rows, lines)
    if len(starts) < _FEWEST_ROWS:
        return []
    found: list[Row] = []
    for start, end in zip(starts, [*starts[1:], len(lines)], strict=True):
        for column in range(len(gutters) + 1):
            place = rows[start].centre + column * NEXT_CELL
            found += _paragraphs([line[column] for line in lines[start:end] if line[column]], place)
    return found


def _starts(rows: Sequence[Row], lines: Sequence[Sequence[tuple[Item, ...]]]) -> list[int]:
    """Return the lines at which the rows of a table begin: where one is numbered, or after a wider gap."""
    numbered = [index for index, line in enumerate(lines) if line[0] and _NUMERAL.fullmatch(line[0][0].word.text)]
    if len(numbered) > 1 and all(len(lines[index][0]) == 1 and lines[index][1] for index in numbered):
        return numbered if numbered[0] == 0 else [0, *numbered]
    if all(all(line) for line in lines):
        return list(range(len(lines)))
    steps = [row.centre - before.centre for before, row in itertools.pairwise(rows)]
    return [0, *(index for index, step in enumerate(steps, 1) if step > _WIDER * min(steps))]


def _paragraphs(lines: Sequence[tuple[Item, ...]], place: float) -> Iterator[Row]:
    """Yield the words of one cell, a row a paragraph, to be read at the height of the table's row."""
    held: tuple[Item, ...] = ()
    for items in lines:
        before = [item.word.text for item in held]
        begins = begins_item([items[0].word.text])
        if held and begins and (ends_sentence(before[-1]) or begins_item(before[:1])):
            yield Row(held, cell=place)
            held = ()
        held += items
    if held:
        yield Row(held, cell=place)
