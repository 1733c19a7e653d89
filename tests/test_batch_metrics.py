"""Figures for Prometheus, the ping and the digest."""

from __future__ import annotations

import http.server
import logging
import socket
import threading
import time
from dataclasses import replace
from http.client import HTTPConnection

import pytest
from accounts import ACCOUNT
from prometheus_client.parser import text_string_to_metric_families

from pipeline.batch import metrics
from pipeline.batch.account import FATES
from pipeline.batch.metrics import ping, write_digest, write_metrics
from pipeline.errors import OutputError

FAILED = replace(ACCOUNT, status="failed", exit_code=70)
LAST = ("chidao_last_success_timestamp_seconds", None)


def figures(path):
    families = text_string_to_metric_families(path.read_text(encoding="utf-8"))
    return {(sample.name, sample.labels.get("fate")): sample.value for family in families for sample in family.samples}


def test_the_figures_of_a_run(tmp_path):
    write_metrics(ACCOUNT, tmp_path / "chidao.prom")
    made = figures(tmp_path / "chidao.prom")
    assert made[LAST] == ACCOUNT.ended_at.timestamp()
    assert made["chidao_run_duration_seconds", None] == 848
    assert made["chidao_documents_total", "refused"] == 3
    assert made["chidao_documents_total", "unchanged"] == 1204
    assert made["chidao_quarantine_size", None] == 3
    assert made["chidao_documents_per_second", None] == pytest.approx(28 / 848)
    assert {fate for name, fate in made if fate} == set(FATES)
    assert [path.name for path in tmp_path.iterdir()] == ["chidao.prom"]


def test_a_failed_run_keeps_the_time_of_the_last_success(tmp_path):
    path = tmp_path / "chidao.prom"
    write_metrics(ACCOUNT, path)
    write_metrics(replace(FAILED, ended_at=ACCOUNT.ended_at.replace(year=2027)), path)
    assert figures(path)[LAST] == ACCOUNT.ended_at.timestamp()
    assert figures(path)["chidao_last_run_exit_code", None] == 70


@pytest.mark.parametrize(
    "old", [None, b"", b"no figures {{{", b"\xff\xfe", b"chidao_last_success_timestamp_seconds x\n"]
)
def test_where_no_success_is_known_its_time_is_0(tmp_path, old):
    path = tmp_path / "chidao.prom"
    if old is not None:
        path.write_bytes(old)
    write_metrics(FAILED, path)
    assert figures(path)[LAST] == 0


@pytest.mark.parametrize(
    ("status", "code", "success"),
    [
        ("finished", 0, True),
        ("finished", 3, True),
        ("finished", 1, False),
        ("stopped", 130, False),
        ("failed", 74, False),
    ],
)
def test_what_counts_as_success(status, code, success):
    assert replace(ACCOUNT, status=status, exit_code=code).succeeded is success


def test_figures_that_cannot_be_written_are_an_error_of_the_output(tmp_path):
    with pytest.raises(OutputError):
        write_metrics(ACCOUNT, tmp_path / "none" / "chidao.prom")


def test_a_digest_is_the_page_of_text(tmp_path):
    path = write_digest(ACCOUNT, tmp_path)
    assert path == tmp_path / "runs" / ACCOUNT.id / "digest.txt"
    assert path.read_text(encoding="utf-8").endswith("6 for a person to look at\n")


class Listener(http.server.BaseHTTPRequestHandler):
    def do_GET(self):
        self.server.asked.append(self.path)
        self.send_response(302 if "away" in self.path else 200)
        self.send_header("Location", "/elsewhere")
        self.end_headers()

    def log_message(self, *args):
        """Say nothing."""


@pytest.fixture
def listener(monkeypatch):
    """A server on this machine; the ping speaks to it without TLS, which is not what is tested."""
    monkeypatch.setattr(metrics, "HTTPSConnection", HTTPConnection)
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), Listener) as server:
        server.asked = []
        thread = threading.Thread(target=server.serve_forever, args=(0.05,))
        thread.start()
        yield server
        server.shutdown()
        thread.join()


def at(listener, path):
    return f"https://127.0.0.1:{listener.server_address[1]}{path}"


@pytest.mark.parametrize(("phase", "path"), [("start", "/key/start"), ("success", "/key"), ("fail", "/key/fail")])
def test_a_ping_tells_the_phase(listener, phase, path, caplog):
    ping(at(listener, "/key"), phase)
    ping(at(listener, "/key/?a=b"), phase)
    assert listener.asked == [path, f"{path}?a=b"]
    assert caplog.records == []


def test_a_ping_follows_no_redirect(listener, caplog):
    ping(at(listener, "/away"), "success")
    assert listener.asked == ["/away"]
    assert "status 302" in caplog.text


@pytest.mark.parametrize(
    "url",
    [
        "http://127.0.0.1/k3y",
        "file:///etc/passwd?k3y",
        "https:///k3y",
        "k3y",
        "https://127.0.0.1:1/k3y",
        "https://127.0.0.1:x/k3y",
        "https://[k3y",
        "https://127.0.0.1/k3y\r\nX: y",
        "https://xn--\udce9.invalid/k3y",
    ],
    ids=ascii,
)
def test_a_ping_that_fails_is_a_warning_that_does_not_name_the_url(url, caplog):
    ping(url, "fail")
    assert [record.levelno for record in caplog.records] == [logging.WARNING]
    assert "k3y" not in caplog.text


def test_a_ping_gives_up_in_time(monkeypatch, caplog):
    monkeypatch.setattr(metrics, "_SECONDS", 0.2)
    monkeypatch.setattr(metrics, "HTTPSConnection", HTTPConnection)
    with socket.create_server(("127.0.0.1", 0)) as silent:
        started = time.monotonic()
        ping(f"https://127.0.0.1:{silent.getsockname()[1]}/key", "start")
        assert time.monotonic() - started < 2
    assert caplog.records != []


def test_nobody_is_told_unless_it_is_asked_for(monkeypatch):
    monkeypatch.setattr(metrics, "HTTPSConnection", None)
    ping(None, "success")
    ping("", "success")
