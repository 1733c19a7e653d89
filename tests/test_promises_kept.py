"""Promises about a folder of bad, strange and unfinished files, kept by a whole run of the command."""

from __future__ import annotations

import hashlib
import json
import os
import socket
import sqlite3
import threading
import time
import unicodedata

import pytest
from nights import chidao, fill, night, states, stored, table, written

BAD = {"segfault": "crash", "kill": "crash", "exit": "crash", "hang": "timeout", "spin": "timeout", "eat": "memory"}
GOOD = [f"{number}.pdf" for number in range(4)]
STRANGE: list[str | bytes] = [
    *("a..pdf", "-rf", "<script>alert(1)<script>.pdf", "=1+1.pdf", "a\nb.pdf", "\u202egnp.pdf", "a&b'\".pdf"),
    *(b"h\xe1p.pdf", "x" * 251 + ".pdf", "%2e%2e%2f.pdf", "{{7*7}}.pdf", "\\\\host\\share.pdf"),
    *(unicodedata.normalize(form, "số.pdf") for form in ("NFC", "NFD")),
]
FULL = "import resource; resource.setrlimit(resource.RLIMIT_FSIZE, ({size}, {size}))"


def tree(folder):
    return {path: hashlib.sha256(path.read_bytes()).hexdigest() for path in folder.rglob("*") if path.is_file()}


@pytest.fixture(scope="module")
def poisoned(tmp_path_factory):
    """An inbox whose bad documents stand first, in the middle and last, read once."""
    folder = tmp_path_factory.mktemp("poisoned")
    names = [f"{deed}-{place}.pdf" for deed in ("segfault", "hang") for place in ("0", "1", "2")]
    names += ["kill-0.pdf", "exit-0.pdf", "spin-0.pdf", "eat-0.pdf", *GOOD]
    inbox = fill(folder / "inbox", names)
    done = chidao("run", inbox, "--out", folder / "out", SECONDS="3", SECONDS_PER_MEGABYTE="0")
    return inbox, folder / "out", done


def test_bad_documents_cost_no_good_one(poisoned):
    _, out, (code, _, _) = poisoned
    assert code == 3
    assert {row["file"] for row in table(out / "notices.csv")} == set(GOOD)
    problems = {row["file"]: row["kind"] for row in table(out / "problems.csv")}
    assert problems == {file: BAD[file.split("-")[0]] for file in problems}
    assert len(problems) == 10


def test_each_bad_document_was_tried_twice_and_no_good_one_more_than_once(poisoned):
    _, out, _ = poisoned
    with sqlite3.connect(out / "chidao.db") as connection:
        query = "SELECT state, count(*) FROM documents d JOIN attempts a USING (sha256) GROUP BY sha256, state"
        assert {tuple(row) for row in connection.execute(query)} == {("ok", 1), ("quarantined", 2)}


def test_the_quarantine_is_listed_and_can_be_read_again(poisoned):
    inbox, out, _ = poisoned
    _, listed, _ = chidao("quarantine", "list", "--out", out, "--kind", "memory", "--json")
    (record,) = map(json.loads, listed.splitlines())
    assert (record["name"], record["tries"]) == ("eat-0", 2)
    code, said, _ = chidao("run", inbox, "--out", out)
    assert code == 0
    assert "unchanged" in said
    assert chidao("retry", "--out", out, record["sha256"][:12])[0] == 0
    code, _, _ = chidao("run", inbox, "--out", out, SECONDS="3")
    assert code == 3
    with sqlite3.connect(out / "chidao.db") as connection:
        query = "SELECT count(*) FROM attempts WHERE sha256 = ?"
        assert connection.execute(query, (record["sha256"],)).fetchone() == (4,)


def test_names_are_data(tmp_path):
    inbox, out = fill(tmp_path / "inbox", STRANGE), tmp_path / "out"
    code, said, complaints = chidao("run", inbox, "--out", out)
    assert code == 0, complaints
    assert len(table(out / "notices.csv")) == len(STRANGE)
    assert len(list((out / "notices").glob("*.json"))) == len(STRANGE)
    assert {path.parent for path in tmp_path.rglob("*.json") if "runs" not in path.parts} == {out / "notices"}
    (page,) = (out / "runs").glob("*/report.html")
    assert "<script>alert" not in page.read_text(encoding="utf-8")
    assert "\u202e" not in said + page.read_text(encoding="utf-8")
    assert not any(cell.startswith(("=", "-")) for row in table(out / "files.csv") for cell in row.values())
    again = chidao("run", inbox, "--out", out)
    assert again[0] == 0
    assert len(table(out / "files.csv")) == len(STRANGE)


def test_what_is_no_file_is_passed_over(tmp_path):
    inbox, out = fill(tmp_path / "inbox", ["a.pdf"]), tmp_path / "out"
    fill(tmp_path / "elsewhere", ["b.pdf"])
    (inbox / "link.pdf").symlink_to(tmp_path / "elsewhere" / "b.pdf")
    (inbox / "linked").symlink_to(tmp_path / "elsewhere", target_is_directory=True)
    os.mkfifo(inbox / "pipe.pdf")
    (inbox / "folder.pdf").mkdir()
    with socket.socket(socket.AF_UNIX) as server:
        server.bind(str(inbox / "socket.pdf"))
        code, _, complaints = chidao("run", inbox, "--out", out)
    assert code == 0, complaints
    assert states(out) == {"a.pdf": "ok"}


def test_a_slow_copier_is_waited_for_and_then_left(tmp_path):
    inbox, out, done = fill(tmp_path / "inbox", ["a.pdf"]), tmp_path / "out", threading.Event()

    def copy():
        while not done.wait(0.05):
            with (inbox / "slow.pdf").open("ab") as file:
                file.write(b"more")

    copier = threading.Thread(target=copy)
    copier.start()
    try:
        code, said, _ = chidao("run", inbox, "--out", out, REST_SECONDS="1", PATIENCE_SECONDS="4")
    finally:
        done.set()
        copier.join()
    assert code == 0
    assert "waiting" in said
    assert states(out) == {"a.pdf": "ok"}
    assert chidao("run", inbox, "--out", out, REST_SECONDS="0.2")[0] == 0
    assert states(out) == {"a.pdf": "ok", "slow.pdf": "ok"}


def test_the_inbox_may_be_read_only_and_is_as_it_was(tmp_path):
    inbox, out = fill(tmp_path / "inbox", [*GOOD, "encrypted.pdf", "segfault-1.pdf"]), tmp_path / "out"
    for path in (*inbox.iterdir(), inbox):
        path.chmod(0o500 if path == inbox else 0o400)
    before = tree(inbox), {path: path.stat().st_mtime_ns for path in (inbox, *inbox.iterdir())}
    assert chidao("run", inbox, "--out", out)[0] == 3
    assert (tree(inbox), {path: path.stat().st_mtime_ns for path in (inbox, *inbox.iterdir())}) == before
    inbox.chmod(0o700)


@pytest.mark.parametrize("size", [2_000, 40_000, 400_000])
def test_a_full_disk_ends_a_run_and_the_next_one_goes_on(tmp_path, size):
    inbox, out, whole = fill(tmp_path / "inbox", GOOD), tmp_path / "out", tmp_path / "whole"
    code, _, complaint = chidao("run", inbox, "--out", out, before=FULL.format(size=size))
    assert code == 74, complaint
    assert "Traceback" not in complaint
    assert not list(out.rglob("*.part"))
    for path in (out / "notices").glob("*.json"):
        json.loads(path.read_bytes())
    assert [night(inbox, folder).exit_code for folder in (out, whole)] == [0, 0]
    assert (stored(out), written(out)) == (stored(whole), written(whole))


@pytest.mark.parametrize("out", ["inbox/out", "inbox", "inbox/../inbox/deep/out"])
def test_results_in_the_inbox_are_refused(tmp_path, out):
    inbox = fill(tmp_path / "inbox", ["a.pdf"])
    before = tree(tmp_path)
    assert chidao("run", inbox, "--out", tmp_path / out)[0] == 78
    assert tree(tmp_path) == before


def test_a_dry_run_touches_nothing(tmp_path):
    inbox, out = fill(tmp_path / "inbox", GOOD), tmp_path / "out"
    code, said, _ = chidao("run", inbox, "--out", out, "--dry-run")
    assert (code, out.exists()) == (0, False)
    assert "4 to read" in said
    assert chidao("run", inbox, "--out", out)[0] == 0
    fill(inbox, ["new.pdf"])
    before = tree(tmp_path), {path: path.stat().st_mtime_ns for path in tmp_path.rglob("*")}
    code, said, _ = chidao("run", inbox, "--out", out, "--dry-run")
    assert "1 to read, 4 unchanged" in said
    assert (tree(tmp_path), {path: path.stat().st_mtime_ns for path in tmp_path.rglob("*")}) == before


def test_a_young_damaged_file_is_put_off_and_an_old_one_is_not(tmp_path):
    inbox, out = fill(tmp_path / "inbox", ["damaged.pdf"]), tmp_path / "out"
    code, said, _ = chidao("run", inbox, "--out", out, DAMAGED_AGE_SECONDS="600")
    assert code == 0
    assert "waiting" in said
    hour_ago = time.time() - 3600
    os.utime(inbox / "damaged.pdf", (hour_ago, hour_ago))
    assert chidao("run", inbox, "--out", out, DAMAGED_AGE_SECONDS="600")[0] == 3
    assert states(out) == {"damaged.pdf": "quarantined"}
