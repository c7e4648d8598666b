"""Connections to a clinic's PostgreSQL server.

What a file promises by its settings, the server has to promise, too: at every new
connection it is asked, and one that can lose or garble what it acknowledged is refused.
"""

from typing import Any

from sqlalchemy import Engine, ExceptionContext, create_engine, event
from sqlalchemy.exc import DBAPIError

from db import failures
from db.server_address import ServerAddress, is_this_machine

#: What must be on, so that what is committed survives a power cut.
_DURABLE = ("fsync", "full_page_writes", "synchronous_commit")
_OLDEST = 140000
#: A call gives up after so long, with nothing done, rather than keep somebody waiting.
_LIMITS = {
    "lock_timeout": "5s",
    "statement_timeout": "60s",
    # Whoever hangs in the middle of a write must not keep the others from writing.
    "idle_in_transaction_session_timeout": "30s",
}


def make_server_engine(address: ServerAddress, password: str) -> Engine:
    """Return an engine for a database on a server.

    Each connection comes from the pool only when the server answers.
    """
    engine = create_engine(
        address.as_url(password),
        connect_args=address.connect_arguments(password),
        hide_parameters=True,
        pool_pre_ping=True,
    )
    event.listen(engine, "connect", _set_up)
    event.listen(engine, "handle_error", _forget_values)
    return engine


def _set_up(connection: Any, _record: object) -> None:  # noqa: ANN401  (psycopg's)
    """Set up a new connection, and refuse it unless all is in force."""
    info = connection.info
    # A name may lead elsewhere than it says, so where it led is looked at as well.
    led_here = is_this_machine(info.hostaddr or info.host)
    if not (led_here or connection.pgconn.ssl_in_use):
        connection.close()
        raise failures.server_without_tls()
    wrong = [] if info.server_version >= _OLDEST else ["its server is too old"]
    with connection.cursor() as cursor:
        cursor.execute("SET synchronous_commit TO on")
        for name, limit in _LIMITS.items():
            cursor.execute(f"SET {name} TO '{limit}'")
        wrong += [
            f"its server runs with {name} switched off"
            for name in _DURABLE
            if cursor.execute(f"SHOW {name}").fetchone() != ("on",)
        ]
        if cursor.execute("SHOW server_encoding").fetchone() != ("UTF8",):
            wrong.append("its database is not in UTF-8")
    connection.commit()
    if wrong:
        connection.close()
        raise failures.unsafe(", ".join(wrong))


def _forget_values(context: ExceptionContext) -> None:
    """Keep only the first sentence of an error: the rest quotes what was stored."""
    error: Any = context.original_exception
    diagnosis = getattr(error, "diag", None)
    if diagnosis is None or not diagnosis.message_primary:
        return
    error.args = (f"{diagnosis.sqlstate}: {diagnosis.message_primary}",)
    told = context.sqlalchemy_exception
    if isinstance(told, DBAPIError):
        told.args = (str(error),)
