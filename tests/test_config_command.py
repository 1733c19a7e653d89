"""`chidao config`, and the settings as the other commands take them."""

import json
import os
import tomllib

import pytest
from click.testing import CliRunner
from made_notices import ENGINE, extract_made, make_notice

from pipeline.cli import main
from pipeline.cli.console import Engine
from pipeline.config import Settings, config_hash
from pipeline.config.keys import KEYS
from pipeline.write import to_json


@pytest.fixture(autouse=True)
def place(tmp_path, monkeypatch):
    """Give a folder in which nothing is set."""
    for name in [name for name in os.environ if name.upper().startswith("CHIDAO_")]:
        monkeypatch.delenv(name)
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "xdg"))
    monkeypatch.chdir(tmp_path)
    return tmp_path


def chidao(*args, engine=ENGINE):
    return CliRunner().invoke(main, [str(arg) for arg in args], obj=engine)


def test_show_says_where_each_setting_comes_from(place, monkeypatch):
    (place / "chidao.toml").write_text('[ocr]\ndpi = 300\n[web]\ntoken = "geheim"\n')
    monkeypatch.setenv("CHIDAO_STORE__URL", "postgresql://ana:geheim@host/chidao")
    result = chidao("config", "show", "--set", "read.max_pages=7")
    assert (result.exit_code, result.stderr) == (0, "")
    lines = [" ".join(line.split()) for line in result.stdout.splitlines()]
    for line in (
        "max_pages = 7 # --set",
        "dpi = 300 # file chidao.toml",
        '# url = "postgresql://ana:***@host/chidao" # environment CHIDAO_STORE__URL',
        '# token = "***" # file chidao.toml',
        "timeout = 120.0 # default",
        "# max_hours is not set # default",
    ):
        assert line in lines
    assert "geheim" not in result.stdout


def test_what_show_prints_is_a_file_of_settings(place):
    (place / "saved.toml").write_text(chidao("config", "show", "--set", "ocr.dpi=300").stdout)
    assert tomllib.loads((place / "saved.toml").read_text())["ocr"]["dpi"] == 300
    assert chidao("config", "check", "saved.toml").exit_code == 0


def test_show_as_json(place):
    (place / "chidao.toml").write_text('[notify]\nping_url = "https://hc.vn/geheim"\n[web]\nallowed_hosts = ["a.vn"]\n')
    result = chidao("config", "show", "--json")
    shown = json.loads(result.stdout)
    assert (shown["file"], shown["config_hash"]) == ("chidao.toml", config_hash(Settings()))
    assert list(shown["settings"]) == list(KEYS)
    assert shown["settings"]["notify.ping_url"] == {
        "value": "https://hc.vn/***",
        "from": "file",
        "place": "file chidao.toml",
    }
    assert shown["settings"]["web.allowed_hosts"]["value"] == ["a.vn"]
    assert shown["settings"]["batch.max_hours"] == {"value": None, "from": "default", "place": "default"}


def test_a_path_that_is_no_text_can_be_shown(monkeypatch):
    monkeypatch.setenv("CHIDAO_NOTIFY__METRICS_FILE", os.fsdecode(b"/tmp/h\xe1p.prom"))
    for options in ((), ("--json",)):
        assert chidao("config", "show", *options).exit_code in {0, 78}


def test_check_is_content_with_right_settings(place):
    result = chidao("config", "check")
    assert (result.exit_code, result.stdout) == (0, "no file: the settings are right (0 set)\n")
    (place / "chidao.toml").write_text("[ocr]\ndpi = 300\nworkers = 2\n")
    assert chidao("config", "check").stdout == "chidao.toml: the settings are right (2 set)\n"


def test_check_names_every_problem_in_a_line(place, monkeypatch):
    (place / "a.toml").write_text('[ocr]\ndpi = "x"\nwarkers = 2\n')
    result = chidao("config", "check", "a.toml")
    assert (result.exit_code, len(result.stdout.splitlines()), result.stderr) == (78, 2, "")
    assert "did you mean ocr.workers?" in result.stdout
    monkeypatch.setenv("CHIDAO_OCR__DPI", "y")
    assert len(chidao("--config", "a.toml", "config", "check", "--set", "x.y=1").stdout.splitlines()) == 4
    assert len(chidao("config", "check", "a.toml").stdout.splitlines()) == 2  # that file alone


@pytest.mark.parametrize("text", [None, "x = [", "\0"])
def test_check_of_a_file_that_cannot_be_used(place, text):
    if text is not None:
        (place / "a.toml").write_text(text)
    result = chidao("config", "check", "a.toml")
    assert (result.exit_code, len(result.stdout.splitlines())) == (78, 1)


# --- other commands


def seen_by(*args):
    seen = []

    def extract(path, settings):
        seen.append(settings)
        return extract_made(path, settings)

    assert chidao(*args, engine=Engine(extract, ENGINE.read_document)).exit_code == 0
    return seen[0]


def test_commands_take_the_settings_in_effect(place, monkeypatch):
    (place / "a.pdf").write_bytes(b"a.pdf")
    (place / "chidao.toml").write_text("[ocr]\ndpi = 300\n[read]\nmax_pages = 5\n")
    monkeypatch.setenv("CHIDAO_OCR__LANGUAGE", "eng")
    for line in (("--set", "read.max_pages=7", "extract", "a.pdf"), ("extract", "a.pdf", "--set", "read.max_pages=7")):
        settings = seen_by(*line)
        assert (settings.read.max_pages, settings.ocr.dpi, settings.ocr.language) == (7, 300, "eng")
    assert not settings.extract.any_document
    assert seen_by("extract", "a.pdf", "--any").extract.any_document
    assert seen_by("extract", "a.pdf", "--set", "extract.any_document=true").extract.any_document


def test_evaluation_takes_them_too(place):
    case = place / "cases" / "a"
    case.mkdir(parents=True)
    (case / "gold.json").write_bytes(to_json(make_notice()))
    (case / "notice.txt").write_bytes(b"a")
    assert seen_by("evaluate", "cases", "--set", "ocr.dpi=300").ocr.dpi == 300


def test_a_wrong_setting_stops_a_command_before_any_work(place):
    (place / "a.pdf").write_bytes(b"a.pdf")
    (place / "chidao.toml").write_text("[read]\nmax_page = 3\n")
    result = chidao("extract", "a.pdf")
    assert (result.exit_code, result.stdout) == (78, "")
    (line,) = result.stderr.splitlines()
    assert line == "chidao: file chidao.toml: there is no setting read.max_page: did you mean read.max_pages?"


def test_help_needs_no_settings(place):
    (place / "chidao.toml").write_text("[")
    assert chidao("--help").exit_code == 0
    assert chidao("extract", "--help").exit_code == 0


def test_the_advice_of_a_limit_can_be_taken(place):
    (place / "a.txt").write_text("x" * 100)
    said = chidao("text", "a.txt", "--set", "read.max_bytes=50", engine=None)
    assert said.exit_code == 65
    assert "--set read.max_bytes=N" in said.stderr
    assert chidao("text", "a.txt", "--set", "read.max_bytes=500", engine=None).exit_code == 0
