"""What a run found, for people."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from rich.table import Table

from pipeline.batch.runner import Outcome


@dataclass(frozen=True, slots=True)
class Summary:
    """Counts over a run."""

    files: int = 0
    notices: int = 0
    from_scans: int = 0
    directives: int = 0
    with_assignee: int = 0
    with_deadline: int = 0
    participants: int = 0
    weaknesses: int = 0
    with_warnings: int = 0
    others: int = 0
    problems: int = 0


LABELS: dict[str, str] = {
    "files": "files",
    "notices": "notices read",
    "from_scans": "… of them with pages from scans",
    "directives": "directives",
    "with_assignee": "… with an assignee",
    "with_deadline": "… with a deadline",
    "participants": "chairs, participants and absentees",
    "weaknesses": "weaknesses",
    "with_warnings": "notices with warnings",
    "others": "other documents, listed in other_documents.csv",
    "problems": "files that could not be read",
}


def summarise(outcomes: Iterable[Outcome]) -> Summary:
    """Count what was found."""
    outcomes = list(outcomes)
    notices = [outcome.notice for outcome in outcomes if outcome.notice is not None]
    directives = [directive for notice in notices for directive in notice.directives]
    meetings = [notice.meeting for notice in notices]
    return Summary(
        files=len(outcomes),
        notices=len(notices),
        from_scans=sum(notice.source.text_origin != "embedded" for notice in notices),
        directives=len(directives),
        with_assignee=sum(bool(directive.assignees) for directive in directives),
        with_deadline=sum(directive.deadline is not None for directive in directives),
        participants=sum(len(m.chairs) + len(m.participants) + len(m.absentees) for m in meetings),
        weaknesses=sum(len(notice.assessment.weaknesses) for notice in notices),
        with_warnings=sum(bool(notice.source.warnings) for notice in notices),
        others=sum(outcome.other is not None for outcome in outcomes),
        problems=sum(outcome.failed for outcome in outcomes),
    )


def summary_table(summary: Summary) -> Table:
    """Return the counts as a table for the terminal."""
    table = Table(show_header=False, title="What was found", title_justify="left")
    table.add_column("what")
    table.add_column("count", justify="right")
    for name, label in LABELS.items():
        table.add_row(label, str(getattr(summary, name)))
    return table
