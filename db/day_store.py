"""Moving visits from state to state, and calling patients back.

Part of `db.store.Store`; the statements are in `db.day`.
"""

from collections.abc import Callable, Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import replace
from datetime import date
from typing import Protocol

from sqlalchemy.orm import Session

from db import day, mapping, moments, whose
from db.rows import row_of, signed
from db.tables import VisitRow
from intake.audit import AuditNote
from intake.call_backs import Call, CallBack, refuse_done
from intake.moves import StateChange
from intake.patient import Patient
from intake.ports import NotedCallBack
from intake.visit import Visit
from intake.worklist import ListedVisit

Notes = Sequence[AuditNote]


class _Sessions(Protocol):
    """What this part needs of the store."""

    def _read(self) -> AbstractContextManager[Session]: ...

    def _write(self, notes: Notes) -> AbstractContextManager[Session]: ...


class KeepsTheDay:
    """Keeps where visits are, and who has to be called."""

    def change_state(  # noqa: PLR0913  (each is stored with the others, or none is)
        self: _Sessions,
        visit_id: str,
        revision: int,
        change: StateChange,
        notes: Notes = (),
        *,
        responsible: str = "",
        asks: Callable[[Visit], NotedCallBack | None] = lambda _visit: None,
        settles: Call | None = None,
    ) -> Visit:
        """Move a visit as it was read at a revision, and return it as stored.

        Args:
            visit_id: which visit.
            revision: at which it was read; answers that came in since are no matter.
            change: the move.
            notes: for the audit trail.
            responsible: who is, where nobody who works here is yet.
            asks: is told the visit as it is stored, while nobody can change it, and
                returns a call-back to keep with the move, or None.
            settles: the call-backs of the visit that are not done.

        Raises:
            UserFacingError: (visit_signed) it is final; (visit_moved) somebody else
                moved it meanwhile.
        """
        noted = list(notes)
        with self._write(noted) as session:
            row = row_of(session, VisitRow, visit_id, lock=True)
            if row.signed_at is not None:
                raise signed()
            day.refuse_if_moved(session, row, change, revision)
            day.make_move(session, row, change, row.revision + 1)
            row.revision += 1
            if responsible and not day.is_here(session, row.responsible):
                row.responsible = responsible
            if settles is not None:
                for one in day.open_call_backs(session, visit_id):
                    session.add(mapping.call_row(settles, one.id))
            visit = whose.as_it_is(session, row)
            if (asked := asks(visit)) is not None:
                session.add(mapping.call_back_row(asked.call_back))
                noted.append(asked.note)
            return visit

    def call_backs(self: _Sessions) -> Sequence[tuple[CallBack, Patient]]:
        """Return whom somebody has still to call, oldest first."""
        with self._read() as session:
            return day.patients_to_call(session)

    def add_call(
        self: _Sessions, call_back_id: str, call: Call, notes: Notes = ()
    ) -> CallBack:
        """Add a call to a call-back, and return it as stored.

        Raises:
            KeyError: there is no such call-back.
            UserFacingError: (call_back_done) nobody has to call any more.
        """
        with self._write(notes) as session:
            one = day.call_back(session, call_back_id)
            refuse_done(one)
            session.add(mapping.call_row(call, call_back_id))
            return replace(one, calls=(*one.calls, call))

    def moves_of(self: _Sessions, visit_id: str) -> Sequence[StateChange]:
        """Return the moves of a visit, oldest first; signing is none."""
        with self._read() as session:
            return day.moves_of(session, visit_id)

    def worklist(self: _Sessions, today: date) -> Sequence[ListedVisit]:
        """Return the visits of a day, older ones not finished, and calls to make."""
        with self._read() as session:
            return day.listed(session, today)

    def first_authors(
        self: _Sessions, visit_ids: Sequence[str]
    ) -> Mapping[str, Sequence[tuple[str, str]]]:
        """Return who answered first in visits: question and name, oldest first."""
        with self._read() as session:
            return day.first_authors(session, visit_ids)

    def moment(self: _Sessions) -> int:
        """Return a number that grows with every write of anybody."""
        with self._read() as session:
            return moments.moment(session)
