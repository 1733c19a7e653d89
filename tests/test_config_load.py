"""Flags beat the environment, it beats the file, that beats the defaults; whatever is wrong is named with its place."""

import contextlib
import os

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from pipeline.config.load import find_file, load_config, read_file, read_layers
from pipeline.errors import ConfigError


@pytest.fixture(autouse=True)
def place(tmp_path, monkeypatch):
    """Give a folder in which nothing is set."""
    for name in [name for name in os.environ if name.upper().startswith("CHIDAO_")]:
        monkeypatch.delenv(name)
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "xdg"))
    monkeypatch.chdir(tmp_path)
    return tmp_path


def write(path, text):
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")
    return path


def refused(file=None, assignments=()):
    with pytest.raises(ConfigError) as caught:
        load_config(file, assignments)
    assert caught.value.exit_code == 78
    return str(caught.value)


def all_problems(path=None, assignments=()):
    return [str(problem) for layer in read_layers(path, assignments) for problem in layer.problems()]


# --- precedence


def test_four_levels(place, monkeypatch):
    def now(*assignments):
        loaded = load_config(None, assignments)
        return loaded.config.read.max_pages, loaded.origin("read.max_pages")

    assert now() == (2000, ("default", "default"))
    write(place / "chidao.toml", "[read]\nmax_pages = 10\n")
    assert now() == (10, ("file", "file chidao.toml"))
    monkeypatch.setenv("CHIDAO_READ__MAX_PAGES", "20")
    assert now() == (20, ("environment", "environment CHIDAO_READ__MAX_PAGES"))
    assert now("read.max_pages=30") == (30, ("flag", "--set"))
    assert now("read.max_pages=30", "read.max_pages = 40")[0] == 40


def test_levels_are_mixed_setting_by_setting(place, monkeypatch):
    write(place / "chidao.toml", "[read]\nmax_pages = 10\nmax_bytes = 11\n[ocr]\ndpi = 100\n")
    monkeypatch.setenv("CHIDAO_READ__MAX_BYTES", "12")
    config = load_config(None, ["ocr.language=eng"]).config
    assert (config.read.max_pages, config.read.max_bytes, config.ocr.dpi, config.ocr.language) == (10, 12, 100, "eng")
    assert config.settings.read == config.read


def test_a_higher_level_can_unset(place, monkeypatch):
    write(place / "chidao.toml", "[batch]\nmax_hours = 3\nfail_over = 0.1\n")
    monkeypatch.setenv("CHIDAO_BATCH__FAIL_OVER", "")
    assert load_config(None, ["batch.max_hours="]).config.batch.max_hours is None
    assert load_config().config.batch.fail_over is None


def test_where_the_file_is_looked_for(place, monkeypatch):
    assert find_file() is None or str(find_file()).startswith("/etc")
    usual = write(place / "xdg" / "chidao" / "chidao.toml", "[ocr]\ndpi = 101\n")
    assert find_file() == usual
    write(place / "chidao.toml", "[ocr]\ndpi = 102\n")
    assert load_config().config.ocr.dpi == 102
    monkeypatch.setenv("CHIDAO_CONFIG", str(write(place / "named.toml", "[ocr]\ndpi = 103\n")))
    assert load_config().config.ocr.dpi == 103
    given = write(place / "given.toml", "[read]\nmax_pages = 7\n")
    loaded = load_config(given)
    assert (loaded.config.ocr.dpi, loaded.config.read.max_pages, loaded.file) == (220, 7, given)


def test_a_byte_order_mark_is_passed_over(place):
    path = place / "chidao.toml"
    path.write_bytes(b"\xef\xbb\xbf[ocr]\r\ndpi = 101\r\n")
    assert load_config().config.ocr.dpi == 101


# --- files that cannot be used


def test_a_file_that_is_named_must_be_there(place, monkeypatch):
    assert "there is no file of settings" in refused(place / "none.toml")
    assert "there is no file of settings" in refused(place)
    monkeypatch.setenv("CHIDAO_CONFIG", str(place / "none.toml"))
    assert "none.toml" in refused()


@pytest.mark.parametrize("text", ["x = [1", "[read\n", "read.max_pages == 3", "a = 1\na = 2", "x = " + "[" * 9_999])
def test_what_is_no_toml(place, text):
    assert "chidao.toml is no TOML" in refused(write(place / "chidao.toml", text))


def test_what_is_no_text(place):
    (place / "chidao.toml").write_bytes(b"\xff\xfe")
    assert "is no text in UTF-8" in refused()


def test_a_file_that_may_not_be_read(place, monkeypatch):
    path = write(place / "chidao.toml", "")
    opened = type(path).read_bytes

    def refuse(self):
        if self == path:
            raise PermissionError(13, "Permission denied")
        return opened(self)

    monkeypatch.setattr(type(path), "read_bytes", refuse)
    assert "cannot be read: Permission denied" in refused(path)


# --- settings that are wrong


def test_an_unknown_setting_is_refused_with_its_place_and_the_nearest_name(place):
    write(place / "chidao.toml", "[read]\nmax_page = 3\n")
    assert refused() == "file chidao.toml: there is no setting read.max_page: did you mean read.max_pages?"


def test_every_problem_is_named(place):
    text = 'dpi = 3\nread = 4\n[reed]\nx = 1\n[ocr]\ndpi = "many"\nlanguage = "v"\nwarkers = 2\n[web]\nport = -1\n'
    path = write(place / "chidao.toml", text)
    assert {problem.removeprefix(f"file {path}: ") for problem in all_problems(path)} == {
        "there is no setting dpi: did you mean ocr.dpi?",
        "there is no section [reed]: did you mean [read]?",
        "there is no setting ocr.warkers: did you mean ocr.workers?",
        "read must be a section: set what is in it, such as read.max_bytes",
        "ocr.language must have at least 3 characters: meant is: Tesseract language model",
        "ocr.dpi must be a valid integer: meant is: dots per inch at which pages are read",
        "web.port must be greater than or equal to 0: meant is: port to listen at; 0 for any that is free",
    }
    assert "(6 more: `chidao config check` lists all)" in refused(path)


def test_what_a_run_sets_for_itself_is_no_setting(place, monkeypatch):
    assert "there is no setting read.converted" in refused(write(place / "a.toml", "[read]\nconverted = 3\n"))
    monkeypatch.setenv("CHIDAO_READ__CONVERTED", "x")
    assert "environment CHIDAO_READ__CONVERTED: there is no setting read.converted" in refused()


@pytest.mark.parametrize(
    ("name", "value", "said"),
    [
        ("CHIDAO_READ__MAX_PAGE", "3", "there is no setting read.max_page: did you mean read.max_pages?"),
        ("CHIDAO_READ_MAX_PAGES", "3", "it sets nothing: did you mean CHIDAO_READ__MAX_PAGES?"),
        ("CHIDAO_REED__MAX_PAGES", "3", "there is no setting reed.max_pages: did you mean read.max_pages?"),
        ("CHIDAO_READ__MAX_PAGES", "x", "read.max_pages must be a valid integer: meant is: most pages of one file"),
        ("CHIDAO_READ__MAX_PAGES__X", "3", "read.max_pages must be a valid integer"),
        ("CHIDAO_READ", "3", "read must be a section"),
    ],
)
def test_wrong_variables(monkeypatch, name, value, said):
    monkeypatch.setenv(name, value)
    (problem,) = all_problems()
    assert problem.startswith(f"environment {name.removesuffix('__X')}: {said}")


def test_variables_of_others_are_left_alone(monkeypatch):
    monkeypatch.setenv("CHIDAO_SERVICE_HOST", "10.0.0.1")
    monkeypatch.setenv("CHIDAO_FUZZ_RUNS", "3")
    assert all_problems() == []


@pytest.mark.parametrize(
    ("assignment", "said"),
    [
        ("read.max_pages", "--set: read.max_pages has no value: write --set read.max_pages=VALUE"),
        ("max_pages=3", "--set: there is no setting max_pages: did you mean read.max_pages?"),
        ("read.max_page=3", "--set: there is no setting read.max_page: did you mean read.max_pages?"),
        ("reed.x=3", "--set: there is no section [reed]: did you mean [read]?"),
        ("read.max_pages=0", "--set: read.max_pages must be greater than 0: meant is: most pages of one file"),
    ],
)
def test_wrong_flags(assignment, said):
    assert refused(None, [assignment]) == said


def test_a_wrong_secret_is_not_repeated(place):
    text = '[store]\nurl = "mysql://u:geheim@h/d"\n[notify]\nping_url = "http://h/geheim"\n'
    assert "geheim" not in " ".join(all_problems(write(place / "chidao.toml", text)))


@settings(deadline=None, suppress_health_check=list(HealthCheck))
@given(st.text(), st.text())
def test_any_flag_is_taken_or_refused(key, value):
    with contextlib.suppress(ConfigError):
        load_config(None, [f"{key}={value}"])


@settings(deadline=None, suppress_health_check=list(HealthCheck))
@given(st.binary())
def test_any_file_is_taken_or_refused(tmp_path_factory, data):
    path = tmp_path_factory.mktemp("any") / "chidao.toml"
    path.write_bytes(data)
    with contextlib.suppress(ConfigError):
        read_file(path).problems()
