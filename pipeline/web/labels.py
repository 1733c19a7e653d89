"""What codes are called: messages of the catalogues by table and code."""

from __future__ import annotations

from pipeline.web.i18n import mark

LABELS: dict[str, dict[str, str]] = {
    "facet": {
        "who": mark("Who must act"),
        "role": mark("Role"),
        "year": mark("Year"),
        "province": mark("Province"),
        "issuer": mark("Issued by"),
        "state": mark("Deadline"),
        "recurrence": mark("Recurring"),
        "weakness": mark("Weaknesses named"),
        "document_type": mark("Kind of document"),
        "origin": mark("Read from"),
    },
    "state": {
        "overdue": mark("Past"),
        "soon": mark("Soon"),
        "open": mark("Later"),
        "recurring": mark("Recurring"),
        "none": mark("No deadline"),
    },
    "role": {"lead": mark("Leads"), "support": mark("Supports")},
    "recurrence": {
        "daily": mark("Daily"),
        "weekly": mark("Weekly"),
        "biweekly": mark("Every two weeks"),
        "monthly": mark("Monthly"),
        "quarterly": mark("Quarterly"),
        "semiannual": mark("Every half-year"),
        "yearly": mark("Yearly"),
    },
    "weakness": {"yes": mark("Yes"), "no": mark("No"), "true": mark("Yes"), "false": mark("No")},
    "origin": {"embedded": mark("Text of the file"), "ocr": mark("A scan"), "mixed": mark("Text and scans")},
    "sort": {
        "best": mark("Best match"),
        "newest": mark("Newest first"),
        "oldest": mark("Oldest first"),
        "due": mark("By deadline"),
        "doubt": mark("Least certain first"),
    },
    "what": {"directives": mark("Directives"), "notices": mark("Notices")},
}


def label(table: str, code: str) -> str:
    """Return the message for a code; a code without one is shown as it is."""
    return LABELS[table].get(code, code)
