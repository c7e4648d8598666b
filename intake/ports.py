"""What the use cases need from outside, as protocols that others implement."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import NamedTuple, Protocol

from intake.answers import AnswerChange, Answers, Value
from intake.audit import LATEST, AuditEntry, AuditFilter, AuditNote, Event
from intake.call_backs import Call, CallBack, CallOutcome
from intake.caretaking import CareState, FoundBackup
from intake.clinic_settings import SettingsStore
from intake.close_of_day import Part
from intake.confirmations import Confirmation
from intake.decisions import Decision
from intake.earlier import Earlier
from intake.errors import UserFacingError
from intake.moves import StateChange
from intake.patient import Patient
from intake.people import Person
from intake.reassessment import Reassessment
from intake.recall import Issued
from intake.record import Record
from intake.signing import Addendum, AddendumKind
from intake.tell_now import Told
from intake.visit import Signature, Visit, VisitState
from intake.whose import (
    MergedPatient,
    MergePreview,
    PatientMerge,
    ReEntered,
    WhoseStore,
)
from intake.worklist import ListedVisit, WorklistEntry


class Clock(Protocol):
    """Tells the time; passed in wherever time matters."""

    def now(self) -> datetime:
        """Return the present time with its zone."""

    def today(self) -> date:
        """Return the present day, in local time."""


@dataclass(frozen=True, slots=True)
class Conflict:
    """Somebody else changed the same question meanwhile: both values.

    `change` is the one that is stored: it says who answered so, and when.
    """

    question: str
    theirs: Value | None
    ours: Value | None
    change: AnswerChange


class ConflictError(UserFacingError):
    """A save met a change to the same question by someone else; nothing was stored."""

    def __init__(self, conflicts: Sequence[Conflict], stored: Visit) -> None:
        """Keep both values of each question, and the visit as it is stored now."""
        super().__init__(
            "answer_conflict",
            "Someone else changed the same answer meanwhile.",
            "Choose which answer to keep; both are still there.",
        )
        self.conflicts = tuple(conflicts)
        self.stored = stored


class VisitRecords(Protocol):
    """The records as the window uses them, on behalf of whoever is signed in.

    Every call is all or nothing and raises what `RecordStore` raises, besides
    `NotPermittedError`.
    """

    def register(self, patient: Patient) -> None:
        """Store a new patient."""

    def patient(self, patient_id: str) -> Patient:
        """Return a patient; KeyError if there is none."""

    def find_patients(self, text: str, limit: int = 50) -> Sequence[Patient]:
        """Return patients whose names, birth date, phone or chart number match."""

    def last_visits(self, patient_ids: Sequence[str]) -> Mapping[str, date]:
        """Return the day on which each of some patients was here last."""

    def earlier_registrations(self, patient_id: str) -> Sequence[Patient]:
        """Return a registration as it was before each change, the latest first."""

    def change_registration(self, patient: Patient) -> Patient:
        """Store a changed registration, as it was read, and return it as stored."""

    def open_visit(self, visit: Visit) -> None:
        """Store a new visit."""

    def visit(self, visit_id: str) -> Visit:
        """Return a visit with its answers; KeyError if there is none."""

    def visits_of(self, patient_id: str) -> Sequence[Visit]:
        """Return a patient's visits, newest first."""

    def recent_visits(self, limit: int = 50) -> Sequence[tuple[Visit, Patient]]:
        """Return the latest visits of all patients, newest first."""

    def record(
        self, visit_id: str, from_revision: int, changes: Sequence[AnswerChange]
    ) -> Visit:
        """Store changes made from a revision, and return the visit as stored."""

    def changes_of(self, visit_id: str) -> Sequence[AnswerChange]:
        """Return every change of a visit, oldest first."""

    def earlier_visits(self, patient_id: str, before: datetime) -> Sequence[Earlier]:
        """Return what a patient's visits before a moment said, oldest first."""

    def settle_conflict(self, visit_id: str, loser: AnswerChange) -> None:
        """Keep the answer that somebody did not choose."""

    def answers_set_aside(self, visit_id: str) -> Sequence[AnswerChange]:
        """Return the answers that lost a conflict, oldest first."""

    def decide(self, visit_id: str, decision: Decision) -> Visit:
        """Store what was decided on a suggestion, and return the visit as stored."""

    def decisions_of(self, visit_id: str) -> Sequence[Decision]:
        """Return the decisions of a visit, oldest first."""

    def confirm(self, visit_id: str, confirmations: Sequence[Confirmation]) -> Visit:
        """Store which answers a clinician confirmed, and return the visit as stored."""

    def confirmations_of(self, visit_id: str) -> Sequence[Confirmation]:
        """Return the confirmations of a visit, oldest first."""

    def note_told(self, visit_id: str, told: Told) -> None:
        """Keep which clinician was told of an answer, and when."""

    def told_of(self, visit_id: str) -> Sequence[Told]:
        """Return who was told of answers of a visit, oldest first."""

    def sign(self, visit_id: str, revision: int, seen: str = "") -> Visit:
        """Sign a visit as it was read at a revision, and return it.

        `seen` is the id of the patient it was read as.
        """

    def add_addendum(
        self,
        visit_id: str,
        kind: AddendumKind,
        *,
        text: str = "",
        answers: Mapping[str, Value | None] | None = None,
    ) -> Addendum:
        """Add to a signed visit."""

    def addenda_of(self, visit_id: str) -> Sequence[Addendum]:
        """Return the addenda of a visit, oldest first."""

    def reassess(self, visit_id: str) -> Reassessment:
        """Assess a signed visit again with today's protocol; nothing is stored."""

    def change_state(
        self, visit_id: str, revision: int, to: VisitState, reason: str = ""
    ) -> Visit:
        """Move a visit as it was read at a revision, and return it as stored."""

    def moves_of(self, visit_id: str) -> Sequence[StateChange]:
        """Return the moves of a visit, oldest first; signing is none."""

    def close_of_day(self) -> Sequence[Part]:
        """Return what is left of the day; see `intake.close_of_day`."""

    def worklist(self) -> Sequence[WorklistEntry]:
        """Return the visits of today, older ones not finished, and calls to make.

        To clinicians the gravest first; to the desk by state, without any tier.
        """

    def call_backs(self) -> Sequence[tuple[CallBack, Patient]]:
        """Return whom somebody has still to call, oldest first."""

    def record_call(
        self, call_back_id: str, outcome: CallOutcome, note: str = ""
    ) -> CallBack:
        """Keep what came of a call, and return the call-back as it is now."""

    def close_call_back(self, call_back_id: str, reason: str) -> CallBack:
        """Keep why nobody has to call any more."""

    def moment(self) -> int:
        """Return a number that grows with every write of anybody."""

    def move_visit(
        self, visit_id: str, revision: int, seen: str, to: str, reason: str
    ) -> Visit:
        """Move a visit, as it was read, to the patient it is really of."""

    def preview_merge(self, goes: str, stays: str) -> MergePreview:
        """Return two patients side by side, with the numbers of their visits."""

    def merge_patients(self, goes: Patient, stays: Patient) -> None:
        """Merge a patient into another, both as they were read."""

    def merged_patients(self, patient_id: str) -> Sequence[MergedPatient]:
        """Return who was merged into a patient, the latest first."""

    def merged_names(self, patient_ids: Sequence[str]) -> Mapping[str, tuple[str, ...]]:
        """Return the names that patients had before a merge, by who stays."""

    def undo_merge(self, merge: PatientMerge) -> None:
        """Take a merge back."""

    def mark_entered_in_error(self, visit_id: str, reason: str) -> Addendum:
        """Mark a signed visit as one that should not be there."""

    def re_enter_visit(self, visit_id: str, to: str) -> ReEntered:
        """Open a visit for the right patient with the answers of a marked one."""

    def documents_of(self, visit_id: str) -> Sequence[Issued]:
        """Return the documents of a visit that were shown or left the records."""

    def on_behalf_of(self, person_id: str) -> "VisitRecords":
        """Return the same records for one person, whoever signs in meanwhile.

        An empty id, or one that is not known here, stands for whoever is signed in.
        """

    def close(self) -> None:
        """Let go of the records."""


Notes = Sequence[AuditNote]


class NotedMove(NamedTuple):
    """A move that goes with a save, if the visit is where it begins, and its note."""

    change: StateChange
    note: AuditNote


class NotedCallBack(NamedTuple):
    """A call-back that goes with a move, and its note."""

    call_back: CallBack
    note: AuditNote


class RecordStore(WhoseStore, SettingsStore, Protocol):
    """Keeps patients, visits, every change, people and the audit trail.

    Every call is all or nothing; the notes of a write are stored with it. All calls
    raise `UserFacingError` when the surroundings fail: the database is locked,
    read-only, damaged, newer than this program, or the disk is full. What is not there
    is a KeyError.
    """

    def register(self, patient: Patient, notes: Notes = ()) -> None:
        """Store a new patient."""

    def update_patient(self, patient: Patient, notes: Notes = ()) -> Patient:
        """Store a changed registration, unless somebody else changed it since."""

    def patient(self, patient_id: str) -> Patient:
        """Return a patient."""

    def find_patients(self, text: str, limit: int = 50) -> Sequence[Patient]:
        """Return patients whose names, birth date, phone or chart number match."""

    def earlier_registrations(self, patient_id: str) -> Sequence[Patient]:
        """Return a registration as it was before each change, the latest first."""

    def last_visits(self, patient_ids: Sequence[str]) -> Mapping[str, date]:
        """Return the day on which each of some patients was here last."""

    def open_visit(self, visit: Visit, notes: Notes = ()) -> None:
        """Store a new visit."""

    def visit(self, visit_id: str) -> Visit:
        """Return a visit with its answers."""

    def visits_of(self, patient_id: str) -> Sequence[Visit]:
        """Return a patient's visits, newest first."""

    def recent_visits(self, limit: int = 50) -> Sequence[tuple[Visit, Patient]]:
        """Return the latest visits of all patients, newest first."""

    def record(
        self,
        visit_id: str,
        from_revision: int,
        changes: Sequence[AnswerChange],
        notes: Notes = (),
        responsible: str = "",
        moves: Sequence[NotedMove] = (),
    ) -> Visit:
        """Store changes made from a revision, and return the visit as stored.

        Changes to other questions made meanwhile are merged. Where nobody is
        responsible for the visit yet, `responsible` is from now on. The one of `moves`
        that begins in the state the visit is in is made as well.

        Raises `ConflictError`, storing nothing, when somebody else changed one of the
        same questions to another value.
        """

    def open_visits_of(self, person_id: str) -> Sequence[str]:
        """Return the ids of the visits somebody still has to finish, oldest first."""

    def hand_over(
        self, visit_id: str, giver: str, taker: str, notes: Notes = ()
    ) -> Visit:
        """Make somebody else responsible for one visit that is not signed."""

    def change_state(  # noqa: PLR0913  (each is stored with the others, or none is)
        self,
        visit_id: str,
        revision: int,
        change: StateChange,
        notes: Notes = (),
        *,
        responsible: str = "",
        asks: Callable[[Visit], NotedCallBack | None] = lambda _visit: None,
        settles: Call | None = None,
    ) -> Visit:
        """Move a visit, unless somebody else moved it since the revision.

        Where nobody who works here is responsible yet, `responsible` is from now on.
        `asks` is told the visit as it is stored, and returns a call-back to keep with
        the move; `settles` does so with those that were asked for.
        """

    def call_backs(self) -> Sequence[tuple[CallBack, Patient]]:
        """Return whom somebody has still to call, oldest first."""

    def add_call(self, call_back_id: str, call: Call, notes: Notes = ()) -> CallBack:
        """Add a call to a call-back that is not done, and return it as stored."""

    def moves_of(self, visit_id: str) -> Sequence[StateChange]:
        """Return the moves of a visit, oldest first; signing is none."""

    def worklist(self, today: date) -> Sequence[ListedVisit]:
        """Return the visits of a day, older ones not finished, and calls to make."""

    def first_authors(
        self, visit_ids: Sequence[str]
    ) -> Mapping[str, Sequence[tuple[str, str]]]:
        """Return who answered first in visits: question and name, oldest first."""

    def moment(self) -> int:
        """Return a number that grows with every write of anybody."""

    def changes_of(self, visit_id: str) -> Sequence[AnswerChange]:
        """Return every change of a visit, oldest first."""

    def set_aside(self, visit_id: str, loser: AnswerChange, notes: Notes = ()) -> None:
        """Keep the answer that lost a conflict, beside the one that was chosen."""

    def answers_set_aside(self, visit_id: str) -> Sequence[AnswerChange]:
        """Return the answers of a visit that lost a conflict, oldest first."""

    def decide(
        self,
        visit_id: str,
        decision: Decision,
        notes: Notes = (),
        responsible: str = "",
    ) -> Visit:
        """Store a decision once, one revision later, and return the visit as stored.

        Of a signed visit it is kept as late. Where nobody is responsible for the visit
        yet, `responsible` is from now on.
        """

    def decisions_of(self, visit_id: str) -> Sequence[Decision]:
        """Return the decisions of a visit, oldest first."""

    def confirm(
        self,
        visit_id: str,
        confirmations: Sequence[Confirmation],
        notes: Notes = (),
        responsible: str = "",
    ) -> Visit:
        """Store confirmations once, one revision later, and return the visit.

        Of a signed visit they are kept as late. Where nobody is responsible for the
        visit yet, `responsible` is from now on.
        """

    def confirmations_of(self, visit_id: str) -> Sequence[Confirmation]:
        """Return the confirmations of a visit, oldest first."""

    def note_told(self, visit_id: str, told: Told, notes: Notes = ()) -> None:
        """Keep who was told of an answer; once, also when it is handed in again."""

    def told_of(self, visit_id: str) -> Sequence[Told]:
        """Return who was told of answers of a visit, oldest first."""

    def sign(
        self,
        visit_id: str,
        revision: int,
        signature: Signature,
        notes: Notes = (),
        seen: str = "",
    ) -> Visit:
        """Store a signature under a visit as it was at a revision.

        `seen` is the id of the patient whose visit it was when it was read.
        """

    def add_addendum(self, addendum: Addendum, notes: Notes = ()) -> None:
        """Store an addendum to a signed visit."""

    def addenda_of(self, visit_id: str) -> Sequence[Addendum]:
        """Return the addenda of a visit, oldest first."""

    def answers_now(self, visit_id: str) -> Answers:
        """Return a visit's answers, with what its addenda say over them."""

    def add_person(self, person: Person, notes: Notes = ()) -> None:
        """Store somebody new."""

    def change_person(self, person: Person, notes: Notes = ()) -> None:
        """Store a person's changed name, roles, licence or leaving."""

    def person(self, person_id: str) -> Person:
        """Return somebody, also who left."""

    def people(self) -> Sequence[Person]:
        """Return everybody, also those who left, by name."""

    def setting(self, name: str) -> Value | None:
        """Return what the clinic settled under a name, or None."""

    def settle(self, name: str, value: Value, notes: Notes = ()) -> None:
        """Keep a setting in the place of an older one."""

    def note(self, notes: Notes) -> None:
        """Write down what changes nothing else."""

    def audit_entries(self, wanted: AuditFilter = LATEST) -> Sequence[AuditEntry]:
        """Return the entries that match, in the order asked for."""

    def audit_faults(self) -> Sequence[str]:
        """Return what is wrong with the audit trail; nothing when it is sound."""

    def close(self) -> None:
        """Let go of the file."""


class Documents(Protocol):
    """Makes documents as PDF bytes. The same record gives the same bytes."""

    def summary(self, record: Record) -> bytes:
        """Return the visit summary."""

    def letter(self, record: Record) -> bytes:
        """Return the referral letter, or a report where there is no referral."""


class Stationery(Protocol):
    """Looks at what a clinic brings along for its paper."""

    def logo(self, content: bytes) -> bytes:
        """Return a picture as a small PNG; UserFacingError where it is none."""

    def unprintable(self, text: str) -> str:
        """Return the characters of a text that cannot be printed, by name."""


@dataclass(frozen=True, slots=True)
class Staff:
    """Who can be chosen on the sign-in page."""

    id: str
    name: str


class Caretaking(Protocol):
    """What looks after backups while the records are open."""

    def state(self) -> CareState:
        """Return what was done so far."""

    def go_round(self, *, at_once: bool = False) -> CareState:
        """Do what is due, without waiting for the hour if need be; return the state."""

    def choose_second_place(self, place: Path | None, by: str) -> CareState:
        """Keep copies in another folder from now on, or in none."""


class OpenRecords(Protocol):
    """A clinic whose records are open. It raises what `RecordStore` raises."""

    @property
    def store(self) -> RecordStore:
        """Return the records."""

    def person(self, person_id: str) -> Person:
        """Return somebody who works here; KeyError if there is none."""

    def takes_over(self, person_id: str, passphrase: str) -> Person:
        """Return who signs in while the records are open for somebody else."""

    def check_recovery_code(self, code: str) -> None:
        """Refuse a code that does not open the records, while they are open."""

    def confirm(self, person_id: str, passphrase: str) -> None:
        """Make sure that it is somebody's passphrase; an error says that it is not."""

    def know(self, person: Person) -> None:
        """Show somebody on the sign-in page as they are called now."""

    def give_passphrase(self, person: Person, passphrase: str, by: str) -> None:
        """Let somebody in from now on with a passphrase, instead of an older one."""

    def new_recovery_code(self, by: str) -> str:
        """Return a recovery code that takes the place of the older one."""

    def shut_out(self, person_id: str, by: str) -> None:
        """Take away somebody's passphrase, and give the records a new key."""

    def move_to(self, address: str, by: str) -> Mapping[str, int]:
        """Move the records to a server; return how many rows of what there are."""

    def back_up(self, target: Path, by: str) -> None:
        """Write a backup, and note it."""

    def rehearse(self, backup: Path) -> Sequence[str]:
        """Restore a backup into a scratch folder; return what is wrong."""

    def caretaking(self) -> Caretaking:
        """Return what looks after backups."""

    def faults(
        self, progress: Callable[[int, int], None] = lambda _done, _parts: None
    ) -> Sequence[str]:
        """Return what is wrong with the records; nothing when they are sound.

        `progress` is told how many parts are done, and how many there are.
        """

    def sealed(self, content: bytes) -> bytes:
        """Return content that may lie outside the records, such as a draft."""

    def unsealed(self, content: bytes) -> bytes:
        """Return what was sealed; ValueError when it is damaged or not ours."""

    def note(
        self,
        event: Event,
        who: str,
        *,
        subject: str = "",
        detail: Mapping[str, str | int] | None = None,
    ) -> None:
        """Write down what happened outside the records."""

    def close(self) -> None:
        """Shut the records."""


class ClinicFolder(Protocol):
    """The folder of a clinic, shut; signing in opens it."""

    @property
    def is_set_up(self) -> bool:
        """Return whether there is a clinic in the folder."""

    @property
    def has_plain_records(self) -> bool:
        """Return whether records of an earlier version wait to be taken over."""

    def set_up(
        self, person: Person, passphrase: str, *, take_over: bool = False
    ) -> tuple[OpenRecords, str]:
        """Make a clinic with its first person; return it open, and the code."""

    def staff(self) -> Sequence[Staff]:
        """Return who can sign in, by name."""

    def sign_in(self, person_id: str, passphrase: str) -> OpenRecords:
        """Open the records for somebody."""

    def recover(self, code: str) -> OpenRecords:
        """Open the records with the recovery code; a new passphrase is set next."""

    def restore(self, backup: Path) -> None:
        """Put the records of a backup in the place of what is here."""

    @property
    def is_damaged(self) -> bool:
        """Return whether the last check found damage."""

    def backups(self) -> Sequence[FoundBackup]:
        """Return the backups that the program keeps, the newest first."""
