"""Exports: whole, typed, as people corrected the notices, and harmless in a spreadsheet."""

import csv
import datetime as dt
import hashlib
import json

import openpyxl
import pandas as pd
import pytest
from made_notices import make_notice

from pipeline.errors import OutputError
from pipeline.export import FOUND_KINDS, KINDS, export_to, found_rows
from pipeline.export import sheets as sheets_module
from pipeline.notice import Notice
from pipeline.store import (
    Correction,
    DocumentRecord,
    Ending,
    Question,
    Sighting,
    encode_path,
    open_store,
    result_hash,
)
from pipeline.write import Result

NOON = dt.datetime(2024, 5, 2, 12, tzinfo=dt.UTC)
BODY = "ỦY BAN NHÂN DÂN TỈNH HƯNG YÊN"
FORMULA = '=HYPERLINK("http://evil.example")'


def header(number="12/TB-UBND", day="2024-05-02"):
    return {"document_number": number, "issuing_body": BODY, "issue_date": day}


def put(store, name, notice):
    sha256 = hashlib.sha256(name.encode()).hexdigest()
    store.add_documents([DocumentRecord(sha256, 1, name)])
    store.note_sightings([Sighting(encode_path("in"), encode_path(f"{name}.pdf"), sha256, 1, 1, 1)])
    attempt = store.begin_attempt(sha256, "r1", NOON, alone=False)
    store.end_attempt(attempt, sha256, Ending("ok", "ok", notice=notice, text=""), NOON, "1", "c")
    return sha256


@pytest.fixture
def store(tmp_path):
    with open_store(tmp_path / "chidao.db") as opened:
        put(opened, "a", make_notice("a.pdf", b"a", header=header()))
        later = [{"text": FORMULA, "amounts": [{"text": "1 đồng", "vnd": 1}, {"text": "2 đồng", "vnd": 2}]}]
        put(opened, "b", make_notice("b.pdf", b"b", header=header("13/TB-UBND", "2025-01-03"), directives=later))
        put(opened, "c", make_notice("c.pdf", b"c", header=header("14/TB-UBND", None), directives=[]))
        sha256 = hashlib.sha256(b"a").hexdigest()
        said = ("/directives/0/assignees/0/name", "correct", "Sở Y tế", "Sở Công Thương", "mai", NOON)
        opened.add_correction(Correction(sha256, *said, result_hash(opened.notice(sha256))))
        yield opened


def lines(path):
    with path.open(encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file))


def test_a_workbook_has_days_heads_that_stay_and_filters(store, tmp_path):
    done = export_to(store, tmp_path / "x.xlsx", "xlsx")
    assert done.counts == {"notices": 3, "directives": 3, "participants": 9, "weaknesses": 6}
    book = openpyxl.load_workbook(tmp_path / "x.xlsx")
    assert book.sheetnames == ["directives", "notices", "participants", "weaknesses"]
    sheet = book["directives"]
    head = [cell.value for cell in sheet[1]]
    first = dict(zip(head, [cell.value for cell in sheet[2]], strict=True))
    assert (sheet.freeze_panes, sheet.auto_filter.ref) == ("A2", f"A1:{sheet.cell(1, len(head)).column_letter}4")
    assert first["due"] == dt.datetime(2024, 6, 30)  # noqa: DTZ001 - days of a workbook are of no zone
    assert sheet[2][head.index("due")].number_format == "dd/mm/yyyy"
    assert (first["leads"], first["issuing_body"], first["year"]) == ("Sở Công Thương", BODY, 2024)
    third = sheet[4][head.index("text")]
    assert (third.value, third.data_type) == (FORMULA, "s")


def test_what_a_cell_cannot_hold_is_told(store, tmp_path):
    put(store, "d", make_notice("d.pdf", b"d", directives=[{"text": "Ồ" * 40_000}]))
    done = export_to(store, tmp_path / "x.xlsx", "xlsx")
    assert "1 texts" in done.remarks[0]
    cells = [cell.value for row in openpyxl.load_workbook(tmp_path / "x.xlsx")["directives"] for cell in row]
    assert max(len(cell) for cell in cells if isinstance(cell, str)) == 32_767


def test_a_table_too_long_for_a_sheet_goes_on_in_the_next(store, tmp_path, monkeypatch):
    monkeypatch.setattr(sheets_module, "_ROWS", 2)
    export_to(store, tmp_path / "x.xlsx", "xlsx")
    book = openpyxl.load_workbook(tmp_path / "x.xlsx")
    assert [(name, book[name].max_row) for name in book.sheetnames if name.startswith("directives")] == [
        ("directives", 3),
        ("directives 2", 2),
    ]
    assert book["directives 2"].auto_filter.ref.endswith("2")


def test_parquet_has_a_part_a_year_and_its_types(store, tmp_path):
    export_to(store, tmp_path / "lake", "parquet")
    parts = {path.name for path in (tmp_path / "lake" / "directives").iterdir()}
    assert parts == {"issued=2024", "issued=2025"}
    frame = pd.read_parquet(tmp_path / "lake" / "directives").sort_values("directive_id")
    assert list(frame["due"].dropna()) == [dt.date(2024, 6, 30)]
    assert [list(sums) for sums in frame["amounts_vnd"]] in (
        [[2_000_000_000], [], [1, 2]],
        [[1, 2], [2_000_000_000], []],
    )
    notices = pd.read_parquet(tmp_path / "lake" / "notices")
    assert (len(notices), notices["year"].isna().sum()) == (3, 1)
    assert set(notices["issued"]) == {"2024", "2025", "undated"}
    assert notices["directives"].sum() == 3


def test_tables_without_rows_can_be_read(tmp_path):
    with open_store(tmp_path / "empty.db") as store:
        done = {kind: export_to(store, tmp_path / f"e.{kind}", kind) for kind in KINDS}
    assert [exported.counts for exported in done.values()] == [{}] * 4
    assert len(pd.read_parquet(tmp_path / "e.parquet" / "directives")) == 0
    assert lines(tmp_path / "e.csv" / "notices.csv") == []
    assert openpyxl.load_workbook(tmp_path / "e.xlsx")["notices"].max_row == 1


def test_lines_hold_whole_notices_as_they_were_corrected(store, tmp_path):
    export_to(store, tmp_path / "x.jsonl", "jsonl")
    read = [Notice.model_validate_json(line) for line in (tmp_path / "x.jsonl").read_text("utf-8").splitlines()]
    assert [notice.header.document_number for notice in read] == ["12/TB-UBND", "13/TB-UBND", "14/TB-UBND"]
    assert read[0].directives[0].assignees[0].name == "Sở Công Thương"


def test_csv_is_defused_and_says_whose_a_directive_is(store, tmp_path):
    export_to(store, tmp_path / "x", "csv", shas={hashlib.sha256(b"b").hexdigest()})
    (line,) = lines(tmp_path / "x" / "directives.csv")
    assert (line["text"], line["amounts_vnd"], line["issue_date"]) == (f"'{FORMULA}", "1; 2", "2025-01-03")
    assert [line["file"] for line in lines(tmp_path / "x" / "notices.csv")] == ["b.pdf"]


@pytest.mark.parametrize("kind", KINDS)
def test_what_is_there_stays_unless_it_is_to_be_replaced(store, tmp_path, kind):
    path = tmp_path / "made"
    export_to(store, path, kind, shas=set())
    before = {found.name: found.stat().st_size for found in tmp_path.rglob("*") if found.is_file()}
    with pytest.raises(OutputError):
        export_to(store, path, kind)
    assert {found.name: found.stat().st_size for found in tmp_path.rglob("*") if found.is_file()} == before
    assert export_to(store, path, kind, force=True).counts["notices"] == 3
    assert [found.name for found in tmp_path.iterdir() if found.name.startswith(".chidao")] == []


@pytest.mark.parametrize("kind", KINDS)
def test_a_failure_halfway_leaves_what_was_there(store, tmp_path, kind, monkeypatch):
    path = tmp_path / "made"
    export_to(store, path, kind)
    before = path.stat().st_ino
    taken = []

    def fail_at_second(*arguments):
        taken.append(arguments)
        if len(taken) > 1:
            raise OSError(28, "No space left on device")
        return Result(*arguments)

    room = tmp_path / "room"
    room.mkdir()
    monkeypatch.setattr("tempfile.tempdir", str(room))
    monkeypatch.setattr("pipeline.export.whole.Result", fail_at_second)
    with pytest.raises(OutputError, match="No space left"):
        export_to(store, path, kind, force=True)
    assert path.stat().st_ino == before
    assert [found.name for found in tmp_path.iterdir() if found.name.startswith(".chidao")] == []
    assert list(room.iterdir()) == []


def test_what_a_search_finds_is_read_a_batch_at_a_time(store, monkeypatch):
    monkeypatch.setattr("pipeline.export.found.AT_ONCE", 2)
    question = Question(sort="oldest")
    assert len(list(found_rows(store, question))) == 3
    assert len(list(found_rows(store, question, 1))) == 1
    assert len({row.sha256 + str(row.ordinal) for row in found_rows(store, question)}) == 3


def test_found_rows_have_four_kinds(store):
    question = Question(words="Sở")
    made = {
        ending: b"".join(write(found_rows(store, question), question)) for ending, (_, write) in FOUND_KINDS.items()
    }
    assert list(made) == ["csv", "json", "jsonl", "xlsx"]
    (told,) = [json.loads(line) for line in made["jsonl"].splitlines()]
    assert json.loads(made["json"]) == [told]
    assert [actor["name"] for actor in told["actors"]] == ["Sở Công Thương", "Sở Tài chính"]
    assert made["xlsx"].startswith(b"PK")
