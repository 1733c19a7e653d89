"""One notice: its pages or its text beside what was read from them, and what belongs to it."""

from __future__ import annotations

from typing import Any

from starlette.requests import Request
from starlette.responses import Response

from pipeline.notice import Notice
from pipeline.store import POINTERS, Correction, Wanted
from pipeline.web.agenda import words_of
from pipeline.web.downloads import attachment
from pipeline.web.fields import flat, groups_of
from pipeline.web.i18n import mark
from pipeline.web.places import pieces_of, place_id, sheets_of, turn_of
from pipeline.web.refusal import Refusal, missing
from pipeline.web.render import render
from pipeline.web.site import Site, site_of
from pipeline.write import printable, to_json

NO_NOTICE = mark("There is no such notice.")
_NO_PAGE = Refusal(
    404, mark("There is no picture of that page."), mark("The file was moved or changed since it was read.")
)
_DAY = 24 * 3600
_AGAIN = 6
"""Passages of one kind that are told to be said elsewhere too."""
_ELSEWHERE = 10
"""Places that are read of each, a few more than are told."""


def notice(request: Request) -> Response:
    """Show a notice as people corrected it."""
    site, sha256 = site_of(request), request.path_params["sha256"]
    found = found_notice(site, sha256)
    groups = groups_of(found)
    fields = list(flat(groups))
    original = site.originals.find(sha256)
    sheets = sheets_of(found, site.painter.sizes(sha256), fields) if original else []
    text = site.store.text(sha256) or ""
    as_text = not sheets or request.query_params.get("view") == "text"
    return render(
        request,
        "notice.html",
        active="search",
        record=site.store.documents([sha256])[sha256],
        notice=found,
        groups=groups,
        sheets=sheets,
        as_text=as_text,
        pieces=pieces_of(text, fields) if as_text else [],
        place=(lambda pointer: place_id(pointer, "t")) if as_text else (lambda pointer: place_id(pointer, "b")),
        original=original,
        own_place=lambda field: f"#{field.id}",
        own_id=lambda name: f"#{name}",
        **_said(site, sha256, found),
        **_around(site, sha256),
    )


def _said(site: Site, sha256: str, corrected: Notice) -> dict[str, Any]:
    """Return what people said of a document, by value; `gone` was said of what is not there now."""
    stories: dict[str, list[Correction]] = {}
    gone = []
    for correction, now in site.store.history(sha256):
        if now is None:
            gone.append(correction)
        else:
            stories.setdefault(now, []).append(correction)
    read = site.store.notice(sha256)
    is_corrected = read is not None and read.model_copy(update={"evidence": corrected.evidence}) != corrected
    return {"stories": stories, "gone": gone, "is_corrected": is_corrected, "words_of": words_of}


def _around(site: Site, sha256: str) -> dict[str, Any]:
    """Return what belongs to a document, for the page's foot."""
    links = site.store.links_of(sha256)
    others = [link.sha_b if link.sha_a == sha256 else link.sha_a for link in links]
    heads = site.store.heads_of(others)
    return {
        "links": [(link, heads[other]) for link, other in zip(links, others, strict=True) if other in heads],
        "cited": site.store.cited_by(sha256),
        "citing": site.store.citing(sha256),
        "again": [
            (pointer, found)
            for what, pointer in POINTERS.items()
            for found in site.store.returning(Wanted(what=what, sha256=sha256), _AGAIN, most=_ELSEWHERE)[0]
        ],
        "attempts": site.store.attempts_of(sha256),
        "seen": site.store.sightings_of(sha256),
    }


def found_notice(site: Site, sha256: str) -> Notice:
    """Return a notice with its corrections; Refusal where there is none."""
    found = site.store.corrected(sha256)
    if found is None:
        raise missing(NO_NOTICE)
    return found


def notice_json(request: Request) -> Response:
    """Give a notice in the form of the contract, with its corrections."""
    site, sha256 = site_of(request), request.path_params["sha256"]
    data = to_json(found_notice(site, sha256))
    name = f"{printable(site.store.documents([sha256])[sha256].name)}.json"
    return Response(data, media_type="application/json", headers=attachment(name))


def page_picture(request: Request) -> Response:
    """Give the picture of a page, drawn from the file while that is what was read."""
    site, sha256, page = site_of(request), request.path_params["sha256"], request.path_params["page"]
    found = found_notice(site, sha256)
    drawn = site.painter.picture(sha256, page, turn_of(found, page))
    if drawn is None:
        raise _NO_PAGE
    return Response(drawn, media_type="image/webp", headers={"Cache-Control": f"private, max-age={_DAY}"})
