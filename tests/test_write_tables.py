import csv
import io

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from made_notices import DIRECTIVES, make_notice

from pipeline.write import TABLES, WRITERS, Result, tabulate, to_csv
from pipeline.write.tables import defuse

A = Result("a.pdf", "a", make_notice())
ID = "ca978112ca1bbdca"


def test_every_row_has_only_known_columns():
    for table, rows in tabulate([A]).items():
        assert rows
        for row in rows:
            assert set(row) <= set(TABLES[table])


def test_a_notice_is_one_row_with_counts():
    (row,) = tabulate([A])["notices"]
    assert row["notice_id"] == ID
    assert row["document_number"] == "12/TB-UBND"
    assert (row["issue_date"], row["start_date"]) == ("2024-05-02", "2024-04-26")
    assert row["chairs"] == "Lê Thị Mai"
    assert (row["directives"], row["deadlines"], row["weaknesses"], row["absentees"]) == (2, 1, 2, 1)
    assert row["ocr_confidence"] == 0.912
    assert row["result"] == "a.json"


def test_directives_are_joined_to_their_notice_and_parent():
    first, second = tabulate([A])["directives"]
    assert first["directive_id"] == f"{ID}-d001"
    assert second["parent_id"] == first["directive_id"]
    assert {first["notice_id"], second["notice_id"]} == {ID}
    assert (first["leads"], first["supports"], first["inherited"]) == ("Sở Y tế", "Sở Tài chính", None)
    assert (second["leads"], second["inherited"]) == ("Sở Y tế", "Sở Y tế")
    assert (first["deadline_text"], first["due"]) == ("trước ngày 30/6/2024", "2024-06-30")
    assert first["amounts_vnd"] == 2_000_000_000
    assert (first["page"], first["confidence"]) == (1, 0.9)
    assert "due" not in second


def test_people_carry_their_role():
    rows = tabulate([A])["participants"]
    assert [(row["role"], row["name"]) for row in rows] == [
        ("chair", "Lê Thị Mai"),
        ("participant", "Sở Y tế"),
        ("absentee", "Hồ Văn Tư"),
    ]
    assert rows[2]["note"] == "có lý do"


def test_the_same_bytes_under_two_names_keep_both_rows_apart():
    rows = tabulate([A, Result("b.pdf", "b", make_notice("b.pdf"))])
    assert [row["notice_id"] for row in rows["notices"]] == [ID, f"{ID}-2"]
    ids = [row["directive_id"] for row in rows["directives"]]
    assert len(set(ids)) == 4


def test_several_sums_are_joined():
    two = DIRECTIVES[0] | {"amounts": [{"text": "1 đồng", "vnd": 1}, {"text": "2 đồng", "vnd": 2}, {"text": "3 USD"}]}
    (row,) = tabulate([Result("a", "a", make_notice(directives=[two]))])["directives"]
    assert (row["amounts"], row["amounts_vnd"]) == ("1 đồng; 2 đồng; 3 USD", "1; 2")


@pytest.mark.parametrize(
    "text", ["=1+1", "+84", "-x", "@sum", "\tx", "\rx", "＝1", "＋1", "－1", "＠x", " =1", "\u3000=1"]
)
def test_formulas_get_an_apostrophe(text):
    assert defuse(text) == f"'{text}"


@pytest.mark.parametrize("value", ["Sở Y tế", "", None, -5, 0.5, "'quoted"])
def test_other_values_stay(value):
    assert defuse(value) is value


def test_the_csv_opens_in_excel_and_reads_back():
    rows = tabulate([A])["directives"]
    data = to_csv(rows, TABLES["directives"])
    assert data.startswith(b"\xef\xbb\xbfdirective_id,")
    frame = pd.read_csv(io.BytesIO(data), encoding="utf-8-sig", dtype=str, keep_default_na=False)
    assert list(frame.columns) == list(TABLES["directives"])
    assert frame["text"][0] == rows[0]["text"]
    assert frame["text"][1] == "'- Rà soát danh mục thuốc."
    assert list(frame["amounts_vnd"]) == ["2000000000", ""]
    assert list(frame["page"]) == ["1", ""]


@given(st.lists(st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\r\0")), min_size=1))
def test_any_text_reads_back_and_none_is_a_formula(texts):
    data = to_csv([{"id": index, "text": text} for index, text in enumerate(texts)], ("id", "text"))
    read = list(csv.DictReader(io.StringIO(data.decode("utf-8-sig"), newline="")))
    assert len(read) == len(texts)
    for row, text in zip(read, texts, strict=True):
        assert row["text"] in {text, f"'{text}"}
        assert not row["text"].startswith(("=", "+", "-", "@", "＝", "＋", "－", "＠", "\t"))


def test_empty_tables_have_their_header_line(tmp_path):
    paths = WRITERS["csv"]([], tmp_path)
    assert [path.name for path in paths] == ["notices.csv", "directives.csv", "participants.csv", "weaknesses.csv"]
    for path in paths:
        assert path.read_text(encoding="utf-8-sig") == ",".join(TABLES[path.stem]) + "\n"
