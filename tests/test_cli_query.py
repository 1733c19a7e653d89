"""`chidao query` and `chidao export` as people and scripts call them."""

from __future__ import annotations

import csv
import datetime as dt
import hashlib
import io
import json

import openpyxl
import pytest
from click.testing import CliRunner
from made_notices import make_notice

from pipeline.cli import main
from pipeline.store import DocumentRecord, Ending, open_store

NOON = dt.datetime(2024, 5, 2, 12, tzinfo=dt.UTC)
HUNG_YEN = {
    "document_number": "12/TB-UBND",
    "issuing_body": "ỦY BAN NHÂN DÂN TỈNH HƯNG YÊN",
    "issue_date": "2024-05-02",
}
HUE = {"document_number": "3/TB-UBND", "issuing_body": "ỦY BAN NHÂN DÂN THÀNH PHỐ HUẾ", "issue_date": "2025-02-03"}
ELSE = [
    {
        "text": "Sở KH&CN gửi [b]đề án[/b] về thành phố.",
        "assignees": [{"name": "Sở KH&CN", "role": "lead", "inherited": False}],
    }
]


@pytest.fixture
def out(tmp_path):
    made = {"a": make_notice(header=HUNG_YEN), "b": make_notice(header=HUE, directives=ELSE)}
    with open_store(tmp_path / "chidao.db") as store:
        for name, notice in made.items():
            sha256 = hashlib.sha256(name.encode()).hexdigest()
            store.add_documents([DocumentRecord(sha256, 1, name)])
            attempt = store.begin_attempt(sha256, "r1", NOON, alone=False)
            store.end_attempt(attempt, sha256, Ending("ok", "ok", notice=notice, text=""), NOON, "1", "c")
    return tmp_path


def chidao(*arguments):
    return CliRunner().invoke(main, [str(argument) for argument in arguments])


def found(out, *arguments):
    result = chidao("query", "--out", out, *arguments)
    assert result.exit_code == 0, result.output
    return [row["number"] or row["text"] for row in csv.DictReader(io.StringIO(result.stdout.lstrip("\ufeff")))]


@pytest.mark.parametrize(
    ("asked", "expected"),
    [
        (["bao cao"], ["1"]),
        (["so", "y", "te"], ["1"]),
        (["cáo báo"], []),
        (["--who", "Sở Tài chính"], ["1"]),
        (["--who", "Sở Tài chính", "--role", "lead"], []),
        (["--who", "sở khoa học và công nghệ"], [ELSE[0]["text"]]),
        (["--who", "khoa học"], []),
        (["--province", "hung yen"], ["1", "1.a"]),
        (["--issuer", "Ủy ban nhân dân thành phố Huế"], [ELSE[0]["text"]]),
        (["--year", "2025"], [ELSE[0]["text"]]),
        (["--due-to", "30/06/2024"], ["1"]),
        (["--state", "soon", "--as-of", "2024-06-20"], ["1"]),
        (["--state", "overdue", "--as-of", "2024-06-20"], []),
        (["--issued-from", "2024-05-02", "--issued-to", "2024-05-02"], ["1", "1.a"]),
        (["--limit", "1", "--sort", "oldest"], ["1"]),
        (["--limit", "1", "--offset", "1", "--sort", "oldest"], ["1.a"]),
        (["--no-weakness"], []),
    ],
)
def test_conditions_find_what_meets_them(out, asked, expected):
    assert sorted(found(out, *asked)) == sorted(expected)


def test_a_name_that_the_store_does_not_know_is_told_with_those_like_it(out):
    result = chidao("query", "--out", out, "--province", "Hung Yenn")
    assert result.exit_code == 64
    assert "tỉnh Hưng Yên" in result.output


def test_a_table_says_who_must_do_what_by_when_and_how_many_there_are(out):
    result = chidao("query", "--out", out, "--format", "table", "--limit", "2", "--sort", "newest")
    assert "[b]đề án[/b]" in " ".join(result.stdout.replace("│", " ").split())
    assert "30/06/2024" in result.stdout
    assert "2 of 3 directives" in result.stderr


def test_notices_are_found_as_json(out):
    result = chidao("query", "--out", out, "--what", "notices", "--format", "json", "--year", "2024")
    (notice,) = json.loads(result.stdout)
    assert (notice["document_number"], notice["directives"], notice["issue_date"]) == ("12/TB-UBND", 2, "2024-05-02")


def test_facets_are_lines(out):
    lines = [line.split("\t") for line in chidao("query", "--out", out, "--facets").stdout.splitlines()]
    assert ["year", "2024", "2"] in lines
    assert ["province", "tỉnh Hưng Yên", "2"] in lines


def test_what_is_found_is_written_to_a_file_by_its_ending(out, tmp_path):
    assert chidao("query", "--out", out, "--to", tmp_path / "f.xlsx").exit_code == 0
    assert openpyxl.load_workbook(tmp_path / "f.xlsx").active.max_row == 4
    result = chidao("query", "--out", out, "--to", tmp_path / "f.doc")
    assert (result.exit_code, "--format" in result.output) == (64, True)


def test_export_takes_the_kind_from_the_ending_and_the_conditions_of_a_search(out, tmp_path):
    result = chidao("export", tmp_path / "x.jsonl", "--out", out, "--province", "huế")
    assert (result.exit_code, "1 notices, 1 directives" in result.stdout) == (0, True)
    assert json.loads((tmp_path / "x.jsonl").read_text("utf-8"))["header"]["document_number"] == "3/TB-UBND"
    again = chidao("export", tmp_path / "x.jsonl", "--out", out)
    assert (again.exit_code, "--force" in again.stderr) == (74, True)
    assert "2 notices" in chidao("export", tmp_path / "x.jsonl", "--out", out, "--force").stdout
    assert chidao("export", tmp_path / "x", "--out", out).exit_code == 64


def test_without_results_it_is_said(tmp_path):
    result = chidao("query", "--out", tmp_path / "nowhere")
    assert (result.exit_code, "chidao run" in result.stderr) == (65, True)
