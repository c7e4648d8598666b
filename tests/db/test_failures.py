"""What the database says becomes one clear message; our own mistakes do not."""

import sqlite3
from contextlib import closing
from pathlib import Path

import pytest
from sqlcipher3 import dbapi2 as sqlcipher

from db.failures import told_plainly
from intake.errors import UserFacingError


def raise_code(code: int) -> None:
    """Fail as the driver does, with one of SQLite's result codes."""
    error = sqlcipher.OperationalError("words of the driver")
    error.sqlite_errorcode = code
    raise error


@pytest.mark.parametrize(
    ("code", "expected"),
    [
        (sqlcipher.SQLITE_BUSY, "database_locked"),
        (sqlite3.SQLITE_BUSY_SNAPSHOT, "database_locked"),
        (sqlcipher.SQLITE_LOCKED, "database_locked"),
        (sqlcipher.SQLITE_READONLY, "database_read_only"),
        (sqlite3.SQLITE_READONLY_DIRECTORY, "database_read_only"),
        (sqlcipher.SQLITE_PERM, "database_read_only"),
        (sqlite3.SQLITE_IOERR_FSYNC, "database_read_only"),
        (sqlcipher.SQLITE_FULL, "disk_full"),
        (sqlcipher.SQLITE_CORRUPT, "database_damaged"),
        (sqlcipher.SQLITE_NOTADB, "database_damaged"),
        (sqlcipher.SQLITE_CANTOPEN, "folder_not_writable"),
    ],
)
def test_what_the_surroundings_did_is_told(code: int, expected: str) -> None:
    with pytest.raises(UserFacingError) as told, told_plainly():
        raise_code(code)
    assert told.value.code == expected
    assert "words of the driver" not in str(told.value)


@pytest.mark.parametrize("code", [sqlcipher.SQLITE_ERROR, sqlcipher.SQLITE_CONSTRAINT])
def test_our_own_mistake_passes_through(code: int) -> None:
    """It belongs into the error hook, which keeps the draft."""
    with pytest.raises(sqlcipher.OperationalError), told_plainly():
        raise_code(code)


def test_a_copy_that_fails_is_told_though_the_driver_drops_the_code(
    tmp_path: Path,
) -> None:
    (tmp_path / "text").write_bytes(b"no database" * 500)
    with (
        closing(sqlcipher.connect(tmp_path / "text")) as source,
        closing(sqlcipher.connect(tmp_path / "copy")) as target,
        pytest.raises(UserFacingError) as told,
        told_plainly(),
    ):
        source.backup(target)
    assert told.value.code == "database_damaged"
