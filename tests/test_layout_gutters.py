"""Columns of text one after the other, and tables without rules cell by cell."""

from __future__ import annotations

from printed_pages import LEFT, centred, full, page, printed

from pipeline.layout import build_document

BEFORE = full(LEFT + 28, 100, "Sau khi nghe các đơn vị trình bày, Chủ tịch xã kết luận các việc như sau:")
AFTER = full(LEFT + 28, 330, "2. Văn phòng xã nhắc các đơn vị làm đúng hạn và tổng hợp kết quả hằng tuần.")


def text(*lines) -> list[str]:
    return build_document((page(*lines),)).text.split("\n")


def table(tops: list[int], *rows: tuple[str, ...]) -> list:
    places = (90, 130, 290, 400)
    cells = [(x, top, word) for top, row in zip(tops, rows, strict=True) for x, word in zip(places, row, strict=True)]
    return [printed(*cell) for cell in cells if cell[2]]


def test_columns_of_text_are_read_one_after_the_other():
    left = [
        "1. Trạm y tế xã kiểm tra các",
        "giếng nước của các thôn quanh",
        "bãi rác cũ và báo cáo kết quả",
        "trước ngày 15 tháng 8.",
    ]
    right = [
        "2. Công an xã xử lý những xe",
        "chở đất làm rơi vãi trên các",
        "tuyến đường liên thôn, và báo",
        "cáo hằng tháng.",
    ]
    lines = [printed(LEFT, 130 + 16 * index, row) for index, row in enumerate(left)]
    lines += [printed(330, 130 + 16 * index, row) for index, row in enumerate(right)]
    assert text(BEFORE, *lines, AFTER)[1:3] == [" ".join(left), " ".join(right)]


def test_a_numbered_table_without_rules_is_read_cell_by_cell():
    rows = [
        ("TT", "Việc phải làm", "Chủ trì", "Thời hạn"),
        ("1", "Nạo vét mương", "Thôn", "Trước"),
        ("", "nội đồng", "Bắc Sơn", "15/8/2024"),
        ("2", "Phát quang bờ", "Thôn", "Tháng 9"),
        ("", "kênh chính", "Nam Sơn", "năm 2024"),
    ]
    found = text(BEFORE, *table([130, 150, 165, 180, 195], *rows), AFTER)
    cells = [line for line in found[1:-1] if line]
    assert cells == [
        *("TT", "Việc phải làm", "Chủ trì", "Thời hạn"),
        *("1", "Nạo vét mương nội đồng", "Thôn Bắc Sơn", "Trước 15/8/2024"),
        *("2", "Phát quang bờ kênh chính", "Thôn Nam Sơn", "Tháng 9 năm 2024"),
    ]


def test_rows_of_a_table_are_told_by_their_distance_where_no_number_does():
    rows = [
        ("Đội", "Việc phải làm", "Chủ trì", "Thời hạn"),
        ("", "Nạo vét mương", "Thôn", "Trước"),
        ("Ba", "nội đồng", "Bắc Sơn", "15/8/2024"),
        ("", "Phát quang bờ", "Thôn", "Tháng 9"),
        ("Tư", "kênh chính", "Nam Sơn", "năm 2024"),
    ]
    found = text(BEFORE, *table([130, 155, 170, 195, 210], *rows), AFTER)
    assert [line for line in found[1:-1] if line][4:] == [
        *("Ba", "Nạo vét mương nội đồng", "Thôn Bắc Sơn", "Trước 15/8/2024"),
        *("Tư", "Phát quang bờ kênh chính", "Thôn Nam Sơn", "Tháng 9 năm 2024"),
    ]


def test_a_list_with_its_values_is_read_line_by_line():
    lines = [printed(LEFT, 130, "Chủ trì:"), printed(250, 130, "Ông Sáu;"), printed(LEFT, 150, "Ghi chép:")]
    found = " ".join(text(BEFORE, *lines, printed(250, 150, "Bà Bảy."), AFTER))
    assert "Chủ trì: Ông Sáu; Ghi chép: Bà Bảy." in found


def test_wide_gaps_of_justified_lines_are_no_columns():
    rows = ["Các thôn nộp sổ thu đúng hạn quy định", "kèm theo danh sách những hộ còn thiếu", "để xã biết"]
    lines = [full(LEFT, 120 + 18 * index, row) for index, row in enumerate(rows * 2)]
    assert " ".join(text(BEFORE, *lines)).endswith(" ".join(rows * 2))


def test_the_line_in_brackets_under_an_annexs_title_stands_alone():
    second = page(
        centred(312, 60, "PHỤ LỤC"),
        printed(100, 80, "(Kèm theo Thông báo số 9/TB-UBND ngày 02 tháng 8 năm 2024 của xã)"),
        printed(LEFT, 110, "1. Thôn Đoài dọn chợ cũ trước ngày 10 tháng 8 năm 2024 rồi báo xã."),
        number=2,
    )
    foot = [printed(LEFT, 400, "Nơi nhận:"), printed(LEFT, 415, "- Lưu: VT."), centred(430, 400, "CHỦ TỊCH")]
    lines = build_document((page(BEFORE, AFTER, *foot), second)).text.split("\n")
    assert [line[:12] for line in lines[-3:]] == ["PHỤ LỤC", "(Kèm theo Th", "1. Thôn Đoài"]
