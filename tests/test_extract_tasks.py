"""Tables of tasks become directives: a row a task, with who leads, who helps and by when."""

from __future__ import annotations

import datetime as dt

import pytest
from support import document_of

from pipeline.document import Span
from pipeline.extract.directives import Place
from pipeline.extract.tasks import find_tasks, merge_tasks, task_spans
from pipeline.extract.view import View

DAY = dt.date(2025, 3, 12)
HEADINGS = ("STT", "Nội dung nhiệm vụ", "Đơn vị chủ trì", "Đơn vị phối hợp", "Thời hạn")


def view_of(*cells: str) -> View:
    return View(document_of("\n\n".join(cells)))


def tasks_of(*cells: str) -> list[tuple]:
    """Return what the tables say: number, task, leads, supports and day of each row."""
    view = view_of(*cells)
    rows, _ = find_tasks(view, view.document.paragraphs)
    found = []
    for span in task_spans(view, rows, DAY):
        who = [part.value for part in span.parts_of("assignee")]
        limit = span.part("deadline")
        leads, supports = ([task.name for task in who if task.role == role] for role in ("lead", "support"))
        found.append(
            (span.value.number, view.text[span.start : span.end], leads, supports, limit.value.due if limit else None)
        )
    return found


def test_a_row_is_a_directive():
    assert tasks_of(
        *HEADINGS,
        *("1", "Lập danh sách nhà cũ", "Phòng Quản lý nhà", "Thanh tra Sở; Văn phòng Sở", "Trước ngày 20/3/2025"),
        *("2", "Trình quy chế mới", "Văn phòng Sở", "UBND các phường", "30/4/2025"),
    ) == [
        ("1", "Lập danh sách nhà cũ", ["Phòng Quản lý nhà"], ["Thanh tra Sở", "Văn phòng Sở"], dt.date(2025, 3, 20)),
        ("2", "Trình quy chế mới", ["Văn phòng Sở"], ["UBND các phường"], dt.date(2025, 4, 30)),
    ]


def test_columns_may_stand_in_another_order_and_have_other_names():
    assert tasks_of(
        *("TT", "Đơn vị thực hiện", "Công việc", "Thời gian hoàn thành", "Ghi chú"),
        *("1", "Sở Tài chính", "Bố trí vốn sửa đê", "trong tháng 5/2025", "Vốn dự phòng"),
    ) == [("1", "Bố trí vốn sửa đê", ["Sở Tài chính"], [], dt.date(2025, 5, 31))]


def test_empty_cells_leave_their_value_out():
    assert tasks_of(
        *HEADINGS,
        *("1", "Lập danh sách nhà xuống cấp", "Thanh tra Sở", "20/3/2025"),
        *("2", "Trình quy chế mới", "Văn phòng Sở"),
        *("3", "Nộp báo cáo quý", "Phòng Kế hoạch", "Văn phòng Sở", "khi xong"),
    ) == [
        ("1", "Lập danh sách nhà xuống cấp", ["Thanh tra Sở"], [], dt.date(2025, 3, 20)),
        ("2", "Trình quy chế mới", ["Văn phòng Sở"], [], None),
        ("3", "Nộp báo cáo quý", ["Phòng Kế hoạch"], ["Văn phòng Sở"], None),
    ]


def test_the_text_behind_a_table_stays():
    cells = (
        *HEADINGS,
        "1",
        "Trình quy chế",
        "Văn phòng Sở",
        "Thanh tra Sở",
        "20/3/2025",
        "Yêu cầu các phòng thực hiện.",
    )
    view = view_of("Phân công như sau:", *cells)
    rows, rest = find_tasks(view, view.document.paragraphs)
    assert len(rows) == 1
    assert [view.text[p.start : p.end] for p in rest] == ["Phân công như sau:", "Yêu cầu các phòng thực hiện."]


def test_headings_that_ocr_blurred_are_known():
    assert tasks_of(
        *("STT", "Nội dung nhiệm vụ", "Đơnvjchủ trì", "|Đơnviphối hợp", "Thời hạn"),
        *("1", "Trình quy chế", "Văn phòng Sở", "Thanh tra Sở", "20/3/2025"),
    ) == [("1", "Trình quy chế", ["Văn phòng Sở"], ["Thanh tra Sở"], dt.date(2025, 3, 20))]


@pytest.mark.parametrize(
    "cells",
    [
        ("STT", "Tên xã", "Diện tích", "Dân số", "1", "Xã An Hòa", "12", "5.000"),  # no tasks
        ("Nhiệm vụ", "Thời hạn", "Nộp báo cáo", "20/3/2025"),  # too few columns to be sure
        HEADINGS,  # a blank form
        ("1. Nhiệm vụ", "2. Chủ trì", "3. Thời hạn"),
        ("Giao Văn phòng Sở chủ trì.", "Thời hạn: 20/3/2025."),
    ],
)
def test_other_tables_and_texts_are_left_alone(cells):
    view = view_of(*cells)
    rows, rest = find_tasks(view, view.document.paragraphs)
    assert rows == []
    assert rest == list(view.document.paragraphs)


def test_rows_take_their_place_among_the_other_directives():
    text = "Giao Văn phòng như sau:\n\nTrình quy chế\n\nNộp báo cáo\n\nCác phòng thực hiện."
    view = View(document_of(text))
    starts = {words: text.index(words) for words in text.split("\n\n")}
    spans = {words: Span("directive", at, at + len(words), Place(None, None)) for words, at in starts.items()}
    first, row, other, last = spans.values()
    last = Span("directive", last.start, last.end, Place("2", 0))
    merged = merge_tasks(view, [first, last], [other, row])
    assert [span.start for span in merged] == sorted(starts.values())
    assert [span.value.parent for span in merged] == [None, 0, 0, 0]
