"""The log of a run, for machines and for people."""

from __future__ import annotations

import io
import json
import logging

import pytest
from accounts import HOSTILE

from pipeline.batch.logs import about, configure

LOGGER = logging.getLogger("pipeline.batch.tested")


class Terminal(io.StringIO):
    def isatty(self):
        return True


class Utf8(io.StringIO):
    encoding = "utf-8"


@pytest.fixture(autouse=True)
def _as_it_was():
    """Leave the logger as it was; pytest must not collect hostile names, which it cannot pass on."""
    logger = logging.getLogger("pipeline")
    before = logger.handlers, logger.level
    logger.propagate = False
    yield
    logger.handlers, logger.level = before
    logger.propagate = True


def logged(write, *, json_lines=True, run_id="r1", stream=None, **more):
    stream = stream if stream is not None else io.StringIO()
    configure(json_lines, run_id, stream=stream, **more)
    write()
    return stream.getvalue()


def test_a_line_is_an_object_with_what_is_known():
    line = json.loads(
        logged(lambda: LOGGER.info("read %s", "a.pdf", extra={"sha": "ab" * 32, "file": "a.pdf", "seconds": 1.23456}))
    )
    assert line.pop("time").endswith("Z")
    assert line == {
        "level": "info",
        "logger": "pipeline.batch.tested",
        "message": "read a.pdf",
        "run": "r1",
        "sha": "ab" * 32,
        "file": "a.pdf",
        "seconds": 1.235,
    }


def test_what_is_known_for_a_while_is_on_every_line():
    def write():
        with about(sha="ab", file="a.pdf"):
            LOGGER.info("one")
            with about(file="b.pdf"):
                LOGGER.info("two")
        LOGGER.info("three")

    lines = [json.loads(line) for line in logged(write).splitlines()]
    assert [(line.get("sha"), line.get("file"), line["run"]) for line in lines] == [
        ("ab", "a.pdf", "r1"),
        ("ab", "b.pdf", "r1"),
        (None, None, "r1"),
    ]


@pytest.mark.parametrize("name", HOSTILE, ids=ascii)
@pytest.mark.parametrize("json_lines", [True, False])
@pytest.mark.parametrize("stream", [io.StringIO, Utf8])
def test_hostile_names_stay_on_one_line(name, json_lines, stream):
    made = logged(lambda: LOGGER.warning("read %s", name, extra={"file": name}), json_lines=json_lines, stream=stream())
    assert made.endswith("\n")
    assert made[:-1].isprintable()
    assert made.encode("utf-8")
    if json_lines:
        assert json.loads(made)["level"] == "warning"


def test_vietnamese_is_readable_where_the_stream_takes_it():
    assert "thông báo.pdf" in logged(lambda: LOGGER.info("thông báo.pdf"), stream=Utf8())
    assert logged(lambda: LOGGER.info("thông báo.pdf")).isascii()


def test_a_terminal_gets_lines_for_people_and_a_file_gets_json():
    def write():
        LOGGER.warning("slow", extra={"sha": "ab" * 32})

    assert logged(write, json_lines=None, stream=Terminal()) == f"chidao: warning: slow [run=r1 sha={'ab' * 6}]\n"
    assert json.loads(logged(write, json_lines=None))["sha"] == "ab" * 32


def test_only_known_fields_are_written():
    assert "bí mật" not in logged(lambda: LOGGER.info("read", extra={"text": "bí mật"}), stream=Utf8())


def test_errors_are_named_and_told_in_full_only_for_debugging():
    def write():
        try:
            int("document text")
        except ValueError:
            LOGGER.exception("failed")

    assert json.loads(logged(write))["error"] == "ValueError"
    told = json.loads(logged(write, level=logging.DEBUG))["error"]
    assert "document text" in told
    assert "\n" not in told


def test_a_very_long_message_is_cut():
    assert len(json.loads(logged(lambda: LOGGER.info("x" * 5000)))["message"]) == 1003


def test_debug_lines_are_left_out():
    assert logged(lambda: LOGGER.debug("the text of a document")) == ""


def test_configuring_twice_logs_once():
    configure(True, None, stream=io.StringIO())
    assert len(logged(lambda: LOGGER.info("one")).splitlines()) == 1
