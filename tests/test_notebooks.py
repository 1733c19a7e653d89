"""The notebooks run from top to bottom, use the public API only, and are kept without output."""

import os
import re
import sys
from pathlib import Path

import nbformat
import pytest
from nbclient import NotebookClient

ROOT = Path(__file__).parent.parent
NOTEBOOKS = sorted((ROOT / "notebooks").glob("*.ipynb"))


@pytest.fixture(params=NOTEBOOKS, ids=lambda path: path.stem)
def notebook(request):
    return nbformat.read(request.param, as_version=4)


def code_of(notebook):
    return "\n".join(cell.source for cell in notebook.cells if cell.cell_type == "code")


def test_there_is_one():
    assert NOTEBOOKS


def test_it_runs_and_shows_directives(notebook, monkeypatch):
    monkeypatch.setenv("PYTHONPATH", os.pathsep.join([str(ROOT), *filter(None, sys.path)]))
    NotebookClient(notebook, timeout=300, resources={"metadata": {"path": str(ROOT / "notebooks")}}).execute()
    shown = [output for cell in notebook.cells if cell.cell_type == "code" for output in cell.outputs]
    assert not [output for output in shown if output.output_type in {"error", "stream"}]
    assert any("Sở" in output.data["text/plain"] for output in shown)


def test_it_uses_the_public_api_only(notebook):
    imports = re.findall(r"^(?:from|import) (pipeline\S*)", code_of(notebook), re.MULTILINE)
    assert imports
    assert set(imports) == {"pipeline"}


def test_it_is_kept_without_output(notebook):
    for cell in notebook.cells:
        assert not cell.get("outputs")
        assert cell.get("execution_count") is None
