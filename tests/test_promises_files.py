"""Promises about what is in an inbox, and where: links, tricks with names, content, corrections, room."""

from __future__ import annotations

import datetime as dt
import json
import os
import subprocess
import time
from pathlib import Path

import pytest
from click.testing import CliRunner
from made_notices import ENGINE
from nights import (
    chidao,
    faults,
    fill,
    night,
    read_another_place,
    read_formulas,
    read_while_it_changes,
    states,
    stored,
    table,
    written,
)

from pipeline.cli import main
from pipeline.config import StoreSettings
from pipeline.errors import OutputError
from pipeline.store import Correction, open_store

SAMPLES = Path(__file__).parents[1] / "data" / "samples" / "files"
PDF, DOCX = SAMPLES / "tinh-uy-ben-tre-giao-ban-2019.pdf", SAMPLES / "cuc-thue-khanh-hoa-so-ket-2018.docx"
BRACKETS = ["encrypted[bold]x.pdf", "encrypted[end].pdf", "encrypted[nope=1]y.pdf"]
FORMULA = tuple("=+-@\t\r＝＋－＠")


def command(*arguments):
    return CliRunner().invoke(main, [str(argument) for argument in arguments], obj=ENGINE)


def fates(account):
    return {entry.file: entry.fate for entry in account.entries}


# 1, 11: what a file is, and whether it is whole


def test_content_decides_and_what_is_not_whole_yet_is_put_off(tmp_path):
    inbox, out = tmp_path / "inbox", tmp_path / "out"
    fill(inbox, ["text.pdf"])
    (inbox / "nonsense.pdf").write_bytes(bytes(range(256)) * 20)
    (inbox / "really-pdf.docx").write_bytes(PDF.read_bytes())
    (inbox / "really-docx").write_bytes(DOCX.read_bytes())
    (inbox / "empty.pdf").touch()
    (inbox / "web.pdf").write_bytes(b"<!DOCTYPE html><html><body>404</body></html>")
    for name in ("cut-old.pdf", "cut-young.pdf"):
        (inbox / name).write_bytes(PDF.read_bytes()[: 4000 + len(name)])
    for path in inbox.iterdir():
        if path.name != "cut-young.pdf":
            os.utime(path, (time.time() - 7200, time.time() - 7200))
    code, said, complaints = whole("run", inbox, "--out", out)
    assert code == 3, complaints
    assert states(out) == {
        **dict.fromkeys(("really-docx", "really-pdf.docx"), "ok"),
        **dict.fromkeys(("cut-old.pdf", "empty.pdf", "nonsense.pdf", "web.pdf"), "quarantined"),
        "cut-young.pdf": "pending",
        "text.pdf": "other",
    }
    assert "waiting" in said
    kinds = {row["file"]: row["kind"] for row in table(out / "problems.csv")}
    assert (kinds["empty.pdf"], kinds["cut-old.pdf"], kinds["web.pdf"]) == ("empty", "damaged", "wrong-suffix")


def whole(*arguments):
    """Run the program with the reader that it has."""
    settings = {"DAMAGED_AGE_SECONDS": "3600", "SECONDS": "120", "MEGABYTES": "3000"}
    real = "import nights\nfrom pipeline.cli import main\nnights.run = main"
    return chidao(*arguments, before=real, **settings)


# 5, 7: what changes under the run's hands


def test_a_file_that_changes_while_it_is_read_waits(tmp_path):
    inbox, out = fill(tmp_path / "inbox", ["a.txt"]), tmp_path / "out"
    account = night(inbox, out, read_while_it_changes)
    assert [(entry.fate, entry.kind, entry.result) for entry in account.entries] == [("waiting", "changed", None)]
    assert fates(night(inbox, out)) == {"a.txt": "ok"}
    assert [row["file"] for row in table(out / "notices.csv")] == ["a.txt"]


def swap_folder(inbox):
    (inbox / "sub").rename(inbox.parent / "moved")
    (inbox / "sub").symlink_to(inbox.parent / "secret", target_is_directory=True)


def swap_file(inbox):
    (inbox / "sub" / "a.pdf").unlink()
    (inbox / "sub" / "a.pdf").symlink_to(inbox.parent / "secret" / "a.pdf")


def swap_pipe(inbox):
    (inbox / "sub" / "a.pdf").unlink()
    os.mkfifo(inbox / "sub" / "a.pdf")


@pytest.mark.parametrize("swap", [swap_folder, swap_file, swap_pipe])
def test_a_link_that_is_put_in_a_file_s_place_is_not_followed(tmp_path, swap):
    inbox, out = fill(tmp_path / "inbox" / "sub", ["a.pdf"]).parent, tmp_path / "out"
    fill(tmp_path / "secret", ["a.pdf"])
    (tmp_path / "secret" / "a.pdf").write_bytes(b"secret")
    account = night(inbox, out, planned=lambda _: swap(inbox))
    assert fates(account) == {"sub/a.pdf": "refused"}
    assert stored(out)["documents"] == []


def test_devices_and_linked_folders_are_passed_over_and_an_inbox_may_be_a_link_itself(tmp_path):
    inbox, out = fill(tmp_path / "place", ["a.pdf"]), tmp_path / "out"
    fill(tmp_path / "secret", ["b.pdf"])
    (inbox / "linked").symlink_to(tmp_path / "secret", target_is_directory=True)
    (inbox / "round").symlink_to(inbox, target_is_directory=True)
    passed = {"linked": "link", "round": "link"}
    try:
        os.mknod(inbox / "null.pdf", 0o600 | 0o020000, os.makedev(1, 3))
        passed["null.pdf"] = "device"
    except PermissionError:
        pass  # only root makes devices
    (tmp_path / "inbox").symlink_to(inbox, target_is_directory=True)
    account = night(tmp_path / "inbox", out)
    assert {entry.file: entry.kind for entry in account.entries if entry.fate == "passed"} == passed
    assert states(out) == {"a.pdf": "ok"}


# 8, 15: names and texts are data


def test_brackets_in_names_are_no_markup_where_the_quarantine_is_listed(tmp_path, monkeypatch):
    monkeypatch.setenv("COLUMNS", "400")
    inbox, out = fill(tmp_path / "inbox", BRACKETS), tmp_path / "out"
    night(inbox, out)
    done = command("quarantine", "list", "--out", out)
    assert done.exit_code == 0, done.output
    for brackets in ("[bold]", "[end]", "[nope=1]"):
        assert brackets in done.output


def test_the_tables_open_harmlessly_and_json_is_exact(tmp_path):
    inbox, out = fill(tmp_path / "inbox", ["=1+1.pdf", "@x.pdf", "encrypted.pdf"]), tmp_path / "out"
    night(inbox, out, read_formulas)
    tables = sorted(path.name for path in out.glob("*.csv"))
    assert len(tables) == 7
    for name in tables:
        cells = [cell for row in table(out / name) for cell in row.values()]
        assert not [cell for cell in cells if cell.startswith(FORMULA) or cell.lstrip().startswith(FORMULA)], name
    (result, *_) = (out / "notices").glob("*.json")
    notice = json.loads(result.read_bytes())
    assert (notice["header"]["place"], notice["directives"][0]["text"]) == ("+1", "-2+3")


# 17: results and inbox are apart


@pytest.mark.parametrize(
    ("inbox", "out", "more"),
    [
        ("x", "x", ()),
        ("x", "x/out", ()),
        ("x/runs", "x", ()),
        ("x/notices", "x", ()),
        ("x/notices/deep", "x", ()),
        ("way", "x/out", ()),
        ("x", "out", ("--store", "sqlite:///{inbox}/chidao.db")),
        ("x", "out", ("--set", "notify.metrics_file={inbox}/chidao.prom")),
    ],
)
def test_results_never_lie_in_the_inbox_nor_it_in_them(tmp_path, inbox, out, more):
    fill(tmp_path / "x", ["a.pdf"])
    (tmp_path / "way").symlink_to(tmp_path / "x", target_is_directory=True)
    if inbox != "way":
        fill(tmp_path / inbox, ["a.pdf"])
    before = sorted(tmp_path.rglob("*"))
    given = [part.format(inbox=tmp_path / inbox) for part in more]
    for dry in ((), ("--dry-run",)):
        done = command("run", tmp_path / inbox, "--out", tmp_path / out, *given, *dry)
        assert done.exit_code == 78, done.output
    assert sorted(tmp_path.rglob("*")) == before


# 18: what people said


def test_a_correction_outlives_reprocessing_and_a_conflict_is_flagged(tmp_path):
    inbox, out = fill(tmp_path / "inbox", ["a.pdf"]), tmp_path / "out"
    night(inbox, out)
    with open_store(out / "chidao.db") as store:
        (record,) = store.documents().values()
        said = Correction(
            record.sha256,
            "/header/place",
            "correct",
            "Đồng Hới",
            "Đông Hà",
            "An",
            dt.datetime.now(dt.UTC),
            record.result,
        )
        store.add_correction(said)
    night(inbox, out, again="all")
    with open_store(out / "chidao.db") as store:
        assert store.corrected(record.sha256).header.place == "Đông Hà"
        assert list(store.conflicts()) == []
    night(inbox, out, read_another_place, again="all")
    with open_store(out / "chidao.db") as store:
        assert [correction.after for correction in store.corrections()] == ["Đông Hà"]
        assert [(conflict.correction.after, conflict.now) for conflict in store.conflicts()] == [("Đông Hà", "Huế")]
        assert store.corrected(record.sha256).header.place == "Huế"


# 13: room


@pytest.fixture
def small(tmp_path):
    """A disk of its own; it can be made larger."""
    place = tmp_path / "small"
    place.mkdir()
    made = subprocess.run(["mount", "-t", "tmpfs", "-o", "size=64k", "none", place], capture_output=True, check=False)
    if made.returncode:
        pytest.skip("needs the right to mount a disk")
    yield place
    subprocess.run(["umount", "--lazy", place], check=True)


def test_notices_are_whole_or_not_there_on_a_full_disk(tmp_path, small):
    inbox, out = fill(tmp_path / "inbox", [f"{n}.pdf" for n in range(30)]), small / "out"
    elsewhere = StoreSettings(url=f"sqlite:///{tmp_path / 'chidao.db'}")
    with pytest.raises(OutputError):
        night(inbox, out, store=elsewhere)
    found = list(out.glob("notices/*"))
    assert found
    for path in found:
        assert json.loads(path.read_bytes())["source"]["file_name"] == f"{path.stem}.pdf"
    enlarge(small, "64m")
    assert night(inbox, out, store=elsewhere).exit_code == 0
    assert len(list(out.glob("notices/*"))) == 30


def enlarge(place, size):
    subprocess.run(["mount", "-o", f"remount,size={size}", place], check=True)


@pytest.mark.parametrize("size", ["64k", "700k"])
def test_a_disk_that_is_really_full_ends_a_run_with_74_and_the_next_one_goes_on(tmp_path, small, size):
    inbox, whole_out = fill(tmp_path / "inbox", [f"{n}.pdf" for n in range(30)]), tmp_path / "whole"
    enlarge(small, size)
    out = small / "out"
    with pytest.raises(OutputError):
        night(inbox, out)
    for path in out.glob("notices/*.json"):
        json.loads(path.read_bytes())
    enlarge(small, "64m")
    assert night(inbox, out).exit_code == 0
    night(inbox, whole_out)
    assert (stored(out), written(out)) == (stored(whole_out), written(whole_out))
    assert faults(out) == []
