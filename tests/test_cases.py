"""What is found in texts, case by case: the cases are data, in ``tests/cases``."""

from __future__ import annotations

import pytest
from marked_text import CASES, Mark, read_cases, read_known_failures, strip_marks

KNOWN = CASES / "known_failures.toml"
FILES = sorted(path for path in CASES.glob("*.toml") if path != KNOWN)
FOUND = [pytest.param(case, id=f"{path.stem}: {case.name}") for path in FILES for case in read_cases(path)]
FAILING = [pytest.param(case, id=case.name) for case in read_known_failures(KNOWN)]


@pytest.mark.parametrize("case", FOUND)
def test_what_is_marked_is_found_and_nothing_else(case):
    found, wanted = case.read()
    assert found == wanted


@pytest.mark.xfail(strict=True, reason="known failure: once it passes, move the case to the file it is like")
@pytest.mark.parametrize("case", FAILING)
def test_known_failures_still_fail(case):
    assert case.why
    found, wanted = case.read()
    assert found == wanted


def test_names_of_cases_are_their_own():
    names = [param.id for param in [*FOUND, *FAILING]]
    assert len(names) == len(set(names))


def test_marks_are_stripped_and_kept():
    bare, root = strip_marks('<d number=1>Giao <lead is="Sở Y tế">sở Y tế</lead> làm.</d>')
    assert bare == "Giao sở Y tế làm."
    assert root.all("d", "lead") == [
        Mark("d", {"number": "1"}, "Giao sở Y tế làm.", [Mark("lead", {"is": "Sở Y tế"}, "sở Y tế")])
    ]
    assert root.all("lead")[0].value == "Sở Y tế"


@pytest.mark.parametrize("marked", ["<d>Giao", "Giao</d>", "<d>Giao <lead>Sở A</d></lead>"])
def test_marks_that_do_not_match_are_told(marked):
    with pytest.raises((AssertionError, IndexError)):
        strip_marks(marked)
