"""Copy all records from one database to another, and prove that they arrived.

What is copied is what is stored, byte for byte: the text of an answer is not read and
written anew, so that a digest over it stays true.
"""

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path

from sqlalchemy import (
    Column,
    Connection,
    Engine,
    MetaData,
    Select,
    String,
    Table,
    Text,
    collate,
    insert,
    select,
)

from db import migrate
from db.engine import WRITES, make_engine
from db.tables import Base, JsonText

#: Rows that are in memory at one time.
_ROWS = 500


@dataclass(frozen=True, slots=True)
class Content:
    """How many rows a table has, and the SHA-256 over all of them in order."""

    rows: int
    digest: str


def copy(source: Connection, target: Connection, tables: Sequence[Table] = ()) -> None:
    """Copy every row of every table into tables that are empty.

    Args:
        source: where the rows are.
        target: where they go.
        tables: whatever is linked to first; those of today where none are given.
    """
    for table in tables or _tables():
        rows = source.execute(_in_order(source, table))
        for some in rows.mappings().partitions(_ROWS):
            target.execute(insert(table), [dict(row) for row in some])
    if target.dialect.name == "postgresql":
        _go_on_counting(target)


def contents(
    connection: Connection, tables: Sequence[Table] = ()
) -> dict[str, Content]:
    """Return what is in each table, to be compared with another place."""
    return {one.name: _content(connection, one) for one in tables or _tables()}


def differences(
    source: Connection, target: Connection, tables: Sequence[Table] = ()
) -> list[str]:
    """Say which tables did not arrive as they were; nothing when all did."""
    ours, theirs = contents(source, tables), contents(target, tables)
    return [
        f"{name}: {ours[name].rows} rows became {theirs[name].rows}, or others."
        for name in ours
        if ours[name] != theirs[name]
    ]


def into_file(source: Engine, file: Path, key: bytes) -> None:
    """Copy the records of a server, as they are at one moment, into a new file.

    Raises:
        ValueError: what was written is not what was read.
    """
    target = make_engine(file, key)
    try:
        snapshot = source.execution_options(
            isolation_level="REPEATABLE READ", postgresql_readonly=True
        )
        writer = target.execution_options(**{WRITES: True})
        with snapshot.connect() as reading, writer.begin() as writing:
            migrate.make_tables(writing)
            copy(reading, writing)
            if found := differences(reading, writing):
                raise ValueError(found[0])
    finally:
        target.dispose()


def into_older_file(
    reading: Connection, file: Path, key: bytes, migrations: Path = migrate.MIGRATIONS
) -> None:
    """Copy the records of a server whose tables are of an earlier revision.

    The file is of that revision, too: the program that made it opens it, and this one
    migrates it as any other of that time.

    Args:
        reading: to the server; nobody writes there meanwhile.
        file: a new one.
        key: of the file.
        migrations: the folder with Alembic's scripts.

    Raises:
        ValueError: what was written is not what was read.
    """
    target = make_engine(file, key)
    try:
        with target.execution_options(**{WRITES: True}).begin() as writing:
            migrate.run(writing, migrate.revision_of(reading) or "", migrations)
            tables = _tables_in(writing)
            copy(reading, writing, tables)
            if found := differences(reading, writing, tables):
                raise ValueError(found[0])
    finally:
        target.dispose()


def _tables_in(connection: Connection) -> list[Table]:
    """Return the tables that are there, but for the one that tells their revision."""
    there = MetaData()
    there.reflect(connection)
    return [one for one in there.sorted_tables if one.name != "alembic_version"]


def _tables() -> Iterator[Table]:
    """Give the tables, whatever is linked to first, with their values as stored."""
    plain = MetaData()
    for table in Base.metadata.sorted_tables:
        yield Table(
            table.name,
            plain,
            *(
                Column(
                    column.name,
                    Text if isinstance(column.type, JsonText) else column.type,
                    primary_key=column.primary_key,
                )
                for column in table.columns
            ),
        )


def _in_order(connection: Connection, table: Table) -> Select[tuple[object, ...]]:
    """Return the statement for all rows, in the same order on every database."""
    # Of the statement: on the connection it would hold for everything that follows.
    everything = select(table).execution_options(yield_per=_ROWS)
    is_server = connection.dialect.name == "postgresql"
    # By its bytes, as SQLite does; the server's own order is its country's.
    return everything.order_by(
        *(
            collate(key, "C") if is_server and isinstance(key.type, String) else key
            for key in table.primary_key
        )
    )


def _content(connection: Connection, table: Table) -> Content:
    digest, count = sha256(), 0
    rows = connection.execute(_in_order(connection, table))
    for row in rows:
        digest.update(json.dumps(list(row)).encode() + b"\n")
        count += 1
    return Content(count, digest.hexdigest())


def _go_on_counting(connection: Connection) -> None:
    """Let a server's counters go on after the ids that were copied."""
    for table in Base.metadata.sorted_tables:
        # Where the key is several columns, none of them is counted.
        key = next(iter(table.primary_key))
        sequence = connection.exec_driver_sql(
            "SELECT pg_get_serial_sequence(%s, %s)", (table.name, key.name)
        ).scalar()
        if sequence is not None:
            connection.exec_driver_sql(
                f"SELECT setval('{sequence}', "  # noqa: S608  (names of ours)
                f"(SELECT coalesce(max({key.name}), 0) + 1 FROM {table.name}), false)"
            )
