"""The stamp of the receiving office: never text of the letter, wherever it was put."""

from __future__ import annotations

from dataclasses import replace

import pytest
from printed_pages import LEFT, centred, full, page, printed

from pipeline.document import Line, Page, Word
from pipeline.layout import build_document

HEAD = (
    centred(170, 60, "UBND TỈNH AN LÃNG"),
    centred(170, 76, "SỞ THỦY SẢN"),
    centred(415, 60, "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM"),
    centred(415, 76, "Độc lập - Tự do - Hạnh phúc"),
    centred(170, 104, "Số: 52/TB-STS"),
    centred(415, 104, "An Lãng, ngày 03 tháng 4 năm 2024"),
    centred(312, 190, "THÔNG BÁO"),
    centred(312, 208, "Kết luận cuộc họp về nuôi cá lồng"),
)
BODY = (
    full(LEFT + 28, 260, "1. Chi cục Thủy sản đếm lại số lồng bè trên sông và báo cáo Sở"),
    printed(LEFT, 279, "trước ngày 20 tháng 4 năm 2024."),
)
TEXT = build_document((page(*HEAD, *BODY),)).text


def stamp(x: float, y: float, *rows: str, block: int | None = None) -> list[Line]:
    return [replace(printed(x, y + 14 * index, row), block=block) for index, row in enumerate(rows)]


@pytest.mark.parametrize(
    ("x", "y"),
    [(30, 10), (430, 10), (60, 122), (470, 122), (2, 300)],
    ids=["over the left head", "over the right head", "under the number", "under the date", "in the margin"],
)
@pytest.mark.parametrize(
    "rows",
    [("CÔNG VĂN ĐẾN", "Số: 318", "Ngày: 5/4/2024"), ("ĐẾN", "Số 318", "Ngày 5/4"), ("ĐẾN Số: 7", "Ngày: 5/4")],
    ids=["heading above", "short", "number beside"],
)
def test_a_stamp_is_left_out_wherever_it_stands(x, y, rows):
    if x == 2:
        rows = [row.replace("CÔNG VĂN ", "") for row in rows]
    assert build_document((page(*HEAD, *BODY, *stamp(x, y, *rows)),)).text == TEXT


def test_a_stamp_in_its_own_ink_may_lie_over_the_print():
    lines = stamp(110, 82, "PHÒNG VĂN THƯ", "CÔNG VĂN ĐẾN", "Số: 318", "Ngày: 5/4/2024", "Chuyển: ô. Hải", block=1)
    assert build_document((page(*HEAD, *BODY, *lines),)).text == TEXT


def test_other_print_in_colour_stays():
    lines = stamp(60, 125, "HỎA TỐC", block=1)
    assert "HỎA TỐC" in build_document((page(*HEAD, *BODY, *lines),)).text


def test_a_number_written_far_from_its_entry_is_part_of_the_stamp():
    lines = [*stamp(40, 122, "CÔNG VĂN ĐẾN", "Số:", "Chuyển:"), printed(95, 136, "318"), printed(100, 150, "Anh Ba")]
    assert build_document((page(*HEAD, *BODY, *lines),)).text == TEXT


def test_the_letters_own_number_and_office_close_to_a_stamp_stay():
    lines = stamp(120, 30, "CÔNG VĂN ĐẾN", "Số: 318")
    assert build_document((page(*HEAD, *BODY, *lines),)).text == TEXT
    below = stamp(130, 88, "ĐẾN")
    assert "Số: 52/TB-STS" in build_document((page(*HEAD, *BODY, *below),)).text


def test_on_later_pages_such_lines_are_text():
    second = page(printed(LEFT, 100, "ĐẾN"), number=2)
    assert build_document((page(*HEAD, *BODY), second)).text.endswith("ĐẾN")


def test_a_stamp_in_a_text_box_is_left_out_of_formats_without_pages():
    rows = ["SỞ THỦY SẢN", "CÔNG VĂN ĐẾN", "Số: 318", "Ngày: 5/4/2024", "Số: 52/TB-STS", "Ngày 03 tháng 4 năm 2024"]
    lines = tuple(Line(tuple(map(Word, row.split())), block=number) for number, row in enumerate(rows))
    text = build_document((Page(None, lines),)).text
    assert text.split("\n\n") == ["SỞ THỦY SẢN", "Số: 52/TB-STS", "Ngày 03 tháng 4 năm 2024"]
