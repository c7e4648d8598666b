"""Run by Alembic: the migrations, on the connection handed in or on a scratch file."""

from alembic import context
from sqlalchemy import Connection

from db.engine import WRITES, make_engine
from db.tables import Base


def _run(connection: Connection) -> None:
    context.configure(
        connection=connection,
        target_metadata=Base.metadata,
        # SQLite changes a table by building it anew.
        render_as_batch=True,
        # SQLite can take back a CREATE TABLE; Alembic does not expect it to.
        transactional_ddl=True,
    )
    with context.begin_transaction():
        context.run_migrations()


handed_in = context.config.attributes.get("connection")
if handed_in is not None:
    _run(handed_in)
else:
    url = str(context.config.get_main_option("sqlalchemy.url"))
    engine = make_engine(url, None)
    with engine.execution_options(**{WRITES: True}).begin() as scratch:
        _run(scratch)
