"""Our word segmentation as a spaCy tokenizer, for pipelines that are trained and stored by spaCy.

``chidao.vietnamese`` cuts into words; ``chidao.syllables`` into syllables and marks, at a small part of the time.
"""

from __future__ import annotations

from collections.abc import Callable

import spacy
import spacy.util
from spacy.language import Language
from spacy.tokens import Doc
from spacy.vocab import Vocab

from pipeline.language.words import syllables, words

Cut = Callable[[str], list[tuple[int, int]]]


class VietnameseTokenizer:
    """A spaCy tokenizer over `words` or another way to cut; ``doc.text`` equals the text that was given."""

    def __init__(self, vocab: Vocab, cut: Cut = words) -> None:
        """Make documents over `vocab`."""
        self.vocab = vocab
        self.cut = cut

    def __call__(self, text: str) -> Doc:
        """Tokenise `text`; white space beyond one blank becomes tokens of its own, as in spaCy."""
        tokens: list[str] = []
        blanks: list[bool] = []
        position = 0
        for start, end in self.cut(text):
            _add_gap(text[position:start], tokens, blanks)
            tokens.append(text[start:end])
            blanks.append(False)
            position = end
        _add_gap(text[position:], tokens, blanks)
        return Doc(self.vocab, words=tokens, spaces=blanks)

    def to_bytes(self, **_: object) -> bytes:
        """Return nothing: the tokenizer has no state of its own."""
        return b""

    def from_bytes(self, _data: bytes, **_: object) -> VietnameseTokenizer:
        """Return itself."""
        return self

    def to_disk(self, _path: str, **_: object) -> None:
        """Write nothing."""

    def from_disk(self, _path: str, **_: object) -> VietnameseTokenizer:
        """Return itself."""
        return self


def _add_gap(gap: str, tokens: list[str], blanks: list[bool]) -> None:
    if gap.startswith(" ") and tokens and not blanks[-1]:
        blanks[-1] = True
        gap = gap[1:]
    if gap:
        tokens.append(gap)
        blanks.append(False)


@spacy.util.registry.tokenizers("chidao.vietnamese")  # type: ignore[untyped-decorator]
def create_tokenizer() -> object:
    """Return the factory that spaCy calls with the pipeline: ``[nlp.tokenizer] @tokenizers = chidao.vietnamese``."""

    def create(nlp: Language) -> VietnameseTokenizer:
        return VietnameseTokenizer(nlp.vocab)

    return create


@spacy.util.registry.tokenizers("chidao.syllables")  # type: ignore[untyped-decorator]
def create_syllable_tokenizer() -> object:
    """Return the factory of the cheap tokenizer: ``[nlp.tokenizer] @tokenizers = chidao.syllables``."""

    def create(nlp: Language) -> VietnameseTokenizer:
        return VietnameseTokenizer(nlp.vocab, syllables)

    return create


def blank_pipeline(tokenizer: str = "chidao.vietnamese") -> Language:
    """Return an empty spaCy pipeline with one of our tokenizers."""
    return spacy.blank("xx", config={"nlp": {"tokenizer": {"@tokenizers": tokenizer}}})
