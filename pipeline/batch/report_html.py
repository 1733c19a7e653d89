"""A run's report for people: one page that runs nothing and loads nothing, in the words of ``lexicon/report.toml``.

File names and what documents say are data: all of it is put on one line, and the template escapes it.
"""

from __future__ import annotations

import datetime as dt
import functools
import itertools
import os
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from pathlib import PurePosixPath
from typing import Any
from urllib.parse import quote

from jinja2 import Environment, PackageLoader, StrictUndefined, Template

from pipeline.batch.account import FATES, Account, Entry
from pipeline.batch.report_json import one_line, slowest
from pipeline.language import load
from pipeline.write import printable

_LISTED = 20
"""How many files a list names at most; ``report.json`` has all."""
_DOUBTED = 10
_TEXT = 300
"""How many characters of a subject, reason or name are shown at most."""
_STEPS = (1, 3, 10, 30, 100, 300)
"""Where the bars of the reading times end, in seconds."""
_NARROWEST = 4.0
"""The narrowest part of the bar of fates, of 1000: one file of thousands must be seen."""


@dataclass(frozen=True, slots=True)
class Listed:
    """The first of many things, and how many more there are."""

    items: Sequence[Any]
    more: int


@dataclass(frozen=True, slots=True)
class Bar:
    """One part of a chart; `share` is of the longest bar, or of the whole."""

    key: str
    label: dict[str, str]
    count: int
    share: float
    start: float = 0.0
    width: float = 0.0


@dataclass(frozen=True, slots=True)
class Group:
    """The failures of one kind."""

    label: dict[str, str]
    advice: str
    count: int
    files: Listed


def report_html(account: Account) -> bytes:
    """Return the page as bytes."""
    counts = account.counts
    page = _template().render(
        account=account,
        words=load("report"),
        counts=counts,
        people=len(account.for_people),
        tiles=_tiles(account, counts),
        fates=_fates(counts),
        groups=_groups(account.failed),
        held=first(account.held),
        doubts=first(_doubts(account.entries), _DOUBTED),
        waiting=first([entry for entry in account.entries if entry.fate == "waiting"]),
        links=first(account.links),
        found=_bars("found", account.found),
        times=_times(account.entries),
        slowest=slowest(account),
        stored=[(_label("stored", name), count) for name, count in account.stored.items()],
    )
    return page.encode("utf-8", errors="backslashreplace")


@functools.cache
def _template() -> Template:
    environment = Environment(
        loader=PackageLoader("pipeline.batch", "templates"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters.update(
        number=number,
        line=_line,
        name=_name,
        when=_when,
        lasted=lasted,
        percent=percent,
        href=_href,
        vi=_vietnamese,
        en=_english,
    )
    environment.globals.update(fate=functools.partial(_label, "fates"))
    return environment.get_template("report.html")


def first(entries: Sequence[Any], most: int = _LISTED) -> Listed:
    """Return the first of `entries`, and how many more there are."""
    return Listed(entries[:most], max(0, len(entries) - most))


def number(value: float) -> str:
    """Return a number as it is written in Vietnamese.

    >>> number(12345), number(0.25)
    ('12.345', '0,2')
    """
    written = f"{value:,}" if isinstance(value, int) else f"{value:,.1f}"
    return written.translate(str.maketrans(",.", ".,"))


def _vietnamese(label: dict[str, str], **counts: int) -> str:
    """Return a sentence with its figures set in."""
    return label["vi"].format(**{name: number(count) for name, count in counts.items()})


def _english(label: dict[str, str], **counts: int) -> str:
    return label["en"].format(**{name: f"{count:,}" for name, count in counts.items()})


def percent(share: float) -> str:
    """Return a share in whole percents; what is not nothing is not called 0.

    >>> percent(0.5), percent(0.001)
    ('50%', '<1%')
    """
    return "<1%" if 0 < share < 0.01 else f"{share:.0%}"


def lasted(seconds: float) -> str:
    """Return a time in figures and signs that need no language.

    >>> lasted(2.345), lasted(75), lasted(7260)
    ('2,3 s', '1:15', '2:01:00')
    """
    if seconds < 60:
        return f"{number(float(seconds))} s"
    minutes, rest = divmod(round(seconds), 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours}:{minutes:02d}:{rest:02d}" if hours else f"{minutes}:{rest:02d}"


def _line(text: object) -> str:
    """Return what a document or an error says, on one line and not too long."""
    return _cut(one_line(str(text)))


def _name(name: object) -> str:
    """Return a file's name on one line and not too long; two names do not become one."""
    return _cut(printable(str(name)))


def _cut(line: str) -> str:
    return line if len(line) <= _TEXT else line[: _TEXT - 1] + "…"


def _href(result: str) -> str:
    """Return the address of a notice's file, as seen from ``runs/<id>``; no name leads elsewhere."""
    return "../../notices/" + quote(os.fsencode(PurePosixPath(result).name), safe="")


def _when(moment: dt.datetime) -> str:
    """Return a time by this machine's clock, and how far that is from UTC."""
    local = moment.astimezone()
    return f"{local:%H:%M:%S %d/%m/%Y} (UTC{local.isoformat()[-6:]})"


def _label(table: str, name: str) -> dict[str, str]:
    """Return how something is called in both languages; what has no name keeps its own."""
    known: dict[str, str] = load("report")[table].get(name, {"vi": name, "en": ""})
    return known


def _tiles(account: Account, counts: dict[str, int]) -> list[Bar]:
    values = {
        "people": len(account.for_people),
        "seen": counts["seen"],
        "read": account.read,
        "ok": counts["ok"],
        "directives": account.found.get("directives", 0),
        "other": counts["other"],
    }
    return [Bar(name, _label("tiles", name), value, 0.0) for name, value in values.items()]


def _fates(counts: dict[str, int]) -> list[Bar]:
    """Return the parts of the bar of fates, without the unchanged, beside which a night's work would not be seen."""
    held = {fate: counts[fate] for fate in FATES if fate != "unchanged" and counts[fate]}
    total = sum(held.values())
    widths = {fate: max(_NARROWEST, 1000 * count / total) for fate, count in held.items()}
    scale = 1000 / sum(widths.values()) if widths else 1.0
    bars, start = [], 0.0
    for fate, count in held.items():
        width = widths[fate] * scale
        bars.append(Bar(fate, _label("fates", fate), count, count / total, round(start, 2), round(width, 2)))
        start += width
    return bars


def _groups(failed: Iterable[Entry]) -> list[Group]:
    """Return the failures by kind, the most frequent first."""
    by_kind: dict[str, list[Entry]] = {}
    for entry in failed:
        by_kind.setdefault(entry.kind or entry.fate, []).append(entry)
    ordered = sorted(by_kind.items(), key=lambda item: (-len(item[1]), item[0]))
    return [_group(kind, entries) for kind, entries in ordered]


def _group(kind: str, entries: Sequence[Entry]) -> Group:
    label = _label("kinds", kind)
    advice = label.get("advice") or entries[0].advice or ""
    return Group(label, advice, len(entries), first(entries))


def _doubts(entries: Iterable[Entry]) -> list[Entry]:
    """Return the notices in which some value is not certain, the least certain first."""
    doubted = [entry for entry in entries if entry.doubt is not None and entry.doubt < 1]
    return sorted(doubted, key=lambda entry: (entry.doubt or 0.0, entry.file))


def _bars(table: str, counts: Any) -> list[Bar]:
    named = [(name, counts[name]) for name in load("report")[table] if counts.get(name)]
    most = max((count for _, count in named), default=1)
    return [Bar(name, _label(table, name), count, count / most) for name, count in named]


def _times(entries: Iterable[Entry]) -> list[Bar]:
    """Return how many files took how long, by steps that widen."""
    seconds = [entry.seconds for entry in entries if entry.seconds is not None]
    borders = (0.0, *_STEPS, float("inf"))
    bars = []
    for low, high in itertools.pairwise(borders):
        name = f"> {low} s" if high == float("inf") else f"{low:g} – {high:g} s"
        bars.append(Bar("time", {"vi": name, "en": ""}, sum(low <= value < high for value in seconds), 0.0))
    most = max((bar.count for bar in bars), default=0)
    last = max((index for index, bar in enumerate(bars) if bar.count), default=-1)
    return [replace(bar, share=bar.count / most) for bar in bars[: last + 1]]
