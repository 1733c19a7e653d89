"""Pictures of one notice: ``x-1.jpg``, ``x-2.jpg`` and so on, the pages as the scanner or telephone saved them."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from pathlib import Path

from pipeline.batch.runner import Extract
from pipeline.config import Settings
from pipeline.language.page import page_phrases
from pipeline.notice import Notice

ExtractPages = Callable[[Sequence[Path], Settings], Notice]
Groups = Mapping[Path, Sequence[Path]]
"""The path that stands for a notice -> its pictures in order; ``x.jpg`` stands for ``x-1.jpg`` and ``x-2.jpg``."""

_ENDINGS = frozenset({".jpg", ".jpeg", ".png", ".tif", ".tiff", ".bmp", ".webp"})
_WORDS = "|".join(page_phrases("page_number"))
_STYLES = (
    re.compile(r"(?P<stem>.*[^\W_])-(?P<number>\d{1,2})"),
    re.compile(r"(?P<stem>.*[^\W_])_(?P<number>\d{1,2})"),
    re.compile(r"(?P<stem>.*\S) ?\((?P<number>\d{1,2})\)"),
    re.compile(rf"(?P<stem>.*[^\W_])[-_ ]+(?:{_WORDS})[-_ .]?(?P<number>\d{{1,2}})", re.IGNORECASE),
)
"""How scanners, telephones and programs number pages; pages that are numbered otherwise do not belong together."""
_COPIES = 2
"""The style in which programs also number copies of a file that is there already."""


def group_pictures(paths: Iterable[Path]) -> tuple[list[Path], Groups]:
    """Return what is to be read, pictures of one notice as one path, and which pictures those are.

    Pictures belong together when they are numbered from 1 without a gap, in one folder, and named alike.

    >>> paths, groups = group_pictures([Path("a-1.jpg"), Path("a-2.jpg"), Path("b-1.jpg")])
    >>> [str(path) for path in paths], [str(page) for page in groups[Path("a.jpg")]]
    (['a.jpg', 'b-1.jpg'], ['a-1.jpg', 'a-2.jpg'])
    """
    paths = list(paths)
    taken = set(paths)
    groups: dict[Path, list[Path]] = {}
    for (whole, style), pages in _series(paths).items():
        if _is_whole(pages) and not (style == _COPIES and whole in taken):
            name = whole if whole not in taken and whole not in groups else pages[1][0]
            groups[name] = [pages[number][0] for number in sorted(pages)]
    grouped = {page for pages in groups.values() for page in pages}
    return sorted([path for path in paths if path not in grouped] + list(groups)), groups


def _series(paths: Iterable[Path]) -> dict[tuple[Path, int], dict[int, list[Path]]]:
    """Return the pictures of each name without its number, and of each style of numbering, by number."""
    series: dict[tuple[Path, int], dict[int, list[Path]]] = {}
    for path in paths:
        if path.suffix.lower() not in _ENDINGS:
            continue
        for style, pattern in enumerate(_STYLES):
            page = pattern.fullmatch(path.stem)
            if page is not None:
                whole = path.with_name(page["stem"] + path.suffix.lower())
                series.setdefault((whole, style), {}).setdefault(int(page["number"]), []).append(path)
                break
    return series


def _is_whole(pages: Mapping[int, Sequence[Path]]) -> bool:
    """Tell whether there are two pages or more, numbered from 1 without a gap, each once."""
    return len(pages) > 1 and max(pages) == len(pages) and min(pages) == 1 and all(len(p) == 1 for p in pages.values())


def take_together(extract: Extract, extract_pages: ExtractPages, groups: Groups) -> Extract:
    """Return what extracts a file, or all pictures that its path stands for."""

    def extract_group(path: Path, settings: Settings) -> Notice:
        return extract_pages(groups[path], settings) if path in groups else extract(path, settings)

    return extract_group
