"""Paragraphs: printed lines mended, over page breaks as well."""

from __future__ import annotations

import pytest
from printed_pages import LEFT, full, page, printed

from pipeline.document import Line, Page, Word
from pipeline.layout import build_document
from pipeline.layout.marks import begins_item, ends_sentence, is_ornament, runs_on

FULL = "Giao Sở Y tế chủ trì phối hợp với các sở ngành có liên quan khẩn trương"
DENSE = [full(LEFT, 500 + 16 * row, FULL) for row in range(6)]
INDENT = LEFT + 30
RIGHT_EDGE = 541.0


def paragraphs(*lines: Line) -> list[str]:
    document = build_document((page(*lines, *DENSE),))
    texts = [document.text[p.start : p.end] for p in document.paragraphs]
    return [text.removesuffix(" " + " ".join([FULL] * 6)) for text in texts if text != " ".join([FULL] * 6)]


def test_an_indented_line_after_a_full_stop_begins_a_paragraph():
    first, second = full(INDENT, 100, "Một hai ba."), full(INDENT, 116, "Bốn năm sáu.")
    assert paragraphs(first, second, printed(LEFT, 132, "Bảy."))[:2] == ["Một hai ba.", "Bốn năm sáu. Bảy."]


def test_a_short_line_ends_a_paragraph():
    assert paragraphs(printed(INDENT, 100, "I. Đánh giá chung"), full(LEFT, 116, "Đến nay,"))[0] == "I. Đánh giá chung"


def test_a_short_line_that_ends_in_mid_sentence_does_not():
    lines = printed(INDENT, 100, "Giao các sở, ngành"), full(LEFT, 116, "khẩn trương rà soát.")
    assert paragraphs(*lines)[0] == "Giao các sở, ngành khẩn trương rà soát."


def test_labels_begin_paragraphs_and_hanging_lines_go_on():
    lines = [
        full(INDENT, 100, "1. Giao Sở Y tế tham mưu;"),
        full(INDENT + 20, 116, "trong đó nêu rõ. Báo cáo kết quả"),
        full(INDENT + 20, 132, "thực hiện hằng quý;"),
        full(INDENT, 148, "2. Giao Sở Nội vụ"),
        printed(INDENT + 20, 164, "rà soát."),
    ]
    expected = [
        "1. Giao Sở Y tế tham mưu; trong đó nêu rõ. Báo cáo kết quả thực hiện hằng quý;",
        "2. Giao Sở Nội vụ rà soát.",
    ]
    assert paragraphs(*lines)[:2] == expected


def test_a_dash_at_the_line_start_in_mid_sentence_is_no_label():
    lines = (
        full(INDENT, 100, "Đồng chí Trần Văn An"),
        full(LEFT, 116, "- Giám đốc Sở Y tế chủ trì họp."),
        printed(LEFT, 132, "Dự họp"),
    )
    assert paragraphs(*lines)[0] == "Đồng chí Trần Văn An - Giám đốc Sở Y tế chủ trì họp. Dự họp"


def test_a_compound_broken_at_its_own_hyphen_is_one_word():
    lines = (
        full(INDENT, 100, "Công văn số 6138/UBND-"),
        full(LEFT, 116, "KGVX và 5 -"),
        printed(LEFT, 132, "6 việc."),
    )
    document = build_document((page(*lines, *DENSE),))
    assert document.text.startswith("Công văn số 6138/UBND-KGVX và 5 - 6 việc.")
    start = document.text.index("6138")
    assert len(document.boxes(start, start + len("6138/UBND-KGVX"))) == 2
    for placed in document.words:
        assert document.text[placed.start : placed.end] == placed.word.text


def test_letters_of_two_sizes_that_touch_are_one_word():
    line = Line(
        (Word("Lưu:", (85, 100, 110, 113)), Word("KTTH", (115, 100, 140, 113)), Word("h5.", (140.2, 103, 152, 112)))
    )
    assert paragraphs(line)[0] == "Lưu: KTTHh5."


def test_a_paragraph_goes_on_over_the_page_break():
    first = page(*DENSE, full(INDENT, 700, "1. Giao Sở Y tế phối hợp với Sở Nội"))
    second = page(printed(300, 40, "2"), printed(LEFT, 80, "vụ rà soát."), printed(INDENT, 96, "2. Giao"), number=2)
    texts = build_document((first, second)).text.split("\n")
    assert texts[-2:] == ["1. Giao Sở Y tế phối hợp với Sở Nội vụ rà soát.", "2. Giao"]


@pytest.mark.parametrize("number", ["2", "- 2 -", "2/4", "Trang 2"])
def test_page_numbers_are_dropped(number):
    assert number not in build_document((page(printed(300, 40, number), *DENSE),)).text


def test_a_number_in_the_middle_of_the_page_stays():
    assert "2024" in build_document((page(*DENSE, printed(LEFT, 300, "2024")),)).text


def test_a_year_alone_at_the_top_is_no_page_number():
    pages = [page(printed(300, 40, number), *DENSE, number=n) for n, number in enumerate(("", "2", "3", "2026"), 1)]
    assert build_document(tuple(pages)).text.count("2026") == 1


def test_running_heads_are_dropped():
    pages = [page(printed(LEFT, 30, f"Sở Y tế - trang số {n}"), *DENSE, number=n) for n in (1, 2, 3)]
    assert "trang số" not in build_document(tuple(pages)).text


def test_the_stamp_of_a_digital_signature_is_dropped():
    stamp = [
        printed(400, 20, "Ký bởi: Sở Y tế"),
        printed(400, 34, "Cơ quan: Huế"),
        printed(400, 48, "Thời gian ký: 17/01/2025"),
    ]
    assert build_document((page(*stamp, *DENSE),)).text == " ".join([FULL] * 6)


def test_the_stamp_of_the_receiving_office_is_dropped_and_the_number_stays():
    stamp = [printed(100, 150, "ĐẾN"), printed(100, 164, "Số: 1234"), printed(100, 178, "Ngày: 12/3/2019")]
    text = build_document((page(*stamp, printed(100, 220, "Số: 5/TB-SYT"), *DENSE),)).text
    assert ("1234" in text, "12/3/2019" in text, "5/TB-SYT" in text) == (False, False, True)


def test_rules_and_speckle_are_dropped():
    lines = [printed(250, 100, "________"), printed(500, 130, "È/", 0.2), printed(LEFT, 160, "II", 0.9)]
    text = build_document((page(*lines, *DENSE),)).text
    assert text.startswith("II")
    assert "È/" not in text


def flow(*lines: tuple[str, int]) -> str:
    made = tuple(Line(tuple(map(Word, text.split())), block) for text, block in lines)
    return build_document((Page(None, made),)).text


def test_blocks_of_flowing_formats_stay_apart():
    assert flow(("SỞ Y TẾ", 0), ("Số: 1", 0), ("huế, ngày", 1)) == "SỞ Y TẾ\nSố: 1\n\nhuế, ngày"


def test_a_flowing_paragraph_cut_by_a_page_break_is_mended():
    assert flow(("của một số", 0), ("huyện còn chậm.", 0), ("Các xã", 0)) == "của một số huyện còn chậm.\nCác xã"


def test_centred_lines_of_flowing_formats_stay_apart():
    words = tuple(map(Word, ["tại", "cuộc", "họp"]))
    title = (Line((Word("Kết"), Word("luận")), 0, centred=True), Line(words, 0, centred=True))
    document = build_document((Page(None, title),))
    assert document.text == "Kết luận\ntại cuộc họp"
    assert [p.centred for p in document.paragraphs] == [True, True]


@pytest.mark.parametrize(
    "text", ["1. Giao", "I. Đánh giá", "a) Sở", "đ) Sở", "- Sở", "-Vụ", "+ Sở", "1.1. Sở", "1.Giao", "(1) Sở", "2) Sở"]
)
def test_list_labels(text):
    assert begins_item(text.split())


@pytest.mark.parametrize("text", ["15 triệu", "Giao Sở", "II", "a Sở", "2024. Đến", ""])
def test_what_is_no_list_label(text):
    assert not begins_item(text.split())


@pytest.mark.parametrize(
    ("before", "after", "expected"),
    [
        ("của một số", "huyện", True),
        ("sau:", "huyện", False),
        ("một số", "Huyện", False),
        ("một số", "a) huyện", False),
    ],
)
def test_running_on(before, after, expected):
    assert runs_on(before, after) == expected


def test_end_marks_and_ornaments():
    assert all(map(ends_sentence, ["xong.", "xong./.", "sau:", "việc;", "“xong.”"]))
    assert not any(map(ends_sentence, ["xong", "xong,", "(nếu có)"]))
    assert all(map(is_ornament, ["_____", "---", "* * *"]))
    assert not is_ornament("-")


def small(x: float, y: float, text: str) -> Line:
    """Return `text` in letters of two thirds."""
    words = (Word(w.text, (w.box[0], w.box[1], w.box[2], w.box[1] + 8.5)) for w in printed(x, y, text).words)
    return Line(tuple(words))


@pytest.mark.parametrize("mark", ["1", "[1]"])
def test_a_footnote_follows_the_paragraph_that_carries_its_mark(mark):
    carrier = full(INDENT, 100, "Dự họp có lãnh đạo các sở")
    raised = Word(mark, (RIGHT_EDGE, 99, RIGHT_EDGE + 4, 106))
    lines = [Line((*carrier.words, raised)), printed(LEFT, 116, "và các xã."), printed(INDENT, 132, "Sau đó.")]
    notes = [small(LEFT, 700, f"{mark} Sở Y tế, Sở Nội vụ,"), small(LEFT, 712, "Sở Tài chính.")]
    document = build_document((page(*lines, *DENSE, *notes),))
    assert document.text.split("\n")[:3] == [
        "Dự họp có lãnh đạo các sở và các xã.",
        "Sở Y tế, Sở Nội vụ, Sở Tài chính.",
        "Sau đó.",
    ]


def test_a_mark_glued_to_its_word_goes_and_its_comma_stays():
    lines = [full(INDENT, 100, "Theo Quyết định của Chủ tịch1, giao"), printed(LEFT, 116, "Sở Y tế.")]
    document = build_document((page(*lines, *DENSE, small(LEFT, 700, "1 Số 12/QĐ-UBND.")),))
    assert document.text.startswith("Theo Quyết định của Chủ tịch, giao Sở Y tế.\nSố 12/QĐ-UBND.")


def test_small_print_without_a_mark_stays_where_it_is():
    note = small(LEFT, 700, "1 Sở Y tế.")
    assert build_document((page(*DENSE, note),)).text.endswith("1 Sở Y tế.")
