"""Inboxes on object storage, by themselves and on a cluster: a server of the S3 protocol on this machine."""

from __future__ import annotations

import datetime as dt
import hashlib
import json
import os
import sys
import urllib.request

import pytest
from click.testing import CliRunner
from clusters import READER, cluster, rows
from made_notices import ENGINE
from moto.server import ThreadedMotoServer
from pyarrow.fs import S3FileSystem

from pipeline.batch import Choice, Night, Watch, run_night
from pipeline.batch.remote import Storage, file_system, open_inbox
from pipeline.cli import main
from pipeline.config import BatchSettings, ClusterSettings, Config, ReadSettings
from pipeline.errors import (
    EXIT_MISSING,
    EXIT_OK,
    EXIT_SOME_FAILED,
    ConfigError,
    MissingDependencyError,
    MissingFileError,
    StorageError,
)
from pipeline.store import open_store

BATCH = BatchSettings(workers=2, rest_seconds=0, damaged_age_seconds=0, seconds=3, megabytes=1500)
KEYS = {"AWS_ACCESS_KEY_ID": "testing", "AWS_SECRET_ACCESS_KEY": "testing", "AWS_REGION": "us-east-1"}


@pytest.fixture(scope="module")
def server():
    made = ThreadedMotoServer(ip_address="127.0.0.1", port=0, verbose=False)
    made.start()
    host, port = made.get_host_and_port()
    yield f"http://{host}:{port}"
    made.stop()


@pytest.fixture
def bucket(server, monkeypatch):
    """An empty service, and a way to put objects into a bucket of it."""
    for name, value in {**KEYS, "AWS_EC2_METADATA_DISABLED": "true"}.items():
        monkeypatch.setenv(name, value)
    urllib.request.urlopen(urllib.request.Request(f"{server}/moto-api/reset", method="POST")).close()  # noqa: S310
    system = S3FileSystem(
        endpoint_override=server.removeprefix("http://"), scheme="http", region="us-east-1", allow_bucket_creation=True
    )
    system.create_dir("archive")

    def put(**objects):
        for name, data in objects.items():
            with system.open_output_stream(f"archive/{name}") as stream:
                stream.write(data)

    put.delete = lambda name: system.delete_file(f"archive/{name}")
    return put


def night(server, out, inbox="s3://archive/in", batch=BATCH, address=None, **more):
    settings = ClusterSettings(s3_endpoint_url=server, address=address)
    read = more.pop("read", ReadSettings())
    return run_night(Night(inbox, out, Config(batch=batch, cluster=settings, read=read), **more), Watch(), READER)


def fates(account):
    return {entry.file: entry.fate for entry in account.entries}


def put_some(bucket):
    names = ["in/a.pdf", "in/2024/b.docx", "in/2024/p-1.jpg", "in/2024/p-2.jpg", "in/encrypted.pdf", "in/raise-1.pdf"]
    bucket(**{name: name.encode() for name in [*names, "other/c.pdf"]})
    bucket(**{"in/copy.pdf": b"in/a.pdf", "in/.hidden.pdf": b"x", "in/half.pdf.part": b"x", "in/.git/x.pdf": b"x"})


def test_an_inbox_on_s3_is_read_as_a_folder_is(bucket, server, tmp_path):
    put_some(bucket)
    account = night(server, tmp_path / "out")
    found = fates(account)
    assert account.exit_code == EXIT_SOME_FAILED
    assert sorted([found.pop("a.pdf"), found.pop("copy.pdf")]) == ["ok", "same"]  # whichever was read first
    assert found == {
        "2024/b.docx": "ok",
        "2024/p-1.jpg": "ok",
        "2024/p-2.jpg": "ok",
        ".hidden.pdf": "passed",
        "encrypted.pdf": "refused",
        "half.pdf.part": "passed",
        "raise-1.pdf": "internal",
    }
    documents = {hashlib.sha256(data).hexdigest() for data in (b"in/a.pdf", b"in/2024/b.docx", b"in/encrypted.pdf")}
    documents.add(hashlib.sha256(b"in/2024/p-1.jpgin/2024/p-2.jpg").hexdigest())
    documents.add(hashlib.sha256(b"in/raise-1.pdf").hexdigest())
    with open_store(tmp_path / "out" / "chidao.db") as store:
        assert set(store.documents()) == documents
        assert {seen.inbox for seen in store.sightings("s3://archive/in").values()} == {"s3://archive/in"}
        assert len(store.sightings("s3://archive/in")) == 7
    report = json.loads((tmp_path / "out" / "runs" / account.id / "report.json").read_bytes())
    assert report["run"]["inbox"] == "s3://archive/in"
    assert not (tmp_path / "out" / ".work").exists()


def test_a_second_run_over_an_unchanged_bucket_does_no_work(bucket, server, tmp_path):
    put_some(bucket)
    night(server, tmp_path / "out")
    before = rows(tmp_path / "out" / "chidao.db")
    again = night(server, tmp_path / "out", "s3://archive/in/")
    assert again.unchanged == 7
    assert set(fates(again).values()) == {"passed"}
    after = rows(tmp_path / "out" / "chidao.db")
    assert {name: rows for name, rows in after.items() if name != "runs"} == {
        name: rows for name, rows in before.items() if name != "runs"
    }


def test_a_changed_object_is_read_and_a_removed_one_is_not_missed(bucket, server, tmp_path):
    put_some(bucket)
    night(server, tmp_path / "out")
    bucket(**{"in/a.pdf": b"another content"})
    bucket.delete("in/2024/b.docx")
    again = night(server, tmp_path / "out")
    assert {file: fate for file, fate in fates(again).items() if fate != "passed"} == {"a.pdf": "ok"}


def test_known_bytes_under_a_new_name_are_no_second_document(bucket, server, tmp_path):
    bucket(**{"in/a.pdf": b"a"})
    night(server, tmp_path / "out")
    bucket(**{"in/b.pdf": b"a"})
    assert fates(night(server, tmp_path / "out")) == {"b.pdf": "same"}
    assert night(server, tmp_path / "out").unchanged == 2


def test_an_object_that_was_only_just_written_waits(bucket, server, tmp_path):
    bucket(**{"in/a.pdf": b"a"})
    hurried = BATCH.model_copy(update={"rest_seconds": 3600.0, "patience_seconds": 0.0})
    assert fates(night(server, tmp_path / "out", batch=hurried)) == {"a.pdf": "waiting"}


def test_limits_subfolders_and_dates_count_as_in_a_folder(bucket, server, tmp_path):
    put_some(bucket)
    flat = night(server, tmp_path / "flat", recursive=False)
    assert not any(file.startswith("2024/") for file in fates(flat))
    limited = night(server, tmp_path / "limited", choice=Choice(limit=1))
    assert limited.counts["ok"] == 1
    future = dt.datetime.now(dt.UTC) + dt.timedelta(days=1)
    assert night(server, tmp_path / "since", choice=Choice(since=future)).counts["left"] == 7


def test_too_large_an_object_is_refused_without_being_kept_whole(bucket, server, tmp_path):
    bucket(**{"in/whoami-1.pdf": b"x" * 3_000_000})
    account = run_night(
        Night(
            "s3://archive/in",
            tmp_path / "out",
            Config(batch=BATCH, cluster=ClusterSettings(s3_endpoint_url=server), read=ReadSettings(max_bytes=1000)),
        ),
        Watch(),
        _real(),
    )
    (entry,) = account.entries
    assert (entry.fate, entry.kind, entry.quarantined) == ("refused", "too-large", True)
    assert entry.sha256 == hashlib.sha256(b"x" * 3_000_000).hexdigest()


def _real():
    from clusters import warm_up_nothing  # noqa: PLC0415

    from pipeline.batch import Reader, read_task  # noqa: PLC0415

    return Reader(read_task, warm_up_nothing)


def test_what_is_not_there_is_told(bucket, server, tmp_path):
    bucket(**{"in/a.pdf": b"a"})
    with pytest.raises(MissingFileError, match="there is nothing at s3://archive/nothing"):
        night(server, tmp_path / "out", "s3://archive/nothing")
    with pytest.raises(StorageError, match="bucket does not exist"):
        night(server, tmp_path / "out", "s3://no-such-bucket/in")


@pytest.mark.usefixtures("bucket")
def test_a_service_that_cannot_be_reached_ends_the_run(tmp_path):
    with pytest.raises(StorageError, match="s3://archive/in cannot be read") as caught:
        night("http://127.0.0.1:9", tmp_path / "out")
    assert caught.value.exit_code == EXIT_MISSING


def test_an_object_that_goes_while_it_is_read_is_not_held_against_it(bucket, server, tmp_path):
    """Its reader finds nothing; the next run would."""
    bucket(**{"in/a.pdf": b"a", "in/b.pdf": b"b"})
    settings = Config(batch=BATCH, cluster=ClusterSettings(s3_endpoint_url=server))
    gone = Watch(planned=lambda _: bucket.delete("in/b.pdf"))
    account = run_night(Night("s3://archive/in", tmp_path / "out", settings), gone, READER)
    assert fates(account) == {"a.pdf": "ok", "b.pdf": "refused"}
    with open_store(tmp_path / "out" / "chidao.db") as store:
        assert store.counts() | {"documents": 1, "quarantined": 0} == store.counts()
    assert fates(night(server, tmp_path / "out")) == {}


def test_the_command_takes_a_url(bucket, server, tmp_path):
    bucket(**{"in/a.pdf": b"a"})
    arguments = ["run", "s3://archive/in", "--out", str(tmp_path / "out"), "--set", f"cluster.s3_endpoint_url={server}"]
    dry = CliRunner().invoke(main, [*arguments, "--dry-run"], obj=ENGINE)
    assert (dry.exit_code, dry.stdout.splitlines()[0]) == (EXIT_OK, "read       a.pdf")
    assert not (tmp_path / "out").exists()
    done = CliRunner().invoke(main, arguments, obj=ENGINE)
    assert done.exit_code == EXIT_OK, done.output
    assert "s3://archive/in" in done.stdout
    assert CliRunner().invoke(main, ["reprocess", *arguments[1:], "--all"], obj=ENGINE).exit_code == EXIT_OK


def test_a_cluster_reads_from_s3_what_one_machine_reads(bucket, server, tmp_path):
    put_some(bucket)
    bucket.delete("in/copy.pdf")  # which of two equal objects names the result is a matter of which is read first
    local = night(server, tmp_path / "local")
    with cluster(tmp_path / "cluster", 3, **KEYS) as made:
        remote = night(server, tmp_path / "remote", address=made.address)
        again = night(server, tmp_path / "remote", address=made.address)
    assert fates(remote) == fates(local)
    assert rows(tmp_path / "remote" / "chidao.db") == rows(tmp_path / "local" / "chidao.db") | {
        "runs": rows(tmp_path / "remote" / "chidao.db")["runs"]  # one more
    }
    assert again.unchanged == 6


def test_a_url_with_a_password_and_one_of_no_known_kind_are_refused(tmp_path):
    with pytest.raises(ConfigError, match="environment"):
        open_inbox("s3://key:secret@archive/in", ClusterSettings())
    with pytest.raises(ConfigError, match="no kind of inbox"):
        night(None, tmp_path / "out", "nowhere://archive")


def test_a_url_of_a_folder_is_that_folder(tmp_path):
    assert open_inbox(f"file://{tmp_path}", ClusterSettings()).root == tmp_path
    with pytest.raises(ConfigError, match="lies inside the inbox"):
        night(None, tmp_path / "out", f"file://{tmp_path}")


def test_what_is_not_installed_is_named(monkeypatch):
    monkeypatch.setitem(sys.modules, "pyarrow.fs", None)
    file_system.cache_clear()
    with pytest.raises(MissingDependencyError, match=r'pip install "chidao\[cluster\]"'):
        file_system(Storage("s3"))


def test_secrets_are_no_part_of_what_is_sent():
    os.environ.setdefault("AWS_SECRET_ACCESS_KEY", "testing")
    assert "testing" not in repr(open_inbox("s3://archive/in", ClusterSettings()))
