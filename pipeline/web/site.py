"""What every page needs, in one object that hangs on the application."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from starlette.requests import HTTPConnection

from pipeline.config import Config
from pipeline.store import Store
from pipeline.store.originals import Originals
from pipeline.web.access import Door, Seal
from pipeline.web.painter import Painter


@dataclass(frozen=True, slots=True)
class Site:
    """The store, the folder of results, the settings, and who may come in."""

    store: Store
    out: Path
    config: Config
    door: Door
    seal: Seal
    originals: Originals
    painter: Painter


def site_of(connection: HTTPConnection) -> Site:
    """Return the site that a request came to."""
    site: Site = connection.app.state.site
    return site
