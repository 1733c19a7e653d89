"""Measure how well notices of conclusions are told from other documents: `python benchmarks/triage.py`.

Prints precision and recall for both halves of data/triage. Rules are made from `dev` alone; of `held_out` nothing
but the totals is looked at.
"""

from __future__ import annotations

import tomllib
from collections import Counter
from pathlib import Path

from pipeline import extract
from pipeline.errors import OtherDocumentError

TRIAGE = Path(__file__).parents[1] / "data" / "triage"


def is_taken(path: Path) -> bool:
    """Tell whether chidao takes the document for a notice of conclusions."""
    try:
        extract(path)
    except OtherDocumentError:
        return False
    return True


def main() -> None:
    """Judge all documents and print a line for each half."""
    labels = tomllib.loads((TRIAGE / "labels.toml").read_text(encoding="utf-8"))
    for half in ("dev", "held_out"):
        names = [name for name, label in labels.items() if label["half"] == half]
        counts = Counter((labels[name]["notice"], is_taken(TRIAGE / f"{name}.txt")) for name in names)
        right, wrong, missed = counts[True, True], counts[False, True], counts[True, False]
        print(f"{half}: {len(names)} documents, P {right / (right + wrong):.3f}, R {right / (right + missed):.3f}")


if __name__ == "__main__":
    main()
