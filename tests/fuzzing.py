"""Good files damaged at random and extracted whole, in a process that is watched: `python tests/fuzzing.py 2000 7`.

What comes out must be a notice or an error of the project, within the time and memory of a run, and no process may be
left behind. The first number says how many files, the second is the seed.
"""

from __future__ import annotations

import io
import multiprocessing
import os
import random
import re
import resource
import sys
import tempfile
import traceback
import warnings
import zipfile
import zlib
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from multiprocessing.connection import Connection
from pathlib import Path

from hostile_files import docx, encode, paragraph, pdf, picture, show
from office_files import odt, ole, rtf, word_header

from pipeline import extract, ocr
from pipeline.config import ExtractSettings, OcrSettings, ReadSettings, Settings
from pipeline.errors import PipelineError
from pipeline.read import office

FILES = Path(__file__).parents[1] / "data" / "samples" / "files"
MOST_SECONDS = 60.0
"""Processor time of one run; what takes longer is ended, and found fault with."""
MOST_BYTES = 600_000_000
"""What the process may grow by over all runs."""
SETTINGS = Settings(
    ocr=OcrSettings(engine="blind", second_voice="none", dpi=72, workers=1),
    extract=ExtractSettings(any_document=True),
)
MADE: dict[str, Callable[[], bytes]] = {
    "small.pdf": lambda: pdf(show((72, 700, "Thong bao ket luan"), (72, 680, "1. Giao So Y te"))),
    "small.png": lambda: encode(picture((5, 5, "a"), size=(60, 40)), "PNG"),
    "small.jpg": lambda: encode(picture((5, 5, "a"), size=(60, 40)), "JPEG"),
    "small.bmp": lambda: encode(picture((5, 5, "a"), size=(60, 40)), "BMP"),
    "small.webp": lambda: encode(picture((5, 5, "a"), size=(60, 40)), "WEBP"),
    "small.tif": lambda: encode(picture((5, 5, "a"), size=(60, 40)).convert("1"), "TIFF", compression="group4"),
    "small.txt": lambda: "THÔNG BÁO\nKết luận\n1. Giao Sở Y tế báo cáo trước ngày 30/6/2024.".encode("utf-16"),
    "small.doc": lambda: ole(WordDocument=word_header(), Data=b"x"),
    "small.rtf": lambda: rtf("Thông báo kết luận"),
    "small.odt": lambda: odt("Thông báo kết luận"),
}
_STREAM = re.compile(rb"stream\r?\n(.*?)endstream", re.DOTALL)


def sample(name: str) -> bytes:
    """Return a good file."""
    return MADE[name]() if name in MADE else (FILES / name).read_bytes()


def flip(data: bytes, chance: random.Random) -> bytes:
    """Return `data` with one to five bits turned."""
    flipped = bytearray(data)
    for _ in range(chance.randrange(1, 6) if data else 0):
        flipped[chance.randrange(len(flipped))] ^= 1 << chance.randrange(8)
    return bytes(flipped)


def cut(data: bytes, chance: random.Random) -> bytes:
    """Return `data` cut off at a hundredth."""
    return data[: len(data) * chance.randrange(100) // 100]


def move(data: bytes, chance: random.Random) -> bytes:
    """Return `data` with a piece of it written over another one."""
    size = chance.randrange(1, max(2, len(data) // 20))
    source, target = (chance.randrange(max(1, len(data) - size)) for _ in range(2))
    return data[:target] + data[source : source + size] + data[target + size :]


def flip_inside(data: bytes, chance: random.Random) -> bytes:
    """Return a zip or a PDF with bits turned in one packed part, packed again so that it is unpacked."""
    if data.startswith(b"PK"):
        return _flip_member(data, chance)
    found = [match for match in _STREAM.finditer(data) if match[1][:1] == b"\x78"]
    if not found:
        return flip(data, chance)
    match = chance.choice(found)
    inflater = zlib.decompressobj()
    content = zlib.compress(flip(inflater.decompress(match[1], 1 << 20), chance))
    return data[: match.start(1)] + content + data[match.end(1) :]


def _flip_member(data: bytes, chance: random.Random) -> bytes:
    target = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(target, "w") as new:
        chosen = chance.choice([name for name in old.namelist() if old.getinfo(name).file_size])
        for name in old.namelist():
            new.writestr(name, flip(old.read(name), chance) if name == chosen else old.read(name))
    return target.getvalue()


DAMAGES = (flip, cut, move, flip_inside)


def damaged_files(runs: int, seed: int) -> Iterator[tuple[str, bytes]]:
    """Yield damaged files of all formats, named by what was done to them."""
    wholes = {name: sample(name) for name in (*sorted(path.name for path in FILES.iterdir()), *MADE)}
    for index in range(runs):
        name = list(wholes)[index % len(wholes)]
        damage = DAMAGES[index // len(wholes) % len(DAMAGES)]
        chance = random.Random(f"{seed}-{index}")
        yield f"{index}-{damage.__name__}-{name}", damage(wholes[name], chance)


@dataclass
class Report:
    """What came of all runs: how often which outcome, what was wrong, and by how many bytes the process grew."""

    outcomes: Counter[str] = field(default_factory=Counter)
    faults: list[str] = field(default_factory=list)
    grown: int = 0


def fuzz(runs: int, seed: int, folder: Path) -> Report:
    """Extract damaged files one after the other in another process, and watch it."""
    report = Report()
    first = 0
    while first < runs:
        first = _watch(first, runs, seed, folder, report)
    return report


def _watch(first: int, runs: int, seed: int, folder: Path, report: Report) -> int:
    """Let one process do the runs from `first` on; return the run that comes after it has ended."""
    mine, its = multiprocessing.Pipe()
    process = multiprocessing.get_context("spawn").Process(target=_work, args=(its, first, runs, seed, folder))
    process.start()
    its.close()
    index, name, since = first, "", 0.0
    try:
        while True:
            if not mine.poll(1):
                if name and _processor_time(process.pid) - since > MOST_SECONDS:
                    report.faults.append(f"{name}: took more than {MOST_SECONDS:.0f} seconds")
                    return index + 1
                continue
            word, *rest = mine.recv()
            if word == "begin":
                index, name = rest
                since = _processor_time(process.pid)
            else:
                outcome, grown = rest
                report.outcomes[outcome.partition(":")[0]] += 1
                report.grown = max(report.grown, grown)
                report.faults += [f"{name}: {outcome}"] if outcome.startswith("fault") else []
                report.faults += [f"{name}: left processes {left}" for left in [children_of(process.pid)] if left]
    except EOFError:
        process.join()
        if process.exitcode == 0:
            return runs
        report.faults.append(f"{name}: the process ended with {process.exitcode}")
        return index + 1
    finally:
        process.kill()
        process.join()


def children_of(pid: int | None) -> str:
    """Return the numbers of the processes that a process started and that are still there, dead or alive."""
    return " ".join(path.read_text() for path in Path(f"/proc/{pid}/task").glob("*/children")).strip()


def _processor_time(pid: int | None) -> float:
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def _work(reports: Connection, first: int, runs: int, seed: int, folder: Path) -> None:
    """Extract the damaged files from number `first` on, and say what came of each."""
    ocr.ENGINES["blind"] = lambda *_args: ()
    office.convert_all = _convert_nothing
    _outcome(FILES / "thpt-ngo-quyen-on-thi-2024.md")  # so that all is loaded
    warnings.simplefilter("ignore")
    loaded = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    for index, (name, data) in enumerate(damaged_files(runs, seed)):
        if index >= first:
            path = folder / Path(name).with_stem("damaged").name
            path.write_bytes(data)
            reports.send(("begin", index, name))
            outcome = _outcome(path)
            grown = (resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - loaded) * 1024
            reports.send(("end", outcome, grown))


def _outcome(path: Path) -> str:
    try:
        extract(path, SETTINGS)
    except PipelineError as error:
        return type(error).__name__ if error.reason and error.advice else f"fault: {type(error).__name__} says nothing"
    except BaseException:  # noqa: BLE001 - whatever it is, it is a fault
        return f"fault: {traceback.format_exc()}"
    return "Notice"


def _convert_nothing(files: list[Path], folder: Path, _settings: ReadSettings) -> None:
    """Stand in for LibreOffice, which would take two seconds a file."""
    for file in files:
        (folder / f"{file.stem}.docx").write_bytes(docx(paragraph("Thông báo")))


def main() -> int:
    """Run as many as the command line says."""
    asked = [int(word) for word in sys.argv[1:3]]
    runs, seed = [*asked, 2_000, 7][:1] + [*asked[1:], 7][:1]
    with tempfile.TemporaryDirectory() as folder:
        report = fuzz(runs, seed, Path(folder))
    for outcome, count in report.outcomes.most_common():
        print(f"{count:>6} {outcome}")  # noqa: T201 - a program for people
    print(f"{report.outcomes.total()} runs, {len(report.faults)} faults, {report.grown / 1e6:.0f} MB grown")  # noqa: T201
    print(*report.faults, sep="\n")  # noqa: T201
    return bool(report.faults) or report.grown > MOST_BYTES


if __name__ == "__main__":
    sys.exit(main())
