"""The conditions of a search as options, which the web application has as facets."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable
from dataclasses import fields
from typing import Any, get_args

import click

from pipeline.notice import Recurrence
from pipeline.store import DeadlineState, Question, Store
from pipeline.store.choices import Choosable

_DAY = click.DateTime(formats=["%Y-%m-%d", "%d/%m/%Y"])
_NAMED: dict[str, tuple[str, Choosable]] = {
    "provinces": ("--province", "province"),
    "issuers": ("--issuer", "issuer"),
    "document_types": ("--type", "document_type"),
}
"""Field of the question -> its option, and the facet whose values are meant."""
_OPTIONS = (
    click.argument("words", nargs=-1),
    click.option("--who", multiple=True, help="Who must act: a name, as printed or in full; repeatable."),
    click.option("--role", type=click.Choice(["lead", "support"]), help="In which role they must act."),
    click.option("--year", "years", type=click.IntRange(1, 9999), multiple=True, help="Of this year; repeatable."),
    click.option("--province", "provinces", multiple=True, help="From this province, as of 2025; repeatable."),
    click.option("--issuer", "issuers", multiple=True, help="Issued by this body; repeatable."),
    click.option("--type", "document_types", multiple=True, help="Documents of this kind; repeatable."),
    click.option(
        "--origin",
        "origins",
        type=click.Choice(["embedded", "ocr", "mixed"]),
        multiple=True,
        help="How the text was come by; repeatable.",
    ),
    click.option(
        "--state",
        "states",
        type=click.Choice(get_args(DeadlineState)),
        multiple=True,
        help="Where the deadline stands as of the day; repeatable.",
    ),
    click.option(
        "--recurrence",
        "recurrences",
        type=click.Choice(get_args(Recurrence)),
        multiple=True,
        help="Deadlines that return so; repeatable.",
    ),
    click.option("--weakness/--no-weakness", default=None, help="Of notices that name weaknesses, or that name none."),
    click.option("--issued-from", type=_DAY, help="Issued on this day or later."),
    click.option("--issued-to", type=_DAY, help="Issued on this day or before."),
    click.option("--due-from", type=_DAY, help="Due on this day or later."),
    click.option("--due-to", type=_DAY, help="Due on this day or before."),
    click.option("--as-of", type=_DAY, help="The day as of which deadlines are soon or past; today unless given."),
    click.option("--soon", "soon_days", type=click.IntRange(1, 366), default=14, show_default=True, help="Days ahead."),
)
CONDITIONS = {field.name for field in fields(Question)} - {"what", "sort", "limit", "offset"}
"""The parameters that `with_conditions` gives to a command, which are called as in a question."""


def with_conditions(command: Callable[..., Any]) -> Callable[..., Any]:
    """Give a command the conditions of a search."""
    for option in reversed(_OPTIONS):
        command = option(command)
    return command


def is_conditioned(given: dict[str, Any]) -> bool:
    """Tell whether some condition was given; the day and the days ahead are none by themselves."""
    free = {"as_of", "soon_days"}
    return any(value not in {None, ()} for name, value in given.items() if name in CONDITIONS - free)


def question_of(store: Store, given: dict[str, Any]) -> Question:
    """Return the question that the options ask; click.BadParameter for a name that the store does not know."""
    asked = {name: value for name, value in given.items() if name in CONDITIONS}
    asked["words"] = " ".join(_phrase(word) for word in given["words"])
    for field, (option, facet) in _NAMED.items():
        asked[field] = tuple(dict.fromkeys(_meant(store, facet, option, given[field])))
    asked["who"] = tuple(
        dict.fromkeys(name for typed in given["who"] for name in (typed, *store.choices("who", typed)))
    )
    for name in ("issued_from", "issued_to", "due_from", "due_to", "as_of"):
        asked[name] = _day(given[name])
    asked["as_of"] = asked["as_of"] or dt.datetime.now().astimezone().date()
    return Question(**asked)


def _phrase(word: str) -> str:
    """Return an argument as words; one of several words, which the shell kept together, is a phrase.

    >>> _phrase("báo cáo"), _phrase("báo"), _phrase('"báo cáo" tháng')
    ('"báo cáo"', 'báo', '"báo cáo" tháng')
    """
    return f'"{word}"' if len(word.split()) > 1 and '"' not in word else word


def _meant(store: Store, facet: Choosable, option: str, typed: Iterable[str]) -> Iterable[str]:
    for name in typed:
        found = store.choices(facet, name)
        if not found:
            alike = store.nearest(facet, name)
            advice = f"the store has, among others: {'; '.join(alike)}" if alike else "the store has none at all"
            raise click.BadParameter(f"there is no {name!r}; {advice}", param_hint=option)
        yield from found


def _day(given: dt.datetime | None) -> dt.date | None:
    return None if given is None else given.date()
