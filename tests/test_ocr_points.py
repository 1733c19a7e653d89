"""Points: colon or semicolon is what the ink shows, and stays as read where the ink is not plain."""

from __future__ import annotations

import pytest
from PIL import Image, ImageDraw

from pipeline.document import Line, Word
from pipeline.ocr.points import tell_points

BOX = (20.0, 20.0, 60.0, 50.0)


def printed(*marks: tuple[int, int, int, int]) -> Image.Image:
    """Print a letter and marks behind it."""
    image = Image.new("L", (120, 90), 255)
    image.info["dpi"] = (220.0, 220.0)
    for mark in ((20, 30, 38, 49), *marks):
        ImageDraw.Draw(image).rectangle(mark, 0)
    return image


COLON = printed((54, 30, 58, 34), (54, 45, 58, 49))
SEMICOLON = printed((54, 30, 58, 34), (53, 45, 58, 54))
COARSE = printed((55, 30, 57, 32), (55, 45, 57, 47))
SMUDGE = printed((54, 30, 58, 34), (54, 45, 58, 51))
ONE = printed((54, 30, 58, 49))


def told(text: str, image: Image.Image) -> Word:
    ((word,),) = (line.words for line in tell_points((Line((Word(text, BOX, 0.96),)),), image))
    return word


@pytest.mark.parametrize(
    ("image", "read", "meant"),
    [
        (SEMICOLON, "ngành:", "ngành;"),
        (SEMICOLON, "ngành;", "ngành;"),
        (COLON, "sau;", "sau:"),
        (COLON, "sau:", "sau:"),
        (SEMICOLON, "ngành", "ngành"),
        (SEMICOLON, ":", ":"),
    ],
)
def test_the_ink_tells(image, read, meant):
    word = told(read, image)
    assert (word.text, word.read_as) == (meant, None if read == meant else read)


@pytest.mark.parametrize("image", [COARSE, SMUDGE, ONE, printed()])
def test_what_is_not_plain_stays(image):
    assert told("sau:", image).text == "sau:"
    assert told("sau;", image).text == "sau;"


def test_words_without_a_place_and_at_the_pages_edge_stay():
    lines = (Line((Word("sau:", None, 0.9), Word("sau:", (118.0, 88.0, 140.0, 120.0), 0.9))),)
    assert tell_points(lines, SEMICOLON) == lines
