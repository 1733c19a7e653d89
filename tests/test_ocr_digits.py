"""Digits and labels: repaired only where nothing else can be meant, left out where unreadable."""

from __future__ import annotations

import pytest
from PIL import Image

from pipeline.document import Line, Word
from pipeline.ocr.digits import DATE_UNREADABLE, NUMBER_UNREADABLE, mend_digits, read_blanks
from pipeline.ocr.labels import mend_labels
from pipeline.ocr.modes import Mode

PAGE = Image.new("L", (2000, 3000), 255)


def line(*words: tuple[str, float] | str, top: float = 300.0) -> Line:
    placed = []
    for index, word in enumerate(words):
        text, sure = word if isinstance(word, tuple) else (word, 0.95)
        placed.append(Word(text, (100.0 + 150 * index, top, 220.0 + 150 * index, top + 40), sure))
    return Line(tuple(placed))


def reading(*texts: str):
    """Stands in for an engine that reads these digits, one a call."""
    left = list(texts)

    def read(_image: Image.Image, mode: Mode) -> tuple[Line, ...]:
        assert mode is Mode.DIGITS
        text = left.pop(0)
        return (Line((Word(text, (0, 0, 1, 1), 0.7),)),) if text else ()

    return read


def read_head(head: Line, *texts: str) -> tuple[str, tuple[str, ...]]:
    lines, warnings = read_blanks([head], PAGE, reading(*texts))
    return "".join(line.text for line in lines), warnings


@pytest.mark.parametrize(
    ("read", "meant"),
    [
        ("l0/11/2O24", "10/11/2024"),
        ("6§0", "660"),
        ("(20I9)", "(2019)"),
        ("II", "II"),
        ("l", "l"),
        ("l2A", "l2A"),
        ("OQ1", "OQ1"),
    ],
)
def test_letters_among_digits(read, meant):
    word = mend_digits(Word(read, None, 0.9))
    assert word.text == meant
    assert word.read_as == (None if meant == read else read)


def test_a_number_read_surely_is_not_read_again():
    assert read_head(line("Số:", "12", "/TB-UBND")) == ("Số: 12 /TB-UBND", ())


def test_two_readings_that_agree_are_believed():
    assert read_head(line("Số:", ("l?4", 0.4), "/TB-UBND"), "124", "124") == ("Số: 124 /TB-UBND", ())
    assert read_head(line("Số:", ("124", 0.4), "/TB-UBND"), "174", "124") == ("Số: 124 /TB-UBND", ())


def test_a_number_on_which_no_readings_agree_is_left_out():
    assert read_head(line("Số:", (",ý/Ế", 0.0), "/TB-UBND"), "14", "26") == ("Số: /TB-UBND", (NUMBER_UNREADABLE,))


@pytest.mark.parametrize("blank", ["…", "....", "____"])
def test_an_empty_blank_is_no_handwriting(blank):
    assert read_head(line("Số:", (blank, 0.3), "/TB-UBND")) == (f"Số: {blank} /TB-UBND", ())
    assert read_head(line("Số:", "/TB-UBND")) == ("Số: /TB-UBND", ())


def test_the_day_is_repaired_where_one_digit_is_sure():
    head = line("Huế,", "ngày", ("3|", 0.6), "tháng", "12", "năm", "2024")
    assert read_head(head) == ("Huế, ngày 31 tháng 12 năm 2024", ())


def test_a_day_that_cannot_be_read_is_left_out():
    head = line("Huế,", ("ngày.@ƒ", 0.6), "tháng", "3", "năm", "2019")
    assert read_head(head, "", "") == ("Huế, ngày tháng 3 năm 2019", (DATE_UNREADABLE,))


def test_a_day_that_no_month_has_is_not_believed():
    head = line("Huế,", "ngày", ("41", 0.3), "tháng", "3", "năm", "2019")
    assert read_head(head, "41", "41")[1] == (DATE_UNREADABLE,)


def test_dates_below_the_head_are_left_alone():
    body = line("Huế,", "ngày", ("@", 0.1), "tháng", "3", "năm", "2019", top=2000)
    assert read_head(body) == (body.text, ())


def labels(*read: str) -> list[str]:
    mended = mend_labels([line(label, "Giao") for label in read])
    assert all(
        word.read_as is not None
        for old, new in zip(read, mended, strict=True)
        for word in new.words[:1]
        if word.text != old
    )
    return [line.words[0].text for line in mended]


@pytest.mark.parametrize(
    ("read", "meant"),
    [
        ("c) đ) đ)", "c) d) đ)"),
        ("a) b) ©) d)", "a) b) c) d)"),
        ("a) b) ©)", "a) b) c)"),
        ("4. 9. 6.", "4. 5. 6."),
        ("I. H. III.", "I. II. III."),
        ("I. II. IH. IV.", "I. II. III. IV."),
    ],
)
def test_labels_that_their_neighbours_prove(read, meant):
    assert labels(*read.split()) == meant.split()


@pytest.mark.parametrize(
    "read", ["c) đ) e)", "a) b) a) b)", "1. 2. 1. 2.", "4. 9. 5.", "I. 1. 2. II.", "d) đ) e)", "©)"]
)
def test_labels_that_nothing_proves_stay(read):
    assert labels(*read.split()) == read.split()


def test_a_misread_number_label_is_set_right():
    assert mend_digits(Word("l6.", None, 0.9)).text == "16."


@pytest.mark.parametrize(
    ("rows", "second"),
    [
        (("I. ĐÁNH GIÁ", "II NHIỆM VỤ"), "II. NHIỆM VỤ"),
        (("I. Đánh giá", "II Nhiệm vụ"), "II. Nhiệm vụ"),
        (("I. Đánh giá", "III Nhiệm vụ"), "III Nhiệm vụ"),  # not the next
        (("Đánh giá", "II Nhiệm vụ"), "II Nhiệm vụ"),  # no list
        (("I. Đánh giá", "II và III"), "II và III"),  # in the middle of a sentence
        (("I. Đánh giá", "II"), "II"),
    ],
)
def test_a_numeral_that_lost_its_point_gets_it_back(rows, second):
    lines = [Line(tuple(Word(word, None, 0.9) for word in row.split())) for row in rows]
    mended = mend_labels(lines)
    assert mended[1].text == second
    if second != rows[1]:
        assert mended[1].words[0].read_as == "II"
