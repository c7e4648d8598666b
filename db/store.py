"""The records: patients, visits, every change that was ever made, and the audit trail.

Writes come from one background thread and reads from any: a read has a connection
and a snapshot of its own, so it never waits for a write. Writes wait for each other.
"""

import threading
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path
from typing import TypeVar

from sqlalchemy import URL, Engine, select
from sqlalchemy.orm import Session

from db import (
    audit,
    backup,
    day,
    failures,
    kept_backups,
    mapping,
    merging,
    migrate,
    moments,
    search,
    search_keys,
    settings_store,
    whose,
    whose_store,
)
from db.audit import AuditLog
from db.day_store import KeepsTheDay
from db.engine import WRITES, file_of, make_engine
from db.location import make_private_file
from db.rows import refuse_finished, row_of
from db.said_store import KeepsWhatIsSaid
from db.settings_store import KeepsSettings
from db.tables import (
    AddendumRow,
    AnswerChangeRow,
    EarlierRegistrationRow,
    PatientRow,
    PersonRow,
    SetAsideRow,
    SettingRow,
    VisitRow,
)
from db.whose_store import KeepsWhose
from intake.answers import AnswerChange, Answers, Value
from intake.audit import LATEST, AuditEntry, AuditFilter, AuditNote, Head
from intake.errors import UserFacingError
from intake.patient import Patient
from intake.people import Person
from intake.ports import ConflictError, NotedMove
from intake.signing import Addendum, overlaid
from intake.visit import FINISHED, Signature, Visit

_Row = TypeVar("_Row", PatientRow, PersonRow, VisitRow)
Notes = Sequence[AuditNote]
_NEWEST_FIRST = (
    VisitRow.on_day.desc(),
    VisitRow.opened_utc.desc(),
    VisitRow.id.desc(),
)


def open_store(
    path_or_url: str | Path | URL,
    key: bytes | None,
    audit_log: AuditLog | None = None,
    key_file: bytes = b"",
    *,
    may_make: bool = True,
) -> "Store":
    """Open the records, made or brought up to date if need be.

    Args:
        path_or_url: of the file, or of a database.
        key: what the file is encrypted with; None for a file in the clear.
        audit_log: where each write is noted; None notes nothing.
        key_file: goes into the backup that is taken before a migration.
        may_make: whether there may be none yet.

    Raises:
        UserFacingError: when they cannot be opened as they should be.
    """
    engine = make_engine(path_or_url, key)
    return store_on(engine, key, audit_log, key_file, may_make=may_make)


def store_on(
    engine: Engine,
    key: bytes | None,
    audit_log: AuditLog | None = None,
    key_file: bytes = b"",
    *,
    may_make: bool = True,
) -> "Store":
    """Open the records of an engine; see `open_store`."""
    let_go = ExitStack()
    try:
        with failures.told_plainly():
            if (file := file_of(engine)) is not None:
                make_private_file(file)
            let_go.callback(engine.dispose)
            back_up = _backs_up(engine, key, key_file)
            migrate.bring_up_to_date(engine, back_up, may_make=may_make)
    except BaseException:
        let_go.close()
        raise
    return Store(engine, let_go.close, audit_log)


class Store(KeepsTheDay, KeepsWhatIsSaid, KeepsWhose, KeepsSettings):
    """Keeps the records, all or nothing each call; an `intake.ports.RecordStore`.

    Every write takes the notes for the audit trail, which are stored with it or not at
    all.
    """

    def __init__(
        self,
        engine: Engine,
        let_go: Callable[[], None],
        audit_log: AuditLog | None = None,
    ) -> None:
        """Use an engine whose tables are up to date; see `open_store`."""
        self._engine = engine
        self._let_go = let_go
        self._audit = audit_log
        self._reader = _snapshots(engine)
        self._writer = engine.execution_options(**{WRITES: True})
        self._writing = threading.Lock()
        self._awake = threading.Event()
        self._awake.set()

    # patients

    def register(self, patient: Patient, notes: Notes = ()) -> None:
        """Store a new patient."""
        row = mapping.patient_row(patient)
        with self._write(notes) as session:
            session.add(row)
            session.flush()
            session.add_all(search_keys.rows_of(patient))

    def update_patient(self, patient: Patient, notes: Notes = ()) -> Patient:
        """Store a changed registration, and return it as stored; the old one is kept.

        Raises:
            KeyError: there is no such patient.
            UserFacingError: (registration_changed) somebody else changed it since;
                (patient_merged) they went into another patient.
        """
        row = mapping.patient_row(patient)
        with self._write(notes) as session:
            stored = row_of(session, PatientRow, patient.id, lock=True)
            if stored.revision != patient.revision:
                raise _registration_changed()
            whose_store.refuse_merged(session, patient.id)
            session.add(mapping.earlier_row(mapping.patient_of(stored)))
            row.revision = stored.revision + 1
            _put(row, stored)
            after = mapping.patient_of(row)
            session.add_all(search_keys.rows_of(after))
            return after

    def patient(self, patient_id: str) -> Patient:
        """Return a patient; KeyError if there is none."""
        with self._read() as session:
            return mapping.patient_of(row_of(session, PatientRow, patient_id))

    def earlier_registrations(self, patient_id: str) -> Sequence[Patient]:
        """Return a registration as it was before each change, the latest first."""
        kept = EarlierRegistrationRow
        with self._read() as session:
            wanted = select(kept).where(kept.patient_id == patient_id)
            rows = session.scalars(wanted.order_by(kept.revision.desc()))
            return [mapping.earlier_of(row) for row in rows]

    def find_patients(self, text: str, limit: int = 50) -> Sequence[Patient]:
        """Return patients whose names, birth date, phone or chart number match."""
        with self._read() as session:
            rows = search.find(session, text, limit)
            return [mapping.patient_of(row) for row in whose.found_as(session, rows)]

    def last_visits(self, patient_ids: Sequence[str]) -> Mapping[str, date]:
        """Return the day on which each of some patients was here last.

        A visit that was cancelled or entered in error is none.
        """
        with self._read() as session:
            return whose.last_days(session, patient_ids)

    # visits

    def open_visit(self, visit: Visit, notes: Notes = ()) -> None:
        """Store a new visit."""
        row = mapping.visit_row(visit)
        with self._write(notes) as session:
            session.add(row)

    def visit(self, visit_id: str) -> Visit:
        """Return a visit with its answers; KeyError if there is none."""
        with self._read() as session:
            return whose.as_it_is(session, row_of(session, VisitRow, visit_id))

    def visits_of(self, patient_id: str) -> Sequence[Visit]:
        """Return a patient's visits, newest first."""
        with self._read() as session:
            wanted = whose.visits_of(session, patient_id)
            rows = session.scalars(wanted.order_by(*_NEWEST_FIRST)).all()
            return whose.as_they_are(session, rows)

    def recent_visits(self, limit: int = 50) -> Sequence[tuple[Visit, Patient]]:
        """Return the latest visits of all patients, newest first."""
        with self._read() as session:
            wanted = select(VisitRow).order_by(*_NEWEST_FIRST).limit(limit)
            visits = whose.as_they_are(session, session.scalars(wanted).all())
            theirs = PatientRow.id.in_({visit.patient_id for visit in visits})
            rows = session.scalars(select(PatientRow).where(theirs))
            patients = {row.id: mapping.patient_of(row) for row in rows}
            return [(visit, patients[visit.patient_id]) for visit in visits]

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

        Changes to other questions made meanwhile are merged. The very same changes
        again (a draft taken over after a crash) are stored once. A change is kept
        with the answer it really replaced. Where nobody is responsible for the visit
        yet, `responsible` is from now on. The one of `moves` that begins in the state
        the visit is in is made with the same save, and noted.

        Raises:
            ConflictError: somebody else changed one of the same questions to another
                value meanwhile; nothing is stored.
            UserFacingError: (visit_signed, visit_ended) a signed visit, and one that
                ended, take no more answers.
        """
        noted = list(notes)
        with self._write(noted) as session:
            row = row_of(session, VisitRow, visit_id, lock=True)
            visit = whose.as_it_is(session, row)
            since = _changes(session, visit_id, after=from_revision)
            known = {merging.identity(change) for change in since}
            fresh = [c for c in changes if merging.identity(c) not in known]
            if not fresh:
                # Stored and noted before; the trail tells of it once.
                noted.clear()
                return visit
            refuse_finished(row)
            ours = {merging.identity(change) for change in changes}
            theirs = [c for c in since if merging.identity(c) not in ours]
            if found := merging.conflicts(visit, theirs, fresh):
                raise ConflictError(found, visit)
            after = visit.with_changes(fresh)
            after = replace(after, responsible=visit.responsible or responsible)
            answers = visit.answers
            for change in fresh:
                stored = mapping.change_row(change, visit_id, after.revision)
                stored.old = answers.get(change.question)
                session.add(stored)
                # In order: the ids say which change of a save came first.
                session.flush()
                answers = answers.changed(change.question, change.new)
            row.answers = after.answers.as_dict()
            row.responsible = after.responsible
            row.revision = after.revision
            for move, note in moves:
                if move.before == row.state:
                    day.make_move(session, row, move, after.revision)
                    noted.append(note)
                    break
            return whose.as_it_is(session, row)

    def open_visits_of(self, person_id: str) -> Sequence[str]:
        """Return the ids of the visits somebody still has to finish, oldest first."""
        with self._read() as session:
            is_open = VisitRow.state.not_in(sorted(FINISHED))
            theirs = (VisitRow.responsible == person_id, is_open)
            wanted = select(VisitRow.id).where(*theirs)
            return list(session.scalars(wanted.order_by(VisitRow.opened_utc)))

    def hand_over(
        self, visit_id: str, giver: str, taker: str, notes: Notes = ()
    ) -> Visit:
        """Make somebody else responsible for one visit, and return it as stored.

        Raises:
            KeyError: there is no such visit.
            UserFacingError: (visit_signed, visit_ended) it is finished; (visit_changed)
                the giver is not responsible any more.
        """
        with self._write(notes) as session:
            row = row_of(session, VisitRow, visit_id, lock=True)
            refuse_finished(row)
            if row.responsible != giver:
                raise _visit_changed()
            row.responsible = taker
            return whose.as_it_is(session, row)

    def set_aside(self, visit_id: str, loser: AnswerChange, notes: Notes = ()) -> None:
        """Keep the answer that lost a conflict, beside the one that was chosen."""
        with self._write(notes) as session:
            row_of(session, VisitRow, visit_id)
            session.add(mapping.set_aside_row(loser, visit_id))

    def answers_set_aside(self, visit_id: str) -> Sequence[AnswerChange]:
        """Return the answers of a visit that lost a conflict, oldest first."""
        with self._read() as session:
            wanted = select(SetAsideRow).where(SetAsideRow.visit_id == visit_id)
            rows = session.scalars(wanted.order_by(SetAsideRow.id))
            return [mapping.set_aside_of(row) for row in rows]

    # signing

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

        Raises:
            UserFacingError: (visit_signed) it has one; (visit_ended) it ended without;
                (visit_changed) answers came in after that revision, so what was read
                is not what would be signed; (visit_of_another) it is another
                patient's by now.
        """
        with self._write(notes) as session:
            row = row_of(session, VisitRow, visit_id, lock=True)
            refuse_finished(row)
            if row.revision != revision:
                raise _visit_changed()
            if seen and whose.as_it_is(session, row).patient_id != seen:
                raise whose_store.moved()
            mapping.sign_row(row, signature)
            row.revision = revision + 1
            return whose.as_it_is(session, row)

    def add_addendum(self, addendum: Addendum, notes: Notes = ()) -> None:
        """Store an addendum to a signed visit.

        Raises:
            UserFacingError: (visit_changed) another addendum came in meanwhile, so
                this one does not follow on the last.
        """
        with self._write(notes) as session:
            row = row_of(session, VisitRow, addendum.visit_id, lock=True)
            if row.signed_at is None:
                raise ValueError("only a signed visit has addenda")
            if len(_addenda(session, row.id)) + 1 != addendum.number:
                raise _visit_changed()
            session.add(mapping.addendum_row(addendum))

    def addenda_of(self, visit_id: str) -> Sequence[Addendum]:
        """Return the addenda of a visit, oldest first."""
        with self._read() as session:
            return _addenda(session, visit_id)

    def answers_now(self, visit_id: str) -> Answers:
        """Return a visit's answers, with what its addenda say over them."""
        with self._read() as session:
            row = row_of(session, VisitRow, visit_id)
            return overlaid(Answers(row.answers), _addenda(session, visit_id))

    # people

    def add_person(self, person: Person, notes: Notes = ()) -> None:
        """Store somebody new."""
        with self._write(notes) as session:
            session.add(mapping.person_row(person))

    def change_person(self, person: Person, notes: Notes = ()) -> None:
        """Store a person's changed name, roles, licence or leaving."""
        with self._write(notes) as session:
            stored = row_of(session, PersonRow, person.id, lock=True)
            _put(mapping.person_row(person, stored.revision + 1), stored)

    def person(self, person_id: str) -> Person:
        """Return somebody, also who left; KeyError if there is none."""
        with self._read() as session:
            return mapping.person_of(row_of(session, PersonRow, person_id))

    def people(self) -> Sequence[Person]:
        """Return everybody, also those who left, by name."""
        with self._read() as session:
            rows = session.scalars(select(PersonRow).order_by(PersonRow.name))
            return [mapping.person_of(row) for row in rows]

    # what the clinic settled

    def setting(self, name: str) -> Value | None:
        """Return what was settled under a name, or None."""
        with self._read() as session:
            row = session.get(SettingRow, name)
            return None if row is None else row.value

    def settle(self, name: str, value: Value, notes: Notes = ()) -> None:
        """Keep a setting in the place of an older one."""
        with self._write(notes) as session:
            session.merge(SettingRow(name=name, value=value))

    def replace_setting(
        self, name: str, old: Value | None, new: Value, notes: Notes = ()
    ) -> None:
        """Keep a setting in the place of the one that was read.

        Raises:
            UserFacingError: (setting_changed) somebody else changed it since.
        """
        with self._write(notes) as session:
            row = session.get(SettingRow, name, with_for_update=True)
            if (None if row is None else row.value) != old:
                raise settings_store.setting_changed()
            session.merge(SettingRow(name=name, value=new))

    # the audit trail

    def note(self, notes: Notes) -> None:
        """Write down what changes nothing else: reading, printing, a failed sign-in."""
        with self._write(notes):
            pass

    def audit_entries(self, wanted: AuditFilter = LATEST) -> Sequence[AuditEntry]:
        """Return the entries that match, in the order asked for."""
        with self._read() as session:
            return audit.entries_of(session.scalars(audit.notes_matching(wanted)))

    def audit_faults(self) -> list[str]:
        """Return what is wrong with the audit trail; nothing when it is sound."""
        if self._audit is None:
            return ["There is no audit trail here."]
        with self._read() as session:
            return self._audit.faults(session)

    def changes_of(self, visit_id: str) -> Sequence[AnswerChange]:
        """Return every change of a visit, oldest first."""
        with self._read() as session:
            return _changes(session, visit_id)

    @contextmanager
    def asleep(self) -> Iterator[None]:
        """Let go of the file and have everybody wait, while it gets another key."""
        self._awake.clear()
        try:
            with self._writing:
                self._let_go()
                yield
        finally:
            self._awake.set()

    def go_on_as(self, opened: "Store") -> None:
        """Go on with the file as another store opened it; to be called asleep."""
        self._engine = opened._engine  # noqa: SLF001  (its own kind)
        self._reader = opened._reader  # noqa: SLF001  (its own kind)
        self._writer = opened._writer  # noqa: SLF001  (its own kind)
        self._let_go = opened._let_go  # noqa: SLF001  (its own kind)

    def close(self) -> None:
        """Let go of the file."""
        with self._writing:
            self._let_go()

    @contextmanager
    def _read(self) -> Iterator[Session]:
        self._awake.wait()
        with (
            failures.told_plainly(),
            Session(self._reader) as session,
            _no_zeros(session),
        ):
            yield session

    @contextmanager
    def _write(self, notes: Notes) -> Iterator[Session]:
        """Give a session that is committed at the end, or rolled back whole."""
        head: Head | None = None
        with self._writing, failures.told_plainly():
            with Session(self._writer) as session, session.begin():
                with _no_zeros(session):
                    yield session
                if notes and self._audit is not None:
                    head = self._audit.append(session, notes)
                else:
                    moments.count_unnoted(session)
            if head is not None and self._audit is not None:
                self._audit.anchor(head)


def _backs_up(
    engine: Engine, key: bytes | None, key_file: bytes
) -> Callable[[str], None]:
    """Return what takes a backup of a file before a migration.

    It bears the time at which the file was written last, so that one that is taken
    again after a migration was broken off takes the place of the first.
    """

    def back_up(head: str) -> None:
        file = file_of(engine)
        if file is not None and key is not None:
            written = datetime.fromtimestamp(file.stat().st_mtime, UTC)
            folder = file.parent / kept_backups.FOLDER
            target = kept_backups.path_before(folder, head, written)
            backup.take(file, key, key_file, target, written)

    return back_up


def _snapshots(engine: Engine) -> Engine:
    """Return the engine for reads, each of which sees the records at one moment.

    In a file every transaction is a snapshot; a server has to be asked for one.
    """
    if engine.dialect.name == "sqlite":
        return engine
    return engine.execution_options(
        isolation_level="REPEATABLE READ", postgresql_readonly=True
    )


@contextmanager
def _no_zeros(session: Session) -> Iterator[None]:
    """Raise what reading a damaged page should have raised.

    SQLCipher gives zeros for a page that is not as it was written, and an error only
    for the page after it. So the last page of what was read could be shown as zeros.
    """
    try:
        yield
    except ValueError:
        # Zeros may be no JSON and no date.
        _refuse_zeros(session)
        raise
    _refuse_zeros(session)


def _refuse_zeros(session: Session) -> None:
    connection = session.connection()
    if connection.dialect.name != "sqlite":
        return
    is_well = connection.exec_driver_sql("PRAGMA cipher_status").scalar() == "1"
    # A file in the clear has no provider, and is never well.
    if (
        not is_well
        and connection.exec_driver_sql("PRAGMA cipher_provider").returns_rows
    ):
        connection.invalidate()
        raise failures.damaged()


def _put(row: _Row, stored: _Row) -> None:
    """Put the cells of a row in the place of the stored ones."""
    for column in stored.__table__.columns:
        setattr(stored, column.key, getattr(row, column.key))


def _changes(session: Session, visit_id: str, after: int = -1) -> list[AnswerChange]:
    wanted = (
        select(AnswerChangeRow)
        .where(AnswerChangeRow.visit_id == visit_id, AnswerChangeRow.revision > after)
        .order_by(AnswerChangeRow.id)
    )
    return [mapping.change_of(row) for row in session.scalars(wanted)]


def _addenda(session: Session, visit_id: str) -> list[Addendum]:
    wanted = select(AddendumRow).where(AddendumRow.visit_id == visit_id)
    rows = session.scalars(wanted.order_by(AddendumRow.number))
    return [mapping.addendum_of(row) for row in rows]


def _registration_changed() -> UserFacingError:
    return UserFacingError(
        "registration_changed",
        "Someone else changed this registration meanwhile.",
        "Read it again and repeat your change; theirs is stored, yours is not.",
    )


def _visit_changed() -> UserFacingError:
    return UserFacingError(
        "visit_changed",
        "Something was added to this visit after you read it.",
        "Read it again, then sign; nothing was signed and nothing is lost.",
    )
