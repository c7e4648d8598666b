"""Each thing that must hold is broken by hand, and the check tells it."""

from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from db import check
from db.audit import AuditLog
from db.check_contents import CHECKS
from db.engine import make_engine
from db.store import Store, open_store
from intake.audit import AuditNote
from intake.call_backs import Call, CallBack
from intake.clinic_settings import Settled
from intake.confirmations import entered, entered_json
from intake.decisions import decision_json
from intake.moves import StateChange
from intake.people import Person
from intake.ports import NotedCallBack
from intake.signing import addendum, signature
from intake.whose import PatientMerge, VisitLink
from tests.db.made_up import (
    KEY,
    MORNING,
    change,
    confirmation,
    decision,
    patient,
    raw,
    told,
    visit,
)

_ANN = Person("ann", "Ann Ash", frozenset({"owner", "clinician"}))
_EVERYTHING = [what for what, _ in (*check.INVARIANTS, *CHECKS)]


@pytest.fixture
def records(tmp_path: Path) -> Path:
    """Return sound records with some of everything, shut."""
    file = tmp_path / "clinic.db"
    store = open_store(file, KEY, AuditLog(b"k" * 32, [tmp_path / "head"]))
    fill(store)
    store.close()
    return file


def fill(store: Store) -> None:
    """Store a patient with an open visit and a signed one, with two addenda."""
    store.add_person(_ANN, [AuditNote("set_up", "ann", MORNING)])
    store.register(patient(), [AuditNote("registered", "ann", MORNING)])
    store.open_visit(visit("v1"))
    store.record("v1", 0, [change("a", "yes"), change("b", 7)])
    store.record("v1", 1, [change("a", None, "yes", second=1)])
    store.set_aside("v1", change("b", 8))
    moves = [
        StateChange("history", "left_before_seen", "ann", MORNING),
        StateChange("left_before_seen", "history", "ann", MORNING, "she is here"),
    ]
    note = AuditNote("call_back_asked", "ann", MORNING)
    asked = NotedCallBack(CallBack("c1", "v1", MORNING.date(), MORNING), note)
    store.change_state("v1", 2, moves[0], asks=lambda _left: asked)
    store.change_state("v1", 3, moves[1], settles=Call("returned", "ann", MORNING))
    store.decide("v1", decision("open"))
    store.confirm("v1", [confirmation("open")])
    store.note_told("v1", told())
    store.register(patient("p2"))
    link = VisitLink("v1", "p2", "ann", MORNING, "mistyped")
    store.move_visit(link, store.visit("v1").revision, "p1")
    merge = PatientMerge("p2", "p1", "ann", MORNING)
    store.merge(merge, store.patient("p2"), store.patient("p1"))
    store.update_patient(store.patient("p1"))
    store.settle_section(Settled("paper", 1, {"page": "a4"}, "ann", MORNING))
    store.settle_section(Settled("paper", 2, {"page": "letter"}, "ann", MORNING))
    store.open_visit(visit("v2"))
    store.record("v2", 0, [change("c", ["x", "é"], second=2)])
    store.decide("v2", decision("d1"))
    store.decide("v2", decision("d2", "accepted"))
    fever = change("general.fever", "no")
    store.record("v2", 3, [fever])
    store.confirm("v2", [confirmation("k1")])
    stored = store.visit("v2")
    decided = [decision_json(one) for one in store.decisions_of("v2")]
    given = entered([fever], store.confirmations_of("v2")).values()
    mark = signature(
        stored, patient(), {}, _ANN, MORNING, decided, entered=entered_json(given)
    )
    signed = store.sign("v2", stored.revision, mark)
    store.decide("v2", decision("late"))
    store.confirm("v2", [confirmation("late")])
    for number in ("first", "second"):
        earlier = store.addenda_of("v2")
        store.add_addendum(
            addendum(number, signed, earlier, "addendum", _ANN, MORNING, text=number)
        )


def faults(file: Path) -> list[str]:
    """Return what the check tells."""
    engine = make_engine(file, KEY)
    try:
        with engine.connect() as connection:
            return list(check.faults(connection))
    finally:
        engine.dispose()


def spoil(file: Path, *statements: str) -> None:
    """Do by hand what no call of ours does, with all guards taken away."""
    with closing(raw(file)) as other:
        other.execute("PRAGMA foreign_keys=OFF")
        query = "SELECT name FROM sqlite_master WHERE type = 'trigger'"
        for (name,) in other.execute(query).fetchall():
            other.execute(f"DROP TRIGGER {name}")
        for statement in statements:
            assert other.execute(statement).rowcount, statement


def test_sound_records_have_no_fault(records: Path) -> None:
    assert faults(records) == []


SPOILS = [
    ("visits without their changes", "UPDATE visits SET revision = 9 WHERE id = 'v1'"),
    (
        "visits older than their own changes",
        "UPDATE visits SET revision = 1 WHERE id = 'v1'",
    ),
    (
        "changes out of order",
        "UPDATE answer_changes SET revision = 3 - revision WHERE visit_id = 'v1'",
    ),
    ("visits of nobody", "UPDATE visits SET patient_id = 'gone' WHERE id = 'v1'"),
    (
        "earlier registrations that are not earlier, or of nobody",
        "UPDATE earlier_registrations SET revision = 7",
    ),
    (
        "earlier registrations that are not earlier, or of nobody",
        "UPDATE earlier_registrations SET patient_id = 'gone'",
    ),
    ("changes of no visit", "UPDATE answer_changes SET visit_id = 'gone'"),
    ("addenda of no visit", "UPDATE addenda SET visit_id = 'gone'"),
    ("answers set aside of no visit", "UPDATE set_aside SET visit_id = 'gone'"),
    ("moves of no visit", "UPDATE state_changes SET visit_id = 'gone'"),
    ("call-backs of no visit", "UPDATE call_backs SET visit_id = 'gone'"),
    ("calls of no call-back", "UPDATE calls SET call_back_id = 'gone'"),
    ("calls with an outcome that is none", "UPDATE calls SET outcome = 'forgotten'"),
    (
        "visits that are not where they were moved",
        "UPDATE visits SET state = 'to_sign' WHERE id = 'v1'",
    ),
    (
        "moves that do not begin where the one before ended",
        "UPDATE state_changes SET from_state = 'cancelled' WHERE reason <> ''",
    ),
    ("days or times that cannot be", "UPDATE state_changes SET at = 'noon'"),
    ("days or times that cannot be", "UPDATE call_backs SET asked_at = 'noon'"),
    ("days or times that cannot be", "UPDATE calls SET at = 'noon'"),
    ("days or times that cannot be", "UPDATE clinic_settings SET at = 'noon'"),
    (
        "settings of the clinic without those before",
        "DELETE FROM clinic_settings WHERE revision = 1",
    ),
    (
        "settings of the clinic by nobody of here",
        "UPDATE clinic_settings SET who = 'gone' WHERE revision = 2",
    ),
    ("decisions of no visit", "UPDATE decisions SET visit_id = 'gone'"),
    (
        "signed visits with other decisions than were signed",
        "UPDATE decisions SET choice = 'accepted' WHERE id = 'd1'",
    ),
    (
        "signed visits with other decisions than were signed",
        "UPDATE decisions SET words = '\"x\"' WHERE id = 'd1'",
    ),
    (
        "signed visits with other decisions than were signed",
        "UPDATE decisions SET late = 0 WHERE id = 'late'",
    ),
    (
        "signed visits with other decisions than were signed",
        "DELETE FROM decisions WHERE id = 'd2'",
    ),
    ("confirmations of no visit", "UPDATE confirmations SET visit_id = 'gone'"),
    ("notes of who was told of no visit", "UPDATE told SET visit_id = 'gone'"),
    ("days or times that cannot be", "UPDATE confirmations SET at = 'noon'"),
    ("days or times that cannot be", "UPDATE confirmations SET answered_at = 'noon'"),
    ("days or times that cannot be", "UPDATE told SET at = 'noon'"),
    (
        "signed visits with confirmations that nobody gave",
        "UPDATE confirmations SET who = 'Dr. Ash' WHERE id = 'k1'",
    ),
    (
        "signed visits with confirmations that nobody gave",
        "DELETE FROM confirmations WHERE id = 'k1'",
    ),
    (
        "signed visits with confirmations that nobody gave",
        "UPDATE confirmations SET late = 1 WHERE id = 'k1'",
    ),
    (
        "moves to another patient of no visit",
        "UPDATE visit_links SET visit_id = 'gone'",
    ),
    ("moves to no patient", "UPDATE visit_links SET patient_id = 'gone'"),
    (
        "merges of nobody, or into nobody there is",
        "UPDATE patient_merges SET patient_id = 'gone'",
    ),
    (
        "merges of nobody, or into nobody there is",
        "UPDATE patient_merges SET into_id = 'gone'",
    ),
    (
        "merges that lead round in a circle",
        (
            "INSERT INTO patient_merges (patient_id, into_id, who, at) "
            "SELECT into_id, patient_id, who, at FROM patient_merges"
        ),
    ),
    ("days or times that cannot be", "UPDATE visit_links SET at = 'noon'"),
    ("days or times that cannot be", "UPDATE patient_merges SET at = 'noon'"),
    (
        "visits in a state that is none",
        "UPDATE visits SET state = 'finished' WHERE id = 'v1'",
    ),
    (
        "signed visits without a signature",
        "UPDATE visits SET signed_content = NULL WHERE id = 'v2'",
    ),
    (
        "signed visits without a signature",
        "UPDATE visits SET signed_by = NULL WHERE id = 'v2'",
    ),
    (
        "signed visits without a signature",
        "UPDATE visits SET state = 'history' WHERE id = 'v2'",
    ),
    (
        "signatures that do not follow on the last answer or decision",
        "UPDATE visits SET revision = 9 WHERE id = 'v2'",
    ),
    (
        "addenda to visits that are not signed",
        "UPDATE addenda SET visit_id = 'v1' WHERE id = 'second'",
    ),
    (
        "visits with a gap in their addenda",
        "DELETE FROM addenda WHERE id = 'first'",
    ),
    (
        "visits with a gap in their addenda",
        "UPDATE addenda SET number = 1",
    ),
    ("people without a role", "UPDATE people SET roles = '[]'"),
    ("clinics without an owner", "UPDATE people SET roles = '[\"desk\"]'"),
    ("clinics without an owner", "UPDATE people SET is_active = 0"),
    ("gaps in the audit trail", "DELETE FROM audit WHERE number = 1"),
    (
        "entries of the audit trail beyond its end, or short of it",
        "DELETE FROM audit WHERE number = 2",
    ),
    (
        "signatures that do not fit what was signed",
        (
            "UPDATE visits SET signed_content = "
            "replace(signed_content, 'Jane', 'Joan') WHERE id = 'v2'"
        ),
    ),
    (
        "signatures that do not fit what was signed",
        "UPDATE visits SET signed_digest = 'd' WHERE id = 'v2'",
    ),
    (
        "addenda that do not fit what was signed",
        (
            "UPDATE addenda SET content = replace(content, 'first', 'third') "
            "WHERE id = 'first'"
        ),
    ),
    (
        "addenda that do not fit what was signed",
        (
            "UPDATE addenda SET content = "
            "(SELECT content FROM addenda WHERE id = 'first'), digest = "
            "(SELECT digest FROM addenda WHERE id = 'first') "
            "WHERE id = 'second'"
        ),
    ),
    (
        "signed visits that are not as they were signed",
        "UPDATE visits SET on_day = '2026-11-23' WHERE id = 'v2'",
    ),
    (
        "signed visits that are not as they were signed",
        "UPDATE visits SET answers = '{\"c\":[\"x\"]}' WHERE id = 'v2'",
    ),
    (
        "signed visits that are not as they were signed",
        "UPDATE visits SET signed_content = '[]' WHERE id = 'v2'",
    ),
    (
        "visits whose answers are not those that were entered",
        "UPDATE visits SET answers = '{\"b\":8}' WHERE id = 'v1'",
    ),
    (
        "visits whose answers are not those that were entered",
        "UPDATE visits SET answers = 'no JSON' WHERE id = 'v1'",
    ),
    (
        "visits whose answers are not those that were entered",
        "DELETE FROM answer_changes WHERE visit_id = 'v1' AND new IS NULL",
    ),
    (
        "days or times that cannot be",
        "UPDATE visits SET on_day = '2026-02-30' WHERE id = 'v1'",
    ),
    (
        "days or times that cannot be",
        (
            "UPDATE visits SET opened_utc = '2025-11-24T09:30:00.000000+00:00' "
            "WHERE id = 'v1'"
        ),
    ),
    ("days or times that cannot be", "UPDATE answer_changes SET at = 'noon'"),
    (
        "days or times that cannot be",
        "UPDATE audit SET at = '2026-11-24T09:30:00' WHERE number = 1",
    ),
]


@pytest.mark.parametrize(("what", "statement"), SPOILS)
def test_what_was_broken_by_hand_is_told(
    records: Path, what: str, statement: str
) -> None:
    spoil(records, statement)

    assert any(told.endswith(f" {what}.") for told in faults(records))


def test_everything_that_is_looked_at_is_broken_by_a_test() -> None:
    assert {what for what, _ in SPOILS} == set(_EVERYTHING)
    assert len(_EVERYTHING) >= 12


def test_changes_of_a_removed_visit_do_not_hide_what_is_wrong_with_another(
    records: Path,
) -> None:
    spoil(
        records,
        "DELETE FROM visits WHERE id = 'v1'",
        "UPDATE visits SET answers = '{}' WHERE id = 'v2'",
    )
    found = faults(records)

    assert "1 visits whose answers are not those that were entered." in found
    assert "3 changes of no visit." in found
    assert "There are links to records that are not there." in found


def test_values_written_in_another_way_are_still_the_same(records: Path) -> None:
    """An earlier version may have put a space into its JSON."""
    spoil(records, "UPDATE visits SET answers = '{\"b\": 7}' WHERE id = 'v1'")

    assert faults(records) == []


def test_it_tells_how_far_it_is(records: Path) -> None:
    told: list[tuple[int, int]] = []
    engine = make_engine(records, KEY)
    with engine.connect() as connection:
        list(check.faults(connection, lambda done, parts: told.append((done, parts))))
    engine.dispose()
    parts = len(_EVERYTHING) + 3

    assert told == [(n, parts) for n in range(1, parts + 1)]


@pytest.mark.parametrize("page", [2, 9, 17, -1])
def test_an_altered_page_is_told_by_its_pages(records: Path, page: int) -> None:
    with closing(raw(records)) as other:
        other.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    content = bytearray(records.read_bytes())
    at = page * 4096 + 100 if page > 0 else len(content) - 500
    content[at] ^= 4
    records.write_bytes(content)

    assert "1 pages are not as they were written." in page_faults(records)


def page_faults(file: Path) -> Iterator[str]:
    """Give what the pages tell; what comes after may not be readable at all."""
    engine = make_engine(file, KEY)
    try:
        with engine.connect() as connection:
            yield next(check.faults(connection))
    finally:
        engine.dispose()
