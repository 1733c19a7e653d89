"""The lexicon: word lists and patterns as the rules expect them."""

from __future__ import annotations

import re
from importlib import resources

import pytest

from pipeline.language import alternatives, fold, load, lower, pattern, regex

NAMES = sorted(entry.name.removesuffix(".toml") for entry in resources.files("pipeline.lexicon").iterdir())
NAMES = [name for name in NAMES if name not in {"__init__.py", "__pycache__", "confidence", "syllables"}]
NAMES = [name for name in NAMES if not name.startswith("synthe")]
"""All but figures, the parts of syllables, which may be empty, and the sentences that notices are made of."""
IN_WORDS = [name for name in NAMES if name not in {"page", "patterns"}]
_ESCAPE = re.compile(r"\\.")


def lists_of(table, path=()):
    for key, value in table.items():
        if isinstance(value, dict):
            yield from lists_of(value, (*path, key))
        elif isinstance(value, list):
            yield ".".join((*path, key)), value


LISTS = [(f"{name}.{key}", entries) for name in NAMES for key, entries in lists_of(load(name))]
PHRASES = [(module, key) for module, table in load("patterns").items() for key in table]


def test_the_rules_lexicons_are_there():
    assert {"cues", "deadlines", "documents", "organisations", "page", "patterns", "persons"} <= set(NAMES)


@pytest.mark.parametrize(("name", "entries"), LISTS, ids=[name for name, _ in LISTS])
def test_every_entry_is_a_pattern_by_itself(name, entries):
    assert entries, name
    for entry in entries:
        assert entry == entry.strip() != ""
        assert not re.compile(entry).match(""), f"{entry!r} of {name} matches nothing at all"


WORDED = [(name, entries) for name, entries in LISTS if name.split(".")[0] in IN_WORDS]


@pytest.mark.parametrize(("name", "entries"), WORDED, ids=[name for name, _ in WORDED])
def test_entries_are_lower_case_with_new_tone_placement(name, entries):
    bare = [_ESCAPE.sub("", entry) for entry in entries]
    assert [entry for entry in bare if lower(entry) != entry] == [], name


@pytest.mark.parametrize("key", sorted(load("page")))
def test_entries_of_the_page_are_folded(key):
    bare = [_ESCAPE.sub("", entry) for entry in load("page")[key]]
    assert [entry for entry in bare if fold(entry) != entry] == []


@pytest.mark.parametrize(("module", "key"), PHRASES)
def test_every_phrase_pattern_compiles_and_matches_something_only(module, key):
    assert not regex(module, key).fullmatch("")


def test_the_longest_alternative_wins():
    assert re.match(alternatives(["sở", "sở y tế", "sở y"]), "sở y tế").group() == "sở y tế"


def test_alternatives_are_written_with_new_tone_placement():
    assert re.fullmatch(alternatives(["ủy ban"]), lower("Ủy ban"))


def test_a_pattern_matches_whole_words():
    found = pattern("documents", "types")
    assert found.search("theo nghị quyết số 5").group() == "nghị quyết"
    assert found.search("siêuluật") is None


def test_a_phrase_broken_over_lines_is_one_pattern():
    assert regex("assessment", "strong").search(lower("Tiến độ còn chậm")).group() == "còn chậm"
