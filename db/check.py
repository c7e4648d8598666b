"""Look at every page of the records, and at what must hold between them.

Opening a file notices almost no damage. The engine's own checks read every page and
its authentication code; ours look at what a page check cannot know.
"""

from collections.abc import Iterator

from sqlalchemy import Connection

#: What must be none, in words, and the query that finds it.
_INVARIANTS = (
    (
        "visits without their changes",
        (
            "SELECT count(*) FROM visits v WHERE revision > 0 AND signed_at IS NULL "
            "AND revision <> (SELECT coalesce(max(revision), 0) FROM answer_changes "
            "WHERE visit_id = v.id)"
        ),
    ),
    (
        "signed visits without a signature",
        (
            "SELECT count(*) FROM visits WHERE (state = 'signed') <> "
            "(signed_content IS NOT NULL)"
        ),
    ),
    (
        "addenda to visits that are not signed",
        (
            "SELECT count(*) FROM addenda a JOIN visits v ON v.id = a.visit_id "
            "WHERE v.signed_at IS NULL"
        ),
    ),
    (
        "gaps in the audit trail",
        "SELECT coalesce(max(number), 0) - count(*) FROM audit",
    ),
)


def faults(connection: Connection) -> Iterator[str]:
    """Say what is wrong with the records; nothing when they are sound."""
    if connection.dialect.name == "sqlite":
        yield from _page_faults(connection)
    for what, query in _INVARIANTS:
        count = connection.exec_driver_sql(query).scalar()
        if count:
            yield f"{count} {what}."


def _page_faults(connection: Connection) -> Iterator[str]:
    if found := connection.exec_driver_sql("PRAGMA cipher_integrity_check").fetchall():
        yield f"{len(found)} pages are not as they were written."
    if connection.exec_driver_sql("PRAGMA quick_check(1)").scalar() != "ok":
        yield "The structure of the file is damaged."
    if connection.exec_driver_sql("PRAGMA foreign_key_check").first():
        yield "There are links to records that are not there."
