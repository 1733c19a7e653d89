"""Sheets: a page's words, levelled, as rows, without what the receiving office stamped over them."""

from __future__ import annotations

from collections.abc import Iterator
from statistics import median

from pipeline.document import Box, Page, Word
from pipeline.layout.marks import begins_item, ends_sentence
from pipeline.layout.received import without_received
from pipeline.layout.rows import NEXT_CELL, Item, Row, Sheet, join_rows

_LONG_LINE = 150.0
"""Lines of at least this many points tell how the page leans."""


def page_rows(page: Page) -> Sheet:
    """Return the page's words as rows, those in the cells of tables cell by cell."""
    slope = _slope(page)
    cells: list[list[Item]] = [[] for _ in page.cells]
    layers: dict[int | None, list[Row]] = {None: []}
    for line in page.lines:
        loose: list[Item] = []
        for word in line.words:
            if word.box is not None:
                found = _cell_of(word.box, page.cells)
                item = _level(word, word.box, slope, page.number or 0)
                (loose if found is None else cells[found]).append(item)
        if loose:
            pieces = Row(tuple(sorted(loose, key=lambda item: item.box[0]))).segments()
            layers.setdefault(line.block, []).extend(pieces)
    units = [*_unstamped(layers, page), *_cell_rows(cells, page.cells)]
    return Sheet(page.number or 0, page.width or 0.0, page.height or 0.0, tuple(join_rows(units)))


def _unstamped(layers: dict[int | None, list[Row]], page: Page) -> list[Row]:
    """Return what is printed in all inks and put over the page, without the receiving office's stamp."""
    if page.number != 1:
        return [unit for units in layers.values() for unit in units]
    size = (page.width or 0.0, page.height or 0.0)
    apart = [without_received(units, size, alone=True) for block, units in layers.items() if block is not None]
    return without_received([*layers[None], *(unit for units in apart for unit in units)], size, alone=False)


def _cell_of(box: Box, cells: tuple[Box, ...]) -> int | None:
    """Return in which cell the middle of a word stands."""
    x, y = (box[0] + box[2]) / 2, (box[1] + box[3]) / 2
    inside = [index for index, cell in enumerate(cells) if cell[0] <= x <= cell[2] and cell[1] <= y <= cell[3]]
    return min(inside, key=lambda index: cells[index][2] - cells[index][0], default=None)


def _cell_rows(cells: list[list[Item]], boxes: tuple[Box, ...]) -> Iterator[Row]:
    """Yield what stands in each cell, one row a paragraph; the cells keep their order among themselves."""
    place = -1.0
    for items, box in zip(cells, boxes, strict=True):
        place = max(place + NEXT_CELL, box[1])
        paragraphs: list[tuple[Item, ...]] = []
        for line in join_rows([Row((item,)) for item in items]):
            if paragraphs and not _begins_in_cell(Row(paragraphs[-1]), line):
                paragraphs[-1] += line.items
            else:
                paragraphs.append(line.items)
        yield from (Row(words, cell=place) for words in paragraphs)


def _begins_in_cell(before: Row, line: Row) -> bool:
    """Tell whether a line begins an item; in a narrow cell a dash may be no more than that within a name."""
    return begins_item(line.words) and (ends_sentence(before.text) or begins_item(before.words))


def _slope(page: Page) -> float:
    """Return by how much the page's lines fall a point of width; OCR gives whole lines that tell."""
    slopes = []
    for line in page.lines:
        boxes = [word.box for word in line.words if word.box is not None]
        if len(boxes) > 3 and boxes[-1][0] - boxes[0][0] > _LONG_LINE:
            slopes.append(_fit([((b[0] + b[2]) / 2, (b[1] + b[3]) / 2) for b in boxes]))
    return median(slopes) if len(slopes) >= 3 else 0.0


def _fit(points: list[tuple[float, float]]) -> float:
    """Return the slope of the straight line through `points`."""
    mean_x = sum(x for x, _ in points) / len(points)
    mean_y = sum(y for _, y in points) / len(points)
    across = sum((x - mean_x) ** 2 for x, _ in points)
    return sum((x - mean_x) * (y - mean_y) for x, y in points) / across if across else 0.0


def _level(word: Word, box: Box, slope: float, page: int) -> Item:
    """Return the word with its box on the levelled page; a leaning word's upright box is too tall."""
    left, top, right, bottom = box
    fall = slope * (left + right) / 2
    excess = min(abs(slope) * (right - left), 0.6 * (bottom - top)) / 2
    return Item(word, (left + slope * top, top - fall + excess, right + slope * top, bottom - fall - excess), page)
