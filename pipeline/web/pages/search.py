"""The first page: directives and notices by words and facets; everything that was asked stands in the address."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from pipeline.export import FOUND_KINDS
from pipeline.store.question import FACETS, FacetValue, Question
from pipeline.web import permalink
from pipeline.web.render import render
from pipeline.web.site import site_of

_ONE = ("role", "weakness")
"""Facets of which one value holds at a time."""
_FIRST = 8
"""Values of a facet that are seen before the rest is unfolded."""


@dataclass(frozen=True, slots=True)
class Facet:
    """A facet as it is shown: `first` are the chosen and the most frequent values, `rest` is unfolded."""

    name: str
    single: bool
    chosen: frozenset[str]
    first: tuple[FacetValue, ...]
    rest: tuple[FacetValue, ...]


def search(request: Request) -> Response:
    """Show what is found."""
    site = site_of(request)
    today = dt.datetime.now().astimezone().date()
    question = permalink.read_question(request.query_params, today)
    if _is_untidy(request):
        return RedirectResponse(f"/?{permalink.write_question(question, today)}", 303)
    answer = site.store.ask(question)
    counted = site.store.facets(question)
    query = permalink.write_question(question, today)
    page = permalink.page_of(question)
    more = question.offset + len(answer.rows) < answer.total or answer.is_more
    page_shown = render(
        request,
        "search.html",
        active="search",
        question=question,
        answer=answer,
        facets=_facets(question, counted),
        chips=permalink.chips(question, today),
        names={(name, value.value): value.label for name, values in counted.items() for value in values},
        days=permalink.DAYS,
        today=today,
        page=page,
        formats=[(ending, str(request.app.url_path_for("export", ending=ending))) for ending in FOUND_KINDS],
        query=permalink.write_question(replace(question, offset=0), today),
        previous=permalink.write_question(permalink.on_page(question, page - 1), today) if page > 1 else None,
        following=permalink.write_question(permalink.on_page(question, page + 1), today)
        if more and answer.rows and not permalink.is_last_page(page)
        else None,
        stored=site.store.counts() if not answer.rows else None,
    )
    page_shown.headers["HX-Push-Url"] = f"/?{query}" if query else "/"
    return page_shown


def _is_untidy(request: Request) -> bool:
    """Tell whether a form without script sent its empty fields along; a permalink has none."""
    params = request.query_params
    return "hx-request" not in request.headers and "lang" not in params and "" in params.values()


def _facets(question: Question, counted: Mapping[str, Sequence[FacetValue]]) -> list[Facet]:
    """Return the facets that divide what was found, those with a chosen value in any case."""
    chosen: dict[str, frozenset[str]] = {}
    for chip in permalink.chips(question, question.as_of):
        chosen[chip.facet] = chosen.get(chip.facet, frozenset()) | {chip.value}
    shown = [_facet(name, chosen.get(name, frozenset()), counted.get(name, ())) for name in FACETS]
    return [facet for facet in shown if facet.chosen or len(facet.first) > 1]


def _facet(name: str, chosen: frozenset[str], values: Sequence[FacetValue]) -> Facet:
    known = {value.value for value in values}
    lost = tuple(FacetValue(value, value, 0) for value in sorted(chosen - known))
    first = tuple(value for index, value in enumerate(values) if index < _FIRST or value.value in chosen)
    rest = tuple(value for value in values[_FIRST:] if value.value not in chosen)
    return Facet(name, name in _ONE, chosen, (*first, *lost), rest)
