"""Labels of items and their nesting."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from support import document_of

from pipeline.extract.items import find_items, number_of
from pipeline.extract.view import View


def items_of(*rows):
    view = View(document_of("\n".join(rows)))
    return find_items(view, view.document.paragraphs), view


def numbers_of(*labels):
    items, _ = items_of(*(f"{label} việc" for label in labels))
    return [number_of(items, index) for index in range(len(items))]


@pytest.mark.parametrize(
    ("row", "label"),
    [
        ("1. Giao", "1"),
        ("12. Giao", "12"),
        ("1) Giao", "1"),
        ("1/ Giao", "1"),
        ("a) Giao", "a"),
        ("đ) Giao", "đ"),
        ("a. Giao", "a"),
        ("II. NHIỆM VỤ", "II"),
        ("XIV. NHIỆM VỤ", "XIV"),
        ("IV/ NHIỆM VỤ", "IV"),
        ("2.1. Giao", "2.1"),
        ("2.1 Giao", "2.1"),
        ("2.1.3. Giao", "2.1.3"),
        ("(1) Giao", "1"),
        ("(i) Giao", "i"),
        ("1.Giao", "1"),
    ],
)
def test_labels(row, label):
    (item,), view = items_of(row)
    assert item.label == label
    assert item.is_numbered
    assert view.text[item.start : item.end] == row.split(maxsplit=1)[1] if " " in row else "Giao"


@pytest.mark.parametrize("row", ["- Giao", "– Giao", "+ Giao", "• Giao", "* Giao"])
def test_marks_without_a_number(row):
    (item,), view = items_of(row)
    assert not item.is_numbered
    assert view.text[item.start : item.end] == "Giao"


@pytest.mark.parametrize(
    "row",
    [
        "Giao Sở Y tế",
        "2024 là năm cuối",
        "15 triệu đồng",
        "Văn bản số 5",
        "I think",
        "a b",
        "VIỆC A",
        "1.250 hộ dân",
        "5,4 tỷ đồng",
        "24/7 túc trực",
    ],
)
def test_paragraphs_without_a_label(row):
    (item,), view = items_of(row)
    assert item.kind is None
    assert view.text[item.start : item.end] == row


@pytest.mark.parametrize(
    ("labels", "numbers"),
    [
        (["I.", "1.", "a)", "b)", "2.", "II.", "1."], ["I", "I.1", "I.1.a", "I.1.b", "I.2", "II", "II.1"]),
        (["1.", "1.1.", "1.2.", "2.", "2.1."], ["1", "1.1", "1.2", "2", "2.1"]),
        (["2.1.", "a)", "2.2.", "a)"], ["2.1", "2.1.a", "2.2", "2.2.a"]),
        (["1.", "-", "a)", "2."], ["1", None, "1.a", "2"]),
        (["1.", "-", "+", "-", "2."], ["1", None, None, None, "2"]),
        (["1.", "3.", "3.", "7."], ["1", "3", "3", "7"]),
        (["I.", "1.", "1.1.", "a)", "1.2."], ["I", "I.1", "I.1.1", "I.1.1.a", "I.1.2"]),
        (["a)", "b)", "đ)"], ["a", "b", "đ"]),
        (["1.", "a)", "h)", "i)", "k)"], ["1", "1.a", "1.h", "1.i", "1.k"]),
        (["II.", "1.", "2.", "III.", "1."], ["II", "II.1", "II.2", "III", "III.1"]),
    ],
)
def test_numbers(labels, numbers):
    assert numbers_of(*labels) == numbers


@pytest.mark.parametrize(
    ("labels", "parents"),
    [
        (["1.", "a)", "-", "b)", "2."], [None, 0, 1, 0, None]),
        (["I.", "1.", "-", "+", "+", "-", "2."], [None, 0, 1, 2, 2, 1, 0]),
        (["1.", "1.1.", "1.1.1.", "1.2."], [None, 0, 1, 0]),
    ],
)
def test_parents(labels, parents):
    items, _ = items_of(*(f"{label} việc" for label in labels))
    assert [item.parents[-1] if item.parents else None for item in items] == parents


LABELS = st.sampled_from(["I.", "IV.", "1.", "2.", "2.1.", "2.1.3", "a)", "đ)", "(i)", "-", "+", "Thứ nhất,", ""])


@given(st.lists(LABELS, min_size=1, max_size=15))
def test_nesting_holds_for_any_labels(labels):
    items, _ = items_of(*(f"{label} việc" for label in labels))
    assert len(items) == len(labels)
    for index, item in enumerate(items):
        assert all(above < index for above in item.parents)
        assert list(item.parents) == sorted(set(item.parents))
        number = number_of(items, index)
        assert (number is None) == (not item.is_numbered)
        assert number is None or number.endswith(item.label)
