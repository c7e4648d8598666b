"""Look at every page of the records, and at what must hold between them.

Opening a file notices almost no damage. The engine's own checks read every page and
its authentication code; ours look at what a page check cannot know. The statements run
on SQLite and on PostgreSQL alike.
"""

from collections.abc import Iterator
from typing import get_args

from sqlalchemy import Connection

from db.check_contents import CHECKS
from db.migrate import HEAD, revision_of
from intake.call_backs import CALL_OUTCOMES
from intake.visit import VisitState
from intake.waiting import Progress, step

#: The last save of a visit `v`: answers, a move, a decision or confirmation in time.
_LAST_SAVE = (
    "(SELECT coalesce(max(revision), 0) FROM (SELECT visit_id, revision FROM "
    "answer_changes UNION ALL SELECT visit_id, revision FROM state_changes UNION ALL "
    "SELECT visit_id, revision FROM decisions WHERE NOT late UNION ALL "
    "SELECT visit_id, revision FROM confirmations WHERE NOT late) s "
    "WHERE visit_id = v.id)"
)
_STATES = ", ".join(f"'{state}'" for state in get_args(VisitState))
_OUTCOMES = ", ".join(f"'{outcome}'" for outcome in CALL_OUTCOMES)
#: What must be none, in words, and the query that counts it.
INVARIANTS = (
    (
        "visits without their changes",
        (
            "SELECT count(*) FROM visits v WHERE revision > 0 AND signed_at IS NULL "  # noqa: S608  (our own)
            f"AND revision <> {_LAST_SAVE}"
        ),
    ),
    (
        "visits older than their own changes",
        (
            f"SELECT count(*) FROM visits v WHERE revision < {_LAST_SAVE}"  # noqa: S608  (our own)
        ),
    ),
    (
        "changes out of order",
        (
            "SELECT count(*) FROM (SELECT revision, lag(revision) OVER (PARTITION BY "
            "visit_id ORDER BY id) AS earlier FROM answer_changes) c "
            "WHERE revision < earlier OR revision < 1"
        ),
    ),
    (
        "visits of nobody",
        (
            "SELECT count(*) FROM visits v LEFT JOIN patients p ON p.id = v.patient_id "
            "WHERE p.id IS NULL"
        ),
    ),
    *(
        (
            f"{what} of no visit",
            (
                f"SELECT count(*) FROM {table} t LEFT JOIN visits v "  # noqa: S608  (our own)
                "ON v.id = t.visit_id WHERE v.id IS NULL"
            ),
        )
        for what, table in (
            ("changes", "answer_changes"),
            ("addenda", "addenda"),
            ("answers set aside", "set_aside"),
            ("moves", "state_changes"),
            ("call-backs", "call_backs"),
            ("confirmations", "confirmations"),
            ("decisions", "decisions"),
            ("notes of who was told", "told"),
            ("moves to another patient", "visit_links"),
        )
    ),
    (
        "earlier registrations that are not earlier, or of nobody",
        (
            "SELECT count(*) FROM earlier_registrations e LEFT JOIN patients p "
            "ON p.id = e.patient_id WHERE p.id IS NULL OR e.revision >= p.revision"
        ),
    ),
    (
        "moves to no patient",
        (
            "SELECT count(*) FROM visit_links l LEFT JOIN patients p "
            "ON p.id = l.patient_id WHERE p.id IS NULL"
        ),
    ),
    (
        "merges of nobody, or into nobody there is",
        (
            "SELECT count(*) FROM patient_merges m "
            "LEFT JOIN patients p ON p.id = m.patient_id "
            "LEFT JOIN patients i ON i.id = m.into_id "
            "WHERE p.id IS NULL OR (m.into_id IS NOT NULL AND i.id IS NULL)"
        ),
    ),
    (
        "visits in a state that is none",
        f"SELECT count(*) FROM visits WHERE state NOT IN ({_STATES})",  # noqa: S608  (our own words)
    ),
    (
        "signed visits without a signature",
        (
            "SELECT count(*) FROM visits WHERE (state = 'signed') <> "
            "(signed_content IS NOT NULL) OR (signed_content IS NOT NULL) <> "
            "(signed_at IS NOT NULL AND signed_by IS NOT NULL AND "
            "signed_name IS NOT NULL AND signed_digest IS NOT NULL)"
        ),
    ),
    (
        "signatures that do not follow on the last answer or decision",
        (
            "SELECT count(*) FROM visits v WHERE state = 'signed' "  # noqa: S608  (our own)
            f"AND revision <> 1 + {_LAST_SAVE}"
        ),
    ),
    (
        "visits that are not where they were moved",
        (
            "SELECT count(*) FROM visits v JOIN state_changes s ON s.id = (SELECT "
            "max(id) FROM state_changes WHERE visit_id = v.id) "
            "WHERE v.state NOT IN ('signed', s.to_state)"
        ),
    ),
    (
        "moves that do not begin where the one before ended",
        (
            "SELECT count(*) FROM (SELECT from_state, lag(to_state) OVER (PARTITION BY "
            "visit_id ORDER BY id) AS earlier FROM state_changes) s "
            "WHERE from_state <> earlier"
        ),
    ),
    (
        "calls with an outcome that is none",
        f"SELECT count(*) FROM calls WHERE outcome NOT IN ({_OUTCOMES})",  # noqa: S608  (our own words)
    ),
    (
        "calls of no call-back",
        (
            "SELECT count(*) FROM calls c LEFT JOIN call_backs b "
            "ON b.id = c.call_back_id WHERE b.id IS NULL"
        ),
    ),
    (
        "settings of the clinic without those before",
        (
            "SELECT count(*) FROM (SELECT revision, row_number() OVER (PARTITION BY "
            "section ORDER BY revision) AS place FROM clinic_settings) s "
            "WHERE revision <> place"
        ),
    ),
    (
        "settings of the clinic by nobody of here",
        (
            "SELECT count(*) FROM clinic_settings s LEFT JOIN people p "
            "ON p.id = s.who WHERE p.id IS NULL"
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
        "visits with a gap in their addenda",
        (
            "SELECT count(*) FROM (SELECT visit_id FROM addenda GROUP BY visit_id "
            "HAVING count(*) <> max(number) OR min(number) <> 1 "
            "OR count(DISTINCT number) <> count(*)) a"
        ),
    ),
    (
        "people without a role",
        "SELECT count(*) FROM people WHERE roles = '[]' OR roles IS NULL",
    ),
    (
        "clinics without an owner",
        (
            "SELECT count(*) FROM (SELECT max(CASE WHEN is_active AND "
            "replace(roles, '\"owner\"', '') <> roles THEN 1 ELSE 0 END) AS owners "
            "FROM people) p WHERE owners = 0"
        ),
    ),
    (
        "gaps in the audit trail",
        "SELECT coalesce(max(number), 0) - count(*) FROM audit",
    ),
    (
        "entries of the audit trail beyond its end, or short of it",
        (
            "SELECT abs((SELECT count(*) FROM audit) - "
            "coalesce((SELECT max(count) FROM audit_head), 0))"
        ),
    ),
)
_PAGE_CHECKS = 3


def faults(connection: Connection, progress: Progress = step) -> Iterator[str]:
    """Say what is wrong with the records; nothing when they are sound.

    Args:
        connection: to the records. Where they are of an older program and wait for
            their migration, only the pages are looked at.
        progress: is told how many parts are done, and how many there are.
    """
    parts = len(INVARIANTS) + len(CHECKS)
    done = 0
    if connection.dialect.name == "sqlite":
        parts += _PAGE_CHECKS
        for check in (page_faults, _structure, _links):
            yield from check(connection)
            done += 1
            progress(done, parts)
    if revision_of(connection) != HEAD:
        progress(parts, parts)
        return
    for what, query in INVARIANTS:
        count = connection.exec_driver_sql(query).scalar()
        if count:
            yield f"{count} {what}."
        done += 1
        progress(done, parts)
    for what, found in CHECKS:
        if count := found(connection):
            yield f"{count} {what}."
        done += 1
        progress(done, parts)


def page_faults(connection: Connection) -> Iterator[str]:
    """Read the authentication code of every page.

    SQLCipher reads the file beside SQLite's own locks, so that a page that is being
    written just then looks altered: what counts is what looks so twice.
    """
    found = _altered_pages(connection)
    if found and (found := found & _altered_pages(connection)):
        yield f"{len(found)} pages are not as they were written."


def _altered_pages(connection: Connection) -> set[str]:
    told = connection.exec_driver_sql("PRAGMA cipher_integrity_check")
    return {str(row[0]) for row in told}


def _structure(connection: Connection) -> Iterator[str]:
    if connection.exec_driver_sql("PRAGMA quick_check(1)").scalar() != "ok":
        yield "The structure of the file is damaged."


def _links(connection: Connection) -> Iterator[str]:
    if connection.exec_driver_sql("PRAGMA foreign_key_check").first():
        yield "There are links to records that are not there."
