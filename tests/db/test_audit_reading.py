"""The trail is read as it was asked for, whatever was asked, and holds everything."""

import random
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Select

from db.audit import AuditLog, notes_matching
from db.store import Store
from db.tables import AuditRow
from intake.answers import AnswerChange
from intake.audit import (
    AUDIT_COLUMNS,
    EVENTS,
    AuditColumn,
    AuditEntry,
    AuditFilter,
    AuditNote,
    Event,
    moments_of,
)
from intake.errors import InputRefusedError, UserFacingError
from intake.people import NotPermittedError, Person
from intake.workflow import Workflow
from tests.db.made_up import MORNING, confirmation, decision, patient, told, visit
from tests.db.places import Database
from tests.db.test_workflow import (
    CALLS,
    DESK,
    DOCTOR,
    EVERYTHING,
    OWNER,
    UNWRITTEN,
    prepare,
    protocol,
    records,
    workflow,
)

__all__ = ["protocol", "records", "workflow"]

_PEOPLE = ("ann", "bob", "eve")


@pytest.fixture
def trail(database: Database, tmp_path: Path) -> Iterator[Store]:
    """Return a store with a trail of 90 entries, one an hour, in either place."""
    store = database.open(AuditLog(b"a" * 32, [tmp_path / "head"]))
    store.note(
        [
            AuditNote(
                EVENTS[number % 7],
                _PEOPLE[number % 3],
                MORNING + timedelta(hours=number),
                ("desk", "clinician")[number % 2],
                f"p{number % 5}",
            )
            for number in range(90)
        ]
    )
    yield store
    store.close()


def key_of(entry: AuditEntry, column: AuditColumn) -> tuple[object, int]:
    """Return what an entry is sorted by."""
    note = entry.note
    values = {"number": entry.number, "at": note.at, "event": note.event}
    values |= {"who": note.who, "role": note.role, "subject": note.subject}
    return values[column], entry.number


@pytest.mark.parametrize("is_descending", [True, False])
@pytest.mark.parametrize("column", AUDIT_COLUMNS)
def test_it_is_sorted_by_each_column(
    trail: Store, column: AuditColumn, is_descending: bool
) -> None:
    found = trail.audit_entries(AuditFilter(order=column, is_descending=is_descending))

    def wanted(entry: AuditEntry) -> Any:  # noqa: ANN401  (what sorted compares)
        return key_of(entry, column)

    assert len(found) == 90
    assert list(found) == sorted(found, key=wanted, reverse=is_descending)


@pytest.mark.parametrize("column", AUDIT_COLUMNS)
def test_pages_together_are_the_whole(trail: Store, column: AuditColumn) -> None:
    whole = trail.audit_entries(AuditFilter(order=column))
    pages = [
        entry
        for start in range(0, 100, 20)
        for entry in trail.audit_entries(
            AuditFilter(order=column, start=start, limit=20)
        )
    ]

    assert pages == list(whole)


def test_filters_add_up(trail: Store) -> None:
    wanted = AuditFilter(event=EVENTS[1], who="bob", subject="p1")
    found = trail.audit_entries(wanted)

    expected = [n for n in range(90) if (n % 7, n % 3, n % 5) == (1, 1, 1)]
    assert [entry.number - 1 for entry in found] == expected[::-1]


def test_days_count_from_midnight_to_midnight(trail: Store) -> None:
    day = date(2026, 11, 25)
    since, before = moments_of(day, day, MORNING.tzinfo)
    found = trail.audit_entries(AuditFilter(since=since, before=before))

    assert {entry.note.at.date() for entry in found} == {day}
    assert len(found) == 24
    _, before = moments_of(None, day, MORNING.tzinfo)
    assert len(trail.audit_entries(AuditFilter(before=before))) == 15 + 24


@pytest.mark.parametrize("broken", ["p1\0", "\ud800"])
def test_what_no_database_can_hold_is_refused(broken: str) -> None:
    with pytest.raises(InputRefusedError):
        AuditFilter(subject=broken)


@pytest.mark.parametrize("limit", [0, -1, 10_001])
def test_too_much_at_once_is_refused(limit: int) -> None:
    with pytest.raises(InputRefusedError):
        AuditFilter(limit=limit)


# hostile input

_PARTS = (
    "'", '"', "`", ";", "--", "/*", "*/", ")", "(", "%", "_", "\\", "\0", "\n", ",",
    "number", "mac", "1", "OR 1=1", "UNION SELECT", "detail", "audit", "DROP TABLE",
    "CASE WHEN", "desc", "asc", " ", "::text", "$$", "{}", "[]", "\u202e", "é",
    "sqlite_master", "randomblob(9)", "NULL", "=", "<>", "||", "char(0)",
)  # fmt: skip


def hostile(count: int) -> Iterator[str]:
    """Give payloads that no column, person or id is called."""
    chance = random.Random(5)
    for _ in range(count):
        yield "".join(chance.choices(_PARTS, k=chance.randint(2, 8)))


def test_no_payload_gets_into_the_order() -> None:
    for payload in hostile(5_000):
        with pytest.raises(InputRefusedError):
            AuditFilter(order=payload)  # type: ignore[arg-type]  # what is tested


def test_no_payload_finds_a_row_or_breaks_the_query(trail: Store) -> None:
    """0 errors and 0 extra rows; way in after way in."""
    for number, payload in enumerate(hostile(5_000)):
        field = ("event", "who", "subject")[number % 3]
        if "\0" in payload:
            with pytest.raises(InputRefusedError):
                AuditFilter(**{field: payload})  # type: ignore[arg-type]  # as above
            continue
        wanted = AuditFilter(**{field: payload})  # type: ignore[arg-type]  # as above
        assert trail.audit_entries(wanted) == []

    assert len(trail.audit_entries()) == 90


def test_an_order_that_did_get_in_would_be_seen(trail: Store) -> None:
    """The control: past the check, the list in the database is there."""
    wanted = AuditFilter()
    object.__setattr__(wanted, "order", "mac")

    with pytest.raises(KeyError):
        trail.audit_entries(wanted)


# completeness

_MARKER = "Zanzibar"
#: What each use case that is written down is written down as.
_EVENT_OF: dict[str, Event] = {
    "register": "registered",
    "change_registration": "registration_changed",
    "earlier_registrations": "patient_read",
    "read_patient": "patient_read",
    "open_visit": "visit_opened",
    "read_visit": "visit_read",
    "visits_of": "patient_read",
    "earlier_visits": "patient_read",
    "record_history": "answers_recorded",
    "record_examination": "answers_recorded",
    "settle_conflict": "conflict_settled",
    "decide": "decided",
    "confirm": "confirmed",
    "note_told": "told",
    "change_state": "state_changed",
    "record_call": "called",
    "close_call_back": "call_back_closed",
    "move_visit": "visit_moved",
    "preview_merge": "patient_read",
    "merge_patients": "patients_merged",
    "merged_patients": "patient_read",
    "undo_merge": "merge_undone",
    "mark_entered_in_error": "marked_in_error",
    "re_enter_visit": "visit_re_entered",
    "documents_of": "visit_read",
    "change_settings": "settings_changed",
    "sign": "signed",
    "add_addendum": "addendum_added",
    "reassess": "visit_read",
    "view_document": "document_viewed",
    "export_document": "document_exported",
    "hand_over_visit": "handed_over",
    "add_person": "person_added",
    "change_person": "person_changed",
    "remove_person": "person_removed",
    "read_audit": "audit_read",
    "export_audit": "audit_exported",
    "verify_audit": "audit_verified",
}


def test_every_use_case_that_is_written_down_has_its_event() -> None:
    assert _EVENT_OF.keys() == CALLS.keys() - UNWRITTEN


def _words(question: str, second: int) -> AnswerChange:
    at = MORNING + timedelta(seconds=second)
    text = f"like {_MARKER} {second}"
    return AnswerChange(question, None, text, "Dee", "desk", at, "desk")


def _acts(number: int) -> dict[str, Callable[[Workflow, Person], object]]:
    """Return what can happen in a session, with a marker in all that is typed."""
    name = f"{_MARKER}{number}"
    where = "reason.in_patients_words"
    return {
        "register": lambda w, by: w.register(
            by, patient(f"r{number}", family_name=name, phone=f"555 {name}")
        ),
        "read_patient": lambda w, by: w.read_patient(by, "p1"),
        "find_patients": lambda w, by: w.find_patients(by, name),
        "open_visit": lambda w, by: w.open_visit(by, visit(f"o{number}")),
        "read_visit": lambda w, by: w.read_visit(by, "v1"),
        "visits_of": lambda w, by: w.visits_of(by, "p1"),
        "record_history": lambda w, by: w.record_history(
            by, "v1", 10**6, [_words(where, number)]
        ),
        "record_examination": lambda w, by: w.record_examination(
            by, "v1", 10**6, [_words("exam.notes", number)]
        ),
        "decide": lambda w, by: w.decide(by, "v1", decision(f"d{number}", words=name)),
        "confirm": lambda w, by: w.confirm(
            by, "v1", [confirmation(f"c{number}", value=name)]
        ),
        "note_told": lambda w, by: w.note_told(by, "v1", told(f"t{number}", to=name)),
        "add_addendum": lambda w, by: w.add_addendum(by, "s1", "addendum", text=name),
        "settle_conflict": lambda w, by: w.settle_conflict(
            by, "v1", _words(where, number)
        ),
        "reassess": lambda w, by: w.reassess(by, "s1"),
        "view_document": lambda w, by: w.view_document(by, "s1", "letter"),
        "export_document": lambda w, by: w.export_document(by, "v1", "summary"),
        "read_audit": lambda w, by: w.read_audit(by),
        "verify_audit": lambda w, by: w.verify_audit(by),
    }


@pytest.mark.parametrize("seed", range(5))
def test_a_session_can_be_read_off_the_trail(
    workflow: Workflow, records: Store, seed: int
) -> None:
    """Each act of a random session, in order, by whom, done or refused; no more."""
    records.register(patient("p2", family_name=_MARKER))
    workflow.open_visit(DOCTOR, visit("s1"))
    workflow.sign(DOCTOR, "s1", 0)
    before = len(records.audit_entries())
    chance = random.Random(seed)
    happened: list[tuple[str, str]] = []
    for number in range(60):
        acts = _acts(number)
        use_case = chance.choice(list(acts))
        by = chance.choice([DESK, DOCTOR, OWNER])
        try:
            acts[use_case](workflow, by)
        except NotPermittedError:
            happened.append(("refused", by.id))
            continue
        if use_case in _EVENT_OF:
            happened.append((_EVENT_OF[use_case], by.id))
        moved = "state_changed" in {event for event, _ in happened}
        if use_case == "record_examination" and not moved:
            # The first answer of an examination moves the visit, too.
            happened.append(("state_changed", by.id))

    entries = records.audit_entries(AuditFilter(is_descending=False))[before:]
    assert [(entry.note.event, entry.note.who) for entry in entries] == happened
    assert {"refused", "patient_read", "answers_recorded"} <= {e for e, _ in happened}
    assert _MARKER not in repr(records.audit_entries())
    assert _MARKER in repr(records.visit("v1").answers.as_dict()), "it was typed"
    assert records.audit_faults() == []


@pytest.mark.parametrize("use_case", sorted(CALLS.keys() - UNWRITTEN))
def test_what_cannot_be_written_down_is_not_done(
    workflow: Workflow,
    records: Store,
    use_case: str,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Nothing is returned either: reading without a trace would be the worst."""
    prepare(use_case, workflow, records)

    def everything() -> str:
        tables = (
            "patients", "visits", "answer_changes", "addenda", "decisions", "people",
            "confirmations", "told",
            "audit", "state_changes", "call_backs", "calls", "visit_links",
            "patient_merges", "search_keys", "earlier_registrations",
        )  # fmt: skip
        with records._engine.connect() as connection:
            select = "SELECT * FROM {} ORDER BY 1".format
            rows = [connection.exec_driver_sql(select(one)).all() for one in tables]
            return repr(rows)

    def full(*_: object) -> None:
        raise UserFacingError("disk_full", "The disk is full.", "Make room.")

    before = everything()
    monkeypatch.setattr("db.audit.AuditLog.append", full)
    with pytest.raises(UserFacingError) as refused:
        CALLS[use_case](workflow, EVERYTHING)

    assert refused.value.code == "disk_full"
    assert everything() == before


@pytest.mark.parametrize("use_case", sorted(CALLS))
def test_who_left_does_nothing_more_even_with_every_role(
    workflow: Workflow, records: Store, use_case: str
) -> None:
    """Their window may still be open."""
    records.change_person(replace(EVERYTHING, is_active=False))
    with pytest.raises(NotPermittedError):
        CALLS[use_case](workflow, EVERYTHING)

    (entry,) = records.audit_entries()
    assert (entry.note.event, entry.note.who) == ("refused", "all")


def test_a_refusal_that_cannot_be_written_down_stays_a_refusal(
    workflow: Workflow, records: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_: object) -> None:
        raise UserFacingError("disk_full", "The disk is full.", "Make room.")

    monkeypatch.setattr("db.audit.AuditLog.append", full)
    with pytest.raises(UserFacingError):
        workflow.sign(DESK, "v1", 0)
    assert records.visit("v1").signature is None


def test_the_desk_sees_the_letters_that_were_issued_and_no_other_document(
    workflow: Workflow, records: Store
) -> None:
    workflow.open_visit(DOCTOR, visit("s1"))
    workflow.sign(DOCTOR, "s1", 0)
    for use_case in (workflow.view_document, workflow.export_document):
        use_case(DESK, "s1", "letter")
        for visit_id, kind in (("s1", "summary"), ("v1", "letter"), ("v1", "summary")):
            with pytest.raises(NotPermittedError):
                use_case(DESK, visit_id, kind)
            use_case(DOCTOR, visit_id, kind)

    seen = records.audit_entries(AuditFilter(event="document_viewed", who="dee"))
    assert [(e.note.subject, e.note.detail) for e in seen] == [
        ("s1", {"kind": "letter", "patient": "p1"})
    ]
    assert len(records.audit_entries(AuditFilter(event="refused"))) == 6


@pytest.mark.parametrize("is_descending", [True, False])
@pytest.mark.parametrize("column", AUDIT_COLUMNS)
def test_no_order_makes_the_database_sort_a_long_trail(
    file_store: Store, column: AuditColumn, is_descending: bool
) -> None:
    """An index gives it; a page of a million entries opens in milliseconds."""
    wanted = AuditFilter(order=column, is_descending=is_descending)
    plan = _plan(file_store, notes_matching(wanted))

    assert "INDEX" in plan or column == "number"
    assert "TEMP B-TREE" not in plan


def test_an_order_without_an_index_would_be_seen(file_store: Store) -> None:
    """The control."""
    unsorted = notes_matching(AuditFilter()).order_by(None).order_by(AuditRow.mac)

    assert "TEMP B-TREE" in _plan(file_store, unsorted)


def _plan(store: Store, wanted: Select[AuditRow]) -> str:
    """Return how the database would go about a query."""
    text = wanted.compile(store._engine, compile_kwargs={"literal_binds": True})
    with store._engine.connect() as connection:
        rows = connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {text}")
        return " ".join(str(row[-1]) for row in rows)
