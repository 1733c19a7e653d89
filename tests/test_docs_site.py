"""The documentation is built strictly, leads nobody astray, and loads nothing from elsewhere."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from html.parser import HTMLParser
from pathlib import Path

import pytest
import yaml
from browsers import browser
from click.testing import CliRunner

from pipeline.cli import main
from pipeline.cli.reference import commands, reference

ROOT = Path(__file__).parent.parent
PATHS = ("archivist", "analyst", "operator", "developer")


class Loaded(HTMLParser):
    """Gathers what a page loads by itself; a link that somebody has to follow is not loaded."""

    def __init__(self) -> None:
        super().__init__()
        self.addresses: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        named = {name: value or "" for name, value in attrs}
        if tag == "link" and named.get("rel") in {"canonical", "prev", "next"}:
            return
        if tag in {"script", "img", "iframe", "link", "source", "video", "audio", "object"}:
            self.addresses += [named[name] for name in ("src", "href", "data", "srcset") if name in named]


@pytest.fixture(scope="module")
def site(tmp_path_factory):
    folder = tmp_path_factory.mktemp("site")
    command = [sys.executable, "-m", "mkdocs", "build", "--strict", "--quiet", "--site-dir", str(folder)]
    quiet = {
        **os.environ,
        "NO_MKDOCS_2_WARNING": "1",
        "http_proxy": "http://127.0.0.1:9",
        "https_proxy": "http://127.0.0.1:9",
    }
    done = subprocess.run(command, cwd=ROOT, env=quiet, capture_output=True, text=True, timeout=180, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    return folder


def test_it_has_all_four_paths_and_every_page(site):
    for name in PATHS:
        assert (site / f"{name}.html").is_file()
    for page in (ROOT / "docs").glob("*.md"):
        assert (site / page.with_suffix(".html").name).is_file()
    for notebook in (ROOT / "notebooks").glob("*.ipynb"):
        assert (site / "notebooks" / f"{notebook.stem}.html").is_file()


def test_every_page_is_in_the_navigation():
    text = (ROOT / "mkdocs.yml").read_text(encoding="utf-8")
    assert yaml.safe_load(text)["theme"]["font"] is False
    for folder, pattern in (
        ("", "docs/*.md"),
        ("notebooks/", "notebooks/*.ipynb"),
        ("repository/deploy/", "deploy/*.md"),
    ):
        for page in ROOT.glob(pattern):
            assert re.search(rf"[ \"]{folder}{page.stem}\.md$", text, re.MULTILINE), page


def test_no_page_loads_anything_from_elsewhere(site):
    pages = sorted(site.rglob("*.html"))
    assert len(pages) > 15
    for page in pages:
        loaded = Loaded()
        loaded.feed(page.read_text(encoding="utf-8"))
        assert loaded.addresses
        assert not [address for address in loaded.addresses if re.match(r"(\w+:)?//", address)], page
    for sheet in site.rglob("*.css"):
        assert not re.search(r"(url\(|@import)\s*[\"']?(https?:)?//", sheet.read_text(encoding="utf-8")), sheet


def test_a_browser_asks_for_nothing_from_elsewhere(site):
    asked: list[str] = []
    with browser() as chromium:
        page = chromium.new_page()
        page.on("request", lambda request: asked.append(request.url))
        for name in ("index", *PATHS, "commands"):
            page.goto((site / f"{name}.html").as_uri(), wait_until="networkidle")
            assert page.locator("h1").count() == 1
    assert asked
    assert not [url for url in asked if not url.startswith(("file:", "data:", "blob:"))]


def test_the_page_of_commands_is_made_from_the_commands():
    """If this fails: make reference."""
    assert (ROOT / "docs" / "commands.md").read_text(encoding="utf-8") == reference()


@pytest.mark.parametrize("name", [name for name, _ in commands()])
def test_the_page_of_commands_says_what_help_says(name):
    words = [*name.split()[1:], "--help"]
    shown = CliRunner().invoke(main, words, prog_name="chidao", terminal_width=78)  # what a window of 80 columns shows
    assert shown.exit_code == 0
    assert section(name, shown.stdout) in reference()


def test_a_terminal_shows_the_same():
    command = [sys.executable, "-c", "import chidao; chidao.main()", "run", "--help"]
    environment = {**os.environ, "COLUMNS": "80"}
    shown = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, timeout=120, check=True)
    assert section("chidao run", shown.stdout.replace("Usage: -c ", "Usage: chidao ")) in reference()


def section(name, text):
    return f"## {name}\n\n```text\n{text.rstrip()}\n```\n"
