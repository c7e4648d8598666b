"""Take backups of open records, check them, and put one back.

A copy is taken through SQLite, never from the live file, and is opened and checked
before it counts as a backup.
"""

from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager
from datetime import datetime
from pathlib import Path
from tempfile import TemporaryDirectory

from sqlcipher3 import dbapi2 as sqlcipher

from db import backup_file, check, failures
from db.backup_file import BackupHeader
from db.engine import make_engine
from db.location import FILE_NAME, make_folder, make_private_file
from db.migrate import HEAD, revision_of
from intake.errors import UserFacingError

KEY_FILE = "clinic.keys"


def take(
    records: Path, key: bytes, key_file: bytes, target: Path, at: datetime
) -> None:
    """Write a backup of records, also while they are in use.

    Args:
        records: the encrypted file.
        key: of the records; the copy has the same.
        key_file: what lets people open the copy.
        target: the new backup; one that is there is replaced at the end.
        at: when.

    Raises:
        UserFacingError: (backup_unsound) the copy was not sound, and nothing was
            written; or what the surroundings did.
    """
    make_folder(target.parent)
    with _scratch(target.parent) as folder:
        copy = folder / FILE_NAME
        make_private_file(copy)
        with failures.told_plainly():
            _copy(records, copy, key)
        if found := list(faults_of(copy, key)):
            raise UserFacingError(
                "backup_unsound",
                f"The copy is not sound, so it is no backup: {found[0]}",
                "Check the disk; earlier backups are untouched.",
            )
        backup_file.write_backup(target, at, _revision(copy, key), key_file, copy)


def faults_of(
    records: Path, key: bytes, progress: check.Progress = lambda _done, _parts: None
) -> Iterator[str]:
    """Say what is wrong with a file of records; nothing when it is sound."""
    engine = make_engine(records, key)
    try:
        with failures.told_plainly(), engine.connect() as connection:
            yield from check.faults(connection, progress)
    except UserFacingError as error:
        yield error.text
    finally:
        engine.dispose()


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
    make_folder(folder)
    with _scratch(folder) as scratch:
        header = backup_file.unpack(backup, scratch / KEY_FILE, scratch / FILE_NAME)
        old = [*folder.glob(f"{FILE_NAME}*"), folder / KEY_FILE]
        for path in old:
            if path.is_file() and "-before-" not in path.name:
                path.replace(path.with_name(f"{path.name}-{aside}"))
        # The key file last: without it the folder is one where nothing was set up.
        for name in (FILE_NAME, KEY_FILE):
            (scratch / name).replace(folder / name)
    return header


def _revision(copy: Path, key: bytes) -> str:
    """Return the revision of a copy's tables, which a migration may be about to end."""
    engine = make_engine(copy, key)
    try:
        with failures.told_plainly(), engine.connect() as connection:
            return revision_of(connection) or HEAD
    finally:
        engine.dispose()


def _copy(records: Path, copy: Path, key: bytes) -> None:
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
    with TemporaryDirectory(dir=beside, prefix=".unfinished-") as folder:
        yield Path(folder)
