"""What somebody means who types a province, an issuer, a kind of document or a body, as the store calls it."""

from __future__ import annotations

from collections.abc import Iterable
from difflib import get_close_matches
from typing import Literal

from sqlalchemy import Connection, select

from pipeline.store.conditions import is_key
from pipeline.store.database import Database
from pipeline.store.facts import bodies, notice_facts
from pipeline.store.wording import folded_name

Choosable = Literal["province", "issuer", "document_type", "who"]


def choices(database: Database, facet: Choosable, typed: str) -> list[str]:
    """Return the values of a facet that somebody may mean: those called so, else those whose names hold these words.

    A key of a body means itself. Of `who`, only bodies are known, and their names must begin so: "Sở Y tế" means that
    of every province, and no centre below one. A name that is no body's is asked for as it is printed.
    """
    wanted = folded_name(typed)
    known = _known(database, facet)
    if is_key(typed) and any(value == typed for value, _ in known):
        return [typed]
    same = [value for value, name in known if folded_name(name) == wanted]
    if same or not wanted:
        return same
    names = [(value, f" {folded_name(name)} ") for value, name in known]
    part = f" {wanted} "
    return [value for value, name in names if (name.startswith(part) if facet == "who" else part in name)]


def nearest(database: Database, facet: Choosable, typed: str, limit: int = 5) -> list[str]:
    """Return the names that look most like what somebody typed; where none does, some that there are."""
    names = {folded: name for _, name in _known(database, facet) if (folded := folded_name(name))}
    alike = get_close_matches(folded_name(typed) or "", names, limit, cutoff=0.4) or sorted(names)[:limit]
    return [names[folded] for folded in alike]


def _known(database: Database, facet: Choosable) -> list[tuple[str, str]]:
    """Return the values of a facet with what people call them."""
    with database.read() as connection:
        if facet == "who":
            return _called(connection, None)
        column = notice_facts.c[facet]
        values = connection.execute(select(column).where(column.is_not(None)).distinct()).scalars()
        if facet != "issuer":
            return [(value, value) for value in values]
        return _called(connection, values)


def _called(connection: Connection, values: Iterable[str] | None) -> list[tuple[str, str]]:
    names = {str(key): str(name) for key, name in connection.execute(select(bodies.c.key, bodies.c.name))}
    return [(value, names.get(value, value)) for value in (names if values is None else values)]
