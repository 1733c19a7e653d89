"""Sums of money: "15 triệu đồng", "1.650 tỷ đồng", "1 tỷ 200 triệu đồng", "7,5 tỷ USD"."""

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import Decimal

_UNITS = {
    "nghìn": 10**3,
    "ngàn": 10**3,
    "triệu": 10**6,
    "tr": 10**6,
    "tỷ": 10**9,
    "tỉ": 10**9,
    "nghìn tỷ": 10**12,
    "ngàn tỷ": 10**12,
    "nghìn tỉ": 10**12,
}
_NUMBER = r"\d{1,3}(?:\.\d{3})+(?:,\d+)?|\d+(?:[.,]\d+)?"
_UNIT = r"(?:nghìn tỷ|ngàn tỷ|nghìn tỉ|nghìn|ngàn|triệu|tỷ|tỉ)"
_SUM = re.compile(
    rf"(?<![\w.,/])(?P<parts>(?:{_NUMBER})\s*{_UNIT}?(?:\s+(?:{_NUMBER})\s*{_UNIT})*)\s*"
    r"(?P<currency>việt nam đồng|đồng(?! chí)|đ|vnđ|vnd|đô la mỹ|đô la|usd|euro|eur)(?!\w)"
)
_BARE = re.compile(
    rf"(?<![\w.,/])(?P<parts>(?:{_NUMBER})\s*{_UNIT}(?:\s+(?:{_NUMBER})\s*{_UNIT})*)(?=\s*(?:[;.)]|$|,\s)|\s(?:trong|từ|cho|để|mỗi|một|tiền)\s)"
)
_PART = re.compile(rf"(?P<number>{_NUMBER})\s*(?P<unit>{_UNIT})?")
_DONG = {"đồng", "đ", "vnđ", "vnd", "việt nam đồng"}


@dataclass(frozen=True, slots=True)
class Sum:
    """A sum of money in a text; `vnd` is None in another currency."""

    start: int
    end: int
    vnd: int | None


def find_sums(plain: str, start: int, end: int) -> list[Sum]:
    """Return the sums in ``plain[start:end]``, the lower-case view of a text.

    >>> [found.vnd for found in find_sums("hỗ trợ 1,5 tỷ đồng và 200.000 đồng", 0, 34)]
    [1500000000, 200000]
    """
    sums = [
        Sum(found.start(), found.end(), _value(found.group("parts")) if found.group("currency") in _DONG else None)
        for found in _SUM.finditer(plain, start, end)
    ]
    sums += [
        Sum(found.start(), found.end(), _value(found.group("parts"))) for found in _BARE.finditer(plain, start, end)
    ]
    return sorted(sums, key=lambda found: found.start)


def _value(parts: str) -> int:
    total = sum(
        (_number(part.group("number")) * _UNITS.get(part.group("unit") or "", 1) for part in _PART.finditer(parts)),
        Decimal(0),
    )
    return int(total)


def _number(printed: str) -> Decimal:
    """Read a number as printed in Vietnam: points part the thousands, a comma the decimals."""
    if re.fullmatch(r"\d{1,3}(?:\.\d{3})+(?:,\d+)?", printed):
        printed = printed.replace(".", "")
    return Decimal(printed.replace(",", "."))
