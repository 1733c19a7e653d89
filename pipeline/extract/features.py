"""What the trained model sees of a paragraph or a clause: its form, its words, and what stands around it.

A feature is a short text; the model knows it by its bucket alone, so no word of the training data is stored.
"""

from __future__ import annotations

import re
import zlib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from pipeline.extract.items import Item
from pipeline.extract.view import View
from pipeline.language import fold

Buckets = npt.NDArray[np.int64]
Phrases = Mapping[str, str]
"""Which class a phrase of one to four syllables is of: "giao" an order, "chưa" a fault, "sở" a body."""

BUCKETS = 1 << 16
LONGEST_PHRASE = 4
_HEAD_TOKENS = 28
_MOST_TOKENS = 90
_TOKEN = re.compile(r"\w+|[^\w\s]")
_SENTENCE_END = re.compile(r"(?<=[^.\s])[.;]\s")


@dataclass(frozen=True, slots=True)
class Seen:
    """One stretch of text as the features see it: its syllables, how many are in its first sentence, its phrases."""

    tokens: tuple[str, ...]
    first: int
    classes: tuple[tuple[int, str], ...]
    mark: str


def bucket(feature: str) -> int:
    """Return the number by which the model knows a feature.

    >>> bucket("kind=dash") == bucket("kind=dash") < BUCKETS
    True
    """
    return zlib.crc32(feature.encode()) % BUCKETS


def see(text: str, phrases: Phrases) -> Seen:
    """Read a stretch of the lower-case view."""
    text = text.strip()
    tokens = tuple("0" if token[0].isdigit() else token for token in _TOKEN.findall(text)[:_MOST_TOKENS])
    cut = _SENTENCE_END.search(text)
    first = min(len(_TOKEN.findall(text[: cut.start()])) if cut else len(tokens), len(tokens))
    mark = text[-1] if text[-1:] in {".", ";", ":", ","} else ""
    return Seen(tokens, max(first, 1), tuple(_classes(tokens, phrases)), mark)


def _classes(tokens: Sequence[str], phrases: Phrases) -> Iterator[tuple[int, str]]:
    """Yield the classes of the longest known phrases and where they begin; phrases do not overlap."""
    at = 0
    while at < len(tokens):
        for length in range(LONGEST_PHRASE, 0, -1):
            known = phrases.get(" ".join(tokens[at : at + length]))
            if known is not None:
                yield at, known
                at += length - 1
                break
        at += 1


def item_features(view: View, items: Sequence[Item], phrases: Phrases) -> list[Buckets]:
    """Return the features of each item, in the items' order."""
    seen = [see(view.plain[item.start : item.end], phrases) for item in items]
    lead = -1
    features = []
    for index, item in enumerate(items):
        found = [*_form(view, items, index), *_words(seen[index]), *_above(items, seen, index, lead)]
        found += _beside(items, seen, index, -1, "prev") + _beside(items, seen, index, 1, "next")
        features.append(_hashed(found))
        if item.kind is None and seen[index].mark == ":":
            lead = index
    return features


def clause_features(text: str, position: int, phrases: Phrases, heading: str) -> Buckets:
    """Return the features of the clause `text`, which is number `position` of its paragraph under `heading`."""
    seen = see(text, phrases)
    found = ["bias", f"at={min(position, 3)}", *_words(seen)]
    found += [f"t:{' '.join(part)}" for part in zip(seen.tokens, seen.tokens[1:], seen.tokens[2:], strict=False)]
    found += [f"h:{token}" for token in see(heading, {}).tokens[:8]]
    return _hashed(found)


def _hashed(features: Iterable[str]) -> Buckets:
    return np.array(sorted({bucket(feature) for feature in features}), dtype=np.int64)


def _form(view: View, items: Sequence[Item], index: int) -> list[str]:
    """The label, the place and the shape of an item."""
    item = items[index]
    text = view.text[item.start : item.end].strip()
    children = index + 1 < len(items) and index in items[index + 1].parents
    outer = items[item.parents[-1]].kind if item.parents else None
    place = 5 * index // max(len(items), 1)
    plain = item.kind is None
    return [
        "bias",
        f"kind={item.kind}",
        f"kind={item.kind} in={outer}",
        f"depth={len(item.parents)}",
        f"place={place} plain={plain}",
        f"first={index == 0} plain={plain}",
        f"last={index == len(items) - 1} plain={plain}",
        f"children={children} upper={text.isupper()}",
        f"size={len(text).bit_length()} end={text[-1:] if text[-1:] in '.;:,' else ''}",
        f"size={len(text).bit_length()} children={children}",
        f"percent={'%' in text}",
        f"date={bool(re.search(r'[0-9]/[0-9]|ngày [0-9]', text))}",
    ]


def _words(seen: Seen) -> list[str]:
    """The words of a text: how it begins and ends, what is in it, and of which classes."""
    tokens = seen.tokens
    head = tokens[: min(seen.first, _HEAD_TOKENS)]
    found = [f"{n}^{' '.join(tokens[:n])}" for n in (1, 2, 3)]
    found += [f"f^{fold(' '.join(tokens[:2]))}", f"$2:{' '.join(tokens[-3:])}", f"mark={seen.mark}"]
    found += [f"u:{token}" for token in head]
    found += [f"b:{one} {two}" for one, two in zip(head, head[1:], strict=False)]
    found += [f"r:{token}" for token in tokens[len(head) :]]
    found += [f"v:{fold(one)} {fold(two)}" for one, two in zip(tokens, tokens[1:], strict=False)]
    return found + _class_features(seen, len(head))


def _class_features(seen: Seen, head: int) -> list[str]:
    inside = [known for at, known in seen.classes if at < head]
    begins = next((known for at, known in seen.classes if at == 0), "none")
    order = inside[:3]
    found = [f"c^{begins}", f"c3:{' '.join(order)}"]
    for known in sorted({known for _, known in seen.classes}):
        total = sum(other == known for _, other in seen.classes)
        found += [f"c:{known}", f"c:{known}*{min(total, 4)}"] + [f"ch:{known}"] * (known in inside)
        found += [f"c^{begins}+{known}"]
    missing = {"order", "request", "weak", "good", "past", "task", "body"} - set(inside)
    return found + [f"no:{known}" for known in missing]


def _above(items: Sequence[Item], seen: Sequence[Seen], index: int, lead: int) -> list[str]:
    """The headings that an item stands under, and the last line that leads in a list."""
    found = []
    for depth, parent in enumerate(reversed(items[index].parents)):
        found += [f"h:{token}" for token in seen[parent].tokens[:8]]
        found += [f"h{min(depth, 1)}^{' '.join(seen[parent].tokens[:2])}"]
        found += [f"hc:{known}" for at, known in seen[parent].classes if at < 8]
    if lead >= 0:
        found += [f"l:{token}" for token in seen[lead].tokens[-8:]]
        found += [f"lc:{known}" for _, known in seen[lead].classes]
        found += [f"near={min(index - lead, 4)} plain={items[index].kind is None}"]
    return found


def _beside(items: Sequence[Item], seen: Sequence[Seen], index: int, step: int, name: str) -> list[str]:
    """What an item's neighbour looks like."""
    other = index + step
    if not 0 <= other < len(items):
        return [f"{name}=none"]
    near = seen[other]
    found = [
        f"{name}.kind={items[other].kind}",
        f"{name}.kind={items[other].kind} kind={items[index].kind}",
        f"{name}.mark={near.mark}",
        f"{name}.1^{' '.join(near.tokens[:1])}",
        f"{name}.2^{' '.join(near.tokens[:2])}",
        f"{name}.mark={near.mark} kind={items[index].kind}",
    ]
    return found + [f"{name}.c:{known}" for known in {known for at, known in near.classes if at < near.first}]
