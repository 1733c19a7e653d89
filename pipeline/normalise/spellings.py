"""Written forms of a name: words to compare by, slugs, and the tone placement that offices print."""

from __future__ import annotations

import functools
import re
import unicodedata

from pipeline.language import alternatives, clean, fold, load, lower

_WORD = re.compile(r"[^\W_]+(?:['’][^\W_]+)*")
_ASIDE = re.compile(r"\s*\([^()]*\)?")
_NAMES = 20_000
"""Names that are remembered: an archive has the same ones again and again."""
_MARKS = str.maketrans({"’": "'", "‘": "'", "ʼ": "'", "`": "'", "–": "-", "—": "-"})


@functools.cache
def _short() -> tuple[re.Pattern[str], list[tuple[re.Pattern[str], str]]]:
    """Return the pattern of every abbreviation, and for each its own pattern and what it stands for."""
    entries = load("bodies")
    pairs = [(short, capital(full)) for full, shorts in entries["short"].items() for short in shorts]
    pairs += [(short, field["name"]) for field in entries["fields"].values() for short in field.get("also", [])]
    every = re.compile(rf"(?<!\w){alternatives(short for short, _ in pairs)}(?!\w)")
    return every, [(re.compile(short), full) for short, full in pairs]


@functools.lru_cache(_NAMES)
def spell_out(name: str) -> str:
    """Return `name` in one line with its abbreviations written out and without words in brackets.

    >>> spell_out("Sở  KH&CN (cũ)")
    'Sở Khoa học và Công nghệ'
    """
    text = " ".join(_ASIDE.sub(" ", clean(name).translate(_MARKS)).split())
    every, pairs = _short()
    lowered, parts, at = lower(text), [], 0
    for found in every.finditer(lowered):
        matches = ((short.match(lowered, found.start()), full) for short, full in pairs)
        full = next(full for match, full in matches if match and match.end() == found.end())
        parts += [text[at : found.start()], full]
        at = found.end()
    return "".join([*parts, text[at:]])


@functools.lru_cache(_NAMES)
def words_of(name: str) -> str:
    """Return `name` as plain words: lower case, new tone placement, no marks, asides or abbreviations.

    >>> words_of("Sở Lao động – TB&XH (cũ)")
    'sở lao động thương binh và xã hội'
    """
    return " ".join(_WORD.findall(lower(spell_out(name))))


def first_words(text: str, count: int) -> str:
    """Return the first `count` words of a spelt-out name, with the marks between them; "và" does not count."""
    found = [word for word in _WORD.finditer(text) if word.group().lower() != load("bodies")["joining"]["and"]][:count]
    return text[: found[-1].end()].strip(" ,;-") if found else ""


def bare(words: str) -> str:
    """Return `words` without "và", which is printed or not: by this, names are compared."""
    return " ".join(word for word in words.split() if word != load("bodies")["joining"]["and"])


def slug(words: str) -> str:
    """Return `words` as a slug of plain letters.

    >>> slug("Đắk R'lấp")
    'dak-rlap'
    """
    return "-".join(_WORD.findall(fold(words))).replace("'", "").replace("’", "")


_NEW_STYLE = re.compile(r"(?<!q)([ou])([àáảãạèéẻẽẹỳýỷỹỵ])(?!\w)", re.IGNORECASE)


def official(text: str) -> str:
    """Return `text` with the tone on the first vowel of oa, oe, uy, as Decree 30 prints it.

    >>> official("Uỷ ban, Hoà Bình, Phú Quý")
    'Ủy ban, Hòa Bình, Phú Quý'
    """

    def moved(found: re.Match[str]) -> str:
        first, second = found.groups()
        letters = unicodedata.normalize("NFD", second)
        if first.lower() + letters[0].lower() not in {"oa", "oe", "uy"}:
            return found.group()
        return unicodedata.normalize("NFC", first + letters[1:]) + letters[0]

    return _NEW_STYLE.sub(moved, text)


def capital(text: str) -> str:
    """Return `text` with its first letter in upper case."""
    return text[:1].upper() + text[1:]


def titled(words: str) -> str:
    """Return the words of a place with capitals.

    >>> titled("hoà vang")
    'Hòa Vang'
    """
    return " ".join(capital(word) for word in official(words).split())
