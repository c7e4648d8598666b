"""Whoever gets hold of people's role on the server can alter no word of the past."""

from collections.abc import Iterator
from contextlib import closing

import pytest
from sqlalchemy.exc import DBAPIError

from db.audit import AuditLog
from db.guards import APPEND_ONLY, KEPT
from db.store import Store
from db.tables import Base
from intake.audit import AuditNote
from tests.db.made_up import MORNING, change, patient, visit
from tests.db.places import Server, ServerDatabase, engine_at
from tests.db.test_signing import added, signed

TABLES = [table.name for table in Base.metadata.sorted_tables]


@pytest.fixture
def database(server: Server) -> Iterator[ServerDatabase]:
    with server.database() as database:
        yield database


@pytest.fixture
def store(database: ServerDatabase) -> Iterator[Store]:
    """Return a store with a signed visit, an addendum and an audit trail."""
    with closing(database.open(AuditLog(b"k" * 32, []))) as store:
        note = AuditNote("registered", "ann", MORNING)
        store.register(patient(), [note])
        store.open_visit(visit())
        store.record("v1", 0, [change("a", "yes")], [note])
        signed(store)
        added(store, "a1", text="The film is normal.")
        yield store


def refused(database: ServerDatabase, statement: str) -> str:
    """Run a statement in people's role and return why it was refused."""
    with engine_at(database.worker) as engine, engine.connect() as connection:
        with pytest.raises(DBAPIError) as error:
            connection.exec_driver_sql(statement)
        return str(error.value.orig)


@pytest.mark.parametrize("table", TABLES)
def test_nothing_is_removed(store: Store, database: ServerDatabase, table: str) -> None:
    assert store.visit("v1").signature
    assert "permission denied" in refused(database, f"DELETE FROM {table}")  # noqa: S608  (ours)
    assert "permission denied" in refused(database, f"TRUNCATE {table} CASCADE")
    assert "must be owner" in refused(database, f"DROP TABLE {table} CASCADE")


@pytest.mark.parametrize("table", APPEND_ONLY)
def test_what_is_append_only_is_not_changed(
    store: Store, database: ServerDatabase, table: str
) -> None:
    column = next(iter(Base.metadata.tables[table].columns)).name
    statement = f"UPDATE {table} SET {column} = {column}"  # noqa: S608  (ours)
    assert store.visit("v1").signature
    assert "permission denied" in refused(database, statement)


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE visits SET answers = '{}'",
        "UPDATE visits SET state = 'history'",
        (
            "INSERT INTO visits SELECT * FROM visits "
            "ON CONFLICT (id) DO UPDATE SET answers = '{}'"
        ),
        (
            "MERGE INTO visits USING visits AS v ON visits.id = v.id "
            "WHEN MATCHED THEN UPDATE SET answers = '{}'"
        ),
    ],
)
def test_a_signed_visit_is_final(
    store: Store, database: ServerDatabase, statement: str
) -> None:
    assert "a signed visit is final" in refused(database, statement)
    assert store.visit("v1").answers["a"] == "yes"


@pytest.mark.parametrize("table", [*APPEND_ONLY, *KEPT])
@pytest.mark.parametrize(
    "statement",
    [
        "ALTER TABLE {} DISABLE TRIGGER ALL",
        "ALTER TABLE {} ADD COLUMN more text",
        "ALTER TABLE {} OWNER TO worker",
        "CREATE RULE r AS ON INSERT TO {} DO INSTEAD NOTHING",
    ],
)
def test_the_guards_are_not_switched_off(
    store: Store, database: ServerDatabase, table: str, statement: str
) -> None:
    why = refused(database, statement.format(table))
    assert "must be owner" in why or "permission denied" in why
    assert store.visit("v1").signature


@pytest.mark.parametrize(
    "statement",
    [
        "SET session_replication_role = replica",
        "SET ROLE postgres",
        "SET SESSION AUTHORIZATION postgres",
        "DROP TRIGGER visits_no_update ON visits",
        (
            "CREATE OR REPLACE FUNCTION visits_no_update() RETURNS trigger "
            "LANGUAGE plpgsql AS $$ BEGIN RETURN NEW; END $$"
        ),
        "ALTER ROLE worker SUPERUSER",
        "CREATE ROLE other",
        "CREATE TABLE public.audit2 (x int)",
        "COPY audit TO PROGRAM 'cat'",
        "COPY audit FROM PROGRAM 'cat'",
        "SELECT pg_read_file('postgresql.conf')",
        "SELECT lo_import('/etc/passwd')",
        "UPDATE alembic_version SET version_num = '0001'",
        "SELECT setval('answer_changes_id_seq', 1)",
    ],
)
def test_there_is_no_way_around_them(
    store: Store, database: ServerDatabase, statement: str
) -> None:
    assert refused(database, statement)
    assert store.visit("v1").signature


def test_an_error_quotes_nothing_that_was_stored(
    store: Store, database: ServerDatabase
) -> None:
    why = refused(
        database,
        "INSERT INTO patients SELECT * FROM patients",
    )
    assert "p1" not in why
    with pytest.raises(DBAPIError) as error:
        store.register(patient(family_name="Secret"))
    assert "Secret" not in str(error.value)
    assert "p1" not in str(error.value)


def test_the_owner_of_the_tables_can_switch_them_off(
    store: Store, database: ServerDatabase
) -> None:
    """The control: it is the role that makes the difference, and the audit tells."""
    database.by_hand(
        "ALTER TABLE visits DISABLE TRIGGER ALL", "UPDATE visits SET answers = '{}'"
    )
    assert store.visit("v1").answers.as_dict() == {}
