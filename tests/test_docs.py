"""What the documents say of the code is true."""

import re
import sqlite3
from pathlib import Path

import pytest
from click.testing import CliRunner

import pipeline
from pipeline.cli import main
from pipeline.errors import EXIT_CODES
from pipeline.store import open_store
from pipeline.write import TABLES

ROOT = Path(__file__).parent.parent
README = (ROOT / "README.md").read_text(encoding="utf-8")
MADE = ("commands.md", "evaluation.md")
"""Made by commands, and tested where they are made."""
DOCUMENTS = [
    "README.md",
    "CONTRIBUTING.md",
    "CHANGELOG.md",
    "models/README.md",
    "data/samples/README.md",
    *sorted(path.relative_to(ROOT).as_posix() for path in (ROOT / "docs").glob("*.md") if path.name not in MADE),
]
COMMANDS = sorted(
    {
        line.strip()
        for name in DOCUMENTS
        for block in re.findall(
            r"^ *```sh\n(.*?)```", (ROOT / name).read_text(encoding="utf-8"), re.MULTILINE | re.DOTALL
        )
        for line in re.findall(r"^\s*(chidao .+)$", block, re.MULTILINE)
    }
)


def test_the_exit_codes_are_the_codes_table():
    rows = re.findall(r"^\| (\d+) \| (.+) \|$", README, re.MULTILINE)
    assert {int(code): meaning for code, meaning in rows} == EXIT_CODES


def test_every_command_is_in_the_table():
    assert set(re.findall(r"^\| `chidao (\w+)", README, re.MULTILINE)) == set(main.commands)


@pytest.mark.parametrize("name", sorted(main.commands))
def test_the_arguments_shown_are_those_of_the_help(name):
    (shown,) = re.findall(rf"^\| `(chidao {name}[^`]*)`", README, re.MULTILINE)
    usage = CliRunner().invoke(main, [name, "--help"]).stdout.splitlines()[0]
    for word in shown.split()[2:]:
        assert word in usage or word in {"--out", "DIR"}


def test_there_are_commands_to_check():
    assert len(COMMANDS) >= 10


@pytest.mark.parametrize("line", COMMANDS)
def test_every_command_shown_can_be_parsed(line):
    words = line.partition("#")[0].split()[1:]
    # Commands keep what their option of help is called first, and other tests show their help.
    named = main.context_settings["help_option_names"]
    with main.commands[words[0]].make_context(words[0], words[1:], help_option_names=named) as context:
        assert context.command.name == words[0]


@pytest.mark.parametrize("table", [*TABLES, "problems"])
def test_every_table_is_described(table):
    assert f"| `{table}.csv` |" in README


@pytest.mark.parametrize("name", DOCUMENTS)
def test_links_lead_somewhere(name):
    document = ROOT / name
    for target in re.findall(r"\]\((?!https?:)([^)#]+)\)", document.read_text(encoding="utf-8")):
        assert (document.parent / target).exists(), target


@pytest.mark.parametrize("name", DOCUMENTS)
def test_paths_named_are_there(name):
    text = (ROOT / name).read_text(encoding="utf-8")
    for path in re.findall(r"(?:data/samples|pipeline|notebooks|tests|models)/[\w/.-]*\w", text):
        assert (ROOT / path).exists(), path


def test_make_targets_named_are_there():
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    for name in DOCUMENTS:
        for target in re.findall(r"(?:^|`)make ([a-z]+)\b", (ROOT / name).read_text(encoding="utf-8"), re.MULTILINE):
            assert re.search(rf"^{target}:", makefile, re.MULTILINE), target


def test_ci_runs_the_commands_of_the_readme():
    script = (ROOT / ".ci" / "run").read_text(encoding="utf-8")
    for command in ("make check", "make run", "make test"):
        assert re.search(rf"^{command}$", script, re.MULTILINE)


def test_the_version_is_one():
    project = (ROOT / "pyproject.toml").read_text(encoding="utf-8")
    assert f'version = "{pipeline.__version__}"' in project
    assert CliRunner().invoke(main, ["--version"]).stdout.split()[-1] == pipeline.__version__


@pytest.mark.parametrize("name", ["requirements.lock", "requirements-dev.lock"])
def test_locks_pin_everything_and_name_no_place(name):
    lines = (ROOT / name).read_text(encoding="utf-8").splitlines()
    for line in lines[1:]:
        assert re.fullmatch(r"[a-z0-9-]+==[\w.!+]+", line), line
    assert "/" not in lines[0].replace("`make lock`", "")


def test_every_dependency_is_locked():
    project = (ROOT / "pyproject.toml").read_text(encoding="utf-8")
    block = re.search(r"^dependencies = \[(.*?)^\]", project, re.MULTILINE | re.DOTALL)
    assert block is not None
    locked = {line.partition("==")[0] for line in (ROOT / "requirements.lock").read_text("utf-8").splitlines()}
    wanted = {re.sub(r"[_.]", "-", name) for name in re.findall(r'"([\w.-]+)', block[1])}
    assert wanted <= locked


def test_sql_shown_to_analysts_fits_the_store(tmp_path):
    text = (ROOT / "docs" / "analyst.md").read_text(encoding="utf-8").partition("\n## SQL\n")[2]
    queries = re.findall(r'"(SELECT [^"]+)"', text)
    tables = {name for row in re.findall(r"^\| (`.*?) \|", text, re.MULTILINE) for name in re.findall(r"`(\w+)`", row)}
    assert queries
    assert len(tables) > 10
    open_store(tmp_path / "chidao.db").close()
    store = sqlite3.connect(f"{(tmp_path / 'chidao.db').as_uri()}?mode=ro", uri=True)
    for query in [*queries, *(f"SELECT * FROM {table}" for table in sorted(tables))]:  # noqa: S608
        assert store.execute(query).fetchall() == []
    store.close()


def test_pictures_are_small():
    pictures = sorted((ROOT / "docs" / "images").iterdir())
    assert pictures
    for picture in pictures:
        assert picture.stat().st_size < 100_000, picture
