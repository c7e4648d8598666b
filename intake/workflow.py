"""The use cases: who may do what with the records, and what is written down of it.

Each method is one use case and stands under its own name in `intake.people`. It asks
first whether this person, as the records know them, may; and hands the store what is to
be noted together with the write, so that neither can be there without the other.
"""

import uuid
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import date, datetime

from intake.answer_check import AnswerRefusedError, checked, storable
from intake.answers import AnswerChange, Value
from intake.as_signed import as_signed
from intake.assessment import assess
from intake.audit import LATEST, AuditEntry, AuditFilter, AuditNote, Event
from intake.audit_csv import csv_of
from intake.authors import KnownAuthors
from intake.confirmations import Confirmation, entered, entered_json
from intake.day_at_work import DayAtWork, responsible_of
from intake.decisions import Decision, problems_of, signed_json
from intake.earlier import MOST_VISITS, Earlier
from intake.errors import InputRefusedError, Problem, UserFacingError
from intake.fitting import fitting
from intake.moves import StateChange
from intake.outcome_json import assessment_json
from intake.patient import Patient
from intake.people import NotPermittedError, Person, person_problems
from intake.ports import Clock, ConflictError, NotedMove, RecordStore
from intake.protocol import Protocol
from intake.reassessment import Reassessment, reassess
from intake.settling import Settling
from intake.signing import Addendum, AddendumKind, addendum, signature
from intake.tell_now import Told, checked_name
from intake.visit import ENDED, Visit, VisitState
from intake.whose_visit import WhoseVisit, in_error
from intake.worklist import Tiers

Changes = Sequence[AnswerChange]
_AT_ONCE = 5_000


class Workflow(DayAtWork, WhoseVisit, Settling):
    """What people do with the records of one clinic."""

    def __init__(self, store: RecordStore, protocol: Protocol, clock: Clock) -> None:
        """Work on a store that is open."""
        self._store = store
        self._protocol = protocol
        self._clock = clock
        self._tiers = Tiers(protocol)
        self._authors = KnownAuthors(store.first_authors, self._is_clinicians)

    # patients

    def register(self, by: Person, patient: Patient) -> None:
        """Store a new patient."""
        by = self._allow(by, "register")
        self._store.register(patient, [self._note("registered", by, patient.id)])

    def change_registration(self, by: Person, patient: Patient) -> Patient:
        """Store a changed registration and return it as stored."""
        by = self._allow(by, "change_registration")
        after = patient.revision + 1
        note = self._note("registration_changed", by, patient.id, revision=after)
        return self._store.update_patient(patient, [note])

    def earlier_registrations(self, by: Person, patient_id: str) -> Sequence[Patient]:
        """Return a registration as it was before each change, the latest first."""
        by = self._allow(by, "earlier_registrations")
        found = self._store.earlier_registrations(patient_id)
        self._store.note(
            [self._note("patient_read", by, patient_id, what="registrations")]
        )
        return found

    def find_patients(
        self, by: Person, text: str, limit: int = 50
    ) -> Sequence[Patient]:
        """Return the patients who match.

        It is asked at every keystroke, so it is not written down; who is opened is.
        """
        by = self._allow(by, "find_patients")
        return self._store.find_patients(text, limit)

    def last_visits(self, by: Person, patient_ids: Sequence[str]) -> Mapping[str, date]:
        """Return the day on which each of some patients was here last.

        It goes with `find_patients`, and is not written down for the same reason.
        """
        by = self._allow(by, "last_visits")
        return self._store.last_visits(patient_ids)

    def read_patient(self, by: Person, patient_id: str) -> Patient:
        """Return a patient."""
        by = self._allow(by, "read_patient")
        patient = self._store.patient(patient_id)
        self._store.note([self._note("patient_read", by, patient_id)])
        return patient

    # visits

    def open_visit(self, by: Person, visit: Visit) -> None:
        """Store a new visit of a patient; a clinician is responsible for it at once.

        Raises:
            NotPermittedError: it brings answers, a state or a signature along, which
                have use cases of their own.
        """
        by = self._allow(by, "open_visit")
        is_new = visit.signature is None and visit.state == "history"
        if visit.answers or visit.revision or not is_new:
            raise self._refused(by, "open_visit")
        visit = replace(visit, responsible=responsible_of(by))
        self._store.open_visit(visit, [self._note("visit_opened", by, visit.id)])

    def read_visit(self, by: Person, visit_id: str) -> Visit:
        """Return a visit; to the desk without what only clinicians record."""
        by = self._allow(by, "read_visit")
        visit = self._store.visit(visit_id)
        self._store.note([self._note("visit_read", by, visit_id)])
        return self._as_may_be_read(by, visit)

    def visits_of(self, by: Person, patient_id: str) -> Sequence[Visit]:
        """Return a patient's visits, newest first; to the desk as in `read_visit`."""
        by = self._allow(by, "visits_of")
        found = self._store.visits_of(patient_id)
        self._store.note([self._note("patient_read", by, patient_id)])
        return [self._as_may_be_read(by, visit) for visit in found]

    def changes_of(self, by: Person, visit_id: str) -> Sequence[AnswerChange]:
        """Return every change of a visit; to the desk those of the history."""
        by = self._allow(by, "changes_of")
        found = self._store.changes_of(visit_id)
        if by.may("record_examination"):
            return found
        return [one for one in found if not self._is_clinicians(one.question)]

    def earlier_visits(
        self, by: Person, patient_id: str, before: datetime
    ) -> Sequence[Earlier]:
        """Return what a patient's visits before a moment said, oldest first.

        To the desk without what only clinicians record. Visits that ended without
        being seen say nothing.
        """
        by = self._allow(by, "earlier_visits")
        found = [
            one
            for one in self._store.visits_of(patient_id)
            if one.opened_at < before and one.state not in ENDED and not one.is_in_error
        ][:MOST_VISITS]
        self._store.note([self._note("patient_read", by, patient_id)])
        return [
            Earlier(
                one.id,
                one.on,
                self._as_may_be_read(
                    by, replace(one, answers=self._store.answers_now(one.id))
                ).answers,
            )
            for one in reversed(found)
        ]

    def list_visits(
        self, by: Person, limit: int = 50
    ) -> Sequence[tuple[Visit, Patient]]:
        """Return the latest visits; to the desk without what clinicians record."""
        by = self._allow(by, "list_visits")
        found = self._store.recent_visits(limit)
        return [(self._as_may_be_read(by, visit), patient) for visit, patient in found]

    def record_history(
        self, by: Person, visit_id: str, from_revision: int, changes: Changes
    ) -> Visit:
        """Store answers that the desk may enter.

        Private answers it may type in from the patient's paper. Where a private
        question has another answer already, the paper's is kept beside it: the desk
        neither overwrites what it may not read, nor gets to read it.

        Raises:
            NotPermittedError: one of them is the clinician's; nothing was stored.
            InputRefusedError: one is none that its question can have.
        """
        by = self._allow(by, "record_history")
        theirs = [one for one in changes if self._is_clinicians(one.question)]
        if theirs and not by.may("record_examination"):
            if not all(map(self._is_from_paper, theirs)):
                by = self._allow(by, "record_examination")
            changes = self._without_answered(by, visit_id, changes)
            if not changes:
                return self._as_may_be_read(by, self._store.visit(visit_id))
        return self._record(by, visit_id, from_revision, changes)

    def record_examination(
        self, by: Person, visit_id: str, from_revision: int, changes: Changes
    ) -> Visit:
        """Store answers of any kind.

        Raises:
            InputRefusedError: one is none that its question can have.
        """
        by = self._allow(by, "record_examination")
        return self._record(by, visit_id, from_revision, changes)

    def settle_conflict(self, by: Person, visit_id: str, loser: AnswerChange) -> None:
        """Keep the answer that was not chosen; the chosen one is stored as any other.

        Told twice (a draft taken over after a crash), it is kept once.
        """
        by = self._allow(by, "settle_conflict")
        if self._is_clinicians(loser.question):
            by = self._allow(by, "record_examination")
        kept = self._store.answers_set_aside(visit_id)
        if _loser_key(loser) in map(_loser_key, kept):
            return
        note = self._note("conflict_settled", by, visit_id, question=loser.question)
        self._store.set_aside(visit_id, loser, [note])

    def answers_set_aside(self, by: Person, visit_id: str) -> Changes:
        """Return the answers that lost a conflict; to the desk those of the history."""
        by = self._allow(by, "answers_set_aside")
        found = self._store.answers_set_aside(visit_id)
        if by.may("record_examination"):
            return found
        return [one for one in found if not self._is_clinicians(one.question)]

    def decide(self, by: Person, visit_id: str, decision: Decision) -> Visit:
        """Store a decision on a suggestion, in the name of who decides.

        One that comes in after the signature is kept as late, and not counted.

        Raises:
            InputRefusedError: it is none, or lacks its words.
        """
        by = self._allow(by, "decide")
        if problems := problems_of(decision):
            raise InputRefusedError(problems)
        note = self._note("decided", by, visit_id, choice=decision.choice)
        decision = replace(decision, who=by.name, words=storable(decision.words))
        return self._store.decide(visit_id, decision, [note], responsible_of(by))

    def decisions_of(self, by: Person, visit_id: str) -> Sequence[Decision]:
        """Return the decisions of a visit, oldest first."""
        by = self._allow(by, "decisions_of")
        return self._store.decisions_of(visit_id)

    def confirm(
        self, by: Person, visit_id: str, confirmations: Sequence[Confirmation]
    ) -> Visit:
        """Store which answers a clinician confirmed, in the name of who does it.

        What comes in after the signature is kept as late, and not counted.
        """
        by = self._allow(by, "confirm")
        note = self._note("confirmed", by, visit_id, answers=len(confirmations))
        named = [replace(one, who=by.name) for one in confirmations]
        return self._store.confirm(visit_id, named, [note], responsible_of(by))

    def confirmations_of(self, by: Person, visit_id: str) -> Sequence[Confirmation]:
        """Return the confirmations of a visit, oldest first."""
        by = self._allow(by, "confirmations_of")
        return self._store.confirmations_of(visit_id)

    def note_told(self, by: Person, visit_id: str, told: Told) -> None:
        """Keep which clinician was told of an answer; noted by who is signed in.

        Raises:
            InputRefusedError: nobody is named.
        """
        by = self._allow(by, "note_told")
        told = replace(told, who=by.name, to=checked_name(told.to))
        note = self._note("told", by, visit_id, line=told.line)
        self._store.note_told(visit_id, told, [note])

    def told_of(self, by: Person, visit_id: str) -> Sequence[Told]:
        """Return who was told of answers of a visit, oldest first."""
        by = self._allow(by, "told_of")
        return self._store.told_of(visit_id)

    def sign(self, by: Person, visit_id: str, revision: int, seen: str = "") -> Visit:
        """Sign a visit as it was read, with its decisions and the assessment of now.

        `seen` is the id of the patient it was read as; empty: of whoever has it.

        Raises:
            UserFacingError: (visit_signed, visit_changed, visit_of_another) see
                `RecordStore.sign`.
        """
        by = self._allow(by, "sign")
        visit = self._store.visit(visit_id)
        patient = self._store.patient(visit.patient_id)
        # What an earlier protocol took and this one cannot read is signed, not judged.
        read = fitting(self._protocol, visit.answers)
        assessed = assess(self._protocol, patient, read, visit.on)
        visit = replace(
            visit,
            protocol_id=self._protocol.id,
            protocol_version=self._protocol.version,
            protocol_digest=self._protocol.digest,
        )
        told = entered(
            self._store.changes_of(visit_id), self._store.confirmations_of(visit_id)
        )
        mark = signature(
            visit,
            patient,
            assessment_json(assessed),
            by,
            self._clock.now(),
            signed_json(assessed, self._store.decisions_of(visit_id)),
            entered=entered_json(told.values()),
        )
        note = self._note("signed", by, visit_id, digest=mark.digest)
        return self._store.sign(visit_id, revision, mark, [note], seen or patient.id)

    def add_addendum(
        self,
        by: Person,
        visit_id: str,
        kind: AddendumKind,
        *,
        text: str = "",
        answers: Mapping[str, Value | None] | None = None,
    ) -> Addendum:
        """Add to a signed visit: words, results, or corrected answers.

        Raises:
            InputRefusedError: an answer is none that its question can have.
            NotPermittedError: a mark as entered in error has a use case of its own.
        """
        by = self._allow(by, "add_addendum")
        if kind == "entered_in_error":
            raise self._refused(by, "add_addendum")
        self._refuse_malformed(answers or {})
        one = addendum(
            str(uuid.uuid4()),
            self._store.visit(visit_id),
            self._store.addenda_of(visit_id),
            kind,
            by,
            self._clock.now(),
            text=storable(text),
            answers=answers,
        )
        note = self._note("addendum_added", by, visit_id, digest=one.digest)
        self._store.add_addendum(one, [note])
        return one

    def addenda_of(self, by: Person, visit_id: str) -> Sequence[Addendum]:
        """Return what was added to a signed visit, oldest first."""
        by = self._allow(by, "addenda_of")
        return self._store.addenda_of(visit_id)

    def reassess(self, by: Person, visit_id: str) -> Reassessment:
        """Assess a signed visit again with today's protocol; nothing is stored.

        Raises:
            ValueError: the visit is not signed, or its text cannot be read any more.
        """
        by = self._allow(by, "reassess")
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

    def view_document(self, by: Person, visit_id: str, kind: str) -> None:
        """Write down that a document is about to be shown.

        Args:
            by: who looks at it.
            visit_id: whose document it is.
            kind: summary or letter.

        Raises:
            NotPermittedError: the desk sees letters that were issued, and nothing else.
        """
        by = self._allow(by, "view_document")
        self._note_document(by, visit_id, kind, "document_viewed")

    def export_document(self, by: Person, visit_id: str, kind: str) -> None:
        """Write down that a document is about to leave the records, as a file.

        Raises:
            NotPermittedError: as in `view_document`.
            UserFacingError: (visit_in_error) the visit should not be there.
        """
        by = self._allow(by, "export_document")
        if self._store.visit(visit_id).is_in_error:
            raise in_error("It is read on the screen and leaves the records no more.")
        self._note_document(by, visit_id, kind, "document_exported")

    def hand_over_visit(self, by: Person, visit_id: str, to: str) -> None:
        """Make another clinician responsible for a visit that is not signed.

        Args:
            by: who hands it over, not always who was responsible.
            visit_id: which visit.
            to: the other's id.

        Raises:
            InputRefusedError: the other one cannot finish visits.
            UserFacingError: (visit_signed, visit_changed) see `RecordStore.hand_over`.
        """
        by = self._allow(by, "hand_over_visit")
        taker = self._taker(to)
        giver = self._store.visit(visit_id).responsible
        self._hand_over(by, visit_id, giver, taker)

    # the house

    def list_people(self, by: Person) -> Sequence[Person]:
        """Return everybody, also who left, by name."""
        by = self._allow(by, "list_people")
        return self._store.people()

    def open_visits_of(self, by: Person, person_id: str) -> Sequence[str]:
        """Return the ids of the visits that somebody still has to finish."""
        by = self._allow(by, "open_visits_of")
        return self._store.open_visits_of(person_id)

    def add_person(self, by: Person, person: Person) -> None:
        """Take somebody in; a passphrase is given next.

        Raises:
            InputRefusedError: a name that cannot be, or is there, or no role.
        """
        by = self._allow(by, "add_person")
        self._refuse_unfit(person)
        self._store.add_person(person, [self._note("person_added", by, person.id)])

    def change_person(self, by: Person, person: Person) -> None:
        """Change somebody's name, roles or licence.

        Raises:
            InputRefusedError: a name that cannot be, or is there, or no role.
            UserFacingError: (last_owner) it would leave the clinic without an owner.
        """
        by = self._allow(by, "change_person")
        self._refuse_unfit(person)
        self._refuse_without_owner(person)
        note = self._note("person_changed", by, person.id, roles=_roles(person))
        self._store.change_person(person, [note])

    def remove_person(self, by: Person, person_id: str, successor: str = "") -> None:
        """Let somebody go, and hand their open visits over.

        The visits go first: whatever breaks off, none is left to somebody who is not
        there. Taking the passphrase away comes next (`intake.house`).

        Args:
            by: who does it.
            person_id: who leaves; once more for somebody who left changes nothing.
            successor: the id of who gets the visits; empty where there are none.

        Raises:
            InputRefusedError: there are open visits, and the successor cannot finish
                them; nothing was changed.
            UserFacingError: (last_owner) see `change_person`.
        """
        by = self._allow(by, "remove_person")
        gone = replace(self._store.person(person_id), is_active=False)
        self._refuse_without_owner(gone)
        self._hand_all_over(by, person_id, successor)
        self._store.change_person(gone, [self._note("person_removed", by, person_id)])
        # What they opened between the two.
        self._hand_all_over(by, person_id, successor)

    def read_audit(
        self, by: Person, wanted: AuditFilter = LATEST
    ) -> Sequence[AuditEntry]:
        """Return the entries of the audit trail that match."""
        by = self._allow(by, "read_audit")
        found = self._store.audit_entries(wanted)
        self._store.note([self._note("audit_read", by)])
        return found

    def export_audit(self, by: Person, wanted: AuditFilter = LATEST) -> str:
        """Return every entry that matches as CSV, oldest first."""
        by = self._allow(by, "export_audit")
        self._store.note([self._note("audit_exported", by)])
        names = {person.id: person.name for person in self._store.people()}
        return csv_of(self._all_entries(wanted), names)

    def verify_audit(self, by: Person) -> Sequence[str]:
        """Return what is wrong with the audit trail; nothing when it is sound."""
        by = self._allow(by, "verify_audit")
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
        self._refuse_malformed({change.question: change.new for change in changes})
        note = self._note("answers_recorded", by, visit_id, answers=len(changes))
        examines = any(self._is_clinicians(change.question) for change in changes)
        responsible = responsible_of(by) if examines else ""
        begins = self._examination_begins(by, visit_id, examines=examines)
        try:
            visit = self._store.record(
                visit_id, from_revision, changes, [note], responsible, begins
            )
        except ConflictError as error:
            shown = self._as_may_be_read(by, error.stored)
            raise ConflictError(error.conflicts, shown) from None
        return self._as_may_be_read(by, visit)

    def _examination_begins(
        self, by: Person, visit_id: str, *, examines: bool
    ) -> Sequence[NotedMove]:
        """Return the moves of which one is made when a clinician begins to type.

        Whatever a clinician answers once the visit is handed over begins it, and what
        only clinicians answer does wherever the visit is.
        """
        if not by.may("record_examination"):
            return []
        from_here: list[VisitState] = ["ready_for_clinician"]
        if examines:
            from_here.append("history")
        return [
            self._move(by, visit_id, before, "in_examination") for before in from_here
        ]

    def _move(
        self,
        by: Person,
        visit_id: str,
        before: VisitState,
        after: VisitState,
        reason: str = "",
    ) -> NotedMove:
        change = StateChange(before, after, by.id, self._clock.now(), reason)
        # The reason stays with the visit: it may hold anything.
        note = self._note("state_changed", by, visit_id, before=before, after=after)
        return NotedMove(change, note)

    def _refuse_malformed(self, answers: Mapping[str, Value | None]) -> None:
        """Refuse what no assessment could read; once stored, it would stop each one.

        An answer to what is not asked any more is read by nothing, and may be kept.
        """
        problems = []
        for name, value in answers.items():
            question = self._protocol.questions.get(name)
            if question is None or value is None:
                continue
            try:
                checked(self._protocol, question, value)
            except AnswerRefusedError as error:
                problems.append(Problem(name, error.what, error.suggestion))
        if problems:
            raise InputRefusedError(problems)

    def _note_document(
        self, by: Person, visit_id: str, kind: str, event: Event
    ) -> None:
        visit = self._store.visit(visit_id)
        is_issued = kind == "letter" and visit.state == "signed"
        if not is_issued:
            # The rest is the clinician's work, and holds what was computed.
            self._allow(by, "record_examination")
        note = self._note(event, by, visit_id, kind=kind, patient=visit.patient_id)
        self._store.note([note])

    def _hand_all_over(self, by: Person, giver: str, successor: str) -> None:
        visits = self._store.open_visits_of(giver)
        if not visits:
            return
        taker = self._taker(successor, leaving=giver)
        for visit_id in visits:
            self._hand_over(by, visit_id, giver, taker)

    def _hand_over(self, by: Person, visit_id: str, giver: str, taker: str) -> None:
        note = self._note("handed_over", by, visit_id, giver=giver, taker=taker)
        self._store.hand_over(visit_id, giver, taker, [note])

    def _taker(self, to: str, leaving: str = "") -> str:
        """Return who takes visits over; somebody who can sign them."""
        people = {one.id: one for one in self._store.people()}
        taker = people.get(to)
        if taker is None or to == leaving or not taker.may("sign"):
            what = "Open visits are handed to a clinician who works here."
            raise InputRefusedError([Problem("successor", what, "Choose one.")])
        return to

    def _all_entries(self, wanted: AuditFilter) -> Iterator[AuditEntry]:
        start = 0
        # Upwards: what is added meanwhile comes at the end, and shifts nothing.
        wanted = replace(wanted, order="number", is_descending=False, limit=_AT_ONCE)
        while entries := self._store.audit_entries(replace(wanted, start=start)):
            yield from entries
            start += len(entries)

    def _allow(self, by: Person, use_case: str) -> Person:
        """Refuse what a person may not do, and write down that it was asked for.

        Returns the person as stored: roles change and people leave while somebody is
        signed in, and what is handed in may be made up.
        """
        try:
            stored = self._store.person(by.id)
        except KeyError:
            raise self._refused(by, use_case) from None
        if not stored.may(use_case):
            raise self._refused(stored, use_case)
        return stored

    def _refused(self, by: Person, use_case: str) -> NotPermittedError:
        """Write down what was asked for in vain, and return what to raise."""
        self._store.note([self._note("refused", by, use_case=use_case)])
        return NotPermittedError(by, use_case)

    def _note(
        self, event: Event, by: Person, subject: str = "", **detail: str | int
    ) -> AuditNote:
        return AuditNote(event, by.id, self._clock.now(), _roles(by), subject, detail)

    def _is_clinicians(self, question: str) -> bool:
        asked = self._protocol.questions.get(question)
        # One that this protocol does not know is nobody's to enter at the desk.
        return asked is None or asked.who == "clinician"

    def _is_from_paper(self, change: AnswerChange) -> bool:
        """Return whether a clinician's question was answered on the patient's paper."""
        asked = self._protocol.questions.get(change.question)
        return change.way == "paper" and asked is not None and asked.private

    def _without_answered(self, by: Person, visit_id: str, changes: Changes) -> Changes:
        """Set aside what meets an answer that the desk may not read."""
        answers = self._store.visit(visit_id).answers
        met = [
            one
            for one in changes
            if self._is_clinicians(one.question)
            and answers.get(one.question) not in (one.old, one.new)
        ]
        kept = {_loser_key(one) for one in self._store.answers_set_aside(visit_id)}
        for one in met:
            if _loser_key(one) not in kept:
                note = self._note(
                    "conflict_settled", by, visit_id, question=one.question
                )
                self._store.set_aside(visit_id, one, [note])
        return [one for one in changes if one not in met]

    def _as_may_be_read(self, by: Person, visit: Visit) -> Visit:
        """Return a visit; to the desk without what only clinicians record."""
        if by.may("record_examination"):
            return visit
        theirs = frozenset(q for q in visit.answers if self._is_clinicians(q))
        return replace(visit, answers=visit.answers.without(theirs), signature=None)

    def _refuse_without_owner(self, changed: Person) -> None:
        others = (one for one in self._store.people() if one.id != changed.id)
        if not any(
            one.is_active and "owner" in one.roles for one in (*others, changed)
        ):
            raise UserFacingError(
                "last_owner",
                "This is the last owner, and a clinic needs one.",
                "Make somebody else an owner first; nothing was changed.",
            )

    def _refuse_unfit(self, person: Person) -> None:
        others = (one for one in self._store.people() if one.id != person.id)
        taken = {one.name.casefold() for one in others if one.is_active}
        if problems := person_problems(person, taken):
            raise InputRefusedError(problems)


def _loser_key(loser: AnswerChange) -> tuple[object, ...]:
    return loser.question, repr(loser.new), loser.who, loser.at


def _roles(person: Person) -> str:
    return "+".join(sorted(person.roles))
