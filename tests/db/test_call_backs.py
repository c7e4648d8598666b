"""Who leaves while danger is recorded is called, and the desk never learns why."""

from contextlib import closing
from pathlib import Path

import pytest
from sqlalchemy.exc import DBAPIError
from sqlcipher3 import dbapi2 as sqlcipher

from db.audit import AuditLog
from db.store import Store
from intake.audit import AuditFilter
from intake.call_backs import CallOutcome
from intake.errors import InputRefusedError, UserFacingError
from intake.people import NotPermittedError
from intake.protocol import Protocol
from intake.visit import VisitState
from intake.workflow import Workflow
from tests.db.made_up import change
from tests.db.places import Database
from tests.db.test_states import faults
from tests.db.test_workflow import (
    DESK,
    DOCTOR,
    HISTORY,
    OWNER,
    _Morning,
    protocol,
    records,
    workflow,
)

__all__ = ["protocol", "records", "workflow"]
#: By a file, and by a server.
_REFUSED = (sqlcipher.IntegrityError, DBAPIError)
DANGER = [change("gut.vomiting_blood", "yes")]


def leave(
    workflow: Workflow, answers: object = DANGER, end: VisitState = "left_before_seen"
) -> str:
    """Have the patient of v1 leave; return the id of the call-back, or nothing."""
    stored = workflow.record_history(DESK, "v1", 0, answers)  # type: ignore[arg-type]  # changes
    workflow.change_state(DESK, "v1", stored.revision, end, "gone")
    found = workflow.call_backs(DESK)
    return found[0][0].id if found else ""


@pytest.mark.parametrize("end", ["left_before_seen", "cancelled"])
def test_who_leaves_with_danger_recorded_is_called_today(
    workflow: Workflow, records: Store, end: VisitState
) -> None:
    leave(workflow, end=end)

    ((one, patient),) = workflow.call_backs(DESK)
    assert one.visit_id == "v1"
    assert one.on == _Morning().today()
    assert patient.id == "p1"
    (entry,) = records.audit_entries(AuditFilter(event="call_back_asked"))
    assert (entry.note.subject, entry.note.detail) == ("v1", {})
    assert faults(records) == []


def test_who_leaves_without_is_not(workflow: Workflow, records: Store) -> None:
    assert leave(workflow, HISTORY) == ""
    assert records.audit_entries(AuditFilter(event="call_back_asked")) == []


def test_what_was_entered_in_error_makes_nobody_call(workflow: Workflow) -> None:
    assert leave(workflow, end="entered_in_error") == ""


def test_what_cannot_be_assessed_is_called(workflow: Workflow, records: Store) -> None:
    # As another version stored it.
    records.record("v1", 0, [change("pain.duration", {"value": {}})])
    workflow.change_state(DESK, "v1", 1, "left_before_seen")

    assert len(workflow.call_backs(DESK)) == 1


def test_danger_that_came_in_meanwhile_counts(
    database: Database, records: Store, protocol: Protocol, tmp_path: Path
) -> None:
    """The other workstation stores the answer after this one read the visit."""
    log = AuditLog(b"a" * 32, [tmp_path / "head2"], may_begin=True)
    with closing(database.open(log)) as second:
        there = Workflow(second, protocol, _Morning())
        read = records.visit

        def read_then_answered(visit_id: str) -> object:
            found = read(visit_id)
            there.record_history(DESK, "v1", 0, DANGER)
            return found

        records.visit = read_then_answered  # type: ignore[method-assign, assignment]  # a slow hand
        here = Workflow(records, protocol, _Morning())
        here.change_state(DESK, "v1", 0, "left_before_seen")

        assert len(there.call_backs(DESK)) == 1


def test_a_call_back_stays_until_somebody_is_reached(
    workflow: Workflow, records: Store
) -> None:
    asked = leave(workflow)
    outcome: CallOutcome
    for outcome in ("no_answer", "left_message"):
        workflow.record_call(DESK, asked, outcome)
        ((one, _),) = workflow.call_backs(DESK)
    assert [call.outcome for call in one.calls] == ["no_answer", "left_message"]
    done = workflow.record_call(DESK, asked, "reached", "comes at four")

    assert done.is_done
    assert workflow.call_backs(DESK) == []
    assert faults(records) == []


def test_calls_are_noted_without_their_words(
    workflow: Workflow, records: Store
) -> None:
    asked = leave(workflow)
    workflow.record_call(DESK, asked, "no_answer", "like Zanzibar")
    workflow.close_call_back(DOCTOR, asked, "Zanzibar, in hospital")

    assert "Zanzibar" not in repr(records.audit_entries())
    (called,) = records.audit_entries(AuditFilter(event="called"))
    assert (called.note.subject, called.note.detail) == (
        asked,
        {"outcome": "no_answer"},
    )
    assert records.audit_entries(AuditFilter(event="call_back_closed"))


def test_only_a_clinician_closes_one_and_says_why(workflow: Workflow) -> None:
    asked = leave(workflow)
    with pytest.raises(NotPermittedError):
        workflow.close_call_back(DESK, asked, "seems fine")
    with pytest.raises(NotPermittedError):
        workflow.record_call(OWNER, asked, "reached")
    with pytest.raises(InputRefusedError):
        workflow.close_call_back(DOCTOR, asked, " ")
    assert len(workflow.call_backs(DESK)) == 1
    workflow.close_call_back(DOCTOR, asked, "is in hospital")

    assert workflow.call_backs(DESK) == []


@pytest.mark.parametrize("outcome", ["closed", "returned", "sent flowers"])
def test_the_desk_settles_none_by_other_words(
    workflow: Workflow, outcome: CallOutcome
) -> None:
    asked = leave(workflow)

    with pytest.raises(InputRefusedError):
        workflow.record_call(DESK, asked, outcome)
    assert len(workflow.call_backs(DESK)) == 1


def test_the_second_to_settle_it_is_told(workflow: Workflow, records: Store) -> None:
    asked = leave(workflow)
    workflow.record_call(DESK, asked, "reached")

    with pytest.raises(UserFacingError) as told:
        workflow.close_call_back(DOCTOR, asked, "is in hospital")
    assert told.value.code == "call_back_done"


def test_a_patient_who_is_back_is_not_called(workflow: Workflow) -> None:
    asked = leave(workflow)
    back = workflow.change_state(DESK, "v1", 2, "history", "was outside")
    assert workflow.call_backs(DESK) == []
    workflow.change_state(DESK, "v1", back.revision, "left_before_seen")

    ((one, _),) = workflow.call_backs(DESK)
    assert one.id != asked, "and is when gone again"


def test_the_desk_never_sees_why(workflow: Workflow) -> None:
    asked = leave(workflow)
    workflow.record_call(DOCTOR, asked, "no_answer", "haematemesis, ambulance?")
    workflow.record_call(DESK, asked, "left_message", "with her son")

    seen = [workflow.call_backs(DESK)[0][0], workflow.worklist(DESK)[0].call_back]
    for one in seen:
        assert one is not None
        assert [call.note for call in one.calls] == ["", "with her son"]
    assert workflow.worklist(DESK)[0].tier is None
    ((theirs, _),) = workflow.call_backs(DOCTOR)
    assert theirs.calls[0].note == "haematemesis, ambulance?"


def test_a_call_to_make_is_on_the_list_of_every_day(
    workflow: Workflow, records: Store
) -> None:
    """The visit is of yesterday, and finished but for the call."""
    asked = leave(workflow)
    (entry,) = workflow.worklist(DESK)
    assert entry.call_back is not None
    assert not entry.is_finished
    workflow.record_call(DESK, asked, "reached")

    assert workflow.worklist(DESK) == []


def test_calls_are_neither_changed_nor_removed(
    database: Database, workflow: Workflow, records: Store
) -> None:
    workflow.record_call(DESK, leave(workflow), "no_answer")
    for table in ("call_backs", "calls", "state_changes"):
        for act in ("DELETE FROM {}", "UPDATE {} SET id = id"):
            with pytest.raises(_REFUSED, match="append-only"):
                database.by_hand(act.format(table))


def test_the_check_finds_what_a_hand_did(
    database: Database, workflow: Workflow, records: Store
) -> None:
    """Negative control: one thing of each kind, written by hand."""
    leave(workflow)
    database.by_hand(
        "UPDATE visits SET state = 'history' WHERE id = 'v1'",
        "INSERT INTO calls (call_back_id, outcome, note, who, at) "
        "SELECT id, 'forgotten', '', 'eve', asked_at FROM call_backs",
        "INSERT INTO state_changes (visit_id, revision, from_state, to_state, who, at, "
        "reason) SELECT id, revision, 'to_sign', 'cancelled', 'eve', opened_at, '' "
        "FROM visits",
    )

    found = " ".join(faults(records))
    assert "visits that are not where they were moved" in found
    assert "moves that do not begin where the one before ended" in found
    assert "calls with an outcome that is none" in found
