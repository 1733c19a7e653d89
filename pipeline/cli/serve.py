"""``chidao serve``: the web application over a folder of results."""

from __future__ import annotations

import importlib.util
import secrets
from pathlib import Path
from typing import TYPE_CHECKING

import click

from pipeline.cli.console import config_of, examples
from pipeline.cli.flags import with_flags
from pipeline.cli.results import RESULTS, opened
from pipeline.errors import EXIT_OK, ConfigError, MissingDependencyError

if TYPE_CHECKING:
    from pipeline.config import WebSettings

_LEAST_TOKEN = 16
_NEEDED = ("starlette", "uvicorn", "multipart", "babel", "icalendar", "xlsxwriter")


@click.command(epilog=examples("chidao serve --out results", "chidao serve --out results --port 8080"))
@RESULTS
@click.option("--host", help="Listen at this address; 127.0.0.1, which is this machine only, unless configured.")
@click.option("--port", type=click.IntRange(0, 65535), help="Listen at this port; 0 for any that is free.")
@click.option("--token", help="What a browser must show; everyone on the machine sees a flag, so rather configure it.")
@click.pass_context
def serve(context: click.Context, /, out: Path, host: str | None, port: int | None, token: str | None) -> int:
    """Search and look at the results in a browser, until Ctrl-C.

    Prints the address to open; it holds a token, without which nothing is shown. Other machines are only served where
    an address of this one and a token are configured.
    """
    missing = [name for name in _NEEDED if importlib.util.find_spec(name) is None]
    if missing:
        raise MissingDependencyError(f"{', '.join(missing)} is not installed", 'pip install "chidao[web]"')
    from pipeline import web  # noqa: PLC0415 - its packages may be missing

    config = with_flags(config_of(context), {"web": {"host": host, "port": port, "token": token}})
    shown = _token(config.web)
    with opened(context, out) as store, web.listening(config.web.host, config.web.port) as socket:
        app = web.create_app(store, out, config, token=shown)
        address = web.address_of(config.web.host, socket.getsockname()[1])
        click.echo(f"Open {address}/login?token={shown}" if config.web.token is None else f"Open {address}/")
        web.serve(app, socket)
    return EXIT_OK


def _token(settings: WebSettings) -> str:
    """Return the token that is asked for: the configured one, else a new one, on this machine only."""
    from pipeline import web  # noqa: PLC0415 - as above

    given = None if settings.token is None else settings.token.get_secret_value()
    if not web.is_loopback(settings.host) and not given:
        advice = "set web.token, or listen at 127.0.0.1"
        raise ConfigError(f"{settings.host} can be reached by others, and there is no token", advice)
    if given is not None and len(given) < _LEAST_TOKEN:
        advice = "`openssl rand -hex 32` makes a good one"
        raise ConfigError(f"the token has fewer than {_LEAST_TOKEN} characters", advice)
    return given or secrets.token_urlsafe(32)
