"""Earlier visits of one patient, with their addenda; to the desk the history."""

from datetime import date, timedelta

import pytest

from db.store import Store
from intake.people import Person
from intake.protocol import Protocol
from intake.protocol_loader import default_protocol
from intake.workflow import Workflow
from tests.db.made_up import MORNING, Morning, change, patient, visit

KIM = Person("kim", "Dr. Kim", frozenset({"clinician"}))
DEE = Person("dee", "Dee", frozenset({"desk"}))
_BEFORE = MORNING - timedelta(days=30)


@pytest.fixture(scope="module")
def protocol() -> Protocol:
    return default_protocol()


@pytest.fixture
def workflow(store: Store, protocol: Protocol) -> Workflow:
    for person in (KIM, DEE):
        store.add_person(person)
    store.register(patient("p2"))
    for number in (1, 2):
        on = date(2026, 10, 20 + number)
        old = visit(f"e{number}", on=on, opened_at=_BEFORE + timedelta(days=number))
        store.open_visit(old)
        pain = change("pain.now", 4 + number)
        store.record(old.id, 0, [pain, change("exam.looks_unwell", "no")])
    store.open_visit(visit("o1", patient_id="p2", on=date(2026, 10, 1)))
    return Workflow(store, protocol, Morning())


def test_they_come_oldest_first_and_of_this_patient_alone(workflow: Workflow) -> None:
    found = workflow.earlier_visits(KIM, "p1", MORNING)
    assert [one.visit_id for one in found] == ["e1", "e2"]
    assert [one.answers["pain.now"] for one in found] == [5, 6]
    assert workflow.earlier_visits(KIM, "nobody", MORNING) == []


def test_what_an_addendum_corrected_counts(workflow: Workflow) -> None:
    signed = workflow.sign(KIM, "e1", 1)
    workflow.add_addendum(KIM, signed.id, "correction", answers={"pain.now": 9})
    assert workflow.earlier_visits(KIM, "p1", MORNING)[0].answers["pain.now"] == 9


def test_the_desk_gets_the_history_alone(workflow: Workflow) -> None:
    for one in workflow.earlier_visits(DEE, "p1", MORNING):
        assert set(one.answers) == {"pain.now"}


def test_a_visit_that_should_not_be_there_says_nothing(workflow: Workflow) -> None:
    workflow.sign(KIM, "e1", 1)
    workflow.mark_entered_in_error(KIM, "e1", "another patient's")
    workflow.change_state(KIM, "e2", 1, "cancelled", "she phoned")
    assert workflow.earlier_visits(KIM, "p1", MORNING) == []
