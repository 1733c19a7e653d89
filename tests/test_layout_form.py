"""The prescribed form: head and foot in two columns, read one after the other."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from printed_pages import LEFT, RIGHT, centred, full, page, printed

from pipeline.document import Document, Line, Page, Word
from pipeline.layout import build_document

NATION, MOTTO = "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM", "Độc lập - Tự do - Hạnh phúc"
FULL = "Giao Sở Y tế chủ trì phối hợp với các sở ngành có liên quan khẩn trương"


def head(gap: float = 0.0) -> list[Line]:
    return [
        centred(160, 70, "UBND TỈNH HUẾ"),
        centred(420 - gap, 70, NATION),
        centred(160, 86, "SỞ Y TẾ"),
        centred(420, 87, MOTTO),
        centred(160, 112, "Số: 12/TB-SYT"),
        centred(420, 115, "Huế, ngày 01 tháng 02 năm 2024"),
    ]


def body(y: float = 150) -> list[Line]:
    return [
        centred(312, y, "THÔNG BÁO"),
        centred(312, y + 16, "Kết luận của Giám đốc Sở Y tế"),
        full(LEFT + 36, y + 50, FULL),
        *[full(LEFT, y + 66 + 16 * row, FULL) for row in range(6)],
        printed(LEFT, y + 162, "thực hiện./."),
    ]


def foot(y: float = 400) -> list[Line]:
    return [
        printed(LEFT, y, "Nơi nhận:"),
        centred(430, y, "KT. GIÁM ĐỐC"),
        printed(LEFT, y + 14, "- Như thành phần dự họp;"),
        centred(430, y + 17, "PHÓ GIÁM ĐỐC"),
        printed(LEFT, y + 28, "- Các sở: Tài chính,"),
        printed(LEFT, y + 42, "Nội vụ;"),
        printed(LEFT, y + 56, "- Lưu: VT."),
        centred(430, y + 80, "Trần Văn An"),
    ]


HEAD_TEXT = f"UBND TỈNH HUẾ\nSỞ Y TẾ\nSố: 12/TB-SYT\n\n{NATION}\n{MOTTO}\nHuế, ngày 01 tháng 02 năm 2024\n\n"
FOOT_TEXT = (
    "\n\nNơi nhận:\n- Như thành phần dự họp;\n- Các sở: Tài chính, Nội vụ;\n- Lưu: VT."
    "\n\nKT. GIÁM ĐỐC\nPHÓ GIÁM ĐỐC\nTrần Văn An"
)


def in_block(document: Document, block: int) -> list[str]:
    return [document.text[p.start : p.end] for p in document.paragraphs if p.block == block]


@pytest.mark.parametrize("lean", [0.0, 1.5, -2.0])
def test_columns_are_read_one_after_the_other_also_on_a_leaning_page(lean):
    document = build_document((page(*head(), *body(), *foot(), lean=lean),))
    assert document.text.startswith(HEAD_TEXT + "THÔNG BÁO\n")
    assert document.text.endswith("thực hiện./." + FOOT_TEXT)
    assert [p.centred for p in document.paragraphs if p.block == 2] == [True, True, False]


@given(st.permutations(head() + body() + foot()))
def test_the_order_in_which_lines_were_found_does_not_matter(lines):
    text = build_document((page(*lines),)).text
    assert text == build_document((page(*head(), *body(), *foot()),)).text


def test_head_columns_may_stand_close():
    lines = head(gap=40)
    lines[0] = printed(90, 70, "BỘ GIÁO DỤC VÀ ĐÀO TẠO")
    document = build_document((page(*lines, *body()),))
    assert in_block(document, 0)[0] == "BỘ GIÁO DỤC VÀ ĐÀO TẠO"
    assert in_block(document, 1)[0] == NATION


def test_a_nation_broken_by_a_narrow_column_is_mended():
    lines = [line for line in head() if line.text != NATION]
    lines += [centred(420, 58, "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT"), centred(420, 72, "NAM")]
    assert in_block(build_document((page(*lines, *body()),)), 1)[0] == NATION


@pytest.mark.parametrize(("first", "second"), [("Huế, ngày 01 tháng 02", "năm 2024"), ("Huế, ngày tháng năm", "2024")])
def test_a_date_broken_by_a_narrow_column_is_mended(first, second):
    lines = [*head()[:-1], centred(420, 115, first), centred(420, 131, second)]
    assert in_block(build_document((page(*lines, *body(170)),)), 1)[2:] == [f"{first} {second}"]


def test_the_misread_nation_is_found():
    lines = [centred(420, 70, "CONG HOA XẢ HỌI CHÙ NGHĨA VIỆT NAM") if line.text == NATION else line for line in head()]
    assert in_block(build_document((page(*lines, *body()),)), 0) == ["UBND TỈNH HUẾ", "SỞ Y TẾ", "Số: 12/TB-SYT"]


def test_a_reference_and_a_mark_below_the_number_belong_to_the_left_column():
    lines = [*head(), centred(160, 128, "V/v họp giao ban"), centred(160, 142, "HỎA TỐC")]
    document = build_document((page(*lines, *body(170)),))
    assert in_block(document, 0)[-2:] == ["V/v họp giao ban", "HỎA TỐC"]
    assert in_block(document, 2)[0] == "THÔNG BÁO"


def test_a_signature_that_begins_above_the_recipients_is_whole():
    lines = [centred(430, 380, "TL. CHỦ TỊCH"), *foot()]
    document = build_document((page(*head(), *body(), *lines),))
    assert in_block(document, 4) == ["TL. CHỦ TỊCH", "KT. GIÁM ĐỐC", "PHÓ GIÁM ĐỐC", "Trần Văn An"]


def test_a_semicolon_inside_an_entry_does_not_end_it():
    lines = [*foot(), printed(LEFT, 470, "- Vụ: Tổng hợp;"), printed(LEFT, 484, "Tổ chức cán bộ;")]
    entries = in_block(build_document((page(*head(), *body(), *lines),)), 3)
    assert entries[-1] == "- Vụ: Tổng hợp; Tổ chức cán bộ;"


def test_a_foot_goes_on_over_the_page_break():
    second = page(printed(LEFT, 60, "- Thanh tra Bộ;"), printed(LEFT, 74, "- Lưu: TH."), number=2)
    document = build_document((page(*head(), *body(), *foot(700)), second))
    assert "- Lưu: VT.\n- Thanh tra Bộ;\n- Lưu: TH.\n\nKT. GIÁM ĐỐC" in document.text
    assert document.page_at(document.text.index("Thanh tra"), len(document.text)) == 2


def test_an_annex_after_the_foot_stays_after_it():
    second = page(centred(312, 70, "PHỤ LỤC"), *[full(LEFT, 100 + 16 * row, FULL) for row in range(6)], number=2)
    text = build_document((page(*head(), *body(), *foot()), second)).text
    assert text.index("Trần Văn An") < text.index(FULL, text.index("Trần Văn An"))


def test_without_recipients_the_signature_ends_the_document():
    lines = [line for line in foot() if line.box[0] > 300]
    assert build_document((page(*head(), *body(), *lines),)).text.endswith(
        "\n\nKT. GIÁM ĐỐC\nPHÓ GIÁM ĐỐC\nTrần Văn An"
    )


def test_a_page_without_the_form_is_read_from_top_to_bottom():
    lines = [full(LEFT, 100 + 16 * row, FULL) for row in range(6)]
    assert build_document((page(*lines),)).text == " ".join([FULL] * 6)


def test_offsets_and_boxes_lead_from_the_text_back_to_the_page():
    document = build_document((page(*head(), *body(), *foot()),))
    start = document.text.index("Số: 12/TB-SYT")
    ((number, left, top, right, bottom),) = document.boxes(start, start + len("Số: 12/TB-SYT"))
    assert (number, top, bottom) == (1, 112, 125)
    assert LEFT < left < right < RIGHT
    for placed in document.words:
        assert document.text[placed.start : placed.end] == placed.word.text


def test_a_body_line_that_looks_like_the_recipients_does_not_begin_the_foot():
    lines = [full(LEFT, 100 + 16 * row, FULL) for row in range(6)]
    broken = full(LEFT, 196, "ban nhân dân tỉnh giao Sở Y tế chủ trì, phối hợp")
    text = build_document((page(*lines, broken, printed(LEFT, 212, "thực hiện.")),)).text
    assert text.endswith(f"{FULL} ban nhân dân tỉnh giao Sở Y tế chủ trì, phối hợp thực hiện.")


def test_the_head_of_a_party_notice_is_in_two_columns_too():
    rows = [
        centred(160, 70, "TỈNH ỦY HUẾ"),
        centred(420, 70, "ĐẢNG CỘNG SẢN VIỆT NAM"),
        centred(160, 86, "*"),
        centred(160, 104, "Số 127-TB/TU"),
        centred(420, 104, "Huế, ngày 01 tháng 02 năm 2024"),
    ]
    document = build_document((page(*rows, *body(), *foot()),))
    assert document.text.startswith(
        "TỈNH ỦY HUẾ\n*\nSố 127-TB/TU\n\nĐẢNG CỘNG SẢN VIỆT NAM\nHuế, ngày 01 tháng 02 năm 2024\n\nTHÔNG BÁO\n"
    )


def test_scanned_pages_between_text_stand_where_they_stand():
    before, after = (Page(None, (Line((Word(text),)),)) for text in ("Trước", "Sau"))
    scan = page(full(LEFT, 100, FULL))
    assert build_document((before, scan, after)).text == f"Trước\n\n{FULL}\n\nSau"
