"""Take backups of open records, check them, and put one back.

A copy is taken through SQLite, never from the live file, and is opened and checked
before it counts as a backup.
"""

from collections.abc import Callable, Iterator, Sequence
from contextlib import closing, contextmanager
from datetime import datetime
from pathlib import Path
from tempfile import TemporaryDirectory

from sqlalchemy import Connection, Engine
from sqlcipher3 import dbapi2 as sqlcipher

from db import backup_file, check, failures
from db.backup_file import BackupHeader
from db.engine import make_engine
from db.location import (
    FILE_NAME,
    SIDE_FILES,
    make_folder,
    make_private_file,
    not_writable,
)
from db.migrate import HEAD, revision_of
from db.private_files import sync_folder
from intake.errors import UserFacingError
from intake.waiting import Progress, step

KEY_FILE = "clinic.keys"
#: Says where the server is; without it the records are in the file.
SERVER_FILE = "clinic.server"
#: Why a check could not be made, which tells nothing of the records.
_SAYS_NOTHING = ("server_unreachable", "server_refused", "database_locked")
#: What the name of a folder begins with that holds what is to be put back.
_READY = ".restoring-"
#: What the names of files end with that belong to one: SQLite's, and a waiting one.
_BESIDE = (*reversed(SIDE_FILES[1:]), ".next", "")


def take(
    records: Path, key: bytes, key_file: bytes, target: Path, at: datetime
) -> None:
    """Write a backup of a file of records, also while they are in use; see below."""
    take_with(lambda copy: copy_file(records, copy, key), key, key_file, target, at)


def take_with(
    copy_to: Callable[[Path], None],
    key: bytes,
    key_file: bytes,
    target: Path,
    at: datetime,
) -> None:
    """Write a backup of records, wherever they are.

    Args:
        copy_to: copies them into an encrypted file.
        key: of the copy.
        key_file: what lets people open the copy.
        target: the new backup; one that is there is replaced at the end.
        at: when.

    Raises:
        UserFacingError: (backup_unsound) the copy was not sound, or (backup_in_the_way)
            the target is no backup; nothing was written. Or what the surroundings did.
    """
    backup_file.refuse_what_is_no_backup(target)
    make_folder(target.parent)
    with _scratch(target.parent) as folder:
        copy = folder / FILE_NAME
        make_private_file(copy)
        with failures.told_plainly():
            copy_to(copy)
        if found := list(faults_of(copy, key)):
            raise UserFacingError(
                "backup_unsound",
                f"The copy is not sound, so it is no backup: {found[0]}",
                "Check the disk; earlier backups are untouched.",
            )
        backup_file.write_backup(target, at, _revision(copy, key), key_file, copy)


def faults_of(records: Path, key: bytes, progress: Progress = step) -> Iterator[str]:
    """Say what is wrong with a file of records; nothing when it is sound."""
    yield from faults_at(make_engine(records, key), progress)


def faults_at(engine: Engine, progress: Progress = step) -> Iterator[str]:
    """Say what is wrong with the records of an engine, and let go of it.

    Raises:
        UserFacingError: (server_unreachable, server_refused, database_locked) they
            could not be looked at, which is no fault of theirs.
    """
    try:
        with failures.told_plainly(), engine.connect() as connection:
            _settle(connection)
            yield from check.faults(connection, progress)
    except UserFacingError as error:
        if error.code in _SAYS_NOTHING:
            raise
        yield error.text
    finally:
        engine.dispose()


def _settle(connection: Connection) -> None:
    """Bring into a file what stands in its log.

    The check of the pages reads the file alone. After a power cut while the log was
    brought in, pages are torn there and whole in the log: no damage.
    """
    if connection.dialect.name != "sqlite":
        return
    driver: sqlcipher.Connection = connection.connection.driver_connection
    # Before a transaction has begun; in one it is refused.
    driver.execute("PRAGMA wal_checkpoint").fetchall()


def page_faults_of(records: Path, key: bytes) -> Iterator[str]:
    """Say which pages of a file are not as they were written."""
    engine = make_engine(records, key)
    try:
        with failures.told_plainly(), engine.connect() as connection:
            yield from check.page_faults(connection)
    finally:
        engine.dispose()


def rehearse(backup: Path, key: bytes) -> Sequence[str]:
    """Restore a backup into a scratch folder and check it; return what is wrong."""
    with _scratch(backup.parent) as folder:
        backup_file.unpack(backup, folder / KEY_FILE, folder / FILE_NAME)
        return list(faults_of(folder / FILE_NAME, key))


def put_back(backup: Path, folder: Path, aside: str) -> BackupHeader:
    """Put the records and the key file of a backup in the place of a clinic's.

    Args:
        backup: a whole backup.
        folder: of the clinic, whose records are shut.
        aside: what is added to the name of the old files, which are kept.

    Raises:
        UserFacingError: backup_damaged; nothing was changed.
    """
    header = make_ready(backup, folder, aside)
    finish_put_back(folder)
    return header


def make_ready(backup: Path, folder: Path, aside: str) -> BackupHeader:
    """Unpack a backup beside the records, so that `finish_put_back` can begin."""
    make_folder(folder)
    aside = _free(folder, aside)
    with _scratch(folder) as scratch:
        ready = scratch / "ready"
        header = backup_file.unpack(backup, ready / KEY_FILE, ready / FILE_NAME)
        try:
            sync_folder(ready)
            ready.replace(folder / f"{_READY}{aside}")
            sync_folder(folder)
        except OSError as error:
            raise not_writable() from error
    return header


def is_ready(folder: Path) -> bool:
    """Return whether a backup waits to be put back: that was broken off."""
    return any(folder.glob(f"{_READY}*"))


def finish_put_back(folder: Path) -> None:
    """Put what is ready in its place; begin, or go on where it was broken off.

    Raises:
        UserFacingError: (folder_not_writable) the next call goes on.
    """
    try:
        for ready in sorted(folder.glob(f"{_READY}*")):
            aside = ready.name.removeprefix(_READY)
            put_aside(folder, SERVER_FILE, aside)
            # The key file last: without it the folder is one where nothing was set up.
            for name in (FILE_NAME, KEY_FILE):
                if (ready / name).exists():
                    put_aside(folder, name, aside)
                    (ready / name).replace(folder / name)
            sync_folder(folder)
            ready.rmdir()
    except OSError as error:
        raise not_writable() from error


def put_aside(folder: Path, name: str, aside: str) -> None:
    """Give a file of the clinic another name, and those that belong to it."""
    for ending in _BESIDE:
        path = folder / f"{name}{ending}"
        if path.is_file():
            # The ending last: so SQLite finds what belongs together.
            path.replace(folder / f"{name}-{aside}{ending}")


def _free(folder: Path, aside: str) -> str:
    """Return a name that no earlier restore, in the same second, has given."""
    free, number = aside, 1
    while any(folder.glob(f"*-{free}")):
        number += 1
        free = f"{aside}-{number}"
    return free


def _revision(copy: Path, key: bytes) -> str:
    """Return the revision of a copy's tables, which a migration may be about to end."""
    engine = make_engine(copy, key)
    try:
        with failures.told_plainly(), engine.connect() as connection:
            return revision_of(connection) or HEAD
    finally:
        engine.dispose()


def copy_file(records: Path, copy: Path, key: bytes) -> None:
    """Copy an encrypted file through SQLite, also while it is in use."""
    engine = make_engine(copy, key)
    try:
        with closing(_connected(records, key)) as source, engine.connect() as target:
            source.backup(target.connection.driver_connection)
            # An altered page was copied as zeros; SQLCipher tells it at the next page
            # that it has not read yet.
            source.execute("PRAGMA shrink_memory")
            source.execute("SELECT count(*) FROM alembic_version").fetchone()
    finally:
        engine.dispose()


def _connected(records: Path, key: bytes) -> sqlcipher.Connection:
    connection = sqlcipher.connect(
        f"{records.absolute().as_uri()}?mode=ro", uri=True, isolation_level=None
    )
    connection.execute("PRAGMA cipher_log_level=NONE")
    connection.execute(f"PRAGMA key=\"x'{key.hex()}'\"")
    return connection


@contextmanager
def _scratch(beside: Path) -> Iterator[Path]:
    """Give a folder on the same disk, for files that are encrypted already."""
    try:
        # What a failing disk does not let go of is no reason to end otherwise.
        scratch = TemporaryDirectory(
            dir=beside, prefix=".unfinished-", ignore_cleanup_errors=True
        )
    except OSError as error:
        raise not_writable() from error
    with scratch as folder:
        yield Path(folder)
