"""The one place that makes an engine, for a file or a server's URL.

Why these settings: docs/decisions/0004-sqlite-settings.md. A file is encrypted by
SQLCipher, every page with a key of 32 bytes that is used as it is.
"""

from collections.abc import Callable
from pathlib import Path

from sqlalchemy import (
    URL,
    Connection,
    Engine,
    ExceptionContext,
    create_engine,
    event,
    make_url,
)
from sqlalchemy.pool import ConnectionPoolEntry
from sqlcipher3 import dbapi2 as sqlcipher

from db import failures

#: How long a call waits for another program to let go of the file.
BUSY_SECONDS = 5.0
#: Execution option of a connection that will write; see `_begin`.
WRITES = "writes"
_OPEN_FILE = "open file"
_FULL = 2
_IN_MEMORY = 2
#: Older libraries can damage a file in write-ahead mode (sqlite.org/wal.html).
FIRST_SOUND_SQLITE = (3, 51, 3)


def make_engine(path_or_url: str | Path | URL, key: bytes | None) -> Engine:
    """Return an engine for a file, or for a PostgreSQL URL (see `db.server`).

    Every connection is set up for durability, and what was set is read back.

    Args:
        path_or_url: may carry ``timeout``, in seconds, to wait less for a lock.
        key: the 32 bytes a file is encrypted with; None for a file in the clear.
    """
    url = _url(path_or_url)
    if url.get_backend_name() != "sqlite":
        # Costs 30 ms that records in a file do not need.
        from db.server import make_server_engine
        from db.server_address import read_address

        return make_server_engine(
            *read_address(url.render_as_string(hide_password=False))
        )
    _refuse_unsound_library(sqlcipher.sqlite_version_info)
    timeout = float(str(url.query.get("timeout", BUSY_SECONDS)))
    engine = create_engine(
        url,
        module=sqlcipher,
        connect_args={"timeout": timeout},
        # Without this an error message would quote what was typed.
        hide_parameters=True,
    )
    # First, so that it comes before SQLAlchemy's own first question to the file.
    event.listen(engine, "connect", _unlock(key), insert=True)
    event.listen(engine, "connect", _set_up)
    event.listen(engine, "connect", _remember_file(file_of(engine)))
    event.listen(engine, "begin", _begin)
    event.listen(engine, "handle_error", _leave_failing_disk)
    return engine


def file_of(engine: Engine) -> Path | None:
    """Return the file behind a SQLite engine; None when there is none to care for."""
    name = engine.url.database
    if engine.dialect.name != "sqlite" or not name or name.startswith(("file:", ":")):
        return None
    return Path(name)


def _url(path_or_url: str | Path | URL) -> URL:
    if isinstance(path_or_url, URL):
        return path_or_url
    if isinstance(path_or_url, str) and "://" in path_or_url:
        return make_url(path_or_url)
    return URL.create("sqlite", database=str(path_or_url))


def _refuse_unsound_library(version: tuple[int, int, int]) -> None:
    if version < FIRST_SOUND_SQLITE:
        raise failures.unsafe("its SQLite library is older than 3.51.3")


def _unlock(key: bytes | None) -> Callable[[sqlcipher.Connection, object], None]:
    """Return what tells a new connection the key, before anything else."""

    def unlock(connection: sqlcipher.Connection, _record: object) -> None:
        # It would write about wrong keys to standard error.
        connection.execute("PRAGMA cipher_log_level=NONE").close()
        if key is not None:
            # Raw: the key is as long as it should be, so nothing is derived from it.
            connection.execute(f"PRAGMA key=\"x'{key.hex()}'\"").close()

    return unlock


def _set_up(connection: sqlcipher.Connection, _record: object) -> None:
    """Set up a new SQLite connection, and refuse it unless all is in force."""
    # Transactions begin where we say so (`_begin`), not where the driver guesses.
    connection.isolation_level = None
    connection.text_factory = _text
    (journal,) = connection.execute("PRAGMA journal_mode=WAL").fetchone()
    connection.execute("PRAGMA synchronous=FULL")
    connection.execute("PRAGMA foreign_keys=ON")
    connection.execute("PRAGMA trusted_schema=OFF")
    connection.execute("PRAGMA temp_store=MEMORY")
    in_force = {
        "no write-ahead log": journal == "wal",
        "no sync to disk": _read(connection, "synchronous") >= _FULL,
        "no foreign keys": _read(connection, "foreign_keys") == 1,
        "no wait for locks": _read(connection, "busy_timeout") > 0,
        "the file may run code": _read(connection, "trusted_schema") == 0,
        "temporary files": _read(connection, "temp_store") == _IN_MEMORY,
    }
    if missing := [what for what, is_so in in_force.items() if not is_so]:
        raise failures.unsafe(", ".join(missing))


def _text(raw: bytes) -> str:
    """Return a text as it was stored.

    SQLCipher gives an altered page as zeros where it is the end of a long value, and
    tells it only at the next page. No text of ours holds a zero (`db.mapping`).
    """
    if 0 in raw:
        raise failures.damaged()
    return raw.decode()


def _read(connection: sqlcipher.Connection, setting: str) -> int:
    return int(connection.execute(f"PRAGMA {setting}").fetchone()[0])


def _begin(connection: Connection) -> None:
    """Begin; a writer takes its lock at once.

    What a writer reads before it writes is then still true when it writes.
    """
    writes = connection.get_execution_options().get(WRITES, False)
    if writes and not _is_in_place(connection):
        raise failures.gone()
    connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")


def _remember_file(
    file: Path | None,
) -> Callable[[sqlcipher.Connection, ConnectionPoolEntry], None]:
    """Return what remembers which file a new connection has open."""

    def remember(
        _connection: sqlcipher.Connection, record: ConnectionPoolEntry
    ) -> None:
        if file is not None:
            record.info[_OPEN_FILE] = (file, _identity(file))

    return remember


def _is_in_place(connection: Connection) -> bool:
    """Return whether the file that is open is still the one that has its name.

    A file that was moved or removed takes every write all the same, and what was
    written would be nowhere; in write-ahead mode SQLite does not look.
    """
    file, identity = connection.info.get(_OPEN_FILE, (None, None))
    return file is None or _identity(file) == identity


def _identity(file: Path) -> tuple[int, int] | None:
    try:
        found = file.stat()
    except FileNotFoundError:
        return None
    return found.st_dev, found.st_ino


def _leave_failing_disk(context: ExceptionContext) -> None:
    """Drop all connections after a disk error: what they remember may not be there.

    The next call opens the file anew and reads what the disk really holds.
    """
    if failures.is_disk_failure(context.original_exception):
        context.is_disconnect = True
