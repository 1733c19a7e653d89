"""An evaluation as tables of text: for a terminal, and as a section of a Markdown document."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from pipeline.errors import EvaluationError
from pipeline.learn.evaluate import Calibration, Evaluation, calibration_rows
from pipeline.learn.fields import GROUPS
from pipeline.learn.reliability import fill_bins
from pipeline.learn.scoring import Tally
from pipeline.learn.spread import spread_of


@dataclass(frozen=True, slots=True)
class Table:
    """Rows of cells below headings; a row whose name is not indented sums up those that follow."""

    title: str
    headings: tuple[str, ...]
    rows: list[list[str]]


def summarise(evaluation: Evaluation) -> str:
    """Return the F1 over all fields, how sure it is, and how it differs from case to case, on one line."""
    total, sure, spread = (
        evaluation.scores.total().f1,
        evaluation.interval(),
        spread_of(list(evaluation.by_case.values())),
    )
    parts = [f"F1 over all fields {figure(total)} ({evaluation.match} match)"]
    if sure is not None:
        parts.append(f"95 % bootstrap interval over cases {figure(sure[0])} to {figure(sure[1])}")
    if spread is not None:
        quartiles = f"quartiles {figure(spread.lower_quartile)} and {figure(spread.upper_quartile)}"
        parts.append(
            f"single cases: median {figure(spread.median)}, {quartiles}, "
            f"worst {figure(spread.worst)}, best {figure(spread.best)}"
        )
    return "; ".join(parts)


def field_table(evaluation: Evaluation) -> Table:
    """Return precision, recall and F1 field by field."""
    return Table(
        f"{len(evaluation.cases)} cases, {len(evaluation.missing)} without output",
        ("field", "P", "R", "F1", "right", "spurious", "missed"),
        [[name, *_shares(tally), str(tally.tp), str(tally.fp), str(tally.fn)] for name, tally in evaluation.rows()],
    )


def issuer_table(evaluation: Evaluation) -> Table:
    """Return the figures over all fields issuer by issuer, with the cases of those that have several."""
    rows = []
    for issuer, cases in evaluation.by_issuer().items():
        total = sum((evaluation.by_case[case] for case in cases), Tally())
        rows.append([issuer, str(len(cases)), *_shares(total)])
        if len(cases) > 1:
            rows.extend([f"  {case}", "", *_shares(evaluation.by_case[case])] for case in cases)
    return Table("By issuer, all fields", ("issuer", "cases", "P", "R", "F1"), rows)


def ablation_table(results: Mapping[str, Evaluation]) -> Table:
    """Return precision, recall and F1 of each way of reading, where the model has a say and over all fields."""
    parts = {"all": None, "weaknesses": ["weaknesses"], "achievements": ["achievements"], **_DIRECTIVES}
    rows = []
    for part, names in parts.items():
        for place, (way, evaluation) in enumerate(sorted(results.items(), reverse=True)):
            tally = evaluation.scores.total(names)
            counts = (str(tally.tp), str(tally.fp), str(tally.fn))
            rows.append([f"  {part}" if place else part, way, *_shares(tally), *counts])
    return Table("Ablation", ("field", "by", "P", "R", "F1", "right", "spurious", "missed"), rows)


_DIRECTIVES = {"directive_text": ["directive_text"], "directives": list(GROUPS["directives"])}


def calibration_table(evaluation: Evaluation) -> Table:
    """Return how far confidences can be relied on, field by field."""
    return Table(
        "Confidence: mean, expected calibration error, and coverage at a precision",
        ("field", "values", "P", "confidence", "ECE", "P >= 0.99", "P >= 0.95"),
        [[name, *_calibrated(row)] for name, row in calibration_rows(evaluation.rated)],
    )


def bin_table(evaluation: Evaluation) -> Table:
    """Return the reliability table: confidence and precision bin by bin."""
    return Table(
        "Reliability",
        ("confidence", "values", "mean confidence", "P"),
        [
            [f"{each.low:.1f} to {each.high:.1f}", str(each.count), figure(each.confidence), figure(each.precision)]
            for each in fill_bins(evaluation.rated)
        ],
    )


def to_markdown(table: Table) -> str:
    """Return a table as Markdown: sums in bold, the other rows below them."""
    lines = [table.title + ":", "", _row(table.headings), _row(["---", *["---:"] * (len(table.headings) - 1)])]
    for name, *cells in table.rows:
        lines.append(_row([name.strip() if name.startswith(" ") else f"**{name}**", *cells]))
    return "\n".join(lines)


def replace_section(document: str, name: str, body: str) -> str:
    r"""Return `document` with the section called `name` holding `body`; at the end where there is no such section yet.

    >>> replace_section("a\n", "x", "1")
    'a\n\n<!-- measured: x -->\n1\n<!-- end: x -->\n'
    """
    start, end = f"<!-- measured: {name} -->", f"<!-- end: {name} -->"
    section = f"{start}\n{body}\n{end}"
    if start not in document:
        return f"{document}\n{section}\n"
    before, _, rest = document.partition(start)
    _, found, after = rest.partition(end)
    if not found:
        raise EvaluationError(f"the section {name} has no end", f"write {end} below it")
    return before + section + after


def figure(share: float | None) -> str:
    """Return a share with three digits; a dash where there is none."""
    return "-" if share is None else f"{share:.3f}"


def _shares(tally: Tally) -> list[str]:
    return [figure(share) for share in (tally.precision, tally.recall, tally.f1)]


def _calibrated(row: Calibration) -> list[str]:
    shares = (row.right / row.values, row.confidence, row.error, row.coverage_at_99, row.coverage_at_95)
    return [str(row.values), *map(figure, shares)]


def _difference(before: float | None, after: float | None) -> str:
    return "-" if before is None or after is None else f"{after - before:+.3f}"


def _row(cells: Sequence[str]) -> str:
    return f"| {' | '.join(cells)} |"
