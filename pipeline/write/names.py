"""Names of result files, and names as they may be shown; a file's name is data and may hold anything."""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path

_UNSAFE = re.compile(r'[/\\:*?"<>|]')
_MAX_BYTES = 200


def printable(name: str | Path) -> str:
    r"""Return `name` on one line: control, direction and undecodable characters are written as escapes.

    >>> printable("a\nb")
    'a\\nb'
    """
    return "".join(c if c.isprintable() else _escape(c) for c in str(name))


def result_names(paths: Sequence[Path]) -> list[str]:
    """Return one result name a path, without ending; no two are equal, not even on disks that ignore case.

    The stem where it is alone; else the full name (``a.pdf``, ``a.docx``); else the path (``2024__a.pdf``); a
    number is added where even that is taken. Paths are relative to what they were found in.

    >>> result_names([Path("a.pdf"), Path("a.docx"), Path("b.pdf")])
    ['a.pdf', 'a.docx', 'b']
    """
    names: list[str | None] = [None] * len(paths)
    taken: set[str] = set()
    for form in (_stem, _name, _joined):
        _assign(names, [form(path) for path in paths], taken)
    for index, path in enumerate(paths):
        if names[index] is None:
            names[index] = _numbered(_joined(path), taken)
    return [name for name in names if name is not None]


def _assign(names: list[str | None], forms: Sequence[str], taken: set[str]) -> None:
    """Give each path without a name its form, where no other path without one has the same."""
    counts = Counter(_key(form) for form, name in zip(forms, names, strict=True) if name is None)
    for index, form in enumerate(forms):
        if names[index] is None and counts[_key(form)] == 1 and _key(form) not in taken:
            names[index] = form
            taken.add(_key(form))


def _numbered(form: str, taken: set[str]) -> str:
    number = 2
    while _key(f"{form}-{number}") in taken:
        number += 1
    taken.add(_key(f"{form}-{number}"))
    return f"{form}-{number}"


def _stem(path: Path) -> str:
    return _safe(path.stem)


def _name(path: Path) -> str:
    return _safe(path.name)


def _joined(path: Path) -> str:
    parts: Iterable[str] = (part for part in path.parts if part not in {path.anchor, ".", ".."})
    return _safe("__".join(parts))


def _key(name: str) -> str:
    return unicodedata.normalize("NFC", name).casefold()


def _safe(name: str) -> str:
    """Return `name` as a file name that is safe everywhere: no separators, nothing hidden, not too long."""
    name = "".join(c if c.isprintable() else "_" for c in _UNSAFE.sub("_", name)).strip(". ") or "_"
    return _cut(name, _MAX_BYTES)


def _cut(name: str, size: int) -> str:
    return name.encode()[:size].decode(errors="ignore")


def _escape(character: str) -> str:
    escape: Callable[[str], str] = ascii
    return escape(character)[1:-1]
