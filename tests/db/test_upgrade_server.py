"""The owner brings a server of before up to date; whatever fails changes nothing."""

import shutil
from collections.abc import Iterator
from contextlib import ExitStack, closing
from pathlib import Path

import pytest
from sqlalchemy import inspect

from db import kept_backups
from db.clinic import Clinic
from db.migrate import HEAD, MIGRATIONS
from db.upgrade_server import _Upgrade, upgrade
from intake.audit import AuditFilter
from intake.errors import UserFacingError
from intake.people import NotPermittedError
from tests.db.aged import OLD_SERVERS, age
from tests.db.made_up import change, patient, visit
from tests.db.places import Server, ServerDatabase, engine_at
from tests.db.test_move_to_server import DEE, OLU, OTHERS, WORDS, clinic_in, target

_NEXT = f"{int(HEAD) + 1:04}"
_BREAKS_OFF = """
from alembic import op

revision = "{next}"
down_revision = "{head}"

def upgrade() -> None:
    op.execute("ALTER TABLE visits ADD COLUMN room text")
    op.execute("UPDATE patients SET family_name = 'Nobody'")
    op.execute("no SQL at all")
"""
_SPOILS = """
    op.execute("UPDATE visits SET revision = revision + 7")


def downgrade("""
_GIVES_AWAY = """
FOR one IN SELECT tablename AS name FROM pg_tables WHERE schemaname = 'public' LOOP
  EXECUTE 'ALTER TABLE ' || one.name || ' OWNER TO {owner}'; END LOOP;
FOR one IN SELECT proname AS name FROM pg_proc
  WHERE pronamespace = 'public'::regnamespace LOOP
  EXECUTE 'ALTER FUNCTION ' || one.name || '() OWNER TO {owner}'; END LOOP;
"""
_MADE_OF = {
    "columns": (
        "SELECT table_name, column_name, data_type, is_nullable, collation_name, "
        "character_maximum_length FROM information_schema.columns "
        "WHERE table_schema = 'public'"
    ),
    "indices": "SELECT indexdef FROM pg_indexes WHERE schemaname = 'public'",
    "triggers": (
        "SELECT tgname, tgenabled, pg_get_triggerdef(oid), pg_get_functiondef(tgfoid) "
        "FROM pg_trigger WHERE NOT tgisinternal"
    ),
    "links": (
        "SELECT conname, pg_get_constraintdef(oid) FROM pg_constraint "
        "WHERE connamespace = 'public'::regnamespace AND contype <> 'n'"
    ),
    "grants": (
        "SELECT table_name, privilege_type FROM information_schema.table_privileges "
        "WHERE table_schema = 'public' AND grantee = ':role'"
    ),
    "counters": "SELECT sequencename FROM pg_sequences WHERE schemaname = 'public'",
}


@pytest.fixture(scope="module")
def made(
    server: Server, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[tuple[Path, ServerDatabase]]:
    """Make a clinic on a server once, with a visit, an owner, and somebody else."""
    folder = tmp_path_factory.mktemp("made")
    with server.database(template="template1") as database:
        opened, _ = clinic_in(folder).set_up(OLU, WORDS)
        with closing(opened):
            opened.store.add_person(DEE)
            opened.give_passphrase(DEE, OTHERS, by="olu")
            opened.store.register(patient(family_name="García López"))
            opened.store.open_visit(visit())
            changes = [change("pain.now", 7), change("a", "x\n" * 900)]
            opened.store.record("v1", 0, changes)
            opened.move_to(target(database), by="olu")
        yield folder, database


@pytest.fixture
def database(
    server: Server, made: tuple[Path, ServerDatabase]
) -> Iterator[ServerDatabase]:
    """Return the clinic's database, to be spoiled."""
    name = str(made[1].owner.database)
    with server.database(template=name) as copy:
        # Roles are the server's: they are still called after the first one.
        yield ServerDatabase(copy.owner, copy.owner.set(username=f"{name}_worker"))


@pytest.fixture
def clinic(
    tmp_path: Path, made: tuple[Path, ServerDatabase], database: ServerDatabase
) -> Clinic:
    """Return the folder of the clinic in that database."""
    folder, first = made
    shutil.copytree(folder, tmp_path / "here")
    where = tmp_path / "here" / "clinic.server"
    before, after = f"/{first.owner.database}?", f"/{database.owner.database}?"
    where.write_text(where.read_text().replace(before, after))
    return clinic_in(tmp_path / "here")


@pytest.fixture
def migrations(tmp_path: Path) -> Path:
    """Return a copy of the migrations, to be spoiled."""
    folder = tmp_path / "migrations"
    shutil.copytree(MIGRATIONS, folder, ignore=shutil.ignore_patterns("__pycache__"))
    return folder


def said_by(database: ServerDatabase, query: str) -> list[tuple[object, ...]]:
    with engine_at(database.owner) as engine, engine.connect() as connection:
        return [tuple(row) for row in connection.exec_driver_sql(query)]


def made_in(database: ServerDatabase) -> dict[str, list[tuple[object, ...]]]:
    """Return what a database is made of: columns, indices, triggers, links, grants."""
    role = str(database.worker.username)
    return {
        what: sorted(said_by(database, query.replace(":role", role)), key=repr)
        for what, query in _MADE_OF.items()
    }


def everything_in(database: ServerDatabase) -> dict[str, object]:
    """Return all that is made there, and every row."""
    with engine_at(database.owner) as engine:
        names = inspect(engine).get_table_names()
    rows: dict[str, object] = {
        name: sorted(said_by(database, f"SELECT * FROM {name}"), key=repr)  # noqa: S608  (ours)
        for name in names
    }
    return rows | made_in(database)


@pytest.mark.parametrize("revision", OLD_SERVERS)
def test_the_records_of_before_are_there_afterwards(
    clinic: Clinic, database: ServerDatabase, revision: str
) -> None:
    age(database, revision)
    done = upgrade(clinic, "olu", WORDS, target(database))

    assert (done.before, done.after) == (revision, HEAD)
    with closing(clinic.sign_in("olu", WORDS)) as opened:
        (found,) = opened.store.find_patients("lopez")
        (kept,) = opened.store.visits_of(found.id)
        assert kept.answers["a"] == "x\n" * 900
        opened.store.record("v1", kept.revision, [change("b", "yes")])
        assert opened.faults() == []
        assert opened.store.audit_faults() == []
        (note,) = opened.store.audit_entries(AuditFilter("upgraded"))
        assert note.note.who == "olu"
        assert note.note.detail == {"from": revision, "to": HEAD}


@pytest.mark.parametrize("revision", OLD_SERVERS)
def test_what_was_upgraded_is_made_like_what_is_new(
    clinic: Clinic, database: ServerDatabase, server: Server, revision: str
) -> None:
    """Guards that were switched off are on again, too."""
    age(database, revision)
    database.by_hand("ALTER TABLE audit DISABLE TRIGGER ALL")
    upgrade(clinic, "olu", WORDS, target(database))

    with server.database() as new:
        expected = made_in(new)
    assert made_in(database) == expected


@pytest.mark.parametrize("revision", OLD_SERVERS)
def test_the_backup_is_of_before_and_opens_without_the_server(
    clinic: Clinic, database: ServerDatabase, revision: str, tmp_path: Path
) -> None:
    age(database, revision)
    done = upgrade(clinic, "olu", WORDS, target(database))

    assert done.backup
    (kept,) = kept_backups.found(clinic.folder / kept_backups.FOLDER)
    assert (kept.path, kept.state, kept.schema) == (done.backup, "sound", revision)
    assert b"Garc" not in done.backup.read_bytes(), "it is encrypted"
    elsewhere = clinic_in(tmp_path / "elsewhere")
    elsewhere.restore(done.backup)
    with closing(elsewhere.sign_in("dee", OTHERS)) as opened:
        assert [one.id for one in opened.store.find_patients("lopez")] == ["p1"]
        assert opened.store.visit("v1").answers["pain.now"] == 7
        assert opened.store.audit_entries(AuditFilter("upgraded")) == []


def test_whoever_signs_in_before_is_told_the_command(
    clinic: Clinic, database: ServerDatabase
) -> None:
    age(database, OLD_SERVERS[0])
    with pytest.raises(UserFacingError) as told:
        clinic.sign_in("olu", WORDS)
    assert told.value.code == "server_outdated"
    assert "thoracic-intake upgrade-server" in told.value.action


def test_a_migration_that_fails_in_the_middle_changes_nothing(
    clinic: Clinic, database: ServerDatabase, migrations: Path
) -> None:
    (migrations / "versions" / "next.py").write_text(
        _BREAKS_OFF.format(next=_NEXT, head=HEAD)
    )
    before = everything_in(database)
    with pytest.raises(UserFacingError) as told:
        upgrade(
            clinic, "olu", WORDS, target(database), head=_NEXT, migrations=migrations
        )

    assert told.value.code == "upgrade_failed"
    assert "42601" in told.value.text
    assert everything_in(database) == before
    with closing(clinic.sign_in("olu", WORDS)) as opened:
        opened.store.record("v1", 1, [change("b", "yes")])


def test_a_migration_that_spoils_the_records_is_taken_back(
    clinic: Clinic, database: ServerDatabase, migrations: Path
) -> None:
    """It runs to its end: what came of it is looked at before anybody sees it."""
    (last,) = (migrations / "versions").glob(f"{HEAD}_*.py")
    last.write_text(last.read_text().replace("\n\ndef downgrade(", _SPOILS))
    age(database, OLD_SERVERS[0])
    before = everything_in(database)
    with pytest.raises(UserFacingError) as told:
        upgrade(clinic, "olu", WORDS, target(database), migrations=migrations)

    assert told.value.code == "upgrade_failed"
    assert "visits without their changes" in told.value.text
    assert everything_in(database) == before


def test_nothing_is_changed_without_a_backup(
    clinic: Clinic, database: ServerDatabase
) -> None:
    """A file in the place of the folder stops root too."""
    age(database, OLD_SERVERS[0])
    (clinic.folder / kept_backups.FOLDER).write_bytes(b"")
    assert refused(clinic, database) == "folder_not_writable"


def test_nothing_is_changed_while_somebody_works(
    clinic: Clinic, database: ServerDatabase
) -> None:
    """Their program, of before, would go on writing into tables it does not know."""
    age(database, OLD_SERVERS[0])
    with engine_at(database.worker) as engine, engine.connect():
        assert refused(clinic, database) == "records_in_use"


def test_nothing_is_changed_where_somebody_comes_in_meanwhile(
    clinic: Clinic, database: ServerDatabase, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Their program read the old revision before the new one was there."""
    age(database, OLD_SERVERS[0])
    change = _Upgrade.change
    with engine_at(database.worker) as engine, ExitStack() as stack:

        def change_slowly(attempt: _Upgrade) -> None:
            change(attempt)
            stack.enter_context(engine.connect())

        monkeypatch.setattr(_Upgrade, "change", change_slowly)
        assert refused(clinic, database) == "records_in_use"


def test_the_owner_of_the_tables_need_be_no_more_than_that(
    clinic: Clinic, database: ServerDatabase
) -> None:
    """The server's first role may do everything; a clinic is given another one."""
    age(database, OLD_SERVERS[0])
    owner = f"{database.owner.database}_owner"
    given = f"DO $$ DECLARE one record; BEGIN {_GIVES_AWAY} END $$"
    database.by_hand(
        f"CREATE ROLE {owner} LOGIN",
        f"ALTER SCHEMA public OWNER TO {owner}",
        given.format(owner=owner),
    )
    address = database.owner.set(username=owner)
    upgrade(clinic, "olu", WORDS, address.render_as_string(hide_password=False))
    with closing(clinic.sign_in("olu", WORDS)) as opened:
        assert opened.faults() == []
        opened.store.record("v1", 1, [change("b", "yes")])


def test_nothing_is_changed_for_people_s_role(
    clinic: Clinic, database: ServerDatabase
) -> None:
    age(database, OLD_SERVERS[0])
    address = database.worker.render_as_string(hide_password=False)
    with pytest.raises(UserFacingError) as told:
        upgrade(clinic, "olu", WORDS, address)
    assert told.value.code == "server_owner_needed"


def test_people_s_role_may_own_nothing(
    clinic: Clinic, database: ServerDatabase
) -> None:
    age(database, OLD_SERVERS[0])
    database.by_hand(
        "CREATE TABLE music (title text)",
        f"ALTER TABLE music OWNER TO {database.worker.username}",
    )
    assert refused(clinic, database) == "server_role_owns"


def test_it_is_for_owners(clinic: Clinic, database: ServerDatabase) -> None:
    age(database, OLD_SERVERS[0])
    before = everything_in(database)
    with pytest.raises(NotPermittedError):
        upgrade(clinic, "dee", OTHERS, target(database))
    assert everything_in(database) == before


def test_a_wrong_passphrase_opens_nothing(
    clinic: Clinic, database: ServerDatabase
) -> None:
    with pytest.raises(UserFacingError) as told:
        upgrade(clinic, "olu", OTHERS, target(database))
    assert told.value.code == "wrong_passphrase"


def test_an_altered_trail_is_another_clinic_s(
    clinic: Clinic, database: ServerDatabase
) -> None:
    age(database, OLD_SERVERS[0])
    database.by_hand(
        "ALTER TABLE audit DISABLE TRIGGER ALL",
        "UPDATE audit SET who = 'dee' WHERE number = 1",
    )
    assert refused(clinic, database) == "other_clinic"


def test_another_clinic_s_server_is_left_alone(
    clinic: Clinic, database: ServerDatabase, tmp_path: Path
) -> None:
    age(database, OLD_SERVERS[0])
    other, _ = clinic_in(tmp_path / "other").set_up(OLU, WORDS)
    other.close()
    for name in ("clinic.keys", "audit-head"):
        shutil.copy(tmp_path / "other" / name, clinic.folder / name)
    assert refused(clinic, database) == "other_clinic"


def test_a_server_of_a_newer_program_is_left_alone(
    clinic: Clinic, database: ServerDatabase
) -> None:
    database.by_hand("UPDATE alembic_version SET version_num = '9999'")
    assert refused(clinic, database) == "database_newer"


def test_records_in_a_file_need_no_upgrade_of_a_server(
    database: ServerDatabase, tmp_path: Path
) -> None:
    clinic = clinic_in(tmp_path / "alone")
    clinic.set_up(OLU, WORDS)[0].close()
    assert refused(clinic, database) == "not_on_server"


def test_done_twice_it_does_nothing(clinic: Clinic, database: ServerDatabase) -> None:
    before = everything_in(database)
    done = upgrade(clinic, "olu", WORDS, target(database))
    assert (done.before, done.after, done.backup) == (HEAD, HEAD, None)
    assert everything_in(database) == before
    assert not (clinic.folder / kept_backups.FOLDER).exists()


def refused(clinic: Clinic, database: ServerDatabase) -> str:
    """Return why an upgrade is refused; what is there stays as it is."""
    before = everything_in(database)
    with pytest.raises(UserFacingError) as told:
        upgrade(clinic, "olu", WORDS, target(database))
    assert everything_in(database) == before
    return told.value.code
