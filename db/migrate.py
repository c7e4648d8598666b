"""Bring the records' tables up to date, and never touch those of a newer program.

A new file gets its tables at once and the newest revision's stamp; a test proves that
all migrations one after the other give the same. The revision is compared with plain
SQL, because importing Alembic costs more than opening the records.
"""

import os
import sqlite3
from contextlib import closing
from pathlib import Path

from sqlalchemy import Connection, Engine, inspect

from db import failures
from db.engine import WRITES, file_of
from db.location import make_private_file
from db.tables import Base

#: The revision these tables are at; a test keeps it equal to Alembic's head.
HEAD = "0001"
_MIGRATIONS = Path(__file__).with_name("migrations")


def bring_up_to_date(engine: Engine) -> None:
    """Check the file, then make, migrate or leave its tables.

    Raises:
        UserFacingError: damaged, not ours, or written by a newer program.
    """
    with engine.connect() as connection:
        _check(connection)
        tables = set(inspect(connection).get_table_names())
        is_new = not tables
        revision = _revision(connection) if "alembic_version" in tables else None
    if is_new:
        _make_tables(engine)
    elif "alembic_version" not in tables:
        raise failures.damaged()
    elif revision != HEAD:
        _migrate(engine, revision)


def copy_name(file: Path) -> Path:
    """Return where the copy taken before a migration lies."""
    return file.with_name(f"{file.name}.before-{HEAD}")


def _check(connection: Connection) -> None:
    """Read the whole file: opening it alone notices almost no damage."""
    if connection.dialect.name != "sqlite":
        return
    if connection.exec_driver_sql("PRAGMA quick_check(1)").scalar() != "ok":
        raise failures.damaged()


def _revision(connection: Connection) -> str | None:
    found = connection.exec_driver_sql("SELECT version_num FROM alembic_version")
    return found.scalar()


def _make_tables(engine: Engine) -> None:
    with engine.execution_options(**{WRITES: True}).begin() as connection:
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


def _migrate(engine: Engine, revision: str | None) -> None:
    from alembic import command
    from alembic.config import Config
    from alembic.script import ScriptDirectory

    config = Config()
    config.set_main_option("script_location", str(_MIGRATIONS).replace("%", "%%"))
    script = ScriptDirectory.from_config(config)
    if revision is not None and revision not in {s.revision for s in script.walk_revisions()}:
        raise failures.newer()
    if (file := file_of(engine)) is not None:
        _copy(file)
    with engine.execution_options(**{WRITES: True}).connect() as connection:
        _set_foreign_keys(connection, on=False)
        try:
            with connection.begin():
                config.attributes["connection"] = connection
                command.upgrade(config, "head")
                if connection.dialect.name == "sqlite" and (
                    connection.exec_driver_sql("PRAGMA foreign_key_check").first()
                ):
                    raise failures.damaged()
        finally:
            _set_foreign_keys(connection, on=True)


def _set_foreign_keys(connection: Connection, *, on: bool) -> None:
    """Rebuilding a table drops it first; with foreign keys on, its children go too.

    SQLite ignores the setting inside a transaction, hence the driver's connection.
    """
    driver = connection.connection.driver_connection
    if isinstance(driver, sqlite3.Connection):
        driver.execute(f"PRAGMA foreign_keys={'ON' if on else 'OFF'}")


def _copy(file: Path) -> None:
    """Copy the records as they are, whole or not at all, before they are changed."""
    copy = copy_name(file)
    unfinished = copy.with_name(copy.name + ".new")
    unfinished.unlink(missing_ok=True)
    make_private_file(unfinished)
    with closing(sqlite3.connect(file)) as source:
        with closing(sqlite3.connect(unfinished)) as target:
            source.backup(target)
    with unfinished.open("rb+") as written:
        os.fsync(written.fileno())
    unfinished.replace(copy)
