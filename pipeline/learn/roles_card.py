"""The card of a trained model of roles: what it was made from, how good it is, where it is known to fail."""

from __future__ import annotations

import datetime as dt
import hashlib
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path

from pipeline.extract.tagger import ROLES
from pipeline.learn.recipes import Judged, Notices, Recipe
from pipeline.learn.tables import Table, figure, to_markdown

CARD_FILE = "README.md"
_READ = (("paragraph", "directive"), ("clause", "achievement"), ("clause", "weakness"))
_INTRODUCTION = """\
# Roles and spans

Two parts of one model. The first is a spaCy pipeline that says what a paragraph or a clause of a notice is, by its
words and the kind of its label, and a chain (`chain.json`) of how roles follow each other, which weighs each by its
neighbours. It is asked where the rules have no cue (`pipeline/extract/roles.py`, `pipeline/extract/assessment.py`).
The second, `spans.crf`, is described at the end.

- made: {day} by `chidao train`, seed {seed}, architecture `{architecture}`, {epochs} rounds; gold weighs {weight}-fold
- files: {bytes} bytes; SHA-256 of all files but this one, by name: `{checksum}`
- learnt from gold: {gold}; held-out cases are never read
- learnt from made-up notices (`pipeline/learn/synthesise.py`): {made}
"""
_FAILURES = """\
Known failures:

- "none" is rare in gold, so the model seldom tells a remark from an achievement; the rules ask it to drop a point only
  where it is very sure.
- Faults told without any word of blame are taken for facts or orders where no neighbour is a fault.
- Clauses of an opening are mixed up with orders; the rules do not ask it about those.
- Made-up notices have one author: what is learnt from them alone carries over badly. It has seen no text with OCR
  errors.
"""


def compare(results: Mapping[str, Sequence[Judged]]) -> Table:
    """Return how well each architecture does on issuers that it has not seen, alone and among neighbours."""
    rows = []
    for name, judged in results.items():
        figures = [f1_of(_pairs(judged, unit, joined=joined), role) for joined in (False, True) for unit, role in _READ]
        rows.append([name, figure(_accuracy(judged, joined=False)), figure(_accuracy(judged, joined=True))])
        rows[-1] += [figure(value) for value in figures]
    fields = ("directive", "achievement", "weakness")
    alone, joined = tuple(f"{name}, alone" for name in fields), tuple(f"{name}, in its place" for name in fields)
    headings = ("architecture", "right, alone", "right, in its place", *alone, *joined)
    return Table("Architectures, F1 of roles, cross-validated by issuer", headings, rows)


def quality(judged: Sequence[Judged]) -> float:
    """Return the mean F1 of the roles that fields are read from; by it the best architecture is chosen."""
    return sum(f1_of(_pairs(judged, unit, joined=True), role) or 0.0 for unit, role in _READ) / len(_READ)


def roles_table(judged: Sequence[Judged]) -> Table:
    """Return the F1 of each role among its neighbours, of paragraphs and of clauses."""
    rows = []
    for role in ROLES:
        cells = [role]
        for unit in ("paragraph", "clause"):
            pairs = _pairs(judged, unit, joined=True)
            cells += [str(sum(known == role for known, _ in pairs)), figure(f1_of(pairs, role))]
        rows.append(cells)
    return Table("By role", ("role", "paragraphs", "F1", "clauses", "F1"), rows)


def issuers_table(judged: Sequence[Judged]) -> Table:
    """Return the share of an issuer's clauses and paragraphs whose role was right."""
    of: dict[str, list[Judged]] = defaultdict(list)
    for each in judged:
        of[each[0].group].append(each)
    rows = [[name, str(len(each)), figure(_accuracy(each, joined=True))] for name, each in sorted(of.items())]
    return Table("By issuer", ("issuer", "pieces", "right"), rows)


def write_card(
    folder: Path, recipe: Recipe, learnt: Mapping[str, Notices], results: Mapping[str, Sequence[Judged]], day: dt.date
) -> bytes:
    """Return the card of the model in `folder`.

    Args:
        folder: where the model's files stand.
        recipe: how it was trained.
        learnt: the notices of gold by the folder that they are from, and the made-up ones under an empty name.
        results: what cross-validation gave, by architecture; empty where there was none.
        day: the day on which it was made.
    """
    size, checksum = measure(folder)
    gold = [f"`{name}` ({_count(notices)})" for name, notices in learnt.items() if name]
    text = _INTRODUCTION.format(
        day=day,
        seed=recipe.seed,
        architecture=recipe.architecture,
        epochs=recipe.epochs,
        weight=recipe.weight,
        bytes=size,
        checksum=checksum,
        gold="; ".join(gold) or "none",
        made=_count(learnt.get("", ())),
    )
    parts = [text, f"{_shares(learnt)}\n", _FAILURES]
    chosen = results.get(recipe.architecture, ())
    if chosen:
        tables = (compare(results), roles_table(chosen), issuers_table(chosen))
        parts += [f"{to_markdown(table)}\n" for table in tables]
    return "\n".join(parts).encode()


def measure(folder: Path) -> tuple[int, str]:
    """Return how many bytes a model's files have, and the checksum of all of them but the card."""
    digest, size = hashlib.sha256(), 0
    for path in sorted(path for path in folder.rglob("*") if path.is_file() and path.name != CARD_FILE):
        data = path.read_bytes()
        digest.update(path.relative_to(folder).as_posix().encode() + b"\0" + data)
        size += len(data)
    return size, digest.hexdigest()


def f1_of(pairs: Iterable[tuple[str, str]], role: str) -> float | None:
    """Return the F1 of a role over pairs of the right and the given one; None where it never stands."""
    pairs = list(pairs)
    right = sum(known == given == role for known, given in pairs)
    named = sum(known == role for known, _ in pairs) + sum(given == role for _, given in pairs)
    return 2 * right / named if named else None


def _count(notices: Notices) -> str:
    return f"{len(notices)} notices, {sum(map(len, notices))} pieces"


def _shares(learnt: Mapping[str, Notices]) -> str:
    """Return the share of each role in gold and in made-up notices."""
    sides = (
        [
            example.role
            for name, notices in learnt.items()
            if bool(name) is real
            for notice in notices
            for example in notice
        ]
        for real in (True, False)
    )
    gold, made = (Counter(side) for side in sides)
    rows = [[role, *(figure(side[role] / max(side.total(), 1)) for side in (gold, made))] for role in ROLES]
    return to_markdown(Table("Shares of the roles", ("role", "gold", "made-up"), rows))


def _pairs(judged: Sequence[Judged], unit: str, *, joined: bool) -> list[tuple[str, str]]:
    return [(example.role, among if joined else alone) for example, alone, among in judged if example.unit == unit]


def _accuracy(judged: Sequence[Judged], *, joined: bool) -> float | None:
    right = [example.role == (among if joined else alone) for example, alone, among in judged]
    return sum(right) / len(right) if right else None
