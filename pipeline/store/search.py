"""Finding directives by their words; every other condition can be put beside `matches`."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Select,
    Table,
    and_,
    bindparam,
    false,
    func,
    literal,
    literal_column,
    select,
    text,
    true,
)

from pipeline.store.database import Database
from pipeline.store.records import Hit
from pipeline.store.tables import deadlines, directives, documents, notices
from pipeline.store.wording import folded, marked

_PHRASE = re.compile(r'["“”„]([^"“”„]*)["“”„]?|([^\s"“”„]+)')


@dataclass(frozen=True, slots=True)
class Phrase:
    """Words that must follow each other: without marks, and as they were asked for."""

    folded: str
    marked: str

    @property
    def has_marks(self) -> bool:
        """Tell whether marks were typed, so that they count."""
        return self.folded != self.marked


def parse(words: str) -> tuple[Phrase, ...]:
    """Return the phrases of a query: what stands in quotation marks, and every other word.

    >>> [phrase.folded for phrase in parse('"Sở Y tế" 05/NQ')]
    ['so y te', '05 nq']
    """
    asked = (quoted or word for quoted, word in _PHRASE.findall(words))
    found = (Phrase(folded(part), marked(part)) for part in asked)
    return tuple(dict.fromkeys(phrase for phrase in found if phrase.folded))


def matches(table: Table, phrases: tuple[Phrase, ...], sqlite: bool) -> ColumnElement[bool]:
    """Return the condition that rows of `table` (directives or notices) have all phrases, whatever the marks."""
    if not phrases:
        return false()
    if sqlite:
        index = f"{table.name}_fts"
        wanted = " AND ".join(f'"{phrase.folded}"' for phrase in phrases)
        inner = text(f"SELECT rowid FROM {index} WHERE {index} MATCH :wanted")  # noqa: S608 - a name of ours
        return table.c.id.in_(inner.bindparams(bindparam("wanted", wanted, unique=True)))
    vector: ColumnElement[Any] = literal_column(f"{table.name}.words")
    simple: ColumnElement[str] = literal_column("'simple'")
    return and_(*(vector.op("@@")(func.phraseto_tsquery(simple, phrase.folded)) for phrase in phrases))


def exactly(table: Table, phrases: tuple[Phrase, ...], sqlite: bool) -> ColumnElement[bool]:
    """Return the condition that rows of `table` have the phrases with the marks that were typed."""
    place = func.instr if sqlite else func.strpos
    spaced = literal(" ").concat(table.c.marked).concat(" ")
    return and_(true(), *(place(spaced, f" {phrase.marked} ") > 0 for phrase in phrases if phrase.has_marks))


def directives_query(phrases: tuple[Phrase, ...], sqlite: bool) -> Select[Any]:
    """Return the query for hits: those with the very marks first, then the newest."""
    exact = exactly(directives, phrases, sqlite).label("exact")
    columns = (directives.c.sha256, directives.c.ordinal, directives.c.number, directives.c.text, deadlines.c.due)
    heads = (documents.c.name, notices.c.document_number, notices.c.issuing_body, notices.c.issue_date)
    same = (deadlines.c.sha256 == directives.c.sha256) & (deadlines.c.directive == directives.c.ordinal)
    return (
        select(*columns, *heads, exact)
        .join_from(directives, documents, documents.c.sha256 == directives.c.sha256)
        .join(notices, notices.c.sha256 == directives.c.sha256)
        .outerjoin(deadlines, same)
        .where(matches(directives, phrases, sqlite))
        .order_by(exact.desc(), notices.c.issue_date.desc().nulls_last(), documents.c.name, directives.c.ordinal)
    )


def search_directives(database: Database, words: str, limit: int, offset: int) -> list[Hit]:
    """Return directives with all the words and "phrases" asked for; none for a query without words."""
    query = directives_query(parse(words), database.is_sqlite).limit(limit).offset(offset)
    with database.read() as connection:
        return [Hit(**dict(row) | {"exact": bool(row["exact"])}) for row in connection.execute(query).mappings()]
