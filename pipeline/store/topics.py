"""What the weaknesses of notices are about, in a table beside their texts."""

from __future__ import annotations

from sqlalchemy import Column, Connection, Index, Integer, Table, delete, insert, select

from pipeline.normalise.topics import topic_of
from pipeline.notice import Notice
from pipeline.store.columns import Words
from pipeline.store.facts import owner
from pipeline.store.tables import metadata, notices, weaknesses
from pipeline.store.work import batches

weakness_facts = Table(
    "weakness_facts",
    metadata,
    owner("notices.id"),
    Column("ordinal", Integer, primary_key=True, autoincrement=False),
    Column("topic", Words, nullable=False),
    Index("weakness_facts_topic", "topic", "notice"),
)


def write_topics(connection: Connection, sha256: str, notice: Notice) -> None:
    """Write what the weaknesses of a notice are about whose rows were just written."""
    texts = [passage.text for passage in notice.assessment.weaknesses]
    if texts:
        number = connection.execute(select(notices.c.id).where(notices.c.sha256 == sha256)).scalar_one()
        rows = [{"notice": number, "ordinal": at, "topic": topic_of(text)} for at, text in enumerate(texts)]
        connection.execute(insert(weakness_facts), rows)


def fill_topics(connection: Connection) -> None:
    """Write the same anew for all weaknesses that are stored."""
    connection.execute(delete(weakness_facts))
    query = select(notices.c.id, weaknesses.c.ordinal, weaknesses.c.text).join_from(
        weaknesses, notices, notices.c.sha256 == weaknesses.c.sha256
    )
    for batch in batches(connection.execute(query).all()):
        rows = [{"notice": number, "ordinal": at, "topic": topic_of(text)} for number, at, text in batch]
        connection.execute(insert(weakness_facts), rows)
