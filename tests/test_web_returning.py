"""The page of what returns, and the command that finds it."""

import datetime as dt
import json

import pytest
from click.testing import CliRunner
from made_notices import make_notice
from web_sites import PAYLOADS, hostile_notice, make_site

from pipeline.cli import main

NOON = dt.datetime(2024, 5, 2, 12, tzinfo=dt.UTC)
ROADS = "Đường liên thôn xuống cấp, còn {} km chưa được sửa chữa."


def notice(name, year, *weaknesses):
    header = {
        "document_number": f"{year}/TB",
        "issuing_body": "ỦY BAN NHÂN DÂN TỈNH HƯNG YÊN",
        "issue_date": f"{year}-02-03",
    }
    assessment = {"achievements": [], "weaknesses": [{"text": text} for text in weaknesses]}
    return make_notice(f"{name}.pdf", name.encode(), header=header, assessment=assessment, directives=[])


@pytest.fixture
def site(tmp_path):
    made = make_site(tmp_path)
    made.shas = [
        made.add(
            f"n{year}.pdf",
            f"n{year}".encode(),
            notice(f"n{year}", year, "Khác hẳn mọi năm: thiếu ghế", ROADS.format(year)),
        )
        for year in range(2012, 2020)
    ]
    yield made
    made.store.close()


def page(site, query=""):
    answer = site.client().get(f"/returning?lang=en&{query}")
    assert answer.status_code == 200
    return answer.text


def test_before_anybody_looked_it_is_said_how(site):
    assert "chidao returning" in page(site)


def test_each_time_is_shown_with_the_way_to_its_place(site):
    site.store.find_returning(NOON)
    text = page(site)
    assert "2 passages that return" in text
    assert text.count("8 notices · 2012, 2013, 2014") == 2
    for sha256, year in zip(site.shas, range(2012, 2020), strict=True):
        assert f'/notice/{sha256}#f-assessment-weaknesses-1"><bdi>{ROADS.format(year)}</bdi>' in text
    assert "f-assessment-weaknesses-1" in site.client().get(f"/notice/{site.shas[0]}").text


def test_a_notice_tells_what_of_it_is_said_again_and_where(site):
    site.store.find_returning(NOON)
    text = site.client().get(f"/notice/{site.shas[0]}?lang=en").text
    assert "Said again in other notices" in text
    assert f'/notice/{site.shas[1]}#f-assessment-weaknesses-1">2013/TB</a> (2013)' in text
    assert f'/notice/{site.shas[0]}#f-assessment-weaknesses-1">' not in text.partition("Said again")[2]


def test_conditions_and_pages_are_read_from_the_address(site):
    site.store.find_returning(NOON)
    assert "2 passages" in page(site, "year=2015&issuer=uy-ban-nhan-dan%40hung-yen")
    assert "Nothing returns" in page(site, "year=1999")
    assert "Nothing returns" in page(site, "what=directives")
    assert "Nothing returns" in page(site, "page=9")
    assert "2 passages" in page(site, "year=&topic=&notices=x&page=0&province=")


@pytest.mark.parametrize("query", ["page=²", "year=99999", "topic=%00", "issuer=%22", "what=%ff", "notices=-1"])
def test_odd_addresses_are_no_errors(site, query):
    page(site, query)


def test_texts_that_attack_stay_texts(tmp_path):
    made = make_site(tmp_path / "hostile")
    for payload in PAYLOADS:
        for copy in "ab":
            data = f"{payload}{copy}".encode()
            made.add(f"{copy}{len(made.store.documents())}.pdf", data, hostile_notice(data, payload), text=payload)
    made.store.find_returning(NOON)
    text = page(made)
    assert "<script>alert" not in text
    assert "<img src=x" not in text
    assert "passages that return" in text
    made.store.close()


def test_the_command_prints_lines_and_a_table(tmp_path):
    from pipeline.store import DocumentRecord, Ending, open_store  # noqa: PLC0415

    with open_store(tmp_path / "chidao.db") as store:
        for year in (2012, 2013):
            made = notice(f"n{year}", year, ROADS.format(year))
            store.add_documents([DocumentRecord(made.source.sha256, 1, f"n{year}")])
            attempt = store.begin_attempt(made.source.sha256, "r", NOON, alone=False)
            store.end_attempt(attempt, made.source.sha256, Ending("ok", "ok", notice=made, text=""), NOON, "1", "c")
    lines = CliRunner().invoke(main, ["returning", "--out", str(tmp_path)])
    (found,) = [json.loads(line) for line in lines.stdout.splitlines()]
    assert (found["notices"], found["years"]) == (2, [2012, 2013])
    assert [one["text"] for one in found["occurrences"]] == [ROADS.format(2012), ROADS.format(2013)]
    assert "1 sets of weaknesses, 0 sets of directives" in lines.stderr
    table = CliRunner().invoke(main, ["returning", "--out", str(tmp_path), "--format", "table"])
    assert "2012, 2013" in table.stdout
    nothing = CliRunner().invoke(main, ["returning", "--out", str(tmp_path), "--notices", "3"])
    assert (nothing.stdout, nothing.exit_code) == ("", 0)
