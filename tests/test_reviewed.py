"""What people reviewed becomes gold, which `evaluate` and `train` read; nothing is taken for reviewed that is not."""

import datetime as dt
import hashlib
import json

import pytest
from click.testing import CliRunner
from made_notices import make_notice

from pipeline.cli import main
from pipeline.learn.cases import find_cases, read_gold, source_file
from pipeline.store import Correction, DocumentRecord, Ending, Sighting, encode_path, open_store, result_hash

NOON = dt.datetime(2024, 5, 2, 12, tzinfo=dt.UTC)
TEXT = "Giao Sở Y tế chủ trì, phối hợp với Sở Tài chính báo cáo trước ngày 30/6/2024."


@pytest.fixture
def out(tmp_path):
    """Results with two notices, each with one value of 0.5; return the folder."""
    (tmp_path / "in").mkdir()
    seen = {"quote": "Giao", "start": 0, "end": 4, "page": 1, "boxes": [], "confidence": 0.5, "method": "rule"}
    with open_store(tmp_path / "chidao.db") as store:
        for name in ("a", "b"):
            data = name.encode()
            (tmp_path / "in" / f"{name}.pdf").write_bytes(data)
            sha256 = hashlib.sha256(data).hexdigest()
            store.add_documents([DocumentRecord(sha256, 1, name)])
            place = encode_path(tmp_path / "in"), encode_path(f"{name}.pdf")
            store.note_sightings([Sighting(*place, sha256, 1, 1, 1)])
            attempt = store.begin_attempt(sha256, "r1", NOON, alone=False)
            notice = make_notice(f"{name}.pdf", data, evidence={"/directives/0/text": seen})
            store.end_attempt(attempt, sha256, Ending("ok", "ok", notice=notice, text=TEXT), NOON, "1", "c")
    return tmp_path


def say(out, name, pointer, action, *values):
    sha256 = hashlib.sha256(name.encode()).hexdigest()
    with open_store(out / "chidao.db") as store:
        result = result_hash(store.notice(sha256))
        before, after = (*values, None)[:2]
        store.add_correction(Correction(sha256, pointer, action, before, after, "mai", NOON, result))


def chidao(*arguments):
    return CliRunner().invoke(main, [str(argument) for argument in arguments])


def spoken_of(out):
    say(out, "a", "/header/place", "correct", "Đồng Hới", "Huế")
    say(out, "a", "/directives/0/text", "confirm", make_notice().directives[0].text)


def test_nobody_has_said_anything(out):
    result = chidao("gold", out / "gold", "--out", out)
    assert (result.exit_code != 0, "serve" in result.stderr, (out / "gold").exists()) == (True, True, False)


def test_what_has_doubtful_values_left_is_no_gold(out):
    say(out, "a", "/header/place", "correct", "Đồng Hới", "Huế")
    result = chidao("gold", out / "gold", "--out", out)
    assert ("0 cases written" in result.stdout, "a: 1 values to look at yet" in result.stderr) == (True, True)
    assert "1 cases written" in chidao("gold", out / "gold", "--out", out, "--below", "0.4").stdout


def test_a_reviewed_notice_is_a_case_as_it_was_corrected(out):
    spoken_of(out)
    assert chidao("gold", out / "gold", "--out", out).exit_code == 0
    (case,) = find_cases(out / "gold")
    gold = read_gold(case)
    assert (case.name, gold["header"]["place"], gold["directives"][0]["number"]) == ("a", "Huế", "1")
    assert {"source", "evidence"} & set(gold) == set()
    assert (case / "notice.txt").read_text("utf-8") == TEXT
    told = json.loads((case / "reviewed.json").read_text("utf-8"))
    assert (told["who"], told["said"], told["sure_from"]) == (["mai"], {"correct": 1, "confirm": 1}, 0.9)


def test_what_was_corrected_counts_as_missed_when_it_is_measured(out):
    spoken_of(out)
    chidao("gold", out / "gold", "--out", out)
    with open_store(out / "chidao.db") as store:
        read = store.notice(hashlib.sha256(b"a").hexdigest())
    (out / "read").mkdir()
    (out / "read" / "a.json").write_text(read.model_dump_json(), "utf-8")
    result = chidao("evaluate", out / "gold", out / "read", "--json", out / "scores.json")
    assert result.exit_code == 0, result.output
    scores = json.loads((out / "scores.json").read_text("utf-8"))
    assert [line.partition(": ")[2] for line in scores["misses"]] == [
        "place: missed Huế",
        "place: spurious Đồng Hới",
    ]


def test_a_case_that_is_there_stays_unless_it_is_to_be_made_anew(out):
    spoken_of(out)
    chidao("gold", out / "gold", "--out", out)
    (out / "gold" / "a" / "gold.json").write_text("{}")
    result = chidao("gold", out / "gold", "--out", out)
    assert ("0 cases written" in result.stdout, "--force" in result.stderr) == (True, True)
    assert read_gold(out / "gold" / "a") == {}
    chidao("gold", out / "gold", "--out", out, "--force")
    assert read_gold(out / "gold" / "a")["header"]["place"] == "Huế"
    assert [path.name for path in (out / "gold").iterdir()] == ["a"]


def test_the_original_comes_along_if_it_is_asked_for_and_as_it_was(out):
    spoken_of(out)
    chidao("gold", out / "gold", "--out", out)
    assert source_file(out / "gold" / "a").name == "notice.txt"
    chidao("gold", out / "gold", "--out", out, "--force", "--files")
    assert source_file(out / "gold" / "a").read_bytes() == b"a"
    (out / "in" / "a.pdf").write_bytes(b"x")
    chidao("gold", out / "gold", "--out", out, "--force", "--files")
    assert source_file(out / "gold" / "a").name == "notice.txt"


def test_what_is_taken_back_is_doubtful_again(out):
    spoken_of(out)
    with open_store(out / "chidao.db") as store:
        assert [store.undo(hashlib.sha256(b"a").hexdigest(), "mai", NOON) for _ in range(3)] == [True, True, False]
    result = chidao("gold", out / "gold", "--out", out, "--below", "0")
    assert (result.exit_code != 0, (out / "gold").exists()) == (True, False)
    say(out, "a", "/recipients/0", "confirm", "Như trên")
    result = chidao("gold", out / "gold", "--out", out)
    assert ("0 cases written" in result.stdout, "a: 1 values" in result.stderr) == (True, True)
