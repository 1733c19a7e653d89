"""Reading, next to the bare libraries: documents a second, peak memory and error rate, on the bundled samples.

    python benchmarks/reading.py                     # prints the table
    python benchmarks/reading.py --write docs/reading.md
    python benchmarks/reading.py --docling /other/venv/bin/python   # docling's packages clash with ours

Every reader gets the same files in the same run, in a process of its own: each case of data/samples as DOCX and the
PDF that LibreOffice makes of it, and the first four as DOC, RTF and ODT. The error rate is that of the characters
against the case's notice.txt, white space folded. Rounds alternate between the readers, so that a busy machine slows
all of them.
"""

from __future__ import annotations

import argparse
import importlib.util
import json
import resource
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

from rapidfuzz.distance import Levenshtein

ROOT = Path(__file__).parents[1]
SAMPLES = ROOT / "data" / "samples"
KINDS = ("docx", "pdf", "doc", "rtf", "odt")
OFFICE_FILES = 4
"""So many cases are made DOC, RTF and ODT, which take LibreOffice a start each."""
START, END = "<!-- reading: begin -->", "<!-- reading: end -->"
HEADINGS = ("Kind", "Reader", "Documents/s", "Spread", "Peak memory", "Error rate", "Time of chidao's")


def read_chidao(path: Path) -> str:
    """Read as this project does."""
    from pipeline import read_document  # noqa: PLC0415 - each child loads its own reader only

    return read_document(path).text


def read_pdfplumber(path: Path) -> str:
    """Read a PDF with pdfplumber alone."""
    import pdfplumber  # noqa: PLC0415

    with pdfplumber.open(path) as document:
        return "\n".join(page.extract_text() or "" for page in document.pages)


def read_python_docx(path: Path) -> str:
    """Read a DOCX's paragraphs with python-docx alone."""
    import docx  # noqa: PLC0415

    return "\n".join(paragraph.text for paragraph in docx.Document(str(path)).paragraphs)


def read_soffice(path: Path) -> str:
    """Let LibreOffice write the text by itself."""
    with tempfile.TemporaryDirectory() as folder:
        convert(path, "txt:Text (encoded):UTF8", Path(folder))
        return Path(folder, f"{path.stem}.txt").read_text(encoding="utf-8-sig")


def read_docling(path: Path) -> str:
    """Read with docling, where it is installed."""
    from docling.document_converter import DocumentConverter  # noqa: PLC0415

    text: str = DocumentConverter().convert(path).document.export_to_text()
    return text


READERS: dict[str, Callable[[Path], str]] = {
    "chidao": read_chidao,
    "pdfplumber": read_pdfplumber,
    "python-docx": read_python_docx,
    "soffice": read_soffice,
    "docling": read_docling,
}
PYTHONS: dict[str, str] = {}
"""Reader -> the interpreter that has it, where that is not this one."""
RIVALS = {"docx": ("python-docx", "docling"), "pdf": ("pdfplumber",)}
"""docling reads PDF with models that it fetches from the net at run time, so it is measured on DOCX alone."""


@dataclass(frozen=True, slots=True)
class Measured:
    """One reader on one kind of file: seconds a round over all files, peak memory in MB, error rate in percent."""

    kind: str
    reader: str
    documents: int
    seconds: tuple[float, ...]
    megabytes: float
    errors: float

    @property
    def median(self) -> float:
        """The usual time of a round."""
        return statistics.median(self.seconds)


def convert(path: Path, target: str, folder: Path) -> None:
    """Convert one file with LibreOffice, in a profile of its own."""
    with tempfile.TemporaryDirectory() as profile:
        command = ["soffice", f"-env:UserInstallation=file://{profile}", "--headless", "--convert-to", target]
        subprocess.run([*command, "--outdir", str(folder), str(path)], check=True, capture_output=True, timeout=180)


def make_files(folder: Path) -> None:
    """Make each case's file of every kind."""
    from pipeline.learn.samples import make_samples  # noqa: PLC0415

    for index, source in enumerate(make_samples(SAMPLES, folder, kind="docx")):
        for kind in KINDS[1:] if index < OFFICE_FILES else ("pdf",):
            convert(source, kind, folder)


def child(reader: str, kind: str, folder: Path) -> None:
    """Read all files of one kind once, and say what it took; the first file is read before, to load the library."""
    files = sorted(folder.glob(f"*.{kind}"))
    READERS[reader](files[0])
    start = time.perf_counter()
    texts = [READERS[reader](file) for file in files]
    seconds = time.perf_counter() - start
    wanted = [(SAMPLES / "cases" / file.stem / "notice.txt").read_text(encoding="utf-8") for file in files]
    wrong = sum(Levenshtein.distance(squeeze(a), squeeze(b)) for a, b in zip(wanted, texts, strict=True))
    peak = own_peak() + resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss
    errors = 100 * wrong / sum(len(squeeze(text)) for text in wanted)
    print(json.dumps({"documents": len(files), "seconds": seconds, "megabytes": peak / 1024, "errors": errors}))


def own_peak() -> int:
    """Return the most memory that this process held, in KB; getrusage counts what its parent held as well."""
    status = Path("/proc/self/status").read_text(encoding="ascii")
    return int(status.partition("VmHWM:")[2].split()[0])


def squeeze(text: str) -> str:
    """Fold white space."""
    return " ".join(text.split())


def measure(kind: str, readers: list[str], folder: Path, rounds: int) -> list[Measured]:
    """Measure several readers on one kind of file, turn by turn."""
    said: dict[str, list[dict[str, float]]] = {reader: [] for reader in readers}
    for _ in range(rounds):
        for reader in readers:
            command = [PYTHONS.get(reader, sys.executable), __file__, "--child", reader, kind, str(folder)]
            done = subprocess.run(command, check=True, capture_output=True, text=True, timeout=1800)
            said[reader].append(json.loads(done.stdout.splitlines()[-1]))
    return [
        Measured(
            kind,
            reader,
            int(turns[0]["documents"]),
            tuple(turn["seconds"] for turn in turns),
            max(turn["megabytes"] for turn in turns),
            turns[0]["errors"],
        )
        for reader, turns in said.items()
    ]


def rows(results: list[Measured]) -> Iterator[tuple[str, ...]]:
    """Return the table's rows; times are medians, in relation to our own on the same kind."""
    own = {result.kind: result.median for result in results if result.reader == "chidao"}
    for result in results:
        rates = [result.documents / seconds for seconds in result.seconds]
        yield (
            result.kind.upper(),
            result.reader,
            f"{statistics.median(rates):.1f}",
            f"{min(rates):.1f}–{max(rates):.1f}",
            f"{result.megabytes:.0f} MB",
            f"{result.errors:.2f} %",
            f"{result.median / own[result.kind]:.2f}",
        )


def table(results: list[Measured]) -> str:
    """Return the results as a Markdown table."""
    lines = ["| " + " | ".join(HEADINGS) + " |", "|---|---|--:|--:|--:|--:|--:|"]
    lines += ["| " + " | ".join(row) + " |" for row in rows(results)]
    return "\n".join(lines)


def write(path: Path, text: str) -> None:
    """Put the table between the marks in `path`."""
    before, _, rest = path.read_text(encoding="utf-8").partition(START)
    _, _, after = rest.partition(END)
    path.write_text(f"{before}{START}\n{text}\n{END}{after}", encoding="utf-8")


def main() -> None:
    """Run from the command line."""
    parser = argparse.ArgumentParser(description="Measure the reading next to the bare libraries.")
    parser.add_argument("--rounds", type=int, default=5, help="how often each reader reads all files")
    parser.add_argument("--write", type=Path, help="the page to put the table into")
    parser.add_argument("--docling", metavar="PYTHON", help="the interpreter that has docling and rapidfuzz")
    parser.add_argument("--child", nargs=3, help=argparse.SUPPRESS)
    chosen = parser.parse_args()
    if chosen.child:
        child(chosen.child[0], chosen.child[1], Path(chosen.child[2]))
        return
    if chosen.docling:
        PYTHONS["docling"] = chosen.docling
    results: list[Measured] = []
    with tempfile.TemporaryDirectory() as folder:
        make_files(Path(folder))
        for kind in KINDS:
            rivals = [name for name in RIVALS.get(kind, ("soffice",)) if _is_there(name)]
            results += measure(kind, ["chidao", *rivals], Path(folder), chosen.rounds)
    print(table(results))
    if chosen.write:
        write(chosen.write, table(results))


def _is_there(reader: str) -> bool:
    return reader != "docling" or reader in PYTHONS or importlib.util.find_spec("docling") is not None


if __name__ == "__main__":
    main()
