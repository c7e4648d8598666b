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
    _let_in(connection, role)


def renew_guards(connection: Connection, role: str) -> None:
    """Make every trigger anew, also one that was switched off, and let the role in."""
    for _, statement in guards.statements("postgresql"):
        connection.exec_driver_sql(statement)
    _let_in(connection, role)


def is_owned(connection: Connection) -> bool:
    """Return whether whoever is connected owns every table."""
    foreign = (
        "SELECT count(*) FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace "
        "WHERE n.nspname = 'public' AND c.relkind IN ('r', 'p') "
        "AND NOT pg_has_role(c.relowner, 'USAGE')"
    )
    return not connection.exec_driver_sql(foreign).scalar()


def owns_anything(connection: Connection, role: str) -> bool:
    """Return whether a role owns something here, or may act for whoever does."""
    owners = (
        "SELECT relowner FROM pg_class UNION SELECT proowner FROM pg_proc "
        "UNION SELECT nspowner FROM pg_namespace "
        "UNION SELECT datdba FROM pg_database WHERE datname = current_database()"
    )
    found = connection.exec_driver_sql(
        f"SELECT count(*) FROM ({owners}) o (owner) "  # noqa: S608  (our own)
        "WHERE pg_has_role(%s, owner, 'MEMBER')",
        (role,),
    )
    return bool(found.scalar())


def connected(connection: Connection, role: str) -> int:
    """Return how many connections a role has to this database just now."""
    # Else a transaction sees those of the first time it looked.
    connection.exec_driver_sql("SELECT pg_stat_clear_snapshot()")
    found = connection.exec_driver_sql(
        "SELECT count(*) FROM pg_stat_activity "
        "WHERE datname = current_database() AND usename = %s",
        (role,),
    )
    return int(found.scalar() or 0)


def lock(connection: Connection) -> None:
    """Keep everybody else from writing until the end of the transaction."""
    names = (quoted(connection, name) for name in inspect(connection).get_table_names())
    connection.exec_driver_sql(f"LOCK TABLE {', '.join(names)} IN EXCLUSIVE MODE")


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


def _let_in(connection: Connection, role: str) -> None:
    for statement in guards.grants(quoted(connection, role)):
        connection.exec_driver_sql(statement)


def quoted(connection: Connection, name: str) -> str:
    """Return a name as SQL writes it, whatever is in it."""
    return connection.dialect.identifier_preparer.quote_identifier(name)
