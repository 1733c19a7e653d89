"""Form: the prescribed page. Head and foot in two columns, title and body between them."""

from __future__ import annotations

from pipeline.layout.columns import Columns
from pipeline.layout.compose import Piece
from pipeline.layout.foot import find_foot
from pipeline.layout.gutters import part_columns
from pipeline.layout.head import find_head, mend_wraps
from pipeline.layout.paragraphs import body_pieces, list_pieces, row_pieces
from pipeline.layout.rows import Sheet


def form_pieces(sheets: list[Sheet]) -> list[Piece]:
    """Return the paragraphs of fixed pages: left head, right head, title and body, recipients, signature, annexes."""
    head, sheets = find_head(sheets)
    before, foot, after = find_foot(sheets)
    return [
        *row_pieces(head.left),
        *row_pieces(mend_wraps(head.right)),
        *body_pieces(part_columns(before), titled=head != Columns()),
        *list_pieces(foot.left),
        *row_pieces(foot.right),
        *body_pieces(part_columns(after)),
    ]
