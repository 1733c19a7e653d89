"""Numbering: labels as Word prints them."""

from __future__ import annotations

import pytest
from hostile_files import docx, paragraph

from pipeline.config import ReadSettings
from pipeline.document import Source
from pipeline.read.docx import read_docx
from pipeline.read.numbering import print_number


def level(depth: int, kind: str, text: str, extra: str = "") -> str:
    inner = f'<w:start w:val="1"/><w:numFmt w:val="{kind}"/><w:lvlText w:val="{text}"/>{extra}'
    return f'<w:lvl w:ilvl="{depth}">{inner}</w:lvl>'


def abstract(number: int, *levels: str) -> str:
    return f'<w:abstractNum w:abstractNumId="{number}">{"".join(levels)}</w:abstractNum>'


def num(number: int, of: int, overrides: str = "") -> str:
    return f'<w:num w:numId="{number}"><w:abstractNumId w:val="{of}"/>{overrides}</w:num>'


def item(number: int, depth: int = 0, text: str = "x") -> str:
    return paragraph(text, f'<w:numPr><w:ilvl w:val="{depth}"/><w:numId w:val="{number}"/></w:numPr>')


def labels(body: str, numbering: str, **parts: str) -> list[str]:
    source = Source("n.docx", "", "", docx(body, numbering=numbering, **parts))
    (page,) = read_docx(source, ReadSettings())
    return [line.text.removesuffix("x").strip() for line in page.lines]


OUTLINE = abstract(
    1,
    level(0, "upperRoman", "%1."),
    level(1, "decimal", "%2."),
    level(2, "lowerLetter", "%3)"),
    level(3, "bullet", "-"),
)


def test_levels_count_and_start_anew_under_a_new_parent():
    body = item(1) + item(1, 1) + item(1, 1) + item(1, 2) + item(1) + item(1, 1) + item(1, 2) + item(1, 3)
    assert labels(body, OUTLINE + num(1, 1)) == ["I.", "1.", "2.", "a)", "II.", "1.", "a)", "-"]


def test_a_level_that_is_passed_over_counts_as_if_it_had_been_there():
    numbering = abstract(1, *(level(depth, "decimal", "%1.%2.%3."[: 3 * depth + 3]) for depth in range(3))) + num(1, 1)
    assert labels(item(1, 1) + item(1) + item(1, 1), numbering) == ["1.1.", "2.", "2.1."]
    assert labels(item(1) + item(1, 2) + item(1, 1), numbering) == ["1.", "1.1.1.", "1.2."]


def test_a_list_that_does_not_say_where_it_starts_starts_at_nought():
    numbering = '<w:abstractNum w:abstractNumId="1"><w:lvl w:ilvl="0"><w:lvlText w:val="%1."/></w:lvl></w:abstractNum>'
    assert labels(item(1) + item(1), numbering + num(1, 1)) == ["0.", "1."]


def test_legal_numbering_prints_roman_parents_in_arabic():
    numbering = abstract(1, level(0, "upperRoman", "%1."), level(1, "decimal", "%1.%2.", "<w:isLgl/>")) + num(1, 1)
    assert labels(item(1) + item(1) + item(1, 1), numbering) == ["I.", "II.", "2.1."]


def test_lists_of_one_kind_go_on_unless_they_start_anew():
    restart = '<w:lvlOverride w:ilvl="0"><w:startOverride w:val="5"/></w:lvlOverride>'
    numbering = OUTLINE + num(1, 1) + num(2, 1) + num(3, 1, restart)
    assert labels(item(1) + item(2) + item(3) + item(3), numbering) == ["I.", "II.", "V.", "VI."]


def test_a_level_may_be_told_not_to_start_anew():
    numbering = abstract(1, level(0, "decimal", "%1."), level(1, "lowerLetter", "%2)", '<w:lvlRestart w:val="0"/>'))
    assert labels(item(1) + item(1, 1) + item(1) + item(1, 1), numbering + num(1, 1)) == ["1.", "a)", "2.", "b)"]


@pytest.mark.parametrize(("sign", "printed"), [("\uf0b7", "-"), ("\uf0d8", "-"), ("o", "-"), ("+", "+"), ("•", "•")])
def test_bullets_of_symbol_fonts_are_dashes(sign, printed):
    assert labels(item(1), abstract(1, level(0, "bullet", sign)) + num(1, 1)) == [printed]


def test_a_style_numbers_its_paragraphs_and_zero_takes_the_number_off():
    sub = level(1, "decimal", "%1.%2.", '<w:pStyle w:val="Sub"/>')
    numbering = abstract(1, level(0, "decimal", "%1."), sub) + num(1, 1)
    styles = (
        '<w:style w:type="paragraph" w:styleId="Top"><w:pPr><w:numPr><w:numId w:val="1"/></w:numPr></w:pPr></w:style>'
        '<w:style w:type="paragraph" w:styleId="Sub"><w:basedOn w:val="Top"/></w:style>'
    )
    body = paragraph("x", '<w:pStyle w:val="Top"/>') + paragraph("x", '<w:pStyle w:val="Sub"/>')
    body += paragraph("x", '<w:pStyle w:val="Top"/><w:numPr><w:numId w:val="0"/></w:numPr>')
    assert labels(body, numbering, styles=styles) == ["1.", "1.1.", ""]


def test_a_style_takes_its_level_from_the_style_that_it_is_based_on():
    sub = level(1, "decimal", "%1.%2.", '<w:pStyle w:val="Sub"/>')
    numbering = abstract(1, level(0, "decimal", "%1.", '<w:pStyle w:val="Top"/>'), sub) + num(1, 1)
    number = '<w:pPr><w:numPr><w:numId w:val="1"/></w:numPr></w:pPr>'
    styles = (
        f'<w:style w:type="paragraph" w:styleId="Top">{number}</w:style>'
        f'<w:style w:type="paragraph" w:styleId="Sub"><w:basedOn w:val="Top"/>{number}</w:style>'
        '<w:style w:type="paragraph" w:styleId="Mine"><w:basedOn w:val="Sub"/></w:style>'
    )
    body = "".join(paragraph("x", f'<w:pStyle w:val="{style}"/>') for style in ("Top", "Sub", "Mine"))
    assert labels(body, numbering, styles=styles) == ["1.", "1.1.", "1.2."]


def test_a_hidden_paragraph_does_not_count():
    hidden = "<w:rPr><w:vanish/></w:rPr>"
    number = '<w:numPr><w:ilvl w:val="0"/><w:numId w:val="1"/></w:numPr>'
    body = item(1) + f"<w:p><w:pPr>{number}{hidden}</w:pPr><w:r>{hidden}<w:t>ẩn</w:t></w:r></w:p>" + item(1)
    assert labels(body, OUTLINE + num(1, 1)) == ["I.", "II."]
    deleted = "<w:rPr><w:del/></w:rPr>"
    body = item(1) + f"<w:p><w:pPr>{number}{deleted}</w:pPr></w:p>" + item(1)
    assert labels(body, OUTLINE + num(1, 1)) == ["I.", "II."]


def test_a_heading_with_a_hidden_mark_keeps_its_number_before_the_text_that_runs_on():
    hidden = "<w:rPr><w:vanish/><w:specVanish/></w:rPr>"
    heading = item(1, text="Mục đích. ").replace("</w:pPr>", f"{hidden}</w:pPr>", 1)
    assert labels(heading + item(1, text="Rà soát"), OUTLINE + num(1, 1)) == ["I. Mục đích. Rà soát"]


@pytest.mark.parametrize(
    ("properties", "printed"),
    [
        ('<w:rFonts w:ascii=".VnTime" w:hAnsi=".VnTime"/>', "Điều 1."),
        ('<w:rFonts w:ascii=".VnTimeH" w:hAnsi=".VnTimeH"/>', "ĐIỀU 1."),
        ("<w:vanish/>", ""),
    ],
)
def test_a_label_is_set_as_its_level_says(properties, printed):
    coded = '<w:p><w:r><w:rPr><w:rFonts w:ascii=".VnTime"/></w:rPr><w:t>\xabng b\xb8o kÕt luËn</w:t></w:r></w:p>'
    own = level(0, "decimal", "\xa7iÒu %1.", f"<w:rPr>{properties}</w:rPr>")
    assert labels(item(1) + coded, abstract(1, own) + num(1, 1))[0] == printed


def test_capitals_of_the_mark_are_capitals_of_the_label():
    body = item(1).replace("</w:pPr>", "<w:rPr><w:caps/></w:rPr></w:pPr>", 1)
    assert labels(body, abstract(1, level(0, "lowerLetter", "%1)")) + num(1, 1)) == ["A)"]


def test_word_s_own_formats_keep_their_width():
    own = (
        '<mc:AlternateContent><mc:Choice Requires="w14"><w:numFmt w:val="custom" w:format="001, 002, 003, ..."/>'
        '</mc:Choice><mc:Fallback><w:numFmt w:val="decimal"/></mc:Fallback></mc:AlternateContent>'
    )
    kept = level(0, "decimal", "%1.").replace('<w:numFmt w:val="decimal"/>', own)
    assert labels(item(1) + item(1), abstract(1, kept) + num(1, 1)) == ["001.", "002."]


def test_an_override_may_bring_a_level_of_its_own_and_counts_on():
    own = '<w:lvlOverride w:ilvl="0">' + level(0, "decimal", "(%1)") + "</w:lvlOverride>"
    assert labels(item(1) + item(2) + item(1), OUTLINE + num(1, 1) + num(2, 1, own)) == ["I.", "(2)", "III."]


def test_an_empty_item_counts_but_is_not_printed():
    assert labels(item(1) + item(1, text="") + item(1), OUTLINE + num(1, 1)) == ["I.", "III."]


def test_a_label_without_suffix_is_glued():
    numbering = abstract(1, level(0, "decimal", "%1.", '<w:suff w:val="nothing"/>')) + num(1, 1)
    source = Source("n.docx", "", "", docx(item(1, text="Giao"), numbering=numbering))
    assert read_docx(source, ReadSettings())[0].lines[0].text == "1.Giao"


def test_an_unknown_list_prints_no_label():
    assert labels(item(7), OUTLINE + num(1, 1)) == [""]


@pytest.mark.parametrize(
    ("number", "kind", "printed"),
    [
        (1, "lowerRoman", "i"),
        (14, "upperRoman", "XIV"),
        (27, "lowerLetter", "aa"),
        (3, "upperLetter", "C"),
        (7, "none", ""),
        (7, "decimalZero", "07"),
        (22, "ordinal", "22nd"),
        (12, "ordinal", "12th"),
        (5, "numberInDash", "- 5 -"),
        (5, "decimalEnclosedParen", "(5)"),
        (5, "decimalEnclosedCircle", "⑤"),
    ],
)
def test_number_formats(number, kind, printed):
    assert print_number(number, kind) == printed
