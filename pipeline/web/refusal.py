"""Errors as pages: what happened, and what to do."""

from __future__ import annotations

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response

from pipeline.errors import InputError, LockedError, PipelineError
from pipeline.web.i18n import mark
from pipeline.web.render import render

_KNOWN = {
    404: (mark("There is no such page."), mark("Look for what you need by its words.")),
    405: (mark("That cannot be done here."), mark("Go back and use the buttons of the page.")),
}
_UNKNOWN = (mark("The request cannot be answered."), mark("Go back and try another way."))


class Refusal(Exception):  # noqa: N818 - it is no error of the program
    """A request that is refused; both texts are messages of the catalogues. `bare` shows nothing of the site."""

    def __init__(self, status: int, reason: str, advice: str, *, bare: bool = False) -> None:
        """Keep what is told."""
        super().__init__(reason)
        self.status, self.reason, self.advice, self.bare = status, reason, advice, bare


def refused(request: Request, refusal: Refusal) -> Response:
    """Return the page of a refusal."""
    template = "login.html" if refusal.status == 401 else "error.html"
    return render(
        request,
        template,
        status=refusal.status,
        reason=refusal.reason,
        advice=refusal.advice,
        bare=refusal.bare or refusal.status == 401,
        code=refusal.status,
        failed=False,
    )


def on_refusal(request: Request, error: Exception) -> Response:
    """Answer a refusal that a page raised."""
    assert isinstance(error, Refusal)  # noqa: S101 - it is registered for that
    return refused(request, error)


def on_http_error(request: Request, error: Exception) -> Response:
    """Answer what the framework raised."""
    status = error.status_code if isinstance(error, HTTPException) else 500
    return refused(request, Refusal(status, *_KNOWN.get(status, _UNKNOWN)))


def on_pipeline_error(request: Request, error: Exception) -> Response:
    """Answer an error of the project in its own words."""
    assert isinstance(error, PipelineError)  # noqa: S101 - it is registered for that
    status = 409 if isinstance(error, LockedError) else 400 if isinstance(error, InputError) else 503
    return refused(request, Refusal(status, error.reason, error.advice))


def on_fault(request: Request) -> Response:
    """Answer an error of the program itself, without a word of its inside."""
    advice = mark("Try again; if it stays so, please report it with what you did.")
    return refused(request, Refusal(500, mark("Something went wrong inside chidao."), advice))


def missing(what: str) -> Refusal:
    """Return the refusal of something that is not there; `what` is a message of the catalogues."""
    return Refusal(404, what, mark("Look for what you need by its words."))
