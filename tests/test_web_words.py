"""The texts of the pages: English in the source, every one of them in the catalogue."""

import datetime as dt
import re
from pathlib import Path

import pytest
from babel.messages.catalog import Catalog
from babel.messages.extract import extract_from_dir
from babel.messages.pofile import read_po

import pipeline.web
from pipeline.web.i18n import catalogue, date, number
from pipeline.web.render import visible

HERE = Path(pipeline.web.__file__).parent
VIETNAMESE = re.compile("[ăâđêôơưàảãáạằẳẵắặầẩẫấậèẻẽéẹềểễếệìỉĩíịòỏõóọồổỗốộờởỡớợùủũúụừửữứựỳỷỹýỵ]", re.IGNORECASE)


def first(message):
    return message[0] if isinstance(message, tuple | list) else message


@pytest.fixture(scope="module")
def wanted():
    methods = [("**.py", "python"), ("templates/**.html", "jinja2")]
    keywords = {"_": None, "gettext": None, "ngettext": (1, 2), "mark": None}
    found = extract_from_dir(HERE, methods, {}, keywords)
    return {first(message) for _, _, message, _, _ in found}


@pytest.fixture(scope="module")
def known():
    with (HERE / "locale" / "vi" / "LC_MESSAGES" / "web.po").open("rb") as stream:
        return read_po(stream, locale="vi")


def test_every_text_is_translated(wanted, known: Catalog):
    translated = {first(message.id): first(message.string) for message in known if message.id}
    assert set(translated) == wanted
    assert not [message for message, said in translated.items() if not said]
    assert not [message.id for message in known if message.id and message.fuzzy]


def test_translations_have_the_places_of_their_texts(known: Catalog):
    for message in known:
        if message.id:
            said, of = first(message.string), first(message.id)
            assert sorted(re.findall(r"%\(\w+\)s|`[^`]*`", said)) == sorted(re.findall(r"%\(\w+\)s|`[^`]*`", of)), of


def test_no_template_speaks_vietnamese():
    for path in (HERE / "templates").glob("*.html"):
        assert not VIETNAMESE.search(path.read_text(encoding="utf-8")), path.name


def test_a_language_without_catalogue_is_english():
    assert catalogue("en").gettext("Search") == "Search"
    assert catalogue("vi").gettext("Search") == "Tra cứu"


def test_numbers_and_days_are_written_as_the_language_does():
    assert (number(1234567), number(1234567, "en")) == ("1.234.567", "1,234,567")
    assert (date(dt.date(2024, 5, 2)), date(dt.date(2024, 5, 2), "en")) == ("02/05/2024", "2 May 2024")


@pytest.mark.parametrize("hidden", ["\x00", "\x1b", "\u202e", "\u2066", "\u200b", "\ufeff", "\udce9"])
def test_what_cannot_be_seen_is_shown(hidden):
    assert hidden not in visible(f"a{hidden}b")
