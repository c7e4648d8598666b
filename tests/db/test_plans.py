"""What is done all day costs the same in a clinic of years as in a new one.

Times say little on a busy machine, so this counts statements and reads SQLite's plans:
each goes by an index to what it wants. How long it takes with 100,000 visits is
measured by ``python3 start.py bench grow``.
"""

import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import event

from db.audit import AuditLog
from db.store import Store, open_store
from intake.audit import AuditFilter, AuditNote
from intake.moves import StateChange
from tests.db.made_up import (
    KEY,
    MORNING,
    change,
    confirmation,
    decision,
    patient,
    told,
    visit,
)

_MOVE = StateChange("history", "cancelled", "ann", MORNING)
_NOTES = [AuditNote("patient_read", "ann", MORNING, "desk", "p1")]
#: What begins at the newest and ends where enough was found: the audit backwards
#: along its numbers.
_FROM_THE_NEWEST = (
    "SCAN visits USING INDEX ix_visits_on_day_opened_utc_id",
    "SCAN audit",
    # The two hundred that were found so.
    "SCAN lately",
    "SCAN (subquery-1)",
)
#: Where few were found, a search looks inside of all names; people are few, and so are
#: patients who had to be called.
_READ_WHOLE = ("SCAN patients", "SCAN people", "SCAN call_backs", "SCAN audit_head")
#: What was found just before: the way from some patients to who they are now, and
#: those who went into one of them.
_OF_THESE = ("SCAN way", "SCAN family", "SCAN went")

Call = Callable[[Store], object]
ALL_DAY: dict[str, Call] = {
    "find_patients": lambda s: s.find_patients("doe 12.04.1958"),
    "earlier_registrations": lambda s: s.earlier_registrations("p1"),
    "last_visits": lambda s: s.last_visits(["p1"]),
    "who_went_into": lambda s: s.who_went_into(["p1", "p2"]),
    "patient": lambda s: s.patient("p1"),
    "visit": lambda s: s.visit("v1"),
    "visits_of": lambda s: s.visits_of("p1"),
    "recent_visits": lambda s: s.recent_visits(),
    "changes_of": lambda s: s.changes_of("v1"),
    "answers_set_aside": lambda s: s.answers_set_aside("v1"),
    "decisions_of": lambda s: s.decisions_of("v1"),
    "confirmations_of": lambda s: s.confirmations_of("v1"),
    "confirm": lambda s: s.confirm("v1", [confirmation("new")], _NOTES),
    "told_of": lambda s: s.told_of("v1"),
    "note_told": lambda s: s.note_told("v1", told("new"), _NOTES),
    "decide": lambda s: s.decide("v1", decision("new"), _NOTES),
    "addenda_of": lambda s: s.addenda_of("v1"),
    "answers_now": lambda s: s.answers_now("v1"),
    "people": lambda s: s.people(),
    "setting": lambda s: s.setting("clinic_name"),
    "audit_entries": lambda s: s.audit_entries(),
    "audit_entries of one": lambda s: s.audit_entries(AuditFilter(subject="v1")),
    "register": lambda s: s.register(patient("new"), _NOTES),
    "open_visit": lambda s: s.open_visit(visit("new"), _NOTES),
    "record": lambda s: s.record("v1", 0, [change("pain.now", 5)], _NOTES),
    "update_patient": lambda s: s.update_patient(patient(phone="1"), _NOTES),
    "note": lambda s: s.note(_NOTES),
    "worklist": lambda s: s.worklist(MORNING.date() + timedelta(days=1)),
    "first_authors": lambda s: s.first_authors(["v1"]),
    "moves_of": lambda s: s.moves_of("v1"),
    "moment": lambda s: s.moment(),
    "settled": lambda s: s.settled(),
    "change_state": lambda s: s.change_state("v1", 0, _MOVE, _NOTES),
}


@contextmanager
def a_clinic(folder: Path, visits: int) -> Iterator[Store]:
    """Give a store with so many visits of one patient."""
    log = AuditLog(b"k" * 32, [folder / "head"])
    store = open_store(folder / f"{visits}.db", KEY, log)
    store.register(patient())
    for number in range(1, visits + 1):
        store.open_visit(visit(f"v{number}"), _NOTES)
    try:
        yield store
    finally:
        store.close()


def plans_of(store: Store, call: Call) -> list[list[str]]:
    """Return SQLite's plan of each statement of a call."""
    said: list[tuple[str, object]] = []

    def before(*what: object) -> None:
        said.append((str(what[2]), what[3]))

    event.listen(store._engine, "before_cursor_execute", before)
    try:
        call(store)
    finally:
        event.remove(store._engine, "before_cursor_execute", before)
    with store._engine.connect() as connection:
        return [
            [
                row[3]
                for row in connection.exec_driver_sql(
                    f"EXPLAIN QUERY PLAN {statement}",
                    parameters,  # type: ignore[arg-type]  # as they were given
                )
            ]
            for statement, parameters in said
            if re.match("SELECT|WITH|INSERT|UPDATE|DELETE", statement)
        ]


def reads_a_table_whole(plan: list[str]) -> list[str]:
    """Return the steps of a plan that go through a table from end to end."""
    return [
        step
        for step in plan
        if step.startswith("SCAN")
        and step not in _FROM_THE_NEWEST
        and not step.startswith((*_READ_WHOLE, *_OF_THESE))
    ]


@pytest.mark.parametrize("name", ALL_DAY)
def test_nothing_done_all_day_reads_a_table_whole(tmp_path: Path, name: str) -> None:
    with a_clinic(tmp_path, 3) as store:
        plans = plans_of(store, ALL_DAY[name])

    assert plans
    assert [step for plan in plans for step in reads_a_table_whole(plan)] == []


@pytest.mark.parametrize("name", ALL_DAY)
def test_more_records_take_no_more_statements(tmp_path: Path, name: str) -> None:
    counts = []
    for visits in (1, 15):
        with a_clinic(tmp_path, visits) as store:
            counts.append(len(plans_of(store, ALL_DAY[name])))

    assert counts[0] == counts[1]


#: What is typed, and how a plan says that the search goes along the keys for it.
_ALONG_KEYS = {
    "doe": "SEARCH search_keys USING .*kind=. AND key>. AND key<.",
    "jane doe": "SEARCH search_keys USING .*kind=. AND key>. AND key<.",
    "c-17": "SEARCH search_keys USING .*kind=. AND key>. AND key<.",
    "555 0101": "SEARCH search_keys USING .*kind=. AND key>. AND key<.",
    "12.04.1958": "SEARCH patients USING INDEX ix_patients_birth_date",
}


@pytest.mark.parametrize("typed", _ALONG_KEYS)
def test_a_search_goes_along_its_keys(tmp_path: Path, typed: str) -> None:
    with a_clinic(tmp_path, 1) as store:
        plans = plans_of(store, lambda s: s.find_patients(typed))

    steps = [step for plan in plans for step in plan]
    assert [step for step in steps if re.match(_ALONG_KEYS[typed], step)], steps


def test_a_search_without_keys_is_found(tmp_path: Path) -> None:
    """Negative control: what no key is made of goes along none."""
    with a_clinic(tmp_path, 1) as store:
        plans = plans_of(store, lambda s: s.find_patients("%"))

    along = re.compile(_ALONG_KEYS["doe"])
    assert not [step for plan in plans for step in plan if along.match(step)]


def test_a_plan_that_reads_a_table_whole_is_found(tmp_path: Path) -> None:
    """Negative control."""

    def call(store: Store) -> object:
        with store._read() as session:
            return session.connection().exec_driver_sql(
                "SELECT count(*) FROM answer_changes WHERE who = ?", ("Ann",)
            )

    with a_clinic(tmp_path, 1) as store:
        (plan,) = plans_of(store, call)

    assert reads_a_table_whole(plan)
