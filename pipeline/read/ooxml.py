"""The packed parts of a DOCX: opened under the limits, parsed without entities or network, and found by relation."""

from __future__ import annotations

import posixpath
from dataclasses import dataclass
from zipfile import ZipFile

from lxml import etree

from pipeline.config import ReadSettings
from pipeline.errors import DamagedFileError, ForbiddenContentError
from pipeline.read.limits import check_tags, open_archive, unpack

Element = etree._Element  # noqa: SLF001 - lxml gives the class no public name

_MAIN = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
_OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_STRICT = (
    (b"http://purl.oclc.org/ooxml/wordprocessingml/main", _MAIN.encode()),
    (b"http://purl.oclc.org/ooxml/officeDocument/relationships", _OFFICE.encode()),
    (b"http://purl.oclc.org/ooxml/officeDocument/math", b"http://schemas.openxmlformats.org/officeDocument/2006/math"),
    (b"http://purl.oclc.org/ooxml/drawingml/", b"http://schemas.openxmlformats.org/drawingml/2006/"),
)
_DOCTYPES = tuple("<!DOCTYPE".encode(encoding) for encoding in ("ascii", "utf-16-le", "utf-16-be"))


def w(name: str) -> str:
    """Return `name` in WordprocessingML's namespace, as lxml writes it."""
    return f"{{{_MAIN}}}{name}"


def mc(name: str) -> str:
    """Return `name` in the markup-compatibility namespace."""
    return f"{{http://schemas.openxmlformats.org/markup-compatibility/2006}}{name}"


def choose(alternative: Element) -> Element | None:
    """Return the one version of an ``mc:AlternateContent`` that is to be read."""
    choice = alternative.find(mc("Choice"))
    return choice if choice is not None else alternative.find(mc("Fallback"))


def value_of(parent: Element | None, name: str) -> str | None:
    """Return ``w:val`` of the child `name`; None without the child or the value."""
    child = parent.find(w(name)) if parent is not None else None
    return child.get(w("val")) if child is not None else None


def number_of(parent: Element | None, name: str) -> int | None:
    """Return ``w:val`` of the child `name` as a number; None when there is none."""
    text = value_of(parent, name)
    return int(text) if text is not None and text.lstrip("-").isdecimal() else None


def switch_of(parent: Element | None, name: str) -> bool | None:
    """Return whether the child `name` switches on or off; None when it says nothing."""
    child = parent.find(w(name)) if parent is not None else None
    if child is None:
        return None
    return child.get(w("val"), "true").lower() not in {"0", "false", "off", "none"}


@dataclass(frozen=True, slots=True)
class Package:
    """An open DOCX: its archive, and the names of related parts, by the last word of the relation and by its id."""

    archive: ZipFile
    settings: ReadSettings
    main: str
    related: dict[str, list[str]]
    targets: dict[str, str]

    def body(self) -> Element:
        """Return the main story."""
        body = self._parse(self.main).find(w("body"))
        if body is None:
            raise DamagedFileError("the DOCX has no body", "open it in Word and save it again")
        return body

    def parts(self, relation: str) -> list[Element]:
        """Return the roots of the parts related so ("styles", "numbering", "footnotes", "header")."""
        names = set(self.archive.namelist())
        return [self._parse(name) for name in self.related.get(relation, []) if name in names]

    def part(self, relation: str) -> Element | None:
        """Return the first part related so."""
        return next(iter(self.parts(relation)), None)

    def unpack(self, name: str) -> bytes:
        """Return the bytes of one part."""
        return unpack(self.archive, name, self.settings)

    def _parse(self, name: str) -> Element:
        return parse_xml(self.unpack(name), name)


def open_package(data: bytes, settings: ReadSettings) -> Package:
    """Open a DOCX and find its main part and what that is related to."""
    archive = open_archive(data, settings)
    names = set(archive.namelist())
    main = next(
        (r.target for r in _relations(archive, "", settings) if r.kind == "officeDocument"), "word/document.xml"
    )
    if main not in names:
        raise DamagedFileError("the DOCX lacks its main part", "open it in Word and save it again")
    related: dict[str, list[str]] = {}
    targets = {}
    for relation in _relations(archive, main, settings):
        related.setdefault(relation.kind, []).append(relation.target)
        if relation.target in names:
            targets[relation.id] = relation.target
    return Package(archive, settings, main, related, targets)


@dataclass(frozen=True, slots=True)
class _Relation:
    """A part that another one names: by which id, as what, and where it is in the archive."""

    id: str
    kind: str
    target: str


def _relations(archive: ZipFile, part: str, settings: ReadSettings) -> list[_Relation]:
    """Return the parts that `part` is related to; outside targets are never followed."""
    folder, name = posixpath.split(part)
    path = posixpath.join(folder, "_rels", f"{name}.rels")
    if path not in archive.namelist():
        return []
    found = []
    for relation in parse_xml(unpack(archive, path, settings), path):
        if relation.get("TargetMode") == "External" or not isinstance(relation.tag, str):
            continue
        target = posixpath.normpath(posixpath.join("/", folder, relation.get("Target", ""))).lstrip("/")
        found.append(_Relation(relation.get("Id", ""), relation.get("Type", "").rpartition("/")[2], target))
    return found


def parse_xml(data: bytes, name: str) -> Element:
    """Parse one part; a document type declaration is refused, since Word never writes one."""
    refuse_doctype(data, name)
    check_tags(data, name)
    for strict, usual in _STRICT:
        data = data.replace(strict, usual)
    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False)
    try:
        root = etree.fromstring(data, parser)
    except etree.XMLSyntaxError as error:
        raise DamagedFileError(f"{name} inside the DOCX is damaged", "open it in Word and save it again") from error
    if root.getroottree().docinfo.internalDTD is not None:
        raise _forbidden(name)
    return root


def refuse_doctype(data: bytes, name: str) -> None:
    """Refuse a part with a document type declaration, where entities hide."""
    if any(mark in data for mark in _DOCTYPES):
        raise _forbidden(name)


def _forbidden(name: str) -> ForbiddenContentError:
    return ForbiddenContentError(
        f"{name} inside the file declares a document type, which Word never does", "do not open the file"
    )
