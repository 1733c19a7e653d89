"""The views for SQL: what they show, that they follow corrections, and that the documents tell of them; in both."""

import datetime as dt
import hashlib
import re
import sqlite3
from pathlib import Path

import pytest
import yaml
from made_notices import make_notice
from sqlalchemy import inspect, text

from pipeline.store import Correction, DocumentRecord, Ending, open_store, result_hash
from pipeline.store.views import VIEWS

pytest_plugins = ["postgres"]

ROOT = Path(__file__).parent.parent
NOON = dt.datetime(2024, 5, 2, 12, tzinfo=dt.UTC)
SHA = hashlib.sha256(b"a").hexdigest()
HEADER = {"document_number": "12/TB-UBND", "issuing_body": "ỦY BAN NHÂN DÂN TỈNH HƯNG YÊN", "issue_date": "2024-05-02"}


def fill(store):
    store.add_documents([DocumentRecord(SHA, 1, "a")])
    attempt = store.begin_attempt(SHA, "r1", NOON, alone=False)
    notice = make_notice(header=HEADER)
    store.end_attempt(attempt, SHA, Ending("ok", "ok", notice=notice, text=""), NOON, "1", "c")
    return store


@pytest.fixture
def filled(store):
    return fill(store)


def rows(store, view, columns="*"):
    with store._database.read() as connection:
        found = connection.execute(text(f"SELECT {columns} FROM {view}"))  # noqa: S608
        return [tuple(str(cell) if isinstance(cell, dt.date) else cell for cell in row) for row in found]


def test_the_views_have_their_columns(filled):
    with filled._database.read() as connection:
        look = inspect(connection)
        found = {view: tuple(column["name"] for column in look.get_columns(view)) for view in look.get_view_names()}
    assert found == VIEWS


def test_a_directive_has_beside_it_what_one_asks_for(filled):
    first, second = sorted(rows(filled, "flat_directives", "ordinal, leads, supports, due, amounts, issue_date, year"))
    assert first == (0, "Sở Y tế", "Sở Tài chính", "2024-06-30", "02 tỷ đồng", "2024-05-02", 2024)
    assert second == (1, "Sở Y tế", None, None, None, "2024-05-02", 2024)


def test_each_who_must_act_has_a_row_with_the_body_that_is_meant(filled):
    found = sorted(rows(filled, "flat_actors", "directive, name, role, inherited, body, unit_now"))
    assert [(row[0], row[1], row[2], bool(row[3])) for row in found] == [
        (0, "Sở Tài chính", "support", False),
        (0, "Sở Y tế", "lead", False),
        (1, "Sở Y tế", "lead", True),
    ]
    assert {row[4:] for row in found} == {
        ("Sở Tài chính tỉnh Hưng Yên", "tỉnh Hưng Yên"),
        ("Sở Y tế tỉnh Hưng Yên", "tỉnh Hưng Yên"),
    }


def test_a_notice_and_its_weaknesses_have_a_row_each(filled):
    (notice,) = rows(filled, "flat_notices", "name, issuer, province, directives, weaknesses, least_confidence")
    assert notice[:5] == ("a", "Ủy ban nhân dân tỉnh Hưng Yên", "tỉnh Hưng Yên", 2, 2)
    assert notice[5] == pytest.approx(0.9)
    assert [row[0] for row in rows(filled, "flat_weaknesses", "text, ordinal")] == ["Thiếu thuốc", "Chậm giải ngân"]


def test_the_views_follow_corrections(filled):
    said = ("/directives/0/assignees/0/name", "correct", "Sở Y tế", "Sở Công Thương", "mai", NOON)
    filled.add_correction(Correction(SHA, *said, result_hash(filled.notice(SHA))))
    assert ("Sở Công Thương", "Sở Tài chính") in rows(filled, "flat_directives", "leads, supports")


def test_the_documents_tell_of_every_column():
    told = (ROOT / "docs" / "sql.md").read_text(encoding="utf-8")
    for view, columns in VIEWS.items():
        part = told.partition(f"**`{view}`**")[2].partition("\n**`")[0].partition("\n## ")[0]
        first = "".join(re.findall(r"^\| (`.*?) \|", part, re.MULTILINE))
        assert set(re.findall(r"`([a-z0-9_]+)`", first)) == set(columns)


def test_the_questions_of_the_documents_can_be_asked(tmp_path):
    path = tmp_path / "chidao.db"
    fill(open_store(path)).close()
    told = (ROOT / "docs" / "sql.md").read_text(encoding="utf-8")
    offered = yaml.safe_load((ROOT / "deploy" / "datasette.yaml").read_text(encoding="utf-8"))["databases"]["chidao"]
    queries = [*re.findall(r"```sql\n(.*?)```", told, re.DOTALL), *(q["sql"] for q in offered["queries"].values())]
    with sqlite3.connect(path) as connection:
        found = [connection.execute(query, {"days": 9, "thing": "thuốc"}).fetchall() for query in queries]
    assert len(found) == 6
    assert found[1] == [(2024, "Sở Y tế tỉnh Hưng Yên", 2)]
    assert found[5] == [("2024-05-02", HEADER["issuing_body"], "Thiếu thuốc", "12/TB-UBND")]


def test_datasette_is_told_of_views_and_columns_that_there_are():
    offered = yaml.safe_load((ROOT / "deploy" / "datasette.yaml").read_text(encoding="utf-8"))["databases"]["chidao"]
    assert set(offered["tables"]) == set(VIEWS)
    for view, told in offered["tables"].items():
        assert {*told["sortable_columns"], *told["facets"]} <= set(VIEWS[view])
