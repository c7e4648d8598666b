"""What was decided is kept as it was decided, in order, once, and for ever."""

from dataclasses import replace

import pytest

from db.store import Store
from intake.as_signed import as_signed
from intake.audit import AuditNote
from intake.decisions import Decision
from intake.errors import InputRefusedError, UserFacingError
from intake.people import NotPermittedError, Person
from intake.protocol import Protocol
from intake.protocol_loader import default_protocol
from intake.signed_words import late_parts, signed_parts
from intake.workflow import Workflow
from tests.db.made_up import MORNING, Morning, change, decision
from tests.db.places import Database

ASH = Person("ash", "Dr. Ash", frozenset({"clinician"}))
KIM = Person("kim", "Dr. Kim", frozenset({"clinician"}))
DEE = Person("dee", "Dee", frozenset({"desk"}))


@pytest.fixture(scope="module")
def protocol() -> Protocol:
    return default_protocol()


@pytest.fixture
def workflow(store: Store, protocol: Protocol) -> Workflow:
    for person in (ASH, KIM, DEE):
        store.add_person(person)
    return Workflow(store, protocol, Morning())


def test_a_decision_comes_back_as_it_was_one_revision_later(store: Store) -> None:
    store.record("v1", 0, [change("a", "yes")])

    visit = store.decide("v1", decision(), responsible="kim")

    assert (visit.revision, visit.responsible) == (2, "kim")
    assert store.decisions_of("v1") == [decision()]
    assert store.visit("v1") == visit


def test_the_same_decision_again_is_stored_and_noted_once(store: Store) -> None:
    """A draft may be taken over after the program broke off behind the store."""
    note = AuditNote("decided", "kim", MORNING, subject="v1")
    first = store.decide("v1", decision(), [note])
    assert store.decide("v1", decision(), [note]) == first
    assert store.decisions_of("v1") == [decision()]


def test_two_clinicians_at_once_are_both_kept_in_the_order_they_came(
    workflow: Workflow, store: Store
) -> None:
    workflow.decide(ASH, "v1", decision("of ash", "accepted"))
    workflow.decide(KIM, "v1", decision("of kim"))

    kept = workflow.decisions_of(ASH, "v1")
    assert [(one.id, one.who) for one in kept] == [
        ("of ash", "Dr. Ash"),
        ("of kim", "Dr. Kim"),
    ]


def test_nobody_decides_in_another_name(workflow: Workflow, store: Store) -> None:
    workflow.decide(ASH, "v1", decision(who="Dr. Kim"))
    assert [one.who for one in store.decisions_of("v1")] == ["Dr. Ash"]


def test_answers_typed_meanwhile_are_no_conflict(store: Store) -> None:
    """A decision takes a revision of the visit, and no answer."""
    store.decide("v1", decision())
    assert store.record("v1", 0, [change("a", "yes")]).revision == 2


def test_the_desk_neither_decides_nor_reads_what_was_decided(
    workflow: Workflow, store: Store
) -> None:
    for attempt in (
        lambda: workflow.decide(DEE, "v1", decision()),
        lambda: workflow.decisions_of(DEE, "v1"),
    ):
        with pytest.raises(NotPermittedError):
            attempt()
    assert store.decisions_of("v1") == []


@pytest.mark.parametrize(
    "broken",
    [
        replace(decision(), words="  "),
        replace(decision(), choice="adapted", words=""),
        replace(decision(), choice="set_aside"),
        replace(decision(), choice="agreed"),  # type: ignore[arg-type]  # that is it
    ],
    ids=["no reason", "no words", "no emergency", "no choice"],
)
def test_what_is_no_decision_is_refused(
    workflow: Workflow, store: Store, broken: Decision
) -> None:
    with pytest.raises(InputRefusedError):
        workflow.decide(ASH, "v1", broken)
    assert store.decisions_of("v1") == []


def test_what_was_decided_is_signed_and_reads_as_it_was(
    workflow: Workflow, store: Store, protocol: Protocol
) -> None:
    workflow.decide(ASH, "v1", decision("first", "accepted"))
    workflow.decide(ASH, "v1", decision("second", words="Done in May"))
    signed = workflow.sign(ASH, "v1", 2)
    assert signed.signature is not None

    read = as_signed(signed.signature)
    assert read.is_whole
    assert [one.id for one in read.decisions] == ["first", "second"]
    told = {part.title: part.lines for part in signed_parts(read, protocol)}
    earlier = "\n".join(told["Decided earlier in the visit"])
    assert "imaging.mri: Declined: Done in May (Dr. Ash, " in earlier
    assert "not suggested any more" in earlier


def test_what_came_in_after_reading_is_not_signed(
    workflow: Workflow, store: Store
) -> None:
    workflow.decide(KIM, "v1", decision())
    with pytest.raises(UserFacingError) as refused:
        workflow.sign(ASH, "v1", 0)
    assert refused.value.code == "visit_changed"


def test_one_that_comes_after_the_signature_is_kept_beside_it(
    workflow: Workflow, store: Store, protocol: Protocol
) -> None:
    signed = workflow.sign(ASH, "v1", 0)
    assert workflow.decide(KIM, "v1", decision(words="late")) == signed
    (kept,) = store.decisions_of("v1")
    assert kept.is_late
    (part,) = late_parts([kept], protocol)
    assert "late" in part.lines[0]


@pytest.mark.parametrize(
    "statement",
    ["UPDATE decisions SET choice = 'accepted'", "DELETE FROM decisions"],
)
def test_no_hand_alters_it(store: Store, database: Database, statement: str) -> None:
    store.decide("v1", decision())
    with pytest.raises(Exception, match="append-only"):
        database.by_hand(statement)
