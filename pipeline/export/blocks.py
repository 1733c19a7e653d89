"""Rows and objects as the bytes of a file, block by block."""

from __future__ import annotations

import io
import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from pipeline.write.tables import Row, write_lines


def to_csv(rows: Iterable[Row], columns: Sequence[str]) -> Iterator[bytes]:
    """Yield lines as Excel reads them: a byte order mark and the head first, formulas defused."""
    yield b"\xef\xbb\xbf" + _lines([], columns, header=True)
    for row in rows:
        yield _lines([row], columns, header=False)


def _lines(rows: list[Row], columns: Sequence[str], *, header: bool) -> bytes:
    text = io.StringIO()
    write_lines(text, rows, columns, header=header)
    return text.getvalue().encode("utf-8", "backslashreplace")


def to_json(objects: Iterable[Mapping[str, Any]]) -> Iterator[bytes]:
    """Yield a list with one object a line."""
    before = b"[\n"
    for one in objects:
        yield before + _object(one)
        before = b",\n"
    yield b"[]\n" if before == b"[\n" else b"\n]\n"


def to_jsonl(objects: Iterable[Mapping[str, Any]]) -> Iterator[bytes]:
    """Yield one object a line."""
    for one in objects:
        yield _object(one) + b"\n"


def _object(one: Mapping[str, Any]) -> bytes:
    return json.dumps(one, ensure_ascii=False, default=str).encode("utf-8", "backslashreplace")
