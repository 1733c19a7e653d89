"""Gold cases on disk: one folder a case with its gold.json, the file that it was made from, and predictions."""

from __future__ import annotations

import json
import tomllib
from pathlib import Path

from pipeline.errors import EvaluationError
from pipeline.learn.fields import ANY, Node
from pipeline.learn.likeness import fold_value

HALVES = ("dev", "held_out")
SPLIT_FILE = "split.toml"
_NOT_SOURCES = {".json", ".md"}


def find_cases(gold: Path, half: str | None = None) -> list[Path]:
    """Return the case folders under `gold`, sorted, or those of one half of its split; there is at least one."""
    cases = sorted(path.parent for path in gold.glob("*/gold.json"))
    if not cases:
        raise EvaluationError(f"there is no */gold.json in {gold}", "name the folder that holds one folder a case")
    if half is None:
        return cases
    names = read_split(gold).get(half, [])
    chosen = [case for case in cases if case.name in names]
    if not chosen:
        raise EvaluationError(f"{gold / SPLIT_FILE} names no case as {half}", f"list cases there under {half}")
    return chosen


def read_split(gold: Path) -> dict[str, list[str]]:
    """Return which cases of `gold` stand in which half: those looked at while rules were made, and those held out."""
    path = gold / SPLIT_FILE
    try:
        table = tomllib.loads(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise EvaluationError(f"cannot read {path}: {error.strerror}", "leave out --only to take all cases") from error
    except ValueError as error:  # of TOML, and of UTF-8
        raise EvaluationError(f"{path} is no TOML: {error}", 'write dev = ["case"] and held_out = ["case"]') from error
    return {half: [str(name) for name in table.get(half, [])] for half in HALVES}


def held_out_of(gold: Path) -> list[str]:
    """Return the names of the held-out cases; none where the cases are not split."""
    return read_split(gold)["held_out"] if (gold / SPLIT_FILE).is_file() else []


def issuer_of(case: Path, gold: Node) -> str:
    """Return who issued a case's notice, folded: cases of one issuer are kept together; else the name's first word."""
    header = gold.get("header")
    bodies = [header.get(name) for name in ("parent_body", "issuing_body")] if isinstance(header, dict) else []
    known = [fold_value(body).replace("ubnd", "ủy ban nhân dân") for body in bodies if body and body != ANY]
    return ", ".join(known) or case.name.partition("-")[0]


def read_gold(case: Path) -> Node:
    """Return a case's gold."""
    return _read_object(case / "gold.json")


def read_prediction(folder: Path, case: str) -> Node | None:
    """Return ``CASE.json`` or ``CASE/notice.json`` of `folder`; None when there is neither."""
    for path in (folder / f"{case}.json", folder / case / "notice.json"):
        if path.is_file():
            return _read_object(path)
    return None


def source_file(case: Path) -> Path:
    """Return the file to extract: ``source.*`` in the case, or ``../files/CASE.*`` beside the cases, or its text."""
    beside = sorted(path for path in case.glob("source.*") if path.suffix not in _NOT_SOURCES)
    bundled = sorted(case.parent.parent.glob(f"files/{case.name}.*"))
    for path in (*beside, *bundled, case / "notice.txt"):
        if path.is_file():
            return path
    raise EvaluationError(
        f"the case {case.name} has no source file",
        "put source.pdf, source.docx … or notice.txt beside its gold.json, or name a folder of predictions",
    )


def _read_object(path: Path) -> Node:
    try:
        node = json.loads(path.read_bytes())
    except OSError as error:
        raise EvaluationError(f"cannot read {path}: {error.strerror}", "check the path and its permissions") from error
    except ValueError as error:  # also UnicodeDecodeError
        raise EvaluationError(f"{path} is no JSON: {error}", "mend it or write it anew") from error
    if not isinstance(node, dict):
        raise EvaluationError(f"{path} holds no JSON object", "a file holds one notice")
    return node
