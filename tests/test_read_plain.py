"""Plain text and Markdown, as a reader of the finished page sees them."""

from __future__ import annotations

import pytest

from pipeline.config import ReadSettings
from pipeline.document import Source
from pipeline.read.kinds import MARKDOWN, TEXT, tell_kind
from pipeline.read.plain import decode, read_markdown, read_text


def markdown(text: str) -> list[str]:
    (page,) = read_markdown(Source("n.md", "", MARKDOWN, text.encode()), ReadSettings())
    return [line.text for line in page.lines]


@pytest.mark.parametrize("codec", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "utf-32"])
def test_every_unicode_encoding_is_read(codec):
    assert decode("Thông báo kết luận".encode(codec)) == "Thông báo kết luận"


@pytest.mark.parametrize("data", ["Thông báo".encode("cp1258", "replace") + b"\xff\xfe\xfd", b"a\x00\x01\x02b" * 9])
def test_bytes_that_spell_no_text_are_told(data):
    assert decode(data) is None


@pytest.mark.parametrize(
    ("text", "kind"),
    [("THÔNG BÁO\n1. Giao", TEXT), ("## THÔNG BÁO", MARKDOWN), ("**Kết luận**", MARKDOWN), ("2 * 3 * 4", TEXT)],
)
def test_markdown_is_told_by_its_marks(text, kind):
    assert tell_kind(text.encode(), "notice", ReadSettings()) == kind


def test_each_line_of_plain_text_is_a_paragraph_and_blank_lines_part_blocks():
    source = Source("n.txt", "", TEXT, "SỞ Y TẾ\r\nSố: 1\n\n\nTHÔNG BÁO\n".encode())
    (page,) = read_text(source, ReadSettings())
    assert [(line.text, line.block) for line in page.lines] == [("SỞ Y TẾ", 0), ("Số: 1", 0), ("THÔNG BÁO", 1)]


@pytest.mark.parametrize(
    ("text", "seen"),
    [
        ("## **THÔNG BÁO** ##", ["THÔNG BÁO"]),
        ("***Nơi nhận:***", ["Nơi nhận:"]),
        ("**TL. GIÁM ĐỐC  \nCHÁNH VĂN PHÒNG**", ["TL. GIÁM ĐỐC", "CHÁNH VĂN PHÒNG"]),
        ("một\nhai\\\nba", ["một hai", "ba"]),
        ("- Sở A;\n- Sở B.", ["- Sở A;", "- Sở B."]),
        ("* Sở A\n+ Sở B", ["- Sở A", "- Sở B"]),
        ("1. Giao\n2. Yêu cầu", ["1. Giao", "2. Yêu cầu"]),
        ("> trích\n> dẫn", ["trích dẫn"]),
        ("a\n\n---\n\nb", ["a", "b"]),
        ("| Xã | Hộ |\n|---|---|\n| A | 3 |", ["Xã", "Hộ", "A", "3"]),
        (r"1\. Giao \*", ["1. Giao *"]),
        ("[Sở A](http://a.vn) _nghiêng_ snake_case_word", ["Sở A nghiêng snake_case_word"]),
        ("---\ntitle: x\n---\nGiao", ["Giao"]),
        ("KH&amp;CN", ["KH&CN"]),
        ("2 * 3 * 4", ["2 * 3 * 4"]),
    ],
)
def test_marks_are_not_text(text, seen):
    assert markdown(text) == seen


@pytest.mark.parametrize(
    "text",
    ["a\n" + "\n" * 50_000 + "b", "# a" + " " * 50_000 + "b", "# a\n" + "[" * 50_000, "# a\n" + "[a](" * 20_000,
     "# a\n" + "**a " * 5_000, "# a\n" + "*" * 20_000 + "a", "--" + " " * 50_000 + "x", " " * 50_000 + "x  y",
     "<!---->" * 500 + "x", "> " * 50_000 + "x", "--|" * 20_000 + "x"],
    ids=lambda text: text[:6],
)  # fmt: skip
def test_no_text_makes_the_patterns_try_all_ways(text):
    tell_kind(text.encode(), "notice", ReadSettings())
    assert markdown(text)


@pytest.mark.parametrize(
    ("row", "read"),
    [("## A ##", "A"), ("# A#", "A#"), ("#  #", "#"), ("# A # ", "A"), ("#A", "#A"), ("# _A_ #", "A")],
)
def test_a_heading_may_be_closed_by_its_signs(row, read):
    assert markdown(row) == [read]
