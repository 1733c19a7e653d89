"""Review: one value after the other beside its place on the page, to confirm, correct or reject."""

from __future__ import annotations

import datetime as dt
import getpass
import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from starlette.datastructures import FormData
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from pipeline.errors import ConflictError, CorrectionError
from pipeline.notice import Notice
from pipeline.store import Correction, Spot
from pipeline.web import agenda
from pipeline.web.access import user_of
from pipeline.web.agenda import Asked, Item
from pipeline.web.fields import flat, groups_of
from pipeline.web.i18n import mark
from pipeline.web.pages.notice import found_notice
from pipeline.web.places import pieces_of, place_id, sheets_of
from pipeline.web.refusal import Refusal, missing
from pipeline.web.render import render
from pipeline.web.shapes import Mistyped, Shape, read, shape_of, shown
from pipeline.web.site import Site, site_of

Box = tuple[int, float, float, float, float]
_SAID = {
    "confirm": mark("Confirmed."),
    "correct": mark("Corrected."),
    "reject": mark("Rejected."),
    "add": mark("Added."),
    "undo": mark("Taken back."),
    "nothing": mark("There is nothing of yours to take back."),
}
_MOST_BOXES = 50
_MOST_PAGES = 100_000
_FARTHEST = 20_000.0
"""Points from a page's corner that a box may reach."""
_NO_FORM = Refusal(400, mark("The form is incomplete."), mark("Go back, load the page again and do it once more."))
_NO_VALUE = mark("There is no such value.")
_NO_BOX = mark("A place is written as: page left top right bottom, one to a line, in points.")
_CHANGED = mark("Somebody changed this value while you looked at it. What you typed is kept below.")
_GONE = mark("This value is not there any more. What you typed is shown below.")


@dataclass(frozen=True, slots=True)
class Trouble:
    """Why something said was not taken: a message or a text of the store, and what was typed."""

    status: int
    reason: str
    typed: Mapping[str, str] = field(default_factory=dict)
    boxes: str = ""
    detail: str = ""


@dataclass(frozen=True, slots=True)
class Saying:
    """What a person sent: of which value as they saw it, and what was typed."""

    sha256: str
    at: str
    spot: Spot
    shape: Shape
    typed: Mapping[str, str]
    boxes: str
    boxes_before: str


def review(request: Request) -> Response:
    """Show one value of those to review."""
    given = request.query_params
    asked = Asked.read(given)
    return _page(request, asked, asked.sha256 or given.get("of"), given.get("at"))


def say(request: Request, form: FormData) -> Response:
    """Take what a person said of a value, and go to the next one."""
    asked = Asked.read(form)
    if form.get("action") == "undo":
        return _undo(request, asked)
    saying = _saying(form)
    site = site_of(request)
    following, current = _next(site, asked, saying)
    try:
        correction = _correction(saying, str(form.get("action", "")), _who(request))
        number = site.store.add_correction(correction)
    except Mistyped as error:
        return _again(request, asked, saying, Trouble(422, str(error), saying.typed, saying.boxes))
    except ConflictError:
        return _again(request, asked, saying, Trouble(409, _CHANGED, saying.typed, saying.boxes))
    except CorrectionError as error:
        reason = mark("That cannot stand in a notice.")
        return _again(request, asked, saying, Trouble(422, reason, saying.typed, saying.boxes, error.reason))
    done: str = correction.action
    if saying.at.endswith("/-"):
        now = {made.id: place for made, place in site.store.history(saying.sha256)}.get(number)
        following, done = (replace(current, pointer=now), "add") if now and current else (following, "add")
    elif following is not None and done == "reject" and following.sha256 == saying.sha256:
        following = replace(following, pointer=agenda.after_rejection(following.pointer, saying.at))
    return RedirectResponse(asked.address(following, done=done), 303)


def _undo(request: Request, asked: Asked) -> Response:
    """Take back what the person said last, of whatever notice, and go there."""
    site, who = site_of(request), _who(request)
    sha256 = site.store.spoke_last_of(who)
    if sha256 is None or not site.store.undo(sha256, who, dt.datetime.now(dt.UTC)):
        return RedirectResponse(asked.address(done="nothing"), 303)
    now = site.store.history(sha256)[-1][1]
    if asked.sha256 not in {None, sha256}:
        asked = Asked(asked.below, sha256)
    item = Item(sha256, now, "", None) if now else None
    return RedirectResponse(asked.address(item, done="undo"), 303)


def _next(site: Site, asked: Asked, saying: Saying) -> tuple[Item | None, Item | None]:
    """Return the value that comes after the one that is spoken of, and that one."""
    notice = site.store.corrected(saying.sha256)
    items = agenda.items_of(site.store, asked, notice)
    current = Item(saying.sha256, saying.at, "", None)
    return agenda.following(items, current), current


def _who(request: Request) -> str:
    """Return who speaks: whom the proxy names, else who runs the server."""
    named = user_of(request, site_of(request).config.web.user_header)
    if named:
        return named
    try:
        return getpass.getuser()
    except (OSError, KeyError):
        return "?"


def _saying(form: FormData) -> Saying:
    sent = {name: value for name, value in form.items() if isinstance(value, str)}
    sha256, at, pointer, seen = (sent.get(name, "") for name in ("of", "at", "pointer", "seen"))
    shape = shape_of(at)
    try:
        before = json.loads(sent.get("before", ""))
    except (ValueError, RecursionError):
        raise _NO_FORM from None
    if not re.fullmatch("[0-9a-f]{64}", sha256) or shape is None or not seen or shape_of(pointer) is not shape:
        raise _NO_FORM
    typed = {part.name: sent.get(f"v-{part.name}", "") for part in shape.parts}
    boxes = sent.get("boxes", ""), sent.get("boxes_before", "")
    return Saying(sha256, at, Spot(pointer, at, before, seen), shape, typed, *boxes)


def _correction(saying: Saying, action: str, who: str) -> Correction:
    """Return what is to be written down; who confirms what they typed over corrects it. Raises Mistyped."""
    spot, now = saying.spot, dt.datetime.now(dt.UTC)
    made = Correction(saying.sha256, spot.pointer, "reject", spot.value, None, who, now, spot.result)
    if action == "reject":
        return made
    if action not in {"confirm", "correct"}:
        raise _NO_FORM
    changed = " ".join(saying.boxes.split()) != " ".join(saying.boxes_before.split())
    boxes = _boxes(saying.boxes) if changed else ()
    after = read(saying.shape, spot.value, saying.typed)
    if after == spot.value:
        if after is None:
            raise Mistyped(mark("Nothing was written."))
        return replace(made, action="confirm", boxes=boxes)
    return replace(made, action="correct", after=after, boxes=boxes)


def _boxes(written: str) -> tuple[Box, ...]:
    """Return the boxes of lines; each is a page and four lengths in points from its upper left corner."""
    lines = [line.replace(",", " ").split() for line in written.splitlines() if line.strip()]
    try:
        boxes = tuple(_box(*line) for line in lines)
    except (ValueError, TypeError):
        raise Mistyped(_NO_BOX) from None
    if len(boxes) > _MOST_BOXES:
        raise Mistyped(_NO_BOX)
    return boxes


def _box(page: str, left: str, top: str, right: str, bottom: str) -> Box:
    """Return one box; ValueError for what is none, not a number (which no comparison holds for) included."""
    box = int(page), float(left), float(top), float(right), float(bottom)
    if not (1 <= box[0] <= _MOST_PAGES and 0 <= box[1] < box[3] <= _FARTHEST and 0 <= box[2] < box[4] <= _FARTHEST):
        raise ValueError(page)
    return box


def _again(request: Request, asked: Asked, saying: Saying, trouble: Trouble) -> Response:
    """Show the value anew as it is now, with what was typed."""
    at = _place_now(site_of(request), saying)
    if at is None and trouble.status == 409:
        trouble = replace(trouble, reason=_GONE)
    return _page(request, asked, saying.sha256, at, trouble)


def _place_now(site: Site, saying: Saying) -> str | None:
    """Return where the place that somebody spoke of is in the notice of now, empty or not; None if it is gone."""
    seen, pointer = saying.spot.result, saying.spot.pointer
    spot = site.store.spot(saying.sha256, pointer, seen)
    if spot is not None and spot.now is not None:
        return spot.now
    parts = pointer.split("/")
    if parts[-1].isdigit():
        return None
    inside = 2 if parts[-1] == "-" else 1
    outer = site.store.spot(saying.sha256, "/".join(parts[:-inside]), seen)
    return None if outer is None or outer.now is None else "/".join([outer.now, *parts[-inside:]])


def _page(
    request: Request, asked: Asked, sha256: str | None, at: str | None, trouble: Trouble | None = None
) -> Response:
    """Show the value at a pointer of a notice, or the first one of those that are asked for."""
    site = site_of(request)
    if asked.sha256 is not None and not re.fullmatch("[0-9a-f]{64}", asked.sha256):
        asked, sha256 = replace(asked, sha256=None), None
    notice = found_notice(site, asked.sha256) if asked.sha256 else None
    items = agenda.items_of(site.store, asked, notice)
    if not items and asked.offset and trouble is None:
        return RedirectResponse(replace(asked, offset=0).address(), 303)
    current = _current(site, items, sha256, at)
    if current is None and trouble is None and items:
        current = items[0]
    shown_sha = current.sha256 if current else sha256 if trouble else asked.sha256
    index = agenda.index_of(items, current)
    around = agenda.notices_around(site.store, asked, shown_sha)
    return render(
        request,
        "review.html",
        status=trouble.status if trouble else 200,
        active="review",
        asked=asked,
        levels=agenda.LEVELS,
        count=site.store.count_doubts(asked.below, asked.sha256),
        items=items,
        current=current,
        index=index,
        previous_item=items[index - 1] if index else None,
        next_item=items[index + 1] if index is not None and index + 1 < len(items) else None,
        previous_page=agenda.next_page(asked, -1) if asked.offset and not asked.sha256 else None,
        next_page=agenda.next_page(asked, 1) if len(items) == agenda.PAGE and not asked.sha256 else None,
        notices=[replace(asked, sha256=sha, offset=0).address() if sha else None for sha in around],
        trouble=trouble,
        done=_SAID.get(request.query_params.get("done", "")) if trouble is None else None,
        said_so_far=site.store.count_corrections() if not items else {},
        stored=site.store.counts() if not items else {},
        **(_editor(site, asked, current, trouble) if current else {}),
    )


def _current(site: Site, items: list[Item], sha256: str | None, at: str | None) -> Item | None:
    """Return the value that an address names, among the items or beside them; None where there is none."""
    if not sha256 or not at or not re.fullmatch("[0-9a-f]{64}", sha256):
        return None
    known = next((item for item in items if (item.sha256, item.pointer) == (sha256, at)), None)
    if known is not None:
        return known
    notice = site.store.corrected(sha256)
    return agenda.item_at(sha256, notice, at) if notice is not None else None


def _editor(site: Site, asked: Asked, current: Item, trouble: Trouble | None) -> dict[str, Any]:
    """Return what the page shows of one value: its form, its place, and what was said of it."""
    notice = found_notice(site, current.sha256)
    fields = list(flat(groups_of(notice)))
    pointers = {other.id: other.pointer for other in fields}
    shape = shape_of(current.pointer)
    spot = site.store.spot(current.sha256, current.pointer)
    if shape is None or spot is None:
        raise missing(_NO_VALUE)
    evidence = notice.evidence.get(current.pointer)
    boxes = "\n".join(" ".join(f"{length:g}" for length in box) for box in (evidence.boxes if evidence else ()))
    typed = trouble.typed if trouble else {}
    history = site.store.history(current.sha256)
    own = [said for said, now in history if now == current.pointer or (now is None and said.pointer == spot.pointer)]
    return {
        "notice": notice,
        "record": site.store.documents([current.sha256])[current.sha256],
        "shape": shape,
        "spot": spot,
        "before": json.dumps(spot.value),
        "inputs": [(part, typed.get(part.name, shown(part, spot.value))) for part in shape.parts],
        "evidence": evidence,
        "boxes": trouble.boxes if trouble and trouble.boxes else boxes,
        "boxes_before": boxes,
        "story": own,
        "story_now": own[-1] if own else None,
        "to_field": lambda other: asked.address(replace(current, pointer=other.pointer)),
        "to_field_id": lambda name: asked.address(replace(current, pointer=pointers[name])),
        "words_of": agenda.words_of,
        "free": agenda.free_places(notice, current.pointer),
        **_document(site, notice, current, fields),
    }


def _document(site: Site, notice: Notice, current: Item, fields: list[Any]) -> dict[str, Any]:
    original = site.originals.find(current.sha256)
    sheets = sheets_of(notice, site.painter.sizes(current.sha256), fields) if original else []
    text = (site.store.text(current.sha256) or "") if not sheets else ""
    return {
        "sheets": sheets,
        "pieces": pieces_of(text, fields) if not sheets else [],
        "place": place_id(current.pointer, "b" if sheets else "t"),
    }
