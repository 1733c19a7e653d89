"""PDF: the text layer where it is a real one, fields at their places, and pictures for OCR."""

from __future__ import annotations

import pytest
from hostile_files import pdf, show, stream

from pipeline.config import ReadSettings
from pipeline.document import Source
from pipeline.errors import UnsupportedFileError
from pipeline.layout import build_document
from pipeline.read.pdf import read_pdf

TO_UNICODE = (
    b"/CIDInit /ProcSet findresource begin begincmap\n1 begincodespacerange <00> <FF> endcodespacerange\n"
    b"2 beginbfchar <7E> <1EA1> <60> <0111> endbfchar endcmap"
)
"""Makes "~" an ạ and "`" a đ, so that a page is Vietnamese enough."""


PICTURE = b"q 500 0 0 700 50 50 cm BI /W 1 /H 1 /CS /G /BPC 8 ID \xee EI Q\n"


def vietnamese(*words: tuple[float, float, str], **options) -> bytes:
    font = b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica /ToUnicode 5 0 R >>"
    extra = b"/Resources << /Font << /F1 4 0 R >> >> " + options.pop("page_extra", b"")
    objects = (font, stream(TO_UNICODE), *options.pop("objects", ()))
    content = show(*words, drawn=options.pop("drawn", b""))
    return pdf(content, page_extra=extra, objects=objects, **options)


def field(rect: bytes, appearance: bytes, kind: bytes = b"Sig") -> bytes:
    return b"<< /Type /Annot /Subtype /Widget /T (a) /FT /%s /Rect [%s] /AP << /N %s >> >>" % (kind, rect, appearance)


def form(text: bytes) -> bytes:
    content = b"BT /F1 12 Tf 2 4 Td (%s) Tj ET" % text
    return stream(content, b"/Type /XObject /Subtype /Form /BBox [0 0 60 20] /Resources << /Font << /F1 3 0 R >> >>")


def read(data: bytes, **limits) -> tuple:
    return read_pdf(Source("n.pdf", "", "application/pdf", data), ReadSettings(**limits))


def texts(page) -> list[str]:
    return [word.text for line in page.lines for word in line.words]


LONG = "`~i h~i `~i bi~u h~p `ang b~"


def test_words_have_boxes_from_the_top_left():
    (page,) = read(vietnamese((72, 700, LONG)))
    word = page.lines[0].words[0]
    assert (word.text, page.origin, page.width, page.height) == ("đại", "embedded", 595, 842)
    left, top, right, bottom = word.box
    assert left == pytest.approx(72, abs=1)
    assert top < 842 - 700 < bottom
    assert right < 110


def test_boxes_count_from_the_visible_corner_of_a_cropped_page():
    whole = read(vietnamese((72, 700, LONG)))[0].lines[0].words[0].box
    page = read(vietnamese((72, 700, LONG), page_extra=b"/CropBox [50 20 595 800]"))[0]
    assert (page.width, page.height) == (545, 780)
    shifted = (whole[0] - 50, whole[1] - 42, whole[2] - 50, whole[3] - 42)
    assert page.lines[0].words[0].box == pytest.approx(shifted, abs=0.1)


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (vietnamese((72, 700, "`~i"), drawn=PICTURE), "no text layer"),
        (pdf(stream(b"0 0 m 10 10 l S")), "no text layer"),
        (pdf(show((72, 700, "CeNG HoA xA ugr cuu xcuia vlpt nam khong dau gi ca"))), "unusable"),
    ],
)
def test_a_page_without_a_real_text_layer_waits_for_ocr(data, reason):
    (page,) = read(data)
    assert page.lines == ()
    assert reason in page.warnings[0]
    assert page.picture(72).size == (595, 842)


def test_how_few_letters_are_too_few_can_be_set():
    (page,) = read(vietnamese((72, 700, "`~i"), drawn=PICTURE), min_page_letters=2)
    assert texts(page) == ["đại"]


def test_a_short_page_without_pictures_needs_no_ocr():
    (page,) = read(vietnamese((72, 700, "`~i")))
    assert texts(page) == ["đại"]


def test_a_number_in_a_signature_field_stands_at_its_place_and_a_stamp_does_not():
    number, stamp = form(b"1 1"), form(b"Ky boi: So A 08:00")
    data = vietnamese(
        (72, 700, LONG),
        (72, 600, "So:"),
        page_extra=b"/Annots [7 0 R 9 0 R]",
        objects=(number, field(b"100 600 160 620", b"6 0 R"), stamp, field(b"300 700 400 720", b"8 0 R")),
    )
    (page,) = read(data)
    words = [word for line in page.lines for word in line.words]
    assert [word.text for word in words][-2:] == ["So:", "11"]
    left, top, right, bottom = words[-1].box
    assert 100 <= left < right <= 160
    assert 842 - 622 <= top < bottom <= 842 - 598


def test_what_is_filled_into_a_text_field_is_text():
    data = vietnamese(
        (72, 700, LONG),
        page_extra=b"/Annots [7 0 R]",
        objects=(form(b"Nguyen Van"), field(b"100 600 160 620", b"6 0 R", b"Tx")),
    )
    assert texts(read(data)[0])[-2:] == ["Nguyen", "Van"]


def test_the_value_of_a_text_field_without_an_appearance_is_text():
    blank = b"<< /Type /Annot /Subtype /Widget /T (a) /FT /Tx /Rect [100 600 160 620] /V (Nguyen Van) >>"
    page = read(vietnamese((72, 700, LONG), page_extra=b"/Annots [6 0 R]", objects=(blank,)))[0]
    assert texts(page)[-2:] == ["Nguyen", "Van"]
    assert page.lines[-2].words[0].box == pytest.approx((100, 222, 130, 242))


@pytest.mark.parametrize("turn", [90, 180, 270])
def test_a_page_that_lies_on_its_side_is_read_upright(turn):
    upright = read(vietnamese((72, 700, LONG), (72, 600, "h~i")))[0]
    page = read(vietnamese((72, 700, LONG), (72, 600, "h~i"), page_extra=f"/Rotate {turn}".encode()))[0]
    assert texts(page) == texts(upright)
    assert (page.width, page.height) == (595, 842)
    assert page.lines[0].words[0].box == pytest.approx(upright.lines[0].words[0].box, abs=0.1)
    assert f"turned by {360 - turn} degrees" in page.warnings[0]


def test_a_page_turned_for_reading_is_taken_as_it_is_seen():
    sideways = stream(f"BT /F1 14 Tf 0 1 -1 0 100 72 Tm ({LONG}) Tj ET".encode())
    font = b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica /ToUnicode 5 0 R >>"
    extra = b"/Rotate 90 /Resources << /Font << /F1 4 0 R >> >>"
    (page,) = read(pdf(sideways, page_extra=extra, objects=(font, stream(TO_UNICODE))))
    assert (page.width, page.height, page.warnings) == (842, 595, ())
    assert texts(page)[:2] == ["đại", "hại"]
    assert page.lines[0].words[0].box[0] == pytest.approx(72, abs=1)


@pytest.mark.parametrize(
    ("text", "reason"),
    [("`~i h~i b~i ugr xcuia vlpt ctth`~ hji~", "poor quality"), (LONG, None)],
)
def test_an_invisible_layer_under_a_scan_is_judged_by_its_syllables(text, reason):
    (page,) = read(vietnamese((72, 700, text), drawn=PICTURE + b"3 Tr\n"))
    assert [reason in warning for warning in page.warnings] == ([True] if reason else [])
    assert bool(page.lines) == (reason is None)


def test_the_same_words_printed_visibly_are_trusted():
    (page,) = read(vietnamese((72, 700, "`~i h~i b~i ugr xcuia vlpt ctth`~ hji~"), drawn=PICTURE))
    assert page.lines


def test_a_portfolio_is_refused():
    data = vietnamese((72, 700, LONG)).replace(b"/AcroForm << /Fields [] >>", b"/Collection << /View /T >>")
    with pytest.raises(UnsupportedFileError, match="portfolio"):
        read(data)


@pytest.mark.parametrize(
    ("font", "printed", "read_as"),
    [
        (b"ABCDEF+.VnTime", "Th«ng b¸o ®Çu t\x8a", ["Thông", "báo", "đầu", "tư"]),
        (b"ABCDEF+.VnTimeH", "th«ng b¸o kÕt luËn", ["THÔNG", "BÁO", "KẾT", "LUẬN"]),
        (b"VNI-Times", "Thoâng baùo cuûa Sôû", ["Thông", "báo", "của", "Sở"]),
    ],
)
def test_pages_in_legacy_fonts_are_read(font, printed, read_as):
    differences = b"<< /Type /Encoding /BaseEncoding /WinAnsiEncoding /Differences [138 /minus] >>"
    described = b"<< /Type /FontDescriptor /FontName /%s /Flags 32 /Ascent 900 /Descent -200 >>" % font
    fonts = (
        b"<< /Type /Font /Subtype /Type1 /BaseFont /%s /FirstChar 32 /Widths [%s] /Encoding %s /FontDescriptor %s >>"
        % (
            font,
            b"500 " * 224,
            differences,
            described,
        )
    )
    content = stream(b"BT /F1 14 Tf 72 700 Td (%s) Tj ET" % printed.encode("latin-1"))
    (page,) = read(pdf(content, page_extra=b"/Resources << /Font << /F1 4 0 R >> >>", objects=(fonts,)))
    assert texts(page) == read_as


def test_the_stamp_of_a_signature_is_not_drawn_for_ocr_and_a_number_is():
    def ink(appearance: bytes) -> int:
        data = pdf(
            stream(b"0 0 m 9 9 l S"),
            page_extra=b"/Annots [5 0 R]",
            fields=b"5 0 R",
            objects=(form(appearance), field(b"100 600 160 620", b"4 0 R")),
        )
        picture = read(data)[0].picture(72).convert("L").crop((95, 215, 170, 245))
        return sum(count for count, value in picture.getcolors() if value < 128)

    assert ink(b"Ky boi: So A") == 0
    assert ink(b"11") > 5


def test_a_damaged_page_goes_to_ocr_and_the_others_are_read():
    data = vietnamese((72, 700, LONG)).replace(b"/Contents 7 0 R", b"/Contents [<<]")
    (page,) = read(data)
    assert page.picture is not None
    assert page.warnings


def test_letters_printed_twice_to_look_bold_are_read_once():
    (page,) = read(vietnamese((72, 700, LONG), (72.3, 700, LONG)))
    assert texts(page) == texts(read(vietnamese((72, 700, LONG)))[0])


def test_text_outside_the_visible_page_is_not_read():
    data = vietnamese((72, 700, LONG), (72, 10, "ngo~i"), page_extra=b"/CropBox [50 20 595 800]")
    assert "ngoại" not in texts(read(data)[0])


@pytest.mark.parametrize(("ground", "seen"), [(b"", False), (b"0.2 g 60 590 200 30 re f\n", True)])
def test_white_text_is_read_only_where_it_stands_out(ground, seen):
    white = ground + b"1 g BT /F1 12 Tf 72 600 Td (tr~ng) Tj ET 0 g\n"
    assert ("trạng" in texts(read(vietnamese((72, 700, LONG), drawn=white))[0])) is seen


def table(left: float, top: float, widths: list[float], heights: list[float]) -> bytes:
    """Return the strokes of a ruled table."""
    drawn, right, bottom = [], left + sum(widths), top - sum(heights)
    for index in range(len(heights) + 1):
        y = top - sum(heights[:index])
        drawn.append(f"{left} {y} m {right} {y} l S")
    for index in range(len(widths) + 1):
        x = left + sum(widths[:index])
        drawn.append(f"{x} {top} m {x} {bottom} l S")
    return "\n".join(drawn).encode() + b"\n"


def test_a_ruled_table_is_read_cell_by_cell():
    words = [(80, 580, "so~n th`o"), (80, 565, "h~ s`"), (230, 580, "gi~o"), (80, 540, "tr~"), (230, 540, "`~i")]
    words += [(72, 700, LONG), (230, 525, "h~n")]
    data = vietnamese(*words, drawn=table(72, 600, [150, 150], [45, 45]))
    document = build_document(read(data))
    cells = document.text.split("\n\n")
    assert cells[-4:] == ["soạn thđo hạ sđ", "giạo", "trạ", "đại hạn"]


def test_a_frame_around_a_mark_is_no_table():
    (page,) = read(vietnamese((72, 700, LONG), drawn=table(400, 790, [100], [30])))
    assert page.cells == ()


def test_what_fields_print_is_marked_as_such():
    page_extra = b"/Annots [7 0 R]"
    objects = (form(b"85"), field(b"100 600 160 620", b"6 0 R"))
    (page,) = read(vietnamese((72, 700, LONG), page_extra=page_extra, objects=objects))
    assert page.warnings == ("page 1: read from form or signature fields, which lie over the page: 85",)


@pytest.mark.parametrize(
    "unseen",
    [
        b"BT /F1 12 Tf 3 Tr 72 600 Td (vo~i) Tj 0 Tr ET\n",
        b"BT /F1 0.8 Tf 72 600 Td (vo~i) Tj ET\n",
        b"BT /F1 12 Tf 72 900 Td (vo~i) Tj ET\n",
    ],
)
def test_invisible_tiny_and_far_text_is_not_read(unseen):
    (page,) = read(vietnamese((72, 700, LONG), drawn=unseen))
    assert texts(page) == texts(read(vietnamese((72, 700, LONG)))[0])


def test_a_watermark_across_the_page_is_left_out_and_said():
    aslant = b"q BT /F1 60 Tf 0.7 0.7 -0.7 0.7 150 650 Tm (b~n sao) Tj ET Q\n"
    (page,) = read(vietnamese((72, 700, LONG), drawn=aslant))
    assert texts(page) == texts(read(vietnamese((72, 700, LONG)))[0])
    assert page.warnings == ("page 1: left out, as it is printed aslant: bạn sao",)


def test_letters_printed_twice_on_a_page_that_lies_on_its_side_are_read_once():
    upright = read(vietnamese((72, 700, LONG)))[0]
    page = read(vietnamese((72, 700, LONG), (72.3, 700, LONG), page_extra=b"/Rotate 270"))[0]
    assert texts(page) == texts(upright)


def test_a_crop_box_larger_than_the_paper_moves_nothing():
    whole = read(vietnamese((72, 700, LONG)))[0]
    page = read(vietnamese((72, 700, LONG), page_extra=b"/CropBox [-90 -90 900 900]"))[0]
    assert (page.width, page.height) == (595, 842)
    assert page.lines[0].words[0].box == whole.lines[0].words[0].box


def note(rect: bytes, more: bytes, subtype: bytes = b"FreeText") -> bytes:
    return b"<< /Type /Annot /Subtype /%s /Rect [%s] %s >>" % (subtype, rect, more)


@pytest.mark.parametrize("more", [b"/AP << /N 6 0 R >>", b"/Contents (41)"])
def test_what_a_clerk_typed_over_a_blank_is_read_and_marked(more):
    objects = (form(b"41"), note(b"100 600 160 620", more))
    data = vietnamese((72, 700, LONG), (72, 604, "So:"), page_extra=b"/Annots [7 0 R]", objects=objects)
    (page,) = read(data)
    assert "So: 41" in build_document((page,)).text
    assert page.warnings == ("page 1: read from notes or stamps put over the page: 41",)


@pytest.mark.parametrize(
    "unread",
    [
        note(b"100 600 160 620", b"/F 2 /AP << /N 6 0 R >>"),
        note(b"100 600 160 620", b"/AP << /N 6 0 R >> /Contents (41)", b"Text"),
        field(b"100 600 160 620", b"6 0 R", b"Btn"),
    ],
)
def test_hidden_notes_remarks_and_ticked_boxes_are_not_read(unread):
    (page,) = read(vietnamese((72, 700, LONG), page_extra=b"/Annots [7 0 R]", objects=(form(b"41"), unread)))
    assert "41" not in texts(page)
    assert page.warnings == ()


def test_a_list_of_fields_that_stands_elsewhere_is_found():
    objects = (form(b"85"), field(b"100 600 160 620", b"6 0 R"), b"[7 0 R]")
    (page,) = read(vietnamese((72, 700, LONG), page_extra=b"/Annots 8 0 R", objects=objects))
    assert texts(page)[-1] == "85"


def test_shadings_behind_paragraphs_are_no_table():
    shading = b"".join(b"1 g 72 %d 450 16 re f 300 %d 30 16 re f 0 g\n" % (y, y) for y in (690, 674, 658, 642))
    (page,) = read(vietnamese((72, 694, LONG), (72, 678, LONG), drawn=shading))
    assert page.cells == ()


def test_a_dash_at_the_beginning_of_a_wrapped_line_begins_no_paragraph_in_a_cell():
    words = [
        (72, 700, LONG),
        (80, 580, "K~ ho~ch"),
        (80, 565, "- t~i ch`nh"),
        (230, 580, "- m~t;"),
        (230, 565, "- h~i"),
    ]
    data = vietnamese(*words, drawn=table(72, 600, [150, 150], [45, 45]))
    assert build_document(read(data)).text.split("\n\n")[-2:] == ["Kạ hoạch - tại chđnh", "- mạt;\n- hại"]
