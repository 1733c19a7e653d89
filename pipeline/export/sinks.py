"""Where an export's notices go, one after the other: a new kind of export is one class and one line of `SINKS`."""

from __future__ import annotations

import importlib.util
import json
from collections import defaultdict
from collections.abc import Callable, Mapping
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol, TextIO

from pipeline.errors import MissingDependencyError
from pipeline.export.columns import day, kind_of, whole_numbers
from pipeline.export.sheets import Workbook
from pipeline.notice import Notice
from pipeline.write.tables import TABLES, Row, write_lines

_HEAD = ("document_number", "issuing_body", "issue_date", "year")
_ROWS_HELD = 5_000
_NO_YEAR = "undated"
"""A partition without a value, as Hive has them, is one that pandas cannot read."""


def _columns(table: str) -> tuple[str, ...]:
    """Return a table's columns: where it is of parts of notices, with what one asks for of the notice."""
    first, *others = TABLES[table]
    return (first, *others, "year") if table == "notices" else (first, *others[:1], *_HEAD, *others[1:])


COLUMNS = {table: _columns(table) for table in TABLES}


@dataclass(frozen=True, slots=True)
class Entry:
    """A notice on its way out, with its rows of each table."""

    notice: Notice
    rows: Mapping[str, list[Row]]


class Sink(Protocol):
    """Takes the notices of an export; its files are closed with the stack that it is given."""

    def take(self, entry: Entry) -> None:
        """Write one notice."""

    def finish(self) -> list[str]:
        """Write the end; return what a person should know of it."""


class CsvSink:
    """A folder with one table a kind of thing, for Excel."""

    def __init__(self, path: Path, stack: ExitStack) -> None:
        """Begin the tables in the folder `path`."""
        path.mkdir()
        self._files = {table: stack.enter_context(_text(path / f"{table}.csv")) for table in COLUMNS}
        for table, file in self._files.items():
            file.write("\ufeff")
            write_lines(file, (), COLUMNS[table])

    def take(self, entry: Entry) -> None:
        """Write the notice's lines."""
        for table, rows in entry.rows.items():
            write_lines(self._files[table], rows, COLUMNS[table], header=False)

    @staticmethod
    def finish() -> list[str]:
        """Return nothing: all is written."""
        return []


class JsonLinesSink:
    """A file with one notice a line, whole, as the contract has it."""

    def __init__(self, path: Path, stack: ExitStack) -> None:
        """Begin the file `path`."""
        self._file = stack.enter_context(_text(path))

    def take(self, entry: Entry) -> None:
        """Write the notice's line."""
        json.dump(entry.notice.model_dump(mode="json"), self._file, ensure_ascii=False)
        self._file.write("\n")

    @staticmethod
    def finish() -> list[str]:
        """Return nothing: all is written."""
        return []


class XlsxSink:
    """A workbook with one sheet a kind of thing."""

    def __init__(self, path: Path, stack: ExitStack) -> None:
        """Begin the workbook `path`; MissingDependencyError where its library is not installed."""
        self._book = stack.enter_context(Workbook(path))
        for table in ("directives", "notices", "participants", "weaknesses"):
            self._book.begin(table, COLUMNS[table])

    def take(self, entry: Entry) -> None:
        """Write the notice's rows."""
        for table, rows in entry.rows.items():
            for row in rows:
                self._book.add(table, row)

    def finish(self) -> list[str]:
        """Write the workbook."""
        self._book.save()
        cut = self._book.shortened
        return [f"{cut} texts were too long for Excel and end in …; the other kinds have them whole"] if cut else []


class ParquetSink:
    """A folder of Parquet files, ``<table>/issued=<year or undated>/part-0.parquet``, as pandas and DuckDB read it."""

    def __init__(self, path: Path, stack: ExitStack) -> None:
        """Begin the folder `path`; MissingDependencyError where the library is not installed."""
        if importlib.util.find_spec("pyarrow") is None:
            raise MissingDependencyError("pyarrow is not installed", 'pip install "chidao[export]"')
        self._path, self._stack = path, stack
        self._held: dict[tuple[str, str], list[Row]] = defaultdict(list)
        self._writers: dict[tuple[str, str], Any] = {}
        path.mkdir()

    def take(self, entry: Entry) -> None:
        """Keep the notice's rows, and write what has become much."""
        for table, rows in entry.rows.items():
            for row in rows:
                place = table, _NO_YEAR if row["year"] is None else str(row["year"])
                self._held[place].append(row)
                if len(self._held[place]) >= _ROWS_HELD:
                    self._write(place)

    def finish(self) -> list[str]:
        """Write what is left; a table without rows is an empty file, so that it can be read all the same."""
        for table in COLUMNS:
            if not any(place[0] == table for place in self._held):
                self._held[table, ""] = []
        for place in self._held:
            self._write(place)
        return []

    def _write(self, place: tuple[str, str]) -> None:
        import pyarrow as pa  # noqa: PLC0415 - it may be missing
        from pyarrow import parquet  # noqa: PLC0415 - as above

        table, year = place
        columns = COLUMNS[table]
        types = {
            "day": pa.date32(),
            "whole": pa.int64(),
            "share": pa.float64(),
            "list": pa.list_(pa.int64()),
        }
        schema = pa.schema([(column, types.get(kind_of(column), pa.string())) for column in columns])
        if place not in self._writers:
            folder = self._path / table / f"issued={year}" if year else self._path / table
            folder.mkdir(parents=True)
            writer = parquet.ParquetWriter(folder / "part-0.parquet", schema)
            self._writers[place] = self._stack.enter_context(writer)
        cells = {column: [_cell(column, row.get(column)) for row in self._held[place]] for column in columns}
        self._writers[place].write_table(pa.table(cells, schema=schema))
        self._held[place] = []


def _text(path: Path) -> TextIO:
    """Open a new file of text; of half a character there is only its number."""
    return path.open("x", encoding="utf-8", errors="backslashreplace", newline="")


def _cell(column: str, value: Any) -> Any:
    kind = kind_of(column)
    if kind == "day":
        return day(value)
    if kind == "list":
        return whole_numbers(value)
    return value if value is None or kind != "text" else str(value).encode("utf-8", "backslashreplace").decode()


SINKS: dict[str, Callable[[Path, ExitStack], Sink]] = {
    "csv": CsvSink,
    "jsonl": JsonLinesSink,
    "parquet": ParquetSink,
    "xlsx": XlsxSink,
}
"""Kind of export -> what takes its notices."""
