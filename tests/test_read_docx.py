"""DOCX: what a reader sees on paper, in that order, and nothing that Word hides."""

from __future__ import annotations

import pytest
from hostile_files import docx, paragraph, part, run, table
from office_files import docx_with_pictures, old_picture_run, picture_run, png

from pipeline.config import ReadSettings
from pipeline.document import Page, Source
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


def spanning(text: str, columns: int = 2) -> str:
    return f'<w:tcPr><w:gridSpan w:val="{columns}"/></w:tcPr>' + paragraph(text)


def test_a_row_of_one_wide_cell_divides_the_columns_above_from_those_below():
    page = table(
        (paragraph("SỞ Y TẾ"), paragraph("CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM")),
        (paragraph("Số: 7"), paragraph("Huế, ngày 02")),
        (spanning("THÔNG BÁO"),),
        (paragraph("Nơi nhận:"), paragraph("GIÁM ĐỐC")),
        (paragraph("- Lưu."), paragraph("Lê Văn Tám")),
    )
    assert lines(docx(page)) == [
        *("SỞ Y TẾ", "Số: 7", "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM", "Huế, ngày 02", "THÔNG BÁO"),
        *("Nơi nhận:", "- Lưu.", "GIÁM ĐỐC", "Lê Văn Tám"),
    ]


def test_a_letterhead_is_known_by_what_it_prints():
    def coded(text: str) -> str:
        return "<w:p>" + run(text, '<w:rFonts w:ascii=".VnTime"/>') + "</w:p>"

    parted = "<w:p>" + run("CỘNG HÒA X") + run("Ã HỘI CHỦ NGHĨA VIỆT NAM") + "</w:p>"
    for nation, printed in (
        (coded("Céng hßa x\xb7 héi chñ nghÜa ViÖt Nam"), "Cộng hòa xã hội chủ nghĩa Việt Nam"),
        (parted, "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM"),
    ):
        head = table((paragraph("Trái"), nation), (paragraph("Dưới"), paragraph("Ngày")))
        assert lines(docx(head)) == ["Trái", "Dưới", printed, "Ngày"]


def test_the_columns_of_a_letterhead_may_lie_on_an_uneven_grid():
    head = table(
        (spanning("Trái"), spanning("CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM", 3)),
        (spanning("Dưới", 3), spanning("Ngày")),
    )
    after = "<w:tr><w:trPr><w:gridBefore w:val='3'/></w:trPr><w:tc>" + paragraph("Cuối") + "</w:tc></w:tr></w:tbl>"
    assert lines(docx(head.replace("</w:tbl>", after))) == [
        *("Trái", "Dưới", "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM", "Ngày", "Cuối"),
    ]


def test_a_table_with_a_column_of_recipients_is_no_foot():
    facts = table((paragraph("Văn bản"), paragraph("Nơi nhận")), (paragraph("Báo cáo quý"), paragraph("Sở Y tế")))
    assert lines(docx(facts)) == ["Văn bản", "Nơi nhận", "Báo cáo quý", "Sở Y tế"]


def test_hidden_and_deleted_rows_and_cells_are_left_out():
    facts = table(
        ("<w:tcPr><w:cellDel/></w:tcPr>" + paragraph("bỏ"), paragraph("Một")),
        ('<w:tcPr><w:hMerge w:val="restart"/></w:tcPr>' + paragraph("Hai"), "<w:tcPr><w:hMerge/></w:tcPr>"),
    )
    gone = "".join(
        f"<w:tr><w:trPr><w:{how}/></w:trPr><w:tc>{paragraph('bỏ')}</w:tc></w:tr>" for how in ("del", "hidden")
    )
    assert lines(docx(facts.replace("</w:tbl>", gone + "</w:tbl>"))) == ["Một", "Hai"]


def test_controls_around_rows_and_cells_are_read():
    def control(inner: str) -> str:
        return f"<w:sdt><w:sdtPr/><w:sdtContent>{inner}</w:sdtContent></w:sdt>"

    row = f"<w:tr>{control('<w:tc>' + paragraph('Một') + '</w:tc>')}<w:tc>{control(paragraph('Hai'))}</w:tc></w:tr>"
    assert lines(docx(f"<w:tbl>{control(row)}</w:tbl>")) == ["Một", "Hai"]


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


@pytest.mark.parametrize("mark", ["del", "moveFrom"])
def test_a_deleted_mark_with_no_paragraph_after_it_loses_no_text(mark):
    deleted = f"<w:rPr><w:{mark}/></w:rPr>"
    body = table((paragraph("Một", deleted), paragraph("Hai"))) + paragraph("Ba", deleted)
    assert blocks(docx(body + table((paragraph("Bốn"),)) + paragraph("Năm", deleted))) == [
        *(["Một"], ["Hai"], ["Ba"], ["Bốn"], ["Năm"]),
    ]


def test_a_paragraph_with_a_hidden_mark_runs_on_into_the_next_one():
    hidden = "<w:rPr><w:vanish/><w:specVanish/></w:rPr>"
    assert lines(docx(paragraph("Mục đích. ", hidden) + paragraph("Rà soát."))) == ["Mục đích. Rà soát."]


def test_a_dropped_capital_belongs_to_its_word():
    capital = paragraph("G", '<w:framePr w:dropCap="drop" w:lines="3"/>')
    assert lines(docx(capital + paragraph("iao Sở Y tế."))) == ["Giao Sở Y tế."]


def test_hidden_text_is_left_out_also_when_a_style_hides_it():
    styles = '<w:style w:type="character" w:styleId="H"><w:rPr><w:vanish/></w:rPr></w:style>'
    body = "<w:p>" + run("Thấy", '<w:vanish w:val="0"/>') + run(" ẩn", "<w:vanish/>")
    body += run(" ẩn", '<w:rStyle w:val="H"/>') + "</w:p>"
    assert lines(docx(body, styles=styles)) == ["Thấy"]


@pytest.mark.parametrize("switch", ["caps", "smallCaps"])
def test_capitals_by_format_are_capitals(switch):
    assert lines(docx("<w:p>" + run("sở y tế", f"<w:{switch}/>") + "</w:p>")) == ["SỞ Y TẾ"]


def test_a_field_shows_its_result_and_not_its_code():
    def mark(kind: str) -> str:
        return f'<w:r><w:fldChar w:fldCharType="{kind}"/></w:r>'

    code = "<w:r><w:instrText>REF x</w:instrText></w:r>" + run("CODE")
    nested = mark("begin") + code + mark("separate") + run("9") + mark("end")
    body = "<w:p>" + mark("begin") + code + nested + mark("separate") + run("số 5") + mark("end") + "</w:p>"
    assert lines(docx(body)) == ["số 5"]


def test_a_field_may_span_paragraphs_and_one_that_never_ends_hides_nothing():
    def mark(kind: str) -> str:
        return f'<w:r><w:fldChar w:fldCharType="{kind}"/></w:r>'

    code = mark("begin") + "<w:r><w:instrText>TOC</w:instrText></w:r>"
    spanning = f"<w:p>{code}{mark('separate')}{run('Một')}</w:p><w:p>{run('Hai')}{mark('end')}{run(' ba')}</w:p>"
    assert lines(docx(spanning)) == ["Một", "Hai ba"]
    assert lines(docx(f"<w:p>{run('Một ')}{code}{run('hai')}</w:p>" + paragraph("Ba"))) == ["Một hai", "Ba"]
    simple = '<w:p><w:fldSimple w:instr="DATE">' + run("ngày 3") + "</w:fldSimple></w:p>"
    assert lines(docx(simple)) == ["ngày 3"]


def test_endnotes_are_read_and_not_taken_for_footnotes_of_the_same_id():
    def reference(kind: str) -> str:
        return f'<w:r><w:{kind}Reference w:id="2"/></w:r>'

    body = f"<w:p>{run('Một')}{reference('endnote')}</w:p><w:p>{run('Hai')}{reference('footnote')}</w:p>"
    notes = {f"{kind}s": f'<w:{kind} w:id="2">{paragraph(kind)}</w:{kind}>' for kind in ("footnote", "endnote")}
    assert lines(docx(body, **notes)) == ["Một", "endnote", "Hai", "footnote"]


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


def test_lettering_along_a_path_is_read_like_a_text_box():
    lettering = '<w:r><w:pict><v:shape><v:textpath string="HỎA TỐC"/></v:shape></w:pict></w:r>'
    body = f"<w:p>{run('Trước')}{lettering}</w:p>"
    assert blocks(docx(body)) == [["Trước"], ["HỎA TỐC"]]
    assert blocks(docx(paragraph("Thông báo"), header=f"<w:p>{lettering}</w:p>")) == [["HỎA TỐC"], ["Thông báo"]]


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


def test_a_formula_shows_its_letters():
    names = 'xmlns:m="http://schemas.openxmlformats.org/officeDocument/2006/math"'
    formula = f"<m:oMath {names}><m:r><m:t>S=5</m:t></m:r></m:oMath>"
    assert lines(docx(f"<w:p>{run('Diện tích ')}{formula}{run(' ha')}</w:p>")) == ["Diện tích S=5 ha"]


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


def test_the_font_of_the_high_codes_decides_and_a_theme_font_is_no_legacy_font():
    styles = (
        '<w:style w:type="paragraph" w:default="1" w:styleId="N"><w:rPr><w:rFonts w:hAnsi=".VnTime"/></w:rPr></w:style>'
    )
    body = "<w:p>" + run("giao ban th\xabng b\xb8o", '<w:rFonts w:ascii="Arial"/>') + "</w:p>"
    assert lines(docx(body, styles=styles)) == ["giao ban thông báo"]
    theme = '<w:rFonts w:asciiTheme="minorHAnsi" w:hAnsiTheme="minorHAnsi"/>'
    assert lines(docx(body + "<w:p>" + run("3\xb8", theme) + "</w:p>", styles=styles))[1:] == ["3\xb8"]


def pages(data: bytes) -> tuple[Page, ...]:
    return read_docx(Source("notice.docx", "", "", data), ReadSettings())


@pytest.mark.parametrize("make", [picture_run, old_picture_run])
def test_pictures_of_pages_wait_for_ocr(make):
    body = f"<w:p>{make('a', 450, 640)}</w:p><w:p>{make('b', 450, 640)}</w:p>"
    found = pages(docx_with_pictures(body, a=png(900, 1280), b=png(900, 1281)))
    assert [(page.number, page.origin, page.lines) for page in found] == [(1, "ocr", ()), (2, "ocr", ())]
    assert found[1].picture(300).size == (900, 1281)
    assert found[0].warnings == ("page 1: a picture in the document; read by OCR",)


LONG = paragraph("Giao Sở Y tế rà soát, báo cáo. " * 10)


def test_a_scanned_page_among_text_stands_where_it_stands():
    body = LONG + f"<w:p>{picture_run('a', 450, 640)}</w:p>" + paragraph("Sau")
    before, scan, after = pages(docx_with_pictures(body, a=png(900, 1280)))
    assert [before.number, scan.number, after.number] == [None, 1, None]
    assert scan.picture
    assert [line.text for line in after.lines] == ["Sau"]


@pytest.mark.parametrize(
    ("printed", "pixels"), [((60, 60), (900, 900)), ((450, 300), (1800, 1200)), ((450, 640), (450, 640))]
)
def test_other_pictures_are_left_alone(printed, pixels):
    (page,) = pages(docx_with_pictures(LONG + f"<w:p>{picture_run('a', *printed)}</w:p>", a=png(*pixels)))
    assert (page.number, page.picture, page.warnings) == (None, None, ())


def test_a_picture_that_is_broken_costs_a_warning_and_not_the_document():
    body = LONG + f"<w:p>{picture_run('a', 450, 640)}{picture_run('none', 450, 640)}</w:p>"
    (page,) = pages(docx_with_pictures(body, a=b"\x89PNG\r\n\x1a\n"))
    assert page.lines
    assert page.warnings == ("a picture in the document was not read: the picture is truncated or damaged",)
