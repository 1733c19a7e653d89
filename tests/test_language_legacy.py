"""Legacy fonts: what is TCVN3 or VNI becomes Unicode, and what is Unicode stays as it is."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.language.legacy import Run, coded_fonts, decode_letters, decode_runs, tell_font

LOWER = "àáảãạăằắẳẵặâầấẩẫậđèéẻẽẹêềếểễệìíỉĩịòóỏõọôồốổỗộơờớởỡợùúủũụưừứửữựỳýỷỹỵ"
TCVN3 = dict(
    zip(
        LOWER,
        "µ¸¶·¹¨»¾¼½Æ©ÇÊÈÉË®ÌÐÎÏÑªÒÕÓÔÖ×ÝØÜÞßãáâä«åèæçé¬êíëìîïóñòô\u00adõøö÷ùúýûüþ",
        strict=True,
    )
)
SENTENCES = [
    "Ủy ban nhân dân tỉnh giao Sở Kế hoạch và Đầu tư chủ trì, phối hợp với các sở, ngành liên quan.",
    "Yêu cầu khẩn trương rà soát, báo cáo kết quả trước ngày 15/3/2009; xử lý nghiêm những nơi chậm trễ.",
    "Chủ tịch Ủy ban nhân dân các huyện, thị xã bổ sung kinh phí, sửa chữa kỹ đường ống, mua sẵn vật tư.",
    "Hẳn là mỗi xã đều thấy thuận lợi; quý vị nhớ gửi giấy mời, ghé thăm trường ở ấp Mỹ Thủy, đỗ xe ở cổng.",
]


def to_tcvn3(text: str) -> str:
    return "".join(TCVN3.get(letter, letter) for letter in text)


def to_vni(text: str) -> str:
    return "".join(_vni_letter(letter) for letter in text)


def _vni_letter(letter: str) -> str:
    special = {"đ": "ñ", "ỉ": "æ", "ĩ": "ó", "ị": "ò", "í": "í", "ì": "ì", "ỵ": "î", "ơ": "ô", "ư": "ö"}
    if letter.lower() in special:
        coded = special[letter.lower()]
        return coded.upper() if letter.isupper() else coded
    base, *marks = unicodedata.normalize("NFD", letter)
    tones = {"\u0301": "ù", "\u0300": "ø", "\u0309": "û", "\u0303": "õ", "\u0323": "ï"}
    roofs = {"": "â", "\u0301": "á", "\u0300": "à", "\u0309": "å", "\u0303": "ã", "\u0323": "ä"}
    bowls = {"": "ê", "\u0301": "é", "\u0300": "è", "\u0309": "ú", "\u0303": "ü", "\u0323": "ë"}
    tone = next((mark for mark in marks if mark in tones), "")
    sign = roofs[tone] if "\u0302" in marks else bowls[tone] if "\u0306" in marks else tones.get(tone, "")
    base = {"\u031b": {"o": "ô", "u": "ö", "O": "Ô", "U": "Ö"}}.get("\u031b" if "\u031b" in marks else "", {}).get(
        base, base
    )
    return base + (sign.upper() if letter.isupper() else sign)


@pytest.mark.parametrize(
    ("font", "encoding"),
    [
        (".VnTime", "tcvn3"),
        (".VnArial NarrowH", "tcvn3"),
        ("ABCDEF+.VnTimeH,Bold", "tcvn3"),
        ("VnTime", "tcvn3"),
        ("VNI-Times", "vni"),
        ("VNI Times", "vni"),
        ("BCDEEE+VNI-Helve-Condense", "vni"),
        ("Times New Roman", None),
        ("Envnia", None),
        (None, None),
    ],
)
def test_a_fonts_name_promises_an_encoding(font, encoding):
    assert tell_font(font) == encoding


@pytest.mark.parametrize("text", SENTENCES)
def test_sentences_in_either_encoding_come_back_whole(text):
    assert decode_runs([Run(to_vni(text), "VNI-Times")]) == [text]
    assert decode_runs([Run(to_tcvn3(text.lower()), ".VnTime")]) == [text.lower()]
    assert decode_runs([Run(to_tcvn3(text.lower()), ".VnTimeH")]) == [text.upper()]


@pytest.mark.parametrize("letter", LOWER)
def test_every_letter_is_known(letter):
    coded = frozenset({"tcvn3", "vni"})
    assert decode_runs([Run(to_vni(letter), "VNI-Times")], coded) == [letter]
    assert decode_runs([Run(to_vni(letter.upper()), "VNI-Times")], coded) == [letter.upper()]
    assert decode_runs([Run(to_tcvn3(letter), ".VnTime")], coded) == [letter]


@pytest.mark.parametrize("text", SENTENCES)
@pytest.mark.parametrize("font", [".VnTime", ".VnTimeH", "VNI-Times", "Arial", None])
def test_unicode_is_left_alone_whatever_the_font(text, font):
    words = [Run(word + " ", font) for word in text.split()]
    assert "".join(decode_runs(words)) == text + " "
    assert "".join(decode_runs(words, frozenset({"tcvn3", "vni"}))) == text + " "


@given(st.text("abcdehiklmnoprstuvxy àáâãèéêìíòóôõùúýđơưạệịọụ,.-0123456789"))
def test_text_in_other_fonts_is_never_touched(text):
    assert decode_runs([Run(text, "Times New Roman")], frozenset({"tcvn3", "vni"})) == [text]


def test_a_paragraph_may_mix_all_three():
    runs = [
        Run(to_tcvn3("giao "), ".VnTime"),
        Run(to_tcvn3("sở y tế"), ".VnTimeH"),
        Run(to_vni(" và Sở Tài chính"), "VNI-Times"),
        Run(" báo cáo Thủ tướng", ".VnTime"),
    ]
    assert "".join(decode_runs(runs)) == "giao SỞ Y TẾ và Sở Tài chính báo cáo Thủ tướng"


def test_words_of_both_kinds_in_one_run_are_judged_one_by_one():
    assert decode_runs([Run(to_tcvn3("kết luận của ") + "Thủ tướng", ".VnTime")]) == ["kết luận của Thủ tướng"]


@pytest.mark.parametrize(("coded", "letter"), [("Aø", "À"), ("Ñaø Naüng", "Đà Nẵng"), ("haún", "hẳn"), ("lyï", "lỵ")])
def test_vni_is_read_in_all_its_spellings(coded, letter):
    assert decode_runs([Run(coded, "VNI-Times")], frozenset({"vni"})) == [letter]


@pytest.mark.parametrize(("code", "letter"), [*zip("\xa1\xa2\xa7\xa3\xa4\xa5\xa6", "ĂÂĐÊÔƠƯ", strict=True)])
def test_the_seven_capitals_of_tcvn3_are_known(code, letter):
    assert decode_runs([Run(code, ".VnTime")]) == [letter]


def test_a_mark_of_vni_may_stand_in_the_next_run():
    runs = [Run("hoaø bình cuûa ho", "VNI-Times"), Run("ïc sinh", "VNI-Times")]
    assert decode_runs(runs) == ["hoà bình của họ", "c sinh"]


def test_a_capital_font_counts_also_where_no_letter_has_a_mark():
    assert decode_runs([Run("ubnd", ".VnTimeH")], frozenset({"tcvn3"})) == ["UBND"]
    assert decode_runs([Run("Ban", ".VnTimeH")]) == ["Ban"]


def test_the_document_decides_on_paragraphs_that_could_be_either():
    coded = coded_fonts([Run(to_tcvn3("đề nghị các sở"), ".VnTime"), Run("một", ".VnTime")])
    assert decode_runs([Run(to_tcvn3("ngày"), ".VnTime")], coded) == ["ngày"]
    assert decode_runs([Run("hôm", ".VnTime")], coded) == ["hụm"]
    assert decode_runs([Run("hôm", ".VnTime")]) == ["hôm"]


def test_letters_keep_their_number_so_that_boxes_stay():
    run = Run(to_vni("Sở Xây dựng"), "VNI-Times")
    letters = decode_letters(run, frozenset())
    assert len(letters) == len(run.text)
    assert "".join(letters) == "Sở Xây dựng"
