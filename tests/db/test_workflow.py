"""Each use case asks who may, and is written down together with what it did."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest

from db.audit import AuditLog
from db.store import Store
from intake.answers import AnswerChange, Answers
from intake.audit import AuditFilter, AuditNote
from intake.call_backs import CallBack
from intake.errors import InputRefusedError, UserFacingError
from intake.moves import StateChange
from intake.people import (
    BESIDE_THE_RECORDS,
    PERMISSIONS,
    NotPermittedError,
    Person,
    PersonRole,
)
from intake.ports import ConflictError, NotedCallBack
from intake.protocol import Protocol
from intake.protocol_loader import default_protocol
from intake.whose import PatientMerge
from intake.workflow import Workflow
from tests.db.made_up import MORNING, confirmation, decision, patient, told, visit
from tests.db.places import Database

DESK = Person("dee", "Dee", frozenset({"desk"}))
DOCTOR = Person("doc", "Dr. Kim", frozenset({"clinician"}))
OWNER = Person("own", "Olu", frozenset({"owner"}))
NEWCOMER = Person("new", "Noor", frozenset({"desk"}))
PEOPLE = (DESK, DOCTOR, OWNER)
EVERYTHING = Person("all", "All", frozenset({"desk", "clinician", "owner"}))
HIRED = (*PEOPLE, EVERYTHING)


class _Morning:
    def now(self) -> datetime:
        return datetime(2026, 11, 25, 9, tzinfo=UTC)

    def today(self) -> date:
        return date(2026, 11, 25)


@pytest.fixture(scope="module")
def protocol() -> Protocol:
    return default_protocol()


@pytest.fixture
def records(database: Database, tmp_path: Path) -> Iterator[Store]:
    """Return a store with people, patient p1 and visit v1, which is the doctor's."""
    store = database.open(AuditLog(b"a" * 32, [tmp_path / "head"]))
    for person in HIRED:
        store.add_person(person)
    store.register(patient())
    store.open_visit(visit(responsible="doc"))
    yield store
    store.close()


@pytest.fixture
def workflow(records: Store, protocol: Protocol) -> Workflow:
    return Workflow(records, protocol, _Morning())


def ask_for_call(records: Store) -> None:
    """Have somebody leave visit v0 so that there is call-back c1."""
    records.open_visit(visit("v0", on=date(2026, 11, 20)))
    note = AuditNote("call_back_asked", "dee", MORNING)
    asked = NotedCallBack(CallBack("c1", "v0", MORNING.date(), MORNING), note)
    left = StateChange("history", "left_before_seen", "dee", MORNING)
    records.change_state("v0", 0, left, asks=lambda _visit: asked)


def change(question: str, new: object) -> AnswerChange:
    """Return a change of this morning."""
    return AnswerChange(question, None, new, "Dee", "desk", MORNING, "desk")


HISTORY = [change("pain.now", 6)]
EXAMINATION = [change("exam.looks_unwell", "yes")]
MERGE = PatientMerge("p9", "p1", "dee", MORNING)
#: One call of each use case.
CALLS: dict[str, Callable[[Workflow, Person], object]] = {
    "register": lambda w, by: w.register(by, patient("p2")),
    "change_registration": lambda w, by: w.change_registration(by, patient(phone="1")),
    "find_patients": lambda w, by: w.find_patients(by, "doe"),
    "earlier_registrations": lambda w, by: w.earlier_registrations(by, "p1"),
    "last_visits": lambda w, by: w.last_visits(by, ["p1"]),
    "read_patient": lambda w, by: w.read_patient(by, "p1"),
    "open_visit": lambda w, by: w.open_visit(by, visit("v2")),
    "visits_of": lambda w, by: w.visits_of(by, "p1"),
    "changes_of": lambda w, by: w.changes_of(by, "v1"),
    "earlier_visits": lambda w, by: w.earlier_visits(by, "p1", MORNING),
    "read_visit": lambda w, by: w.read_visit(by, "v1"),
    "list_visits": lambda w, by: w.list_visits(by),
    "record_history": lambda w, by: w.record_history(by, "v1", 0, HISTORY),
    "record_examination": lambda w, by: w.record_examination(by, "v1", 0, EXAMINATION),
    "change_state": lambda w, by: w.change_state(by, "v1", 0, "ready_for_clinician"),
    "moves_of": lambda w, by: w.moves_of(by, "v1"),
    "worklist": lambda w, by: w.worklist(by),
    "close_of_day": lambda w, by: w.close_of_day(by),
    "call_backs": lambda w, by: w.call_backs(by),
    "record_call": lambda w, by: w.record_call(by, "c1", "no_answer"),
    "close_call_back": lambda w, by: w.close_call_back(by, "c1", "she wrote to us"),
    "moment": lambda w, by: w.moment(by),
    "decide": lambda w, by: w.decide(by, "v1", decision()),
    "decisions_of": lambda w, by: w.decisions_of(by, "v1"),
    "confirm": lambda w, by: w.confirm(by, "v1", [confirmation()]),
    "confirmations_of": lambda w, by: w.confirmations_of(by, "v1"),
    "note_told": lambda w, by: w.note_told(by, "v1", told()),
    "told_of": lambda w, by: w.told_of(by, "v1"),
    "sign": lambda w, by: w.sign(by, "v1", 0),
    "add_addendum": lambda w, by: w.add_addendum(by, "v1", "addendum", text="x"),
    "addenda_of": lambda w, by: w.addenda_of(by, "v1"),
    "reassess": lambda w, by: w.reassess(by, "v1"),
    "settle_conflict": lambda w, by: w.settle_conflict(by, "v1", HISTORY[0]),
    "answers_set_aside": lambda w, by: w.answers_set_aside(by, "v1"),
    "add_person": lambda w, by: w.add_person(by, NEWCOMER),
    "change_person": lambda w, by: w.change_person(by, replace(DESK, name="D")),
    "remove_person": lambda w, by: w.remove_person(by, "dee"),
    "view_document": lambda w, by: w.view_document(by, "v1", "letter"),
    "export_document": lambda w, by: w.export_document(by, "v1", "letter"),
    "hand_over_visit": lambda w, by: w.hand_over_visit(by, "v1", "all"),
    "list_people": lambda w, by: w.list_people(by),
    "open_visits_of": lambda w, by: w.open_visits_of(by, "doc"),
    "read_audit": lambda w, by: w.read_audit(by),
    "export_audit": lambda w, by: w.export_audit(by),
    "verify_audit": lambda w, by: w.verify_audit(by),
    "move_visit": lambda w, by: w.move_visit(by, "v9", 0, "p1", "p9", "mistyped"),
    "preview_merge": lambda w, by: w.preview_merge(by, "p9", "p1"),
    "merge_patients": lambda w, by: w.merge_patients(by, patient("p9"), patient()),
    "merged_patients": lambda w, by: w.merged_patients(by, "p1"),
    "merged_names": lambda w, by: w.merged_names(by, ["p1"]),
    "undo_merge": lambda w, by: w.undo_merge(by, replace(MERGE, number=1)),
    "mark_entered_in_error": lambda w, by: w.mark_entered_in_error(by, "v1", "twice"),
    "re_enter_visit": lambda w, by: w.re_enter_visit(by, "v1", "p9"),
    "documents_of": lambda w, by: w.documents_of(by, "v1"),
    "read_settings": lambda w, by: w.read_settings(by),
    "settings_before": lambda w, by: w.settings_before(by, "paper", 1),
    "change_settings": lambda w, by: w.change_settings(by, "paper", 0, {"page": "a4"}),
}
#: Asked of a visit that is signed.
OF_SIGNED = {
    "add_addendum",
    "reassess",
    "view_document",
    "export_document",
    "mark_entered_in_error",
    "re_enter_visit",
}
#: Asked of two patients, or of a visit that nobody is responsible for.
OF_ANOTHER = {
    "move_visit",
    "preview_merge",
    "merge_patients",
    "merged_patients",
    "undo_merge",
    "re_enter_visit",
}
OF_A_CALL_BACK = {"record_call", "close_call_back"}
#: Asked at every keystroke, or beside a reading that is written down.
UNWRITTEN = {
    "find_patients",
    "last_visits",
    "merged_names",
    "list_visits",
    "moves_of",
    "call_backs",
    "worklist",
    "close_of_day",
    "moment",
    "changes_of",
    "addenda_of",
    "confirmations_of",
    "decisions_of",
    "told_of",
    "answers_set_aside",
    "list_people",
    "open_visits_of",
    "read_settings",
    "settings_before",
}


def prepare(use_case: str, workflow: Workflow, records: Store) -> None:
    """Store what a use case is asked of; nothing of it is written down but a sign."""
    if use_case in OF_SIGNED:
        workflow.sign(DOCTOR, "v1", 0)
    if use_case in OF_A_CALL_BACK:
        ask_for_call(records)
    if use_case in OF_ANOTHER:
        records.register(patient("p9"))
        records.open_visit(visit("v9"))
    if use_case == "undo_merge":
        records.merge(MERGE, patient("p9"), patient())
    if use_case == "re_enter_visit":
        workflow.mark_entered_in_error(DOCTOR, "v1", "mistyped")


def test_every_use_case_is_in_the_table_and_has_a_call_here() -> None:
    """A new one that nobody thought about fails here."""
    methods = {n for n in dir(Workflow) if not n.startswith("_") and n != "require"}

    assert methods == PERMISSIONS.keys() - set(BESIDE_THE_RECORDS) == CALLS.keys()


@pytest.mark.parametrize("person", PEOPLE, ids=lambda one: one.name)
@pytest.mark.parametrize("use_case", PERMISSIONS)
def test_only_who_may_does(
    workflow: Workflow, records: Store, use_case: str, person: Person
) -> None:
    def call() -> None:
        if use_case in BESIDE_THE_RECORDS:
            workflow.require(person, use_case)
        else:
            CALLS[use_case](workflow, person)

    prepare(use_case, workflow, records)
    if person.may(use_case):
        call()
        assert records.audit_entries(AuditFilter(event="refused")) == []
        return
    before = len(records.audit_entries())
    with pytest.raises(NotPermittedError):
        call()
    (refused,) = records.audit_entries(AuditFilter(event="refused"))
    assert refused.note.detail == {"use_case": use_case}
    assert len(records.audit_entries()) == before + 1, "and nothing else was done"


@pytest.mark.parametrize("use_case", sorted(CALLS.keys() - UNWRITTEN))
def test_what_is_done_is_written_down(
    workflow: Workflow, records: Store, use_case: str
) -> None:
    prepare(use_case, workflow, records)
    before = len(records.audit_entries())
    CALLS[use_case](workflow, EVERYTHING)

    entries = records.audit_entries()
    # The first answer of an examination moves the visit, too.
    begins = use_case == "record_examination"
    assert len(entries) == before + 1 + begins
    assert {entry.note.who for entry in entries[: 1 + begins]} == {"all"}
    assert records.audit_faults() == []


def test_no_entry_holds_clinical_text(workflow: Workflow, records: Store) -> None:
    words = [change("reason.in_patients_words", "like Zanzibar"), change("pain.now", 9)]
    workflow.record_history(DESK, "v1", 0, words)
    workflow.find_patients(DESK, "Zanzibar")
    workflow.sign(DOCTOR, "v1", 1)
    workflow.add_addendum(DOCTOR, "v1", "addendum", text="Zanzibar again")

    assert "Zanzibar" not in repr(records.audit_entries())


@pytest.mark.parametrize(
    ("question", "new"),
    [
        ("pain.now", "six"),
        ("pain.duration", {"value": 5}),
        ("neuro.arm_weakness", "yes"),
        ("vitals.bp_right", 120.0),
    ],
)
def test_an_answer_of_the_wrong_kind_is_stored_nowhere(
    workflow: Workflow, records: Store, question: str, new: object
) -> None:
    """Once stored, it would stop every assessment of the visit."""
    with pytest.raises(InputRefusedError):
        workflow.record_examination(EVERYTHING, "v1", 0, [change(question, new)])
    assert records.visit("v1").answers.as_dict() == {}
    workflow.sign(DOCTOR, "v1", 0)
    with pytest.raises(InputRefusedError):
        workflow.add_addendum(DOCTOR, "v1", "correction", answers={question: new})
    assert records.addenda_of("v1") == []


def test_a_visit_with_an_answer_that_is_not_asked_any_more_is_signed(
    workflow: Workflow, records: Store
) -> None:
    records.record("v1", 0, [change("gone.question", 7.0), *HISTORY])
    workflow.sign(DOCTOR, "v1", 1)
    again = workflow.reassess(DOCTOR, "v1")
    assert "gone.question" in again.differences[-1].words


def test_the_desk_records_no_examination(workflow: Workflow, records: Store) -> None:
    with pytest.raises(NotPermittedError):
        workflow.record_history(DESK, "v1", 0, [*HISTORY, *EXAMINATION])

    assert records.visit("v1").answers.as_dict() == {}, "not the half of it either"


def test_the_desk_reads_no_examination(workflow: Workflow) -> None:
    workflow.record_examination(DOCTOR, "v1", 0, [*HISTORY, *EXAMINATION])

    assert workflow.read_visit(DESK, "v1").answers.as_dict() == {"pain.now": 6}
    ((listed, _),) = workflow.list_visits(DESK)
    assert listed.answers.as_dict() == {"pain.now": 6}
    assert "exam.looks_unwell" in workflow.read_visit(DOCTOR, "v1").answers
    workflow.sign(DOCTOR, "v1", 1)
    assert workflow.read_visit(DESK, "v1").signature is None


def test_a_signature_holds_what_the_clinician_saw(
    workflow: Workflow, protocol: Protocol
) -> None:
    workflow.record_history(DESK, "v1", 0, HISTORY)
    signed = workflow.sign(DOCTOR, "v1", 1)

    assert signed.signature is not None
    assert signed.signature.is_whole
    for word in (protocol.digest, '"tier":', '"pain.now":6', "Dr. Kim", "Jane"):
        assert word in signed.signature.content


def test_what_came_in_after_reading_is_not_signed(workflow: Workflow) -> None:
    workflow.record_history(DESK, "v1", 0, HISTORY)

    with pytest.raises(UserFacingError) as refused:
        workflow.sign(DOCTOR, "v1", 0)
    assert refused.value.code == "visit_changed"


def test_a_clinic_keeps_an_owner(workflow: Workflow) -> None:
    roles: frozenset[PersonRole] = frozenset({"desk"})
    workflow.remove_person(OWNER, "all")
    with pytest.raises(UserFacingError, match="last owner"):
        workflow.remove_person(OWNER, "own")
    with pytest.raises(UserFacingError, match="last owner"):
        workflow.change_person(OWNER, replace(OWNER, roles=roles))
    with pytest.raises(UserFacingError, match="last owner"):
        workflow.change_person(OWNER, replace(OWNER, is_active=False))


def test_who_left_may_do_nothing(workflow: Workflow) -> None:
    workflow.remove_person(OWNER, "doc", "all")

    with pytest.raises(NotPermittedError):
        workflow.sign(DOCTOR, "v1", 0)


def test_nobody_is_who_they_say_but_who_is_stored(
    workflow: Workflow, records: Store
) -> None:
    """A made-up person, more roles than were given, somebody who left meanwhile."""
    records.change_person(replace(DOCTOR, is_active=False))
    for made_up in (
        replace(DESK, roles=frozenset({"clinician"})),
        replace(NEWCOMER, roles=frozenset({"clinician"})),
        DOCTOR,
    ):
        with pytest.raises(NotPermittedError):
            workflow.sign(made_up, "v1", 0)

    assert len(records.audit_entries(AuditFilter("refused"))) == 3
    assert records.visit("v1").signature is None


def test_a_signature_bears_the_name_that_is_stored(workflow: Workflow) -> None:
    signed = workflow.sign(replace(DOCTOR, name="Somebody Else"), "v1", 0)

    assert signed.signature is not None
    assert signed.signature.name == "Dr. Kim"


def test_what_the_desk_saves_tells_it_no_examination(workflow: Workflow) -> None:
    """Neither what a save returns nor what a conflict shows."""
    workflow.record_examination(DOCTOR, "v1", 0, [*HISTORY, *EXAMINATION])

    assert "exam.looks_unwell" not in workflow.record_history(DESK, "v1", 1, []).answers
    with pytest.raises(ConflictError) as conflict:
        workflow.record_history(DESK, "v1", 0, [change("pain.now", 2)])
    assert conflict.value.stored.answers.as_dict() == {"pain.now": 6}


@pytest.mark.parametrize(
    "brought",
    [{"answers": Answers({"exam.looks_unwell": "yes"})}, {"state": "signed"}],
    ids=["answers", "a signature"],
)
def test_a_new_visit_brings_nothing_along(
    workflow: Workflow, records: Store, brought: dict[str, Any]
) -> None:
    with pytest.raises(NotPermittedError):
        workflow.open_visit(DESK, visit("v2", **brought))

    assert len(records.audit_entries(AuditFilter("refused"))) == 1
    assert [one.id for one in records.visits_of("p1")] == ["v1"]


def test_the_loser_of_a_conflict_is_kept_once(
    workflow: Workflow, records: Store
) -> None:
    """A draft that is taken over after a crash tells it a second time."""
    workflow.settle_conflict(DESK, "v1", HISTORY[0])
    workflow.settle_conflict(DESK, "v1", HISTORY[0])

    (kept,) = workflow.answers_set_aside(DESK, "v1")
    assert (kept.question, kept.new, kept.who) == ("pain.now", 6, "Dee")
    (note,) = records.audit_entries(AuditFilter("conflict_settled"))
    assert note.note.detail == {"question": "pain.now"}


def test_the_desk_settles_and_sees_no_conflict_of_the_examination(
    workflow: Workflow,
) -> None:
    with pytest.raises(NotPermittedError):
        workflow.settle_conflict(DESK, "v1", EXAMINATION[0])
    workflow.settle_conflict(DOCTOR, "v1", EXAMINATION[0])

    assert workflow.answers_set_aside(DESK, "v1") == []
    assert len(workflow.answers_set_aside(DOCTOR, "v1")) == 1
