"""Notices that people looked at, as cases of gold: so what they said is measured against and learnt from."""

from __future__ import annotations

import json
import shutil
from collections import Counter, defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from pipeline.errors import EvaluationError
from pipeline.notice import Notice
from pipeline.store import Correction, DocumentRecord, Store
from pipeline.store.originals import Original, Originals
from pipeline.write import part_of, put_in_place, remove, write_error

_NOT_GOLD = {"source", "evidence"}


@dataclass(slots=True)
class Gathered:
    """Which cases were written, which were there already, and which notices people have not looked at to the end."""

    written: list[str] = field(default_factory=list)
    kept: list[str] = field(default_factory=list)
    unfinished: dict[str, int] = field(default_factory=dict)
    """Name of a notice of which something was said -> how many of its doubtful values nobody spoke of."""


def gather_gold(store: Store, folder: Path, below: float, *, files: bool = False, force: bool = False) -> Gathered:
    """Write into `folder` a case of gold for each notice of which people said something and left no value doubtful.

    A value is doubtful where its confidence is less than `below` and nobody spoke of it. Each case has its gold, the
    text, and who looked at it; with `files` the original too, if it is still where it was. A case that is there stays
    unless `force` puts the new one in its place. Raises EvaluationError where nobody has said anything yet.
    """
    said = _said(store)
    if not said:
        raise EvaluationError("nobody has looked at a value yet", "review some notices first, in `chidao serve`")
    found, originals = Gathered(), Originals(store)
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise write_error(folder, error) from error
    for record in store.documents(said).values():
        notice = store.corrected(record.sha256)
        left = store.count_doubts(below, record.sha256)
        if notice is None or left:
            found.unfinished[record.name] = left
        elif (folder / record.name).exists() and not force:
            found.kept.append(record.name)
        else:
            parts = _case(store, record, notice, said[record.sha256], below)
            _write(folder / record.name, parts, originals.find(record.sha256) if files else None)
            found.written.append(record.name)
    return found


def _said(store: Store) -> dict[str, list[Correction]]:
    """Return by document what people said, where not all of it was taken back."""
    said: dict[str, list[Correction]] = defaultdict(list)
    for correction in store.corrections():
        said[correction.sha256].append(correction)
    left = {sha256: sum(-1 if one.action == "withdraw" else 1 for one in its) for sha256, its in said.items()}
    return {sha256: its for sha256, its in said.items() if left[sha256] > 0}


def _case(
    store: Store, record: DocumentRecord, notice: Notice, said: list[Correction], below: float
) -> Mapping[str, bytes]:
    """Return the files of a case by their names."""
    gold = notice.model_dump(mode="json", exclude=_NOT_GOLD)
    reviewed: dict[str, Any] = {
        "sha256": record.sha256,
        "file": notice.source.file_name,
        "sure_from": below,
        "who": sorted({correction.who for correction in said}),
        "last": max(correction.at for correction in said).isoformat(),
        "said": dict(Counter(correction.action for correction in said)),
    }
    text = store.text(record.sha256) or ""
    return {"gold.json": _json(gold), "notice.txt": text.encode(), "reviewed.json": _json(reviewed)}


def _json(value: Any) -> bytes:
    return (json.dumps(value, ensure_ascii=False, indent=1) + "\n").encode("utf-8", "backslashreplace")


def _write(case: Path, parts: Mapping[str, bytes], original: Original | None) -> None:
    """Write a case whole, or not at all; of a document that is several pictures, a case has none."""
    part = part_of(case.parent)
    try:
        part.mkdir()
        for name, data in parts.items():
            (part / name).write_bytes(data)
        if original is not None and len(original.paths) == 1:
            (path,) = original.paths
            shutil.copyfile(path, part / f"source{path.suffix.lower()}", follow_symlinks=False)
        put_in_place(part, case)
    except OSError as error:
        raise write_error(case, error) from error
    finally:
        remove(part)
