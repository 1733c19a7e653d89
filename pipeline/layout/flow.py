"""Flow: formats without fixed pages, whose lines are whole paragraphs in named blocks already."""

from __future__ import annotations

from collections.abc import Iterable

from pipeline.document import Line
from pipeline.layout.compose import Piece, Printed
from pipeline.layout.marks import is_ornament, runs_on

_LONGEST = 1_000
"""Words of a paragraph that a page break may have cut; lines without end would be read anew for each that is added."""


def flow_pieces(lines: Iterable[Line]) -> list[Piece]:
    """Return the paragraphs of `lines`; one that a page break cut in two is mended."""
    pieces: list[Piece] = []
    block: int | None = None
    for line in lines:
        if is_ornament(line.text):
            continue
        words = tuple(Printed(word, None) for word in line.words)
        starts_block = line.block != block
        block = line.block
        before = pieces[-1] if pieces and not starts_block else None
        goes_on = before is not None and not (line.centred or before.centred) and len(before.words) < _LONGEST
        if before is not None and goes_on and runs_on(before.text, line.text):
            pieces[-1] = before.extend(words)
        else:
            pieces.append(Piece(words, starts_block, line.centred))
    return pieces
