"""Word segmentation: every offset is exact, whatever the text."""

from __future__ import annotations

import itertools

import pytest
import underthesea
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline.language import words as segment
from pipeline.language.words import CHUNK_LENGTH, _segment

TERMS = ["Sở", "Kế hoạch", "và", "Đầu tư", "chủ trì", "phối hợp với", "UBND", "hòa giải", "12/TB-UBND", "15.000", "đ/c"]
SENTENCES = st.lists(st.sampled_from([*TERMS, ",", ".", ";", ":", "(", ")", "\n", "  ", "\t"]), max_size=30)
TEXTS = st.one_of(SENTENCES.map(" ".join), SENTENCES.map("".join), st.text(max_size=60))


@pytest.fixture
def handed(monkeypatch):
    """Record what the segmenter is handed, and segment nothing; the memory of pieces seen is left empty."""
    pieces = []
    monkeypatch.setattr(underthesea, "word_tokenize", lambda piece, **_: pieces.append(piece) or [piece])
    _segment.cache_clear()
    yield pieces
    _segment.cache_clear()


@given(TEXTS)
@settings(deadline=None)
def test_words_cover_the_text(text):
    found = segment(text)
    assert all(0 <= start < end <= len(text) for start, end in found)
    assert all(before[1] <= after[0] for before, after in itertools.pairwise(found))
    edges = [0, *(edge for pair in found for edge in pair), len(text)]
    assert not "".join(text[a:b] for a, b in zip(edges[::2], edges[1::2], strict=True)).strip()
    assert all(not text[start].isspace() and not text[end - 1].isspace() for start, end in found)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("", []),
        (" \n ", []),
        ("Sở Y tế", ["Sở", "Y tế"]),
        ("chủ trì.\nphối hợp", ["chủ trì", ".", "phối hợp"]),
        ("hòa giải viên", ["hòa giải viên"]),
        ("... ---", [".", ".", ".", "-", "-", "-"]),
    ],
)
def test_words(text, expected):
    assert [text[start:end] for start, end in segment(text)] == expected


def test_a_word_never_reaches_over_a_line_end():
    text = "Kế\nhoạch và Đầu\ntư"
    assert all("\n" not in text[start:end] for start, end in segment(text))


def test_both_tone_placements_are_segmented_alike():
    assert segment("Ủy ban hòa giải thủy lợi") == segment("Uỷ ban hoà giải thuỷ lợi")


def test_a_long_line_without_blanks_is_handed_over_in_pieces(handed):
    text = "".join(f"{number}a." for number in range(10_000))
    segment(text)
    assert max(map(len, handed)) <= CHUNK_LENGTH
    assert len(handed) <= len(text) / CHUNK_LENGTH + 1


def test_one_mark_repeated_is_handed_over_once(handed):
    segment("a." * 50_000)
    assert len(handed) <= 2


def test_a_long_line_is_cut_at_blanks(handed):
    segment("phối hợp " * 1_000)
    assert all(len(piece) <= CHUNK_LENGTH for piece in handed)
    assert {word for piece in handed for word in piece.split()} == {"phối", "hợp"}


def test_words_that_are_not_in_the_text_are_not_believed(monkeypatch):
    _segment.cache_clear()
    monkeypatch.setattr(underthesea, "word_tokenize", lambda *_, **__: ["khác", "hẳn"])
    text = "Sở R&D rà soát"
    assert [text[start:end] for start, end in segment(text)] == ["Sở", "R&D", "rà", "soát"]
    _segment.cache_clear()


def test_words_left_over_by_the_segmenter_are_not_lost(monkeypatch):
    _segment.cache_clear()
    monkeypatch.setattr(underthesea, "word_tokenize", lambda *_, **__: ["Sở"])
    text = "Sở rà soát"
    assert [text[start:end] for start, end in segment(text)] == ["Sở", "rà", "soát"]
    _segment.cache_clear()
