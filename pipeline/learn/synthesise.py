"""Made-up notices for training: paragraphs and clauses, each with its role; the same seed gives the same ones.

Sentences of the lexicon mark the spans in them: ``<lead {body}>``. The words stand in ``lexicon/synthetic.toml`` and
``lexicon/synthetic_topics.toml``; none is from a real notice.
"""

from __future__ import annotations

import random
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any

from pipeline.extract.marker import LABELS, Mark
from pipeline.language import load
from pipeline.learn.examples import Example
from pipeline.learn.span_examples import Marked

_MARK = re.compile(r"<(\w+) ([^<>]*)>")
_SIGNS = {label: chr(0xE001 + place) for place, label in enumerate(LABELS)}
_CLOSE = chr(0xE000)
"""Signs of the private use area stand around spans until all slots are filled."""
_ANY_SIGN = re.compile(f"[{_CLOSE}{''.join(_SIGNS.values())}]")
_SLOT = re.compile(r"\{([A-Za-z]+)(2?)\}")
_DEPTH = 6
_QUARTERS = ("I", "II", "III", "IV")
_JOINED = ". ", "; "


def synthesise(count: int, seed: int = 0) -> list[list[Example]]:
    """Return `count` made-up notices, each as its examples in reading order.

    >>> synthesise(2, seed=1) == synthesise(2, seed=1)
    True
    """
    return [maker.made for maker in _makers(count, seed)]


def synthesise_marked(count: int, seed: int = 0) -> list[list[Marked]]:
    """Return the paragraphs of the same notices with the spans in them."""
    return [maker.marked for maker in _makers(count, seed)]


def _makers(count: int, seed: int) -> Iterator[_Maker]:
    for index in range(count):
        maker = _Maker(random.Random(f"{seed}/{index}"), f"made-{index}")  # noqa: S311  # nothing secret
        maker.make()
        yield maker


@dataclass(slots=True)
class _Maker:
    """Makes one notice; all its words speak of one field, so that roles are not told by topics."""

    draw: random.Random
    name: str
    made: list[Example] = field(default_factory=list)
    marked: list[Marked] = field(default_factory=list)
    topic: dict[str, Any] = field(default_factory=dict)
    words: dict[str, Any] = field(default_factory=dict)

    def make(self) -> None:
        """Write the notice from the opening to the close."""
        self.words = load("synthetic")
        self.topic = self.draw.choice(load("synthetic_topics")["topic"])
        self._open()
        if self.draw.random() < 0.75:
            self._assess()
        for _ in range(self.draw.randint(1, 3)):
            self._order()
        self._paragraph([("closing", self._say("closing"))], "plain")

    def _open(self) -> None:
        sentences = [("opening", self._say("opening")) for _ in range(self.draw.randint(1, 2))]
        attended = [("participants", self._say("participants")) for _ in range(self.draw.randint(0, 2))]
        if self.draw.random() < 0.5:
            self._paragraph(sentences + attended, "plain")
        else:
            self._paragraph(sentences, "plain")
            for one in attended:
                self._paragraph([one], self.draw.choice(("plain", "dash")))

    def _assess(self) -> None:
        """Write an assessment: run into paragraphs, under headings, or labelled point by point."""
        if self.draw.random() < 0.4:
            self._remark()
        style = self.draw.choice((self._run_in, self._under_headings, self._in_one_paragraph))
        style()
        if self.draw.random() < 0.5:
            self._paragraph([("cause", self._say("cause"))], self.draw.choice(("plain", "dash", "number")))

    def _run_in(self) -> None:
        """Write a paragraph of praise and one of faults after a turn."""
        self._paragraph([("achievement", self._frame("good")) for _ in range(self.draw.randint(1, 4))], "plain")
        faults = [("weakness", self._frame("bad")) for _ in range(self.draw.randint(1, 5))]
        turn = self.draw.choice(self.words["frames"]["turn"])
        faults[0] = ("weakness", turn + _lower(faults[0][1]))
        if self.draw.random() < 0.3:
            faults.append(("cause", self._say("cause")))
        self._paragraph(faults, "plain")

    def _under_headings(self) -> None:
        """Write a list of points; the heading does not always say which."""
        for role, frame in (("achievement", "good"), ("weakness", "bad")):
            if self.draw.random() < 0.8:
                self._paragraph([("heading", self._say("heading"))], self.draw.choice(("number", "roman", "plain")))
            kind = self._kind()
            for _ in range(self.draw.randint(1, 5)):
                several = 2 if self.draw.random() < 0.25 else 1
                self._paragraph([(role, self._frame(frame)) for _ in range(several)], kind)

    def _in_one_paragraph(self) -> None:
        """Write "(i) … (ii) …", and good and bad mixed without a turn."""
        count = self.draw.randint(2, 5)
        points = [
            (role, self._frame("good" if role == "achievement" else "bad"))
            for role in self.draw.choices(("achievement", "weakness"), (0.35, 0.65), k=count)
        ]
        self._paragraph(points, self.draw.choice(("plain", "number", "dash")))

    def _order(self) -> None:
        """Write one part of the directives: heading, lead-in, items; remarks and faults among them."""
        if self.draw.random() < 0.6:
            self._paragraph([("heading", self._say("heading"))], self.draw.choice(("number", "roman", "number")))
        if self.draw.random() < 0.35:
            self._paragraph([("lead-in", self._say("lead-in"))], "plain")
        kind = self._kind()
        for _ in range(self.draw.randint(1, 6)):
            chance = self.draw.random()
            if chance < 0.06:
                self._remark()
            elif chance < 0.12:
                self._paragraph(
                    [self.draw.choice((("weakness", self._frame("bad")), ("cause", self._say("cause"))))], kind
                )
            else:
                count = self.draw.choices((1, 2, 3), (0.6, 0.3, 0.1))[0]
                self._paragraph([("directive", self._frame("do")) for _ in range(count)], kind)

    def _remark(self) -> None:
        self._paragraph([("none", self._say("none"))], "plain")

    def _kind(self) -> str:
        kind: str = self.draw.choice(self.words["labels"])
        return kind

    def _paragraph(self, sentences: list[tuple[str, str]], kind: str) -> None:
        """Add a paragraph as one example, each of its clauses as another, and the paragraph with its spans."""
        joined = self.draw.choice(_JOINED)
        texts = [text.rstrip(" .;/") if at + 1 < len(sentences) else text for at, (_, text) in enumerate(sentences)]
        roles = [role for role, _ in sentences]
        most = max(roles, key=lambda role: (roles.count(role), role))
        whole = joined.join(texts)
        self.made.append(Example(_plain(whole), most, kind, "paragraph", self.name))
        section = "opening" if most in {"opening", "participants"} else "body"
        self.marked.append(Marked(_plain(whole), section, tuple(_marks(whole)), self.name))
        for at, (text, role) in enumerate(zip(texts, roles, strict=True)):
            ended = text if at + 1 == len(texts) else text + joined.strip()
            self.made.append(Example(_plain(ended), role, "plain" if at else kind, "clause", self.name))

    def _say(self, role: str) -> str:
        return self._fill(self.draw.choice(self.words["roles"][role]))

    def _frame(self, name: str) -> str:
        text = self._fill(self.draw.choice(self.words["frames"][name]))
        end = "" if text.endswith(".") or name != "do" else "."
        first = next((at for at, letter in enumerate(text) if not _ANY_SIGN.match(letter)), 0)
        return text[:first] + text[first : first + 1].upper() + text[first + 1 :] + end

    def _fill(self, text: str, depth: int = 0) -> str:
        if depth > _DEPTH:
            return text
        text = _MARK.sub(lambda mark: f"{_SIGNS[mark[1]]}{mark[2]}{_CLOSE}", text)
        return _SLOT.sub(lambda slot: self._fill(self._slot(slot[1]), depth + 1), text)

    def _slot(self, name: str) -> str:
        """Return a filling for a slot: of the topic, of the phrase bank, or a figure."""
        if name == "Do":
            text = self._slot("do")
            return text[:1].upper() + text[1:]
        for bank, key in ((self.topic, _TOPIC.get(name, name)), (self.words, _WORDS.get(name, name))):
            if isinstance(bank.get(key), list):
                chosen: str = self.draw.choice(bank[key])
                return chosen
        return _FIGURES[name](self.draw)


_TOPIC = {"topic": "name", "body": "bodies", "thing": "things"}
_WORDS = {"place": "places", "office": "offices", "meeting": "meetings"}


def _person(draw: random.Random) -> str:
    words = load("synthetic")
    return " ".join(draw.choice(words[part]) for part in ("surnames", "middles", "given"))


def _date(draw: random.Random) -> str:
    form: str = draw.choice(load("synthetic")["dates"])
    return form.format(day=draw.randint(1, 28), month=draw.randint(1, 12), year=_year(draw))


def _year(draw: random.Random) -> str:
    return str(draw.randint(1995, 2026))


def _sum(draw: random.Random) -> str:
    return f"{draw.randint(2, 950)}{draw.choice(load('synthetic')['units'])}"


_FIGURES: dict[str, Callable[[random.Random], str]] = {
    "n": lambda draw: str(draw.randint(2, 60)),
    "pct": lambda draw: f"{draw.randint(3, 99)},{draw.randint(1, 9)}",
    "month": lambda draw: str(draw.randint(1, 12)),
    "q": lambda draw: draw.choice(_QUARTERS),
    "year": _year,
    "date": _date,
    "sum": _sum,
    "person": _person,
}


def _lower(text: str) -> str:
    return text[:1].lower() + text[1:]


def _plain(text: str) -> str:
    """Return a text without the signs around its spans."""
    return _ANY_SIGN.sub("", text)


def _marks(text: str) -> Iterator[Mark]:
    """Yield the spans that signs stand around, at their offsets in the plain text."""
    labels = {sign: label for label, sign in _SIGNS.items()}
    start, label, at = 0, "", 0
    for letter in text:
        if letter in labels:
            start, label = at, labels[letter]
        elif letter == _CLOSE:
            yield Mark(start, at, label)
        else:
            at += 1


def texts_of(notices: list[list[Example]]) -> Iterator[str]:
    """Yield every paragraph's text, as a person would read the notices."""
    for notice in notices:
        yield from (example.text for example in notice if example.unit == "paragraph")
