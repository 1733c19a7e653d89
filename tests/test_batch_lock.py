"""One run at a time, and no stale lock."""

import os
import signal
import subprocess
import sys

import pytest

from pipeline.batch import locked
from pipeline.errors import EXIT_LOCKED, LockedError, OutputError

HOLD = """
import sys, time
from pathlib import Path
from pipeline.batch.lock import locked
with locked(Path(sys.argv[1])):
    print("held", flush=True)
    time.sleep(600)
"""


@pytest.fixture
def holder(tmp_path):
    process = subprocess.Popen([sys.executable, "-c", HOLD, str(tmp_path)], stdout=subprocess.PIPE, text=True)
    assert process.stdout.readline() == "held\n"
    yield process
    process.kill()
    process.wait()


@pytest.mark.usefixtures("holder")
def test_a_second_run_is_refused(tmp_path):
    with pytest.raises(LockedError, match="another run") as caught, locked(tmp_path):
        pytest.fail("two runs hold one folder")
    assert caught.value.exit_code == EXIT_LOCKED == 75


def test_a_killed_run_leaves_no_lock(tmp_path, holder):
    os.kill(holder.pid, signal.SIGKILL)
    holder.wait()
    with locked(tmp_path):
        assert holder.returncode == -signal.SIGKILL


def test_a_lock_is_let_go_when_the_run_ends(tmp_path):
    for _ in range(2):
        with locked(tmp_path):
            pass


def test_two_folders_do_not_mind_each_other(tmp_path, holder):
    (tmp_path / "other").mkdir()
    with locked(tmp_path / "other"):
        assert holder.poll() is None


def test_a_link_in_the_lock_s_place_is_not_followed(tmp_path):
    (tmp_path / "elsewhere").write_text("kept")
    (tmp_path / "out").mkdir()
    (tmp_path / "out" / ".chidao.lock").symlink_to(tmp_path / "elsewhere")
    with pytest.raises(OutputError), locked(tmp_path / "out"):
        pytest.fail("followed a link")
