"""The use cases about whose visit it is: move, merge, take back, mark, re-enter.

Part of `intake.workflow.Workflow`, and bound to its rules. The desk moves what it typed
on the wrong patient; once a clinician is responsible for a visit, a clinician moves it.
A signed visit stays where it was signed: it is marked, and entered again.
"""

import uuid
from collections.abc import Mapping, Sequence
from typing import Protocol

from intake import recall
from intake.answer_check import AnswerRefusedError, checked
from intake.answers import AnswerChange, Value
from intake.audit import AuditEntry, AuditFilter, AuditNote, Event
from intake.errors import InputRefusedError, Problem, UserFacingError
from intake.patient import Patient
from intake.people import Person
from intake.ports import Clock, RecordStore
from intake.protocol import Protocol as ClinicalProtocol
from intake.recall import Issued
from intake.signing import Addendum, addendum
from intake.visit import Visit
from intake.whose import (
    LONGEST_REASON,
    MergedPatient,
    MergePreview,
    PatientMerge,
    ReEntered,
    VisitLink,
    re_entered_id,
)

_MOST_DOCUMENTS = 10_000


class _UseCases(Protocol):
    """What this part needs of the workflow."""

    _store: RecordStore
    _protocol: ClinicalProtocol
    _clock: Clock

    def _allow(self, by: Person, use_case: str) -> Person: ...

    def _note(
        self, event: Event, by: Person, subject: str = "", **detail: str | int
    ) -> AuditNote: ...

    def _is_clinicians(self, question: str) -> bool: ...

    def _as_may_be_read(self, by: Person, visit: Visit) -> Visit: ...


class WhoseVisit:
    """What people do when a visit, or a patient, is not who it seems to be."""

    def move_visit(
        self: _UseCases,
        by: Person,
        visit_id: str,
        revision: int,
        seen: str,
        to: str,
        reason: str,
    ) -> Visit:
        """Move a visit that is not signed to the patient it is really of.

        Args:
            by: who moves it; a clinician, once one is responsible for it.
            visit_id: which visit.
            revision: of the visit, as it was read.
            seen: the id of the patient it had then.
            to: the id of the right patient.
            reason: why, in a few words; it is kept beside the visit.

        Raises:
            InputRefusedError: there is no reason, or it is their visit already.
            UserFacingError: (visit_signed, visit_changed, visit_of_another,
                patient_merged) see `WhoseStore.move_visit`; nothing was moved.
        """
        by = self._allow(by, "move_visit")
        visit = self._store.visit(visit_id)
        if visit.responsible or any(map(self._is_clinicians, visit.answers)):
            by = self._allow(by, "record_examination")
        if to == visit.patient_id == seen:
            what = "It is this patient's visit already."
            raise InputRefusedError([Problem("patient", what, "Choose another one.")])
        link = VisitLink(visit_id, to, by.id, self._clock.now(), _reason(reason))
        note = self._note("visit_moved", by, visit_id, giver=seen, taker=to)
        moved = self._store.move_visit(link, revision, seen, [note])
        return self._as_may_be_read(by, moved)

    def preview_merge(
        self: _UseCases, by: Person, goes: str, stays: str
    ) -> MergePreview:
        """Return both patients as they are registered, and their visits' numbers."""
        by = self._allow(by, "preview_merge")
        patients = self._store.patient(goes), self._store.patient(stays)
        counts = [len(self._store.visits_of(one.id)) for one in patients]
        self._store.note([self._note("patient_read", by, goes, beside=stays)])
        return MergePreview(*patients, *counts)

    def merge_patients(
        self: _UseCases, by: Person, goes: Patient, stays: Patient
    ) -> None:
        """Merge a patient into another: one person was registered twice.

        Args:
            by: who decides it.
            goes: is not found any more, as they were read.
            stays: has the visits of both from now on, as they were read.

        Raises:
            InputRefusedError: it is one and the same.
            UserFacingError: (patient_merged, registration_changed) see
                `WhoseStore.merge`; nothing was merged.
        """
        by = self._allow(by, "merge_patients")
        if goes.id == stays.id:
            what = "This is one and the same registration."
            raise InputRefusedError([Problem("patient", what, "Choose another one.")])
        merge = PatientMerge(goes.id, stays.id, by.id, self._clock.now())
        note = self._note("patients_merged", by, goes.id, into=stays.id)
        self._store.merge(merge, goes, stays, [note])

    def merged_patients(
        self: _UseCases, by: Person, patient_id: str
    ) -> Sequence[MergedPatient]:
        """Return who was merged into a patient, the latest first."""
        by = self._allow(by, "merged_patients")
        found = self._store.merged_into(patient_id)
        self._store.note([self._note("patient_read", by, patient_id, what="merges")])
        return [
            MergedPatient(self._store.patient(one.patient_id), one) for one in found
        ]

    def merged_names(
        self: _UseCases, by: Person, patient_ids: Sequence[str]
    ) -> Mapping[str, tuple[str, ...]]:
        """Return the names under which patients were registered before a merge.

        It is asked beside every search, so it is not written down either.

        Returns:
            Names by the id of who stays, of all who went into them, straight or not;
            without those into whom nobody went.
        """
        by = self._allow(by, "merged_names")
        return {
            stays: tuple(one.name or "a patient without a name" for one in went)
            for stays, went in self._store.who_went_into(patient_ids).items()
        }

    def undo_merge(self: _UseCases, by: Person, merge: PatientMerge) -> None:
        """Take a merge back; each has the visits again that are linked to them.

        Raises:
            UserFacingError: (merge_changed) it does not stand any more.
        """
        by = self._allow(by, "undo_merge")
        undo = PatientMerge(merge.patient_id, "", by.id, self._clock.now())
        note = self._note("merge_undone", by, merge.patient_id, was_in=merge.into)
        self._store.undo_merge(undo, merge.number, [note])

    def mark_entered_in_error(
        self: _UseCases, by: Person, visit_id: str, reason: str
    ) -> Addendum:
        """Mark a signed visit as one that should not be there; the visit stays.

        Raises:
            InputRefusedError: there is no reason, or the visit is not signed.
            UserFacingError: (visit_in_error) it is marked already.
        """
        by = self._allow(by, "mark_entered_in_error")
        visit = self._store.visit(visit_id)
        if visit.signature is None:
            what = "A visit that is not signed needs no mark."
            raise InputRefusedError([Problem("visit", what, "Move it instead.")])
        if visit.is_in_error:
            raise in_error("Nothing was added to it.")
        one = addendum(
            str(uuid.uuid4()),
            visit,
            self._store.addenda_of(visit_id),
            "entered_in_error",
            by,
            self._clock.now(),
            text=_reason(reason),
        )
        note = self._note("marked_in_error", by, visit_id, digest=one.digest)
        self._store.add_addendum(one, [note])
        return one

    def re_enter_visit(
        self: _UseCases, by: Person, visit_id: str, to: str
    ) -> ReEntered:
        """Open a visit for the right patient with the answers of the wrong one.

        The day is that of the wrong one; nothing of it is signed. Each answer is
        recorded as re-entered by whoever does it, to be confirmed with the patient.

        Raises:
            InputRefusedError: the visit is not marked as entered in error, or it is
                this patient's.
            UserFacingError: (visit_re_entered) it was re-entered before.
        """
        by = self._allow(by, "re_enter_visit")
        wrong = self._store.visit(visit_id)
        if not wrong.is_in_error:
            what = "Only a visit that is marked as entered in error is re-entered."
            raise InputRefusedError([Problem("visit", what, "Mark it first.")])
        if to == wrong.patient_id:
            what = "It was signed for this patient."
            raise InputRefusedError([Problem("patient", what, "Choose another one.")])
        answers = self._store.answers_now(visit_id)
        left_out = tuple(q for q, v in answers.items() if not _fits(self, q, v))
        changes = _re_entered(self, by, wrong, answers, frozenset(left_out))
        visit = Visit(
            id=re_entered_id(visit_id),
            patient_id=to,
            on=wrong.on,
            opened_at=self._clock.now(),
            protocol_id=self._protocol.id,
            protocol_version=self._protocol.version,
            protocol_digest=self._protocol.digest,
            responsible=by.id,
        )
        note = self._note(
            "visit_re_entered",
            by,
            visit.id,
            instead_of=visit_id,
            answers=len(changes),
            left_out=len(left_out),
        )
        opened = self._store.open_with_answers(visit, changes, [note])
        return ReEntered(opened, left_out)

    def documents_of(self: _UseCases, by: Person, visit_id: str) -> Sequence[Issued]:
        """Return the documents of a visit that were shown or left the records."""
        by = self._allow(by, "documents_of")
        visit = self._store.visit(visit_id)
        first = self._store.opened_for(visit_id)
        names = {one.id: one.name for one in self._store.people()}
        wanted = (
            AuditFilter(event=event, subject=visit_id, limit=_MOST_DOCUMENTS)
            for event in recall.LEFT
        )
        found = [entry for one in wanted for entry in self._store.audit_entries(one)]
        issued = [
            _issued(self, visit, entry, recall.patient_on(entry, first), names)
            for entry in recall.in_order(found)
        ]
        self._store.note([self._note("visit_read", by, visit_id, what="documents")])
        return issued


def in_error(action: str) -> UserFacingError:
    """Return the error that a visit is marked as entered in error."""
    return UserFacingError(
        "visit_in_error", "This visit is marked as entered in error.", action
    )


def _reason(text: str) -> str:
    """Return why something is done, without blanks around it.

    Raises:
        InputRefusedError: there is none, or it is too long or cannot be printed.
    """
    reason = " ".join(text.split())
    if not reason or len(reason) > LONGEST_REASON or not reason.isprintable():
        what = f"A reason has 1 to {LONGEST_REASON} characters that can be printed."
        raise InputRefusedError([Problem("reason", what, "Say why in a few words.")])
    return reason


def _fits(cases: _UseCases, question_id: str, value: Value) -> bool:
    """Return whether today's form can hold an answer; it may know nothing of it."""
    question = cases._protocol.questions.get(question_id)  # noqa: SLF001  (its part)
    if question is None:
        return True
    try:
        checked(cases._protocol, question, value)  # noqa: SLF001  (its part)
    except AnswerRefusedError:
        return False
    return True


def _re_entered(
    cases: _UseCases,
    by: Person,
    wrong: Visit,
    answers: Mapping[str, Value],
    left_out: frozenset[str],
) -> list[AnswerChange]:
    """Return the answers of a visit as somebody's who enters them again."""
    store, clock = cases._store, cases._clock  # noqa: SLF001  (its part)
    now = clock.now()
    last = {one.question: one for one in store.changes_of(wrong.id)}
    return [
        AnswerChange(
            question,
            None,
            value,
            by.name,
            "clinician",
            now,
            "re_entered",
            # A corrected answer was not declined any more.
            declined=question in last
            and last[question].declined
            and last[question].new == value,
        )
        for question, value in answers.items()
        if question not in left_out
    ]


def _issued(
    cases: _UseCases,
    visit: Visit,
    entry: AuditEntry,
    bore: str,
    names: Mapping[str, str],
) -> Issued:
    store = cases._store  # noqa: SLF001  (its part)
    note = entry.note
    return Issued(
        kind=str(note.detail.get("kind", "")),
        how=note.event,
        at=note.at,
        who=names.get(note.who, note.who),
        bore=store.patient(bore).name or "a patient without a name",
        is_wrong=visit.is_in_error or store.living(bore) != visit.patient_id,
    )
