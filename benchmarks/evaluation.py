"""Measures everything that docs/evaluation.md shows, and writes it there: ``python benchmarks/evaluation.py``.

Takes about half an hour on two cores, most of it for scans; ``--fast`` leaves those of gold out. Scans made before are
taken as they are: remove build/scans when gold has changed. Gold beside this checkout is measured where it is there;
the other sections of the document stay as they are.
"""

from __future__ import annotations

import argparse
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
DOCUMENT = "docs/evaluation.md"
SCANS = "build/scans"
GOLD = (
    ("data/gold", "--only", "held_out"),
    ("data/gold", "--only", "held_out", "--ablation"),
    ("data/gold", "--only", "held_out", "--match", "strict"),
    ("data/gold", "--only", "dev", "--by-issuer", "--leave-one-issuer-out"),
    ("data/samples/cases",),
    ("../shared/gold",),
    ("../shared/gold/train", "--by-issuer", "--leave-one-issuer-out"),
)
SCANNED = ((SCANS, "--only", "held_out"), (SCANS, "--only", "dev", "--leave-one-issuer-out"))


def main() -> None:
    """Run one command a section."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--fast", action="store_true", help="leave out the scans of gold")
    fast = parser.parse_args().fast
    if not (fast or (ROOT / SCANS).is_dir()):
        run("-m", "pipeline.learn.scanned_gold", "data/gold", "--out", SCANS)
    for arguments in GOLD if fast else GOLD + SCANNED:
        if (ROOT / arguments[0]).is_dir():
            print(*arguments, flush=True)
            run("-c", "from pipeline.cli import main; main()", "evaluate", *arguments, "--markdown", DOCUMENT)


def run(*arguments: str) -> None:
    """Run Python on our own code; cases that cannot be read are counted as missed, and no reason to stop."""
    done = subprocess.run([sys.executable, *arguments], cwd=ROOT, stdout=subprocess.DEVNULL, check=False)
    if done.returncode not in (0, 3):
        sys.exit(done.returncode)


if __name__ == "__main__":
    main()
