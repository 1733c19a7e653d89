"""Drawing pages in a child: what opens a file of unknown origin must be able to die without the server.

This is what the child does; `painter.py` hires it.
"""

from __future__ import annotations

import base64
import io
import json
from dataclasses import asdict, dataclass, field

from PIL import Image

from pipeline.batch import Reading, Task
from pipeline.config import Settings
from pipeline.document import Source
from pipeline.errors import InputError, PipelineError
from pipeline.process import open_document
from pipeline.read import read_pages
from pipeline.read.kinds import PDF
from pipeline.read.paper import draw_page, page_sizes

DPI = 144
_MOST_ACROSS, _MOST_DOWN = 1400, 2600
"""The largest picture of a page that is sent, in pixels."""
_QUALITY = 80


@dataclass(frozen=True, slots=True)
class Order:
    """What is to be drawn: a page, turned clockwise by `turn` degrees; page 0 asks for the sizes of all pages."""

    number: int
    page: int = 0
    turn: int = 0

    def key(self) -> str:
        """Return the order as a task's key."""
        return json.dumps(asdict(self))


@dataclass(frozen=True, slots=True)
class Drawn:
    """What comes back: the pages' sizes in points before turning, or a picture as WebP."""

    sizes: tuple[tuple[float, float], ...] = ()
    picture: bytes = field(default=b"", repr=False)

    def write(self) -> str:
        """Return it as text, which crosses the border of a process."""
        return json.dumps({"sizes": self.sizes, "picture": base64.b64encode(self.picture).decode()})

    @classmethod
    def read(cls, text: str) -> Drawn:
        """Return what :meth:`write` wrote; ValueError for anything else."""
        told = json.loads(text)
        sizes = tuple((float(width), float(height)) for width, height in told["sizes"])
        picture = base64.b64decode(told["picture"], validate=True)
        if picture and (picture[:4] != b"RIFF" or picture[8:12] != b"WEBP"):
            raise ValueError("no WebP")
        return cls(sizes, picture)


def be_ready(_: Settings) -> None:
    """Load nothing: no model is needed to draw."""


def draw_task(task: Task, settings: Settings) -> Reading:
    """Do an order."""
    order = Order(**json.loads(task.key))
    if not task.paths:  # only to have the child started
        return Reading("ok", text=Drawn().write())
    try:
        source = open_document(task.paths, settings)
        if source.sha256 != task.sha256:
            return Reading("changed")
        drawn = _draw(source, order, settings) if order.page else Drawn(_sizes(source, settings))
    except PipelineError as error:
        return Reading("refused", kind=error.kind, reason=error.reason, advice=error.advice)
    return Reading("ok", text=drawn.write())


def _sizes(source: Source, settings: Settings) -> tuple[tuple[float, float], ...]:
    """Return the pages' sizes in points; none for a file without fixed pages."""
    if source.media_type == PDF:
        return tuple(page_sizes(source.data, settings.read))
    if not source.media_type.startswith("image/"):
        return ()
    return tuple((page.width or 0.0, page.height or 0.0) for page in read_pages(source, settings.read))


def _draw(source: Source, order: Order, settings: Settings) -> Drawn:
    picture = _page(source, order.page - 1, settings)
    if order.turn:
        picture = picture.rotate(-order.turn, expand=True)
    picture.thumbnail((_MOST_ACROSS, _MOST_DOWN), Image.Resampling.LANCZOS)
    stream = io.BytesIO()
    picture.save(stream, "WEBP", quality=_QUALITY, method=2)
    return Drawn(picture=stream.getvalue())


def _page(source: Source, index: int, settings: Settings) -> Image.Image:
    if source.media_type == PDF:
        if index >= len(page_sizes(source.data, settings.read)):
            raise _no_page()
        return draw_page(source.data, index, DPI, settings.read.max_pixels)
    pages = read_pages(source, settings.read) if source.media_type.startswith("image/") else ()
    if index >= len(pages) or pages[index].picture is None:
        raise _no_page()
    drawn = pages[index].picture
    assert drawn is not None  # noqa: S101 - looked at above
    return drawn(DPI)


def _no_page() -> InputError:
    return InputError("the file has no such page", "look at another page")
