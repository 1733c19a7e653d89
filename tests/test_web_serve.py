"""Serving: what may be listened at, the printed address, the end; and pages drawn where they can cost nothing."""

import json
import os
import re
import signal
import subprocess
import sys
import urllib.request
from http.cookiejar import CookieJar

import pytest
from click.testing import CliRunner
from web_sites import make_site, plain_notice, sample

from pipeline.batch import Limits
from pipeline.cli import main
from pipeline.config import Settings
from pipeline.store.originals import Originals
from pipeline.web.drawing import Drawn
from pipeline.web.painter import Painter

PDF, TIFF = "evncpc-luoi-dien-110kv-2024.pdf", "huyen-hai-hau-de-bien-1998.tif"


@pytest.fixture
def site(tmp_path):
    made = make_site(tmp_path)
    yield made
    made.store.close()


@pytest.fixture
def painter(site):
    made = Painter(Originals(site.store), Settings(), site.out)
    yield made
    made.close()


def serve(*arguments):
    return CliRunner().invoke(main, ["serve", *arguments])


# --- the command


@pytest.mark.parametrize("host", ["0.0.0.0", "::", "192.0.2.1"])  # noqa: S104 - it is refused
def test_others_are_not_served_without_a_token(site, host):
    result = serve("--out", str(site.out), "--host", host)
    assert result.exit_code == 78
    assert "web.token" in result.output


def test_a_token_that_can_be_guessed_is_refused(site):
    result = serve("--out", str(site.out), "--token", "short")
    assert result.exit_code == 78
    assert "short" not in result.output


def test_a_folder_without_results_is_told(tmp_path):
    assert serve("--out", str(tmp_path)).exit_code == 65


def test_an_address_that_is_taken_is_told(site):
    result = serve("--out", str(site.out), "--host", "127.0.0.1", "--port", "1") if os.geteuid() else None
    assert result is None or (result.exit_code == 78 and "--port" in result.output)
    assert serve("--out", str(site.out), "--host", "no.such.host.invalid", "--token", "x" * 20).exit_code == 78


def test_it_prints_its_address_serves_and_ends_in_order(site):
    sample(site, PDF)
    site.store.close()
    command = [sys.executable, "-c", "import chidao; chidao.main()", "serve", "--out", str(site.out), "--port", "0"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as server:
        try:
            address = re.fullmatch(r"Open (http://127\.0\.0\.1:\d+/login\?token=\S{43})\n", server.stdout.readline())
            assert address, server.stderr.read()
            opener = urllib.request.build_opener(urllib.request.HTTPCookieProcessor(CookieJar()))
            with opener.open(address[1], timeout=60) as answer:
                assert b"/notice/" in answer.read()
        finally:
            server.send_signal(signal.SIGTERM)
        assert server.wait(60) == 130
        assert "Traceback" not in server.stderr.read()


# --- pages


def test_pages_are_drawn_and_kept(site, painter):
    sha = sample(site, PDF)
    assert [tuple(round(side) for side in size) for size in painter.sizes(sha)] == [(595, 842)] * 2
    assert painter.picture(sha, 2, 0)[:4] == b"RIFF"
    assert {path.name for path in (site.out / ".pages" / sha).iterdir()} == {"sizes.json", "2-0.webp"}


def test_scans_are_drawn_and_turned(site, painter):
    sha = sample(site, TIFF)
    assert len(painter.sizes(sha)) == 2
    upright, turned = painter.picture(sha, 1, 0), painter.picture(sha, 1, 90)
    assert upright
    assert turned != upright


def test_a_file_that_cannot_be_drawn_costs_no_other(site, painter):
    bad = site.add("bad.pdf", b"%PDF-1.7 " + b"x" * 500, plain_notice(b"bad"))
    good = sample(site, PDF)
    assert painter.sizes(bad) == ()
    assert painter.picture(bad, 1, 0) is None
    assert painter.picture(good, 1, 0)


def test_a_file_that_takes_too_long_costs_no_other(site):
    sha = sample(site, PDF)
    hasty = Painter(Originals(site.store), Settings(), site.out, Limits(seconds=0.0001, megabytes=1500))
    assert hasty.picture(sha, 1, 0) is None
    assert hasty.picture(sha, 2, 0) is None
    hasty.close()


def test_kept_sizes_that_are_damaged_are_told_anew(site, painter):
    sha = sample(site, PDF)
    folder = site.out / ".pages" / sha
    folder.mkdir(parents=True)
    (folder / "sizes.json").write_text('{"a": 1}')
    assert len(painter.sizes(sha)) == 2


@pytest.mark.parametrize("told", [{"sizes": [], "picture": "PHNjcmlwdD4="}, {"sizes": [[1]], "picture": ""}])
def test_a_child_is_not_believed_everything(told):
    with pytest.raises(ValueError):
        Drawn.read(json.dumps(told))
