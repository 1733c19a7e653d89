"""``chidao evaluate --ablation``: rules alone, the model alone, and both, with the reading replaced by a stand-in."""

from __future__ import annotations

import json
from dataclasses import replace

import pytest
from click.testing import CliRunner
from made_notices import ENGINE

from pipeline.cli import main
from pipeline.notice import Notice

WORDS = {"a": "Kho thiếu phao cứu sinh", "x": "Hai thuyền thủng đáy không ai vá"}
FOUND = {(True, False): [], (False, True): ["a", "x"], (True, True): ["a"]}
"""Which weaknesses are read with (rules, model)."""


def read_by_settings(notice, settings):
    found = FOUND[settings.extract.rules, settings.extract.model]
    weaknesses = [{"text": WORDS[name]} for name in found]
    data = notice.model_dump(mode="json", exclude={"evidence"})
    return Notice.model_validate({**data, "assessment": {"achievements": [], "weaknesses": weaknesses}, "evidence": {}})


@pytest.fixture
def gold(tmp_path):
    folder = tmp_path / "gold" / "a"
    folder.mkdir(parents=True)
    known = {"assessment": {"achievements": [], "weaknesses": [{"text": WORDS["a"]}]}}
    (folder / "gold.json").write_text(json.dumps(known), encoding="utf-8")
    (folder / "notice.txt").write_text("a", encoding="utf-8")
    return tmp_path / "gold"


def chidao(*args):
    engine = replace(ENGINE, extract=lambda path, settings: read_by_settings(ENGINE.extract(path, settings), settings))
    return CliRunner().invoke(main, [str(arg) for arg in args], obj=engine)


def rows(output):
    lines = [[cell.strip() for cell in line.strip("│").split("│")] for line in output.splitlines() if "│" in line]
    return {(name, way): figures for name, way, *figures in lines}


def test_each_way_of_reading_has_its_row(gold):
    result = chidao("evaluate", gold, "--ablation")
    assert result.exit_code == 0, result.output
    found = {way: figures[2:] for (name, way), figures in rows(result.stdout).items() if name.startswith("weakn")}
    assert found["rules only"][1:] == ["0", "0", "1"]
    assert found["both"] == ["1.000", "1", "0", "0"]
    assert found["model only"][1:] == ["1", "1", "0"]


def test_the_table_goes_into_a_document_under_its_own_name(gold, tmp_path):
    document = tmp_path / "doc.md"
    assert chidao("evaluate", gold, "--ablation", "--markdown", document).exit_code == 0
    text = document.read_text(encoding="utf-8")
    assert f"<!-- measured: {gold.as_posix()} --ablation -->" in text
    assert "| **all** | rules only |" in text


@pytest.mark.parametrize("other", ["--leave-one-issuer-out", "folder"])
def test_it_goes_with_no_other_way_of_reading(gold, other):
    result = chidao("evaluate", gold, other, "--ablation")
    assert result.exit_code == 64
    assert "--ablation goes with neither" in result.stderr
