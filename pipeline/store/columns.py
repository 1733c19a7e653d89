"""What a column holds, the same in both databases: words, times and JSON."""

from __future__ import annotations

import datetime as dt
import json
import re
from typing import Any

from sqlalchemy import BigInteger, Text
from sqlalchemy.engine import Dialect
from sqlalchemy.types import TypeDecorator, TypeEngine

_UNSTORABLE = re.compile("[\x00\ud800-\udfff]")


def to_json(value: object) -> str:
    r"""Return `value` as compact JSON that any database takes, with the order of its keys.

    Half characters, which names of files may hold, are escaped; JSON reads them back.

    >>> to_json({"b": 1, "a": "\udc80"})
    '{"b":1,"a":"\\udc80"}'
    """
    text = json.dumps(value, ensure_ascii=False, separators=(",", ":"))
    return text.encode("utf-8", "backslashreplace").decode()


class _OrderedText(TypeDecorator[Any]):
    """Text that compares by character code everywhere; a database of another locale would order it differently."""

    impl = Text
    cache_ok = True

    def load_dialect_impl(self, dialect: Dialect) -> TypeEngine[Any]:
        """Return the type in this database."""
        collation = "C" if dialect.name == "postgresql" else None
        return dialect.type_descriptor(Text(collation=collation))


class Words(_OrderedText):
    """Text; what no database stores (NUL, half characters) becomes U+FFFD."""

    cache_ok = True

    def process_bind_param(self, value: str | None, dialect: Dialect) -> str | None:  # noqa: ARG002
        """Return `value` as it is stored."""
        return value if value is None else _UNSTORABLE.sub("\ufffd", value)


class Instant(_OrderedText):
    """A time in UTC as ISO 8601 of one width, so that text sorts as time does."""

    cache_ok = True

    def process_bind_param(self, value: dt.datetime | None, dialect: Dialect) -> str | None:  # noqa: ARG002
        """Return `value` as it is stored; a time without zone is a mistake of the caller."""
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("a time in the store needs its zone")
        return value.astimezone(dt.UTC).isoformat(timespec="microseconds")

    def process_result_value(self, value: str | None, dialect: Dialect) -> dt.datetime | None:  # noqa: ARG002
        """Return the time, in UTC."""
        return None if value is None else dt.datetime.fromisoformat(value)


class Json(_OrderedText):
    """A JSON value; None is JSON's null, so the column itself is never null unless it is left out."""

    cache_ok = True
    should_evaluate_none = True

    def process_bind_param(self, value: object, dialect: Dialect) -> str:  # noqa: ARG002
        """Return `value` as it is stored."""
        return to_json(value)

    def process_result_value(self, value: str | None, dialect: Dialect) -> Any:  # noqa: ARG002
        """Return the value."""
        return None if value is None else json.loads(value)


class Unsigned(TypeDecorator[int]):
    """A 64-bit number without sign, as inodes are; databases have only signed ones."""

    impl = BigInteger
    cache_ok = True

    def process_bind_param(self, value: int | None, dialect: Dialect) -> int | None:  # noqa: ARG002
        """Return `value` with the upper half below zero."""
        return None if value is None else (value + 2**63) % 2**64 - 2**63

    def process_result_value(self, value: int | None, dialect: Dialect) -> int | None:  # noqa: ARG002
        """Return the number."""
        return None if value is None else value % 2**64
