"""What a run found, for people: counts, a page of plain text, and the files that a run leaves in ``runs/<id>``."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from pathlib import Path

from pipeline.batch.account import FATES, Account, Entry
from pipeline.batch.found import FOUND
from pipeline.batch.report_html import report_html
from pipeline.batch.report_json import one_line, report_json
from pipeline.write import make_folder, printable, write_bytes

_NAMED = 8
"""How many files the page of plain text names, so that it stays one screen."""
_WIDTH = 100


FATE_LABELS: dict[str, str] = {
    "ok": "notices read",
    "other": "other documents",
    "refused": "cannot be used",
    "crash": "crashed their reader",
    "timeout": "took too long",
    "memory": "took too much memory",
    "internal": "errors of chidao",
    "unchanged": "unchanged",
    "same": "same as another file",
    "waiting": "waiting",
    "left": "left for the next run",
    "passed": "passed over",
}


def run_folder(account: Account, folder: Path) -> Path:
    """Return where in the results' `folder` a run's reports go."""
    return folder / "runs" / account.id


def write_reports(account: Account, folder: Path) -> list[Path]:
    """Write ``report.json`` and ``report.html`` into ``runs/<id>`` of the results' `folder`; return the paths.

    Everything is made before anything is written, and each file is whole or not there.
    """
    runs = run_folder(account, folder)
    made = {runs / "report.json": report_json(account), runs / "report.html": report_html(account)}
    make_folder(runs)
    for path, data in made.items():
        write_bytes(path, data)
    return list(made)


def report_text(account: Account) -> str:
    """Return a run on one screen of plain text; the last line says it in one sentence."""
    lines = [f"chidao run {account.id}: {printable(account.inbox)} -> {printable(account.out)}", ""]
    lines += _count_lines(account)
    lines += _people_lines(account)
    return "\n".join([*lines, "", summary_line(account)])


def summary_line(account: Account) -> str:
    """Return a run in one line, for the end of a mail, a log or a terminal."""
    counts = account.counts
    failed = len(account.failed)
    said = (
        f"{account.status}, exit code {account.exit_code}: {counts['seen']} files seen, {account.read} read in "
        f"{duration(account.seconds)}, {counts['ok']} notices, {failed} failed, "
        f"{len(account.for_people)} for a person to look at"
    )
    return f"{said}; stopped early: {one_line(account.stopped_early)}" if account.stopped_early else said


def duration(seconds: float) -> str:
    """Return a time as people say it.

    >>> duration(0.25), duration(75), duration(7260)
    ('0.2 s', '1 min 15 s', '2 h 1 min')
    """
    if seconds < 60:
        return f"{seconds:.1f} s"
    minutes, rest = divmod(round(seconds), 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours} h {minutes} min" if hours else f"{minutes} min {rest} s"


def _count_lines(account: Account) -> Iterator[str]:
    """List the fates that occur, so that they add up to the files seen, and what the notices hold."""
    counts = account.counts
    shown = [("files seen", counts["seen"])]
    shown += [(f"  {FATE_LABELS[fate]}", counts[fate]) for fate in FATES if counts[fate]]
    labels = {name: label for name, label in FOUND.items() if name != "notices"}
    shown += [(label, account.found[name]) for name, label in labels.items() if account.found.get(name)]
    shown += [(f"in store: {name}", count) for name, count in account.stored.items()]
    width = max(len(label) for label, _ in shown)
    return (f"{label:<{width}}  {count:>8}" for label, count in shown)


def _people_lines(account: Account) -> Iterator[str]:
    """Name the first files that need a person, and say how many of each kind there are."""
    needy = account.for_people
    if not needy:
        return
    kinds = Counter(one_line(entry.kind or entry.fate) for entry in needy)
    listed = ", ".join(f"{count} {kind}" for kind, count in kinds.most_common())
    yield from ("", _shorten(f"For a person: {listed}"))
    for entry in needy[:_NAMED]:
        yield _shorten(f"  {_named(entry)}")
    if len(needy) > _NAMED:
        yield f"  ... and {len(needy) - _NAMED} more, see runs/{account.id}/report.html"


def _named(entry: Entry) -> str:
    why = ": ".join(one_line(part) for part in (entry.reason, entry.advice) if part)
    return f"{printable(entry.file)}: {why or one_line(entry.kind or entry.fate)}"


def _shorten(line: str) -> str:
    return line if len(line) <= _WIDTH else line[: _WIDTH - 3] + "..."
