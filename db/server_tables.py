"""What the owner of a server's database does: make the tables, and let people in.

People work in a role of their own, which owns nothing (`db.guards.grants`). Whoever
has its password can add to the records and read them, and alter neither the audit trail
nor what was signed.
"""

import secrets

from sqlalchemy import Connection, inspect

from db import guards, migrate

_PASSWORD_BYTES = 24


def is_empty(connection: Connection) -> bool:
    """Return whether there is nothing in a database."""
    return not inspect(connection).get_table_names()


def make_tables(connection: Connection, role: str) -> None:
    """Make the tables, and let a role that is there work with them, and no more."""
    migrate.make_tables(connection)
    for statement in guards.grants(quoted(connection, role)):
        connection.exec_driver_sql(statement)


def new_role(connection: Connection, role: str) -> str:
    """Make a role that can sign in and own nothing; return its new password.

    Where the role is there already (another clinic's database on this server never has
    the same name), it gets the new password.
    """
    password = secrets.token_urlsafe(_PASSWORD_BYTES)
    name = quoted(connection, role)
    found = connection.exec_driver_sql(
        "SELECT count(*) FROM pg_roles WHERE rolname = %s", (role,)
    )
    act = "ALTER" if found.scalar() else "CREATE"
    connection.exec_driver_sql(
        f"{act} ROLE {name} LOGIN NOSUPERUSER NOCREATEDB NOCREATEROLE NOREPLICATION "
        f"PASSWORD '{password}'"
    )
    return password


def quoted(connection: Connection, name: str) -> str:
    """Return a name as SQL writes it, whatever is in it."""
    return connection.dialect.identifier_preparer.quote_identifier(name)
