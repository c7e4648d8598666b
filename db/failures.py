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
_NOT_READABLE = (
    "database_damaged",
    "The file with the records is damaged, or clinic.keys beside it is not its own.",
    "Put the right clinic.keys back, or restore a backup; do not delete the file.",
)
_NOT_OPENED = (
    "folder_not_writable",
    "The records file cannot be opened in its folder.",
    "Check that the folder exists and can be written, then start again.",
)
_GONE = (
    "records_gone",
    "The file with the records was moved, removed or replaced while it was open.",
    "Put it back in its place; what you typed is kept and saved then.",
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
_AWAY = (
    "server_unreachable",
    "The clinic's server cannot be reached.",
    "Check the network and the server; what you typed is kept and saved later.",
)
_REFUSED = (
    "server_refused",
    "The server does not let this workstation in.",
    "Copy clinic.keys from a workstation that gets in; nothing is lost.",
)
_NO_TLS = (
    "server_without_tls",
    "The connection to the server is not protected, so nothing was sent.",
    "Have TLS with a certificate for its name set up there; nothing was changed.",
)
_EMPTY = (
    "server_empty",
    "There are no records in the server's database.",
    "Check the address, or move a clinic there first; nothing was changed.",
)
_OUTDATED = (
    "server_outdated",
    "The tables on the server are of an older version of this program.",
    "Nothing was changed: ask the owner for `thoracic-intake upgrade-server`.",
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
    sqlcipher.SQLITE_NOTADB: _NOT_READABLE,
}
#: PostgreSQL's SQLSTATE codes that the surroundings cause; the longest fit counts.
_BY_SQLSTATE = {
    "08": _AWAY,
    "25006": _READ_ONLY,
    "25P03": _LOCKED,
    "28": _REFUSED,
    "3D000": _REFUSED,
    "40001": _LOCKED,
    "40P01": _LOCKED,
    "53": _AWAY,
    "53100": _FULL,
    "55P03": _LOCKED,
    "57014": _LOCKED,
    "57P": _AWAY,
    "58030": _FAILING_DISK,
    "XX001": _DAMAGED,
    "XX002": _DAMAGED,
}
#: What the driver says of a connection that is not, or cannot be, protected.
_TLS_WORDS = ("SSL", "TLS", "certificate")
#: SQLite's own words, where the driver drops the code: it does for a whole copy.
_BY_SQLITE_TEXT = {
    "access permission denied": sqlcipher.SQLITE_PERM,
    "database is locked": sqlcipher.SQLITE_BUSY,
    "database table is locked": sqlcipher.SQLITE_LOCKED,
    "attempt to write a readonly database": sqlcipher.SQLITE_READONLY,
    "disk I/O error": sqlcipher.SQLITE_IOERR,
    "database disk image is malformed": sqlcipher.SQLITE_CORRUPT,
    "database or disk is full": sqlcipher.SQLITE_FULL,
    "unable to open database file": sqlcipher.SQLITE_CANTOPEN,
    "file is not a database": sqlcipher.SQLITE_NOTADB,
}


def gone() -> UserFacingError:
    """Return what is said where the file that is open is not in its place."""
    return UserFacingError(*_GONE)


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


def failing_disk() -> UserFacingError:
    """Return the error for a disk that did not do what it was told to."""
    return UserFacingError(*_FAILING_DISK)


def newer() -> UserFacingError:
    """Return the error for records of a newer program."""
    return UserFacingError(*_NEWER)


def unsafe(what: str) -> UserFacingError:
    """Return the error for a setting that is not in force."""
    code, text, action = _UNSAFE
    return UserFacingError(code, text.format(what), action)


def server_without_tls() -> UserFacingError:
    """Return the error for a server to which others could listen."""
    return UserFacingError(*_NO_TLS)


def server_empty() -> UserFacingError:
    """Return the error for a database without our tables."""
    return UserFacingError(*_EMPTY)


def server_outdated() -> UserFacingError:
    """Return the error for tables that their owner has to bring up to date."""
    return UserFacingError(*_OUTDATED)


def is_disk_failure(error: BaseException | None) -> bool:
    """Return whether the disk failed in the middle of reading or writing."""
    return bool(_primary_code(error) == sqlcipher.SQLITE_IOERR)


def _told(error: BaseException | None) -> UserFacingError | None:
    if error is not None and hasattr(error, "sqlstate"):
        told = _told_by_server(error, error.sqlstate)
    else:
        told = _BY_SQLITE_CODE.get(_primary_code(error))
    return UserFacingError(*told) if told else None


def _told_by_server(
    error: BaseException, sqlstate: str | None
) -> tuple[str, str, str] | None:
    if sqlstate is not None:
        fits = [code for code in _BY_SQLSTATE if sqlstate.startswith(code)]
        return _BY_SQLSTATE[max(fits, key=len)] if fits else None
    from psycopg import OperationalError

    if not isinstance(error, OperationalError):
        return None
    # The driver itself, before the server said anything: only its words tell why.
    if any(word in str(error) for word in _TLS_WORDS):
        return _NO_TLS
    if "authentication" in str(error):
        return _REFUSED
    return _AWAY


def _primary_code(error: BaseException | None) -> int:
    # The low byte is the primary code; the rest says in which call it happened.
    words = _BY_SQLITE_TEXT.get(str(error), sqlcipher.SQLITE_OK)
    code: int = getattr(error, "sqlite_errorcode", words)
    return code & 0xFF
