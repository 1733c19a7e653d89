"""Promise 3: kill -9 of a whole run, and one more run: the same store, files and tables as of one clean run.

Promise 6: one run at a time, and no lock that outlives its run.
"""

from __future__ import annotations

import random
import shutil
import signal
import time

import pytest
from nights import PATIENCE, chidao, faults, fill, night, running, start, stored, table, wait_until, written

NAMES = [f"{number:02d}.pdf" for number in range(8)] + ["encrypted.pdf", "raise-1.pdf", "a.docx", "a.pdf"]
POINTS = 20


@pytest.fixture(scope="module")
def clean(tmp_path_factory):
    """A run that nobody kills, and how long it worked."""
    folder = tmp_path_factory.mktemp("clean")
    inbox = fill(folder / "inbox", NAMES)
    shutil.copy(inbox / "00.pdf", inbox / "copy.pdf")
    with start("run", inbox, "--out", folder / "out", WORKERS="1") as process:
        assert wait_until((folder / "out" / ".work").exists)
        begun = time.monotonic()
        process.communicate(timeout=PATIENCE)
    assert process.returncode == 3
    return inbox, folder / "out", time.monotonic() - begun


@pytest.mark.parametrize("point", range(POINTS))
def test_kill_9_and_one_more_run_are_as_one_clean_run(clean, tmp_path, point):
    inbox, whole, span = clean
    out = tmp_path / "out"
    with start("run", inbox, "--out", out, mark=out, WORKERS="1") as process:
        assert wait_until((out / ".work").exists)
        time.sleep(random.Random(point).uniform(0, span))
        process.send_signal(signal.SIGKILL)
    assert wait_until(lambda: not running(out), 30), running(out)
    assert night(inbox, out).exit_code in {0, 3}  # 0 where the first run had told of every failure
    assert stored(out) == stored(whole)
    assert written(out) == written(whole)
    assert not list(out.rglob("*.part"))
    assert not (out / ".work").exists()
    assert faults(out) == []


def test_a_second_run_is_refused_and_a_killed_one_holds_nobody_up(tmp_path):
    inbox, out = fill(tmp_path / "inbox", ["a.pdf", "hang-1.pdf"]), tmp_path / "out"
    with start("run", inbox, "--out", out, mark=out, SECONDS="600") as first:
        assert wait_until((out / "notices" / "a.json").exists)
        code, _, complaint = chidao("run", inbox, "--out", out)
        assert code == 75
        assert "another run" in complaint
        first.send_signal(signal.SIGKILL)
    assert wait_until(lambda: not running(out), 30), running(out)  # though its child would sleep for an hour
    (inbox / "hang-1.pdf").unlink()
    assert chidao("run", inbox, "--out", out)[0] == 0
    assert [row["file"] for row in table(out / "notices.csv")] == ["a.pdf"]


@pytest.mark.parametrize("times", [1, 2])
def test_a_run_that_is_asked_to_end_ends_in_order(tmp_path, times):
    inbox, out = fill(tmp_path / "inbox", ["00.pdf", "hang-1.pdf", "z.pdf"]), tmp_path / "out"
    with start("run", inbox, "--out", out, SECONDS="4" if times == 1 else "600", WORKERS="1") as process:
        assert wait_until((out / "notices" / "00.json").exists)
        time.sleep(0.5)
        for _ in range(times):
            process.send_signal(signal.SIGTERM)
            time.sleep(0.3)
        process.communicate(timeout=PATIENCE)
    assert process.returncode == 130
    (report,) = (out / "runs").glob("*/report.json")
    assert '"status": "stopped"' in report.read_text()
    (inbox / "hang-1.pdf").unlink()
    assert chidao("run", inbox, "--out", out)[0] == 0
    assert {row["file"] for row in table(out / "notices.csv")} == {"00.pdf", "z.pdf"}
