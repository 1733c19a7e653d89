"""Workbooks for Excel: days are days, heads stay in sight, every column can be filtered, and no cell is a formula."""

from __future__ import annotations

import datetime as dt
import importlib.util
import tempfile
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Self

from pipeline.errors import MissingDependencyError
from pipeline.export.columns import day, kind_of

_ROWS = 1_048_575
"""Rows that a sheet of Excel holds below its head."""
_CHARACTERS = 32_767
"""Characters that a cell of Excel holds."""
_FIRST_DAY = dt.date(1900, 3, 1)
"""Before it, Excel counts a day that never was."""
_OPTIONS = {
    "constant_memory": True,
    "strings_to_formulas": False,
    "strings_to_urls": False,
    "strings_to_numbers": False,
    "nan_inf_to_errors": True,
}
_WIDTHS = {"text": 70, "subject": 50, "citation": 50, "leads": 32, "supports": 32, "issuing_body": 30}
_BLOCK = 1 << 18


@dataclass(slots=True)
class _Open:
    """A table that is being written, with the sheet that it is at."""

    columns: tuple[str, ...]
    sheet: Any
    rows: int = 0


class Workbook:
    """A workbook that is written row by row; a table too long for a sheet goes on in a next one."""

    def __init__(self, path: Path) -> None:
        """Begin a workbook at `path`; MissingDependencyError where its library is not installed."""
        if importlib.util.find_spec("xlsxwriter") is None:
            raise MissingDependencyError("xlsxwriter is not installed", 'pip install "chidao[export]"')
        import xlsxwriter  # noqa: PLC0415 - it may be missing

        # Rows lie in passing files of the library's own until the end, which a failure must not leave behind.
        self._room = tempfile.TemporaryDirectory(prefix="chidao-")
        self._book = xlsxwriter.Workbook(path, {**_OPTIONS, "tmpdir": self._room.name})
        self._head = self._book.add_format({"bold": True, "bg_color": "#0B6B6B", "font_color": "#FFFFFF"})
        self._day = self._book.add_format({"num_format": "dd/mm/yyyy", "valign": "top", "align": "left"})
        self._plain = self._book.add_format({"valign": "top", "text_wrap": True})
        self._share = self._book.add_format({"num_format": "0.0%", "valign": "top"})
        self._failed = xlsxwriter.exceptions.FileCreateError
        self._open: dict[str, _Open] = {}
        self.shortened = 0
        """Cells of which Excel could not hold all."""

    def begin(self, name: str, columns: Sequence[str]) -> None:
        """Begin a table; several may be open at once."""
        self._open[name] = _Open(tuple(columns), self._sheet(name, columns))

    def add(self, name: str, row: Mapping[str, Any]) -> None:
        """Write the next row of a table that was begun."""
        table = self._open[name]
        if table.rows and not table.rows % _ROWS:
            self._filter(table, _ROWS)
            table.sheet = self._sheet(f"{name} {table.rows // _ROWS + 1}", table.columns)
        for place, column in enumerate(table.columns):
            self._write(table.sheet, table.rows % _ROWS + 1, place, column, row.get(column))
        table.rows += 1

    def save(self) -> None:
        """Write the whole; OSError where it does not go onto the disk."""
        for table in self._open.values():
            self._filter(table, (table.rows - 1) % _ROWS + 1 if table.rows else 1)
        try:
            self._book.close()
        except self._failed as error:
            raise OSError(str(error)) from error

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_error: object) -> None:
        self._room.cleanup()

    def _sheet(self, name: str, columns: Sequence[str]) -> Any:
        sheet = self._book.add_worksheet(name[:31])
        sheet.freeze_panes(1, 0)
        for place, column in enumerate(columns):
            width = 12 if kind_of(column) != "text" else _WIDTHS.get(column, 18)
            sheet.set_column(place, place, width)
        for place, column in enumerate(columns):
            sheet.write_string(0, place, column, self._head)
        return sheet

    @staticmethod
    def _filter(table: _Open, rows: int) -> None:
        table.sheet.autofilter(0, 0, rows, len(table.columns) - 1)

    def _write(self, sheet: Any, row: int, place: int, column: str, value: Any) -> None:
        if value is None or value == "":
            return
        kind = kind_of(column)
        if kind == "day" and (known := day(value)) is not None and known >= _FIRST_DAY:
            sheet.write_datetime(row, place, dt.datetime.combine(known, dt.time()), self._day)
        elif isinstance(value, bool | int | float):
            sheet.write(row, place, value, self._share if kind == "share" else self._plain)
        else:
            sheet.write_string(row, place, self._fitting(str(value)), self._plain)

    def _fitting(self, text: str) -> str:
        """Return a text that Excel takes: of half a character there is only its number, and what is too long ends."""
        text = text.encode("utf-8", "backslashreplace").decode()
        if len(text) <= _CHARACTERS:
            return text
        self.shortened += 1
        return text[: _CHARACTERS - 1] + "…"


def stream_workbook(name: str, columns: Sequence[str], rows: Iterable[Mapping[str, Any]]) -> Iterator[bytes]:
    """Yield a workbook of one table; it lies in a passing file until it is read."""
    with tempfile.TemporaryDirectory(prefix="chidao-") as folder:
        path = Path(folder) / "found.xlsx"
        with Workbook(path) as book:
            book.begin(name, columns)
            for row in rows:
                book.add(name, row)
            book.save()
        with path.open("rb") as file:
            while block := file.read(_BLOCK):
                yield block
