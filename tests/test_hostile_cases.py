"""Forty and more hostile files: each ends in its own error or is read, and the bombs are refused in little memory."""

from __future__ import annotations

import subprocess
import sys
from collections import Counter
from pathlib import Path

import pytest
from hostile_cases import Hostile, hostile_files, truncated_files

from pipeline.config import ReadSettings
from pipeline.errors import LimitError
from pipeline.read import open_source, read_pages

SETTINGS = ReadSettings()
SEED = 2024
CASES = hostile_files(SEED)
BOMBS = [case for case in CASES if case.error is not None and issubclass(case.error, LimitError)]
MOST_BYTES = 200_000_000
"""What refusing a bomb may take beyond the loaded program."""

CHILD = """
import resource, sys
from pathlib import Path
from pipeline.config import ReadSettings
from pipeline.errors import LimitError
from pipeline.read import open_source, read_pages
settings = ReadSettings()
loaded = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
for name in sys.argv[1:]:
    try:
        read_pages(open_source(Path(name), settings), settings)
    except LimitError:
        print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - loaded)
        continue
    sys.exit(f"{name} was not refused")
"""


def read(folder: Path, case: Hostile) -> str | None:
    """Return a file's text; None where it is a picture to be read by OCR."""
    path = folder / case.name
    path.write_bytes(case.data)
    pages = read_pages(open_source(path, SETTINGS), SETTINGS)
    if any(page.picture is not None for page in pages):
        return None
    return " ".join(line.text for page in pages for line in page.lines)


@pytest.fixture(autouse=True)
def _no_network(monkeypatch):
    """Whatever a file refers to is left where it is."""

    def refuse(*_args, **_options):
        pytest.fail("a file was fetched from the network")

    monkeypatch.setattr("socket.socket.connect", refuse)
    monkeypatch.setattr("socket.getaddrinfo", refuse)


def test_there_are_enough_of_enough_kinds():
    kinds = Counter(case.kind for case in CASES)
    assert len(kinds) >= 25
    assert kinds.total() >= 120
    assert len({case.data for case in CASES}) >= 120


def test_the_seed_makes_the_difference():
    first, again, other = ([case.data for case in truncated_files(seed)] for seed in (SEED, SEED, SEED + 1))
    assert first == again != other


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.label)
def test_each_ends_in_its_own_error_or_is_read(tmp_path, case):
    if case.error is None:
        read_as = read(tmp_path, case)
        assert read_as is None or "Thông báo" in read_as
        return
    with pytest.raises(case.error) as caught:
        read(tmp_path, case)
    assert caught.value.reason
    assert caught.value.advice


@pytest.mark.skipif(sys.platform != "linux", reason="needs Linux, which counts memory in kilobytes")
def test_bombs_are_refused_within_200_megabytes(tmp_path):
    names = []
    for index, case in enumerate(BOMBS):
        path = tmp_path / f"{index}-{case.name}"
        path.write_bytes(case.data)
        names.append(str(path))
    done = subprocess.run(
        [sys.executable, "-c", CHILD, *names], capture_output=True, text=True, timeout=300, check=False
    )
    taken = [int(line) * 1024 for line in done.stdout.split()]
    assert (done.returncode, done.stderr, len(taken)) == (0, "", len(names))
    assert max(taken) < MOST_BYTES
    assert len(names) >= 50
