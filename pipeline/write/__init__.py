"""Notices out of the pipeline. `WRITERS` is the table of forms: a new one is one file, one line here, one test."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from pathlib import Path

from pipeline.write.contract import read_notice, to_json, write_json
from pipeline.write.files import (
    make_folder,
    part_of,
    put_in_place,
    remove,
    write_bytes,
    write_error,
    write_stream,
)
from pipeline.write.names import printable, result_names
from pipeline.write.result import Result
from pipeline.write.searchable import write_searchable
from pipeline.write.sidecars import Sheet, lay_out, to_alto, to_hocr
from pipeline.write.streamed import write_csv, write_table
from pipeline.write.tables import TABLES, tabulate, to_csv

WRITERS: dict[str, Callable[[Iterable[Result], Path], list[Path]]] = {
    "json": write_json,
    "csv": write_csv,
}
"""How results are written into a folder; each returns the paths that it wrote."""

__all__ = [
    "TABLES",
    "WRITERS",
    "Result",
    "Sheet",
    "lay_out",
    "make_folder",
    "part_of",
    "printable",
    "put_in_place",
    "read_notice",
    "remove",
    "result_names",
    "tabulate",
    "to_alto",
    "to_csv",
    "to_hocr",
    "to_json",
    "write_bytes",
    "write_error",
    "write_json",
    "write_searchable",
    "write_stream",
    "write_table",
]
