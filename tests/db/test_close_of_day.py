"""Closing the day on the records: everybody sees what is left, clinicians why."""

from collections.abc import Sequence

import pytest

from db.store import Store
from intake.close_of_day import Part
from intake.people import NotPermittedError, Person
from intake.workflow import Workflow
from tests.db.made_up import change, visit
from tests.db.test_call_backs import leave
from tests.db.test_workflow import (
    DESK,
    DOCTOR,
    EVERYTHING,
    OWNER,
    protocol,
    records,
    workflow,
)

__all__ = ["protocol", "records", "workflow"]


def left(workflow: Workflow, by: Person = DOCTOR) -> dict[str, list[str]]:
    return {
        part.title: [one.entry.visit.id for one in part.left]
        for part in workflow.close_of_day(by)
    }


def call(parts: Sequence[Part]) -> str:
    """Return why the first call is to be made."""
    first = parts[0]
    assert first.title == "Calls to make"
    return first.left[0].why


def test_what_is_left_goes_with_the_work(workflow: Workflow, records: Store) -> None:
    assert left(workflow) == {"History not finished": ["v1"]}
    workflow.change_state(DESK, "v1", 0, "ready_for_clinician")
    assert left(workflow) == {"Handed over, and nobody has begun": ["v1"]}
    workflow.change_state(DOCTOR, "v1", 1, "to_sign")
    assert left(workflow) == {"Not signed": ["v1"]}
    workflow.sign(DOCTOR, "v1", 2)
    assert left(workflow) == {}
    workflow.open_visit(DESK, visit("v2"))
    assert left(workflow, DESK) == {"History not finished": ["v2"]}


def test_why_somebody_is_called_is_told_to_clinicians_alone(
    workflow: Workflow, records: Store
) -> None:
    leave(workflow)
    assert "Emergency now" in call(workflow.close_of_day(DOCTOR))
    assert "Emergency now" in call(workflow.close_of_day(EVERYTHING))
    assert call(workflow.close_of_day(DESK)) == ""


def test_the_desk_is_told_nothing_computed(workflow: Workflow, records: Store) -> None:
    workflow.open_visit(DESK, visit("grave"))
    workflow.record_history(DESK, "grave", 0, [change("gut.vomiting_blood", "yes")])
    told = [one for part in workflow.close_of_day(DESK) for one in part.left]
    assert {(one.entry.tier, one.why) for one in told} == {(None, "")}


def test_what_no_program_of_today_reads_is_told_as_such(
    workflow: Workflow, records: Store
) -> None:
    # As another version stored it.
    records.record("v1", 0, [change("pain.duration", {"value": {}})])
    workflow.change_state(DESK, "v1", 1, "left_before_seen")
    assert "could not be worked out" in call(workflow.close_of_day(DOCTOR))


def test_an_owner_who_is_nothing_else_sees_no_patient(
    workflow: Workflow, records: Store
) -> None:
    with pytest.raises(NotPermittedError):
        workflow.close_of_day(OWNER)
