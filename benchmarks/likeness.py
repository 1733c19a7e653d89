"""How well "the same thing said again" is told, beside the obvious ways, and how long it takes over many passages.

    python benchmarks/likeness.py [--half held_out] [--passages 100000]

The pairs are those of data/likeness/groups.toml. The thresholds of the other ways are those that are best on the half
that was looked at, so that they too have had their chance.
"""

from __future__ import annotations

import argparse
import datetime as dt
import itertools
import random
import re
import resource
import tempfile
import time
import tomllib
from collections.abc import Callable
from pathlib import Path

from rapidfuzz.fuzz import ratio, token_set_ratio
from sqlalchemy import create_engine, insert

from pipeline.language import fold
from pipeline.normalise.passages import LIKE, bands, likeness, shingles
from pipeline.store import open_store
from pipeline.store.tables import documents, notices, weaknesses

ROOT = Path(__file__).parent.parent
Pair = tuple[str, str, bool]
Judge = Callable[[str, str], float]
_DRAWS = 1000


def read_groups(half: str) -> list[list[Pair]]:
    """Return the pairs of one half, a list a group, each with whether both say the same."""
    groups = tomllib.loads((ROOT / "data/likeness/groups.toml").read_text(encoding="utf-8"))["group"]
    chosen = groups[0 if half == "dev" else 1 :: 2]
    found: list[list[Pair]] = []
    for group, following in itertools.zip_longest(chosen, chosen[1:]):
        same = [group["first"], *group["again"]]
        pairs: list[Pair] = [(one, other, True) for one, other in itertools.combinations(same, 2)]
        pairs += [(one, group["other"], False) for one in same]
        if following is not None:
            pairs.append((group["first"], following["first"], False))
        found.append(pairs)
    return found


def figures(pairs: list[Pair], judge: Judge, least: float) -> tuple[float, float, float]:
    """Return F1, precision and recall."""
    return _figures([(judge(one, other) >= least, same) for one, other, same in pairs])


def _figures(told: list[tuple[bool, bool]]) -> tuple[float, float, float]:
    both = sum(said and same for said, same in told)
    precision = both / max(1, sum(said for said, _ in told))
    recall = both / max(1, sum(same for _, same in told))
    return 2 * precision * recall / ((precision + recall) or 1), precision, recall


def spreads(groups: list[list[Pair]], judge: Judge, least: float) -> list[tuple[float, float]]:
    """Return the 95 % intervals of F1, precision and recall: a bootstrap over groups, for the pairs of one are akin.

    Where nothing was wrong a bootstrap finds no spread; the lower end is then what 3 divided by the number allows.
    """
    draw = random.Random(7)  # noqa: S311 - no secret
    told = [[(judge(one, other) >= least, same) for one, other, same in pairs] for pairs in groups]
    drawn = [_figures(list(itertools.chain.from_iterable(draw.choices(told, k=len(told))))) for _ in range(_DRAWS)]
    ordered = [sorted(values) for values in zip(*drawn, strict=True)]
    rows = list(itertools.chain.from_iterable(told))
    counts = (len(groups), *(max(1, sum(row[at] for row in rows)) for at in (0, 1)))
    return [
        (its[int(_DRAWS * 0.025)] if its[0] < 1 else max(0.0, 1 - 3 / count), its[int(_DRAWS * 0.975)])
        for its, count in zip(ordered, counts, strict=True)
    ]


def plain(text: str) -> str:
    """Return a text as the other ways compare it: without marks, capitals and figures."""
    return re.sub(r"\d+(?:[.,/-]\d+)*", "0", fold(text))


def ours(one: str, other: str) -> float:
    """Judge by the words beside the form."""
    return likeness(shingles(one), shingles(other))


def found_by_bands(one: str, other: str) -> float:
    """Judge as the store does: only what has a key in common is compared."""
    first, second = shingles(one), shingles(other)
    keys = [set(keys) for keys in bands([first, second])]
    return likeness(first, second) if keys[0] & keys[1] else 0.0


WAYS: dict[str, Judge] = {
    "the same text": lambda one, other: float(plain(one) == plain(other)),
    "edit distance (rapidfuzz ratio)": lambda one, other: ratio(plain(one), plain(other)) / 100,
    "words in common (token_set_ratio)": lambda one, other: token_set_ratio(plain(one), plain(other)) / 100,
    "words beside the form, all pairs": ours,
    "words beside the form, MinHash": found_by_bands,
}


def quality(half: str) -> None:
    """Print the figures of each way."""
    looked_at, groups = list(itertools.chain(*read_groups("dev"))), read_groups(half)
    pairs = list(itertools.chain(*groups))
    print(f"{len(pairs)} pairs ({half}), {sum(same for *_, same in pairs)} of them the same")
    for name, judge in WAYS.items():
        least = LIKE if judge in {ours, found_by_bands} else best_bound(looked_at, judge)
        found = zip(("F1", "P", "R"), figures(pairs, judge, least), spreads(groups, judge, least), strict=True)
        told = ", ".join(f"{what} {value:.3f} ({low:.3f} to {high:.3f})" for what, value, (low, high) in found)
        print(f"{name:36} from {least:.2f}: {told}")


def best_bound(pairs: list[Pair], judge: Judge) -> float:
    """Return the bound of the best F1."""
    return max((figures(pairs, judge, step / 100)[0], step / 100) for step in range(5, 101))[1]


def speed(count: int) -> None:
    """Print how long a store of so many weaknesses takes."""
    draw = random.Random(11)  # noqa: S311 - no secret
    groups = tomllib.loads((ROOT / "data/likeness/groups.toml").read_text(encoding="utf-8"))["group"]
    words = sorted({word for group in groups for word in group["other"].split()})
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "chidao.db"
        open_store(path).close()
        engine = create_engine(f"sqlite:///{path}")
        with engine.begin() as connection:
            for number in range(count // 10):
                sha256 = f"{number:064x}"
                day = dt.date(2010, 1, 1) + dt.timedelta(days=number % 5000)
                texts = [_made(draw, groups, words) for _ in range(10)]
                document = {"sha256": sha256, "size": 1, "name": sha256, "state": "ok", "tries": 0}
                connection.execute(insert(documents), [document])
                connection.execute(insert(notices), [{"sha256": sha256, "issue_date": day, "folded": "", "marked": ""}])
                rows = [{"sha256": sha256, "ordinal": at, "text": text} for at, text in enumerate(texts)]
                connection.execute(insert(weaknesses), rows)
        engine.dispose()
        with open_store(path) as store:
            began = time.perf_counter()
            found = store.find_returning(dt.datetime.now(dt.UTC))
            took = time.perf_counter() - began
        pairs = count * (count - 1) // 2
        memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
        print(
            f"{count} passages: {took:.1f} s, {memory} MB, {found['weaknesses']} sets; all pairs would be {pairs:.1e}"
        )


def _made(draw: random.Random, groups: list[dict[str, str]], words: list[str]) -> str:
    """Return a sentence of the groups with other words in it, as archives have each thing in many wordings."""
    said = draw.choice(groups)["first"].split()
    for _ in range(draw.choice((0, 2, 6, 14))):
        said[draw.randrange(len(said))] = draw.choice(words)
    return " ".join(said)


def main() -> None:
    """Print quality, then speed."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--half", choices=("dev", "held_out"), default="held_out")
    parser.add_argument("--passages", type=int, default=100_000)
    asked = parser.parse_args()
    quality(asked.half)
    if asked.passages:
        speed(asked.passages)


if __name__ == "__main__":
    main()
