"""Characters: one written form at the border, views of the same length behind it."""

from __future__ import annotations

import re
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.language import LOWER, UPPER, clean, fold, lower, place_tones

LETTERS = "aàáảãạăằắẳẵặâầấẩẫậbcdđeèéẻẽẹêềếểễệghiìíỉĩịklmnoòóỏõọôồốổỗộơờớởỡợpqrstuùúủũụưừứửữựvxyỳýỷỹỵ"
VIETNAMESE = st.text(st.sampled_from(LETTERS + LETTERS.upper() + " ,.-/0123456789"), max_size=80)
ANY = st.one_of(st.text(max_size=80), VIETNAMESE)


@pytest.mark.parametrize(
    ("raw", "cleaned"),
    [
        ("Hội nghị", "Hội nghị"),
        (unicodedata.normalize("NFD", "Đường Nguyễn Huệ"), "Đường Nguyễn Huệ"),
        ("Ðà Nẵng", "Đà Nẵng"),
        ("ð/c", "đ/c"),
        ("Số:\u00a012", "Số: 12"),
        ("hội\u00ad đồng", "hội đồng"),
        ("\ufeffTHÔNG BÁO", "THÔNG BÁO"),
        ("a\u200bb", "ab"),
        ("a\x0bb\tc\nd", "a\x0bb\tc\nd"),
        ("a\x07b", "a b"),
        ("", ""),
    ],
)
def test_clean(raw, cleaned):
    assert clean(raw) == cleaned


@given(ANY)
def test_clean_is_idempotent_and_composed(text):
    once = clean(text)
    assert clean(once) == once
    assert unicodedata.is_normalized("NFC", once)


@given(VIETNAMESE)
def test_clean_mends_any_way_of_composing(text):
    assert clean(unicodedata.normalize("NFD", text)) == clean(text) == text


@pytest.mark.parametrize("view", [fold, lower, place_tones])
@given(text=ANY)
def test_views_keep_every_offset(view, text):
    seen = view(text)
    assert len(seen) == len(text)
    assert view(seen) == seen
    assert [c.isspace() for c in seen] == [c.isspace() for c in text]


@given(VIETNAMESE)
def test_folded_text_has_no_marks(text):
    assert fold(text).isascii()


@pytest.mark.parametrize(
    ("text", "folded"),
    [
        ("ĐỘC LẬP - TỰ DO", "doc lap - tu do"),
        ("Nơi nhận:", "noi nhan:"),
        ("Cư M'gar", "cu m'gar"),
        ("ß İ ﬁ", "ß İ ﬁ"),
        ("12/TB-UBND", "12/tb-ubnd"),
    ],
)
def test_fold(text, folded):
    assert fold(text) == folded


@pytest.mark.parametrize(
    ("text", "placed"),
    [
        ("hòa", "hoà"),
        ("HÒA", "HOÀ"),
        ("Hòa Bình", "Hoà Bình"),
        ("ủy", "uỷ"),
        ("Ủy", "Uỷ"),
        ("khỏe", "khoẻ"),
        ("thủy lợi, hòa giải", "thuỷ lợi, hoà giải"),
        ("hoàn", "hoàn"),
        ("toán", "toán"),
        ("hoà", "hoà"),
        ("của", "của"),
        ("mùa", "mùa"),
        ("ngoài", "ngoài"),
        ("khuỷu", "khuỷu"),
        ("THÚY", "THUÝ"),
        ("òan", "òan"),
    ],
)
def test_tones_are_placed_anew(text, placed):
    assert place_tones(text) == placed


@pytest.mark.parametrize(
    ("text", "lowered"),
    [("ỦY BAN NHÂN DÂN", "uỷ ban nhân dân"), ("Hòa Vang", "hoà vang"), ("HOÀ VANG", "hoà vang"), ("İ", "İ")],
)
def test_lower(text, lowered):
    assert lower(text) == lowered


@given(VIETNAMESE)
def test_lower_is_blind_to_case_and_tone_placement(text):
    assert lower(text) == lower(text.upper()) == lower(place_tones(text))


def test_letter_classes_hold_the_alphabet_and_do_not_mix():
    assert re.fullmatch(f"[{LOWER}]+", LETTERS)
    assert re.fullmatch(f"[{UPPER}]+", LETTERS.upper())
    assert not re.search(f"[{LOWER}]", LETTERS.upper())
    assert not re.search(f"[{UPPER}0-9_ ]", LETTERS)
