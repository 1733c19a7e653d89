"""Cases as marked-up text: the marks say what must be found, the text without them is what is read.

    Giao <lead>Sở Y tế</lead> báo cáo <deadline due=2024-06-30>trước ngày 30/6/2024</deadline>.

A file of ``tests/cases`` names the part of the notice that its texts stand in (`slot`) and what of the result is
compared (`checks`); its cases are ``[[wild]]`` (as offices write), ``[[synthetic]]`` (one rule each) and
``[[negative]]`` (looks like it, but is not). A mark's attributes: `is` is the value where it differs from the words,
`due` and `every` of a deadline, `number`, `parent` and `heirs` (who is named above and must act) of a directive `d`.
Without any `d` the assignees, deadlines and sums of all directives are compared together.
"""

from __future__ import annotations

import re
import tomllib
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from support import notice_of

from pipeline.notice import Directive, Notice, Participant

CASES = Path(__file__).parent / "cases"
SECTIONS = ("wild", "synthetic", "negative")
PARTS = ("front", "subject", "opening", "body", "closing", "foot")
HEADER = (
    "document_type",
    "document_number",
    "parent_body",
    "issuing_body",
    "place",
    "issue_date",
    "subject",
    "urgency",
    "secrecy",
)
_MARK = re.compile(r'<(?P<close>/?)(?P<label>[a-z_]+)(?P<attributes>(?:\s+[a-z]+=(?:"[^"]*"|[^\s">]+))*)>')
_ATTRIBUTE = re.compile(r'([a-z]+)=(?:"([^"]*)"|([^\s">]+))')


@dataclass(slots=True)
class Mark:
    """One marked stretch: its label, words and attributes, and the marks inside it."""

    label: str
    attributes: dict[str, str]
    text: str = ""
    inside: list[Mark] = field(default_factory=list)

    @property
    def value(self) -> str:
        """What the mark says: its attribute `is`, else its words with white space folded."""
        return self.attributes.get("is", " ".join(self.text.split()))

    def all(self, *labels: str) -> list[Mark]:
        """Return the marks inside this one with one of `labels`, in order."""
        return [found for mark in self.inside for found in ([mark] if mark.label in labels else mark.all(*labels))]


def strip_marks(marked: str) -> tuple[str, Mark]:
    """Return the bare text, and one mark around all others; each that opens must close."""
    root = Mark("root", {})
    stack = [root]
    bare: list[str] = []
    at = 0
    for found in [*_MARK.finditer(marked), None]:
        piece = marked[at : found.start() if found else len(marked)]
        bare.append(piece)
        for mark in stack:
            mark.text += piece
        if found is None:
            break
        at = found.end()
        if found["close"]:
            assert stack.pop().label == found["label"], found.group()
        else:
            pairs = {key: quoted or plain for key, quoted, plain in _ATTRIBUTE.findall(found["attributes"])}
            mark = Mark(found["label"], pairs)
            stack[-1].inside.append(mark)
            stack.append(mark)
    assert stack == [root], [mark.label for mark in stack]
    return "".join(bare), root


@dataclass(frozen=True, slots=True)
class Case:
    """One case: the parts of a notice, marked, and what is compared."""

    name: str
    parts: dict[str, str]
    checks: tuple[str, ...]
    issued: str | None = None
    like: str = ""
    why: str = ""

    def read(self) -> tuple[dict[str, Any], dict[str, Any]]:
        """Return what was found in the bare text, and what the marks ask for."""
        stripped = {part: strip_marks(marked) for part, marked in self.parts.items()}
        bare = {part: text for part, (text, _) in stripped.items()}
        if self.issued is not None:
            bare["issued"] = self.issued
        wanted = Mark("root", {}, inside=[mark for _, root in stripped.values() for mark in root.inside])
        notice = notice_of(**bare)
        apart = bool(wanted.all("d"))
        found = {check: find_facts(notice, check, apart=apart) for check in self.checks}
        return found, {check: want_facts(wanted, check, apart=apart) for check in self.checks}


def read_cases(path: Path) -> list[Case]:
    """Read one file of cases."""
    table = tomllib.loads(path.read_text(encoding="utf-8"))
    return [_case(entry, section, table) for section in SECTIONS for entry in table.get(section, [])]


def read_known_failures(path: Path) -> list[Case]:
    """Read the cases that fail today; each says what files of cases it belongs to (`like`), and why it fails."""
    table = tomllib.loads(path.read_text(encoding="utf-8"))
    found = []
    for entry in table.get("known", []):
        defaults = tomllib.loads((CASES / f"{entry['like']}.toml").read_text(encoding="utf-8"))
        found.append(_case(entry, entry["like"], defaults))
    return found


def _case(entry: dict[str, Any], section: str, defaults: dict[str, Any]) -> Case:
    parts = {part: defaults[part] for part in PARTS if part in defaults}
    parts |= {part: entry[part].strip() for part in PARTS if part in entry}
    parts[defaults["slot"]] = entry.get("before", defaults.get("before", "")) + entry["text"].strip()
    return Case(
        name=f"{section}: {entry['name']}",
        parts=parts,
        checks=tuple(entry.get("checks", defaults["checks"])),
        issued=entry.get("issued"),
        like=entry.get("like", ""),
        why=entry.get("why", ""),
    )


def find_facts(notice: Notice, check: str, *, apart: bool) -> Any:
    """Return what `notice` says of `check`, in plain data."""
    if check in HEADER:
        value = getattr(notice.header, check)
        return None if value is None else str(value)
    if check in {"assignees", "deadlines", "amounts", "cited"}:
        groups = [_of_directive(directive, check) for directive in notice.directives]
        return groups if apart else sorted(fact for group in groups for fact in group)
    return _FOUND[check](notice)


def _of_directive(directive: Directive, check: str) -> list[str]:
    if check == "assignees":
        return sorted(
            f"{one.role}: {one.name}" + (" (inherited)" if one.inherited else "") for one in directive.assignees
        )
    if check == "deadlines":
        one = directive.deadline
        return [] if one is None else [f"{one.text} = {one.due or one.recurrence}"]
    if check == "amounts":
        return sorted(f"{one.text} = {one.vnd}" for one in directive.amounts)
    return sorted(directive.legal_references)


def _participant(one: Participant) -> dict[str, str]:
    return {key: value for key, value in one.model_dump().items() if value is not None}


_FOUND = {
    "directives": lambda n: [(d.number, d.parent, d.text) for d in n.directives],
    "numbers": lambda n: [d.number for d in n.directives],
    "meeting": lambda n: n.meeting.name,
    "dates": lambda n: [str(day) for day in (n.meeting.start_date, n.meeting.end_date)],
    "location": lambda n: n.meeting.location,
    "chairs": lambda n: [(person.name, person.title) for person in n.meeting.chairs],
    "participants": lambda n: [_participant(one) for one in n.meeting.participants],
    "absentees": lambda n: [_participant(one) for one in n.meeting.absentees],
    "achievements": lambda n: [passage.text for passage in n.assessment.achievements],
    "weaknesses": lambda n: [passage.text for passage in n.assessment.weaknesses],
    "references": lambda n: [
        (r.citation, r.document_type, r.number, str(r.issue_date), r.issuer) for r in n.legal_references
    ],
    "recipients": lambda n: n.recipients,
    "signature": lambda n: (n.signature.authority, n.signature.signer_title, n.signature.signer_name),
}


def want_facts(root: Mark, check: str, *, apart: bool) -> Any:
    """Return what the marks say of `check`, in the same plain data."""
    if check in HEADER:
        return next((mark.value for mark in root.all(check)), None)
    if check in {"assignees", "deadlines", "amounts", "cited"}:
        groups = [_in_directive(mark, check) for mark in (root.all("d") if apart else [root])]
        return groups if apart else groups[0]
    return _WANTED[check](root)


def _in_directive(mark: Mark, check: str) -> list[str]:
    if check == "assignees":
        heirs = [f"lead: {name.strip()} (inherited)" for name in mark.attributes.get("heirs", "").split(";") if name]
        return sorted([*heirs, *(f"{one.label}: {one.value}" for one in mark.all("lead", "support"))])
    if check == "deadlines":
        return sorted(
            f"{one.text} = {one.attributes.get('due') or one.attributes.get('every')}" for one in mark.all("deadline")
        )
    if check == "amounts":
        return sorted(f"{one.text} = {one.attributes.get('vnd')}" for one in mark.all("amount"))
    return sorted(one.text for one in mark.all("ref"))


def _directives(root: Mark) -> list[tuple[str | None, int | None, str]]:
    found = []
    for mark in root.all("d"):
        parent = mark.attributes.get("parent")
        found.append((mark.attributes.get("number"), None if parent is None else int(parent), mark.value))
    return found


_KINDS = {"person": "person", "org": "organization", "group": "group"}


def _attendants(root: Mark, *, absent: bool) -> list[dict[str, str]]:
    found = []
    for mark in root.all(*_KINDS):
        given = dict(mark.attributes)
        if (given.pop("absent", "no") == "yes") == absent:
            organization = {"organization": given.pop("at")} if "at" in given else {}
            given.pop("is", None)
            found.append({"name": mark.value, "kind": _KINDS[mark.label], **given, **organization})
    return found


def _dates(root: Mark) -> list[str]:
    day = next((mark.value for mark in root.all("date")), "None")
    first = next((mark.value for mark in root.all("start_date")), day)
    return [first, next((mark.value for mark in root.all("end_date")), day)]


def _one(root: Mark, label: str) -> str | None:
    return next((mark.value for mark in root.all(label)), None)


def _reference(mark: Mark) -> tuple[str | None, ...]:
    given = mark.attributes
    return (mark.value, given.get("type"), given.get("number"), given.get("date", "None"), given.get("issuer"))


_WANTED = {
    "directives": _directives,
    "numbers": lambda root: [mark.attributes.get("number") for mark in root.all("d")],
    "meeting": lambda root: _one(root, "meeting"),
    "dates": _dates,
    "location": lambda root: _one(root, "location"),
    "chairs": lambda root: [(mark.value, mark.attributes.get("title")) for mark in root.all("chair")],
    "participants": lambda root: _attendants(root, absent=False),
    "absentees": lambda root: _attendants(root, absent=True),
    "achievements": lambda root: [mark.value for mark in root.all("good")],
    "weaknesses": lambda root: [mark.value for mark in root.all("bad")],
    "references": lambda root: [_reference(mark) for mark in root.all("ref")],
    "recipients": lambda root: [mark.value for mark in root.all("recipient")],
    "signature": lambda root: (
        [mark.value for mark in root.all("authority")],
        _one(root, "signer_title"),
        _one(root, "signer_name"),
    ),
}
