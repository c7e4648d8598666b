"""The list of the day: who is on it, in which order, and what the desk sees of it."""

from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest

from db.audit import AuditLog
from db.store import Store
from intake.assessment import assess
from intake.people import Person
from intake.protocol import Protocol, Tier
from intake.workflow import Workflow
from tests.db.made_up import change, patient, visit
from tests.db.places import Database
from tests.db.test_workflow import (
    DESK,
    DOCTOR,
    EVERYTHING,
    EXAMINATION,
    HISTORY,
    _Morning,
    protocol,
    records,
    workflow,
)

__all__ = ["protocol", "records", "workflow"]
TODAY = date(2026, 11, 25)
#: An emergency, whatever else is answered.
DANGER = [change("gut.vomiting_blood", "yes")]


def ids(workflow: Workflow, by: Person = DOCTOR) -> list[str]:
    """Return the visits on somebody's list, in its order."""
    return [entry.visit.id for entry in workflow.worklist(by)]


def test_the_list_has_today_and_what_is_not_finished(
    workflow: Workflow, records: Store
) -> None:
    # v1 is of yesterday.
    for name, day in (("v2", TODAY), ("v3", TODAY), ("v4", date(2026, 11, 20))):
        workflow.open_visit(DESK, visit(name, on=day))
    workflow.change_state(DESK, "v3", 0, "cancelled")
    workflow.change_state(DESK, "v4", 0, "cancelled")

    assert sorted(ids(workflow)) == ["v1", "v2", "v3"]
    workflow.sign(DOCTOR, "v1", 0)
    assert sorted(ids(workflow)) == ["v2", "v3"]


def test_danger_comes_first_and_then_who_waited_longest(
    workflow: Workflow, records: Store, protocol: Protocol
) -> None:
    workflow.open_visit(DESK, visit("late", opened_at=_later(20)))
    workflow.open_visit(DESK, visit("early", opened_at=_later(10)))
    workflow.open_visit(DESK, visit("grave", opened_at=_later(30)))
    workflow.record_history(DESK, "grave", 0, DANGER)

    listed = workflow.worklist(DOCTOR)
    assert [one.visit.id for one in listed] == ["grave", "v1", "early", "late"]
    assert listed[0].tier is Tier.EMERGENCY_NOW
    assert listed[1].tier is Tier.MONITOR


def test_what_is_done_comes_last_however_grave(
    workflow: Workflow, records: Store
) -> None:
    workflow.open_visit(DESK, visit("grave", on=TODAY))
    workflow.record_history(DESK, "grave", 0, DANGER)
    workflow.sign(DOCTOR, "grave", 1)

    assert ids(workflow) == ["v1", "grave"]


def test_what_cannot_be_assessed_is_not_harmless(
    workflow: Workflow, records: Store
) -> None:
    workflow.open_visit(DESK, visit("grave"))
    workflow.record_history(DESK, "grave", 0, DANGER)
    # As another version stored it: no program of today's takes such an answer.
    records.record("v1", 0, [change("pain.duration", {"value": {}})])

    first = workflow.worklist(DOCTOR)[0]
    assert (first.visit.id, first.tier) == ("v1", None)


def test_the_desk_sees_nothing_computed_and_no_order_by_danger(
    workflow: Workflow, records: Store
) -> None:
    workflow.open_visit(DESK, visit("grave", opened_at=_later(30)))
    workflow.record_history(DESK, "grave", 0, DANGER)
    workflow.open_visit(DESK, visit("ready", opened_at=_later(1)))
    workflow.change_state(DESK, "ready", 0, "ready_for_clinician")
    workflow.record_examination(DOCTOR, "v1", 0, [*HISTORY, *EXAMINATION])

    listed = workflow.worklist(DESK)
    assert [one.visit.id for one in listed] == ["grave", "ready", "v1"], "by state"
    assert {one.tier for one in listed} == {None}
    assert listed[2].visit.answers.as_dict() == {"pain.now": 6}
    assert ids(workflow, EVERYTHING)[0] == "grave", "who is both sees it"


def test_the_desks_order_is_not_changed_by_danger(
    workflow: Workflow, records: Store
) -> None:
    for number in range(4):
        workflow.open_visit(DESK, visit(f"w{number}", opened_at=_later(number)))
    before = ids(workflow, DESK)
    workflow.record_history(DESK, "w3", 0, DANGER)

    assert ids(workflow, DESK) == before


def test_both_names_stay_on_the_record(workflow: Workflow, records: Store) -> None:
    workflow.record_history(DESK, "v1", 0, HISTORY)
    workflow.change_state(DESK, "v1", 1, "ready_for_clinician")
    theirs = [
        replace(one, who="Dr. Kim", role="clinician", way="clinician")
        for one in (*EXAMINATION, change("pain.now", 7, 6, second=5))
    ]
    workflow.record_examination(DOCTOR, "v1", 2, theirs)

    (entry,) = workflow.worklist(DESK)
    assert entry.history_by == ("Dee",), "who corrects an answer did not take it"
    assert entry.examined_by == ("Dr. Kim",)
    assert entry.responsible == "Dr. Kim"


def test_the_wait_begins_anew_with_each_state(
    workflow: Workflow, records: Store, protocol: Protocol
) -> None:
    assert workflow.worklist(DOCTOR)[0].since == visit().opened_at
    workflow.change_state(DESK, "v1", 0, "ready_for_clinician")

    assert workflow.worklist(DOCTOR)[0].since == _Morning().now()


def test_only_what_changed_is_assessed_again(
    workflow: Workflow, records: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    assessed: list[str] = []

    def counted(*told: object) -> object:
        assessed.append("one")
        return assess(*told)  # type: ignore[arg-type]  # as it came

    monkeypatch.setattr("intake.worklist.assess", counted)
    for number in range(5):
        workflow.open_visit(DESK, visit(f"w{number}"))
    workflow.worklist(DESK)
    assert assessed == [], "and nothing at the desk"
    workflow.worklist(DOCTOR)
    assert len(assessed) == 6
    workflow.worklist(DOCTOR)
    assert len(assessed) == 6
    workflow.record_history(DESK, "w1", 0, DANGER)
    assert ids(workflow)[0] == "w1"
    assert len(assessed) == 7
    workflow.change_registration(DESK, patient(birth_date="1941"))
    workflow.worklist(DOCTOR)
    assert len(assessed) == 13, "the age of the patient counts, too"


@pytest.fixture(params=["with a trail", "without"])
def stores(
    request: pytest.FixtureRequest, database: Database, tmp_path: Path
) -> Iterator[tuple[Store, Store]]:
    """Return the same records open twice, as on two workstations."""

    def log(name: str) -> AuditLog | None:
        if request.param == "without":
            return None
        return AuditLog(b"a" * 32, [tmp_path / name], may_begin=True)

    with (
        closing(database.open(log("a"))) as one,
        closing(database.open(log("b"))) as two,
    ):
        one.register(patient())
        one.open_visit(visit())
        for person in (DESK, DOCTOR):
            one.add_person(person)
        yield one, two


def test_each_write_is_seen_on_the_other_workstation(
    stores: tuple[Store, Store], protocol: Protocol
) -> None:
    one, two = stores
    here, there = (Workflow(s, protocol, _Morning()) for s in stores)
    there.worklist(DOCTOR)
    seen = [there.moment(DESK)]
    assert there.moment(DESK) == seen[0], "to ask changes nothing"

    here.record_history(DESK, "v1", 0, HISTORY)
    seen.append(there.moment(DESK))
    here.change_state(DESK, "v1", 1, "ready_for_clinician")
    seen.append(there.moment(DESK))
    (entry,) = there.worklist(DOCTOR)
    assert entry.visit.state == "ready_for_clinician"
    assert entry.history_by == ("Dee",)
    there.record_examination(DOCTOR, "v1", 2, EXAMINATION)
    seen.append(here.moment(DESK))
    one.settle("clinic_name", "Elsewhere")
    seen.append(two.moment())

    assert seen == sorted(set(seen)), "it grows with each"


def _later(minutes: int) -> datetime:
    return datetime(2026, 11, 24, 10, tzinfo=UTC) + timedelta(minutes=minutes)
