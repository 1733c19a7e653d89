"""The notebooks run from top to bottom, use the public API only, and are kept without output."""

import os
import re
import sys
from pathlib import Path

import nbformat
import pytest
from nbclient import NotebookClient

ROOT = Path(__file__).parent.parent
SHOWN = {"1_first_notice": "Sở Xây dựng", "2_archive_over_years": "Ủy ban nhân dân", "3_quality": "31 notices"}
"""What each notebook shows somewhere; each draws at least one figure as well."""


@pytest.fixture(params=sorted(SHOWN))
def name(request):
    return request.param


@pytest.fixture
def notebook(name):
    return nbformat.read(ROOT / "notebooks" / f"{name}.ipynb", as_version=4)


def code_of(notebook):
    return "\n".join(cell.source for cell in notebook.cells if cell.cell_type == "code")


def test_all_are_tested():
    assert {path.stem for path in (ROOT / "notebooks").glob("*.ipynb")} == set(SHOWN)


def test_it_runs_and_shows_what_it_is_for(name, notebook, monkeypatch):
    monkeypatch.setenv("PYTHONPATH", os.pathsep.join([str(ROOT), *filter(None, sys.path)]))
    NotebookClient(notebook, timeout=300, resources={"metadata": {"path": str(ROOT / "notebooks")}}).execute()
    shown = [output for cell in notebook.cells if cell.cell_type == "code" for output in cell.outputs]
    assert not [output for output in shown if output.output_type in {"error", "stream"}]
    assert any(SHOWN[name] in output.data["text/plain"] for output in shown)
    assert any("image/png" in output.data for output in shown)


def test_it_uses_the_public_api_only(notebook):
    imports = re.findall(r"^(?:from|import) (pipeline\S*)", code_of(notebook), re.MULTILINE)
    assert set(imports) == {"pipeline"}


def test_it_is_written_to_be_read(notebook):
    assert notebook.cells[0].cell_type == "markdown"
    assert notebook.cells[0].source.startswith("# ")
    written = [cell.cell_type for cell in notebook.cells]
    assert written.count("markdown") >= written.count("code") / 2
    assert max(map(len, code_of(notebook).splitlines())) <= 120


def test_it_is_kept_without_output(notebook):
    for cell in notebook.cells:
        assert not cell.get("outputs")
        assert cell.get("execution_count") is None
