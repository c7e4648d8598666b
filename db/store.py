"""The records: patients, visits, and every change that was ever made.

Writes come from one background thread and reads from any: a read has a connection
and a snapshot of its own, so it never waits for a write. Writes wait for each other.
"""

import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import TypeVar

from sqlalchemy import URL, Engine, select
from sqlalchemy.orm import Session

from db import failures, mapping, migrate, search
from db.engine import WRITES, file_of, make_engine
from db.location import make_private_file
from db.tables import AnswerChangeRow, PatientRow, VisitRow, json_text
from intake.answers import AnswerChange, Value
from intake.patient import Patient
from intake.ports import Conflict, ConflictError
from intake.visit import Visit

_Row = TypeVar("_Row", PatientRow, VisitRow)
_NEWEST_FIRST = (
    VisitRow.on_day.desc(),
    VisitRow.opened_utc.desc(),
    VisitRow.id.desc(),
)


def open_store(path_or_url: str | Path | URL, key: bytes | None) -> "Store":
    """Open the records, made or brought up to date if need be.

    Args:
        path_or_url: of the file, or of a database.
        key: what the file is encrypted with; None for a file in the clear.

    Raises:
        UserFacingError: when they cannot be opened as they should be.
    """
    engine = make_engine(path_or_url, key)
    let_go = ExitStack()
    try:
        with failures.told_plainly():
            if (file := file_of(engine)) is not None:
                make_private_file(file)
            let_go.callback(engine.dispose)
            migrate.bring_up_to_date(engine, key)
    except BaseException:
        let_go.close()
        raise
    return Store(engine, let_go.close)


class Store:
    """Keeps the records, all or nothing each call; an `intake.ports.RecordStore`."""

    def __init__(self, engine: Engine, let_go: Callable[[], None]) -> None:
        """Use an engine whose tables are up to date; see `open_store`."""
        self._engine = engine
        self._let_go = let_go
        self._writer = engine.execution_options(**{WRITES: True})
        self._writing = threading.Lock()

    def register(self, patient: Patient) -> None:
        """Store a new patient."""
        row = mapping.patient_row(patient)
        with self._write() as session:
            session.add(row)

    def update_patient(self, patient: Patient) -> None:
        """Store a patient's changed registration; KeyError if there is none."""
        row = mapping.patient_row(patient)
        with self._write() as session:
            _get(session, PatientRow, patient.id)
            session.merge(row)

    def patient(self, patient_id: str) -> Patient:
        """Return a patient; KeyError if there is none."""
        with self._read() as session:
            return mapping.patient_of(_get(session, PatientRow, patient_id))

    def find_patients(self, text: str, limit: int = 50) -> Sequence[Patient]:
        """Return patients whose names, birth date, phone or chart number match."""
        with self._read() as session:
            rows = session.scalars(search.patients_matching(text, limit))
            return [mapping.patient_of(row) for row in rows]

    def open_visit(self, visit: Visit) -> None:
        """Store a new visit."""
        row = mapping.visit_row(visit)
        with self._write() as session:
            session.add(row)

    def visit(self, visit_id: str) -> Visit:
        """Return a visit with its answers; KeyError if there is none."""
        with self._read() as session:
            return mapping.visit_of(_get(session, VisitRow, visit_id))

    def visits_of(self, patient_id: str) -> Sequence[Visit]:
        """Return a patient's visits, newest first."""
        with self._read() as session:
            wanted = select(VisitRow).where(VisitRow.patient_id == patient_id)
            return [
                mapping.visit_of(row)
                for row in session.scalars(wanted.order_by(*_NEWEST_FIRST))
            ]

    def recent_visits(self, limit: int = 50) -> Sequence[tuple[Visit, Patient]]:
        """Return the latest visits of all patients, newest first."""
        with self._read() as session:
            wanted = select(VisitRow, PatientRow).join(PatientRow)
            rows = session.execute(wanted.order_by(*_NEWEST_FIRST).limit(limit))
            return [(mapping.visit_of(v), mapping.patient_of(p)) for v, p in rows]

    def record(
        self, visit_id: str, from_revision: int, changes: Sequence[AnswerChange]
    ) -> Visit:
        """Store changes made from a revision, and return the visit as stored.

        Changes to other questions made meanwhile are merged. The very same changes
        again (a draft taken over after a crash) are stored once. A change is kept
        with the answer it really replaced.

        Raises:
            ConflictError: somebody else changed one of the same questions to another
                value meanwhile; nothing is stored.
        """
        with self._write() as session:
            row = _get(session, VisitRow, visit_id, lock=True)
            visit = mapping.visit_of(row)
            since = _changes(session, visit_id, after=from_revision)
            known = {_identity(change) for change in since}
            fresh = [change for change in changes if _identity(change) not in known]
            if not fresh:
                return visit
            ours = {_identity(change) for change in changes}
            theirs = [change for change in since if _identity(change) not in ours]
            if conflicts := _conflicts(visit, theirs, fresh):
                raise ConflictError(conflicts, visit)
            after = visit.with_changes(fresh)
            answers = visit.answers
            for change in fresh:
                stored = mapping.change_row(change, visit_id, after.revision)
                stored.old = answers.get(change.question)
                session.add(stored)
                # In order: the ids say which change of a save came first.
                session.flush()
                answers = answers.changed(change.question, change.new)
            row.answers = after.answers.as_dict()
            row.revision = after.revision
            return after

    def changes_of(self, visit_id: str) -> Sequence[AnswerChange]:
        """Return every change of a visit, oldest first."""
        with self._read() as session:
            return _changes(session, visit_id)

    def close(self) -> None:
        """Let go of the file."""
        with self._writing:
            self._let_go()

    @contextmanager
    def _read(self) -> Iterator[Session]:
        with failures.told_plainly(), Session(self._engine) as session:
            yield session

    @contextmanager
    def _write(self) -> Iterator[Session]:
        """Give a session that is committed at the end, or rolled back whole."""
        with (
            self._writing,
            failures.told_plainly(),
            Session(self._writer) as session,
            session.begin(),
        ):
            yield session


def _get(session: Session, table: type[_Row], key: str, *, lock: bool = False) -> _Row:
    row = session.get(table, key, with_for_update=lock or None)
    if row is None:
        raise KeyError(key)
    return row


def _changes(session: Session, visit_id: str, after: int = -1) -> list[AnswerChange]:
    wanted = (
        select(AnswerChangeRow)
        .where(AnswerChangeRow.visit_id == visit_id, AnswerChangeRow.revision > after)
        .order_by(AnswerChangeRow.id)
    )
    return [mapping.change_of(row) for row in session.scalars(wanted)]


def _conflicts(
    visit: Visit, theirs: Sequence[AnswerChange], ours: Sequence[AnswerChange]
) -> list[Conflict]:
    """Return the questions that both changed, and to different values.

    An answer that they changed and changed back is as we saw it: no conflict.
    """
    seen: dict[str, Value | None] = {}
    for change in theirs:
        seen.setdefault(change.question, change.old)
    wanted = {change.question: change.new for change in ours}
    return [
        Conflict(question, visit.answers.get(question), value)
        for question, value in wanted.items()
        if question in seen
        and not _same(visit.answers.get(question), value)
        and not _same(visit.answers.get(question), seen[question])
    ]


def _same(one: Value | None, other: Value | None) -> bool:
    # As JSON: to Python, 1 and True are equal.
    return json_text(one) == json_text(other)


def _identity(change: AnswerChange) -> tuple[object, ...]:
    """Return what makes a change this one; the answer it replaced may be corrected."""
    return (
        change.question,
        json_text(change.new),
        change.who,
        change.role,
        change.at,
        change.way,
        change.declined,
    )
