"""What codes are called: messages of the catalogues by table and code."""

from __future__ import annotations

from pipeline.language import load
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
    "kind": {"person": mark("A person"), "organization": mark("An organisation"), "group": mark("A group")},
    "said": {
        "confirm": mark("confirmed"),
        "correct": mark("corrected"),
        "reject": mark("rejected"),
        "withdraw": mark("taken back"),
    },
    "topic": {
        "investment": mark("Investment and works"),
        "land": mark("Land and planning"),
        "environment": mark("Environment"),
        "budget": mark("Budget and money"),
        "administration": mark("Procedures and data"),
        "agriculture": mark("Agriculture"),
        "disasters": mark("Disasters and dykes"),
        "education": mark("Education"),
        "health": mark("Health"),
        "safety": mark("Order and safety"),
        "complaints": mark("Complaints"),
        "society": mark("Society"),
        "organisation": mark("Staff and organisation"),
        "business": mark("Business"),
        "other": mark("Other"),
    },
    "returning": {"weaknesses": mark("Weaknesses"), "directives": mark("Directives")},
    "what": {"directives": mark("Directives"), "notices": mark("Notices")},
}


def label(table: str, code: str) -> str:
    """Return the message for a code; a code without one is shown as it is."""
    return LABELS[table].get(code, code)


def word(code: str, table: str, language: str) -> str:
    """Return what the report of a run calls something in a language; what has no name keeps its own."""
    known: dict[str, str] = load("report")[table].get(code, {})
    return known.get(language, code)


def advice(kind: str | None, language: str) -> str:
    """Return what to do about documents of a kind that could not be read; other languages have the error's own."""
    known: dict[str, str] = load("report")["kinds"].get(kind or "", {})
    return known.get("advice", "") if language == "vi" else ""
