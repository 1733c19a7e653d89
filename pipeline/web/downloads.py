"""What is saved and not shown: names that any system takes, and headers that let no browser open it in place."""

from __future__ import annotations

import os
from collections.abc import Iterator
from urllib.parse import quote

from starlette.responses import Response, StreamingResponse

from pipeline.write import printable

_BLOCK = 1 << 18
_SEALED = "sandbox; default-src 'none'; frame-ancestors 'none'"


def attachment(name: str) -> dict[str, str]:
    """Return the headers of a file that is to be saved under a name."""
    shown = printable(name).replace("/", "_").replace("\\", "_")
    plain = "".join(c if c.isascii() and (c.isalnum() or c in "-_. ") else "_" for c in shown)
    disposition = f"attachment; filename=\"{plain}\"; filename*=UTF-8''{quote(shown, safe='')}"
    return {"Content-Disposition": disposition, "Content-Security-Policy": _SEALED}


def stream_file(descriptor: int, name: str) -> Response:
    """Give an open file to be saved; its kind is not told, so that nothing opens it."""
    size = os.fstat(descriptor).st_size
    headers = attachment(name) | {"Content-Length": str(size)}
    return StreamingResponse(_blocks(descriptor, size), media_type="application/octet-stream", headers=headers)


def _blocks(descriptor: int, size: int) -> Iterator[bytes]:
    with os.fdopen(descriptor, "rb") as stream:
        while size > 0 and (block := stream.read(min(_BLOCK, size))):
            size -= len(block)
            yield block
