"""What the card says of the model of spans: what it was made from, how good it is, where it is known to fail."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence

from pipeline.extract.heed import GUEST_CHANCE, LEAD_CHANCE
from pipeline.extract.marker import LABELS, SPANS_FILE
from pipeline.learn.recipes import Found, MarkedNotices, SpanRecipe
from pipeline.learn.scoring import Tally
from pipeline.learn.tables import Table, figure, to_markdown

_INTRODUCTION = """\
## Spans

`{file}` is a conditional random field over syllables (CRFsuite). It names who must act and who helps in directives
(lead, support), who attended (organization, person) and time limits (deadline), by the words around and the word
lists of the lexicon. Where it names exactly what a rule found, the evidence says `rule+model`. Two things it proposes
(`pipeline/extract/heed.py`), in the page's own words, and the evidence then says `model`: those who lead, for orders
for which rules find nobody, from a chance of {chance} on; and persons beside participants that rules found, from
{guest} on. It never overrules a rule. It proposes neither deadlines nor bodies that attended: of what it named beyond
the rules there, more was wrong than right (docs/evaluation.md).

- recipe: L-BFGS, L1 {sparse}, L2 {smooth}, {rounds} rounds; nothing is drawn at random
- learnt from {gold} notices of gold and {made} made-up ones, aligned by the words of their values
"""
_FAILURES = """\
Known failures of spans:

- Bodies whose name has no type word, and orders to several at once, are cut short or missed.
- It tells "lead" from a body that is only spoken of by what stands before and behind: reports, owners and places are
  sometimes taken for it.
- Names that a list shares a head word with ("các Sở: A, B") are named without that word.
- It reads the word lists of the lexicon: train it anew after larger changes there. It has seen no text with OCR errors.
"""


def describe_spans(recipe: SpanRecipe, gold: MarkedNotices, made: MarkedNotices, found: Sequence[Found]) -> str:
    """Return the card's part on spans; `found` is what cross-validation gave, empty where there was none."""
    text = _INTRODUCTION.format(
        file=SPANS_FILE,
        chance=LEAD_CHANCE,
        guest=GUEST_CHANCE,
        sparse=recipe.sparse,
        smooth=recipe.smooth,
        rounds=recipe.rounds,
        gold=len(gold),
        made=len(made),
    )
    tables = [shares_table(gold, made), *([labels_table(found), span_issuers_table(found)] if found else [])]
    return "\n".join([text, _FAILURES, *(f"{to_markdown(table)}\n" for table in tables)])


def tally(found: Iterable[Found], label: str | None = None) -> Tally:
    """Return how many spans of a label, or of all, were named exactly, wrongly and not at all."""
    total = Tally()
    for marked, given in found:
        known = {mark[:3] for mark in marked.marks if label in {None, mark.label}}
        named = {mark[:3] for mark in given if label in {None, mark.label}}
        total.tp += len(known & named)
        total.fp += len(named - known)
        total.fn += len(known - named)
    return total


def labels_table(found: Sequence[Found]) -> Table:
    """Return precision, recall and F1 of each label, exact at both ends."""
    rows = [[label, *_figures(tally(found, label))] for label in LABELS]
    rows.append(["all", *_figures(tally(found))])
    return Table("Spans, exact at both ends, cross-validated by issuer", ("label", "spans", "P", "R", "F1"), rows)


def span_issuers_table(found: Sequence[Found]) -> Table:
    """Return the same over all labels, issuer by issuer."""
    of: dict[str, list[Found]] = defaultdict(list)
    for each in found:
        of[each[0].group].append(each)
    rows = [[name, *_figures(tally(each))] for name, each in sorted(of.items())]
    return Table("Spans by issuer", ("issuer", "spans", "P", "R", "F1"), rows)


def shares_table(gold: MarkedNotices, made: MarkedNotices) -> Table:
    """Return how many spans of each label gold and the made-up notices have."""
    sides = [
        Counter(mark.label for notice in notices for marked in notice for mark in marked.marks)
        for notices in (gold, made)
    ]
    return Table(
        "Spans learnt from",
        ("label", "gold", "made-up"),
        [[label, *(str(side[label]) for side in sides)] for label in LABELS],
    )


def _figures(score: Tally) -> list[str]:
    return [str(score.tp + score.fn), figure(score.precision), figure(score.recall), figure(score.f1)]
