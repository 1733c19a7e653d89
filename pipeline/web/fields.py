"""A notice as a list of fields, each with its evidence: what pages that show or correct a notice go through."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from pydantic import BaseModel

from pipeline.notice import Deadline, Directive, Evidence, Notice, Participant, Person
from pipeline.web.i18n import mark

Value = str | dt.date


@dataclass(frozen=True, slots=True)
class Field:
    """One value: where it is in the notice's JSON, what it is called, what it says and where that was read.

    `label` is a message of the catalogues, or a number as it is printed where `is_number`; `more` is what is known
    besides, `parts` are fields of it.
    """

    pointer: str
    label: str
    value: Value
    evidence: Evidence | None = None
    more: tuple[Value, ...] = ()
    parts: tuple[Field, ...] = field(default=(), repr=False)
    is_number: bool = False
    style: str = ""

    @property
    def id(self) -> str:
        """Return the name of the field in the page."""
        return field_id(self.pointer)


@dataclass(frozen=True, slots=True)
class Group:
    """Fields that belong together; `title` is a message of the catalogues."""

    key: str
    title: str
    fields: tuple[Field, ...]


_HEADER = {
    "document_type": mark("Kind of document"),
    "document_number": mark("Number"),
    "parent_body": mark("Parent body"),
    "issuing_body": mark("Issued by"),
    "place": mark("Place"),
    "issue_date": mark("Date of issue"),
    "subject": mark("Subject"),
    "urgency": mark("Urgency"),
    "secrecy": mark("Secrecy"),
}
_MEETING = {
    "name": mark("Meeting"),
    "start_date": mark("Begun on"),
    "end_date": mark("Ended on"),
    "location": mark("Held at"),
}
_PEOPLE = {"chairs": mark("Chaired"), "participants": mark("Took part"), "absentees": mark("Absent")}
_ASSESSMENT = {"achievements": mark("Achieved"), "weaknesses": mark("Weakness")}
_ROLES = {"lead": mark("Leads"), "support": mark("Supports")}
_SIGNATURE = {"signer_title": mark("Title"), "signer_name": mark("Name")}


def field_id(pointer: str) -> str:
    """Return the name in a page of the value at a pointer.

    >>> field_id("/directives/2/deadline")
    'f-directives-2-deadline'
    """
    return "f" + pointer.replace("/", "-")


def groups_of(notice: Notice) -> list[Group]:
    """Return a notice's fields; groups without any are left out."""
    found = (
        Group("directives", mark("Directives"), tuple(_directives(notice))),
        Group("assessment", mark("Assessment"), tuple(_assessment(notice))),
        Group("header", mark("Head"), tuple(_plain(notice, "/header", notice.header, _HEADER))),
        Group("meeting", mark("Meeting"), tuple(_meeting(notice))),
        Group("references", mark("Cited documents"), tuple(_references(notice))),
        Group("signature", mark("Signature"), tuple(_signature(notice))),
        Group("recipients", mark("Recipients"), tuple(_texts(notice, "/recipients", mark("To"), notice.recipients))),
    )
    return [group for group in found if group.fields]


def flat(groups: Sequence[Group]) -> Iterator[Field]:
    """Yield all fields, those inside others too."""
    for group in groups:
        for inner in group.fields:
            yield inner
            yield from inner.parts


def _at(notice: Notice, pointer: str) -> Evidence | None:
    return notice.evidence.get(pointer)


def _plain(notice: Notice, at: str, model: BaseModel, names: dict[str, str]) -> Iterator[Field]:
    for name, label in names.items():
        value = getattr(model, name)
        if value is not None:
            yield Field(f"{at}/{name}", label, value, _at(notice, f"{at}/{name}"))


def _texts(notice: Notice, at: str, label: str, texts: Sequence[str]) -> Iterator[Field]:
    for index, text in enumerate(texts):
        yield Field(f"{at}/{index}", label, text, _at(notice, f"{at}/{index}"))


def _meeting(notice: Notice) -> Iterator[Field]:
    yield from _plain(notice, "/meeting", notice.meeting, _MEETING)
    for name, label in _PEOPLE.items():
        people: Sequence[Person | Participant] = getattr(notice.meeting, name)
        for index, person in enumerate(people):
            pointer = f"/meeting/{name}/{index}"
            details = [person.title]
            if isinstance(person, Participant):
                details += [person.organization, person.note]
            more = tuple(detail for detail in details if detail and detail != person.name)
            yield Field(
                pointer, label, person.name or more[0] if person.name or more else "", _at(notice, pointer), more
            )


def _assessment(notice: Notice) -> Iterator[Field]:
    for name, label in _ASSESSMENT.items():
        at = f"/assessment/{name}"
        yield from _texts(notice, at, label, [passage.text for passage in getattr(notice.assessment, name)])


def _directives(notice: Notice) -> Iterator[Field]:
    for index, directive in enumerate(notice.directives):
        pointer = f"/directives/{index}"
        label = directive.number or mark("Directive")
        parts = tuple(_parts(notice, pointer, directive))
        style = "directive inner" if directive.parent is not None else "directive"
        yield Field(
            pointer, label, directive.text, _at(notice, pointer), (), parts, directive.number is not None, style
        )


def _parts(notice: Notice, at: str, directive: Directive) -> Iterator[Field]:
    for index, who in enumerate(directive.assignees):
        pointer = f"{at}/assignees/{index}"
        more = (mark("from the item above"),) if who.inherited else ()
        yield Field(pointer, _ROLES[who.role], who.name, _at(notice, pointer), more, style=who.role)
    if directive.deadline is not None:
        yield _deadline(notice, f"{at}/deadline", directive.deadline)
    for index, amount in enumerate(directive.amounts):
        pointer = f"{at}/amounts/{index}"
        yield Field(pointer, mark("Sum"), amount.text, _at(notice, pointer))
    yield from _texts(notice, f"{at}/legal_references", mark("Cites"), directive.legal_references)


def _deadline(notice: Notice, pointer: str, deadline: Deadline) -> Field:
    more: tuple[Value, ...] = tuple(value for value in (deadline.due, deadline.recurrence) if value is not None)
    return Field(pointer, mark("Deadline"), deadline.text, _at(notice, pointer), more, style="deadline")


def _references(notice: Notice) -> Iterator[Field]:
    for index, cited in enumerate(notice.legal_references):
        pointer = f"/legal_references/{index}"
        yield Field(pointer, mark("Cites"), cited.citation, _at(notice, pointer))


def _signature(notice: Notice) -> Iterator[Field]:
    yield from _texts(notice, "/signature/authority", mark("Authority"), notice.signature.authority)
    yield from _plain(notice, "/signature", notice.signature, _SIGNATURE)
