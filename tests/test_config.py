"""The models: frozen, strict about names, one hash for what changes a reading, and the example file in step."""

import re
import tomllib
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from pydantic import SecretStr, ValidationError

from pipeline.config import BatchSettings, Config, ExtractSettings, OcrSettings, ReadSettings, Settings, config_hash
from pipeline.config.example import example
from pipeline.config.keys import KEYS, mask_url, nearest, shown, to_toml, value_of, variable_of

EXAMPLE = Path(__file__).parent.parent / "deploy" / "chidao.toml"


def test_settings_are_the_part_that_changes_a_reading():
    config = Config(ocr=OcrSettings(dpi=300), batch=BatchSettings(workers=3))
    assert config.settings == Settings(ocr=OcrSettings(dpi=300))


def test_settings_are_frozen():
    with pytest.raises(ValidationError):
        Config().read.max_pages = 3


def test_every_setting_says_what_it_means():
    assert all(field.description for field in KEYS.values())
    assert "read.converted" not in KEYS  # a run sets it for itself


@pytest.mark.parametrize(
    ("section", "name", "value", "taken"),
    [
        ("batch", "max_hours", "", None),
        ("batch", "max_hours", "2.5", 2.5),
        ("batch", "fail_over", "5%", 0.05),
        ("batch", "fail_over", 0.5, 0.5),
        ("web", "allowed_hosts", "a.vn, b.vn", ("a.vn", "b.vn")),
        ("web", "allowed_hosts", '["a.vn"]', ("a.vn",)),
        ("web", "allowed_hosts", "", ()),
        ("store", "url", "postgresql+psycopg://u@h/chidao", "postgresql+psycopg://u@h/chidao"),
        ("notify", "log_json", "no", False),
    ],
)
def test_text_is_taken_for_what_it_means(section, name, value, taken):
    assert value_of(Config.model_validate({section: {name: value}}), f"{section}.{name}") == taken


@pytest.mark.parametrize(
    ("section", "name", "value"),
    [
        ("batch", "workers", True),
        ("batch", "fail_over", "500%"),
        ("batch", "seconds", float("inf")),
        ("batch", "seconds", float("nan")),
        ("store", "url", "mysql://u:geheim@h/d"),
        ("notify", "ping_url", "http://ping.vn/geheim"),
        ("cluster", "s3_endpoint_url", "s3://geheim"),
        ("web", "allowed_hosts", "[geheim"),
        ("web", "allowed_hosts", "[" * 99_999),
        ("web", "port", 70_000),
        ("web", "user_header", "X User"),
    ],
)
def test_wrong_values_are_refused_and_not_repeated(section, name, value):
    with pytest.raises(ValidationError) as caught:
        Config.model_validate({section: {name: value}})
    assert "geheim" not in str(caught.value)


def test_secrets_are_in_no_representation():
    config = Config.model_validate(
        {
            "store": {"url": "postgresql://u:geheim@h/d"},
            "notify": {"ping_url": "https://ping.vn/geheim"},
            "web": {"token": "geheim"},
        }
    )
    assert "geheim" not in repr(config)
    assert not any("geheim" in str(shown(key, value_of(config, key))) for key in KEYS)


@pytest.mark.parametrize(
    ("url", "masked"),
    [
        ("postgresql://u@h/d", "postgresql://u@h/d"),
        ("postgresql://u:p@h:5432/d", "postgresql://u:***@h:5432/d"),
        ("postgresql://u:p@/q@h/d", "postgresql://u:***@h/d"),
        ("postgresql://u:p\nq@h/d", "postgresql://u:***@h/d"),
        ("postgresql://h/d?user=u&password=p&x=1", "postgresql://h/d?user=u&password=***&x=1"),
        ("sqlite:///chidao.db", "sqlite:///chidao.db"),
    ],
)
def test_passwords_in_urls_are_masked(url, masked):
    assert mask_url(url) == masked


def test_who_knows_the_path_of_a_ping_can_ping():
    assert shown("notify.ping_url", "https://u:p@hc.vn/12-34?x") == "https://hc.vn/***"
    assert shown("web.token", SecretStr("x")) == "***"


@pytest.mark.parametrize(
    ("key", "advice"),
    [
        ("read.max_page", "read.max_pages"),
        ("raed.max_pages", "read.max_pages"),
        ("max_pages", "read.max_pages"),
        ("read.dpi", "ocr.dpi"),
        ("reed", "[read]"),
        ("reed.x", "[read]"),
        ("web.Port", "web.port"),
        ("xyzzy.qqq", None),
    ],
)
def test_the_nearest_name_is_offered(key, advice):
    said = nearest(key)
    assert said == (f"did you mean {advice}?" if advice else "`chidao config show` lists all settings")


# --- the hash


@pytest.mark.parametrize(
    "changed",
    [
        Settings(ocr=OcrSettings(workers=3)),
        Settings(ocr=OcrSettings(timeout=3)),
        Settings(read=ReadSettings(office_timeout=3)),
        Settings(read=ReadSettings(converted=Path("x"))),
        Settings(extract=ExtractSettings(model_folder=Path("x"))),
    ],
)
def test_the_hash_leaves_out_what_changes_no_reading(changed):
    assert config_hash(changed) == config_hash(Settings())


@pytest.mark.parametrize(
    "changed",
    [
        Settings(ocr=OcrSettings(dpi=300)),
        Settings(ocr=OcrSettings(second_voice="none")),
        Settings(read=ReadSettings(max_pages=3)),
        Settings(extract=ExtractSettings(model=False)),
    ],
)
def test_the_hash_changes_with_what_changes_a_reading(changed):
    assert config_hash(changed) != config_hash(Settings())


def test_the_hash_is_stable():
    given_here = Settings(ocr=OcrSettings(language="vie+eng"))
    assert config_hash(given_here) == config_hash(Settings.model_validate({"ocr": {"language": "vie+eng"}}))
    # Another digest here means that every file of every store is read anew.
    assert config_hash(Settings()) == "eeb6d1c761a53c25aa5990278bae5ddc0c680d6c8f0260ce7a19b5aac6f2176e"


# --- files


def test_the_example_is_made_of_the_models():
    assert EXAMPLE.read_text(encoding="utf-8") == example(), "python -m pipeline.config.example > deploy/chidao.toml"


def test_the_examples_values_are_the_defaults():
    taken_in = re.sub(r"^# (?=\w+ = )", "", EXAMPLE.read_text(encoding="utf-8"), flags=re.MULTILINE)
    values = tomllib.loads(taken_in)
    assert {f"{section}.{name}" for section, names in values.items() for name in names} == set(KEYS)
    assert Config.model_validate(values) == Config()


def test_the_example_as_it_is_sets_nothing():
    assert not any(tomllib.loads(EXAMPLE.read_text(encoding="utf-8")).values())


VALUES = {
    int: st.integers(1, 1024),
    float: st.floats(0.01, 1.0),
    bool: st.booleans(),
    str: st.text(min_size=3),
    tuple: st.lists(st.text()).map(tuple),
}
SIMPLE = {key: type(value_of(Config(), key)) for key in KEYS if type(value_of(Config(), key)) in VALUES}


@settings(deadline=None, suppress_health_check=list(HealthCheck))
@given(st.data())
def test_any_setting_survives_a_file(data):
    key = data.draw(st.sampled_from([key for key in SIMPLE if key != "ocr.dpi"]))
    section, _, name = key.partition(".")
    value = data.draw(VALUES[SIMPLE[key]])
    read = tomllib.loads(f"[{section}]\n{name} = {to_toml(shown('', value))}\n")
    assert value_of(Config.model_validate(read), key) == value


def test_variables_of_settings_are_apart():
    assert len({variable_of(key) for key in KEYS}) == len(KEYS)
