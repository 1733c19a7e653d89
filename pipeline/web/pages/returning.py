"""What is said again and again: weaknesses and directives of different notices that are alike, and where they stand."""

from __future__ import annotations

from typing import Any, get_args
from urllib.parse import urlencode

from starlette.datastructures import QueryParams
from starlette.requests import Request
from starlette.responses import Response

from pipeline.normalise.passages import shared
from pipeline.normalise.topics import topics
from pipeline.store import POINTERS, Question, Wanted, What
from pipeline.web.render import render
from pipeline.web.site import site_of

PAGE = 20
_SHOWN = 60
"""Passages of one set that are shown, the earliest ones."""
_LAST_PAGE = 500
_LONGEST = 400


def returning(request: Request) -> Response:
    """Show a page of what returns under the conditions of the address."""
    site = site_of(request)
    wanted, page = _read(request.query_params)
    sets, total = site.store.returning(wanted, PAGE, (page - 1) * PAGE, _SHOWN)
    known = site.store.facets(Question())
    asked = _write(wanted)
    return render(
        request,
        "returning.html",
        active="returning",
        wanted=wanted,
        kinds=get_args(What),
        sets=sets,
        total=total,
        found_at=site.store.returning_found_at(),
        choices={name: known[name] for name in ("year", "province", "issuer")},
        topics=topics(),
        pointer=POINTERS[wanted.what],
        shared=shared,
        page=page,
        start=(page - 1) * PAGE + 1,
        previous=_address(asked, page - 1) if page > 1 else None,
        following=_address(asked, page + 1) if page * PAGE < total and page < _LAST_PAGE else None,
    )


def _read(params: QueryParams) -> tuple[Wanted, int]:
    """Return what an address asks for, and which page of it; what cannot be understood is left out."""
    what: What = "directives" if params.get("what") == "directives" else "weaknesses"
    topic = params.get("topic", "")
    wanted = Wanted(
        what=what,
        least_notices=_number(params, "notices", 2, 1000) or 2,
        year=_number(params, "year", 1, 9999),
        province=params.get("province", "")[:_LONGEST] or None,
        issuer=params.get("issuer", "")[:_LONGEST] or None,
        words=params.get("q", "").strip()[:_LONGEST],
        topic=topic if topic in topics() and what == "weaknesses" else None,
    )
    return wanted, _number(params, "page", 1, _LAST_PAGE) or 1


def _number(params: QueryParams, name: str, least: int, most: int) -> int | None:
    asked = params.get(name, "")
    usable = asked.isascii() and asked.isdigit() and len(asked) < 6 and least <= int(asked) <= most
    return int(asked) if usable else None


def _write(wanted: Wanted) -> dict[str, Any]:
    given = {
        "what": wanted.what if wanted.what != "weaknesses" else None,
        "notices": wanted.least_notices if wanted.least_notices != 2 else None,
        "year": wanted.year,
        "province": wanted.province,
        "issuer": wanted.issuer,
        "topic": wanted.topic,
        "q": wanted.words or None,
    }
    return {name: value for name, value in given.items() if value is not None}


def _address(asked: dict[str, Any], page: int) -> str:
    return urlencode({**asked, **({"page": page} if page > 1 else {})})
