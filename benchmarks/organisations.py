"""Measure how well names of organisations are resolved: `python benchmarks/organisations.py [GOLD_DIR...]`.

Compares each name of the gold under GOLD_DIR (data/gold and data/samples/cases, unless given) with the key that
data/organisations/keys.tsv has for it. A key given that is another, or given where there is none, is false; each miss
and each false key is listed. Gold that has no keys is resolved and counted only; ``--sample N`` prints N of its names
by a seed, to be judged by eye.
"""

from __future__ import annotations

import argparse
import json
import random
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from pipeline.normalise.organisations import Body, resolve_notice
from pipeline.notice import Notice

ROOT = Path(__file__).resolve().parent.parent
DEFAULT = [ROOT / "data" / "gold", ROOT / "data" / "samples" / "cases"]
ANY = "__any__"
SOURCE = {"file_name": "gold.json", "sha256": "0" * 64, "media_type": "text/plain", "page_count": 1}


@dataclass
class Count:
    """Names with a key of their own: how many were given it, and what went wrong."""

    right: int = 0
    false: list[str] = field(default_factory=list)
    missed: list[str] = field(default_factory=list)

    def __str__(self) -> str:
        """Return precision and recall in one line."""
        given, wanted = self.right + len(self.false), self.right + len(self.missed)
        precision = self.right / given if given else 1.0
        recall = self.right / wanted if wanted else 1.0
        return f"precision {precision:.3f} ({self.right}/{given}), recall {recall:.3f} ({self.right}/{wanted})"


def _stated(value: Any) -> Any:
    """Return gold without what careful readers differ on."""
    if isinstance(value, dict):
        return {key: _stated(entry) for key, entry in value.items()}
    if isinstance(value, list):
        return [_stated(entry) for entry in value if entry != ANY]
    return None if value == ANY else value


def _notices(folders: list[Path]) -> Iterator[tuple[str, Notice]]:
    for path in sorted(path for folder in folders for path in folder.rglob("gold.json")):
        gold = _stated(json.loads(path.read_text(encoding="utf-8")))
        header = {key: gold["header"].get(key) for key in ("issuing_body", "parent_body", "place", "issue_date")}
        meeting = {key: gold["meeting"].get(key) or [] for key in ("participants", "absentees")}
        directives = [{"text": "", "assignees": entry.get("assignees") or []} for entry in gold.get("directives") or []]
        parts = {"header": header, "meeting": {**meeting, "start_date": gold["meeting"].get("start_date")}}
        rest = {"assessment": {}, "signature": {}, "directives": directives}
        yield path.parent.name, Notice.model_validate({"source": SOURCE | {"text_origin": "embedded"}, **parts, **rest})


def _names(notice: Notice, bodies: dict[str, Body]) -> Iterator[tuple[str, Body | None]]:
    """Yield each printed name of a notice once, with its body."""
    tree = notice.model_dump(mode="json")
    pointers = [f"/header/{name}" for name in ("issuing_body", "parent_body") if tree["header"][name]]
    for group in ("participants", "absentees"):
        for number, member in enumerate(tree["meeting"][group]):
            at = f"/meeting/{group}/{number}"
            pointers += [f"{at}/name"] if member["kind"] != "person" else []
            pointers += [f"{at}/organization"] if member["organization"] else []
    for number, directive in enumerate(tree["directives"]):
        pointers += [f"/directives/{number}/assignees/{place}/name" for place in range(len(directive["assignees"]))]
    seen = set()
    for pointer in pointers:
        name = _at(tree, pointer)
        if name not in seen:
            seen.add(name)
            yield name, bodies.get(pointer)


def _at(tree: Any, pointer: str) -> str:
    for step in pointer.split("/")[1:]:
        tree = tree[int(step)] if isinstance(tree, list) else tree[step]
    return str(tree)


def _key(body: Body | None) -> str:
    return "-" if body is None else "group" if body.kind == "group" else body.key


def _keys() -> dict[tuple[str, str], str]:
    lines = (ROOT / "data" / "organisations" / "keys.tsv").read_text(encoding="utf-8").splitlines()
    rows = [line.split("\t") for line in lines if line and not line.startswith("#")]
    return {(case, name): key for case, name, key in rows}


def _tally(count: Count, where: str, given: str, wanted: str) -> None:
    """Count one name; a false key is a miss as well where another was wanted."""
    if given == wanted:
        count.right += wanted != "-"
        return
    if given != "-":
        count.false.append(f"{where}: {given}, not {wanted}")
    if wanted != "-":
        count.missed.append(f"{where}: {given}, not {wanted}")


def main() -> None:
    """Count, and print what was counted."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("gold", nargs="*", type=Path, default=DEFAULT)
    parser.add_argument("--sample", type=int, default=0, metavar="N")
    parser.add_argument("--seed", type=int, default=1)
    chosen = parser.parse_args()
    keys, split = _keys(), tomllib.loads((ROOT / "data" / "gold" / "split.toml").read_text(encoding="utf-8"))
    counts = {"made with": Count(), "held out": Count()}
    bodies_alone = {"made with": Count(), "held out": Count()}
    others: list[tuple[str, str, str]] = []
    for case, notice in _notices(chosen.gold):
        half = "held out" if case in split["held_out"] else "made with"
        for name, body in _names(notice, resolve_notice(notice)):
            wanted = keys.get((case, name))
            if wanted is None:
                others.append((case, name, _key(body)))
                continue
            _tally(counts[half], f"{case}: {name}", _key(body), wanted)
            if "group" not in {wanted, _key(body)}:
                _tally(bodies_alone[half], "", _key(body), wanted)
    _report(counts, bodies_alone)
    if others:
        resolved = sum(key != "-" for *_, key in others)
        print(f"without keys: {len(others)} names, {resolved} resolved")
    chance = random.Random(chosen.seed)  # noqa: S311 -- a sample to look at, no secret
    for row in chance.sample(others, min(chosen.sample, len(others))):
        print("\t".join(row))


def _report(counts: dict[str, Count], bodies_alone: dict[str, Count]) -> None:
    for half, count in counts.items():
        if count.right or count.false or count.missed:
            print(f"{half}: {count}\n  without groups: {bodies_alone[half]}")
            print("".join(f"  false  {line}\n" for line in count.false), end="")
            print("".join(f"  missed {line}\n" for line in count.missed if line not in count.false), end="")


if __name__ == "__main__":
    main()
