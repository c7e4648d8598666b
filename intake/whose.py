"""Whose visit it is: links and merges, of which the newest counts.

A visit belongs to the patient it was opened for, until a link says another one. A
patient who was merged is found as the one they went into, until that is undone. Both
only ever add a row, so that every earlier state can be told and come back.
"""

import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from intake.answers import AnswerChange
from intake.audit import AuditNote
from intake.patient import Patient
from intake.visit import Visit

#: The visits that were re-entered have ids made from the wrong one's: a second attempt
#: meets the first.
_RE_ENTERED = uuid.UUID("6f1c0f54-4d35-4d6b-9d3c-0b9e6a6b5a11")
LONGEST_REASON = 200


@dataclass(frozen=True, slots=True)
class VisitLink:
    """Somebody moved a visit to a patient."""

    visit_id: str
    patient_id: str
    who: str
    at: datetime
    reason: str


@dataclass(frozen=True, slots=True)
class PatientMerge:
    """Somebody merged a patient into another one, or (`into` empty) undid that.

    `number` is given by the records, in the order in which they were stored.
    """

    patient_id: str
    into: str
    who: str
    at: datetime
    number: int = 0


@dataclass(frozen=True, slots=True)
class MergePreview:
    """What a merge would do: who goes, who stays, and how many visits come along."""

    goes: Patient
    stays: Patient
    visits_of_goes: int
    visits_of_stays: int


@dataclass(frozen=True, slots=True)
class MergedPatient:
    """A patient who went into another, and the merge that can be undone."""

    patient: Patient
    merge: PatientMerge


@dataclass(frozen=True, slots=True)
class ReEntered:
    """The visit that takes the place of one entered in error.

    `left_out` names the questions whose answers today's form cannot hold.
    """

    visit: Visit
    left_out: tuple[str, ...] = ()


class WhoseStore(Protocol):
    """What the records can tell and take in about whose a visit is.

    It raises what `RecordStore` raises.
    """

    def move_visit(
        self,
        link: VisitLink,
        revision: int,
        seen: str,
        notes: Sequence[AuditNote] = (),
    ) -> Visit:
        """Link a visit that is not signed to another patient.

        Args:
            link: says which, to whom, and why.
            revision: of the visit as it was read.
            seen: the id of the patient it had then.
            notes: what is written down of it.
        """

    def links_of(self, visit_id: str) -> Sequence[VisitLink]:
        """Return how often and to whom a visit was moved, oldest first."""

    def opened_for(self, visit_id: str) -> str:
        """Return the id of the patient a visit was opened for."""

    def merge(
        self,
        merge: PatientMerge,
        goes: Patient,
        stays: Patient,
        notes: Sequence[AuditNote] = (),
    ) -> None:
        """Merge a patient into another, both as they were read."""

    def undo_merge(
        self, undo: PatientMerge, merge: int, notes: Sequence[AuditNote] = ()
    ) -> None:
        """Take back the merge of a number."""

    def merged_into(self, patient_id: str) -> Sequence[PatientMerge]:
        """Return the merges that brought somebody straight here, newest first."""

    def who_went_into(
        self, patient_ids: Sequence[str]
    ) -> Mapping[str, Sequence[Patient]]:
        """Return who is found as each of some patients since a merge, by their ids."""

    def living(self, patient_id: str) -> str:
        """Return the id of the patient somebody is now: their own, mostly."""

    def open_with_answers(
        self,
        visit: Visit,
        changes: Sequence[AnswerChange],
        notes: Sequence[AuditNote] = (),
    ) -> Visit:
        """Store a new visit together with its first answers."""


def re_entered_id(visit_id: str) -> str:
    """Return the id of the visit that takes the place of one entered in error."""
    return str(uuid.uuid5(_RE_ENTERED, visit_id))
