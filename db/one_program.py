"""Keep a second program off the records while SQLite can damage them.

WORKAROUND for SQLite's WAL-reset bug (3.7.0 to 3.51.2; sqlite.org/wal.html): two
connections that write or checkpoint at the same instant can lose what was committed.
Within one program the store lets one write at a time; between programs this does.
It may go when no supported Python links a SQLite older than 3.51.3.
"""

import sqlite3
from collections.abc import Callable
from pathlib import Path

from db import failures
from db.location import make_private_file

_FIRST_WITH_BUG = (3, 7, 0)
_FIRST_WITHOUT = (3, 51, 3)
#: Older lines that got the correction: line, and its first sound release.
_CORRECTED_LINES = {(3, 44): (3, 44, 6), (3, 50): (3, 50, 7)}


def has_reset_bug(version: tuple[int, int, int]) -> bool:
    """Return whether a SQLite library can damage a file that two programs write."""
    corrected = _CORRECTED_LINES.get(version[:2], _FIRST_WITHOUT)
    return _FIRST_WITH_BUG <= version < corrected


def hold(
    file: Path, version: tuple[int, int, int] = sqlite3.sqlite_version_info
) -> Callable[[], None]:
    """Hold the records for this program alone if need be; return how to let go.

    The lock is SQLite's own, on an empty file beside the records: it works on every
    system, and ends with the process however that ends.

    Raises:
        UserFacingError: (database_locked) another program holds them.
    """
    if not has_reset_bug(version):
        return lambda: None
    lock = file.with_name(file.name + ".lock")
    make_private_file(lock)
    connection = sqlite3.connect(
        lock, timeout=0, isolation_level=None, check_same_thread=False
    )
    try:
        connection.execute("BEGIN EXCLUSIVE")
    except sqlite3.OperationalError as error:
        connection.close()
        if error.sqlite_errorcode & 0xFF == sqlite3.SQLITE_BUSY:
            raise failures.open_elsewhere() from None
        raise
    return connection.close
