"""Which files of a folder are work."""

from __future__ import annotations

import os
import stat
from pathlib import Path

from pipeline.errors import ConfigError, MissingFileError

_PASSING = (".part", ".partial", ".tmp", ".crdownload", ".download", ".swp", "~")
_FURNITURE = {"thumbs.db", "desktop.ini", "ehthumbs.db"}


def find_files(inbox: Path, *, recursive: bool = True) -> list[Path]:
    """Return the files of `inbox` to be read, sorted; with those of its subfolders unless `recursive` is off.

    Left out are hidden files and folders, files that some program keeps for a while (``~$a.docx``, ``a.pdf.part``),
    a system's own (``Thumbs.db``), links, pipes and devices. What is left is judged by its content, later; so a
    spreadsheet is found here and named as a problem there. A folder that cannot be listed is named there as well.
    """
    if not inbox.is_dir():
        raise MissingFileError(f"{inbox} is no folder", "name the folder that holds the notices' files")
    found: list[Path] = []
    for root, folders, names in os.walk(inbox, onerror=lambda error: found.append(Path(error.filename))):
        folders[:] = [folder for folder in folders if recursive and not folder.startswith(".")]
        found.extend(path for path in (Path(root, name) for name in names) if _is_work(path))
    return sorted(found)


def check_apart(inbox: Path, *outputs: Path) -> None:
    """Make sure that no results would land in the inbox, where the next run would read them."""
    for output in outputs:
        if output.resolve().is_relative_to(inbox.resolve()):
            raise ConfigError(
                f"the results' folder {output} lies inside the inbox {inbox}",
                "choose a folder outside of the inbox with --out",
            )


def _is_work(path: Path) -> bool:
    name = path.name.casefold()
    if name.startswith((".", "~$")) or name.endswith(_PASSING) or name in _FURNITURE:
        return False
    try:
        return stat.S_ISREG(path.lstat().st_mode)
    except FileNotFoundError:  # moved away since the folder was listed
        return False
