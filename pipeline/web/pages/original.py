"""The original files, to be saved; never shown, for a browser would run what is in them."""

from __future__ import annotations

from starlette.requests import Request
from starlette.responses import Response

from pipeline.store.originals import open_file
from pipeline.web.downloads import stream_file
from pipeline.web.i18n import mark
from pipeline.web.refusal import Refusal
from pipeline.web.site import site_of

_GONE = Refusal(
    404, mark("The file is not there any more, or was changed."), mark("Ask who keeps the folder of incoming files.")
)


def original(request: Request) -> Response:
    """Give the file of a document, or the first picture of it."""
    return _give(request, 1)


def original_part(request: Request) -> Response:
    """Give one of the pictures of a document."""
    return _give(request, request.path_params["part"])


def _give(request: Request, part: int) -> Response:
    found = site_of(request).originals.find(request.path_params["sha256"])
    if found is None or not 1 <= part <= len(found.paths):
        raise _GONE
    path = found.paths[part - 1]
    try:
        return stream_file(open_file(path), path.name)
    except OSError as error:
        raise _GONE from error
