"""A visit on the wrong patient, and a patient who is there twice, by who may."""

import json
from collections.abc import Callable
from dataclasses import replace

import pytest

from db.store import Store
from intake import recall
from intake.audit import AuditFilter, AuditNote
from intake.errors import InputRefusedError, UserFacingError
from intake.patient import Patient
from intake.people import NotPermittedError, Person
from intake.signing import addendum, signature
from intake.visit import Visit
from intake.whose import ReEntered
from intake.workflow import Workflow
from tests.db.made_up import MORNING, change, patient, visit
from tests.db.test_workflow import (
    DESK,
    DOCTOR,
    EVERYTHING,
    EXAMINATION,
    HISTORY,
    protocol,
    records,
    workflow,
)

__all__ = ["protocol", "records", "workflow"]
_RIGHT = patient("right", family_name="Roe", given_name="Rita")


@pytest.fixture(autouse=True)
def right(records: Store) -> Patient:
    """Return the patient whose visit it really is, and a visit the desk opened."""
    records.register(_RIGHT)
    records.open_visit(visit("desk's"))
    return _RIGHT


def move(workflow: Workflow, by: Person, visit_id: str, revision: int = 0) -> Visit:
    """Move a visit of p1 to the right patient."""
    return workflow.move_visit(by, visit_id, revision, "p1", "right", "mistyped")


def code_of(call: Callable[[], object]) -> str:
    """Return the code a call is refused with."""
    with pytest.raises(UserFacingError) as refused:
        call()
    return refused.value.code


def marked(workflow: Workflow, records: Store) -> None:
    """Sign v1 with some answers, and mark it as entered in error."""
    workflow.record_examination(DOCTOR, "v1", 0, [*HISTORY, *EXAMINATION])
    workflow.sign(DOCTOR, "v1", records.visit("v1").revision)
    workflow.mark_entered_in_error(DOCTOR, "v1", "Rita's visit")


# moving


def test_the_desk_moves_what_it_typed_on_the_wrong_patient(
    workflow: Workflow, records: Store
) -> None:
    workflow.record_history(DESK, "desk's", 0, HISTORY)
    move(workflow, DESK, "desk's", 1)

    moved = records.visit("desk's")
    assert (moved.patient_id, moved.answers.as_dict()) == ("right", {"pain.now": 6})
    (note,) = records.audit_entries(AuditFilter("visit_moved"))
    assert note.note.detail == {"giver": "p1", "taker": "right"}


@pytest.mark.parametrize("visit_id", ["v1", "examined"])
def test_the_desk_moves_nothing_that_a_clinician_began(
    workflow: Workflow, records: Store, visit_id: str
) -> None:
    """Neither one they are responsible for, nor one they recorded something in."""
    records.open_visit(visit("examined"))
    records.record("examined", 0, EXAMINATION)
    revision = records.visit(visit_id).revision
    with pytest.raises(NotPermittedError):
        move(workflow, DESK, visit_id, revision)
    assert records.visit(visit_id).patient_id == "p1"
    move(workflow, DOCTOR, visit_id, revision)
    assert records.visit(visit_id).patient_id == "right"


def test_a_reason_is_kept_beside_the_visit_and_not_in_the_trail(
    workflow: Workflow, records: Store
) -> None:
    workflow.move_visit(DESK, "desk's", 0, "p1", "right", "  said  Zanzibar ")

    assert [one.reason for one in records.links_of("desk's")] == ["said Zanzibar"]
    assert "Zanzibar" not in repr(records.audit_entries())


@pytest.mark.parametrize("reason", ["", "  ", "x" * 201, "bell \a"])
def test_without_a_reason_nothing_is_moved_or_marked(
    workflow: Workflow, records: Store, reason: str
) -> None:
    with pytest.raises(InputRefusedError):
        workflow.move_visit(DESK, "desk's", 0, "p1", "right", reason)
    workflow.sign(DOCTOR, "v1", 0)
    with pytest.raises(InputRefusedError):
        workflow.mark_entered_in_error(DOCTOR, "v1", reason)
    assert records.links_of("desk's") == []
    assert not records.visit("v1").is_in_error


def test_a_visit_is_not_moved_to_the_patient_it_is_of(workflow: Workflow) -> None:
    with pytest.raises(InputRefusedError):
        workflow.move_visit(DESK, "desk's", 0, "p1", "p1", "why not")


def test_of_two_who_move_a_visit_the_second_is_told(workflow: Workflow) -> None:
    move(workflow, DESK, "desk's")

    assert code_of(lambda: move(workflow, DOCTOR, "desk's")) == "visit_of_another"


def test_what_was_reviewed_as_anothers_is_not_signed(workflow: Workflow) -> None:
    move(workflow, DOCTOR, "v1")

    assert code_of(lambda: workflow.sign(DOCTOR, "v1", 0, "p1")) == "visit_of_another"
    signed = workflow.sign(DOCTOR, "v1", 0, "right")
    assert signed.signature is not None
    assert json.loads(signed.signature.content)["patient"]["family_name"] == "Roe"


def test_what_is_moved_tells_the_desk_no_examination(
    workflow: Workflow, records: Store
) -> None:
    assert move(workflow, DESK, "desk's") == records.visit("desk's")


# merging


def test_a_preview_tells_who_goes_who_stays_and_how_many_visits(
    workflow: Workflow,
) -> None:
    seen = workflow.preview_merge(DESK, "p1", "right")

    assert (seen.goes.id, seen.stays.id) == ("p1", "right")
    assert (seen.visits_of_goes, seen.visits_of_stays) == (2, 0)


def test_a_merge_is_listed_at_who_stays_and_can_be_undone(
    workflow: Workflow, records: Store
) -> None:
    seen = workflow.preview_merge(DESK, "p1", "right")
    workflow.merge_patients(DESK, seen.goes, seen.stays)
    assert len(workflow.visits_of(DESK, "right")) == 2
    (merged,) = workflow.merged_patients(DESK, "right")
    assert merged.patient == seen.goes

    workflow.undo_merge(DOCTOR, merged.merge)
    assert workflow.visits_of(DESK, "right") == []
    assert len(workflow.visits_of(DESK, "p1")) == 2
    (note,) = records.audit_entries(AuditFilter("merge_undone"))
    assert (note.note.subject, note.note.detail) == ("p1", {"was_in": "right"})


def test_a_search_can_tell_under_which_names_somebody_stood(
    workflow: Workflow, records: Store
) -> None:
    nameless = Patient("p9", birth_date="1958-04-12")
    records.register(nameless)
    for goes in ("p1", "p9"):
        seen = workflow.preview_merge(DESK, goes, "right")
        workflow.merge_patients(DESK, seen.goes, seen.stays)

    assert workflow.merged_names(DESK, ["right", "p1"]) == {
        "right": ("a patient without a name", seen_name(records, "p1"))
    }


def seen_name(records: Store, patient_id: str) -> str:
    return records.patient(patient_id).name


def test_nobody_is_merged_into_themselves(workflow: Workflow) -> None:
    with pytest.raises(InputRefusedError):
        workflow.merge_patients(DESK, patient(), patient())


# a signed visit that should not be there


def test_a_mark_is_an_addendum_with_its_reason(
    workflow: Workflow, records: Store
) -> None:
    marked(workflow, records)

    (one,) = workflow.addenda_of(DOCTOR, "v1")
    assert (one.kind, one.text, one.is_whole) == (
        "entered_in_error",
        "Rita's visit",
        True,
    )
    assert records.visit("v1").is_in_error
    assert "Rita" not in repr(records.audit_entries())


def test_a_visit_is_marked_once_and_only_when_it_is_signed(
    workflow: Workflow, records: Store
) -> None:
    with pytest.raises(InputRefusedError):
        workflow.mark_entered_in_error(DOCTOR, "v1", "wrong")
    marked(workflow, records)

    again = code_of(lambda: workflow.mark_entered_in_error(DOCTOR, "v1", "wrong"))
    assert again == "visit_in_error"
    with pytest.raises(NotPermittedError):
        workflow.add_addendum(DOCTOR, "v1", "entered_in_error", text="by another way")
    assert len(records.addenda_of("v1")) == 1


def test_no_document_of_a_marked_visit_leaves_the_records(
    workflow: Workflow, records: Store
) -> None:
    marked(workflow, records)
    workflow.view_document(DOCTOR, "v1", "letter")

    refused = code_of(lambda: workflow.export_document(DOCTOR, "v1", "letter"))
    assert refused == "visit_in_error"
    assert records.audit_entries(AuditFilter("document_exported")) == []


def entered_again(workflow: Workflow) -> ReEntered:
    """Return v1 entered again for the right patient."""
    return workflow.re_enter_visit(DOCTOR, "v1", "right")


def test_a_marked_visit_is_entered_again_for_the_right_patient(
    workflow: Workflow, records: Store
) -> None:
    marked(workflow, records)
    before = records.visit("v1")
    new = entered_again(workflow).visit

    assert records.visit(new.id) == new
    assert new.answers == before.answers
    assert (new.patient_id, new.on, new.signature) == ("right", before.on, None)
    assert (new.state, new.responsible) == ("history", "doc")
    for one in records.changes_of(new.id):
        assert (one.way, one.who, one.role) == ("re_entered", "Dr. Kim", "clinician")
    assert records.visit("v1") == before, "the wrong one stays as it was signed"


def test_corrections_come_along_and_what_was_declined_stays_so(
    workflow: Workflow, records: Store
) -> None:
    declined = [change("risk.cancer", "unsure"), change("risk.immune", "unsure")]
    declined = [replace(one, declined=True) for one in declined]
    records.record("v1", 0, [*HISTORY, *declined])
    workflow.sign(DOCTOR, "v1", 1)
    workflow.add_addendum(DOCTOR, "v1", "correction", answers={"risk.immune": "no"})
    workflow.mark_entered_in_error(DOCTOR, "v1", "wrong")
    new = entered_again(workflow).visit

    told = {one.question: (one.new, one.declined) for one in records.changes_of(new.id)}
    assert told == {
        "pain.now": (6, False),
        "risk.cancer": ("unsure", True),
        "risk.immune": ("no", False),
    }


def test_an_answer_that_the_form_cannot_hold_any_more_is_left_out_and_named(
    workflow: Workflow, records: Store
) -> None:
    records.record("v1", 0, [change("pain.now", "six"), change("gone.question", 7)])
    mark = signature(records.visit("v1"), patient(), {}, DOCTOR, MORNING)
    records.sign("v1", 1, mark)
    wrong = addendum(
        "x", records.visit("v1"), [], "entered_in_error", DOCTOR, MORNING, text="x"
    )
    records.add_addendum(wrong)
    again = entered_again(workflow)

    assert again.left_out == ("pain.now",)
    assert again.visit.answers.as_dict() == {"gone.question": 7}


def test_a_visit_is_entered_again_once_only_when_marked_and_for_another(
    workflow: Workflow, records: Store
) -> None:
    workflow.sign(DOCTOR, "v1", 0)
    with pytest.raises(InputRefusedError):
        entered_again(workflow)
    workflow.mark_entered_in_error(DOCTOR, "v1", "wrong")
    with pytest.raises(InputRefusedError):
        workflow.re_enter_visit(DOCTOR, "v1", "p1")
    entered_again(workflow)

    assert code_of(lambda: entered_again(workflow)) == "visit_re_entered"
    assert len(records.visits_of("right")) == 1


# documents that left


def test_documents_of_a_moved_visit_bear_the_wrong_name_until_issued_anew(
    workflow: Workflow,
) -> None:
    workflow.view_document(DOCTOR, "v1", "summary")
    workflow.export_document(DOCTOR, "v1", "letter")
    assert not any(one.is_wrong for one in workflow.documents_of(DESK, "v1"))
    move(workflow, DOCTOR, "v1")
    workflow.export_document(DOCTOR, "v1", "letter")

    issued = workflow.documents_of(DESK, "v1")
    assert [(one.kind, one.how, one.bore, one.is_wrong) for one in issued] == [
        ("summary", "document_viewed", "Doe, Jane", True),
        ("letter", "document_exported", "Doe, Jane", True),
        ("letter", "document_exported", "Roe, Rita", False),
    ]


def test_all_documents_of_a_visit_entered_in_error_are_wrong(
    workflow: Workflow,
) -> None:
    workflow.sign(DOCTOR, "v1", 0)
    workflow.export_document(DESK, "v1", "letter")
    workflow.mark_entered_in_error(DOCTOR, "v1", "wrong")

    (one,) = workflow.documents_of(DESK, "v1")
    assert one.is_wrong
    assert "letter, saved as a file by Dee, for Doe, Jane" in one.words
    assert one.words in recall.as_text([one], MORNING.date())
    assert "No document" in recall.as_text([], MORNING.date())


def test_a_document_of_who_was_merged_since_bears_no_wrong_name(
    workflow: Workflow, records: Store
) -> None:
    workflow.export_document(DOCTOR, "v1", "letter")
    workflow.merge_patients(DESK, records.patient("p1"), records.patient("right"))

    (one,) = workflow.documents_of(EVERYTHING, "v1")
    assert not one.is_wrong


def test_an_older_note_tells_of_the_patient_the_visit_was_opened_for(
    workflow: Workflow, records: Store
) -> None:
    """Written before notes told whose name a document bore."""
    detail = {"kind": "letter"}
    records.note(
        [AuditNote("document_exported", "doc", MORNING, "clinician", "v1", detail)]
    )
    move(workflow, DOCTOR, "v1")

    (one,) = workflow.documents_of(DESK, "v1")
    assert (one.bore, one.is_wrong) == ("Doe, Jane", True)
