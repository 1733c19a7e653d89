"""OCR, next to plain Tesseract: error rates and seconds a page, class by class, on worn pages of the bundled samples.

    python benchmarks/ocr.py                            # prints the table
    python benchmarks/ocr.py --cases 3 --write docs/ocr.md
    python benchmarks/ocr.py --folder scans             # own scans: name.pdf|png|jpg|tif beside name.txt
    python benchmarks/ocr.py --calibrate                # measures the table of confidences anew

Plain is the program as it comes, `tesseract page.png - -l vie`, on the same pages in the same run, at its best: two
pages at a time, OMP_THREAD_LIMIT=1. Both are timed by turns, so that a busy machine slows both. The error rate counts
characters against the whole text in reading order, white space folded; DER counts letters that carry the wrong marks.
"""

from __future__ import annotations

import os

os.environ["OMP_THREAD_LIMIT"] = "1"  # before anything loads a library that reads it

import argparse
import statistics
import subprocess
import sys
import tempfile
import time
from collections import defaultdict
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from difflib import SequenceMatcher
from itertools import pairwise
from pathlib import Path

import numpy as np
from PIL import Image, ImageSequence
from rapidfuzz.distance import Levenshtein
from worn_pages import CLASSES, Scan, bind, make_scans

from pipeline import read_document
from pipeline.config import OcrSettings, ReadSettings, Settings
from pipeline.language import clean, fold, load
from pipeline.read.paper import draw_page, page_sizes

ROOT = Path(__file__).parents[1]
SAMPLES = ROOT / "data" / "samples" / "cases"
TABLE = ROOT / "pipeline" / "lexicon" / "confidence.toml"
WORKERS = 2
BEGIN, END = "<!-- {}: begin -->", "<!-- {}: end -->"
EDGES = (0.0, 0.3, 0.5, 0.6, 0.7, 0.8, 0.85, 0.9, 0.93, 0.95, 0.96, 1.0)
SETTINGS = Settings(ocr=OcrSettings(workers=WORKERS))


@dataclass(frozen=True, slots=True)
class Measure:
    """What one reader made of one document."""

    wrong: int
    letters: int
    wrong_words: int
    words: int
    wrong_marks: int
    marked: int
    seconds: float
    pages: int


def tidy(text: str) -> str:
    """Return the text in one spelling, white space folded."""
    return " ".join(clean(text).split())


def measure(text: str, truth: str, seconds: float, pages: int) -> Measure:
    """Compare what was read with the truth."""
    read, true = tidy(text), tidy(truth)
    marked = wrong_marks = 0
    for tag, i, j, k, m in Levenshtein.opcodes(true, read):
        for one, other in zip(true[i:j], read[k:m], strict=False):
            marked += fold(one) != one.lower()
            wrong_marks += tag == "replace" and one != other and fold(one) == fold(other)
    words = true.split()
    return Measure(
        Levenshtein.distance(true, read), len(true), Levenshtein.distance(words, read.split()), len(words),
        wrong_marks, marked, seconds, pages,
    )  # fmt: skip


def timed(read: Callable[[], str], scan: Scan) -> Measure:
    """Read a document and say how well, and how long it took."""
    start = time.perf_counter()
    text = read()
    return measure(text, scan.truth, time.perf_counter() - start, len(scan.pages))


def read_both(scan: Scan, folder: Path) -> tuple[Measure, Measure]:
    """Let plain Tesseract and this project read a document, one after the other."""
    pictures = []
    for number, page in enumerate(scan.pages):
        pictures.append(folder / f"{number}.png")
        page.save(pictures[-1], dpi=(scan.dpi, scan.dpi))
    bound = folder / "scan.pdf"
    bound.write_bytes(bind(scan))
    plain = timed(lambda: read_plain(pictures), scan)
    return plain, timed(lambda: read_document(bound, SETTINGS).text, scan)


def read_plain(pictures: list[Path]) -> str:
    """Let the program read pages, two at a time."""
    with ThreadPoolExecutor(WORKERS) as pool:
        return "\n".join(pool.map(_read_plain, pictures))


def _read_plain(picture: Path) -> str:
    command = ["tesseract", str(picture), "-", "-l", "vie"]
    return subprocess.run(command, check=True, capture_output=True, timeout=600).stdout.decode()


def own_scans(folder: Path) -> Iterator[Scan]:
    """Yield the documents of a folder that have their text beside them."""
    for path in sorted(folder.iterdir()):
        truth = path.with_suffix(".txt")
        if path.suffix == ".txt" or not truth.is_file():
            continue
        if path.suffix == ".pdf":
            data = path.read_bytes()
            pages = tuple(draw_page(data, index, 300, 10**9) for index in range(len(page_sizes(data, ReadSettings()))))
            dpi = 300
        else:
            with Image.open(path) as image:
                pages = tuple(frame.convert("RGB") for frame in ImageSequence.Iterator(image))
                dpi = round(image.info.get("dpi", (300,))[0])
        yield Scan(path.stem, "own", dpi, pages, truth.read_text(encoding="utf-8"))


def rows(results: dict[str, list[tuple[Measure, Measure]]]) -> Iterator[str]:
    """Yield the table, class by class."""
    yield "| Class | CER | plain | ratio | WER | plain | DER | plain | s/page | time of plain's (least–most) |"
    yield "|---|---|---|---|---|---|---|---|---|---|"
    for kind, pairs in results.items():
        plain, ours = ([pair[side] for pair in pairs] for side in (0, 1))
        cer = [_share(side, "wrong", "letters") for side in (ours, plain)]
        wer = [_share(side, "wrong_words", "words") for side in (ours, plain)]
        der = [_share(side, "wrong_marks", "marked") for side in (ours, plain)]
        times = sorted(one.seconds / other.seconds for other, one in pairs)
        per_page = statistics.median(one.seconds / one.pages for one in ours)
        yield (
            f"| {kind} | {cer[0]:.2f} % | {cer[1]:.2f} % | {cer[0] / cer[1] if cer[1] else 1:.2f} "
            f"| {wer[0]:.2f} % | {wer[1]:.2f} % | {der[0]:.2f} % | {der[1]:.2f} % | {per_page:.1f} "
            f"| {statistics.median(times):.2f} ({times[0]:.2f}–{times[-1]:.2f}) |"
        )


def _share(side: list[Measure], wrong: str, total: str) -> float:
    return 100 * sum(getattr(m, wrong) for m in side) / max(sum(getattr(m, total) for m in side), 1)


def judge_words(scan: Scan, folder: Path) -> Iterator[tuple[float, bool]]:
    """Yield the engine's confidence of every word, and whether it is the word that is printed."""
    bound = folder / "scan.pdf"
    bound.write_bytes(bind(scan))
    words = [placed.word for placed in read_document(bound, SETTINGS).words]
    true = tidy(scan.truth).split()
    matcher = SequenceMatcher(None, true, [word.text for word in words], autojunk=False)
    right = {j for _, start, size in matcher.get_matching_blocks() for j in range(start, start + size)}
    for index, word in enumerate(words):
        yield word.confidence or 0.0, index in right


def bins(judged: list[tuple[float, bool]]) -> Iterator[tuple[float, float, int, int]]:
    """Yield mean confidence, share of right words, and their numbers, bin by bin."""
    for low, high in pairwise(EDGES):
        inside = [(sure, right) for sure, right in judged if low <= sure < high or sure == high == 1.0]
        if inside:
            count = sum(right for _, right in inside)
            yield statistics.mean(sure for sure, _ in inside), (count + 1) / (len(inside) + 2), count, len(inside)


def fit(judged: list[tuple[float, bool]]) -> tuple[list[float], list[float]]:
    """Return the rising steps that fit the bins best (pool adjacent violators)."""
    pools: list[list[float]] = []
    for sure, share, _, number in bins(judged):
        pools.append([sure * number, share * number, number])
        while len(pools) > 1 and pools[-2][1] / pools[-2][2] > pools[-1][1] / pools[-1][2]:
            last = pools.pop()
            pools[-1] = [a + b for a, b in zip(pools[-1], last, strict=True)]
    read, right = ([round(pool[side] / pool[2], 4) for pool in pools] for side in (0, 1))
    return [0.0, *read], [round(right[0] / 2, 4), *right]  # below the lowest bin nothing is known


def calibrate(cases: list[Path], kinds: list[str], document: Path | None) -> None:
    """Measure on every other case what confidences are worth, and on the rest whether that holds."""
    TABLE.write_text(f"{_TITLE}read = [0.0, 1.0]\nright = [0.0, 1.0]\n", encoding="utf-8")
    load.cache_clear()
    judged: dict[int, list[tuple[float, bool]]] = defaultdict(list)
    with tempfile.TemporaryDirectory() as folder:
        for scan in make_scans(cases, kinds):
            judged[[case.name for case in cases].index(scan.name) % 2] += judge_words(scan, Path(folder))
            print(scan.name, scan.kind, file=sys.stderr, flush=True)
    read, right = fit(judged[0])
    TABLE.write_text(f"{_TITLE}read = {read}\nright = {right}\n", encoding="utf-8")
    held_out = [(float(np.interp(sure, read, right)), is_right) for sure, is_right in judged[1]]
    lines = ["| Confidence written | Words | Of them right |", "|---|---|---|"]
    lines += [f"| {sure:.3f} | {number} | {count / number:.3f} |" for sure, _, count, number in bins(held_out)]
    put("reliability", lines, document)


_TITLE = "# How often words of a confidence were right. Made by `python benchmarks/ocr.py --calibrate`.\n"


def put(name: str, lines: list[str], document: Path | None) -> None:
    """Print a table, or put it between its marks in a document."""
    if document is None:
        print("\n".join(lines))
        return
    begin, end = BEGIN.format(name), END.format(name)
    text = document.read_text(encoding="utf-8")
    before, _, rest = text.partition(begin)
    document.write_text(
        before + begin + "\n" + "\n".join(lines) + "\n" + end + rest.partition(end)[2], encoding="utf-8"
    )


def main() -> None:
    """Measure what is asked for."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--cases", type=int, default=2, help="how many of the bundled samples")
    parser.add_argument("--classes", nargs="+", choices=CLASSES, default=list(CLASSES))
    parser.add_argument("--folder", type=Path, help="own scans instead")
    parser.add_argument("--write", type=Path, help="the document whose table is renewed")
    parser.add_argument("--calibrate", action="store_true")
    chosen = parser.parse_args()
    cases = sorted(path.parent for path in SAMPLES.glob("*/layout.json"))[: chosen.cases]
    if chosen.calibrate:
        calibrate(cases, chosen.classes, chosen.write)
        return
    results: dict[str, list[tuple[Measure, Measure]]] = defaultdict(list)
    with tempfile.TemporaryDirectory() as folder:
        for scan in own_scans(chosen.folder) if chosen.folder else make_scans(cases, chosen.classes):
            if not results:
                read_both(scan, Path(folder))  # models are loaded once; that is no page's time
            results[scan.kind].append(read_both(scan, Path(folder)))
            print(scan.kind, scan.name, file=sys.stderr, flush=True)
    put("ocr", list(rows(results)), chosen.write)


if __name__ == "__main__":
    main()
