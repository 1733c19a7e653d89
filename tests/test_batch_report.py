"""What a run leaves for people and machines: report.json, report.html and a screen of text."""

from __future__ import annotations

import json
import re
import time
from dataclasses import replace
from importlib import resources
from pathlib import Path

import jsonschema
import pytest
from accounts import ACCOUNT, EMPTY, ENTRIES, HOSTILE, HOSTILE_ACCOUNT, many
from lxml import html

from pipeline import errors
from pipeline.batch.account import FAILED, FATES
from pipeline.batch.found import FOUND
from pipeline.batch.report import report_text, write_reports
from pipeline.batch.report_html import report_html
from pipeline.batch.report_json import Counts, report_json, schema_json
from pipeline.language import load

SCHEMA = json.loads((resources.files("pipeline.batch") / "report.schema.json").read_bytes())
ACCOUNTS = {"plain": ACCOUNT, "hostile": HOSTILE_ACCOUNT, "empty": EMPTY, "many": many(300)}


@pytest.fixture(params=ACCOUNTS.values(), ids=ACCOUNTS)
def account(request):
    return request.param


def page(account):
    return html.document_fromstring(report_html(account).decode("utf-8"))


def words(element):
    return " ".join(element.text_content().split())


def test_the_report_fits_its_schema(account):
    jsonschema.Draft202012Validator.check_schema(SCHEMA)
    jsonschema.validate(json.loads(report_json(account)), SCHEMA)


def test_the_schema_file_is_that_of_the_model():
    made = (resources.files("pipeline.batch") / "report.schema.json").read_bytes()
    assert made == schema_json(), (
        "write pipeline.batch.report_json.schema_json() into pipeline/batch/report.schema.json"
    )


def test_every_field_of_the_report_is_described_in_the_docs():
    text = (Path(__file__).parent.parent / "docs" / "nightly.md").read_text(encoding="utf-8")
    named = set(re.findall(r"`([a-z_0-9]+)`", text))
    definitions = [SCHEMA, *SCHEMA["$defs"].values()]
    assert {name for part in definitions for name in part["properties"]} <= named


def test_the_counts_add_up(account):
    counts = json.loads(report_json(account))["counts"]
    assert counts["seen"] == sum(counts[fate] for fate in FATES)
    assert counts["seen"] == len(account.entries) + account.unchanged


def test_every_fate_is_counted():
    assert set(Counts.model_fields) == {"seen", *FATES}


def test_each_failure_says_what_happened_and_what_to_do():
    report = json.loads(report_json(ACCOUNT))
    assert len(report["failures"]) == sum(report["counts"][fate] for fate in FAILED) == 5
    assert report["failures"][0] | {"sha256": None} == {
        **report["files"][18],
        "file": "2026/ke-hoach-mat.pdf",
        "fate": "refused",
        "kind": "encrypted",
        "reason": "the file needs a password",
        "advice": "save it without one",
    }


def test_the_quarantine_holds_what_earlier_runs_put_there():
    report = json.loads(report_json(ACCOUNT))
    assert [entry["file"] for entry in report["quarantine"]] == ["2026/bando.pdf", "2026/độc.pdf", "2025/cu.pdf"]
    assert report["for_people"] == 6


def test_the_slowest_ten_are_named():
    slowest = json.loads(report_json(ACCOUNT))["slowest"]
    assert len(slowest) == 10
    assert slowest[0]["file"] == "2026/bando.pdf"
    assert [entry["seconds"] for entry in slowest] == sorted((entry["seconds"] for entry in slowest), reverse=True)


def test_the_run_is_told_with_versions_and_settings():
    report = json.loads(report_json(replace(ACCOUNT, stopped_early="after 6 hours")))
    assert report["run"]["stopped_early"] == "after 6 hours"
    assert report["run"]["started_at"] == "2026-03-04T18:30:00Z"
    assert report["run"]["seconds"] == 848
    assert report["versions"]["chidao"] == "0.1.0"
    assert report["config"] == "9b1c7d2e"
    assert report["links"][0]["like"] == "2026/tb-003-ky.pdf"


def test_names_that_are_not_utf8_are_told_apart_in_json():
    files = [entry["file"] for entry in json.loads(report_json(HOSTILE_ACCOUNT))["failures"]]
    assert len(set(files)) == len(HOSTILE)
    assert all(name.isprintable() for name in files)
    assert "caf\\udce9.pdf" in files


def test_reports_are_written_whole_and_nothing_else(tmp_path, account):
    paths = write_reports(account, tmp_path)
    assert paths == [tmp_path / "runs" / account.id / name for name in ("report.json", "report.html")]
    assert sorted(path for path in tmp_path.rglob("*") if path.is_file()) == sorted(paths)


def test_a_report_that_cannot_be_written_is_an_error_of_the_output(tmp_path):
    (tmp_path / "runs").write_text("in the way")
    with pytest.raises(errors.OutputError):
        write_reports(ACCOUNT, tmp_path)


def test_the_same_account_gives_the_same_bytes():
    assert report_html(ACCOUNT) == report_html(ACCOUNT)
    assert report_json(ACCOUNT) == report_json(ACCOUNT)


def test_the_page_runs_and_loads_nothing(account):
    tree = page(account)
    allowed = {
        "html",
        "head",
        "meta",
        "title",
        "style",
        "body",
        "header",
        "main",
        "section",
        "article",
        "footer",
        "div",
    }
    allowed |= {"h1", "h2", "h3", "p", "span", "b", "i", "a", "bdi", "time", "dl", "dt", "dd", "ul", "li"}
    allowed |= {"table", "thead", "tbody", "tr", "th", "td", "svg", "rect"}
    assert {element.tag for element in tree.iter() if isinstance(element.tag, str)} <= allowed
    attributes = {name for element in tree.iter() for name in element.attrib}
    assert {name for name in attributes if name.startswith("on") or name in {"src", "style", "srcset"}} == set()
    assert "url(" not in tree.findtext(".//style")
    assert "@import" not in tree.findtext(".//style")


def test_the_page_forbids_what_it_does_not_need():
    (policy,) = page(ACCOUNT).xpath("//meta[@http-equiv='Content-Security-Policy']/@content")
    assert policy.startswith("default-src 'none'; style-src 'unsafe-inline'")


def test_links_stay_within_the_results(account):
    for target in page(account).xpath("//a/@href"):
        assert re.fullmatch(r"(?:report\.json|\.\./\.\./other_documents\.csv|\.\./\.\./notices/[\w.%~-]+)", target)


def test_hostile_names_are_text_on_one_line():
    tree = page(HOSTILE_ACCOUNT)
    names = {element.text for element in tree.xpath("//bdi[contains(@class, 'name')]")}
    assert "<script>alert(1)</script>.pdf" in names
    assert "\\u202efdp.exe" in names
    assert "two\\nlines\\r.pdf" in names
    assert "caf\\udce9.pdf" in names
    assert "{{ 7*7 }}{% raw %}.pdf" in names
    assert not re.search("[\u202a-\u202e\u2066-\u2069\x00-\x08\x1b]", report_html(HOSTILE_ACCOUNT).decode())


def test_the_headline_says_how_many_need_a_person():
    assert words(page(ACCOUNT).find(".//h1")) == (
        "Đã xem 1.235 tệp, đọc được 18 thông báo kết luận; 6 tệp cần người xem."
    )
    assert "không tệp nào cần người xem" in words(page(EMPTY).find(".//h1"))


def test_failures_are_grouped_by_kind_the_most_frequent_first():
    heads = [words(head) for head in page(ACCOUNT).xpath("//article/h3")]
    assert heads[0] == "Tệp hỏng damaged 2"
    assert heads[-1] == "Đang cách ly In quarantine 1"
    assert "Có mật khẩu encrypted 1" in heads


def test_the_least_certain_notice_comes_first_and_links_to_its_result():
    targets = page(ACCOUNT).xpath("//a[starts-with(@href, '../../notices/')]/@href")
    assert targets[0] == "../../notices/2026__tb-000.json"
    assert len(targets) == 10


def test_one_failure_in_thousands_is_seen_in_the_bar():
    entries = (*(replace(ENTRIES[0], file=f"{n}.pdf") for n in range(9000)), replace(ENTRIES[18], file="bad.pdf"))
    rects = page(replace(ACCOUNT, entries=entries)).xpath("//svg[@class='stack']/rect")
    assert [rect.get("class") for rect in rects] == ["fate-ok", "fate-refused"]
    assert float(rects[1].get("width")) > 3
    assert sum(float(rect.get("width")) for rect in rects) == pytest.approx(1000, abs=0.1)


def test_a_night_of_ten_thousand_files_is_a_small_page():
    account = many(10_000)
    started = time.monotonic()
    made = report_html(account)
    assert len(made) < 1_000_000
    assert time.monotonic() - started < 20
    assert "và 9.980 tệp nữa, xem" in made.decode()


KINDS = {
    error.kind for error in vars(errors).values() if isinstance(error, type) and issubclass(error, errors.InputError)
}
NO_FILES = {"conflict", "correction", "no-run"}
"""Errors of what people ask for, which no document has."""


@pytest.mark.parametrize("kind", sorted((KINDS | {"ocr", "missing-dependency", "error"}) - NO_FILES))
def test_every_kind_of_error_has_a_name_and_advice(kind):
    label = load("report")["kinds"][kind]
    assert label["vi"]
    assert label["en"]
    assert label["advice"]


def test_every_fate_and_count_has_a_name():
    report = load("report")
    assert set(report["fates"]) == set(FATES)
    assert set(FAILED) <= set(report["kinds"])
    assert set(FOUND) - {"files", "notices", "others", "problems"} == set(report["found"])


def test_the_text_fits_on_a_screen(account):
    lines = report_text(account).splitlines()
    assert len(lines) <= 45
    assert [line for line in lines if not line.isprintable()] == []
    assert all(len(line) <= 100 for line in lines[2:-1])


def test_the_text_ends_with_one_line_that_says_it_all():
    assert report_text(replace(ACCOUNT, stopped_early="after 6 hours")).splitlines()[-1] == (
        "finished, exit code 3: 1235 files seen, 28 read in 14 min 8 s, 18 notices, 5 failed, "
        "6 for a person to look at; stopped early: after 6 hours"
    )


def test_the_text_names_the_first_files_and_counts_the_rest():
    text = report_text(many(300))
    assert "  ... and 442 more, see runs/20260304T183000Z-4f2a/report.html" in text
