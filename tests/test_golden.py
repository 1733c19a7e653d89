"""Whole notices as they were written before: what a change of the rules changes shows as a difference here.

``pytest tests/test_golden.py --update-golden`` writes the files anew and fails, so that the option is not left on.
"""

from __future__ import annotations

import difflib
from pathlib import Path

import pytest

from pipeline.process import find_notice
from pipeline.write.contract import to_json

GOLDEN = Path(__file__).parent / "golden"
FILES = Path(__file__).parents[1] / "data" / "samples" / "files"
NAMES = ["thpt-ngo-quyen-on-thi-2024.md", "ubnd-nghe-an-hanh-chinh-cong-xa-2025.docx", "vpcp-han-man-dbscl-2024.pdf"]

pytest_plugins = ["pytester"]


@pytest.mark.parametrize("name", NAMES)
def test_a_sample_is_read_as_before(name, update_golden):
    path = GOLDEN / f"{Path(name).stem}.json"
    _, notice = find_notice(FILES / name)  # confidences by the finders: a new table of them changes nothing here
    found = to_json(notice).decode()
    if update_golden:
        path.write_text(found, encoding="utf-8")
    kept = path.read_text(encoding="utf-8")
    changed = difflib.unified_diff(kept.splitlines(), found.splitlines(), "golden", "found", n=2, lineterm="")
    assert found == kept, "\n".join(changed)


def test_there_is_no_other_golden_file():
    assert sorted(path.name for path in GOLDEN.iterdir()) == sorted(f"{Path(name).stem}.json" for name in NAMES)


@pytest.mark.parametrize(("option", "code"), [([], 0), (["--update-golden"], 1)])
def test_a_run_that_updates_fails(pytester, option, code):
    pytester.makeconftest((Path(__file__).parent / "conftest.py").read_text(encoding="utf-8"))
    pytester.makepyfile("def test_passes(update_golden): assert update_golden in {True, False}")
    result = pytester.runpytest_inprocess("-p", "no:cacheprovider", *option)
    result.assert_outcomes(passed=1)
    assert result.ret == code
    assert ("run without --update-golden" in result.stdout.str()) == bool(option)
