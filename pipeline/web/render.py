"""Templates into pages, in the visitor's language; everything that is shown is escaped, and shows what it holds."""

from __future__ import annotations

import functools
import hashlib
import re
from importlib import resources
from typing import Any

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup
from starlette.requests import HTTPConnection, Request
from starlette.responses import HTMLResponse, Response

from pipeline.web import i18n
from pipeline.web.access import user_of
from pipeline.web.fields import field_id
from pipeline.web.labels import advice, label, word
from pipeline.web.site import site_of

NAV: tuple[tuple[str, str], ...] = (
    ("search", i18n.mark("Search")),
    ("review", i18n.mark("Review")),
    ("tracking", i18n.mark("Tracking")),
    ("returning", i18n.mark("What returns")),
    ("runs", i18n.mark("Runs")),
)
"""The parts of the site in the order of the header: name of the route, and message of the catalogues."""
_HIDDEN = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff\ud800-\udfff]")
"""What is not seen, or turns around what is seen; line feed and tabulator are white space."""
_YEAR = 365 * 24 * 3600


def visible(value: Any) -> Any:
    r"""Return a text with what cannot be seen written as escapes.

    >>> visible("a\u202eb")
    'a\\u202eb'
    """
    if not isinstance(value, str) or not _HIDDEN.search(value):
        return value
    shown = _HIDDEN.sub(lambda match: ascii(match[0])[1:-1], value)
    return Markup(shown) if isinstance(value, Markup) else shown  # noqa: S704 - what was markup still is


@functools.cache
def environment(language: str) -> Environment:
    """Return the templates of a language."""
    made = Environment(
        loader=PackageLoader("pipeline.web", "templates"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        finalize=visible,
        extensions=["jinja2.ext.i18n"],
    )
    catalogue = i18n.catalogue(language)
    made.install_gettext_callables(catalogue.gettext, catalogue.ngettext, newstyle=True)  # type: ignore[attr-defined]
    in_language = ("number", "date", "moment", "lasted")
    made.filters.update({name: functools.partial(getattr(i18n, name), language=language) for name in in_language})
    made.filters.update(field=field_id)
    made.filters.update(key=_key, percent=i18n.percent, label=lambda code, table: catalogue.gettext(label(table, code)))
    made.filters.update(
        word=functools.partial(word, language=language), advice=functools.partial(advice, language=language)
    )
    made.globals.update(languages=i18n.LANGUAGES, language=language, asset=asset)
    return made


def language_of(connection: HTTPConnection) -> str:
    """Return the language that is asked for by the address, else by the cookie, else the default."""
    for asked in (connection.query_params.get("lang"), connection.cookies.get("chidao_lang")):
        if asked in i18n.LANGUAGES:
            return asked
    return i18n.DEFAULT


def render(request: Request, template: str, *, status: int = 200, **context: Any) -> Response:
    """Return a page; its forms get the seal that fits the browser's cookie."""
    site = site_of(request)
    language = language_of(request)
    nonce = site.seal.nonce(request)
    page = environment(language).get_template(template)
    html = page.render(
        request=request,
        url=request.app.url_path_for,
        nav=NAV,
        user=user_of(request, site.config.web.user_header),
        seal=site.seal.of(nonce),
        other_language=functools.partial(_address_in, request),
        **{"bare": False, "active": "", **context},
    )
    response = HTMLResponse(html.encode("utf-8", "backslashreplace"), status)
    response.headers["Vary"] = "Cookie, HX-Request"
    site.seal.give(request, response, nonce)
    if request.query_params.get("lang") in i18n.LANGUAGES:
        response.set_cookie("chidao_lang", language, max_age=_YEAR, samesite="lax", path="/")
    return response


def translate(request: Request, message: str) -> str:
    """Return a message in the visitor's language."""
    return i18n.catalogue(language_of(request)).gettext(message)


def _key(value: str) -> str:
    """Return a name for a value that may stand in an id; the same value has the same one on every page."""
    return hashlib.sha256(value.encode("utf-8", "backslashreplace")).hexdigest()[:10]


@functools.cache
def asset(name: str) -> str:
    """Return the address of a static file; it changes with the file, which browsers may keep."""
    data = (resources.files("pipeline.web") / "static" / name).read_bytes()
    return f"/static/{name}?{hashlib.sha256(data).hexdigest()[:12]}"


def _address_in(request: Request, language: str) -> str:
    """Return the address of this page in another language; what was sent by a form has none but the start page."""
    if request.method not in {"GET", "HEAD"}:
        return f"/?lang={language}"
    asked = request.url.include_query_params(lang=language)
    return f"{asked.path}?{asked.query}"
