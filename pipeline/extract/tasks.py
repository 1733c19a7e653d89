"""Tables of tasks: rows of a task, who leads it, who helps and by when, under headings that say so.

A table is told by its headings, one a block. Its rows are told by their running numbers, or by their even count of
cells; where cells are empty, what a cell holds tells to which column it belongs.
"""

from __future__ import annotations

import datetime as dt
import functools
import itertools
import operator
import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from pipeline.document import Paragraph, Span
from pipeline.extract.directives import Due, Place, Task
from pipeline.extract.names import parse_list
from pipeline.extract.references import find_references
from pipeline.extract.view import View
from pipeline.language import alternatives, fold, load
from pipeline.normalise.amounts import find_sums
from pipeline.normalise.dates import find_dates
from pipeline.normalise.deadlines import find_time_limits

_LEAST_COLUMNS = 3
_LONGEST_HEADING = 60
_LONGEST_BLURRED = 20
_NUMBER = re.compile(r"\d{1,3}\.?")
_PIECE = re.compile(r"[^;\n]+")
_LONGEST_DUE = 60

Cell = tuple[Paragraph, ...]


@dataclass(frozen=True, slots=True)
class TaskRow:
    """One row: its cells by the kind of their column."""

    cells: dict[str, Cell]

    @property
    def start(self) -> int:
        """Where the row's task begins."""
        return self.cells["task"][0].start


def find_tasks(view: View, paragraphs: Sequence[Paragraph]) -> tuple[list[TaskRow], list[Paragraph]]:
    """Return the rows of all tables of tasks among `paragraphs`, and the paragraphs that are in none."""
    blocks = [tuple(block) for _, block in itertools.groupby(paragraphs, key=operator.attrgetter("block"))]
    rows: list[TaskRow] = []
    rest: list[Paragraph] = []
    at = 0
    while at < len(blocks):
        columns = _columns(view, blocks[at:])
        found, used = _rows(view, columns, blocks[at + len(columns) :]) if columns else ([], 0)
        if found:
            rows += found
            at += len(columns) + used
        else:
            rest += blocks[at]
            at += 1
    return rows, rest


def _columns(view: View, blocks: Sequence[Cell]) -> list[str]:
    """Return the kinds of the columns whose headings come first in `blocks`; none where that is no table of tasks."""
    kinds = list(itertools.takewhile(bool, (_kind_of_heading(view, block) for block in blocks)))
    columns = [kind for kind in kinds if kind]
    for index in range(1, len(columns)):  # a table below begins with its own headings
        if columns[index] in columns[:index] and columns[index] != "other":
            columns = columns[:index]
            break
    is_table = len(columns) >= _LEAST_COLUMNS and "task" in columns and {"lead", "due"} & set(columns)
    return columns if is_table else []


def _kind_of_heading(view: View, block: Cell) -> str | None:
    text = " ".join(view.plain[block[0].start : block[-1].end].split()).strip(" .:")
    if len(text) > _LONGEST_HEADING:
        return None
    kinds = ("order", "task", "support", "lead", "due", "other")
    named = next((kind for kind in kinds if _is(kind).fullmatch(text)), None)
    return named or _blurred_kind("".join(filter(str.isalpha, fold(text))))


def _blurred_kind(letters: str) -> str | None:
    """Return the kind of a heading of which OCR left the letters only."""
    blurred: dict[str, list[str]] = load("tasks")["blurred"]
    if len(letters) > _LONGEST_BLURRED:
        return None
    return next((kind for kind, cores in blurred.items() if letters.endswith(tuple(cores))), None)


@functools.cache
def _is(kind: str) -> re.Pattern[str]:
    return re.compile(rf"{alternatives(load('tasks')[kind])}")


def _rows(view: View, columns: Sequence[str], blocks: Sequence[Cell]) -> tuple[list[TaskRow], int]:
    """Return the rows below the headings, and how many of `blocks` they take."""
    rows: list[TaskRow] = []
    used = 0
    while used < len(blocks):
        taken = _take_row(view, columns, blocks[used : used + len(columns)])
        if taken is None:
            break
        cells, count = taken
        rows.append(TaskRow(cells))
        used += count
    return rows, used


def _take_row(view: View, columns: Sequence[str], blocks: Sequence[Cell]) -> tuple[dict[str, Cell], int] | None:
    """Return the cells of one row, by column, and how many blocks they are; None where no row begins."""
    cells: dict[str, Cell] = {}
    count = 0
    for kind in columns:
        if count < len(blocks) and _fits(view, kind, blocks[count], is_next=bool(cells)):
            cells.setdefault(kind, blocks[count])
            count += 1
    numbered = "order" not in columns or "order" in cells
    return (cells, count) if numbered and "task" in cells and {"lead", "support", "due"} & set(cells) else None


def _fits(view: View, kind: str, block: Cell, *, is_next: bool) -> bool:
    """Tell whether a cell can stand in a column of one kind."""
    text = view.text[block[0].start : block[-1].end].strip()
    is_number = _NUMBER.fullmatch(text) is not None
    if kind == "order":
        return is_number and not is_next
    if is_number:
        return False
    if kind == "due":
        return len(text) <= _LONGEST_DUE and not _members(view, block)
    if kind in {"lead", "support"}:
        return bool(_members(view, block))
    return True


def _members(view: View, block: Cell) -> list[tuple[int, int, str]]:
    """Return the bodies and persons that a cell names; a piece that names nobody that is known stays one name."""
    found: list[tuple[int, int, str]] = []
    known = False
    for paragraph in block:
        for piece in _PIECE.finditer(view.text, paragraph.start, paragraph.end):
            start, end = view.strip(piece.start(), piece.end())
            start += len(view.text[start:end]) - len(view.text[start:end].lstrip("-+ "))
            members, stop = parse_list(view, start, end)
            known = known or bool(members)
            if members and not view.text[stop:end].strip(" .,"):
                found += [(member.start, member.end, member.name) for member in members]
            elif end > start:
                found.append((start, end, " ".join(view.text[start:end].split()).rstrip(".,")))
    return found if known else []


def task_spans(view: View, rows: Sequence[TaskRow], reference: dt.date | None) -> list[Span]:
    """Return one directive a row."""
    return [_directive(view, row, reference) for row in rows]


def _directive(view: View, row: TaskRow, reference: dt.date | None) -> Span:
    start, end = view.strip(row.start, row.cells["task"][-1].end)
    label = row.cells.get("order")
    number = view.text[label[0].start : label[0].end].strip(" .") if label else None
    who = [
        Span("assignee", a, b, Task(name, role, inherited=False))
        for role in ("lead", "support")
        for a, b, name in (_members(view, row.cells[role]) if role in row.cells else [])
    ]
    references = find_references(view, start, end)
    sums = [Span("amount", found.start, found.end, found.vnd) for found in find_sums(view.plain, start, end)]
    parts = (*who, *_due(view, row, reference), *sums, *references)
    return Span("directive", start, end, Place(number, None), parts)


def _due(view: View, row: TaskRow, reference: dt.date | None) -> list[Span]:
    """Return the deadline in the row's own column; a bare date there is one too."""
    if "due" not in row.cells:
        return []
    start, end = view.strip(row.cells["due"][0].start, row.cells["due"][-1].end)
    limits = find_time_limits(view.plain, start, end, [])
    if limits:
        last = limits[-1]
        return [Span("deadline", last.start, last.end, Due(last.due(reference), last.recurrence))]
    dates = find_dates(view.plain, start, end)
    day = dates[-1].date if dates else None
    return [Span("deadline", start, end, Due(day, None))] if day else []


def merge_tasks(view: View, spans: Sequence[Span], tasks: Sequence[Span]) -> list[Span]:
    """Return the directives of text and tables in the order in which they stand, their parents counted anew.

    A row's parent is the directive before it where that ends with a colon.
    """
    order = sorted([*spans, *tasks], key=lambda span: span.start)
    where = {id(span): index for index, span in enumerate(order)}
    given = [where[id(span)] for span in spans]
    merged: list[Span] = []
    above: int | None = None
    own = {id(span) for span in tasks}
    for index, span in enumerate(order):
        place = span.value
        if not isinstance(place, Place):
            raise TypeError(place)
        if id(span) in own:
            merged.append(replace(span, value=Place(place.number, above)))
            continue
        above = index if view.text[span.start : span.end].rstrip().endswith(":") else None
        parent = None if place.parent is None else given[place.parent]
        merged.append(replace(span, value=Place(place.number, parent)))
    return merged
