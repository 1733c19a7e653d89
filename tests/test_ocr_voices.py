"""The second voice: asked for doubtful words only, and believed only where letters or neighbours speak for it."""

from __future__ import annotations

import importlib.util
from pathlib import Path

import numpy as np
import pytest
from hostile_files import picture
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from pipeline.config import OcrSettings
from pipeline.document import Heard, Line, Word
from pipeline.errors import ConfigError
from pipeline.language import fold
from pipeline.ocr import choose_voice
from pipeline.ocr.context import is_known, spell
from pipeline.ocr.correct import correct
from pipeline.ocr.voices import SURE, hear, hear_trueocr

SHEET = Image.new("L", (400, 60), 255)
needs_trueocr = pytest.mark.skipif(
    importlib.util.find_spec("trueocr") is None, reason="the extra ocr2 is not installed"
)


def placed(*words: tuple[str, float]) -> Line:
    return Line(tuple(Word(text, (40.0 * i, 10.0, 40.0 * i + 35, 40.0), sure) for i, (text, sure) in enumerate(words)))


def said(*words: tuple[str, float, Heard | None]) -> str:
    line = Line(tuple(Word(text, None, sure, heard=heard) for text, sure, heard in words))
    ((new,),) = correct([(line,)])
    return new.text


def test_only_doubtful_words_are_asked_for():
    asked = []

    def voice(pieces):
        asked.extend(piece.shape for piece in pieces)
        return [Heard("tổ", 0.9) for _ in pieces]

    line = placed(("cơ", 0.5), ("quan", 0.9), ("tô", 0.9), ("chức", 0.97), ("12/6", 0.2))
    (heard,) = hear((line,), SHEET, voice)
    assert [word.heard is not None for word in heard.words] == [True, False, True, False, False]
    assert asked == [(34, 37), (34, 39)]
    assert [word.text for word in heard.words] == [word.text for word in line.words]


def test_words_without_a_place_are_not_asked_for():
    line = Line((Word("tô", None, 0.1), Word("x", (0.0, 0.0, 1.0, 1.0), 0.1)))
    assert hear((line,), SHEET, lambda pieces: [Heard("?", 1.0) for _ in pieces]) == (line,)


@pytest.mark.parametrize(
    ("words", "text"),
    [
        # the neighbours know what was heard, and not what was read
        ([("bồi", 0.97, None), ("đưỡng", 0.92, Heard("dưỡng", 0.99))], "bồi dưỡng"),
        (
            [("Cơ", 0.97, None), ("quan", 0.97, None), ("tô", 0.969, Heard("tổ", 0.85)), ("chức", 0.97, None)],
            "Cơ quan tổ chức",
        ),
        # marks around the letters, and their case, stay as the engine read them
        ([("thực", 0.97, None), ("(TIẾN).", 0.8, Heard("tiễn", 0.95))], "thực (TIỄN)."),
        # nobody knows either: the surer one
        ([("2023", 0.97, None), ("cầu", 0.8, Heard("cấu", 0.99)), ("2024", 0.97, None)], "2023 cấu 2024"),
        # letters that the engine could not make out
        ([("(@¡ếu", 0.14, Heard("(nếu", 0.99)), ("có)", 0.9, None)], "(nếu có)"),
    ],
)
def test_a_better_reading_is_taken(words, text):
    assert said(*words) == text


@pytest.mark.parametrize(
    "words",
    [
        [("bồi", 0.63, Heard("bổi", 0.99)), ("dưỡng", 0.97, None)],  # the neighbours know what was read
        [("2023", 0.97, None), ("cầu", 0.95, Heard("cấu", 0.99)), ("2024", 0.97, None)],  # the engine is sure
        [("2023", 0.97, None), ("cầu", 0.8, Heard("cấu", 0.9)), ("2024", 0.97, None)],  # the voice is not
        [("nguồn", 0.55, Heard("nguôn", 1.0))],  # no word of Vietnamese
        [("quyết", 0.9, Heard("nghị", 0.99)), ("định", 0.9, None)],  # other letters than those read
        [("TP.", 0.3, Heard("T P", 0.99))],  # no word at all
        [("đưỡng", 0.92, Heard("đưỡng", 0.99))],
    ],
)
def test_another_reading_stays(words):
    assert said(*words) == " ".join(text for text, _, _ in words)


TEXTS = st.one_of(
    st.sampled_from(["tổ", "tô", "chức", "bồi", "đưỡng", "dưỡng", "(nếu", "UBND", "12/TB", "c)"]),
    st.text("aăâbcđeêghiơoôuưtrnmáàảãạếềểễệ,.()1 ", min_size=1, max_size=7),
)


@given(st.lists(st.tuples(TEXTS, st.floats(0, 1), TEXTS, st.floats(0, 1)), min_size=1, max_size=20))
def test_nothing_is_written_that_neither_voice_read_nor_the_lexicon_holds(rows):
    line = Line(tuple(Word(text, None, sure, heard=Heard(heard, said)) for text, sure, heard, said in rows))
    ((new,),) = correct([(line,)])
    for old, word in zip(line.words, new.words, strict=True):
        if word.text == old.text:
            continue
        assert word.read_as == old.text
        heard_it = old.heard is not None and word.text == old.heard.text
        heard_letters = old.heard is not None and fold(word.text) == fold(old.text)
        assert heard_it or (heard_letters and is_known(spell("".join(filter(str.isalpha, word.text)))))


def test_a_voice_is_chosen_by_name():
    assert choose_voice(OcrSettings(second_voice="none")) is None
    with pytest.raises(ConfigError, match="nobody is not installed"):
        choose_voice(OcrSettings(second_voice="nobody"))


def test_without_the_extra_nobody_is_asked(monkeypatch):
    monkeypatch.setattr(importlib.util, "find_spec", lambda _name: None)
    assert choose_voice(OcrSettings()) is None


@needs_trueocr
def test_trueocr_reads_single_words():
    assert choose_voice(OcrSettings()) is hear_trueocr
    page = picture((20, 20, "quan"))
    ink = np.argwhere(np.asarray(page.convert("L")) < 128)
    (top, left), (bottom, right) = ink.min(axis=0), ink.max(axis=0)
    line = Line((Word("quạn", (float(left), float(top), float(right), float(bottom)), SURE - 0.1),))
    (heard,) = hear((line,), page, hear_trueocr)
    assert heard.words[0].heard is not None
    assert heard.words[0].heard.text == "quan"


@needs_trueocr
def test_the_voice_holds_no_client_that_reports_use():
    spec = importlib.util.find_spec("onnxruntime")
    libraries = list(Path(spec.origin).with_name("capi").glob("*.so*"))
    assert libraries
    assert not any(b"Microsoft12Applications6Events" in library.read_bytes() for library in libraries)
