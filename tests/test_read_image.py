"""Images: pages for OCR, of the size of the paper."""

from __future__ import annotations

import pytest
from hostile_files import encode, picture
from PIL import Image

from pipeline.config import ReadSettings
from pipeline.document import Source
from pipeline.errors import LimitError
from pipeline.read.image import read_image

PAGE = picture((100, 100, "Thong bao"))


def read(data: bytes, **limits) -> tuple:
    return read_image(Source("scan", "", "image/png", data), ReadSettings(**limits))


@pytest.mark.parametrize("kind", ["PNG", "JPEG", "TIFF", "BMP", "WEBP"])
def test_every_kind_of_picture_is_a_page_for_ocr(kind):
    (page,) = read(encode(PAGE, kind))
    assert (page.number, page.lines, page.origin) == (1, (), "ocr")
    assert page.picture(300).size == PAGE.size


def test_the_stated_resolution_tells_the_paper():
    (page,) = read(encode(PAGE, "PNG", dpi=(150, 150)))
    assert (page.width, page.height) == pytest.approx((595.2, 841.9), abs=1)


@pytest.mark.parametrize("dpi", [(72, 72), (1, 1), (9600, 9600)])
def test_a_senseless_resolution_is_taken_for_a4(dpi):
    (page,) = read(encode(PAGE, "PNG", dpi=dpi))
    assert page.height == pytest.approx(842)


def test_each_frame_of_a_tiff_is_a_page():
    data = encode(PAGE, "TIFF", save_all=True, append_images=[PAGE.rotate(90, expand=True)])
    pages = read(data)
    assert [page.number for page in pages] == [1, 2]
    assert pages[1].picture(300).size == PAGE.size[::-1]
    with pytest.raises(LimitError, match="2 pages"):
        read(data, max_pages=1)


@pytest.mark.parametrize("kind", ["JPEG", "TIFF", "WEBP"])
def test_a_photograph_held_sideways_is_turned_upright(kind):
    exif = Image.Exif()
    exif[0x0112] = 6
    (page,) = read(encode(PAGE.rotate(90, expand=True), kind, exif=exif))
    assert page.width < page.height
    assert page.picture(300).size == PAGE.size


@pytest.mark.parametrize("mode", ["1", "L", "LA", "RGBA", "P", "I;16", "CMYK"])
def test_paper_is_white_and_ink_black_in_every_mode(mode):
    image = PAGE.convert("RGBA") if mode == "LA" else PAGE
    image = Image.frombytes("I;16", PAGE.size, PAGE.convert("I").tobytes()) if mode == "I;16" else image.convert(mode)
    (page,) = read(encode(PAGE.convert("I;16") if mode == "I;16" else image, "TIFF"))
    drawn = page.picture(300)
    assert drawn.mode in {"L", "RGB"}
    low, high = drawn.convert("L").getextrema()
    assert (low < 90, high > 240) == (True, True)


def test_what_is_transparent_shows_paper():
    layer = Image.new("RGBA", (60, 40), (0, 0, 0, 0))
    assert read(encode(layer, "PNG"))[0].picture(300).getpixel((5, 5)) == (255, 255, 255)


@pytest.mark.parametrize("sideways", [False, True])
def test_the_flat_dots_of_a_fax_are_stretched_to_the_shape_of_the_paper(sideways):
    fax = Image.new("1", (1728, 1146), 1)
    data = encode(fax, "TIFF", compression="group4", dpi=(204, 98), tiffinfo={0x0112: 6 if sideways else 1})
    (page,) = read(data)
    size = page.picture(300).size
    assert (size[::-1] if sideways else size) == (1728, 2386)
    paper = (page.height, page.width) if sideways else (page.width, page.height)
    assert paper == pytest.approx((610, 842), abs=1)


@pytest.mark.parametrize("dpi", [(204, 196), (72, 300), (600, 100)])
def test_dots_that_are_square_or_senseless_are_left_as_they_are(dpi):
    (page,) = read(encode(PAGE.convert("1"), "TIFF", compression="group4", dpi=dpi))
    assert page.picture(300).size == PAGE.size


def test_a_stretched_fax_may_not_pass_the_limit_of_pixels():
    data = encode(Image.new("1", (1728, 1146), 1), "TIFF", compression="group4", dpi=(204, 98))
    with pytest.raises(LimitError):
        read(data, max_pixels=1728 * 1200)
