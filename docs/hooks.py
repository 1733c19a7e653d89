"""What the site needs beyond the pages in docs: files of the repository that pages link to, and the notebooks.

The pages are also read where they lie, so their links lead through the repository (`../deploy/chidao.toml`). Here each
such file is taken into the site under `repository/`, and the link is turned to it. Notebooks become pages.
"""  # noqa: INP001 - mkdocs loads this file by its path

from __future__ import annotations

import json
import posixpath
import re
from collections.abc import Iterator
from pathlib import Path

from mkdocs.config.defaults import MkDocsConfig
from mkdocs.structure.files import File, Files
from mkdocs.structure.pages import Page

ROOT = Path(__file__).parent.parent
_LINK = re.compile(r"(?<=\]\()(?!\w+:)([^)#\s]+)")
_OUTSIDE, _NOTEBOOKS = "repository/", "notebooks/"


def on_files(files: Files, config: MkDocsConfig) -> Files:
    """Add what pages link to outside docs, and what that links to in turn."""
    for notebook in sorted(ROOT.glob("notebooks/*.ipynb")):
        address = _address(notebook.relative_to(ROOT).as_posix())
        files.append(File.generated(config, address, content=_page_of(notebook)))
    waiting = [page.src_uri for page in files.documentation_pages()] + ["repository/CONTRIBUTING.md"]
    waiting += ["repository/CHANGELOG.md", "repository/deploy/cluster.md"]
    while waiting:
        address = waiting.pop()
        path = ROOT / _place(address)
        if files.get_file_from_path(address) is None:
            files.append(File.generated(config, address, abs_src_path=str(path)))
        if path.suffix == ".md" and path.is_file():
            linked = {_address(found) for found in _linked(path)}
            waiting += [found for found in sorted(linked) if files.get_file_from_path(found) is None]
    return files


def on_page_markdown(markdown: str, page: Page, config: MkDocsConfig, files: Files) -> str:  # noqa: ARG001 - mkdocs
    """Turn the links that lead through the repository to where their files are in the site."""
    here = page.file.src_uri

    def turned(link: re.Match[str]) -> str:
        target = _address(_resolved(_place(here), link[1]))
        known = files.get_file_from_path(target) is not None
        return posixpath.relpath(target, posixpath.dirname(here) or ".") if known else link[1]

    return _LINK.sub(turned, markdown)


def _linked(path: Path) -> Iterator[str]:
    for link in _LINK.findall(path.read_text(encoding="utf-8")):
        found = _resolved(path.relative_to(ROOT).as_posix(), link)
        if not found.startswith("..") and (ROOT / found).is_file():
            yield found


def _resolved(place: str, link: str) -> str:
    return posixpath.normpath(posixpath.join(posixpath.dirname(place), link))


def _address(place: str) -> str:
    """Return the address in the site of a file of the repository."""
    if place.endswith(".ipynb"):
        return f"{_NOTEBOOKS}{Path(place).stem}.md"
    return place.removeprefix("docs/") if place.startswith("docs/") else _OUTSIDE + place


def _place(address: str) -> str:
    """Return where in the repository the file of an address is."""
    if address.startswith(_OUTSIDE):
        return address.removeprefix(_OUTSIDE)
    if address.startswith(_NOTEBOOKS):
        return f"{address.removesuffix('.md')}.ipynb"
    return f"docs/{address}"


def _page_of(notebook: Path) -> str:
    cells = json.loads(notebook.read_text(encoding="utf-8"))["cells"]
    pages = (_shown(cell["cell_type"], "".join(cell["source"])) for cell in cells)
    note = f"*This page is `{notebook.relative_to(ROOT).as_posix()}`: run it to see what it shows.*"
    first, *rest = pages
    return "\n\n".join((first, note, *rest))


def _shown(kind: str, text: str) -> str:
    return text if kind == "markdown" else f"```python\n{text}\n```"
