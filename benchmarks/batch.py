"""The nightly job measured: documents an hour, what guard and store cost, two workers for one, memory, an idle night.

    python benchmarks/batch.py [--overhead] [--scaling] [--memory N] [--unchanged N] [--rounds N]

Without options all parts run. The inbox is the bundled samples (DOCX, PDF, scans), documents of data/triage as
text, and junk. Every comparison is between runs of one call, one after the other; medians are told with the least and
the most.
"""

from __future__ import annotations

import argparse
import random
import statistics
import tempfile
import time
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path

import psutil

from pipeline.batch import Night, Reader, Watch, run_night
from pipeline.config import BatchSettings, Config, OcrSettings

ROOT = Path(__file__).resolve().parents[1]
_PADDED = {".pdf", ".png", ".tif", ".md"}
"""Kinds of files that may end with empty lines, so that a copy is another document."""
_STARTING = 4
"""Documents that are let pass until all children are at work."""


def main() -> None:
    """Run the parts that are asked for."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--overhead", action="store_true", help="guard and store against reading in one process")
    parser.add_argument("--scaling", action="store_true", help="two workers against one")
    parser.add_argument("--memory", type=int, metavar="N", help="memory of the run's own process over N documents")
    parser.add_argument("--unchanged", type=int, metavar="N", help="a second run over N files that have not changed")
    parser.add_argument("--rounds", type=int, default=3)
    asked = parser.parse_args()
    everything = not (asked.overhead or asked.scaling or asked.memory or asked.unchanged)
    with tempfile.TemporaryDirectory(prefix="chidao-bench-") as room:
        folder = Path(room)
        if asked.overhead or everything:
            measure_overhead(folder / "overhead", asked.rounds)
        if asked.scaling or everything:
            measure_scaling(folder / "scaling", asked.rounds)
        if asked.memory or everything:
            measure_memory(folder / "memory", asked.memory or 2_000)
        if asked.unchanged or everything:
            measure_unchanged(folder / "unchanged", asked.unchanged or 10_000)


def measure_overhead(folder: Path, rounds: int) -> None:
    """Run one inbox with one worker; print what the run adds to the time that its children read by their own clocks.

    Both are of the same run, so that what else the machine does weighs on both.
    """
    inbox = mixed_inbox(folder / "inbox")
    shares, each = [], []
    for number in range(rounds):
        whole, reading = watched_run(inbox, folder / f"out{number}", workers=1)
        shares.append(whole / reading - 1)
        each.append(1000 * (whole - reading) / (len(files(inbox)) - _STARTING - 1))
    print(f"guard and store: {spread(shares, '{:+.1%}')} of the work, {spread(each, '{:.0f}')} ms a document")


def measure_scaling(folder: Path, rounds: int) -> None:
    """Run one inbox with one worker and with two; print documents an hour and the ratio."""
    inbox = mixed_inbox(folder / "inbox")
    count, ratios, rates = len(files(inbox)), [], []
    for number in range(rounds):
        one, _ = watched_run(inbox, folder / f"one{number}", workers=1)
        two, _ = watched_run(inbox, folder / f"two{number}", workers=2)
        ratios.append(one / two)
        rates.append(3600 * (count - _STARTING - 1) / two)
    print(f"documents an hour, two workers: {spread(rates, '{:,.0f}')} over {count} documents")
    print(f"two workers against one: {spread(ratios, '{:.2f}')} times as fast")


def measure_memory(folder: Path, count: int) -> None:
    """Run `count` small documents and print the memory of the run's own process on the way."""
    inbox = text_inbox(folder / "inbox", count)
    process, seen, sizes = psutil.Process(), 0, {}

    def entered(_: object) -> None:
        nonlocal seen
        seen += 1
        if seen in {count // 10, count // 2, count}:
            sizes[seen] = process.memory_info().rss / 1e6

    run_night(night(inbox, folder / "out", workers=2), Watch(entered=entered), Reader())
    print("memory of the run's process: " + ", ".join(f"{size:.0f} MB after {n:,}" for n, size in sizes.items()))


def measure_unchanged(folder: Path, count: int) -> None:
    """Run `count` files twice and print how long the second run took and what it read."""
    inbox = text_inbox(folder / "inbox", count)
    first = timed(lambda: run_night(night(inbox, folder / "out", workers=2), Watch(), Reader()))
    accounts = []
    second = timed(lambda: accounts.append(run_night(night(inbox, folder / "out", workers=2), Watch(), Reader())))
    counts = accounts[0].counts
    print(f"{count:,} files: {first:.0f} s; again, unchanged: {second:.1f} s, {counts['unchanged']:,} of them not read")


def mixed_inbox(folder: Path) -> Path:
    """Make an inbox of samples, texts and junk: of all kinds mixed, each file another one, the junk at the end."""
    folder.mkdir(parents=True)
    draw = random.Random(7)  # noqa: S311 - nothing secret
    samples = sorted((ROOT / "data/samples/files").iterdir())
    texts = sorted((ROOT / "data/triage").glob("*.txt"))
    again = [path for path in samples if path.suffix in _PADDED]
    chosen = [(path, 0) for path in (*samples, *texts)] + [(path, copy) for path in again for copy in (1, 2)]
    draw.shuffle(chosen)
    for number, (path, copy) in enumerate(chosen):
        (folder / f"{number:03d}{path.suffix}").write_bytes(path.read_bytes() + b"\n" * copy)
    for number in range(30):
        (folder / f"junk{number}.pdf").write_bytes(draw.randbytes(2000))
    return folder


def text_inbox(folder: Path, count: int) -> Path:
    """Make an inbox of `count` short texts, each another one."""
    folder.mkdir(parents=True)
    for number in range(count):
        (folder / f"{number:06d}.txt").write_text(
            f"GIẤY MỜI\nSố {number}\nKính mời dự họp giao ban.\n", encoding="utf-8"
        )
    return folder


def files(inbox: Path) -> list[Path]:
    """Return the files of an inbox."""
    return sorted(inbox.iterdir())


def night(inbox: Path, out: Path, workers: int) -> Night:
    """Return a run that waits for nothing, and whose children keep to one core each."""
    batch = BatchSettings(workers=workers, rest_seconds=0, damaged_age_seconds=0)
    return Night(inbox, out, Config(batch=batch, ocr=OcrSettings(workers=1)))


def watched_run(inbox: Path, out: Path, workers: int) -> tuple[float, float]:
    """Run an inbox; return the seconds from an early document's end to the last's, and those of reading in them.

    So the start of the children, which a night has once, is left out.
    """
    times: list[tuple[float, float]] = []
    watch = Watch(entered=lambda entry: times.append((time.perf_counter(), entry.seconds or 0.0)))
    run_night(night(inbox, out, workers), watch, Reader())
    first, *rest = times[_STARTING:]
    return rest[-1][0] - first[0], sum(seconds for _, seconds in rest)


def timed(work: Callable[[], object]) -> float:
    """Return the seconds that something takes."""
    began = time.perf_counter()
    work()
    return time.perf_counter() - began


def spread(values: Sequence[float] | Iterable[float], form: str) -> str:
    """Return the median of values with the least and the most."""
    values = sorted(values)
    return f"{form.format(statistics.median(values))} ({form.format(values[0])} to {form.format(values[-1])})"


if __name__ == "__main__":
    main()
