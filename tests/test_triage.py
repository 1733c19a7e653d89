"""Telling notices of conclusions from other documents, on the half of data/triage that rules are made from."""

from __future__ import annotations

import tomllib
from pathlib import Path

import pytest

from pipeline import extract
from pipeline.errors import OtherDocumentError

TRIAGE = Path(__file__).parents[1] / "data" / "triage"
LABELS = tomllib.loads((TRIAGE / "labels.toml").read_text(encoding="utf-8"))
DEV = {name: label for name, label in LABELS.items() if label["half"] == "dev"}


@pytest.mark.parametrize("name", DEV)
def test_only_notices_of_conclusions_are_read(name):
    path = TRIAGE / f"{name}.txt"
    if DEV[name]["notice"]:
        assert extract(path).directives
    else:
        with pytest.raises(OtherDocumentError, match="not a notice"):
            extract(path)
