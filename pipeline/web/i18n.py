"""Languages: English is the source, Vietnamese the default, and a catalogue a further language.

Catalogues are compiled when the application starts, so that no compiled file can be older than its source.
"""

from __future__ import annotations

import datetime as dt
import functools
import gettext
import io
from importlib import resources

from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po

LANGUAGES: dict[str, str] = {"vi": "Tiếng Việt", "en": "English"}
"""Code -> what its speakers call it; the first one is spoken unless another is asked for."""
DEFAULT = next(iter(LANGUAGES))
_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")


def mark(message: str) -> str:
    """Return `message`; the call marks it for the catalogues, where it is translated later."""
    return message


@functools.cache
def catalogue(language: str) -> gettext.NullTranslations:
    """Return the messages of a language; what has no translation stays English."""
    source = resources.files("pipeline.web") / "locale" / language / "LC_MESSAGES" / "web.po"
    if not source.is_file():
        return gettext.NullTranslations()
    compiled = io.BytesIO()
    write_mo(compiled, read_po(io.BytesIO(source.read_bytes()), locale=language))
    compiled.seek(0)
    return gettext.GNUTranslations(compiled)


def number(value: float, language: str = DEFAULT) -> str:
    """Return a number as the language writes it.

    >>> number(12345), number(12345, "en"), number(0.25)
    ('12.345', '12,345', '0,2')
    """
    written = f"{value:,}" if isinstance(value, int) else f"{value:,.1f}"
    return written if language == "en" else written.translate(str.maketrans(",.", ".,"))


def date(day: dt.date | None, language: str = DEFAULT) -> str:
    """Return a day as the language writes it, nothing for none.

    >>> date(dt.date(2024, 7, 5)), date(dt.date(2024, 7, 5), "en")
    ('05/07/2024', '5 Jul 2024')
    """
    if day is None:
        return ""
    return f"{day.day} {_MONTHS[day.month - 1]} {day.year}" if language == "en" else f"{day:%d/%m/%Y}"


def moment(at: dt.datetime | None, language: str = DEFAULT) -> str:
    """Return a time by this machine's clock, nothing for none."""
    if at is None:
        return ""
    local = at.astimezone()
    return f"{date(local.date(), language)} {local:%H:%M}"


def percent(share: float) -> str:
    """Return a share in whole percents; what is not nothing is not called 0, nor what is not all 100.

    >>> percent(0.5), percent(0.001), percent(0.999)
    ('50%', '<1%', '99%')
    """
    if 0 < share < 0.01:
        return "<1%"
    return "100%" if share == 1 else f"{min(share, 0.99):.0%}"


def lasted(seconds: float, language: str = DEFAULT) -> str:
    """Return a duration in figures and signs that need no language.

    >>> lasted(2.345), lasted(75), lasted(7260)
    ('2,3 s', '1:15', '2:01:00')
    """
    if seconds < 60:
        return f"{number(float(seconds), language)} s"
    minutes, rest = divmod(round(seconds), 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours}:{minutes:02d}:{rest:02d}" if hours else f"{minutes}:{rest:02d}"
