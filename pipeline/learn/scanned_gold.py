"""Makes scans of gold: ``python -m pipeline.learn.scanned_gold data/gold --out DIR``.

A development tool. Each case's layout is printed and scanned; resolution, lean, wear and depth are drawn by the case's
name, so a scan made twice is the same. The folder made is gold itself: ``chidao evaluate DIR`` scores the scans.
"""

from __future__ import annotations

import argparse
import logging
import random
import shutil
import sys
import zlib
from collections.abc import Sequence
from pathlib import Path

from pydantic import ValidationError

from pipeline.errors import EXIT_OK, ConfigError, MissingFileError, PipelineError
from pipeline.learn.cases import HALVES, SPLIT_FILE, find_cases, read_gold
from pipeline.learn.samples import Sample, make_file
from pipeline.learn.scanned import Scan
from pipeline.learn.typeset import Layout
from pipeline.write import make_folder, write_bytes

log = logging.getLogger(__name__)


def make_scans(gold: Path, out: Path, half: str | None = None) -> list[Path]:
    """Scan the cases of `gold`, or those of one half of its split, into a folder of the same form."""
    made = []
    for case in find_cases(gold, half):
        folder = out / case.name
        make_folder(folder)
        target = folder / "source.pdf"
        write_bytes(target, make_file(case.name, read_layout(case), draw_sample(case)))
        shutil.copyfile(case / "gold.json", folder / "gold.json")
        log.info("%s: %d bytes", target, target.stat().st_size)
        made.append(target)
    if (gold / SPLIT_FILE).is_file():
        shutil.copyfile(gold / SPLIT_FILE, out / SPLIT_FILE)
    return made


def draw_sample(case: Path) -> Sample:
    """Return how a case is scanned; the same for the same name."""
    chance = random.Random(zlib.crc32(case.name.encode()))  # noqa: S311 - the same at every run
    scan = Scan(
        dpi=chance.choice([200, 200, 300]),
        skew=chance.choice([0.0, 0.4, -0.6, 0.9]),
        wear=round(chance.uniform(0.2, 0.45), 2),
        depth=chance.choice(["grey", "grey", "1-bit"]),
    )
    return Sample(kind="scan-pdf", upper=int(bool(_parent(case))), scan=scan)


def read_layout(case: Path) -> Layout:
    """Return the layout of a gold case."""
    path = case / "layout.json"
    try:
        return Layout.model_validate_json(path.read_bytes())
    except FileNotFoundError as error:
        raise MissingFileError(f"there is no {path}", "only cases with a layout can be printed") from error
    except ValidationError as error:
        raise ConfigError(f"{path} is no layout ({error})", "correct it") from error


def main(argv: Sequence[str] | None = None) -> int:
    """Run from the command line and return the exit code."""
    parser = argparse.ArgumentParser(prog="python -m pipeline.learn.scanned_gold", description="Scan gold.")
    parser.add_argument("gold", type=Path, help="holds one folder a case with gold.json and layout.json")
    parser.add_argument("--out", type=Path, required=True, help="where the scanned cases go")
    parser.add_argument("--only", choices=HALVES, help="scan one half of the split only")
    options = parser.parse_args(argv)
    logging.basicConfig(level=logging.INFO, format="%(message)s")
    try:
        make_scans(options.gold, options.out, options.only)
    except PipelineError as error:
        log.error("%s", error)  # noqa: TRY400 - the reason and the advice are enough for the user
        return error.exit_code
    return EXIT_OK


def _parent(case: Path) -> object:
    header = read_gold(case).get("header")
    return header.get("parent_body") if isinstance(header, dict) else None


if __name__ == "__main__":
    sys.exit(main())
