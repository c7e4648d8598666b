"""Where a clinic's records are: in an encrypted file, or on a server.

`db.clinic` knows keys and people; this knows what differs between the two places.
"""

from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Protocol

from sqlcipher3 import dbapi2 as sqlcipher

from db import backup, failures, moving
from db.audit import AuditLog
from db.server import make_server_engine
from db.server_address import ServerAddress
from db.store import Store, open_store, store_on
from intake.errors import UserFacingError
from intake.waiting import Progress, step


class RecordsPlace(Protocol):
    """What can be done with records in one place.

    All calls raise `UserFacingError` when the surroundings fail.
    """

    @property
    def is_shared(self) -> bool:
        """Return whether other computers work with the same records."""

    def open(self, key: bytes, log: AuditLog, *, is_new: bool) -> Store:
        """Return the records open."""

    def copy_to(self, copy: Path, key: bytes) -> None:
        """Copy the records as they are at one moment into a new encrypted file."""

    def faults(self, key: bytes, progress: Progress = step) -> Sequence[str]:
        """Return what is wrong with the records; nothing when they are sound."""

    def page_faults(self, key: bytes) -> Sequence[str]:
        """Return which pages of a file are not as they were written."""

    def give_new_key(self, old: bytes, new: bytes) -> None:
        """Encrypt the records with another key, all or nothing."""

    def read_with(self, key: bytes) -> None:
        """Read from the records; database_damaged when they have another key."""


class InFile:
    """Records in one file, encrypted with their key."""

    is_shared = False

    def __init__(self, path: Path, key_file: bytes) -> None:
        """Nothing is read yet; the key file goes into backups before a migration."""
        self._path = path
        self._key_file = key_file

    def open(self, key: bytes, log: AuditLog, *, is_new: bool) -> Store:
        """Return the records open.

        Raises:
            UserFacingError: (records_missing) there is a key file and no records:
                a new, empty file would look as if all patients were gone.
        """
        if not is_new and not (self._path.is_file() and self._path.stat().st_size):
            raise UserFacingError(
                "records_missing",
                "The file with the records is not in the folder, or is empty.",
                "Put it back, or restore a backup; nothing was changed.",
            )
        return open_store(self._path, key, log, self._key_file, may_make=is_new)

    def copy_to(self, copy: Path, key: bytes) -> None:
        """Copy the records through SQLite, also while they are in use."""
        backup.copy_file(self._path, copy, key)

    def faults(self, key: bytes, progress: Progress = step) -> Sequence[str]:
        """Return what is wrong with the file."""
        return list(backup.faults_of(self._path, key, progress))

    def page_faults(self, key: bytes) -> Sequence[str]:
        """Return which pages are not as they were written."""
        return list(backup.page_faults_of(self._path, key))

    def give_new_key(self, old: bytes, new: bytes) -> None:
        """Encrypt the whole file anew, in one transaction of SQLCipher's."""
        with self._raw(old) as connection:
            connection.execute("PRAGMA synchronous=FULL")
            try:
                connection.execute(f"PRAGMA rekey=\"x'{new.hex()}'\"")
            except sqlcipher.OperationalError as error:
                if error.sqlite_errorcode != sqlcipher.SQLITE_ERROR:
                    raise
                # The library drops the reason; the key and the statement are sound.
                raise failures.failing_disk() from None

    def read_with(self, key: bytes) -> None:
        """Read from the file; database_damaged when it is under another key."""
        with self._raw(key):
            pass

    @contextmanager
    def _raw(self, key: bytes) -> Iterator[sqlcipher.Connection]:
        with (
            failures.told_plainly(),
            closing(sqlcipher.connect(self._path)) as connection,
        ):
            connection.execute("PRAGMA cipher_log_level=NONE")
            connection.execute(f"PRAGMA key=\"x'{key.hex()}'\"")
            # A new key given to what cannot be read fails with no reason.
            connection.execute("SELECT count(*) FROM sqlite_master").fetchone()
            yield connection


class OnServer:
    """Records on a PostgreSQL server, whose disk the clinic encrypts itself."""

    is_shared = True

    def __init__(self, address: ServerAddress, password: str) -> None:
        """Nothing is connected yet."""
        self.address = address
        self._password = password

    def open(self, key: bytes, log: AuditLog, *, is_new: bool) -> Store:  # noqa: ARG002  (for files)
        """Return the records open; tables are made by `db.server_tables` alone."""
        return store_on(make_server_engine(self.address, self._password), None, log)

    def copy_to(self, copy: Path, key: bytes) -> None:
        """Copy the records into a file, as they are at one moment."""
        engine = make_server_engine(self.address, self._password)
        try:
            with failures.told_plainly():
                moving.into_file(engine, copy, key)
        finally:
            engine.dispose()

    def faults(self, key: bytes, progress: Progress = step) -> Sequence[str]:  # noqa: ARG002  (for files)
        """Return what does not hold between the records."""
        engine = make_server_engine(self.address, self._password)
        return list(backup.faults_at(engine, progress))

    def page_faults(self, key: bytes) -> Sequence[str]:  # noqa: ARG002  (for files)
        """Return nothing: the server's pages have checksums of its own."""
        return ()

    def give_new_key(self, old: bytes, new: bytes) -> None:
        """Do nothing: the server's tables are not encrypted by us."""

    def read_with(self, key: bytes) -> None:
        """Do nothing, for the same reason."""
