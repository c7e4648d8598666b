"""Bring the tables on a server up to date, as their owner.

People's role may change no table, so the program they work in cannot do it when it
starts, as it does with a file. Everything happens in one transaction: the tables are
locked, a backup is taken of what stands there, migrations run, what arrives is checked.
Broken off anywhere, the server is as it was, and the backup lies beside.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import Connection, select
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session

from db import backup, check, failures, kept_backups, migrate, moving, server_tables
from db.audit import AuditLog
from db.clinic import Clinic
from db.follow_server import not_on_server, other_clinic
from db.keys import KeyFile
from db.mapping import person_of
from db.move_to_server import SHARED_KEYS
from db.records_place import OnServer
from db.server import make_server_engine
from db.server_address import read_address
from db.tables import PersonRow, SettingRow
from intake.audit import AuditNote, Head
from intake.errors import UserFacingError
from intake.people import NotPermittedError, Person

_USE_CASE = "upgrade_server"


@dataclass(frozen=True, slots=True)
class Upgraded:
    """From which revision to which, and the backup of before, if anything was done."""

    before: str
    after: str
    backup: Path | None = None


def upgrade(
    clinic: Clinic,
    person_id: str,
    passphrase: str,
    text: str,
    *,
    head: str = migrate.HEAD,
    migrations: Path = migrate.MIGRATIONS,
) -> Upgraded:
    """Bring the tables of a clinic's server to the revision of this program.

    Args:
        clinic: whose folder it is, shut.
        person_id: an owner of the clinic.
        passphrase: theirs.
        text: the address, with the password, of the role that owns the tables.
        head: the revision to bring them to; a test has one of its own.
        migrations: the folder with Alembic's scripts.

    Raises:
        InputRefusedError: it is no address, or not safe.
        NotPermittedError: for owners.
        UserFacingError: (not_on_server, other_clinic, wrong_passphrase,
            server_owner_needed, server_role_owns, records_in_use, database_newer,
            upgrade_failed, backup_unsound) or what the server or the disk said.
            In each case the server is as it was.
    """
    address, password = read_address(text)
    here = clinic.keys()
    place = clinic.place(clinic.key_for(here, person_id, passphrase), here)
    if not isinstance(place, OnServer):
        raise not_on_server()
    engine = make_server_engine(address, password)
    try:
        with _told_as_unchanged(), engine.begin() as connection:
            attempt = _Upgrade(clinic, connection, place.address.role, head, migrations)
            before = attempt.lock()
            if before == head:
                return Upgraded(before, head)
            keys = attempt.keys(here)
            key = keys.opened_by(passphrase, person_id)
            kept = attempt.back_up(key, keys)
            log = clinic.log(key, keys)
            attempt.change()
            reached = attempt.prove_and_note(log, person_id, before)
            attempt.refuse_others()
    finally:
        engine.dispose()
    log.anchor(reached)
    return Upgraded(before, head, kept)


@dataclass(frozen=True, slots=True)
class _Upgrade:
    """The steps of one attempt, all in the transaction of one connection."""

    clinic: Clinic
    connection: Connection
    worker: str
    head: str
    migrations: Path

    def lock(self) -> str:
        """Keep others from writing, and return the revision of the tables."""
        connection = self.connection
        if server_tables.is_empty(connection):
            raise failures.server_empty()
        if not server_tables.is_owned(connection):
            raise _owner_needed()
        # A large clinic takes its time; what waits for others still gives up.
        for limit in ("statement_timeout", "idle_in_transaction_session_timeout"):
            connection.exec_driver_sql(f"SET LOCAL {limit} TO 0")
        self.refuse_others()
        server_tables.lock(connection)
        migrate.refuse_what_is_not_ours(connection, self.migrations)
        return migrate.revision_of(connection) or ""

    def refuse_others(self) -> None:
        """Refuse while a workstation is connected: its program knows the old tables.

        Raises:
            UserFacingError: (records_in_use).
        """
        if others := server_tables.connected(self.connection, self.worker):
            raise _in_use(others)

    def keys(self, here: KeyFile) -> KeyFile:
        """Return the key file that the workstations share.

        Raises:
            UserFacingError: (other_clinic) what is there belongs to another clinic.
        """
        wanted = select(SettingRow.value).where(SettingRow.name == SHARED_KEYS)
        text = self.connection.scalar(wanted)
        shared = KeyFile.of_text(text) if isinstance(text, str) else None
        if shared is None or shared.clinic_id != here.clinic_id:
            raise other_clinic()
        return shared

    def back_up(self, key: bytes, keys: KeyFile) -> Path:
        """Take a backup of what is there, read it again, and return where it is."""
        now = self.clinic.clock.now()
        folder = self.clinic.folder / kept_backups.FOLDER
        target = kept_backups.path_before(folder, self.head, now)

        def copy_to(copy: Path) -> None:
            moving.into_older_file(self.connection, copy, key, self.migrations)

        backup.take_with(copy_to, key, keys.as_text().encode(), target, now)
        if found := backup.rehearse(target, key):
            raise _failed(f"The backup cannot be used: {found[0]}")
        return target

    def change(self) -> None:
        """Run the migrations, and renew what people's role may and may not do."""
        migrate.run(self.connection, self.head, self.migrations)
        if server_tables.owns_anything(self.connection, self.worker):
            raise _owns()
        server_tables.renew_guards(self.connection, self.worker)

    def prove_and_note(self, log: AuditLog, person_id: str, before: str) -> Head:
        """Look at what is there now, write down who changed it; return the new head."""
        with Session(self.connection) as session:
            if log.faults(session):
                raise other_clinic()
            row = session.get(PersonRow, person_id)
            person = (
                Person(person_id, "", frozenset()) if row is None else person_of(row)
            )
            if not person.may(_USE_CASE):
                raise NotPermittedError(person, _USE_CASE)
            if found := list(check.faults(self.connection)):
                raise _failed(f"What came of the change is not sound: {found[0]}")
            now = self.clinic.clock.now()
            roles = "+".join(sorted(person.roles))
            detail = {"from": before, "to": self.head}
            notes = [
                AuditNote("backed_up", person_id, now, roles),
                AuditNote("upgraded", person_id, now, roles, "server", detail),
            ]
            reached = log.append(session, notes)
            session.flush()
        return reached


@contextmanager
def _told_as_unchanged() -> Iterator[None]:
    """Tell what a migration meets as an error in which nothing was changed."""
    try:
        with failures.told_plainly():
            yield
    except DBAPIError as error:
        # The code alone: the server's words may quote what is stored.
        state = getattr(error.orig, "sqlstate", None)
        raise _failed(f"The server refused a step ({state}).") from None
    except ValueError:
        raise _failed("The copy for the backup is not what was read.") from None


def _failed(why: str) -> UserFacingError:
    return UserFacingError(
        "upgrade_failed",
        f"The tables on the server were not brought up to date. {why}",
        "The server is as it was: go on with the version that made its tables, and ask "
        "for help with this message.",
    )


def _owner_needed() -> UserFacingError:
    return UserFacingError(
        "server_owner_needed",
        "The role in the file does not own the tables on the server.",
        "Use the address that the records were moved with; nothing was changed.",
    )


def _owns() -> UserFacingError:
    return UserFacingError(
        "server_role_owns",
        "The role that people work in owns something in the database, so it could "
        "alter the past.",
        "Give what it owns to the owner's role (REASSIGN OWNED), and do this again; "
        "the server is as it was.",
    )


def _in_use(others: int) -> UserFacingError:
    return UserFacingError(
        "records_in_use",
        f"The records are open elsewhere: {others} connections of workstations.",
        "Close the program on every computer, this one too, and try again; nothing was "
        "changed.",
    )
