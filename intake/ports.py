"""What the use cases need from outside, as protocols that others implement."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Protocol

from intake.answers import AnswerChange, Value
from intake.errors import UserFacingError
from intake.patient import Patient
from intake.record import Record
from intake.visit import Visit


class Clock(Protocol):
    """Tells the time; passed in wherever time matters."""

    def now(self) -> datetime:
        """Return the present time with its zone."""

    def today(self) -> date:
        """Return the present day, in local time."""


@dataclass(frozen=True, slots=True)
class Conflict:
    """Somebody else changed the same question meanwhile: both values."""

    question: str
    theirs: Value | None
    ours: Value | None


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


class RecordStore(Protocol):
    """Keeps patients, visits and every change. Every call is all or nothing.

    All calls raise `UserFacingError` when the surroundings fail: the database is
    locked, read-only, damaged, newer than this program, or the disk is full.
    """

    def register(self, patient: Patient) -> None:
        """Store a new patient."""

    def update_patient(self, patient: Patient) -> None:
        """Store a patient's changed registration."""

    def patient(self, patient_id: str) -> Patient:
        """Return a patient; KeyError if there is none."""

    def find_patients(self, text: str, limit: int = 50) -> Sequence[Patient]:
        """Return patients whose names, birth date, phone or chart number match."""

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
        """Store changes made from a revision, and return the visit as stored.

        Changes to other questions made meanwhile are merged. Raises `ConflictError`,
        storing nothing, when somebody else changed one of the same questions to
        another value.
        """

    def changes_of(self, visit_id: str) -> Sequence[AnswerChange]:
        """Return every change of a visit, oldest first."""

    def close(self) -> None:
        """Let go of the file."""


class Documents(Protocol):
    """Makes documents as PDF bytes. The same record gives the same bytes."""

    def summary(self, record: Record) -> bytes:
        """Return the visit summary."""

    def letter(self, record: Record) -> bytes:
        """Return the referral letter, or a report where there is no referral."""
