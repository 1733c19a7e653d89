"""What a run found, counted notice by notice."""

from __future__ import annotations

from collections import Counter

from pipeline.notice import Notice

FOUND: dict[str, str] = {
    "notices": "notices read",
    "from_scans": "… of them with pages from scans",
    "directives": "directives",
    "with_assignee": "… with an assignee",
    "with_deadline": "… with a deadline",
    "participants": "chairs, participants and absentees",
    "weaknesses": "weaknesses",
    "with_warnings": "notices with warnings",
}
"""What is counted, by name, and what people are told it is."""


def count_found(notice: Notice) -> Counter[str]:
    """Count what one notice says, by the names of `FOUND`."""
    meeting = notice.meeting
    return Counter(
        notices=1,
        from_scans=int(notice.source.text_origin != "embedded"),
        directives=len(notice.directives),
        with_assignee=sum(bool(directive.assignees) for directive in notice.directives),
        with_deadline=sum(directive.deadline is not None for directive in notice.directives),
        participants=len(meeting.chairs) + len(meeting.participants) + len(meeting.absentees),
        weaknesses=len(notice.assessment.weaknesses),
        with_warnings=int(bool(notice.source.warnings)),
    )
