"""What the values of a notice consist of, so that a form can be made of each and read back.

A place is named by its pointer with ``*`` for the number of an entry: ``/directives/*/assignees/*``.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Literal, get_args

from pydantic import BaseModel

from pipeline.notice import Header, Participant, Recurrence
from pipeline.web.i18n import mark
from pipeline.web.render import visible

Kind = Literal["line", "text", "day", "number", "choice", "flag"]
_DAY = re.compile(r"(\d{1,2})\s*[/.-]\s*(\d{1,2})\s*[/.-]\s*(\d{4})")
_INDEX = re.compile(r"/(?:\d+|-)(?=/|$)")
_MOST = 20_000
"""Characters of a value that are taken."""


@dataclass(frozen=True, slots=True)
class Part:
    """One box of a form. `name` is the key of an object, empty where the value has no keys; `label` is a message.

    `table` holds what the `choices` are called; without one they are words of the contract and shown as they are.
    """

    name: str
    label: str
    kind: Kind = "line"
    required: bool = False
    choices: tuple[str, ...] = ()
    table: str | None = None


@dataclass(frozen=True, slots=True)
class Shape:
    """What a place is called, and the boxes of its form."""

    label: str
    parts: tuple[Part, ...]


class Mistyped(ValueError):  # noqa: N818 - it is told to who typed, and no error of the program
    """What was typed cannot be a value; the reason is a message of the catalogues."""


def _choices(model: type[BaseModel], name: str) -> tuple[str, ...]:
    """Return the words that the contract allows for a field, in its order."""

    def words(node: Any) -> Iterator[str]:
        for inner in get_args(node):
            if isinstance(inner, str):
                yield inner
            else:
                yield from words(inner)

    return tuple(words(model.model_fields[name].annotation))


def _one(label: str, kind: Kind = "line", choices: tuple[str, ...] = (), *, required: bool = False) -> Shape:
    return Shape(label, (Part("", label, kind, required, choices),))


_PERSON = (Part("name", mark("Name")), Part("title", mark("Title")))
_PARTICIPANT = (
    Part("name", mark("Name"), required=True),
    Part("kind", mark("Kind"), "choice", True, _choices(Participant, "kind"), "kind"),
    Part("title", mark("Title")),
    Part("organization", mark("Organisation")),
    Part("note", mark("Note")),
)
_PASSAGE = (Part("text", mark("Wording"), "text", True),)
SHAPES: dict[str, Shape] = {
    "/header/document_type": _one(mark("Kind of document")),
    "/header/document_number": _one(mark("Number")),
    "/header/parent_body": _one(mark("Parent body")),
    "/header/issuing_body": _one(mark("Issued by")),
    "/header/place": _one(mark("Place")),
    "/header/issue_date": _one(mark("Date of issue"), "day"),
    "/header/subject": _one(mark("Subject"), "text"),
    "/header/urgency": _one(mark("Urgency"), "choice", _choices(Header, "urgency")),
    "/header/secrecy": _one(mark("Secrecy"), "choice", _choices(Header, "secrecy")),
    "/meeting/name": _one(mark("Meeting"), "text"),
    "/meeting/start_date": _one(mark("Begun on"), "day"),
    "/meeting/end_date": _one(mark("Ended on"), "day"),
    "/meeting/location": _one(mark("Held at")),
    "/meeting/chairs/*": Shape(mark("Chaired"), _PERSON),
    "/meeting/participants/*": Shape(mark("Took part"), _PARTICIPANT),
    "/meeting/absentees/*": Shape(mark("Absent"), _PARTICIPANT),
    "/assessment/achievements/*": Shape(mark("Achieved"), _PASSAGE),
    "/assessment/weaknesses/*": Shape(mark("Weakness"), _PASSAGE),
    "/directives/*": Shape(
        mark("Directive"), (Part("text", mark("Wording"), "text", True), Part("number", mark("Item number")))
    ),
    "/directives/*/assignees/*": Shape(
        mark("Who must act"),
        (
            Part("name", mark("Name"), required=True),
            Part("role", mark("Role"), "choice", True, ("lead", "support"), "role"),
            Part("inherited", mark("from the item above"), "flag"),
        ),
    ),
    "/directives/*/deadline": Shape(
        mark("Deadline"),
        (
            Part("text", mark("Wording"), required=True),
            Part("due", mark("Day"), "day"),
            Part("recurrence", mark("Recurring"), "choice", False, get_args(Recurrence), "recurrence"),
        ),
    ),
    "/directives/*/amounts/*": Shape(
        mark("Sum"), (Part("text", mark("Wording"), required=True), Part("vnd", mark("In VND"), "number"))
    ),
    "/directives/*/legal_references/*": _one(mark("Cites"), "text", required=True),
    "/recipients/*": _one(mark("To"), "text", required=True),
    "/signature/authority/*": _one(mark("Authority"), required=True),
    "/signature/signer_title": _one(mark("Title")),
    "/signature/signer_name": _one(mark("Name")),
    "/legal_references/*": Shape(
        mark("Cited document"),
        (
            Part("citation", mark("Wording"), "text", True),
            Part("document_type", mark("Kind of document")),
            Part("number", mark("Number")),
            Part("issue_date", mark("Date of issue"), "day"),
            Part("issuer", mark("Issued by")),
        ),
    ),
}
"""All places that a person may speak of, in the order of a notice."""


def pattern_of(pointer: str) -> str:
    """Return which place of any notice a pointer names.

    >>> pattern_of("/directives/12/assignees/-")
    '/directives/*/assignees/*'
    """
    return _INDEX.sub("/*", pointer)


def shape_of(pointer: str) -> Shape | None:
    """Return the shape of what is at a pointer, None for a place that nobody may speak of."""
    return SHAPES.get(pattern_of(pointer))


def shown(part: Part, value: Any) -> str:
    """Return what the box of a part holds for a value; what cannot be seen is written as escapes."""
    inner = value.get(part.name) if part.name and isinstance(value, dict) else value
    if inner is None or isinstance(inner, dict | list):
        return ""
    if isinstance(inner, bool):
        return "yes" if inner else ""
    return str(visible(str(inner)))


def read(shape: Shape, before: Any, typed: Mapping[str, str]) -> Any:
    """Return the value that was typed into the boxes of a shape; what they do not show stays as it was `before`.

    Raises Mistyped.
    """
    first = shape.parts[0]
    if not first.name:
        return _value(first, before, typed.get("", ""))
    after = dict(before) if isinstance(before, dict) else {}
    for part in shape.parts:
        after[part.name] = _value(part, after, typed.get(part.name, ""))
    return after


def _value(part: Part, before: Any, typed: str) -> Any:
    """Return one value; what was left as it was shown is what it was, escapes and all."""
    if part.kind == "flag":
        return typed == "yes"
    if typed == shown(part, before) and typed:
        return before.get(part.name) if part.name else before
    words = " ".join(typed.split())
    if len(words) > _MOST:
        raise Mistyped(mark("That is too long."))
    if not words:
        if part.required:
            raise Mistyped(mark("A value must not be empty; reject it if it is none."))
        return None
    return {"day": _day, "number": _number}.get(part.kind, str)(words)


def _day(words: str) -> str:
    """Return a day in ISO 8601, typed so or as one writes it.

    >>> _day("5/7/2024"), _day("2024-07-05")
    ('2024-07-05', '2024-07-05')
    """
    written = _DAY.fullmatch(words)
    try:
        day = dt.date(*map(int, reversed(written.groups()))) if written else dt.date.fromisoformat(words)
    except ValueError as error:
        raise Mistyped(mark("That is no day; write it as 05/07/2024 or 2024-07-05.")) from error
    return day.isoformat()


def _number(words: str) -> int:
    """Return a whole number; points and spaces between thousands are let be.

    >>> _number("2.000.000")
    2000000
    """
    digits = re.sub(r"[\s.,]", "", words)
    if not (digits.isascii() and digits.isdigit() and len(digits) <= 18):
        raise Mistyped(mark("That is no whole number."))
    return int(digits)
