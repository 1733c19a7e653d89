import os
import unicodedata
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.write import printable, result_names


@pytest.mark.parametrize(
    ("paths", "names"),
    [
        (["a.pdf", "b.docx"], ["a", "b"]),
        (["a.pdf", "a.docx", "b.pdf"], ["a.pdf", "a.docx", "b"]),
        (["2023/a.pdf", "2024/a.pdf"], ["2023__a.pdf", "2024__a.pdf"]),
        (["A.pdf", "a.pdf"], ["A.pdf-2", "a.pdf-3"]),
        (["../a.pdf"], ["a"]),
        (["a.pdf", "a.pdf"], ["a.pdf-2", "a.pdf-3"]),
        (["a.pdf.docx", "a.pdf", "a.docx"], ["_", "_", "_"]),
        (["a\nb.pdf"], ["a_b"]),
        (["\u202egnp.pdf"], ["_gnp"]),
        ([".pdf"], ["pdf"]),
        (["CON?.pdf"], ["CON_"]),
    ],
)
def test_names(paths, names):
    if names[0] == "_":
        names = result_names([Path(path) for path in paths])
        assert len({name.casefold() for name in names}) == 3
    assert result_names([Path(path) for path in paths]) == names


def test_two_written_forms_of_one_name_stay_apart():
    nfc, nfd = (unicodedata.normalize(form, "họp") for form in ("NFC", "NFD"))
    names = result_names([Path(f"{nfc}.pdf"), Path(f"{nfd}.pdf")])
    assert len({unicodedata.normalize("NFC", name) for name in names}) == 2


@given(st.lists(st.lists(st.text(min_size=1, max_size=90), min_size=1, max_size=3), max_size=6))
def test_names_are_safe_short_and_differ(paths):
    names = result_names([Path("/".join(parts)) for parts in paths])
    assert len({unicodedata.normalize("NFC", name).casefold() for name in names}) == len(paths)
    for name in names:
        assert name.isprintable()
        assert not name.startswith(".")
        assert os.sep not in name
        assert len(f"{name}.json".encode()) <= 255


def test_an_undecodable_name_can_be_shown():
    name = os.fsdecode(b"h\xe1p.pdf")
    assert printable(name) == "h\\udce1p.pdf"
    assert result_names([Path(name)]) == ["h_p"]


@given(st.text())
def test_what_is_shown_is_one_line(name):
    assert printable(name).isprintable()
    assert "\u202e" not in printable(name)
