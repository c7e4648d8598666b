"""What is said of answers and suggestions: decided, confirmed, told to a clinician.

Part of `db.store.Store`. Each has an id of its own, so that a draft taken over after a
crash is stored once; what comes in after the signature is kept beside it, as late.
"""

from collections.abc import Sequence
from contextlib import AbstractContextManager
from typing import Protocol

from sqlalchemy import select
from sqlalchemy.orm import Session

from db import day, mapping, whose
from db.rows import row_of
from db.tables import ConfirmationRow, DecisionRow, ToldRow, VisitRow
from intake.audit import AuditNote
from intake.confirmations import Confirmation
from intake.decisions import Decision
from intake.tell_now import Told
from intake.visit import Visit

Notes = Sequence[AuditNote]


class _Sessions(Protocol):
    """What this part needs of the store."""

    def _read(self) -> AbstractContextManager[Session]: ...

    def _write(self, notes: Notes) -> AbstractContextManager[Session]: ...


class KeepsWhatIsSaid:
    """Keeps decisions, confirmations, and who was told."""

    # decisions

    def decide(
        self: _Sessions,
        visit_id: str,
        decision: Decision,
        notes: Notes = (),
        responsible: str = "",
    ) -> Visit:
        """Store a decision, one revision later, and return the visit as stored.

        The very same again (a draft taken over after a crash) is stored once. Of a
        visit that is signed meanwhile it is kept beside it, as late. Where nobody is
        responsible for the visit yet, `responsible` is from now on.
        """
        noted = list(notes)
        with self._write(noted) as session:
            row = row_of(session, VisitRow, visit_id, lock=True)
            if session.get(DecisionRow, decision.id) is not None:
                noted.clear()
                return whose.as_it_is(session, row)
            late = row.signed_at is not None
            if not late:
                row.revision += 1
                if responsible and not day.is_here(session, row.responsible):
                    row.responsible = responsible
            stored = mapping.decision_row(decision, visit_id, row.revision, late=late)
            session.add(stored)
            session.flush()
            return whose.as_it_is(session, row)

    def decisions_of(self: _Sessions, visit_id: str) -> Sequence[Decision]:
        """Return the decisions of a visit, oldest first."""
        with self._read() as session:
            wanted = select(DecisionRow).where(DecisionRow.visit_id == visit_id)
            order = (DecisionRow.revision, DecisionRow.at, DecisionRow.id)
            rows = session.scalars(wanted.order_by(*order))
            return [mapping.decision_of(row) for row in rows]

    # confirmations

    def confirm(
        self: _Sessions,
        visit_id: str,
        confirmations: Sequence[Confirmation],
        notes: Notes = (),
        responsible: str = "",
    ) -> Visit:
        """Store confirmations, one revision later, and return the visit as stored.

        As with decisions: the very same again are stored once, those of a signed visit
        are kept as late, and somebody becomes responsible where nobody is.
        """
        noted = list(notes)
        with self._write(noted) as session:
            row = row_of(session, VisitRow, visit_id, lock=True)
            new = [
                one
                for one in confirmations
                if session.get(ConfirmationRow, one.id) is None
            ]
            if not new:
                noted.clear()
                return whose.as_it_is(session, row)
            late = row.signed_at is not None
            if not late:
                row.revision += 1
                if responsible and not day.is_here(session, row.responsible):
                    row.responsible = responsible
            session.add_all(
                mapping.confirmation_row(one, visit_id, row.revision, late=late)
                for one in new
            )
            session.flush()
            return whose.as_it_is(session, row)

    def confirmations_of(self: _Sessions, visit_id: str) -> Sequence[Confirmation]:
        """Return the confirmations of a visit, oldest first."""
        with self._read() as session:
            wanted = select(ConfirmationRow).where(ConfirmationRow.visit_id == visit_id)
            order = (ConfirmationRow.revision, ConfirmationRow.at, ConfirmationRow.id)
            rows = session.scalars(wanted.order_by(*order))
            return [mapping.confirmation_of(row) for row in rows]

    def note_told(
        self: _Sessions, visit_id: str, told: Told, notes: Notes = ()
    ) -> None:
        """Keep who was told of an answer; once, also when it is handed in again."""
        noted = list(notes)
        with self._write(noted) as session:
            row_of(session, VisitRow, visit_id)
            if session.get(ToldRow, told.id) is not None:
                noted.clear()
                return
            session.add(mapping.told_row(told, visit_id))

    def told_of(self: _Sessions, visit_id: str) -> Sequence[Told]:
        """Return who was told of answers of a visit, oldest first."""
        with self._read() as session:
            wanted = select(ToldRow).where(ToldRow.visit_id == visit_id)
            rows = session.scalars(wanted.order_by(ToldRow.at, ToldRow.id))
            return [mapping.told_of(row) for row in rows]
