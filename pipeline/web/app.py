"""The application: its table of addresses, and what stands before all of them."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from pathlib import Path

from starlette.applications import Starlette
from starlette.concurrency import run_in_threadpool
from starlette.convertors import StringConvertor, register_url_convertor
from starlette.datastructures import FormData
from starlette.exceptions import HTTPException
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Mount, Route
from starlette.staticfiles import StaticFiles

from pipeline.config import Config
from pipeline.errors import PipelineError
from pipeline.store import Store
from pipeline.store.originals import Originals
from pipeline.web.access import Door, Seal
from pipeline.web.i18n import mark
from pipeline.web.pages import export, login, notice, original, returning, review, runs, search, tracking
from pipeline.web.painter import Painter
from pipeline.web.refusal import Refusal, on_http_error, on_pipeline_error, on_refusal
from pipeline.web.security import Checks, Headers, allowed_names
from pipeline.web.site import Site, site_of

Page = Callable[[Request], Response]
Change = Callable[[Request, FormData], Response]

_HERE = Path(__file__).parent


class _Sha256(StringConvertor):
    """A document's name in an address: never a path."""

    regex = "[0-9a-f]{64}"


register_url_convertor("sha256", _Sha256())
_MOST_FIELDS = 2000


def shown(path: str, page: Page, name: str | None = None) -> Route:
    """Return the route of a page that is looked at."""
    return Route(path, page, methods=["GET"], name=name or page.__name__)


def changed(path: str, change: Change, name: str | None = None) -> Route:
    """Return the route of a form that changes something: it is taken only with the seal that the page gave it."""

    async def endpoint(request: Request) -> Response:
        form = await _sealed_form(request)
        return await run_in_threadpool(change, request, form)

    return Route(path, endpoint, methods=["POST"], name=name or change.__name__)


async def _sealed_form(request: Request) -> FormData:
    form = await request.form(max_files=0, max_fields=_MOST_FIELDS)
    seal = request.headers.get("x-seal") or form.get("seal") or ""
    if not site_of(request).seal.fits(request, str(seal)):
        raise Refusal(403, mark("This form is too old."), mark("Go back, load the page again and do it once more."))
    return form


def routes() -> list[Route | Mount]:
    """Return all addresses."""
    return [
        shown("/", search.search),
        shown("/search.{ending}", export.export),
        shown("/notice/{sha256:sha256}", notice.notice),
        shown("/notice/{sha256:sha256}.json", notice.notice_json),
        shown("/page/{sha256:sha256}/{page:int}.webp", notice.page_picture),
        shown("/original/{sha256:sha256}", original.original),
        shown("/original/{sha256:sha256}/{part:int}", original.original_part),
        shown("/review", review.review),
        changed("/review", review.say),
        shown("/tracking", tracking.tracking),
        shown("/tracking.ics", tracking.tracking_ics),
        shown("/returning", returning.returning),
        shown("/runs", runs.runs),
        changed("/runs/retry", runs.retry),
        shown("/runs/{run}", runs.run),
        shown("/runs/{run}/report.html", runs.run_report, "run_report_html"),
        shown("/runs/{run}/report.json", runs.run_report, "run_report_json"),
        shown("/login", login.show_login),
        changed("/login", login.log_in),
        Mount("/static", _Static(directory=_HERE / "static"), name="static"),
    ]


def create_app(store: Store, out: Path, config: Config, *, token: str | None = None) -> Starlette:
    """Return the application over a store and its folder of results.

    Without a `token` everybody may come in who reaches it. The caller closes the store.
    """
    originals = Originals(store)
    painter = Painter(originals, config.settings, out)

    @asynccontextmanager
    async def living(_app: Starlette) -> AsyncIterator[None]:
        painter.warm_up()
        try:
            yield
        finally:
            await run_in_threadpool(painter.close)

    names = allowed_names(config.web.host, config.web.allowed_hosts)
    app = Starlette(
        routes=routes(),
        lifespan=living,
        middleware=[Middleware(Headers), Middleware(Checks, names=names)],
        exception_handlers={
            Refusal: on_refusal,
            HTTPException: on_http_error,
            PipelineError: on_pipeline_error,
        },
    )
    app.state.site = Site(store, out, config, Door(token), Seal(), originals, painter)
    return app


class _Static(StaticFiles):
    """Files of the application itself, under addresses that change with them."""

    def file_response(self, *args: object, **extra: object) -> Response:
        """Let browsers keep what they have, under addresses that name its content; modules are asked for by name."""
        response: Response = super().file_response(*args, **extra)  # type: ignore[arg-type]
        scope = args[2] if len(args) > 2 else extra.get("scope")
        is_named = isinstance(scope, dict) and bool(scope["query_string"])
        response.headers["Cache-Control"] = "max-age=31536000, immutable" if is_named else "no-cache"
        return response
