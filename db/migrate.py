"""Bring the records' tables up to date, and never touch those of a newer program.

A new file gets its tables at once and the newest revision's stamp; a test proves that
all migrations one after the other give the same. The revision is compared with plain
SQL, because importing Alembic costs more than opening the records.
"""

import os
from pathlib import Path

from sqlalchemy import Connection, Engine, inspect
from sqlcipher3 import dbapi2 as sqlcipher

from db import failures
from db.engine import WRITES, file_of, make_engine
from db.location import make_private_file, not_writable
from db.private_files import sync_folder
from db.tables import Base

#: The revision these tables are at; a test keeps it equal to Alembic's head.
HEAD = "0003"
MIGRATIONS = Path(__file__).with_name("migrations")


def bring_up_to_date(
    engine: Engine,
    key: bytes | None,
    *,
    head: str = HEAD,
    migrations: Path = MIGRATIONS,
    may_migrate: bool = False,
    may_make: bool = True,
) -> None:
    """Check the file, then make, migrate or leave its tables.

    Tables on a server are made and changed by their owner alone (`db.server_tables`).

    Args:
        engine: of the records.
        key: of the records; the copy taken before a migration has the same.
        head: the revision to bring them to; a test has one of its own.
        migrations: the folder with Alembic's scripts.
        may_migrate: on a server, whether this is the owner of the tables.
        may_make: whether to make the tables where there are none. Of a file that was
            cut off within its first page, nothing can be seen but that.

    Raises:
        UserFacingError: damaged, not ours, or written by a newer program.
    """
    with engine.connect() as connection:
        _check(connection)
        tables = inspect(connection).get_table_names()
        revision = _revision(connection) if "alembic_version" in tables else None
    is_file = engine.dialect.name == "sqlite"
    if not tables and not is_file:
        raise failures.server_empty()
    if not tables and may_make:
        with engine.execution_options(**{WRITES: True}).begin() as connection:
            make_tables(connection)
    elif revision is None:
        raise failures.damaged()
    elif revision != head and (is_file or may_migrate):
        _migrate(engine, key, head, migrations)
    elif revision != head:
        # The role that people work in may not change tables.
        raise failures.server_outdated() if _is_older(revision) else failures.newer()


def _is_older(revision: str) -> bool:
    """Return whether a revision is one of ours; they are numbered."""
    return revision.isdecimal() and int(revision) < int(HEAD)


def copy_name(file: Path, head: str = HEAD) -> Path:
    """Return where the copy taken before a migration lies."""
    return file.with_name(f"{file.stem}-before-{head}{file.suffix}")


def _check(connection: Connection) -> None:
    """Read the whole file: opening it alone notices almost no damage."""
    if connection.dialect.name != "sqlite":
        return
    if connection.exec_driver_sql("PRAGMA quick_check(1)").scalar() != "ok":
        raise failures.damaged()


def _revision(connection: Connection) -> str | None:
    found = connection.exec_driver_sql("SELECT version_num FROM alembic_version")
    revision: str | None = found.scalar()
    return revision


def make_tables(connection: Connection) -> None:
    """Make all tables at once, with the newest revision's stamp."""
    # Another start may have been quicker.
    if inspect(connection).get_table_names():
        return
    Base.metadata.create_all(connection)
    connection.exec_driver_sql(
        "CREATE TABLE alembic_version (version_num VARCHAR(32) NOT NULL, "
        "CONSTRAINT alembic_version_pkc PRIMARY KEY (version_num))"
    )
    connection.exec_driver_sql(
        f"INSERT INTO alembic_version (version_num) VALUES ('{HEAD}')"  # noqa: S608  (a constant)
    )


def _migrate(engine: Engine, key: bytes | None, head: str, migrations: Path) -> None:
    from alembic import command
    from alembic.config import Config
    from alembic.script import ScriptDirectory

    config = Config()
    config.set_main_option("script_location", str(migrations).replace("%", "%%"))
    ours = {s.revision for s in ScriptDirectory.from_config(config).walk_revisions()}
    with engine.execution_options(**{WRITES: True}).connect() as connection:
        _set_foreign_keys(connection, on=False)
        try:
            with connection.begin():
                # Read again: nobody else writes from here on.
                if _revision(connection) not in ours:
                    raise failures.newer()
                if (file := file_of(engine)) is not None:
                    _copy(engine, key, copy_name(file, head))
                config.attributes["connection"] = connection
                command.upgrade(config, head)
                _check_links(connection)
        finally:
            _set_foreign_keys(connection, on=True)


def _check_links(connection: Connection) -> None:
    if connection.dialect.name != "sqlite":
        return
    if connection.exec_driver_sql("PRAGMA foreign_key_check").first():
        raise failures.damaged()


def _set_foreign_keys(connection: Connection, *, on: bool) -> None:
    """Rebuilding a table drops it first; with foreign keys on, its children go too.

    SQLite ignores the setting inside a transaction, hence the driver's connection.
    """
    if connection.dialect.name == "sqlite":
        _driver(connection).execute(f"PRAGMA foreign_keys={'ON' if on else 'OFF'}")


def _copy(engine: Engine, key: bytes | None, copy: Path) -> None:
    """Copy the records as they are, whole or not at all, before they are changed.

    Reads on a connection of its own: SQLite copies nothing from one that writes, and
    Python's `backup` then waits for ever.
    """
    unfinished = copy.with_name(copy.name + ".part")
    unfinished.unlink(missing_ok=True)
    make_private_file(unfinished)
    try:
        target = make_engine(unfinished, key)
        try:
            with engine.connect() as read, target.connect() as written:
                _driver(read).backup(_driver(written))
                _check(written)
        finally:
            target.dispose()
        with unfinished.open("rb+") as file:
            os.fsync(file.fileno())
        unfinished.replace(copy)
        sync_folder(copy.parent)
    except OSError as error:
        raise not_writable() from error
    finally:
        unfinished.unlink(missing_ok=True)


def _driver(connection: Connection) -> sqlcipher.Connection:
    return connection.connection.driver_connection
