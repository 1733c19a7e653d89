"""Vietnamese word segmentation with exact offsets, by underthesea, also behind a spaCy tokenizer.

underthesea returns words without offsets and wants text of one line and moderate length; here every word is found
again in the text that was given, which is never changed.
"""

from __future__ import annotations

import functools
import re
from collections.abc import Iterator

import spacy
import spacy.util
import underthesea
from spacy.language import Language
from spacy.tokens import Doc
from spacy.vocab import Vocab

from pipeline.language.text import place_tones

CHUNK_LENGTH = 1_000
"""Characters handed to the segmenter at once: its time grows with the square of the length."""

_LETTER = re.compile(r"\w")
_TOKEN = re.compile(r"\w+(?:[&'’]\w+)*|[^\w\s]")


def words(text: str) -> list[tuple[int, int]]:
    """Return the half-open offsets of the words and marks of `text`, in order; white space stands between them.

    >>> text = "Sở Kế hoạch và Đầu tư chủ trì."
    >>> [text[start:end] for start, end in words(text)]
    ['Sở', 'Kế hoạch', 'và', 'Đầu tư', 'chủ trì', '.']
    """
    return [(start + a, start + b) for start, chunk in _chunks(text) for a, b in _segment(chunk)]


def _chunks(text: str) -> Iterator[tuple[int, str]]:
    """Cut `text` at line ends, and at blanks where a line is long; yield each piece with its offset."""
    for line in re.finditer(r"[^\n]+", text):
        start, end = line.span()
        while end - start > CHUNK_LENGTH:
            cut = text.rfind(" ", start + 1, start + CHUNK_LENGTH)
            cut = cut if cut > start else start + CHUNK_LENGTH
            yield start, text[start:cut]
            start = cut
        yield start, text[start:end]


@functools.lru_cache(maxsize=4096)
def _segment(chunk: str) -> tuple[tuple[int, int], ...]:
    """Segment one piece of a line; fall back to syllables where the words are not found again."""
    if not _LETTER.search(chunk):
        return _syllables(chunk)
    shadow = place_tones(chunk)
    found = []
    position = 0
    for word in underthesea.word_tokenize(shadow, use_token_normalize=False):
        start = shadow.find(word, position)
        if start < 0 or shadow[position:start].strip():
            return _syllables(chunk)
        position = start + len(word)
        found.append((start, position))
    return _syllables(chunk) if shadow[position:].strip() else tuple(found)


def _syllables(chunk: str) -> tuple[tuple[int, int], ...]:
    return tuple(match.span() for match in _TOKEN.finditer(chunk))


class VietnameseTokenizer:
    """A spaCy tokenizer over `words`; ``doc.text`` equals the text that was given."""

    def __init__(self, vocab: Vocab) -> None:
        """Make documents over `vocab`."""
        self.vocab = vocab

    def __call__(self, text: str) -> Doc:
        """Tokenise `text`; white space beyond one blank becomes tokens of its own, as in spaCy."""
        tokens: list[str] = []
        blanks: list[bool] = []
        position = 0
        for start, end in words(text):
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


def blank_pipeline() -> Language:
    """Return an empty spaCy pipeline with our tokenizer."""
    return spacy.blank("xx", config={"nlp": {"tokenizer": {"@tokenizers": "chidao.vietnamese"}}})
