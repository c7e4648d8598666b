"""The one place that makes an engine.

Encryption (another driver) and PostgreSQL (another URL) come in here, and nothing
else has to know. Why these settings: docs/decisions/0004-sqlite-settings.md.
"""

import sqlite3
from pathlib import Path
from typing import Any

from sqlalchemy import (
    URL,
    Connection,
    Engine,
    ExceptionContext,
    create_engine,
    event,
    make_url,
)

from db import failures

#: How long a call waits for another program to let go of the file.
BUSY_SECONDS = 5.0
#: Execution option of a connection that will write; see `_begin`.
WRITES = "writes"
_FULL = 2
_IN_MEMORY = 2


def make_engine(path_or_url: str | Path | URL) -> Engine:
    """Return an engine for a file, or for a database URL.

    Every SQLite connection is set up for durability, and what was set is read back.
    A URL may carry ``timeout``, in seconds, to wait less for a lock.
    """
    url = _url(path_or_url)
    arguments: dict[str, Any] = {}
    if url.get_backend_name() == "sqlite":
        arguments["timeout"] = float(str(url.query.get("timeout", BUSY_SECONDS)))
    engine = create_engine(
        url,
        connect_args=arguments,
        # Without this an error message would quote what was typed.
        hide_parameters=True,
    )
    if url.get_backend_name() == "sqlite":
        event.listen(engine, "connect", _set_up)
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


def _set_up(connection: sqlite3.Connection, _record: object) -> None:
    """Set up a new SQLite connection, and refuse it unless all is in force."""
    # Transactions begin where we say so (`_begin`), not where the driver guesses.
    connection.isolation_level = None
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


def _read(connection: sqlite3.Connection, setting: str) -> int:
    return int(connection.execute(f"PRAGMA {setting}").fetchone()[0])


def _begin(connection: Connection) -> None:
    """Begin; a writer takes its lock at once.

    What a writer reads before it writes is then still true when it writes.
    """
    writes = connection.get_execution_options().get(WRITES, False)
    connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")


def _leave_failing_disk(context: ExceptionContext) -> None:
    """Drop all connections after a disk error: what they remember may not be there.

    The next call opens the file anew and reads what the disk really holds.
    """
    if failures.is_disk_failure(context.original_exception):
        context.is_disconnect = True
