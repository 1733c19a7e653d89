"""Counts which syllables stand side by side in the project's own notices, for the correction of OCR.

``python -m pipeline.learn.pairs data/gold pipeline/lexicon/pairs.toml`` writes the list anew.
"""

from __future__ import annotations

import sys
from collections import Counter
from collections.abc import Iterable
from itertools import pairwise
from pathlib import Path

from pipeline.ocr.context import WORD, spell
from pipeline.ocr.syllables import is_syllable
from pipeline.write import write_bytes

_LEAST = 2
_TITLE = (
    "# Syllables that stand side by side at least twice in the notices of data/gold, and how often.\n"
    "# Made by `python -m pipeline.learn.pairs data/gold pipeline/lexicon/pairs.toml`.\n"
)


def count_pairs(texts: Iterable[str]) -> Counter[tuple[str, str]]:
    """Return how often two syllables follow one another within a line, marks between them apart.

    >>> count_pairs(["Báo cáo, báo cáo."])[("báo", "cáo")]
    2
    """
    pairs: Counter[tuple[str, str]] = Counter()
    for text in texts:
        for line in text.splitlines():
            words = [spell(word) for word in WORD.findall(line)]
            pairs.update(pair for pair in pairwise(words) if all(map(is_syllable, pair)))
    return pairs


def write_pairs(folder: Path, path: Path) -> None:
    """Write the pairs of all notices under `folder` to `path`."""
    texts = [notice.read_text(encoding="utf-8") for notice in sorted(folder.glob("*/notice.txt"))]
    kept = sorted((pair, count) for pair, count in count_pairs(texts).items() if count >= _LEAST)
    lines = "".join(f"{first} {second} {count}\n" for (first, second), count in kept)
    write_bytes(path, f'{_TITLE}pairs = """\n{lines}"""\n'.encode())


if __name__ == "__main__":
    write_pairs(Path(sys.argv[1]), Path(sys.argv[2]))
