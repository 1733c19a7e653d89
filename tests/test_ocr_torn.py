"""Torn lines: marks read as a line of their own are read again with the line that they belong to."""

from __future__ import annotations

import pytest
from PIL import Image

from pipeline.document import Line, Word
from pipeline.ocr.modes import Mode
from pipeline.ocr.torn import join_torn

PAGE = Image.new("L", (1000, 600), 255)
MARKS = "2 ^ ⁄ .~ R"


def line(text: str, top: float, height: float, confidence: float = 0.95) -> Line:
    words = text.split()
    width = 800 / len(words)
    boxes = [(100 + width * i, top, 100 + width * (i + 0.8), top + height) for i in range(len(words))]
    return Line(tuple(Word(word, box, confidence) for word, box in zip(words, boxes, strict=True)))


ABOVE = line("Các địa phương thực hiện", 160, 38)
TORN = line(MARKS, 195, 20, 0.5)
BELOW = line("quân lý thuộc thâm quyên", 208, 36)
WHOLE = "quản lý thuộc thẩm quyền"


def reading(text: str, confidence: float = 0.96):
    """Stands in for an engine that reads this on a strip."""
    calls = []

    def read(image: Image.Image, mode: Mode) -> tuple[Line, ...]:
        calls.append((image.size, mode))
        return (line(text, 30, 40, confidence),)

    return read, calls


def test_marks_and_letters_are_read_as_one_line():
    read, calls = reading(WHOLE)
    joined = join_torn((ABOVE, TORN, BELOW), PAGE, read)
    assert [one.text for one in joined] == [ABOVE.text, WHOLE]
    assert [mode for _, mode in calls] == [Mode.LINE]
    assert joined[1].box[1] == pytest.approx(195 + 30 - 20 - 3, abs=1)


def test_two_rows_of_marks_over_one_line_are_read_once():
    left, right = Line(TORN.words[:2]), Line(TORN.words[2:])
    read, calls = reading(WHOLE)
    assert [one.text for one in join_torn((left, right, BELOW), PAGE, read)] == [WHOLE]
    assert len(calls) == 1


@pytest.mark.parametrize(("text", "confidence"), [("Giám đốc sở đã ký", 0.96), (WHOLE, 0.3)])
def test_a_reading_of_other_letters_or_a_worse_one_is_not_taken(text, confidence):
    lines = (ABOVE, TORN, BELOW)
    assert join_torn(lines, PAGE, reading(text, confidence)[0]) == lines


@pytest.mark.parametrize(
    "other",
    [
        line(MARKS, 195, 20, 0.95),  # read surely
        line("(để b/c);", 195, 20, 0.5),  # words
        line(MARKS, 195, 36, 0.5),  # as high as a line
        line(MARKS, 100, 20, 0.5),  # nothing right below
        line(MARKS, 225, 15, 0.5),  # in the line's foot
    ],
)
def test_other_lines_are_not_read_again(other):
    read, calls = reading(WHOLE)
    lines = (other, BELOW)
    assert join_torn(lines, PAGE, read) == lines
    assert not calls


def test_lines_without_a_place_stay():
    lines = (Line((Word("^", None, 0.2), Word("~", None, 0.2))), BELOW)
    assert join_torn(lines, PAGE, reading(WHOLE)[0]) == lines
