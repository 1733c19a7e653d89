"""Progress: on a terminal it is shown which page of a scan has been read, and elsewhere nothing."""

from __future__ import annotations

import io

from rich.console import Console
from rich.status import Status

from pipeline.cli import console
from pipeline.ocr import PROGRESS


def state() -> tuple:
    return PROGRESS.level, PROGRESS.propagate, list(PROGRESS.handlers)


def test_a_terminal_shows_which_page_has_been_read(monkeypatch):
    said = []
    monkeypatch.setattr(Status, "update", lambda _self, status: said.append(status))
    monkeypatch.setattr(console, "Console", lambda **_: Console(file=io.StringIO(), force_terminal=True))
    before = state()
    with console.pages_watched():
        PROGRESS.info("page %d of %d", 3, 40)
    PROGRESS.info("page 4 of 40")
    assert said == ["reading: page 3 of 40"]
    assert state() == before


def test_nothing_is_shown_where_there_is_no_terminal(capsys):
    before = state()
    with console.pages_watched():
        assert state() == before
        PROGRESS.info("page 1 of 2")
    assert capsys.readouterr() == ("", "")
