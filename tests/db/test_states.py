"""Visits move from state to state: who may, what is kept, and what others see."""

from contextlib import closing
from pathlib import Path

import pytest

from db import check
from db.audit import AuditLog
from db.store import Store
from intake.audit import AuditFilter
from intake.errors import InputRefusedError, UserFacingError
from intake.people import NotPermittedError, Person
from intake.protocol import Protocol
from intake.visit import ENDED, VisitState
from intake.workflow import Workflow
from tests.db.made_up import change, visit
from tests.db.places import Database
from tests.db.test_workflow import (
    DESK,
    DOCTOR,
    EVERYTHING,
    EXAMINATION,
    HISTORY,
    OWNER,
    _Morning,
    protocol,
    records,
    workflow,
)

__all__ = ["protocol", "records", "workflow"]


def faults(records: Store) -> list[str]:
    """Return what the check of the records finds."""
    with records._engine.connect() as connection:
        return list(check.faults(connection))


def test_a_visit_goes_through_the_day(workflow: Workflow, records: Store) -> None:
    workflow.record_history(DESK, "v1", 0, HISTORY)
    ready = workflow.change_state(DESK, "v1", 1, "ready_for_clinician")
    assert (ready.state, ready.revision) == ("ready_for_clinician", 2)
    begun = workflow.record_examination(DOCTOR, "v1", 2, EXAMINATION)
    assert (begun.state, begun.revision) == ("in_examination", 3)
    done = workflow.change_state(DOCTOR, "v1", 3, "to_sign")
    assert faults(records) == []
    workflow.sign(DOCTOR, "v1", done.revision)

    assert [(m.before, m.after, m.who) for m in workflow.moves_of(DESK, "v1")] == [
        ("history", "ready_for_clinician", "dee"),
        ("ready_for_clinician", "in_examination", "doc"),
        ("in_examination", "to_sign", "doc"),
    ]
    assert records.visit("v1").answers.as_dict() == {
        "pain.now": 6,
        "exam.looks_unwell": "yes",
    }
    assert faults(records) == []


def test_a_move_is_noted_without_its_words(workflow: Workflow, records: Store) -> None:
    workflow.change_state(DESK, "v1", 0, "cancelled", "like Zanzibar")

    (entry,) = records.audit_entries(AuditFilter(event="state_changed"))
    assert (entry.note.who, entry.note.subject) == ("dee", "v1")
    assert entry.note.detail == {"before": "history", "after": "cancelled"}
    assert [one.reason for one in records.moves_of("v1")] == ["like Zanzibar"]


def test_the_desk_moves_no_visit_that_is_being_examined(
    workflow: Workflow, records: Store
) -> None:
    workflow.change_state(DOCTOR, "v1", 0, "in_examination")
    to: VisitState
    for to in ("history", "to_sign", "left_before_seen"):
        with pytest.raises(NotPermittedError):
            workflow.change_state(DESK, "v1", 1, to)

    assert records.visit("v1").state == "in_examination"


def test_the_owner_moves_nothing(workflow: Workflow) -> None:
    with pytest.raises(NotPermittedError):
        workflow.change_state(OWNER, "v1", 0, "cancelled")


@pytest.mark.parametrize("end", sorted(ENDED))
def test_an_ended_visit_is_kept_and_takes_nothing_more(
    workflow: Workflow, records: Store, end: VisitState
) -> None:
    workflow.record_history(DESK, "v1", 0, HISTORY)
    ended = workflow.change_state(DESK, "v1", 1, end, "by mistake")

    def refused(act: object) -> str:
        with pytest.raises(UserFacingError) as told:
            act()  # type: ignore[operator]  # each is called without arguments
        return told.value.code

    more = [change("pain.average_week", 8)]
    assert (
        refused(lambda: workflow.record_history(DESK, "v1", 2, more)) == "visit_ended"
    )
    assert refused(lambda: workflow.sign(DOCTOR, "v1", 2)) == "visit_ended"
    assert (
        refused(lambda: workflow.hand_over_visit(OWNER, "v1", "all")) == "visit_ended"
    )
    assert records.open_visits_of("doc") == [], "nobody has to finish it"
    assert records.visit("v1").answers.as_dict() == {"pain.now": 6}

    back = workflow.change_state(DESK, "v1", ended.revision, "history", "she is here")
    assert back.state == "history"
    stored = workflow.record_history(DESK, "v1", back.revision, more)
    assert stored.answers.as_dict() == {"pain.now": 6, "pain.average_week": 8}
    assert [one.reason for one in records.moves_of("v1")] == [
        "by mistake",
        "she is here",
    ]
    assert faults(records) == []


def test_an_end_is_not_taken_back_without_words(
    workflow: Workflow, records: Store
) -> None:
    workflow.change_state(DESK, "v1", 0, "cancelled")

    with pytest.raises(InputRefusedError):
        workflow.change_state(DESK, "v1", 1, "history")
    assert records.visit("v1").state == "cancelled"


def test_a_signed_visit_is_not_moved(workflow: Workflow, records: Store) -> None:
    workflow.sign(DOCTOR, "v1", 0)

    with pytest.raises(UserFacingError) as refused:
        workflow.change_state(DOCTOR, "v1", 1, "entered_in_error", "wrong patient")
    assert refused.value.code == "visit_move"
    assert records.visit("v1").state == "signed"


@pytest.mark.parametrize(
    ("by", "answers", "state"),
    [
        (DESK, HISTORY, "ready_for_clinician"),
        (DOCTOR, HISTORY, "in_examination"),
        (DOCTOR, EXAMINATION, "in_examination"),
    ],
)
def test_the_clinicians_first_answer_begins_the_examination(
    workflow: Workflow, by: Person, answers: list[object], state: str
) -> None:
    workflow.change_state(DESK, "v1", 0, "ready_for_clinician")
    stored = workflow.record_history(by, "v1", 1, answers)  # type: ignore[arg-type]  # changes

    assert stored.state == state


def test_a_clinician_who_takes_the_history_is_still_taking_it(
    workflow: Workflow,
) -> None:
    assert workflow.record_history(DOCTOR, "v1", 0, HISTORY).state == "history"
    assert workflow.record_history(DOCTOR, "v1", 1, EXAMINATION).state == (
        "in_examination"
    )


def test_the_same_answers_again_move_nothing(
    workflow: Workflow, records: Store
) -> None:
    """A draft that is taken over after a crash, when the visit went back meanwhile."""
    workflow.record_examination(DOCTOR, "v1", 0, EXAMINATION)
    workflow.change_state(DOCTOR, "v1", 1, "history")
    workflow.record_examination(DOCTOR, "v1", 0, EXAMINATION)

    assert records.visit("v1").state == "history"


def test_a_clinician_who_takes_an_end_back_is_responsible_where_nobody_is(
    workflow: Workflow, records: Store
) -> None:
    workflow.open_visit(DESK, visit("v2"))
    workflow.change_state(DESK, "v2", 0, "cancelled")
    workflow.change_state(DOCTOR, "v2", 1, "history", "she came")
    assert records.visit("v2").responsible == "doc"


def test_an_ended_visit_of_somebody_who_left_goes_to_who_takes_it_back(
    workflow: Workflow, records: Store
) -> None:
    workflow.change_state(DOCTOR, "v1", 0, "cancelled")
    workflow.remove_person(OWNER, "doc")
    workflow.change_state(EVERYTHING, "v1", 1, "history", "she came")

    assert records.visit("v1").responsible == "all"


def test_nobody_opens_a_visit_in_another_state(
    workflow: Workflow, records: Store
) -> None:
    with pytest.raises(NotPermittedError):
        workflow.open_visit(DOCTOR, visit("v2", state="to_sign"))
    with pytest.raises(KeyError):
        records.visit("v2")


def test_of_two_workstations_that_move_a_visit_one_is_told(
    database: Database, records: Store, protocol: Protocol, tmp_path: Path
) -> None:
    log = AuditLog(b"a" * 32, [tmp_path / "head2"], may_begin=True)
    with closing(database.open(log)) as second:
        here = Workflow(records, protocol, _Morning())
        there = Workflow(second, protocol, _Morning())
        seen = there.read_visit(DESK, "v1").revision
        here.change_state(DOCTOR, "v1", 0, "in_examination")
        here.change_state(DOCTOR, "v1", 1, "history")

        with pytest.raises(UserFacingError) as told:
            there.change_state(DESK, "v1", seen, "left_before_seen")
        assert told.value.code == "visit_moved"
        assert "history being taken" in told.value.text
        assert records.visit("v1").state == "history"
        again = there.read_visit(DESK, "v1").revision
        assert there.change_state(DESK, "v1", again, "ready_for_clinician").state == (
            "ready_for_clinician"
        )
    assert faults(records) == []


def test_answers_from_elsewhere_hinder_no_move_and_are_kept(
    database: Database, records: Store, protocol: Protocol, tmp_path: Path
) -> None:
    """The desk still types while the clinician takes the patient in."""
    log = AuditLog(b"a" * 32, [tmp_path / "head2"], may_begin=True)
    with closing(database.open(log)) as second:
        here = Workflow(records, protocol, _Morning())
        there = Workflow(second, protocol, _Morning())
        here.record_history(DESK, "v1", 0, HISTORY)
        moved = there.change_state(DOCTOR, "v1", 0, "in_examination")
        assert moved.answers.as_dict() == {"pain.now": 6}
        later = here.record_history(DESK, "v1", 1, [change("pain.average_week", 8)])

    assert (later.state, later.revision) == ("in_examination", 3)
    assert later.answers.as_dict() == {"pain.now": 6, "pain.average_week": 8}
