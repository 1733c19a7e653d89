"""What a weakness is about, by the phrases that it names: a rough division, for charts over many."""

from __future__ import annotations

import functools
import re
from collections import Counter

from pipeline.language import alternatives, load, lower

OTHER = "other"


@functools.cache
def topics() -> tuple[str, ...]:
    """Return all topics, `OTHER` at the end."""
    return (*load("topics"), OTHER)


def topic_of(text: str) -> str:
    """Return the topic of which a text names most, `OTHER` where it names none.

    >>> topic_of("Giải ngân vốn đầu tư công chậm"), topic_of("Còn chậm")
    ('investment', 'other')
    """
    words = lower(text)
    named = Counter({topic: len(phrases.findall(words)) for topic, phrases in _phrases().items()})
    topic, count = max(named.items(), key=lambda item: item[1])
    return topic if count else OTHER


@functools.cache
def _phrases() -> dict[str, re.Pattern[str]]:
    return {
        topic: re.compile(rf"(?<!\w)(?:{alternatives(phrases)})(?!\w)") for topic, phrases in load("topics").items()
    }
