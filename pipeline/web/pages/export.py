"""What a search found as a file."""

from __future__ import annotations

import datetime as dt

from starlette.requests import Request
from starlette.responses import Response, StreamingResponse

from pipeline.export import FOUND_KINDS, found_rows
from pipeline.web import permalink
from pipeline.web.downloads import attachment
from pipeline.web.i18n import mark
from pipeline.web.refusal import missing
from pipeline.web.site import site_of

MOST = 100_000
"""Rows of one file at most."""


def export(request: Request) -> Response:
    """Give what a search found as a file."""
    known = FOUND_KINDS.get(request.path_params["ending"])
    if known is None:
        raise missing(mark("There is no such kind of file."))
    media_type, write = known
    today = dt.datetime.now().astimezone().date()
    question = permalink.on_page(permalink.read_question(request.query_params, today), 1)
    name = f"chidao-{question.what}-{today.isoformat()}.{request.path_params['ending']}"
    stream = write(found_rows(site_of(request).store, question, MOST), question)
    return StreamingResponse(stream, media_type=media_type, headers=attachment(name))
