"""The spaCy tokenizer: nothing of the text is lost, and a stored pipeline reads as before."""

from __future__ import annotations

import pytest
import spacy
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline.language.tokenizer import VietnameseTokenizer, blank_pipeline

NLP = blank_pipeline()
PIECES = ["Sở", "Y tế", "chủ trì", ",", ".", " ", "  ", "\n", "\n\n", "\t", "12/TB-UBND"]
TEXTS = st.one_of(st.lists(st.sampled_from(PIECES), max_size=20).map("".join), st.text(max_size=40))


@given(TEXTS)
@settings(deadline=None)
def test_the_text_is_kept(text):
    assert NLP.make_doc(text).text == text


@pytest.mark.parametrize(
    ("text", "tokens"),
    [
        ("", []),
        ("Sở Y tế báo cáo.", ["Sở", "Y tế", "báo cáo", "."]),
        ("Sở  Y tế", ["Sở", " ", "Y tế"]),
        (" Sở", [" ", "Sở"]),
        ("Sở\nban", ["Sở", "\n", "ban"]),
    ],
)
def test_tokens(text, tokens):
    assert [token.text for token in NLP.make_doc(text)] == tokens


def test_tokens_start_where_words_do():
    doc = NLP.make_doc("Giao Sở Y tế chủ trì")
    assert [(token.idx, token.text) for token in doc] == [(0, "Giao"), (5, "Sở"), (8, "Y tế"), (13, "chủ trì")]


def test_a_stored_pipeline_tokenises_as_before(tmp_path):
    text = "Giao Sở Kế hoạch và Đầu tư chủ trì."
    NLP.to_disk(tmp_path)
    kept = [spacy.load(tmp_path), blank_pipeline().from_bytes(NLP.to_bytes())]
    for nlp in kept:
        assert isinstance(nlp.tokenizer, VietnameseTokenizer)
        assert [token.text for token in nlp.make_doc(text)] == [token.text for token in NLP.make_doc(text)]
