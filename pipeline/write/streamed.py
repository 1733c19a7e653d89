"""Tables of any length onto the disk, row by row, whole or not at all."""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import TextIO

from pipeline.write.files import part_of, write_error
from pipeline.write.result import Result
from pipeline.write.tables import TABLES, Row, rows_of, write_lines


def write_csv(results: Iterable[Result], folder: Path) -> list[Path]:
    """Write all tables into `folder` as the results come, and return their paths; old ones stay until all are made."""
    seen: Counter[str] = Counter()
    with _tables(folder, TABLES) as files:
        for result in results:
            for table, rows in rows_of(result, seen).items():
                write_lines(files[table], rows, TABLES[table], header=False)
    return [folder / f"{table}.csv" for table in TABLES]


def write_table(rows: Iterable[Row], columns: Sequence[str], path: Path) -> None:
    """Write one table, which is named ``<name>.csv``, as the rows come."""
    with _tables(path.parent, {path.stem: columns}) as files:
        write_lines(files[path.stem], rows, columns, header=False)


@contextmanager
def _tables(folder: Path, tables: Mapping[str, Sequence[str]]) -> Iterator[dict[str, TextIO]]:
    """Open a passing file with its header line for each table; move them all into place at the end."""
    parts = {table: part_of(folder) for table in tables}
    path = folder
    try:
        with ExitStack() as stack:
            files: dict[str, TextIO] = {
                table: stack.enter_context(part.open("x", encoding="utf-8", newline=""))
                for table, part in parts.items()
            }
            for table, file in files.items():
                file.write("\ufeff")
                write_lines(file, (), tables[table])
            yield files
            for file in files.values():
                file.flush()
                os.fsync(file.fileno())
        for table, part in parts.items():
            path = folder / f"{table}.csv"
            part.replace(path)
    except OSError as error:
        raise write_error(path, error) from error
    finally:
        for part in parts.values():
            part.unlink(missing_ok=True)
