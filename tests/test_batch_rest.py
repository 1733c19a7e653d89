"""A file that is still being copied is not read."""

import os
import threading
import time

import pytest

from pipeline.batch.inbox import scan
from pipeline.batch.rest import Patience, await_rest

HOUR_AGO = time.time() - 3600


def put(folder, name, data=b"x"):
    path = folder / name
    path.write_bytes(data)
    return path


def names(files):
    return [file.path.name for file in files]


def test_a_file_that_was_just_changed_is_not_at_rest(tmp_path):
    put(tmp_path, "new.pdf")
    resting, moving = await_rest(scan(tmp_path).files, Patience(rest=60, most=0))
    assert (names(resting), names(moving)) == ([], ["new.pdf"])


def test_a_time_that_a_copying_program_set_back_does_not_count(tmp_path):
    os.utime(put(tmp_path, "copied.pdf"), (HOUR_AGO, HOUR_AGO))
    resting, moving = await_rest(scan(tmp_path).files, Patience(rest=60, most=0))
    assert (names(resting), names(moving)) == ([], ["copied.pdf"])


def test_a_run_waits_until_a_file_has_come_to_rest(tmp_path):
    put(tmp_path, "new.pdf")
    resting, moving = await_rest(scan(tmp_path).files, Patience(rest=0.2, most=30, pause=0.05))
    assert (names(resting), names(moving)) == (["new.pdf"], [])


def test_a_slow_copier_keeps_its_file_from_being_read(tmp_path):
    path = put(tmp_path, "slow.pdf")
    put(tmp_path, "still.pdf")
    done = threading.Event()

    def copy_slowly():
        while not done.wait(0.05):
            with path.open("ab") as file:
                file.write(b"more")

    copier = threading.Thread(target=copy_slowly)
    copier.start()
    try:
        resting, moving = await_rest(scan(tmp_path).files, Patience(rest=1.0, most=3.0, pause=0.1))
    finally:
        done.set()
        copier.join()
    assert (names(resting), names(moving)) == (["still.pdf"], ["slow.pdf"])


def test_what_is_at_rest_is_told_as_it_is_now(tmp_path):
    path = put(tmp_path, "a.pdf")
    before = scan(tmp_path).files
    path.write_bytes(b"longer")
    resting, _ = await_rest(before, Patience(rest=0.05, most=30, pause=0.02))
    assert [file.size for file in resting] == [6]


@pytest.mark.parametrize("change", [lambda path: path.unlink(), lambda path: (path.unlink(), path.mkdir())])
def test_a_file_that_has_gone_is_neither(tmp_path, change):
    path = put(tmp_path, "a.pdf")
    before = scan(tmp_path).files
    change(path)
    assert await_rest(before, Patience(rest=0.05, most=1)) == ([], [])


def test_waiting_ends_when_the_run_is_stopped(tmp_path):
    put(tmp_path, "a.pdf")

    def never(_seconds):
        pytest.fail("waited although the run was stopped")

    _, moving = await_rest(scan(tmp_path).files, Patience(rest=60, most=600), stopped=lambda: True, sleep=never)
    assert names(moving) == ["a.pdf"]
