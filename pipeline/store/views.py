# ruff: noqa: S608 - all that the queries are made of stands in this file
"""Views for people who ask in SQL: one row a thing, with what one asks of it beside it. docs/sql.md tells of them.

Their names and columns are kept from version to version, which those of the tables are not.
"""

from __future__ import annotations

from collections.abc import Iterator

_HEAD = """n.document_number, n.document_type, n.subject, n.issuing_body, nf.province, n.issue_date, n.year"""
_JOIN = "JOIN notices n ON n.sha256 = {0}.sha256 JOIN notice_facts nf ON nf.id = n.id"
_LISTED = {
    "sqlite": "(SELECT group_concat({column}, '; ') FROM (SELECT {column} FROM {table} WHERE {where} ORDER BY ordinal))",  # noqa: E501
    "postgresql": "(SELECT string_agg({column}, '; ' ORDER BY ordinal) FROM {table} WHERE {where})",
}
VIEWS: dict[str, tuple[str, ...]] = {
    "flat_notices": (
        *("sha256", "name", "document_number", "document_type", "subject", "issuing_body", "issuer", "issuer_key"),
        *("province", "parent_body", "place", "issue_date", "year", "urgency", "secrecy"),
        *("meeting_name", "start_date", "end_date", "location", "signer_title", "signer_name"),
        *("directives", "weaknesses", "media_type", "text_origin", "page_count", "ocr_confidence", "least_confidence"),
    ),
    "flat_directives": (
        *("sha256", "ordinal", "number", "parent", "text", "leads", "supports"),
        *("deadline_text", "due", "recurrence", "amounts", "page", "least_confidence"),
        *("document_number", "document_type", "subject", "issuing_body", "province", "issue_date", "year"),
    ),
    "flat_actors": (
        *("sha256", "directive", "ordinal", "name", "role", "inherited", "body", "body_key", "unit", "unit_now"),
        *("text", "due", "recurrence"),
        *("document_number", "document_type", "subject", "issuing_body", "province", "issue_date", "year"),
    ),
    "flat_weaknesses": (
        *("sha256", "ordinal", "text"),
        *("document_number", "document_type", "subject", "issuing_body", "province", "issue_date", "year"),
    ),
}
"""View -> its columns, in their order."""


def make_views(dialect: str) -> Iterator[str]:
    """Yield the statements that make the views anew, for ``sqlite`` or ``postgresql``."""
    for name, query in _queries(dialect).items():
        yield f"DROP VIEW IF EXISTS {name}"
        yield f"CREATE VIEW {name} AS {query}"


def _queries(dialect: str) -> dict[str, str]:
    return {
        "flat_notices": """SELECT n.sha256, d.name, n.document_number, n.document_type, n.subject, n.issuing_body,
            b.name AS issuer, nf.issuer AS issuer_key, nf.province, n.parent_body, n.place, n.issue_date, n.year,
            n.urgency, n.secrecy, n.meeting_name, n.start_date, n.end_date, n.location, n.signer_title, n.signer_name,
            nf.directives, nf.weaknesses, n.media_type, n.text_origin, n.page_count, n.ocr_confidence,
            1 - nf.doubt AS least_confidence
            FROM notices n JOIN notice_facts nf ON nf.id = n.id JOIN documents d ON d.sha256 = n.sha256
            LEFT JOIN bodies b ON b.key = nf.issuer""",
        "flat_directives": f"""SELECT i.sha256, i.ordinal, i.number, i.parent, i.text,
            {_names(dialect, "lead")} AS leads, {_names(dialect, "support")} AS supports,
            l.text AS deadline_text, l.due, l.recurrence, {_amounts(dialect)} AS amounts, f.page,
            1 - f.doubt AS least_confidence, {_HEAD}
            FROM directives i JOIN directive_facts f ON f.id = i.id {_JOIN.format("i")}
            LEFT JOIN deadlines l ON l.sha256 = i.sha256 AND l.directive = i.ordinal""",
        "flat_actors": f"""SELECT a.sha256, a.directive, a.ordinal, a.name, a.role, a.inherited,
            b.name AS body, b.key AS body_key, b.unit, b.unit_now, i.text, l.due, l.recurrence, {_HEAD}
            FROM assignees a JOIN directives i ON i.sha256 = a.sha256 AND i.ordinal = a.directive {_JOIN.format("a")}
            LEFT JOIN actors w ON w.directive = i.id AND w.ordinal = a.ordinal LEFT JOIN bodies b ON b.key = w.who
            LEFT JOIN deadlines l ON l.sha256 = a.sha256 AND l.directive = a.directive""",
        "flat_weaknesses": f"""SELECT w.sha256, w.ordinal, w.text, {_HEAD} FROM weaknesses w {_JOIN.format("w")}""",
    }


def _names(dialect: str, role: str) -> str:
    where = f"sha256 = i.sha256 AND directive = i.ordinal AND role = '{role}'"
    return _LISTED[dialect].format(column="name", table="assignees", where=where)


def _amounts(dialect: str) -> str:
    return _LISTED[dialect].format(column="text", table="amounts", where="sha256 = i.sha256 AND directive = i.ordinal")
