"""One notice: its pages beside what was read from them."""

from __future__ import annotations

from starlette.requests import Request
from starlette.responses import Response

from pipeline.web.i18n import mark
from pipeline.web.refusal import missing
from pipeline.web.render import render
from pipeline.web.site import site_of

NO_NOTICE = mark("There is no such notice.")


def notice(request: Request) -> Response:
    """Show a notice as people corrected it."""
    found = site_of(request).store.corrected(request.path_params["sha256"])
    if found is None:
        raise missing(NO_NOTICE)
    return render(request, "notice.html", notice=found)
