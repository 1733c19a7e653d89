from pathlib import Path

import pytest
from PIL import Image

from pipeline.document import Page
from pipeline.learn.draw_evidence import draw_boxes, main

SAMPLES = Path(__file__).parent.parent / "data" / "samples" / "files"


def test_a_box_is_drawn_where_it_is_in_points():
    page = Page(1, (), width=100.0, height=50.0)
    drawn = draw_boxes(Image.new("L", (200, 100), 255), page, [("/header/place", (1, 10.0, 20.0, 60.0, 40.0))])
    frame = drawn.getpixel((20, 60))
    assert frame != (255, 255, 255)
    assert drawn.getpixel((119, 79)) == frame
    assert drawn.getpixel((60, 60)) == (255, 255, 255)
    assert drawn.getpixel((150, 90)) == (255, 255, 255)


def test_a_page_without_evidence_stays_as_it_is():
    picture = Image.new("RGB", (20, 10), "white")
    assert draw_boxes(picture, Page(1, (), 10.0, 5.0), []).tobytes() == picture.tobytes()


def test_every_page_is_written(tmp_path):
    assert main([str(SAMPLES / "tinh-uy-ben-tre-giao-ban-2019.pdf"), str(tmp_path / "out")]) == 0
    pages = sorted(path.name for path in (tmp_path / "out").iterdir())
    assert pages == ["tinh-uy-ben-tre-giao-ban-2019-1.png", "tinh-uy-ben-tre-giao-ban-2019-2.png"]
    with Image.open(tmp_path / "out" / pages[0]) as picture:
        assert len({colour for _, colour in picture.getcolors(picture.width * picture.height)} - grey()) > 2


def grey():
    return {(level, level, level) for level in range(256)}


@pytest.mark.parametrize("name", ["ubnd-nghe-an-hanh-chinh-cong-xa-2025.docx", "none.pdf"])
def test_a_file_without_pages_to_draw_on_is_refused(name, tmp_path):
    assert main([str(SAMPLES / name), str(tmp_path)]) == 65
    assert list(tmp_path.iterdir()) == []
