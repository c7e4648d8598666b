"""The records on behalf of one person at a time, as the window uses them."""

from collections.abc import Callable, Mapping, Sequence
from datetime import date, datetime

from intake.answers import AnswerChange, Value
from intake.call_backs import CallBack, CallOutcome
from intake.close_of_day import Part
from intake.confirmations import Confirmation
from intake.decisions import Decision
from intake.earlier import Earlier
from intake.moves import StateChange
from intake.patient import Patient
from intake.people import Person
from intake.reassessment import Reassessment
from intake.recall import Issued
from intake.signing import Addendum, AddendumKind
from intake.tell_now import Told
from intake.visit import Visit, VisitState
from intake.whose import MergedPatient, MergePreview, PatientMerge, ReEntered
from intake.workflow import Workflow
from intake.worklist import WorklistEntry


class Acting:
    """Every call is the use case of whoever is signed in; see `ports.VisitRecords`.

    Args:
        workflow: asks who may, and writes down what is done.
        person: tells who is signed in.
        close: lets go of the records.
        named: returns a person by id, or None for nobody of here.
    """

    def __init__(
        self,
        workflow: Workflow,
        person: Callable[[], Person],
        close: Callable[[], None],
        named: Callable[[str], Person | None],
    ) -> None:
        """Act for nobody until `person` tells."""
        self._workflow = workflow
        self._person = person
        self._close = close
        self._named = named

    def on_behalf_of(self, person_id: str) -> "Acting":
        """Return the same records for one person, whoever signs in meanwhile."""
        person = self._person()
        # Whoever is in is known already, and is the usual case. Nobody of here was
        # in a draft from before older records were put back.
        if person_id not in ("", person.id):
            person = self._named(person_id) or person
        return Acting(self._workflow, lambda: person, self._close, self._named)

    def register(self, patient: Patient) -> None:
        """Store a new patient."""
        self._workflow.register(self._person(), patient)

    def patient(self, patient_id: str) -> Patient:
        """Return a patient; KeyError if there is none."""
        return self._workflow.read_patient(self._person(), patient_id)

    def find_patients(self, text: str, limit: int = 50) -> Sequence[Patient]:
        """Return patients whose names, birth date, phone or chart number match."""
        return self._workflow.find_patients(self._person(), text, limit)

    def last_visits(self, patient_ids: Sequence[str]) -> Mapping[str, date]:
        """Return the day on which each of some patients was here last."""
        return self._workflow.last_visits(self._person(), patient_ids)

    def earlier_registrations(self, patient_id: str) -> Sequence[Patient]:
        """Return a registration as it was before each change, the latest first."""
        return self._workflow.earlier_registrations(self._person(), patient_id)

    def change_registration(self, patient: Patient) -> Patient:
        """Store a changed registration, as it was read, and return it as stored."""
        return self._workflow.change_registration(self._person(), patient)

    def open_visit(self, visit: Visit) -> None:
        """Store a new visit."""
        self._workflow.open_visit(self._person(), visit)

    def visit(self, visit_id: str) -> Visit:
        """Return a visit with its answers; KeyError if there is none."""
        return self._workflow.read_visit(self._person(), visit_id)

    def visits_of(self, patient_id: str) -> Sequence[Visit]:
        """Return a patient's visits, newest first."""
        return self._workflow.visits_of(self._person(), patient_id)

    def recent_visits(self, limit: int = 50) -> Sequence[tuple[Visit, Patient]]:
        """Return the latest visits of all patients, newest first."""
        return self._workflow.list_visits(self._person(), limit)

    def record(
        self, visit_id: str, from_revision: int, changes: Sequence[AnswerChange]
    ) -> Visit:
        """Store changes made from a revision, and return the visit as stored."""
        return self._workflow.record_history(
            self._person(), visit_id, from_revision, changes
        )

    def changes_of(self, visit_id: str) -> Sequence[AnswerChange]:
        """Return every change of a visit, oldest first."""
        return self._workflow.changes_of(self._person(), visit_id)

    def earlier_visits(self, patient_id: str, before: datetime) -> Sequence[Earlier]:
        """Return what a patient's visits before a moment said, oldest first."""
        return self._workflow.earlier_visits(self._person(), patient_id, before)

    def settle_conflict(self, visit_id: str, loser: AnswerChange) -> None:
        """Keep the answer that somebody did not choose."""
        self._workflow.settle_conflict(self._person(), visit_id, loser)

    def answers_set_aside(self, visit_id: str) -> Sequence[AnswerChange]:
        """Return the answers that lost a conflict, oldest first."""
        return self._workflow.answers_set_aside(self._person(), visit_id)

    def decide(self, visit_id: str, decision: Decision) -> Visit:
        """Store what was decided on a suggestion, and return the visit as stored."""
        return self._workflow.decide(self._person(), visit_id, decision)

    def decisions_of(self, visit_id: str) -> Sequence[Decision]:
        """Return the decisions of a visit, oldest first."""
        return self._workflow.decisions_of(self._person(), visit_id)

    def confirm(self, visit_id: str, confirmations: Sequence[Confirmation]) -> Visit:
        """Store which answers a clinician confirmed, and return the visit as stored."""
        return self._workflow.confirm(self._person(), visit_id, confirmations)

    def confirmations_of(self, visit_id: str) -> Sequence[Confirmation]:
        """Return the confirmations of a visit, oldest first."""
        return self._workflow.confirmations_of(self._person(), visit_id)

    def note_told(self, visit_id: str, told: Told) -> None:
        """Keep which clinician was told of an answer, and when."""
        self._workflow.note_told(self._person(), visit_id, told)

    def told_of(self, visit_id: str) -> Sequence[Told]:
        """Return who was told of answers of a visit, oldest first."""
        return self._workflow.told_of(self._person(), visit_id)

    def sign(self, visit_id: str, revision: int, seen: str = "") -> Visit:
        """Sign a visit as it was read at a revision, and return it."""
        return self._workflow.sign(self._person(), visit_id, revision, seen)

    def add_addendum(
        self,
        visit_id: str,
        kind: AddendumKind,
        *,
        text: str = "",
        answers: Mapping[str, Value | None] | None = None,
    ) -> Addendum:
        """Add to a signed visit."""
        return self._workflow.add_addendum(
            self._person(), visit_id, kind, text=text, answers=answers
        )

    def addenda_of(self, visit_id: str) -> Sequence[Addendum]:
        """Return the addenda of a visit, oldest first."""
        return self._workflow.addenda_of(self._person(), visit_id)

    def reassess(self, visit_id: str) -> Reassessment:
        """Assess a signed visit again with today's protocol; nothing is stored."""
        return self._workflow.reassess(self._person(), visit_id)

    def change_state(
        self, visit_id: str, revision: int, to: VisitState, reason: str = ""
    ) -> Visit:
        """Move a visit as it was read at a revision, and return it as stored."""
        return self._workflow.change_state(
            self._person(), visit_id, revision, to, reason
        )

    def moves_of(self, visit_id: str) -> Sequence[StateChange]:
        """Return the moves of a visit, oldest first; signing is none."""
        return self._workflow.moves_of(self._person(), visit_id)

    def close_of_day(self) -> Sequence[Part]:
        """Return what is left of the day."""
        return self._workflow.close_of_day(self._person())

    def worklist(self) -> Sequence[WorklistEntry]:
        """Return the visits of today, older ones not finished, and calls to make."""
        return self._workflow.worklist(self._person())

    def call_backs(self) -> Sequence[tuple[CallBack, Patient]]:
        """Return whom somebody has still to call, oldest first."""
        return self._workflow.call_backs(self._person())

    def record_call(
        self, call_back_id: str, outcome: CallOutcome, note: str = ""
    ) -> CallBack:
        """Keep what came of a call, and return the call-back as it is now."""
        return self._workflow.record_call(self._person(), call_back_id, outcome, note)

    def close_call_back(self, call_back_id: str, reason: str) -> CallBack:
        """Keep why nobody has to call any more."""
        return self._workflow.close_call_back(self._person(), call_back_id, reason)

    def moment(self) -> int:
        """Return a number that grows with every write of anybody."""
        return self._workflow.moment(self._person())

    def move_visit(
        self, visit_id: str, revision: int, seen: str, to: str, reason: str
    ) -> Visit:
        """Move a visit, as it was read, to the patient it is really of."""
        return self._workflow.move_visit(
            self._person(), visit_id, revision, seen, to, reason
        )

    def preview_merge(self, goes: str, stays: str) -> MergePreview:
        """Return two patients side by side, with the numbers of their visits."""
        return self._workflow.preview_merge(self._person(), goes, stays)

    def merge_patients(self, goes: Patient, stays: Patient) -> None:
        """Merge a patient into another, both as they were read."""
        self._workflow.merge_patients(self._person(), goes, stays)

    def merged_patients(self, patient_id: str) -> Sequence[MergedPatient]:
        """Return who was merged into a patient, the latest first."""
        return self._workflow.merged_patients(self._person(), patient_id)

    def merged_names(self, patient_ids: Sequence[str]) -> Mapping[str, tuple[str, ...]]:
        """Return the names that patients had before a merge, by who stays."""
        return self._workflow.merged_names(self._person(), patient_ids)

    def undo_merge(self, merge: PatientMerge) -> None:
        """Take a merge back."""
        self._workflow.undo_merge(self._person(), merge)

    def mark_entered_in_error(self, visit_id: str, reason: str) -> Addendum:
        """Mark a signed visit as one that should not be there."""
        return self._workflow.mark_entered_in_error(self._person(), visit_id, reason)

    def re_enter_visit(self, visit_id: str, to: str) -> ReEntered:
        """Open a visit for the right patient with the answers of a marked one."""
        return self._workflow.re_enter_visit(self._person(), visit_id, to)

    def documents_of(self, visit_id: str) -> Sequence[Issued]:
        """Return the documents of a visit that were shown or left the records."""
        return self._workflow.documents_of(self._person(), visit_id)

    def close(self) -> None:
        """Let go of the records."""
        self._close()
