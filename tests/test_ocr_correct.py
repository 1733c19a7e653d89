"""Correction of marks: only what is proved in its place, never a word that neither engine nor lexicon holds."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.document import Line, Word
from pipeline.language import fold
from pipeline.ocr.calibrate import calibrate
from pipeline.ocr.correct import correct
from pipeline.ocr.judge import POOR, quality, worth
from pipeline.ocr.syllables import is_syllable, variants

SAMPLES = sorted((Path(__file__).parents[1] / "data" / "samples" / "cases").glob("*/notice.txt"))


def line(text: str, confidence: float = 0.8) -> Line:
    return Line(tuple(Word(word, None, confidence) for word in text.split()))


def corrected(text: str, confidence: float = 0.8) -> str:
    ((new,),) = correct([(line(text, confidence),)])
    return new.text


@pytest.mark.parametrize(
    "word", ["nghiệm", "quyết", "giếng", "gì", "hoà", "hòa", "Thuỷ", "thủy", "khuya", "ỦY", "đường"]
)
def test_syllables_are_known(word):
    assert is_syllable(word)


@pytest.mark.parametrize("word", ["nghỉep", "kà", "cê", "bàt", "ngê", "abc", "", "tổt"])
def test_other_words_are_none(word):
    assert not is_syllable(word)


def test_nearly_all_words_of_notices_are_syllables_or_capitals():
    words = re.findall(r"[^\W\d_]{2,}", "".join(path.read_text(encoding="utf-8") for path in SAMPLES))
    odd = [word for word in words if not is_syllable(word) and not word.isupper()]
    assert len(odd) < 0.02 * len(words)


def test_variants_have_the_same_letters():
    assert "tổ" in variants("tố")
    assert {fold(word) for word in variants("tố")} == {"to"}


@pytest.mark.parametrize(
    ("read", "meant"),
    [
        ("công tác kiếm tra, giám sát", "công tác kiểm tra, giám sát"),
        ("cơ quan tố chức thực hiện", "cơ quan tổ chức thực hiện"),
        ("THÔNG BẢO KẾT LUẬN", "THÔNG BÁO KẾT LUẬN"),
    ],
)
def test_a_word_unknown_in_its_place_is_set_right(read, meant):
    assert corrected(read) == meant


def test_the_engines_own_reading_is_kept():
    ((new,),) = correct([(line("công tác kiếm tra"),)])
    assert [(word.text, word.read_as) for word in new.words if word.read_as] == [("kiểm", "kiếm")]


@pytest.mark.parametrize("text", ["tìm kiếm việc làm", "số 12/TB-UBND", "Đắk Lắk"])
def test_what_is_known_or_has_no_support_stays(text):
    assert corrected(text) == text


def test_words_that_the_engine_is_sure_of_stay():
    assert corrected("công tác kiếm tra", 0.96) == "công tác kiếm tra"


@pytest.mark.parametrize("path", SAMPLES, ids=lambda path: path.parent.name)
def test_clean_text_stays(path):
    words = path.read_text(encoding="utf-8").split()
    changed = [(old, new) for old, new in zip(words, corrected(" ".join(words)).split(), strict=True) if old != new]
    assert len(changed) <= 2, changed


WORDS = st.one_of(
    st.sampled_from(
        ["thông", "báo", "kết", "kiếm", "tra", "tố", "chức", "bố", "sung,", "(đẩy)", "nhanh", "UBND", "12/TB"]
    ),
    st.text("aăâbcđeêghiơoôuưtrnmáàảãạếềểễệ,.()1", min_size=1, max_size=7),
)


@given(st.lists(WORDS, min_size=1, max_size=30), st.floats(0, 1))
def test_nothing_is_written_that_neither_engine_nor_lexicon_holds(words, confidence):
    ((new,),) = correct([(line(" ".join(words), confidence),)])
    for old, word in zip(words, new.words, strict=True):
        if word.text != old:
            letters = "".join(filter(str.isalpha, word.text))
            assert word.read_as == old
            assert is_syllable(letters)
            assert fold(word.text) == fold(old)


def test_pages_of_a_document_speak_for_one_another():
    said = line("ở bản tủa xa lắm", 0.93)
    new = correct([(said,) * 9, (line("ở bản tùa xa lắm", 0.6),)])
    assert new[1][0].text == "ở bản tủa xa lắm"


def test_quality_tells_text_from_garbage():
    clean, garbage = line("Giao Sở Y tế chủ trì, phối hợp", 0.96), line("Gỉao Sỏt Ytê chử tṙi fhôì hgp", 0.5)
    assert quality((clean,)) > POOR > quality((garbage,))
    assert worth((clean,)) > worth((garbage,))
    assert quality(()) == 1.0


def test_confidence_rises_with_what_the_engine_says():
    written = [calibrate(Word("x", None, step / 20)).confidence for step in range(21)]
    assert written == sorted(written)
    assert all(0 <= confidence <= 1 for confidence in written)
    assert calibrate(Word("x")).confidence is None
