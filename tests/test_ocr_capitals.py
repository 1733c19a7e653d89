"""Case and signs: numerals in brackets, strokes and dashes; clean text stays as it is."""

from __future__ import annotations

from pathlib import Path

import pytest

from pipeline.document import Line, Word
from pipeline.ocr.capitals import mend_case
from pipeline.ocr.signs import mend_signs

DATA = Path(__file__).parents[1] / "data"
NOTICES = sorted([*DATA.glob("gold/*/notice.txt"), *DATA.glob("samples/cases/*/notice.txt")])


def mend_shapes(line: Line) -> Line:
    return mend_case(mend_signs(line))


def line(text: str, confidence: float = 0.8) -> Line:
    return Line(tuple(Word(word, None, confidence) for word in text.split()))


@pytest.mark.parametrize(
    ("read", "meant"),
    [
        ("của BỘ trưởng", "của Bộ trưởng"),
        ("SỞ Xây dựng", "Sở Xây dựng"),
        ("các SỞ: Tài chính", "các Sở: Tài chính"),
        ("BỘ GTVT vinh dự", "Bộ GTVT vinh dự"),
        ("UBND tỉnh, SỞ", "UBND tỉnh, Sở"),
        ("đúng tiến đỘ", "đúng tiến độ"),
        ("cụm công nghiỆp.", "cụm công nghiệp."),
        ("nghiỆp;", "nghiệp;"),
        ("các tỈnh/thành phố", "các tỉnh/thành phố"),
        ("đã giaO; phối hợp", "đã giao; phối hợp"),
        ("thời gian ĐỂ đẩy", "thời gian Để đẩy"),
        ("Ủy BAN NHÂN DÂN", "ỦY BAN NHÂN DÂN"),
        ("tôm Ở một số nơi", "tôm ở một số nơi"),
        ("nhà Ở.", "nhà ở."),
        ("(ï) Nghiên cứu", "(i) Nghiên cứu"),
        ("(¡¡) Chủ trì", "(ii) Chủ trì"),
        ("(ìi) Chủ trì", "(ii) Chủ trì"),
        ("(¡v) Chủ trì", "(iv) Chủ trì"),
        ("quý 1/⁄2010,", "quý 1/2010,"),
        ("quý 1⁄2010", "quý 1/2010"),
        ("Lao động –- Thương binh", "Lao động – Thương binh"),
        ("~ Như trên;", "- Như trên;"),
        ("_ Theo dõi", "- Theo dõi"),
    ],
)
def test_what_was_misread_is_set_right(read, meant):
    new = mend_shapes(line(read))
    assert new.text == meant
    for old, word in zip(read.split(), new.words, strict=True):
        assert word.read_as == (None if old == word.text else old)


@pytest.mark.parametrize(
    "text",
    [
        "TL. BỘ TRƯỞNG",
        "SỞ Y TẾ",
        "BỘ",
        "HộI NGHỊ",
        "Nghị quyết của TƯ về",
        "đường dây 110 kV",
        "Vụ GDTrH",
        "Ở nhiều nơi",
        "còn 3,2%. Ở nhiều nơi",
        "nước sông Ô Lâu",
        "ông HÀ Văn",
        "Chương III của",
        "(ví dụ)",
        "(1) Giao",
        "(ý) kiến",
        "tắt --",
        "Sở NỘI",
        "Số: 12/TB-UBND",
        "bón vôi CaO",
        "~ 5 %",
        "^",
    ],
)
def test_what_may_be_meant_stays(text):
    given = line(text)
    assert mend_shapes(given) == given


def test_specks_between_words_are_left_out():
    assert mend_signs(line("Tỉnh ủy \\ và ` Kế hoạch ^")).text == "Tỉnh ủy và Kế hoạch"


@pytest.mark.parametrize("confidence", [0.97, 0.8])
@pytest.mark.parametrize("path", NOTICES, ids=lambda path: path.parent.name)
def test_clean_text_is_never_changed(path, confidence):
    for text in path.read_text(encoding="utf-8").splitlines():
        words = line(text, confidence).words
        for length in (5, 11, 1000):  # however the lines are broken
            for start in range(0, len(words), length):
                given = Line(words[start : start + length])
                assert mend_shapes(given) == given
