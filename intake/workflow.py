"""The use cases: who may do what with the records, and what is written down of it.

Each method is one use case and stands under its own name in `intake.people`. It asks
first whether this person may, and hands the store what is to be noted together with the
write, so that neither can be there without the other.
"""

import uuid
from collections.abc import Mapping, Sequence
from dataclasses import replace

from intake.answers import AnswerChange, Value
from intake.as_signed import as_signed
from intake.assessment import assess
from intake.audit import AuditEntry, AuditNote, Event
from intake.outcome_json import assessment_json
from intake.patient import Patient
from intake.people import NotPermittedError, Person
from intake.ports import Clock, RecordStore
from intake.protocol import Protocol
from intake.reassessment import Reassessment, reassess
from intake.signing import Addendum, AddendumKind, addendum, signature
from intake.visit import Visit

Changes = Sequence[AnswerChange]


class Workflow:
    """What people do with the records of one clinic."""

    def __init__(self, store: RecordStore, protocol: Protocol, clock: Clock) -> None:
        """Work on a store that is open."""
        self._store = store
        self._protocol = protocol
        self._clock = clock

    # patients

    def register(self, by: Person, patient: Patient) -> None:
        """Store a new patient."""
        self._allow(by, "register")
        self._store.register(patient, [self._note("registered", by, patient.id)])

    def change_registration(self, by: Person, patient: Patient) -> Patient:
        """Store a changed registration and return it as stored."""
        self._allow(by, "change_registration")
        note = self._note("registration_changed", by, patient.id)
        return self._store.update_patient(patient, [note])

    def find_patients(
        self, by: Person, text: str, limit: int = 50
    ) -> Sequence[Patient]:
        """Return the patients who match.

        It is asked at every keystroke, so it is not written down; who is opened is.
        """
        self._allow(by, "find_patients")
        return self._store.find_patients(text, limit)

    def read_patient(self, by: Person, patient_id: str) -> Patient:
        """Return a patient."""
        self._allow(by, "read_patient")
        patient = self._store.patient(patient_id)
        self._store.note([self._note("patient_read", by, patient_id)])
        return patient

    # visits

    def open_visit(self, by: Person, visit: Visit) -> None:
        """Store a new visit of a patient."""
        self._allow(by, "open_visit")
        self._store.open_visit(visit, [self._note("visit_opened", by, visit.id)])

    def read_visit(self, by: Person, visit_id: str) -> Visit:
        """Return a visit; to the desk without what only clinicians record."""
        self._allow(by, "read_visit")
        visit = self._store.visit(visit_id)
        self._store.note([self._note("visit_read", by, visit_id)])
        return visit if by.may("record_examination") else self._of_history(visit)

    def visits_of(self, by: Person, patient_id: str) -> Sequence[Visit]:
        """Return a patient's visits, newest first; to the desk as in `read_visit`."""
        self._allow(by, "visits_of")
        found = self._store.visits_of(patient_id)
        self._store.note([self._note("patient_read", by, patient_id)])
        if by.may("record_examination"):
            return found
        return [self._of_history(visit) for visit in found]

    def changes_of(self, by: Person, visit_id: str) -> Sequence[AnswerChange]:
        """Return every change of a visit; to the desk those of the history."""
        self._allow(by, "changes_of")
        found = self._store.changes_of(visit_id)
        if by.may("record_examination"):
            return found
        return [one for one in found if not self._is_clinicians(one.question)]

    def list_visits(
        self, by: Person, limit: int = 50
    ) -> Sequence[tuple[Visit, Patient]]:
        """Return the latest visits; to the desk without what clinicians record."""
        self._allow(by, "list_visits")
        found = self._store.recent_visits(limit)
        if by.may("record_examination"):
            return found
        return [(self._of_history(visit), patient) for visit, patient in found]

    def record_history(
        self, by: Person, visit_id: str, from_revision: int, changes: Changes
    ) -> Visit:
        """Store answers that the desk may enter.

        Raises:
            NotPermittedError: one of them is the clinician's; nothing was stored.
        """
        self._allow(by, "record_history")
        if any(self._is_clinicians(change.question) for change in changes):
            self._allow(by, "record_examination")
        return self._record(by, visit_id, from_revision, changes)

    def record_examination(
        self, by: Person, visit_id: str, from_revision: int, changes: Changes
    ) -> Visit:
        """Store answers of any kind."""
        self._allow(by, "record_examination")
        return self._record(by, visit_id, from_revision, changes)

    def settle_conflict(self, by: Person, visit_id: str, loser: AnswerChange) -> None:
        """Keep the answer that was not chosen; the chosen one is stored as any other.

        Told twice (a draft taken over after a crash), it is kept once.
        """
        self._allow(by, "settle_conflict")
        if self._is_clinicians(loser.question):
            self._allow(by, "record_examination")
        kept = self._store.answers_set_aside(visit_id)
        if _loser_key(loser) in map(_loser_key, kept):
            return
        note = self._note("conflict_settled", by, visit_id, question=loser.question)
        self._store.set_aside(visit_id, loser, [note])

    def answers_set_aside(self, by: Person, visit_id: str) -> Changes:
        """Return the answers that lost a conflict; to the desk those of the history."""
        self._allow(by, "answers_set_aside")
        found = self._store.answers_set_aside(visit_id)
        if by.may("record_examination"):
            return found
        return [one for one in found if not self._is_clinicians(one.question)]

    def sign(self, by: Person, visit_id: str, revision: int) -> Visit:
        """Sign a visit as it was read, with the assessment it has now.

        Raises:
            UserFacingError: (visit_signed, visit_changed) see `RecordStore.sign`.
        """
        self._allow(by, "sign")
        visit = self._store.visit(visit_id)
        patient = self._store.patient(visit.patient_id)
        assessed = assess(self._protocol, patient, visit.answers, visit.on)
        visit = replace(
            visit,
            protocol_id=self._protocol.id,
            protocol_version=self._protocol.version,
            protocol_digest=self._protocol.digest,
        )
        mark = signature(
            visit, patient, assessment_json(assessed), by, self._clock.now()
        )
        note = self._note("signed", by, visit_id, digest=mark.digest)
        return self._store.sign(visit_id, revision, mark, [note])

    def add_addendum(
        self,
        by: Person,
        visit_id: str,
        kind: AddendumKind,
        *,
        text: str = "",
        answers: Mapping[str, Value | None] | None = None,
    ) -> Addendum:
        """Add to a signed visit: words, results, or corrected answers."""
        self._allow(by, "add_addendum")
        one = addendum(
            str(uuid.uuid4()),
            self._store.visit(visit_id),
            self._store.addenda_of(visit_id),
            kind,
            by,
            self._clock.now(),
            text=text,
            answers=answers,
        )
        note = self._note("addendum_added", by, visit_id, digest=one.digest)
        self._store.add_addendum(one, [note])
        return one

    def addenda_of(self, by: Person, visit_id: str) -> Sequence[Addendum]:
        """Return what was added to a signed visit, oldest first."""
        self._allow(by, "addenda_of")
        return self._store.addenda_of(visit_id)

    def reassess(self, by: Person, visit_id: str) -> Reassessment:
        """Assess a signed visit again with today's protocol; nothing is stored.

        Raises:
            ValueError: the visit is not signed, or its text cannot be read any more.
        """
        self._allow(by, "reassess")
        mark = self._store.visit(visit_id).signature
        if mark is None:
            raise ValueError("only a signed visit is assessed again")
        again = reassess(
            as_signed(mark), self._store.addenda_of(visit_id), self._protocol
        )
        self._store.note(
            [self._note("visit_read", by, visit_id, what="assessed again")]
        )
        return again

    # the house

    def add_person(self, by: Person, person: Person) -> None:
        """Take somebody in; a passphrase is given next."""
        self._allow(by, "add_person")
        self._store.add_person(person, [self._note("person_added", by, person.id)])

    def change_person(self, by: Person, person: Person) -> None:
        """Change somebody's name, roles or licence.

        Raises:
            ValueError: it would leave the clinic without an owner.
        """
        self._allow(by, "change_person")
        self._refuse_without_owner(person)
        note = self._note("person_changed", by, person.id, roles=_roles(person))
        self._store.change_person(person, [note])

    def remove_person(self, by: Person, person: Person) -> None:
        """Mark that somebody left; the key is renewed next (`db.clinic`)."""
        self._allow(by, "remove_person")
        gone = replace(person, is_active=False)
        self._refuse_without_owner(gone)
        self._store.change_person(gone, [self._note("person_removed", by, person.id)])

    def read_audit(
        self,
        by: Person,
        event: Event | None = None,
        who: str | None = None,
        subject: str | None = None,
    ) -> Sequence[AuditEntry]:
        """Return the latest entries of the audit trail that match."""
        self._allow(by, "read_audit")
        found = self._store.audit_entries(event, who, subject)
        self._store.note([self._note("audit_read", by)])
        return found

    def verify_audit(self, by: Person) -> Sequence[str]:
        """Return what is wrong with the audit trail; nothing when it is sound."""
        self._allow(by, "verify_audit")
        faults = self._store.audit_faults()
        self._store.note([self._note("audit_verified", by, faults=len(faults))])
        return faults

    def require(self, by: Person, use_case: str) -> None:
        """Refuse what happens beside the records (backups, passphrases), as here."""
        self._allow(by, use_case)

    # how

    def _record(
        self, by: Person, visit_id: str, from_revision: int, changes: Changes
    ) -> Visit:
        note = self._note("answers_recorded", by, visit_id, answers=len(changes))
        return self._store.record(visit_id, from_revision, changes, [note])

    def _allow(self, by: Person, use_case: str) -> None:
        """Refuse what a person may not do, and write down that it was asked for."""
        if not by.may(use_case):
            self._store.note([self._note("refused", by, use_case=use_case)])
            raise NotPermittedError(by, use_case)

    def _note(
        self, event: Event, by: Person, subject: str = "", **detail: str | int
    ) -> AuditNote:
        return AuditNote(event, by.id, self._clock.now(), _roles(by), subject, detail)

    def _is_clinicians(self, question: str) -> bool:
        asked = self._protocol.questions.get(question)
        # One that this protocol does not know is nobody's to enter at the desk.
        return asked is None or asked.who == "clinician"

    def _of_history(self, visit: Visit) -> Visit:
        theirs = frozenset(q for q in visit.answers if self._is_clinicians(q))
        return replace(visit, answers=visit.answers.without(theirs), signature=None)

    def _refuse_without_owner(self, changed: Person) -> None:
        others = (one for one in self._store.people() if one.id != changed.id)
        if not any(
            one.is_active and "owner" in one.roles for one in (*others, changed)
        ):
            raise ValueError("a clinic needs an owner")


def _loser_key(loser: AnswerChange) -> tuple[object, ...]:
    return loser.question, repr(loser.new), loser.who, loser.at


def _roles(person: Person) -> str:
    return "+".join(sorted(person.roles))
