"""The tables, once for both databases. What changes here needs a step in `migrations.py`.

A document is known by the SHA-256 of its bytes. `notices` and the tables below it are derived: they are made anew from
the current row of `results` and can be thrown away; `results`, `corrections` and `documents` cannot.
"""

from __future__ import annotations

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    Date,
    Float,
    ForeignKey,
    Index,
    Integer,
    MetaData,
    Table,
    UniqueConstraint,
)

from pipeline.store.columns import Instant, Json, Unsigned, Words

metadata = MetaData()

_KEY = BigInteger().with_variant(Integer, "sqlite")
"""SQLite counts up only what is called INTEGER."""


def _sha(*, primary: bool = False) -> Column[str]:
    """Return the column that says which document a row is of."""
    return Column("sha256", Words, ForeignKey("documents.sha256"), primary_key=primary, nullable=False)


schema_version = Table(
    "schema_version",
    metadata,
    Column("version", Integer, primary_key=True, autoincrement=False),
    Column("applied_at", Instant, nullable=False),
)

runs = Table(
    "runs",
    metadata,
    Column("id", Words, primary_key=True),
    Column("inbox", Words, nullable=False),
    Column("started_at", Instant, nullable=False),
    Column("ended_at", Instant),
    Column("status", Words, nullable=False),
    Column("exit_code", Integer),
    Column("version", Words, nullable=False),
    Column("config", Words, nullable=False),
    Column("counts", Json),
    Index("runs_started", "started_at"),
)

documents = Table(
    "documents",
    metadata,
    Column("sha256", Words, primary_key=True),
    Column("size", BigInteger, nullable=False),
    Column("name", Words, nullable=False, unique=True),
    Column("state", Words, nullable=False),
    Column("media_type", Words),
    Column("kind", Words),
    Column("reason", Words),
    Column("advice", Words),
    Column("tries", Integer, nullable=False),
    Column("version", Words),
    Column("config", Words),
    Column("result", Words),
    Index("documents_state", "state"),
)

# The paths themselves may be longer than an index of PostgreSQL takes, so the key is their hash.
sightings = Table(
    "sightings",
    metadata,
    Column("inbox_key", Words, primary_key=True),
    Column("path_key", Words, primary_key=True),
    Column("inbox", Words, nullable=False),
    Column("path", Words, nullable=False),
    Column("stem", Words, nullable=False),
    Column("sha256", Words, nullable=False),
    Column("size", BigInteger, nullable=False),
    Column("mtime_ns", BigInteger, nullable=False),
    Column("inode", Unsigned, nullable=False),
    Column("page", Integer, nullable=False),
    Index("sightings_sha256", "sha256"),
    Index("sightings_stem", "stem"),
)

# A run may be pruned while an attempt that made a current result stays, so `run_id` is no foreign key.
attempts = Table(
    "attempts",
    metadata,
    Column("id", _KEY, primary_key=True),
    _sha(),
    Column("run_id", Words, nullable=False),
    Column("started_at", Instant, nullable=False),
    Column("ended_at", Instant),
    Column("status", Words, nullable=False),
    Column("alone", Boolean, nullable=False),
    Column("kind", Words),
    Column("reason", Words),
    Column("advice", Words),
    Column("seconds", Float),
    Column("version", Words),
    Column("config", Words),
    Column("result", Words),
    Index("attempts_sha256", "sha256", "ended_at"),
    Index("attempts_run", "run_id"),
    Index("attempts_status", "status"),
)

results = Table(
    "results",
    metadata,
    _sha(primary=True),
    Column("hash", Words, primary_key=True),
    Column("form", Words, nullable=False),
    Column("json", Words, nullable=False),
    Column("at", Instant, nullable=False),
    Column("version", Words, nullable=False),
    Column("config", Words, nullable=False),
)

corrections = Table(
    "corrections",
    metadata,
    Column("id", _KEY, primary_key=True),
    _sha(),
    Column("pointer", Words, nullable=False),
    Column("action", Words, nullable=False),
    Column("before", Json, nullable=False),
    Column("after", Json, nullable=False),
    Column("who", Words, nullable=False),
    Column("at", Instant, nullable=False),
    Column("result", Words, nullable=False),
    Column("boxes", Json, nullable=False),
    Index("corrections_sha256", "sha256"),
)

notices = Table(
    "notices",
    metadata,
    Column("id", _KEY, primary_key=True),
    _sha(),
    *(Column(name, Words) for name in ("document_type", "document_number", "parent_body", "issuing_body", "place")),
    Column("issue_date", Date),
    *(Column(name, Words) for name in ("subject", "urgency", "secrecy", "meeting_name")),
    Column("start_date", Date),
    Column("end_date", Date),
    *(Column(name, Words) for name in ("location", "signer_title", "signer_name", "media_type", "text_origin")),
    Column("page_count", Integer),
    Column("ocr_confidence", Float),
    Column("year", Integer),
    Column("number_folded", Words),
    Column("body_folded", Words),
    Column("folded", Words, nullable=False),
    Column("marked", Words, nullable=False),
    UniqueConstraint("sha256"),
    Index("notices_number", "number_folded", "issue_date"),
    Index("notices_body", "body_folded", "issue_date"),
    Index("notices_issue_date", "issue_date"),
    Index("notices_year", "year"),
)

participants = Table(
    "participants",
    metadata,
    _sha(primary=True),
    Column("ordinal", Integer, primary_key=True, autoincrement=False),
    Column("role", Words, nullable=False),
    Column("name", Words),
    Column("kind", Words),
    Column("title", Words),
    Column("organization", Words),
    Column("note", Words),
)

weaknesses = Table(
    "weaknesses",
    metadata,
    _sha(primary=True),
    Column("ordinal", Integer, primary_key=True, autoincrement=False),
    Column("text", Words, nullable=False),
)

directives = Table(
    "directives",
    metadata,
    Column("id", _KEY, primary_key=True),
    _sha(),
    Column("ordinal", Integer, nullable=False),
    Column("number", Words),
    Column("parent", Integer),
    Column("text", Words, nullable=False),
    Column("folded", Words, nullable=False),
    Column("marked", Words, nullable=False),
    UniqueConstraint("sha256", "ordinal"),
)

assignees = Table(
    "assignees",
    metadata,
    _sha(primary=True),
    Column("directive", Integer, primary_key=True, autoincrement=False),
    Column("ordinal", Integer, primary_key=True, autoincrement=False),
    Column("name", Words, nullable=False),
    Column("folded", Words, nullable=False),
    Column("role", Words, nullable=False),
    Column("inherited", Boolean, nullable=False),
    Index("assignees_folded", "folded"),
)

deadlines = Table(
    "deadlines",
    metadata,
    _sha(primary=True),
    Column("directive", Integer, primary_key=True, autoincrement=False),
    Column("text", Words, nullable=False),
    Column("due", Date),
    Column("recurrence", Words),
    Index("deadlines_due", "due"),
)

amounts = Table(
    "amounts",
    metadata,
    _sha(primary=True),
    Column("directive", Integer, primary_key=True, autoincrement=False),
    Column("ordinal", Integer, primary_key=True, autoincrement=False),
    Column("text", Words, nullable=False),
    Column("vnd", BigInteger),
)

legal_references = Table(
    "legal_references",
    metadata,
    _sha(primary=True),
    Column("ordinal", Integer, primary_key=True, autoincrement=False),
    Column("directive", Integer),
    Column("citation", Words, nullable=False),
    Column("document_type", Words),
    Column("number", Words),
    Column("issue_date", Date),
    Column("issuer", Words),
)

evidence = Table(
    "evidence",
    metadata,
    _sha(primary=True),
    Column("pointer", Words, primary_key=True),
    Column("quote", Words, nullable=False),
    Column("start_offset", Integer, nullable=False),
    Column("end_offset", Integer, nullable=False),
    Column("page", Integer),
    Column("boxes", Json, nullable=False),
    Column("confidence", Float, nullable=False),
    Column("method", Words, nullable=False),
    Index("evidence_doubt", "confidence", "sha256", "pointer"),
)

texts = Table(
    "texts",
    metadata,
    _sha(primary=True),
    Column("hash", Words, nullable=False),
    Column("text", Words, nullable=False),
)

links = Table(
    "links",
    metadata,
    Column("sha_a", Words, ForeignKey("documents.sha256"), primary_key=True),
    Column("sha_b", Words, ForeignKey("documents.sha256"), primary_key=True),
    Column("kind", Words, primary_key=True),
    Column("score", Float, nullable=False),
    Column("reason", Words, nullable=False),
    Index("links_sha_b", "sha_b"),
)

DERIVED: tuple[Table, ...] = (
    *(notices, participants, weaknesses, directives, assignees, deadlines),
    *(amounts, legal_references, evidence, texts),
)
"""What is made anew from a result, in the order of writing."""

FIRST: tuple[Table, ...] = (
    *(schema_version, runs, documents, sightings, attempts, results, corrections),
    *DERIVED,
)
"""What version 1 of the schema held."""
