"""How much the store holds, and what was read lately."""

from __future__ import annotations

from sqlalchemy import func, select

from pipeline.store.database import Database
from pipeline.store.tables import attempts, directives, documents, notices, runs


def count_all(database: Database) -> dict[str, int]:
    """Return how many documents, notices and directives there are, and how many documents need a person."""
    with database.read() as connection:

        def count(query: object) -> int:
            return int(connection.execute(query).scalar_one())  # type: ignore[call-overload]

        return {
            "documents": count(select(func.count()).select_from(documents)),
            "notices": count(select(func.count()).select_from(notices)),
            "directives": count(select(func.count()).select_from(directives)),
            "quarantined": count(select(func.count()).select_from(documents).where(documents.c.state == "quarantined")),
        }


def read_lately(database: Database) -> list[str]:
    """Return the notices read since the last run that came to its end, by SHA-256 in order."""
    last = select(func.max(runs.c.started_at)).where(runs.c.status.in_(("finished", "stopped"))).scalar_subquery()
    query = (
        select(attempts.c.sha256)
        .distinct()
        .join(notices, notices.c.sha256 == attempts.c.sha256)
        .join(runs, runs.c.id == attempts.c.run_id)
        .where(attempts.c.status == "ok", (last.is_(None)) | (runs.c.started_at > last))
        .order_by(attempts.c.sha256)
    )
    with database.read() as connection:
        return list(connection.execute(query).scalars())
