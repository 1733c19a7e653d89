"""Coming in: the token is typed in once, or stands in the address that was printed."""

from __future__ import annotations

from starlette.datastructures import FormData
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from pipeline.web.i18n import mark
from pipeline.web.refusal import Refusal, refused
from pipeline.web.site import site_of

_WRONG = Refusal(401, mark("That is not the token."), mark("Open the whole address that `chidao serve` printed."))


def show_login(request: Request) -> Response:
    """Let in whoever comes by the printed address; show the form to others."""
    token = request.query_params.get("token")
    if token is not None:
        return _admit(request, token)
    if site_of(request).door.knows(request):
        return RedirectResponse("/", 303)
    return refused(
        request, Refusal(401, mark("This address needs a key."), mark("Type in the token that `chidao serve` printed."))
    )


def log_in(request: Request, form: FormData) -> Response:
    """Let in whoever typed the token."""
    return _admit(request, str(form.get("token", "")))


def _admit(request: Request, token: str) -> Response:
    door = site_of(request).door
    if not door.is_open and not door.opens_for(token.strip()):
        return refused(request, _WRONG)
    response = RedirectResponse("/", 303)
    door.let_in(request, response)
    return response
