"""A clinic's server as a version of before left it, with the clinic's own records.

`old/NNNN.server.sql` is what the program of that schema made on a real server, as
`pg_dump --no-owner --no-comments` tells it, without the settings of a session.
"""

from pathlib import Path

from sqlalchemy import Connection, inspect

from db.tables import Base
from tests.db.places import WORKER, ServerDatabase, engine_at

_OLD = Path(__file__).parent / "old"
OLD_SERVERS = sorted(path.name.split(".")[0] for path in _OLD.glob("*.server.sql"))


def age(database: ServerDatabase, revision: str) -> None:
    """Put tables of an earlier revision in the place of today's, with their rows.

    What had no place at that time goes; what there was then and is not now is empty.
    """
    role = str(database.worker.username)
    made = (_OLD / f"{revision}.server.sql").read_text()
    with engine_at(database.owner) as engine, engine.begin() as connection:
        connection.exec_driver_sql("ALTER SCHEMA public RENAME TO newer")
        connection.exec_driver_sql("CREATE SCHEMA public")
        connection.exec_driver_sql(made.replace(f"TO {WORKER};", f"TO {role};"))
        there = inspect(connection).get_table_names("public")
        for table in Base.metadata.sorted_tables:
            if table.name in there:
                _fill(connection, table.name)
        connection.exec_driver_sql("DROP SCHEMA newer CASCADE")


def _fill(connection: Connection, table: str) -> None:
    def columns(schema: str) -> dict[str, bool]:
        told = inspect(connection).get_columns(table, schema)
        return {one["name"]: one["nullable"] or bool(one["default"]) for one in told}

    then, now = columns("public"), columns("newer")
    kept = [name for name in then if name in now]
    gone = [
        name
        for name, may_be_left in then.items()
        if name not in now and not may_be_left
    ]
    names = ", ".join([*kept, *gone])
    values = ", ".join([*kept, *("''" for _ in gone)])
    connection.exec_driver_sql(
        f"INSERT INTO public.{table} ({names}) SELECT {values} FROM newer.{table}"  # noqa: S608  (ours)
    )
    if "id" in then and (counter := _counter(connection, table)):
        connection.exec_driver_sql(
            f"SELECT setval('{counter}', "  # noqa: S608  (ours)
            f"(SELECT coalesce(max(id), 0) + 1 FROM public.{table}), false)"
        )


def _counter(connection: Connection, table: str) -> str | None:
    found = connection.exec_driver_sql(
        "SELECT pg_get_serial_sequence(%s, 'id')", (f"public.{table}",)
    )
    name: str | None = found.scalar()
    return name
