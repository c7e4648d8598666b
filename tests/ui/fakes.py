"""A store that keeps everything in memory and behaves as the port says."""

import threading
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import UTC, date, datetime

from intake.answers import AnswerChange, Value
from intake.assessment import assess
from intake.call_backs import Call, CallBack, CallOutcome
from intake.close_of_day import Part, left_over
from intake.confirmations import Confirmation, entered, entered_json
from intake.decisions import Decision, signed_json
from intake.earlier import Earlier
from intake.errors import UserFacingError
from intake.moves import StateChange
from intake.outcome_json import assessment_json
from intake.patient import Patient
from intake.people import Person
from intake.ports import Conflict, ConflictError
from intake.protocol import Tier
from intake.protocol_loader import default_protocol
from intake.reassessment import Difference, Reassessment
from intake.recall import Issued
from intake.record import Record
from intake.signing import Addendum, AddendumKind, addendum, signature
from intake.tell_now import Told
from intake.visit import Visit, VisitState
from intake.whose import MergedPatient, MergePreview, PatientMerge, ReEntered
from intake.worklist import WorklistEntry, by_danger

_MERGED_AT = datetime(2026, 11, 24, 9, tzinfo=UTC)
SAM = Person("sam", "Sam", frozenset({"desk", "clinician", "owner"}))


class MemoryStore:
    """Implements `VisitRecords`; `failing` makes every write fail with that error."""

    def __init__(self) -> None:
        self.patients: dict[str, Patient] = {}
        #: Registrations as they were, the latest first.
        self.earlier: list[Patient] = []
        self.visits: dict[str, Visit] = {}
        self.changes: dict[str, list[AnswerChange]] = {}
        self.moves: dict[str, list[StateChange]] = {}
        self.asked: dict[str, CallBack] = {}
        self.set_aside: list[tuple[str, AnswerChange]] = []
        self.addenda: list[Addendum] = []
        self.decisions: list[tuple[str, Decision]] = []
        self.confirmations: list[tuple[str, Confirmation]] = []
        self.told: list[tuple[str, Told]] = []
        #: Why visits were moved.
        self.reasons: list[str] = []
        self.merges: dict[int, tuple[MergedPatient, list[str]]] = {}
        #: Documents that left: of which visit, and what.
        self.issued: list[tuple[str, Issued]] = []
        #: On whose behalf each entry was stored.
        self.by: list[str] = []
        self.failing: UserFacingError | None = None
        self.closed = False
        self._lock = threading.Lock()

    def _check(self) -> None:
        if self.failing is not None:
            raise self.failing

    def register(self, patient: Patient) -> None:
        self._check()
        self.patients[patient.id] = patient

    def update_patient(self, patient: Patient) -> None:
        self.register(patient)

    def patient(self, patient_id: str) -> Patient:
        return self.patients[patient_id]

    def find_patients(self, text: str, limit: int = 50) -> Sequence[Patient]:
        words = text.casefold().split()
        found = [
            p
            for p in list(self.patients.values())
            if all(w in f"{p.name} {p.birth_date} {p.phone}".casefold() for w in words)
        ]
        return found[:limit]

    def last_visits(self, patient_ids: Sequence[str]) -> Mapping[str, date]:
        # A copy: somebody else writes meanwhile.
        visits = list(self.visits.values())
        visits.sort(key=lambda visit: visit.on)
        return {v.patient_id: v.on for v in visits if v.patient_id in patient_ids}

    def earlier_registrations(self, patient_id: str) -> Sequence[Patient]:
        return [one for one in self.earlier if one.id == patient_id]

    def change_registration(self, patient: Patient) -> Patient:
        self._check()
        if self.patients[patient.id].revision != patient.revision:
            raise UserFacingError("registration_changed", "It changed.", "Read it.")
        self.earlier.insert(0, self.patients[patient.id])
        stored = replace(patient, revision=patient.revision + 1)
        self.patients[patient.id] = stored
        return stored

    def open_visit(self, visit: Visit) -> None:
        self._check()
        self.visits[visit.id] = visit

    def visit(self, visit_id: str) -> Visit:
        return self.visits[visit_id]

    def visits_of(self, patient_id: str) -> Sequence[Visit]:
        return [v for v in self.visits.values() if v.patient_id == patient_id]

    def recent_visits(self, limit: int = 50) -> Sequence[tuple[Visit, Patient]]:
        visits = list(reversed(self.visits.values()))[:limit]
        return [(v, self.patients[v.patient_id]) for v in visits]

    def record(
        self, visit_id: str, from_revision: int, changes: Sequence[AnswerChange]
    ) -> Visit:
        self._check()
        with self._lock:
            visit = self.visits[visit_id]
            if from_revision != visit.revision:
                conflicts = [
                    Conflict(
                        c.question,
                        visit.answers.get(c.question),
                        c.new,
                        self.changes[visit_id][-1],
                    )
                    for c in changes
                    if visit.answers.get(c.question) not in (c.old, c.new)
                ]
                if conflicts:
                    raise ConflictError(conflicts, visit)
            visit = visit.with_changes(changes)
            self.visits[visit_id] = visit
            self.changes.setdefault(visit_id, []).extend(changes)
            return visit

    def changes_of(self, visit_id: str) -> Sequence[AnswerChange]:
        return self.changes.get(visit_id, [])

    def settle_conflict(self, visit_id: str, loser: AnswerChange) -> None:
        self._check()
        self.set_aside.append((visit_id, loser))

    def answers_set_aside(self, visit_id: str) -> Sequence[AnswerChange]:
        return [loser for where, loser in self.set_aside if where == visit_id]

    def change_state(
        self, visit_id: str, revision: int, to: VisitState, reason: str = ""
    ) -> Visit:
        self._check()
        visit = self.visits[visit_id]
        if revision != visit.revision:
            raise UserFacingError("visit_moved", "It was moved.", "Look again.")
        move = StateChange(visit.state, to, SAM.id, visit.opened_at, reason)
        self.moves.setdefault(visit_id, []).append(move)
        self.visits[visit_id] = replace(visit, state=to, revision=visit.revision + 1)
        return self.visits[visit_id]

    def moves_of(self, visit_id: str) -> Sequence[StateChange]:
        return self.moves.get(visit_id, [])

    def worklist(self) -> Sequence[WorklistEntry]:
        return by_danger(
            WorklistEntry(
                visit,
                self.patients[visit.patient_id],
                Tier.MONITOR,
                None,
                (),
                (),
                "",
                visit.opened_at,
            )
            # A copy: somebody else writes meanwhile.
            for visit in list(self.visits.values())
        )

    def close_of_day(self) -> Sequence[Part]:
        return left_over(self.worklist(), lambda one: f"Danger to {one.patient.name}.")

    def call_backs(self) -> Sequence[tuple[CallBack, Patient]]:
        visits = self.visits
        return [
            (one, self.patients[visits[one.visit_id].patient_id])
            for one in self.asked.values()
            if not one.is_done
        ]

    def record_call(
        self, call_back_id: str, outcome: CallOutcome, note: str = ""
    ) -> CallBack:
        self._check()
        one = self.asked[call_back_id]
        call = Call(outcome, SAM.id, one.asked_at, note)
        self.asked[call_back_id] = replace(one, calls=(*one.calls, call))
        return self.asked[call_back_id]

    def close_call_back(self, call_back_id: str, reason: str) -> CallBack:
        return self.record_call(call_back_id, "closed", reason)

    def moment(self) -> int:
        visits = list(self.visits.values())
        return len(self.patients) + sum(visit.revision + 1 for visit in visits)

    def decide(self, visit_id: str, decision: Decision) -> Visit:
        self._check()
        with self._lock:
            visit = self.visits[visit_id]
            if decision.id not in {one.id for _, one in self.decisions}:
                is_late = visit.state == "signed"
                self.decisions.append((visit_id, replace(decision, is_late=is_late)))
                after = visit.revision + (not is_late)
                self.visits[visit_id] = visit = replace(visit, revision=after)
            return visit

    def decisions_of(self, visit_id: str) -> Sequence[Decision]:
        return [one for where, one in self.decisions if where == visit_id]

    def confirm(self, visit_id: str, confirmations: Sequence[Confirmation]) -> Visit:
        self._check()
        with self._lock:
            visit = self.visits[visit_id]
            known = {one.id for _, one in self.confirmations}
            new = [one for one in confirmations if one.id not in known]
            is_late = visit.state == "signed"
            for one in new:
                self.confirmations.append((visit_id, replace(one, is_late=is_late)))
            after = visit.revision + (bool(new) and not is_late)
            self.visits[visit_id] = visit = replace(visit, revision=after)
            return visit

    def confirmations_of(self, visit_id: str) -> Sequence[Confirmation]:
        return [one for where, one in self.confirmations if where == visit_id]

    def note_told(self, visit_id: str, told: Told) -> None:
        self._check()
        if told.id not in {one.id for _, one in self.told}:
            self.told.append((visit_id, told))

    def told_of(self, visit_id: str) -> Sequence[Told]:
        return [one for where, one in self.told if where == visit_id]

    def earlier_visits(self, patient_id: str, before: datetime) -> Sequence[Earlier]:
        return [
            Earlier(one.id, one.on, one.answers)
            for one in self.visits_of(patient_id)
            if one.opened_at < before
        ]

    def move_visit(
        self, visit_id: str, revision: int, seen: str, to: str, reason: str
    ) -> Visit:
        self._check()
        visit = self.visits[visit_id]
        if (visit.revision, visit.patient_id) != (revision, seen):
            raise UserFacingError("visit_of_another", "It was moved.", "Read it.")
        self.visits[visit_id] = replace(visit, patient_id=to)
        self.reasons.append(reason)
        return self.visits[visit_id]

    def preview_merge(self, goes: str, stays: str) -> MergePreview:
        counts = [len(self.visits_of(one)) for one in (goes, stays)]
        return MergePreview(self.patients[goes], self.patients[stays], *counts)

    def merge_patients(self, goes: Patient, stays: Patient) -> None:
        self._check()
        theirs = [visit.id for visit in self.visits_of(goes.id)]
        merge = PatientMerge(goes.id, stays.id, "sam", _MERGED_AT, len(self.merges) + 1)
        self.merges[merge.number] = (MergedPatient(goes, merge), theirs)
        for one in theirs:
            self.visits[one] = replace(self.visits[one], patient_id=stays.id)
        del self.patients[goes.id]

    def merged_patients(self, patient_id: str) -> Sequence[MergedPatient]:
        found = [one for one, _ in self.merges.values() if one.merge.into == patient_id]
        return found[::-1]

    def merged_names(self, patient_ids: Sequence[str]) -> Mapping[str, tuple[str, ...]]:
        found = {one: self.merged_patients(one) for one in patient_ids}
        return {
            stays: tuple(one.patient.name for one in went)
            for stays, went in found.items()
            if went
        }

    def undo_merge(self, merge: PatientMerge) -> None:
        self._check()
        merged, theirs = self.merges.pop(merge.number)
        self.patients[merged.patient.id] = merged.patient
        for one in theirs:
            self.visits[one] = replace(self.visits[one], patient_id=merged.patient.id)

    def mark_entered_in_error(self, visit_id: str, reason: str) -> Addendum:
        self._check()
        one = self.add_addendum(visit_id, "entered_in_error", text=reason)
        self.visits[visit_id] = replace(self.visits[visit_id], is_in_error=True)
        return one

    def re_enter_visit(self, visit_id: str, to: str) -> ReEntered:
        self._check()
        wrong = self.visits[visit_id]
        new = replace(
            wrong,
            id=f"{visit_id} again",
            patient_id=to,
            state="history",
            signature=None,
            is_in_error=False,
        )
        self.visits[new.id] = new
        return ReEntered(new)

    def documents_of(self, visit_id: str) -> Sequence[Issued]:
        return [one for where, one in self.issued if where == visit_id]

    def sign(self, visit_id: str, revision: int, seen: str = "") -> Visit:
        visit = self.visits[visit_id]
        if visit.revision != revision or seen not in ("", visit.patient_id):
            raise UserFacingError("visit_changed", "Something was added.", "Read it.")
        patient = self.patients[visit.patient_id]
        found = assess(default_protocol(), patient, visit.answers, visit.on)
        told = assessment_json(found)
        decided = signed_json(found, self.decisions_of(visit_id))
        given = entered(self.changes_of(visit_id), self.confirmations_of(visit_id))
        mark = signature(
            visit,
            patient,
            told,
            SAM,
            visit.opened_at,
            decided,
            entered=entered_json(given.values()),
        )
        self.visits[visit_id] = replace(visit, state="signed", signature=mark)
        return self.visits[visit_id]

    def add_addendum(
        self,
        visit_id: str,
        kind: AddendumKind,
        *,
        text: str = "",
        answers: Mapping[str, Value | None] | None = None,
    ) -> Addendum:
        visit, earlier = self.visits[visit_id], self.addenda_of(visit_id)
        one = addendum(
            f"a{len(self.addenda)}",
            visit,
            earlier,
            kind,
            SAM,
            visit.opened_at,
            text=text,
            answers=answers,
        )
        self.addenda.append(one)
        return one

    def addenda_of(self, visit_id: str) -> Sequence[Addendum]:
        return [one for one in self.addenda if one.visit_id == visit_id]

    def reassess(self, visit_id: str) -> Reassessment:
        return Reassessment((Difference("tier", f"{visit_id} is urgent now."),), {})

    def on_behalf_of(self, person_id: str) -> "MemoryStore":
        self.by.append(person_id)
        return self

    def close(self) -> None:
        self.closed = True


def someone_elses_change(store: MemoryStore, visit_id: str, question: str) -> None:
    """Let somebody else answer a question meanwhile."""
    visit = store.visits[visit_id]
    answers = visit.answers.changed(question, "no")
    store.visits[visit_id] = replace(
        visit, answers=answers, revision=visit.revision + 1
    )
    at = visit.opened_at
    change = AnswerChange(question, None, "no", "Kim", "clinician", at, "clinician")
    store.changes.setdefault(visit_id, []).append(change)


class Recorder:
    """Keeps the messages a person would have seen."""

    def __init__(self) -> None:
        self.messages: list[tuple[str, str]] = []
        self.questions: list[tuple[str, str, str]] = []
        self.picks = 2

    def tell(self, text: str, action: str) -> None:
        self.messages.append((text, action))

    def choose(self, text: str, first: str, second: str) -> str:
        self.questions.append((text, first, second))
        return ("", first, second)[self.picks]


class TextDocuments:
    """Makes the smallest PDF there is, however the clinic settled it."""

    def __init__(self, **settled: object) -> None:
        self.settled = settled

    def summary(self, record: Record) -> bytes:
        return _PDF + b"%% " + record.patient.name.encode()

    def letter(self, record: Record) -> bytes:
        return self.summary(record)


_PDF = (
    b"%PDF-1.4\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj\n"
    b"2 0 obj<</Type/Pages/Kids[3 0 R]/Count 1>>endobj\n"
    b"3 0 obj<</Type/Page/Parent 2 0 R/MediaBox[0 0 99 99]>>endobj\n"
    b"trailer<</Root 1 0 R>>\n"
)
