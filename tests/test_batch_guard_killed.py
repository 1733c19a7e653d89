"""A run that is killed outright leaves no process and no file; LibreOffice goes with whoever started it."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
from office_files import rtf
from test_batch_guard import marked, wait_until

from pipeline.batch import Guard, Limits, Task, read_task
from pipeline.batch.warden import hire, strays
from pipeline.config import Settings
from pipeline.process import warm_up
from pipeline.read import soffice

TESTS = Path(__file__).parent
PROGRAM = """
import sys
from pathlib import Path
import poison
from pipeline.batch import Guard, Limits, Task

limits, scratch = Limits(600, 2000), Path(sys.argv[1])
with Guard(poison.read, workers=2, limits=limits, scratch=scratch, warm_up=poison.nothing) as guard:
    print(guard._run, flush=True)
    keys = ["breedhang", "litter-1", "litter-2", "breedhang-2"]
    for verdict in guard.verdicts([Task(key, ()) for key in keys]):
        print(verdict.key, flush=True)
"""
EXTRACT = "import sys; from pipeline import extract; extract(sys.argv[1])"


def start(program: str, *arguments: object, **environment: str) -> subprocess.Popen[str]:
    paths = os.pathsep.join([str(TESTS), str(TESTS.parent)])
    return subprocess.Popen(
        [sys.executable, "-c", program, *map(str, arguments)],
        env={**os.environ, "PYTHONPATH": paths, **environment},
        stdout=subprocess.PIPE,
        text=True,
    )


def is_alive(pid: int) -> bool:
    try:
        return "State:\tZ" not in Path(f"/proc/{pid}/status").read_text()
    except OSError:
        return False


@pytest.fixture
def slow_soffice(tmp_path):
    """A program that starts another, and neither ever ends; it tells its own number and the other's."""
    program = tmp_path / "bin" / "soffice"
    program.parent.mkdir()
    program.write_text(
        f"#!/bin/sh\nsleep 600 &\necho $$ $! > {tmp_path}/new\nmv {tmp_path}/new {tmp_path}/pids\nsleep 600\n"
    )
    program.chmod(0o755)
    return tmp_path / "pids"


def test_kill_9_of_a_run_leaves_no_process_and_no_file(tmp_path):
    scratch = tmp_path / "scratch"
    with start(PROGRAM, scratch) as process:
        run = process.stdout.readline().strip()
        assert process.stdout.readline().startswith("litter")
        assert process.stdout.readline().startswith("litter")
        assert wait_until(lambda: sum(p.name() == "sleep" for p in marked(run)) == 4)
        assert any(path.name == "kept" for path in scratch.rglob("*"))
        process.kill()
        killed = time.monotonic()
        assert wait_until(lambda: not marked(run) and not scratch.exists(), 10), (marked(run), list(scratch.rglob("*")))
        assert time.monotonic() - killed < 5  # it is a matter of tenths; the machine may be busy


def test_children_die_with_their_parent_also_without_the_warden(tmp_path):
    with start(PROGRAM, tmp_path / "scratch") as process:
        run = process.stdout.readline().strip()
        process.stdout.readline()
        wardens = [pid for pid in Path("/proc").iterdir() if pid.name.isdecimal() and _is_warden(pid, run)]
        assert len(wardens) == 1
        os.kill(int(wardens[0].name), signal.SIGKILL)
        process.kill()
        assert wait_until(lambda: {p.name() for p in marked(run)} <= {"sleep", "sh"}, 10), marked(run)
        for left in marked(run):
            left.kill()


def _is_warden(entry: Path, run: str) -> bool:
    try:
        arguments = (entry / "cmdline").read_bytes().split(b"\0")
    except OSError:
        return False
    return run.encode() in arguments and any(argument.endswith(b"warden.py") for argument in arguments)


def test_the_warden_ends_only_its_own_run(tmp_path):
    (tmp_path / "scratch" / "one").mkdir(parents=True)
    (tmp_path / "scratch" / "other").mkdir()
    sleeping = [subprocess.Popen(["sleep", "600"], env={"CHIDAO_RUN": run}) for run in ("t-one", "t-other")]
    assert list(strays("t-one")) == [sleeping[0].pid]
    assert list(strays("t-one", worker=1)) == []
    warden = hire("t-one", tmp_path / "scratch" / "one")
    warden.communicate()
    assert sleeping[0].wait(10) == -signal.SIGKILL
    assert sleeping[1].poll() is None
    sleeping[1].kill()
    sleeping[1].wait()
    assert [path.name for path in (tmp_path / "scratch").iterdir()] == ["other"]


def test_libreoffice_goes_with_a_killed_extract(tmp_path, slow_soffice):
    path = tmp_path / "a.rtf"
    path.write_bytes(rtf("1. A."))
    found = os.pathsep.join([str(slow_soffice.parent / "bin"), os.environ["PATH"]])
    with start(EXTRACT, path, PATH=found, TMPDIR=str(tmp_path)) as process:
        assert wait_until(slow_soffice.is_file)
        process.kill()
    pids = [int(text) for text in slow_soffice.read_text().split()]
    assert wait_until(lambda: not any(map(is_alive, pids)), 10), pids


def test_libreoffice_goes_with_a_document_that_runs_out_of_time(tmp_path, slow_soffice, monkeypatch):
    path = tmp_path / "a.rtf"
    path.write_bytes(rtf("1. A."))
    monkeypatch.setenv("PATH", str(slow_soffice.parent / "bin"), prepend=os.pathsep)
    with Guard(read_task, workers=1, limits=Limits(4, 2000), scratch=tmp_path / "s", warm_up=warm_up) as guard:
        (verdict,) = guard.verdicts([Task("a", (path,))])
        assert verdict.status == "timeout"
        pids = [int(text) for text in slow_soffice.read_text().split()]
        assert wait_until(lambda: not any(map(is_alive, pids)), 10), pids
        assert [entry for entry in (tmp_path / "s").rglob("*") if entry.is_file()] == []


@pytest.mark.skipif(shutil.which("soffice") is None and "CI" not in os.environ, reason="needs LibreOffice (soffice)")
def test_libreoffice_s_socket_is_where_it_is_looked_for(tmp_path):
    room = tmp_path / "room"
    room.mkdir()
    (room / "a.rtf").write_bytes(rtf(*["1. A."] * 20_000))
    socket = soffice._socket(room / "profile")
    process = start(
        "import sys; from pathlib import Path; from pipeline.read.soffice import convert_all; "
        "from pipeline.config import ReadSettings; "
        "convert_all([Path(sys.argv[1])], Path(sys.argv[2]), ReadSettings())",
        room / "a.rtf",
        room,
    )
    with process:
        assert wait_until(socket.exists)
        process.kill()
    assert wait_until(lambda: not socket.exists(), 10)


def test_the_pages_of_one_document_are_read_one_after_the_other_where_many_documents_are():
    assert Settings().ocr.workers == 0
    one, two = (
        Guard(workers=count, limits=Limits(1, 1000), scratch=Path("s"))._setup.settings.ocr.workers for count in (1, 2)
    )
    assert (one, two) == (0, 1)
