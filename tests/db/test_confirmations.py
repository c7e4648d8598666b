"""Who confirmed what, and who was told, is kept as it was, once, and for ever."""

from dataclasses import replace
from datetime import timedelta

import pytest

from db.store import Store
from intake.answers import AnswerChange
from intake.as_signed import as_signed
from intake.audit import AuditNote
from intake.errors import InputRefusedError, UserFacingError
from intake.people import NotPermittedError, Person
from intake.protocol import Protocol
from intake.protocol_loader import default_protocol
from intake.signed_words import late_confirmation_parts, signed_parts
from intake.workflow import Workflow
from tests.db.made_up import MORNING, Morning, change, confirmation, told
from tests.db.places import Database

KIM = Person("kim", "Dr. Kim", frozenset({"clinician"}))
DEE = Person("dee", "Dee", frozenset({"desk"}))


@pytest.fixture(scope="module")
def protocol() -> Protocol:
    return default_protocol()


@pytest.fixture
def workflow(store: Store, protocol: Protocol) -> Workflow:
    for person in (KIM, DEE):
        store.add_person(person)
    return Workflow(store, protocol, Morning())


def test_a_confirmation_comes_back_as_it_was_one_revision_later(store: Store) -> None:
    store.record("v1", 0, [change("general.fever", "no")])
    given = [confirmation("k1"), confirmation("k2", question="pain.now", value=7)]

    visit = store.confirm("v1", given, responsible="kim")

    assert (visit.revision, visit.responsible) == (2, "kim")
    assert store.confirmations_of("v1") == given
    assert store.record("v1", 1, [change("pain.now", 7)]).revision == 3


def test_the_same_again_is_stored_and_noted_once(store: Store) -> None:
    """A draft may be taken over after the program broke off behind the store."""
    note = AuditNote("confirmed", "kim", MORNING, subject="v1")
    first = store.confirm("v1", [confirmation()], [note])
    assert store.confirm("v1", [confirmation()], [note]) == first
    store.note_told("v1", told(), [note])
    store.note_told("v1", told(), [note])
    assert store.confirmations_of("v1") == [confirmation()]
    assert store.told_of("v1") == [told()]


def test_both_names_are_signed_and_what_nobody_confirmed_is_told(
    workflow: Workflow, protocol: Protocol
) -> None:
    asked = [change("general.fever", "no"), change("cancer.history", "yes")]
    workflow.record_history(DEE, "v1", 0, [replace(one, who="Dee") for one in asked])
    workflow.confirm(KIM, "v1", [confirmation(who="somebody else")])
    signed = workflow.sign(KIM, "v1", 2)
    assert signed.signature is not None

    read = as_signed(signed.signature)
    told_as = {one.question: (one.who, one.confirmed_by) for one in read.entered}
    assert told_as == {
        "general.fever": ("Dee", "Dr. Kim"),
        "cancer.history": ("Dee", ""),
    }
    parts = {part.title: part.lines for part in signed_parts(read, protocol)}
    (open_line,) = parts["Not confirmed by a clinician: 1"]
    assert open_line.endswith("entered by Dee, not confirmed")
    (line,) = parts["Confirmed by a clinician: 1"]
    assert line.endswith("entered by Dee, confirmed by Dr. Kim")


@pytest.mark.parametrize(
    "later",
    [
        change("general.fever", "yes", "no", second=5),
        change("general.fever", "no", "yes", second=5),
    ],
    ids=["another value", "the same value anew"],
)
def test_a_changed_answer_loses_its_confirmation(
    workflow: Workflow, later: AnswerChange
) -> None:
    workflow.record_history(DEE, "v1", 0, [change("general.fever", "no")])
    workflow.confirm(KIM, "v1", [confirmation()])
    workflow.record_history(DEE, "v1", 2, [later])
    signed = workflow.sign(KIM, "v1", 3)
    assert signed.signature is not None
    (one,) = as_signed(signed.signature).entered
    assert not one.is_confirmed


def test_what_was_confirmed_after_reading_is_not_signed(workflow: Workflow) -> None:
    workflow.confirm(KIM, "v1", [confirmation()])
    with pytest.raises(UserFacingError) as refused:
        workflow.sign(KIM, "v1", 0)
    assert refused.value.code == "visit_changed"


def test_one_that_comes_after_the_signature_is_kept_beside_it(
    workflow: Workflow, store: Store
) -> None:
    signed = workflow.sign(KIM, "v1", 0)
    assert workflow.confirm(KIM, "v1", [confirmation()]) == signed
    (kept,) = store.confirmations_of("v1")
    assert kept.is_late
    (part,) = late_confirmation_parts([kept], workflow._protocol)
    assert "confirmed by Dr. Kim" in part.lines[0]
    assert late_confirmation_parts([confirmation()], workflow._protocol) == []


def test_the_desk_confirms_nothing_and_notes_whom_it_told(
    workflow: Workflow, store: Store
) -> None:
    for attempt in (
        lambda: workflow.confirm(DEE, "v1", [confirmation()]),
        lambda: workflow.confirmations_of(DEE, "v1"),
    ):
        with pytest.raises(NotPermittedError):
            attempt()
    assert store.confirmations_of("v1") == []

    workflow.note_told(DEE, "v1", replace(told(), to="  Dr.  Kim ", who="somebody"))
    (noted,) = workflow.told_of(KIM, "v1")
    assert (noted.to, noted.who) == ("Dr. Kim", "Dee")


def test_whom_the_desk_told_has_a_name(workflow: Workflow, store: Store) -> None:
    for name in ("", "  ", "x" * 101):
        with pytest.raises(InputRefusedError):
            workflow.note_told(DEE, "v1", replace(told(), to=name))
    assert store.told_of("v1") == []


def test_told_comes_back_in_the_order_in_which_it_was_said(store: Store) -> None:
    later = replace(told("a"), at=MORNING + timedelta(minutes=1))
    for one in (later, told("b")):
        store.note_told("v1", one)
    assert [one.id for one in store.told_of("v1")] == ["b", "a"]


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE confirmations SET who = 'x'",
        "DELETE FROM confirmations",
        "UPDATE told SET who = 'x'",
        "DELETE FROM told",
    ],
)
def test_no_hand_alters_it(store: Store, database: Database, statement: str) -> None:
    store.confirm("v1", [confirmation()])
    store.note_told("v1", told())
    with pytest.raises(Exception, match="append-only"):
        database.by_hand(statement)


def _from_paper(value: str, old: str | None = None) -> AnswerChange:
    change_ = change("neuro.saddle_numb", value, old)
    return replace(change_, way="paper")


def test_the_desk_types_private_answers_in_from_paper_and_reads_none(
    workflow: Workflow, store: Store
) -> None:
    with pytest.raises(NotPermittedError):
        workflow.record_history(DEE, "v1", 0, [change("neuro.saddle_numb", "yes")])
    examined = replace(change("exam.gait", ["normal"]), way="paper")
    with pytest.raises(NotPermittedError):
        workflow.record_history(DEE, "v1", 0, [examined])

    seen = workflow.record_history(DEE, "v1", 0, [_from_paper("yes")])
    assert "neuro.saddle_numb" not in seen.answers
    assert "neuro.saddle_numb" not in workflow.read_visit(DEE, "v1").answers
    stored = store.visit("v1")
    assert stored.answers["neuro.saddle_numb"] == "yes"
    assert (stored.responsible, stored.state) == ("", "history")


def test_paper_neither_overwrites_nor_shows_what_a_clinician_heard(
    workflow: Workflow, store: Store
) -> None:
    asked = replace(change("neuro.saddle_numb", "yes"), way="clinician")
    workflow.record_examination(KIM, "v1", 0, [asked])
    at = store.visit("v1").revision
    paper = [_from_paper("no"), change("general.fever", "no")]
    seen = workflow.record_history(DEE, "v1", at, paper)

    assert store.visit("v1").answers["neuro.saddle_numb"] == "yes"
    assert store.visit("v1").answers["general.fever"] == "no"
    assert "neuro.saddle_numb" not in seen.answers
    (beside,) = workflow.answers_set_aside(KIM, "v1")
    assert (beside.question, beside.new) == ("neuro.saddle_numb", "no")
    assert workflow.answers_set_aside(DEE, "v1") == []
