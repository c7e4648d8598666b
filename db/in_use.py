"""Say that a clinic's records are open, so that nobody puts others in their place.

The lock is SQLite's own, on an empty file beside the records: everybody who has them
open shares it, and a restore needs it alone. It works on every system, and ends with
the process however that ends.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from sqlcipher3 import dbapi2 as sqlcipher

from db import failures
from db.location import make_private_file
from intake.errors import UserFacingError

LOCK_FILE = "clinic.lock"
#: Of a set-up, during which the records are opened.
SET_UP_LOCK_FILE = "set-up.lock"


def share(folder: Path) -> Callable[[], None]:
    """Note that the records of a folder are open; return how to let go.

    Raises:
        UserFacingError: (records_in_use) a restore is under way.
    """
    connection = _connection(folder)
    try:
        # A read that is not ended keeps the shared lock.
        connection.execute("BEGIN")
        connection.execute("SELECT count(*) FROM sqlite_master").fetchone()
    except sqlcipher.OperationalError:
        connection.close()
        raise _in_use() from None
    close: Callable[[], None] = connection.close
    return close


@contextmanager
def alone(folder: Path, what: str = LOCK_FILE) -> Iterator[None]:
    """Keep everybody else from the records of a folder, or from one thing alone.

    Raises:
        UserFacingError: (records_in_use) somebody has them open.
    """
    connection = _connection(folder, what)
    try:
        try:
            connection.execute("BEGIN EXCLUSIVE")
        except sqlcipher.OperationalError:
            raise _in_use() from None
        yield
    finally:
        connection.close()


def _connection(folder: Path, what: str = LOCK_FILE) -> sqlcipher.Connection:
    path = folder / what
    make_private_file(path)
    with failures.told_plainly():
        return sqlcipher.connect(
            path, timeout=0, isolation_level=None, check_same_thread=False
        )


def _in_use() -> UserFacingError:
    return UserFacingError(
        "records_in_use",
        "The records are open in another window or command of this program.",
        "Close every other one on this computer, also in other people's accounts, and "
        "try again; nothing was changed.",
    )
