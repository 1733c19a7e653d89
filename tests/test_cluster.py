"""The nightly job on a cluster of real processes: the same store as on one machine, also when a worker dies."""

from __future__ import annotations

import time
from dataclasses import replace

import psutil
import pytest
from click.testing import CliRunner
from clusters import PATIENCE, READER, cluster, rows

from pipeline.batch import Limits, Night, Reader, Task, Watch, run_night, station
from pipeline.batch.cluster import ClusterExecutor
from pipeline.batch.warden import RUN
from pipeline.cli import main
from pipeline.config import BatchSettings, ClusterSettings, Config, Settings
from pipeline.errors import EXIT_MISSING, EXIT_SOME_FAILED, ClusterError, ConfigError
from pipeline.store import open_store

BATCH = BatchSettings(workers=2, rest_seconds=0, damaged_age_seconds=0, seconds=3, megabytes=1000)
POISON = {"segfault-05": "crash", "kill-13": "crash", "hang-21": "timeout", "eat-29": "memory", "raise-37": "internal"}


@pytest.fixture(scope="module")
def three(tmp_path_factory):
    with cluster(tmp_path_factory.mktemp("cluster") / "three", 3) as made:
        yield made


@pytest.fixture
def inbox(tmp_path):
    """Forty good documents."""
    folder = tmp_path / "inbox"
    folder.mkdir()
    for number in range(40):
        (folder / f"{number:02d}.pdf").write_bytes(str(number).encode())
    return folder


@pytest.fixture
def poisoned(inbox):
    """The same inbox, with five bad ones among the forty."""
    for name in POISON:
        (inbox / f"{name[-2:]}.pdf").unlink()
        (inbox / f"{name}.pdf").write_bytes(name.encode())
    return inbox


def night(inbox, out, address=None, watch=None, reader=READER, **more):
    config = Config(batch=BATCH, cluster=ClusterSettings(address=address, **more))
    return run_night(Night(inbox, out, config), watch or Watch(), reader)


def executor(address, reader=READER, folder=None, **more):
    settings = ClusterSettings(address=address, **more)
    return ClusterExecutor(reader, Settings(), limits=Limits(10, 1000), cluster=settings, folder=folder)


def children():
    """Return the processes below any guard's run on this machine."""
    found = set()
    for process in psutil.process_iter():
        try:
            if process.environ().get(RUN) and process.status() != psutil.STATUS_ZOMBIE:
                found.add(process.pid)
        except psutil.Error:
            continue
    return found


def wait_until(holds):
    end = time.monotonic() + PATIENCE
    while time.monotonic() < end and not holds():
        time.sleep(0.1)
    return holds()


def test_the_store_is_the_same_row_for_row_when_a_worker_is_killed_half_way(poisoned, tmp_path):
    local = night(poisoned, tmp_path / "local")
    before = children()
    seen = []
    with cluster(tmp_path / "cluster", 3) as made:

        def entered(entry):
            seen.append(entry)
            if len(seen) == 15:
                made.kill(made.workers[1])

        remote = night(poisoned, tmp_path / "remote", made.address, Watch(entered=entered))
        assert made.workers[1].returncode is not None
        assert wait_until(lambda: children() <= before)  # neither the dead worker nor the others keep a child
    assert local.exit_code == remote.exit_code == EXIT_SOME_FAILED
    fates = {entry.file.removesuffix(".pdf"): entry.fate for entry in remote.entries}
    assert {name: fate for name, fate in fates.items() if fate != "ok"} == POISON
    assert len(fates) == len(seen) == 40
    ours, theirs = rows(tmp_path / "local" / "chidao.db"), rows(tmp_path / "remote" / "chidao.db")
    assert {table: len(found) for table, found in ours.items()} == {
        table: len(found) for table, found in theirs.items()
    }
    assert ours == theirs
    assert len(ours["documents"]) == 40


def test_a_second_run_on_the_cluster_reads_nothing(three, inbox, tmp_path):
    night(inbox, tmp_path / "out", three.address)
    again = night(inbox, tmp_path / "out", three.address)
    assert (again.unchanged, again.entries) == (40, ())


def test_there_are_never_more_documents_out_than_the_window_has_room_for(three):
    out, most, taken = set(), 0, []

    def tasks():
        for number in range(60):
            taken.append(number)
            yield Task(str(number), (three.folder / "a.pdf",))

    def started(task):
        nonlocal most
        out.add(task.key)
        most = max(most, len(out))

    (three.folder / "a.pdf").write_bytes(b"a")
    with executor(three.address, window=2) as reading:
        for verdict in reading.verdicts(tasks(), started=started):
            assert verdict.status == "ok"
            out.remove(verdict.key)
            assert len(reading._flying) <= 2 * 3
    assert most == 2 * 3
    assert taken == list(range(60))


def test_a_run_that_is_stopped_brings_what_is_out_to_its_verdict(three):
    (three.folder / "a.pdf").write_bytes(b"a")
    with executor(three.address, window=1) as reading:
        found = []
        for verdict in reading.verdicts(Task(str(number), (three.folder / "a.pdf",)) for number in range(60)):
            found.append(verdict.key)
            reading.stop()
    assert found
    assert len(found) <= 4


def test_an_unreachable_scheduler_is_told_and_nothing_was_begun(inbox, tmp_path):
    out = tmp_path / "out"
    done = CliRunner().invoke(main, ["run", str(inbox), "--out", str(out), "--cluster", "tcp://127.0.0.1:9"])
    assert done.exit_code == EXIT_MISSING
    assert "the scheduler at tcp://127.0.0.1:9 cannot be reached" in done.output
    with open_store(out / "chidao.db") as store:
        assert (store.counts()["documents"], [run.status for run in store.runs()]) == (0, ["failed"])


@pytest.mark.parametrize("address", ["nowhere", "ftp://127.0.0.1:1", "tcp://127.0.0.1"])
def test_an_address_that_is_none_is_told(address):
    with pytest.raises(ClusterError), executor(address):
        pass


def test_another_version_is_refused(three, monkeypatch):
    monkeypatch.setattr(station, "versions", lambda: {"chidao": "9.9", "python": "3.11"})
    with (
        pytest.raises(ClusterError, match=r"the scheduler does not fit: it has chidao \S+ instead of 9\.9"),
        executor(three.address),
    ):
        pass


def test_a_worker_that_comes_later_with_another_version_is_refused_as_well(three):
    with executor(three.address) as reading:
        reading._order = replace(reading._order, versions={"chidao": "9.9"})
        with pytest.raises(ClusterError, match=r"on the worker tcp://127\.0\.0\.1:\d+: it has chidao"):
            list(reading.verdicts([Task("a", ())]))


def test_a_folder_that_the_workers_do_not_see_is_told_before_anything_is_read(three, tmp_path):
    with (
        pytest.raises(ClusterError, match="does not see the folder"),
        executor(three.address, folder=tmp_path / "elsewhere"),
    ):
        pass


def test_a_worker_that_cannot_get_ready_is_named(three):
    import poison  # noqa: PLC0415 - the same module that the workers import

    with (
        executor(three.address, Reader(poison.read, poison.unfit)) as reading,
        pytest.raises(ConfigError, match=r"on the worker tcp://.*there is no model"),
    ):
        list(reading.verdicts([Task("a", ())]))


def test_a_run_whose_workers_are_all_lost_ends_and_the_next_one_goes_on(inbox, tmp_path):
    out = tmp_path / "out"
    seen = []
    with cluster(tmp_path / "cluster", 2) as made:

        def entered(entry):
            seen.append(entry)
            if len(seen) == 10:
                for worker in made.workers:
                    made.kill(worker)

        with pytest.raises(ClusterError, match="has had no worker"):
            night(inbox, out, made.address, Watch(entered=entered), patience_seconds=0)
        made.start_workers(2)
        account = night(inbox, out, made.address)
    assert len(seen) >= 10
    assert account.unchanged + account.counts["ok"] == 40
    with open_store(out / "chidao.db") as store:
        assert store.counts()["notices"] == 40
        assert [run.status for run in store.runs()] == ["finished", "failed"]


def test_a_lost_scheduler_ends_the_run(inbox, tmp_path):
    seen = []
    with cluster(tmp_path / "cluster", 1) as made:

        def entered(entry):
            seen.append(entry)
            if len(seen) == 3:
                made.kill(made.scheduler)

        with pytest.raises(ClusterError, match="the cluster was lost"):
            night(inbox, tmp_path / "out", made.address, Watch(entered=entered))
    assert len(seen) < 40
