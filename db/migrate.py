"""Bring the records' tables up to date, and never touch those of a newer program.

A new file gets its tables at once and the newest revision's stamp; a test proves that
all migrations one after the other give the same. The revision is compared with plain
SQL, because importing Alembic costs more than opening the records.
"""

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from sqlalchemy import Connection, Engine, inspect, literal, select, table
from sqlcipher3 import dbapi2 as sqlcipher

from db import failures
from db.engine import WRITES
from db.tables import Base

if TYPE_CHECKING:
    from alembic.config import Config

#: The revision these tables are at; a test keeps it equal to Alembic's head.
HEAD = "0010"
MIGRATIONS = Path(__file__).with_name("migrations")


def bring_up_to_date(
    engine: Engine,
    back_up: Callable[[str], None],
    *,
    head: str = HEAD,
    migrations: Path = MIGRATIONS,
    may_migrate: bool = False,
    may_make: bool = True,
) -> None:
    """Look whether the file is ours, then make, migrate or leave its tables.

    Opening does not wait for the whole file to be read: every page is authenticated
    when it is read, and `db.check` reads them all in the background.

    Tables on a server are made and changed by their owner alone (`db.server_tables`).

    Args:
        engine: of the records.
        back_up: takes a backup of the records before a migration, given the revision
            they are brought to; nothing is changed when it raises.
        head: the revision to bring them to; a test has one of its own.
        migrations: the folder with Alembic's scripts.
        may_migrate: on a server, whether this is the owner of the tables.
        may_make: whether to make the tables where there are none. Of a file that was
            cut off within its first page, nothing can be seen but that.

    Raises:
        UserFacingError: damaged, not ours, or written by a newer program.
    """
    with engine.connect() as connection:
        tables = inspect(connection).get_table_names()
        for name in tables:
            # A page or two of each: what is badly damaged shows at once.
            connection.execute(select(literal(1)).select_from(table(name)).limit(1))
        revision = revision_of(connection) if "alembic_version" in tables else None
    is_file = engine.dialect.name == "sqlite"
    if not tables and not is_file:
        raise failures.server_empty()
    if not tables and may_make:
        with engine.execution_options(**{WRITES: True}).begin() as connection:
            make_tables(connection)
    elif revision is None:
        raise failures.damaged()
    elif revision != head and (is_file or may_migrate):
        _migrate(engine, back_up, head, migrations)
    elif revision != head:
        # The role that people work in may not change tables.
        raise failures.server_outdated() if _is_older(revision) else failures.newer()


def _is_older(revision: str) -> bool:
    """Return whether a revision is one of ours; they are numbered."""
    return revision.isdecimal() and int(revision) < int(HEAD)


def revision_of(connection: Connection) -> str | None:
    """Return the revision of the tables; None when none is written down."""
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


def _migrate(
    engine: Engine, back_up: Callable[[str], None], head: str, migrations: Path
) -> None:
    with engine.execution_options(**{WRITES: True}).connect() as connection:
        _set_foreign_keys(connection, on=False)
        try:
            with connection.begin():
                # Read again: nobody else writes from here on.
                refuse_what_is_not_ours(connection, migrations)
                # It reads on a connection of its own: SQLite copies nothing from one
                # that writes, and Python's `backup` then waits for ever.
                back_up(head)
                run(connection, head, migrations)
                _check_links(connection)
        finally:
            _set_foreign_keys(connection, on=True)


def refuse_what_is_not_ours(
    connection: Connection, migrations: Path = MIGRATIONS
) -> None:
    """Refuse tables whose revision has no migration of ours.

    Raises:
        UserFacingError: (database_newer).
    """
    from alembic.script import ScriptDirectory

    scripts = ScriptDirectory.from_config(_config(migrations))
    if revision_of(connection) not in {s.revision for s in scripts.walk_revisions()}:
        raise failures.newer()


def run(connection: Connection, revision: str, migrations: Path = MIGRATIONS) -> None:
    """Run the migrations up to a revision, in the transaction of a connection.

    Without any tables it makes them as the program of that revision did.
    """
    from alembic import command

    config = _config(migrations)
    config.attributes["connection"] = connection
    command.upgrade(config, revision)


def _config(migrations: Path) -> "Config":
    from alembic.config import Config

    config = Config()
    config.set_main_option("script_location", str(migrations).replace("%", "%%"))
    return config


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


def _driver(connection: Connection) -> sqlcipher.Connection:
    return connection.connection.driver_connection
