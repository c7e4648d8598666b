"""Old files are brought up to date, newer ones are left alone, nothing is half done."""

import hashlib
import shutil
from contextlib import closing
from pathlib import Path

import pytest
from alembic import command
from alembic.config import Config
from alembic.script import ScriptDirectory
from sqlalchemy import Engine
from sqlalchemy.exc import OperationalError

from db import backup, kept_backups
from db.engine import WRITES, make_engine
from db.migrate import HEAD, MIGRATIONS, bring_up_to_date
from db.store import Store, _backs_up, open_store
from intake.errors import UserFacingError
from tests.db.made_up import KEY, change, locked, patient, raw, visit

OLD_FILES = sorted((Path(__file__).parent / "old").glob("*.sqlite"))
_NEXT_NUMBER = f"{int(HEAD) + 1:04}"
_NEXT = """
from alembic import op
import sqlalchemy as sa

revision = "{next}"
down_revision = "{head}"

def upgrade() -> None:
    with op.batch_alter_table("visits", recreate="always") as table:
        table.add_column(sa.Column("room", sa.Text(), server_default="1"))
    {then}
"""


def _next(then: str) -> str:
    return _NEXT.format(next=_NEXT_NUMBER, head=HEAD, then=then)


@pytest.fixture
def migrations(tmp_path: Path) -> Path:
    """Return a folder of migrations with one more, which builds visits anew."""
    folder = tmp_path / "migrations"
    shutil.copytree(MIGRATIONS, folder, ignore=shutil.ignore_patterns("__pycache__"))
    (folder / "versions" / "next.py").write_text(_next("pass"))
    return folder


@pytest.fixture
def old(file_store: Store, file: Path) -> Path:
    """Return a file of this version with a visit and its answers."""
    file_store.record("v1", 0, [change("a", "yes"), change("b", "no", second=1)])
    file_store.close()
    return file


def rows(file: Path, query: str) -> list[tuple[object, ...]]:
    """Return what a plain connection reads."""
    with closing(raw(file)) as plain:
        found: list[tuple[object, ...]] = plain.execute(query).fetchall()
        return found


def schema(file: Path) -> set[tuple[object, ...]]:
    """Return all tables, indices and triggers, without the wording that made them."""
    found: set[tuple[object, ...]] = set()
    with closing(raw(file)) as plain:
        master = "SELECT type, name, tbl_name, sql FROM sqlite_master"
        for kind, name, table, sql in plain.execute(master).fetchall():
            found.add((kind, name, table, sql if kind == "trigger" else None))
            pragmas = {
                "table": ("table_xinfo", "foreign_key_list"),
                "index": ("index_xinfo",),
            }
            for pragma in pragmas.get(kind, ()):
                told = plain.execute(f"PRAGMA {pragma}({name})").fetchall()
                found |= {(name, pragma, *row) for row in told}
    return found


def upgraded(file: Path) -> Engine:
    """Return the engine of a new file made by all migrations, one after the other."""
    engine = make_engine(file, KEY)
    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS))
    with engine.execution_options(**{WRITES: True}).begin() as connection:
        config.attributes["connection"] = connection
        command.upgrade(config, "head")
    return engine


def test_all_migrations_together_give_the_tables_of_a_new_file(tmp_path: Path) -> None:
    """A new file is made at once, without them: both ways have to agree."""
    upgraded(tmp_path / "migrated.db").dispose()
    open_store(tmp_path / "made.db", KEY).close()
    assert schema(tmp_path / "made.db") == schema(tmp_path / "migrated.db")
    version = "SELECT version_num FROM alembic_version"
    assert rows(tmp_path / "made.db", version) == [(HEAD,)]
    assert rows(tmp_path / "migrated.db", version) == [(HEAD,)]


def test_alembic_finds_nothing_that_a_migration_forgot(tmp_path: Path) -> None:
    engine = upgraded(tmp_path / "migrated.db")
    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS))
    with engine.connect() as connection:
        config.attributes["connection"] = connection
        command.check(config)
    engine.dispose()


def test_the_newest_revision_is_the_one_the_program_knows() -> None:
    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS))
    assert ScriptDirectory.from_config(config).get_heads() == [HEAD]


@pytest.mark.parametrize("old_file", OLD_FILES, ids=lambda path: str(path.stem))
def test_a_file_of_an_earlier_version_can_still_be_used(
    old_file: Path, file: Path
) -> None:
    """One real file of every schema that was ever released; see made_up_file."""
    shutil.copy(old_file, file)
    store = open_store(file, KEY)
    (found,) = store.find_patients("lopez")
    (stored,) = store.visits_of(found.id)
    assert stored.answers.as_dict() == {
        "pain.now": 7,
        "risk.cancer": "yes",
        "pain.words": "stabbing, “like a knife”",
    }
    assert [c.new for c in store.changes_of(stored.id)] == [
        "no",
        "yes",
        7,
        "stabbing, “like a knife”",
    ]
    store.record(stored.id, stored.revision, [change("more", "yes")])
    store.close()


def test_there_is_a_file_of_the_schema_in_use() -> None:
    assert HEAD in [path.stem for path in OLD_FILES]


def test_a_migration_keeps_every_row(old: Path, migrations: Path) -> None:
    """SQLite builds the table anew: without care the rows that point to it go too."""
    engine = make_engine(old, KEY)
    bring_up_to_date(
        engine,
        _backs_up(engine, KEY, b"keys"),
        head=_NEXT_NUMBER,
        migrations=migrations,
    )
    with engine.connect() as connection:
        assert connection.exec_driver_sql("PRAGMA foreign_keys").scalar() == 1
    store = Store(engine, engine.dispose)
    assert store.visit("v1").answers.as_dict() == {"a": "yes", "b": "no"}
    assert [c.question for c in store.changes_of("v1")] == ["a", "b"]
    assert store.record("v1", 1, [change("c", "yes", second=2)]).revision == 2
    store.close()
    assert rows(old, "SELECT room FROM visits") == [("1",)]


def test_a_backup_is_kept_of_what_was_there_before(
    old: Path, migrations: Path, tmp_path: Path
) -> None:
    """Whole, with its keys: it can be put back, and is migrated then."""
    engine = make_engine(old, KEY)
    back_up = _backs_up(engine, KEY, b"keys")
    bring_up_to_date(engine, back_up, head=_NEXT_NUMBER, migrations=migrations)
    engine.dispose()
    (one,) = kept_backups.found(old.parent / "backups")
    assert (one.state, one.schema, one.is_automatic) == ("sound", HEAD, False)
    backup.put_back(one.path, tmp_path / "again", "aside")
    assert (tmp_path / "again" / "clinic.keys").read_bytes() == b"keys"
    store = open_store(tmp_path / "again" / "clinic.db", KEY)
    assert store.visit("v1").answers.as_dict() == {"a": "yes", "b": "no"}
    assert len(store.changes_of("v1")) == 2
    store.close()


@pytest.mark.parametrize("old_file", OLD_FILES, ids=lambda path: str(path.stem))
def test_a_file_of_an_earlier_version_is_backed_up_as_it_was(
    old_file: Path, file: Path, tmp_path: Path
) -> None:
    """Its tables are not those of today, and it is sound all the same."""
    shutil.copy(old_file, file)
    open_store(file, KEY, key_file=b"keys").close()
    taken = kept_backups.found(file.parent / "backups")
    expected = [] if old_file.stem == HEAD else [old_file.stem]
    assert [one.schema for one in taken] == expected
    for one in taken:
        backup.put_back(one.path, tmp_path / "again", "aside")
        assert rows(tmp_path / "again" / "clinic.db", "SELECT 1 FROM visits") == [(1,)]
        again = open_store(tmp_path / "again" / "clinic.db", KEY)
        assert again.find_patients("lopez")
        again.close()


def test_a_migration_that_fails_changes_nothing(old: Path, migrations: Path) -> None:
    (migrations / "versions" / "next.py").write_text(
        _next('op.execute("no SQL at all")')
    )
    before = schema(old)
    engine = make_engine(old, KEY)
    with pytest.raises(OperationalError):
        bring_up_to_date(
            engine,
            _backs_up(engine, KEY, b"keys"),
            head=_NEXT_NUMBER,
            migrations=migrations,
        )
    engine.dispose()
    assert schema(old) == before
    store = open_store(old, KEY)
    assert store.visit("v1").answers.as_dict() == {"a": "yes", "b": "no"}
    store.close()


def test_a_migration_that_breaks_links_is_taken_back(
    old: Path, migrations: Path
) -> None:
    (migrations / "versions" / "next.py").write_text(
        _next("op.execute(\"UPDATE visits SET patient_id = 'gone'\")")
    )
    engine = make_engine(old, KEY)
    with pytest.raises(UserFacingError):
        bring_up_to_date(
            engine,
            _backs_up(engine, KEY, b"keys"),
            head=_NEXT_NUMBER,
            migrations=migrations,
        )
    engine.dispose()
    assert rows(old, "SELECT patient_id FROM visits") == [("p1",)]


def test_without_room_for_the_backup_nothing_is_migrated(
    old: Path, migrations: Path
) -> None:
    """A file in the place of the folder stops root too."""
    (old.parent / "backups").write_bytes(b"")
    before = schema(old)
    engine = make_engine(old, KEY)
    back_up = _backs_up(engine, KEY, b"keys")
    with pytest.raises(UserFacingError) as told:
        bring_up_to_date(engine, back_up, head=_NEXT_NUMBER, migrations=migrations)
    assert told.value.code == "folder_not_writable"
    engine.dispose()
    assert schema(old) == before
    assert not list(old.parent.glob("*.part*"))


def test_records_in_use_are_not_migrated(old: Path, migrations: Path) -> None:
    engine = make_engine(f"sqlite:///{old}?timeout=0.05", KEY)
    back_up = _backs_up(engine, KEY, b"keys")
    with locked(old), pytest.raises(OperationalError, match="locked"):
        bring_up_to_date(engine, back_up, head=_NEXT_NUMBER, migrations=migrations)
    engine.dispose()
    assert not (old.parent / "backups").exists()


def test_records_of_a_newer_program_are_left_as_they_are(old: Path) -> None:
    with closing(raw(old)) as newer:
        newer.execute("UPDATE alembic_version SET version_num = '9999'")
        newer.commit()
    before = hashlib.sha256(old.read_bytes()).hexdigest()
    with pytest.raises(UserFacingError) as told:
        open_store(old, KEY)
    assert told.value.code == "database_newer"
    assert hashlib.sha256(old.read_bytes()).hexdigest() == before
    assert [path.name for path in old.parent.glob("clinic*db")] == ["clinic.db"]
    assert not (old.parent / "backups").exists()


def test_records_without_their_revision_are_told(old: Path) -> None:
    with closing(raw(old)) as other:
        other.execute("DELETE FROM alembic_version")
        other.commit()
    with pytest.raises(UserFacingError) as told:
        open_store(old, KEY)
    assert told.value.code == "database_damaged"


def test_a_new_file_that_was_begun_and_left_is_made_again(file: Path) -> None:
    """A kill between making the file and making its tables leaves it empty."""
    make_engine(file, KEY).connect().close()
    store = open_store(file, KEY)
    store.register(patient())
    store.open_visit(visit())
    store.close()
