"""A document's text in the views that the rules read: as printed, in lower case, and as words."""

from __future__ import annotations

import bisect
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from pipeline.document import Document
from pipeline.extract.tagger import Voice
from pipeline.language import compounds, fold, lower, verbs, words

_BLANK = re.compile(r" ")
AND = "và"


@dataclass(slots=True)
class View:
    """The text and its same-length views; an offset is true in all of them.

    `findings` keeps what the grammar of actors found in a span: roles, headings and directives all ask for it. `voice`
    is what the trained model says of the notice; None where it is not asked.
    """

    document: Document
    text: str = field(init=False)
    plain: str = field(init=False)
    folded: str = field(init=False)
    findings: dict[tuple[int, int], Any] = field(init=False, default_factory=dict)
    voice: Voice | None = None
    _words: dict[int, list[tuple[int, int]]] = field(init=False, default_factory=dict)

    def __post_init__(self) -> None:
        """Fold once."""
        self.text = self.document.text
        self.plain = lower(self.text)
        self.folded = fold(self.text)

    def words(self, start: int, end: int) -> list[tuple[int, int]]:
        """Return the words that begin in ``text[start:end]``; a leading "và" is a word of its own."""
        found = self._line_words(start)
        first = bisect.bisect_left(found, (start, start))
        return [word for word in found[first:] if word[0] < end]

    def _line_words(self, offset: int) -> list[tuple[int, int]]:
        """Segment the paragraph around `offset`, once."""
        begin = self.text.rfind("\n", 0, offset) + 1
        if begin not in self._words:
            stop = self.text.find("\n", begin)
            line = self.text[begin : stop if stop >= 0 else len(self.text)]
            pairs = [(begin + a, begin + b) for a, b in words(line)]
            self._words[begin] = [piece for pair in pairs for piece in self._apart(*pair)]
        return self._words[begin]

    def _apart(self, start: int, end: int) -> Iterator[tuple[int, int]]:
        """Cut a word where no dictionary joins its syllables: a name's last and the verb behind it ("Nông xóa")."""
        at = start
        for blank in _BLANK.finditer(self.text, start, end):
            pair = self._syllables_around(blank.start(), start, end)
            before = blank.start() - len(pair[0])
            named = self.text[before].isupper() and self.text[blank.end()].isupper()
            if pair[0] == AND or (pair not in compounds() and not named):
                yield at, blank.start()
                at = blank.end()
        yield at, end

    def _syllables_around(self, blank: int, start: int, end: int) -> tuple[str, str]:
        before = self.plain.rfind(" ", start, blank) + 1 or start
        behind = self.plain.find(" ", blank + 1, end)
        return self.plain[before:blank], self.plain[blank + 1 : behind if behind > 0 else end]

    def is_verb(self, start: int, at: int) -> bool:
        """Tell whether the word at `at` is a verb in the phrase that begins at `start`."""
        stop = self.text.find("\n", at)
        stop = len(self.text) if stop < 0 else stop
        phrase = self.text[start : min(stop, at + 40)]
        return at - start in verbs(phrase.rsplit(" ", 1)[0] if at + 40 < stop else phrase)

    def match(self, pattern: re.Pattern[str], at: int, end: int | None = None) -> re.Match[str] | None:
        """Match `pattern` in the lower-case view at `at`."""
        return pattern.match(self.plain, at, len(self.plain) if end is None else end)

    def skip(self, pattern: re.Pattern[str], at: int, end: int) -> int:
        """Return the offset behind `pattern` at `at`, or `at` where it does not match."""
        found = pattern.match(self.plain, at, end)
        return found.end() if found else at

    def starts_upper(self, at: int) -> bool:
        """Tell whether a capital letter or a digit stands at `at`."""
        character = self.text[at : at + 1]
        return character.isupper() or character.isdigit()

    def strip(self, start: int, end: int) -> tuple[int, int]:
        """Return the span without white space at its ends."""
        while start < end and self.text[start].isspace():
            start += 1
        while end > start and self.text[end - 1].isspace():
            end -= 1
        return start, end
