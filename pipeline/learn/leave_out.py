"""Our output with confidences that know nothing of the issuer: a table is learnt without the notices of each."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

from pipeline.confidence import rate
from pipeline.document import Document
from pipeline.learn.calibrate import Observation, judge, learn, mark_looked_at
from pipeline.learn.cases import issuer_of, read_gold
from pipeline.learn.fields import Node
from pipeline.notice import Notice

TryFind = Callable[[Path], tuple[Document, Notice] | None]
"""Gives the text and the unrated notice for a case's folder; None where it cannot be read."""


def leave_out_issuers(
    cases: Sequence[Path], find: TryFind, first_look: Sequence[Observation], held_out: Sequence[str] = ()
) -> Mapping[str, Node]:
    """Return our output by case, rated without anything of the case's issuer.

    Args:
        cases: the gold cases; each is read once.
        find: how a case is read.
        first_look: observations made before the rules saw their notices.
        held_out: names of cases that are rated and never learnt from.
    """
    read = {case: found for case in cases if (found := find(case)) is not None}
    known = [each for case, found in read.items() if case.name not in held_out for each in judge(case, *found)]
    everything = [*first_look, *(mark_looked_at(known) if first_look else known)]
    issuers = {case: issuer_of(case, read_gold(case)) for case in read}
    tables = {issuer: learn([each for each in everything if each.issuer != issuer]) for issuer in set(issuers.values())}
    return {
        case.name: rate(document, notice, tables[issuers[case]]).model_dump(mode="json")
        for case, (document, notice) in read.items()
    }
