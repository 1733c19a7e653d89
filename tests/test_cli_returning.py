"""The command that finds what returns, and prints it."""

import csv
import datetime as dt
import io
import json

import pytest
from click.testing import CliRunner
from made_notices import make_notice

from pipeline.cli import main
from pipeline.store import DocumentRecord, Ending, open_store

NOON = dt.datetime(2024, 5, 2, 12, tzinfo=dt.UTC)
ROADS = "Đường liên thôn xuống cấp, còn {} km chưa được sửa chữa."
ATTACK = "=HYPERLINK(1) giếng khoan cạn nước sinh hoạt"


@pytest.fixture
def results(tmp_path):
    with open_store(tmp_path / "chidao.db") as store:
        for year in (2012, 2013):
            data = f"n{year}".encode()
            made = make_notice(
                f"n{year}.pdf",
                data,
                header={"document_number": f"{year}/TB", "issue_date": f"{year}-02-03"},
                assessment={"achievements": [], "weaknesses": [{"text": ROADS.format(year)}, {"text": ATTACK}]},
                directives=[{"text": f"Sửa {year} trạm bơm Cầu Ván."}],
            )
            store.add_documents([DocumentRecord(made.source.sha256, 1, f"n{year}")])
            attempt = store.begin_attempt(made.source.sha256, "r", NOON, alone=False)
            store.end_attempt(attempt, made.source.sha256, Ending("ok", "ok", notice=made, text=""), NOON, "1", "c")
    return tmp_path


def call(results, *options):
    done = CliRunner().invoke(main, ["returning", "--out", str(results), *options])
    assert done.exit_code == 0
    return done


def test_in_a_pipe_it_is_csv_with_a_line_a_passage_and_no_formula(results):
    done = call(results)
    assert done.stdout.startswith("\ufeffset,what,")
    rows = list(csv.DictReader(io.StringIO(done.stdout.removeprefix("\ufeff"))))
    assert [row["text"] for row in rows] == [ROADS.format(2012), ROADS.format(2013), f"'{ATTACK}", f"'{ATTACK}"]
    first = rows[0]
    assert (first["notices"], first["years"], first["document_number"]) == ("2", "2012; 2013", "2012/TB")
    assert first["words"] == "đường liên thôn xuống cấp; km; sửa chữa"
    assert (first["pointer"], first["likeness"]) == ("/assessment/weaknesses/0", "1.0")
    assert "2 sets of weaknesses, 1 sets of directives" in done.stderr


def test_json_and_json_lines_have_a_set_an_object(results):
    found = json.loads(call(results, "--format", "json").stdout)
    lines = [json.loads(line) for line in call(results, "--format", "jsonl").stdout.splitlines()]
    assert found == lines
    assert [(one["notices"], one["years"]) for one in found] == [(2, [2012, 2013])] * 2
    assert [one["text"] for one in found[0]["occurrences"]] == [ROADS.format(2012), ROADS.format(2013)]
    assert found[0]["occurrences"][1]["pointer"] == "/assessment/weaknesses/0"


def test_a_table_says_how_many_there_are(results):
    done = call(results, "--format", "table", "--limit", "1")
    assert "2012, 2013" in done.stdout
    assert "1 of 2 weaknesses that return" in done.stderr


@pytest.mark.parametrize(
    ("options", "count"),
    [
        (("--what", "directives"), 1),
        (("--words", "gieng khoan"), 1),
        (("--words", "giếng liên"), 0),
        (("--notices", "3"), 0),
        (("--limit", "1"), 1),
    ],
)
def test_options_choose_what_is_printed(results, options, count):
    assert len(json.loads(call(results, "--format", "json", *options).stdout)) == count
    assert len(call(results, "--format", "jsonl", *options).stdout.splitlines()) == count


def test_a_folder_without_results_is_refused(tmp_path):
    done = CliRunner().invoke(main, ["returning", "--out", str(tmp_path)])
    assert done.exit_code != 0
    assert "there are no results" in done.stderr
