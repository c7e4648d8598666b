"""Moving visits, merging patients and taking that back: rows are added, none change.

Part of `db.store.Store`. Whoever writes holds the rows of the patients it is about, so
that of two people who decide at once the second meets what the first decided.
"""

from collections.abc import Mapping, Sequence
from contextlib import AbstractContextManager
from typing import Protocol

from sqlalchemy import select
from sqlalchemy.orm import Session

from db import mapping, whose
from db.tables import PatientRow, VisitLinkRow, VisitRow
from intake.answers import AnswerChange
from intake.audit import AuditNote
from intake.errors import UserFacingError
from intake.patient import Patient
from intake.visit import Visit
from intake.whose import PatientMerge, VisitLink

Notes = Sequence[AuditNote]


class _Sessions(Protocol):
    """What this part needs of the store."""

    def _read(self) -> AbstractContextManager[Session]: ...

    def _write(self, notes: Notes) -> AbstractContextManager[Session]: ...


class KeepsWhose:
    """Keeps whose a visit is; an `intake.whose.WhoseStore`."""

    def move_visit(
        self: _Sessions, link: VisitLink, revision: int, seen: str, notes: Notes = ()
    ) -> Visit:
        """Link a visit that is not signed to another patient, and return it.

        Raises:
            KeyError: there is no such visit or patient.
            UserFacingError: (visit_signed) it is signed; (visit_changed) answers came
                in since it was read; (visit_of_another) it has another patient by now;
                (patient_merged) the new patient is another one by now.
        """
        with self._write(notes) as session:
            row = _locked_visit(session, link.visit_id)
            if row.signed_at is not None:
                raise _signed()
            if row.revision != revision:
                raise _changed()
            if whose.as_it_is(session, row).patient_id != seen:
                raise moved()
            _locked(session, link.patient_id)
            session.add(mapping.link_row(link))
            session.flush()
            return whose.as_it_is(session, row)

    def links_of(self: _Sessions, visit_id: str) -> Sequence[VisitLink]:
        """Return how often and to whom a visit was moved, oldest first."""
        with self._read() as session:
            wanted = select(VisitLinkRow).where(VisitLinkRow.visit_id == visit_id)
            rows = session.scalars(wanted.order_by(VisitLinkRow.id))
            return [mapping.link_of(row) for row in rows]

    def opened_for(self: _Sessions, visit_id: str) -> str:
        """Return the id of the patient a visit was opened for; KeyError for none."""
        with self._read() as session:
            row = session.get(VisitRow, visit_id)
            if row is None:
                raise KeyError(visit_id)
            return row.patient_id

    def merge(
        self: _Sessions,
        merge: PatientMerge,
        goes: Patient,
        stays: Patient,
        notes: Notes = (),
    ) -> None:
        """Merge a patient into another, both as they were read.

        Raises:
            KeyError: there is no such patient.
            UserFacingError: (patient_merged) one of them was merged meanwhile;
                (registration_changed) one of them was changed meanwhile.
        """
        with self._write(notes) as session:
            # In one order everywhere, so that nobody waits in a circle.
            for patient in sorted((goes, stays), key=lambda one: one.id):
                if _locked(session, patient.id).revision != patient.revision:
                    raise _registration_changed()
            session.add(mapping.merge_row(merge))

    def undo_merge(
        self: _Sessions, undo: PatientMerge, merge: int, notes: Notes = ()
    ) -> None:
        """Take back the merge of a number.

        Raises:
            UserFacingError: (merge_changed) it does not stand any more.
        """
        with self._write(notes) as session:
            session.get(PatientRow, undo.patient_id, with_for_update=True)
            standing = whose.standing_merge(session, undo.patient_id)
            if standing is None or standing.id != merge:
                raise _merge_changed()
            session.add(mapping.merge_row(undo))

    def merged_into(self: _Sessions, patient_id: str) -> Sequence[PatientMerge]:
        """Return the merges that brought somebody straight here, newest first."""
        with self._read() as session:
            rows = whose.merged_into(session, patient_id)
            return [mapping.merge_of(row) for row in rows]

    def who_went_into(
        self: _Sessions, patient_ids: Sequence[str]
    ) -> Mapping[str, Sequence[Patient]]:
        """Return who is found as each of some patients since a merge, by their ids."""
        with self._read() as session:
            found = whose.who_went_into(session, patient_ids)
            return {
                stays: [mapping.patient_of(row) for row in rows]
                for stays, rows in found.items()
            }

    def living(self: _Sessions, patient_id: str) -> str:
        """Return the id of who a patient is now; KeyError if there is none."""
        with self._read() as session:
            return whose.living(session, [patient_id])[patient_id]

    def open_with_answers(
        self: _Sessions,
        visit: Visit,
        changes: Sequence[AnswerChange],
        notes: Notes = (),
    ) -> Visit:
        """Store a new visit together with its first answers, and return it.

        Raises:
            KeyError: there is no such patient.
            UserFacingError: (visit_re_entered) there is a visit of this id;
                (patient_merged) its patient is another one by now.
        """
        with self._write(notes) as session:
            _locked(session, visit.patient_id)
            if session.get(VisitRow, visit.id) is not None:
                raise _re_entered()
            after = visit.with_changes(changes) if changes else visit
            session.add(mapping.visit_row(after))
            session.flush()
            for change in changes:
                session.add(mapping.change_row(change, visit.id, after.revision))
                # In order: the ids say which change came first.
                session.flush()
            return after


def _locked_visit(session: Session, visit_id: str) -> VisitRow:
    row = session.get(VisitRow, visit_id, with_for_update=True)
    if row is None:
        raise KeyError(visit_id)
    return row


def _locked(session: Session, patient_id: str) -> PatientRow:
    """Return the row of a patient who is nobody else, held until the end.

    Raises:
        UserFacingError: (patient_merged) they are somebody else by now.
    """
    row = session.get(PatientRow, patient_id, with_for_update=True)
    if row is None:
        raise KeyError(patient_id)
    refuse_merged(session, patient_id)
    return row


def refuse_merged(session: Session, patient_id: str) -> None:
    """Refuse a patient who was merged into another one."""
    if whose.standing_merge(session, patient_id) is not None:
        raise UserFacingError(
            "patient_merged",
            "This patient was merged into another one meanwhile.",
            "Find the patient again; nothing was changed and nothing is lost.",
        )


def moved() -> UserFacingError:
    """Return the error that a visit has another patient than was read."""
    return UserFacingError(
        "visit_of_another",
        "This visit belongs to another patient than when you read it.",
        "Read it again; nothing was changed and nothing is lost.",
    )


def _signed() -> UserFacingError:
    return UserFacingError(
        "visit_signed",
        "This visit is signed and stays with the patient it was signed for.",
        "Mark it as entered in error and re-enter it; the signed visit is untouched.",
    )


def _changed() -> UserFacingError:
    return UserFacingError(
        "visit_changed",
        "Something was added to this visit after you read it.",
        "Read it again, then move it; it was not moved and nothing is lost.",
    )


def _registration_changed() -> UserFacingError:
    return UserFacingError(
        "registration_changed",
        "Someone else changed one of these registrations meanwhile.",
        "Compare them again; nothing was merged and nothing is lost.",
    )


def _merge_changed() -> UserFacingError:
    return UserFacingError(
        "merge_changed",
        "Someone else undid this merge, or merged the patient anew, meanwhile.",
        "Look at the patient again; you changed nothing and nothing is lost.",
    )


def _re_entered() -> UserFacingError:
    return UserFacingError(
        "visit_re_entered",
        "This visit was re-entered before.",
        "Go on with the one there is; nothing was added and nothing is lost.",
    )
