"""DOCX: what a reader sees on paper, in that order, and nothing that Word hides."""

from __future__ import annotations

import pytest
from hostile_files import docx, paragraph, part, run, table

from pipeline.config import ReadSettings
from pipeline.document import Source
from pipeline.read.docx import read_docx


def lines(data: bytes) -> list[str]:
    (page,) = read_docx(Source("notice.docx", "", "", data), ReadSettings())
    return [line.text for line in page.lines]


def blocks(data: bytes) -> list[list[str]]:
    (page,) = read_docx(Source("notice.docx", "", "", data), ReadSettings())
    found: dict[int | None, list[str]] = {}
    for line in page.lines:
        found.setdefault(line.block, []).append(line.text)
    return list(found.values())


def test_paragraphs_tables_and_paragraphs_stay_in_order():
    body = paragraph("Một") + table((paragraph("Hai"), paragraph("Ba"))) + paragraph("Bốn")
    assert blocks(docx(body)) == [["Một"], ["Hai"], ["Ba"], ["Bốn"]]


def test_a_letterhead_in_a_table_is_read_column_by_column():
    head = table(
        (paragraph("SỞ Y TẾ"), paragraph("CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM")),
        (paragraph("Số: 12/TB-SYT"), paragraph("Huế, ngày 01 tháng 02 năm 2024")),
    )
    assert lines(docx(head)) == [
        "SỞ Y TẾ",
        "Số: 12/TB-SYT",
        "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM",
        "Huế, ngày 01 tháng 02 năm 2024",
    ]


def test_a_table_of_facts_is_read_row_by_row():
    facts = table((paragraph("Xã A"), paragraph("12 hộ")), (paragraph("Xã B"), paragraph("7 hộ")))
    assert lines(docx(facts)) == ["Xã A", "12 hộ", "Xã B", "7 hộ"]


def test_the_continued_part_of_a_merged_cell_is_left_out():
    merged = '<w:tcPr><w:vMerge w:val="restart"/></w:tcPr>' + paragraph("Chung")
    continued = "<w:tcPr><w:vMerge/></w:tcPr>" + paragraph("lặp")
    assert lines(docx(table((merged, paragraph("1")), (continued, paragraph("2"))))) == ["Chung", "1", "2"]


def test_insertions_are_read_and_deletions_are_not():
    body = (
        "<w:p>" + run("Giao ") + "<w:del><w:r><w:delText>Sở A</w:delText></w:r></w:del>"
        "<w:ins>" + run("Sở B") + "</w:ins><w:moveFrom>" + run(" cũ") + "</w:moveFrom>"
        "<w:moveTo>" + run(" chủ trì") + "</w:moveTo></w:p>"
    )
    assert lines(docx(body)) == ["Giao Sở B chủ trì"]


def test_a_paragraph_whose_mark_is_deleted_runs_on_into_the_next():
    deleted = "<w:rPr><w:del/></w:rPr>"
    assert lines(docx(paragraph("Giao Sở Y tế ", deleted) + paragraph("chủ trì."))) == ["Giao Sở Y tế chủ trì."]


def test_hidden_text_is_left_out_also_when_a_style_hides_it():
    styles = '<w:style w:type="character" w:styleId="H"><w:rPr><w:vanish/></w:rPr></w:style>'
    body = "<w:p>" + run("Thấy", '<w:vanish w:val="0"/>') + run(" ẩn", "<w:vanish/>")
    body += run(" ẩn", '<w:rStyle w:val="H"/>') + "</w:p>"
    assert lines(docx(body, styles=styles)) == ["Thấy"]


def test_capitals_by_format_are_capitals():
    assert lines(docx("<w:p>" + run("sở y tế", "<w:caps/>") + "</w:p>")) == ["SỞ Y TẾ"]


def test_a_field_shows_its_result_and_not_its_code():
    def mark(kind: str) -> str:
        return f'<w:r><w:fldChar w:fldCharType="{kind}"/></w:r>'

    code = "<w:r><w:instrText>REF x</w:instrText></w:r>" + run("CODE")
    nested = mark("begin") + code + mark("separate") + run("9") + mark("end")
    body = "<w:p>" + mark("begin") + code + nested + mark("separate") + run("số 5") + mark("end") + "</w:p>"
    assert lines(docx(body)) == ["số 5"]


def test_a_footnote_follows_the_paragraph_that_carries_its_mark():
    notes = '<w:footnote w:id="2">' + paragraph("Tham dự có Sở A.") + "</w:footnote>"
    body = "<w:p>" + run("Sở B") + '<w:r><w:footnoteReference w:id="2"/></w:r>' + run(" họp.") + "</w:p>"
    assert lines(docx(body + paragraph("Sau"), footnotes=notes)) == ["Sở B họp.", "Tham dự có Sở A.", "Sau"]


def test_a_text_box_is_read_once_and_in_a_block_of_its_own():
    box = "<w:txbxContent>" + paragraph("HỎA TỐC") + "</w:txbxContent>"
    shape = (
        f'<w:r><mc:AlternateContent><mc:Choice Requires="wps"><w:drawing><wps:txbx>{box}</wps:txbx></w:drawing>'
        f"</mc:Choice><mc:Fallback><w:pict><v:textbox>{box}</v:textbox></w:pict></mc:Fallback>"
        "</mc:AlternateContent></w:r>"
    )
    assert blocks(docx(f"<w:p>{run('Trước')}{shape}</w:p>" + paragraph("Sau"))) == [["Trước"], ["HỎA TỐC"], ["Sau"]]


def test_of_the_page_headers_only_stamped_marks_are_read():
    header = paragraph("2") + paragraph("UBND tỉnh") + paragraph("HỎA TỐC")
    assert blocks(docx(paragraph("Thông báo"), header=header)) == [["HỎA TỐC"], ["Thông báo"]]


def test_content_controls_and_links_are_read():
    body = "<w:sdt><w:sdtPr/><w:sdtContent>" + paragraph("Một") + "</w:sdtContent></w:sdt>"
    control = "<w:sdt><w:sdtContent>" + run(" ba") + "</w:sdtContent></w:sdt>"
    body += "<w:p><w:hyperlink>" + run("hai") + "</w:hyperlink>" + control + "</w:p>"
    assert lines(docx(body)) == ["Một", "hai ba"]


def test_breaks_tabs_hyphens_and_symbols():
    inner = "<w:t>A</w:t><w:tab/><w:t>B</w:t><w:noBreakHyphen/><w:t>C</w:t>"
    inner += "<w:softHyphen/><w:t>D</w:t><w:br/><w:t>E</w:t>"
    bullet = '<w:p><w:r><w:sym w:font="Symbol" w:char="F0B7"/><w:t xml:space="preserve"> Giao</w:t></w:r></w:p>'
    assert lines(docx(f"<w:p><w:r>{inner}</w:r></w:p>{bullet}")) == ["A B-CD", "E", "- Giao"]


@pytest.mark.parametrize(("jc", "expected"), [("both", ["Giao Sở A chủ trì"]), ("center", ["Giao Sở A", "chủ trì"])])
def test_a_line_break_in_running_text_only_wraps_it(jc, expected):
    body = f'<w:p><w:pPr><w:jc w:val="{jc}"/></w:pPr><w:r><w:t>Giao Sở A</w:t><w:br/><w:t>chủ trì</w:t></w:r></w:p>'
    assert lines(docx(body)) == expected


def test_strict_office_open_xml_is_read_too():
    strict = part("document", "<w:body>" + paragraph("Thông báo") + "</w:body>").replace(
        "http://schemas.openxmlformats.org/wordprocessingml/2006/main",
        "http://purl.oclc.org/ooxml/wordprocessingml/main",
    )
    assert lines(docx("", extra={"word/document.xml": strict})) == ["Thông báo"]


def test_decomposed_letters_are_composed():
    assert lines(docx(paragraph("Thô\u0301ng Ðảng"))) == ["Thống Đảng"]


def test_tcvn3_is_decoded_where_the_text_really_is_tcvn3():
    font = '<w:rFonts w:ascii=".VnTime"/>'
    capital = '<w:rFonts w:ascii=".VnTimeH"/>'
    coded = "<w:p>" + run("Th\xabng b\xb8o kÕt luËn", font) + "</w:p><w:p>" + run("th\xabng b\xb8o", capital) + "</w:p>"
    assert lines(docx(coded)) == ["Thông báo kết luận", "THÔNG BÁO"]
    assert lines(docx("<w:p>" + run("Thông", font) + run(" báo kết luận", font) + "</w:p>")) == ["Thông báo kết luận"]


def test_the_soft_hyphen_of_tcvn3_is_a_letter():
    font = '<w:rPr><w:rFonts w:ascii=".VnTime"/></w:rPr>'
    body = f"<w:p><w:r>{font}<w:t>®Çu t</w:t><w:softHyphen/></w:r></w:p>"
    assert lines(docx(body)) == ["đầu tư"]
