"""What the database says, in words for the person in front of the screen.

Only what the surroundings did is translated. Our own mistakes (a broken constraint, a
missing column) pass through and end in the error hook. No text holds patient data:
the engine hides parameters, and the driver's message is dropped.
"""

from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy.exc import DBAPIError
from sqlcipher3 import dbapi2 as sqlcipher

from intake.errors import UserFacingError

_LOCKED = (
    "database_locked",
    "Another program is using the records.",
    "Close it; what you typed is kept and saved as soon as the records are free.",
)
_READ_ONLY = (
    "database_read_only",
    "The records cannot be changed.",
    "Check the permissions of the file and its folder; the records are untouched.",
)
_FAILING_DISK = (
    "database_read_only",
    "The disk reported an error, so the records cannot be changed.",
    "Check the disk; what was saved before is untouched.",
)
_FULL = (
    "disk_full",
    "The disk is full.",
    "Free some space; what you typed is kept and saved then.",
)
_DAMAGED = (
    "database_damaged",
    "The file with the records is damaged.",
    "Restore a backup; the damaged file is put aside, do not delete it.",
)
_NOT_OPENED = (
    "folder_not_writable",
    "The records file cannot be opened in its folder.",
    "Check that the folder exists and can be written, then start again.",
)
_NEWER = (
    "database_newer",
    "The records were written by a newer version of this program.",
    "Install that version; the records are untouched.",
)
_UNSAFE = (
    "database_unsafe",
    "This place cannot promise to keep what is saved: {}.",
    "Keep the records on a local disk; nothing was stored.",
)
#: SQLite's primary result codes that the surroundings cause.
_BY_SQLITE_CODE = {
    sqlcipher.SQLITE_PERM: _READ_ONLY,
    sqlcipher.SQLITE_BUSY: _LOCKED,
    sqlcipher.SQLITE_LOCKED: _LOCKED,
    sqlcipher.SQLITE_READONLY: _READ_ONLY,
    sqlcipher.SQLITE_IOERR: _FAILING_DISK,
    sqlcipher.SQLITE_CORRUPT: _DAMAGED,
    sqlcipher.SQLITE_FULL: _FULL,
    sqlcipher.SQLITE_CANTOPEN: _NOT_OPENED,
    sqlcipher.SQLITE_NOTADB: _DAMAGED,
}
#: The driver's `backup` gives SQLite's words and no code.
_CODES_BY_WORDS = {
    "database is locked": sqlcipher.SQLITE_BUSY,
    "attempt to write a readonly database": sqlcipher.SQLITE_READONLY,
    "disk I/O error": sqlcipher.SQLITE_IOERR,
    "database disk image is malformed": sqlcipher.SQLITE_CORRUPT,
    "database or disk is full": sqlcipher.SQLITE_FULL,
    "unable to open database file": sqlcipher.SQLITE_CANTOPEN,
    "file is not a database": sqlcipher.SQLITE_NOTADB,
}


@contextmanager
def told_plainly() -> Iterator[None]:
    """Turn a driver's error that the surroundings caused into a UserFacingError."""
    try:
        yield
    except (DBAPIError, sqlcipher.Error) as error:
        told = _told(error.orig if isinstance(error, DBAPIError) else error)
        if told is None:
            raise
        raise told from None


def damaged() -> UserFacingError:
    """Return the error for a file that is no sound database of ours."""
    return UserFacingError(*_DAMAGED)


def newer() -> UserFacingError:
    """Return the error for records of a newer program."""
    return UserFacingError(*_NEWER)


def unsafe(what: str) -> UserFacingError:
    """Return the error for a setting that is not in force."""
    code, text, action = _UNSAFE
    return UserFacingError(code, text.format(what), action)


def is_disk_failure(error: BaseException | None) -> bool:
    """Return whether the disk failed in the middle of reading or writing."""
    return bool(_primary_code(error) == sqlcipher.SQLITE_IOERR)


def _told(error: BaseException | None) -> UserFacingError | None:
    told = _BY_SQLITE_CODE.get(_primary_code(error))
    return UserFacingError(*told) if told else None


def _primary_code(error: BaseException | None) -> int:
    # The low byte is the primary code; the rest says in which call it happened.
    code: int | None = getattr(error, "sqlite_errorcode", None)
    if code is None:
        code = _CODES_BY_WORDS.get(str(error), 0)
    return code & 0xFF
