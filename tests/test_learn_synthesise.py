"""Made-up notices: the same for the same seed, with every role, and no slot left open."""

from __future__ import annotations

import re
from collections import Counter

from pipeline.extract.tagger import ROLES
from pipeline.language import load
from pipeline.learn.synthesise import synthesise, texts_of


def test_the_same_seed_gives_the_same_notices():
    assert synthesise(5, seed=3) == synthesise(5, seed=3)
    assert synthesise(5, seed=3) != synthesise(5, seed=4)


def test_more_notices_begin_with_the_fewer():
    assert synthesise(6, seed=1)[:3] == synthesise(3, seed=1)


def test_every_role_is_there_in_both_units():
    counts = Counter((example.unit, example.role) for notice in synthesise(150) for example in notice)
    assert {role for _, role in counts} == set(ROLES)
    assert {unit for unit, _ in counts} == {"paragraph", "clause"}
    assert min(counts.values()) > 10


def test_no_slot_is_left_open():
    assert not [text for text in texts_of(synthesise(150)) if re.search(r"[{}]", text)]


def test_notices_differ():
    texts = list(texts_of(synthesise(150)))
    assert len(set(texts)) > 0.8 * len(texts)


def test_every_topic_has_every_list():
    for topic in load("synthetic_topics")["topic"]:
        assert set(topic) == {"name", "bodies", "things", "good", "bad", "why", "do"}
        assert all(len(entries) >= 3 for entries in topic.values())
