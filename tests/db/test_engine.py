"""The one function that makes engines: what SQLite promises is set, and in force."""

import sqlite3
from pathlib import Path

import pytest
from sqlalchemy import Engine, create_engine, event, make_url
from sqlalchemy.exc import IntegrityError, OperationalError
from sqlcipher3 import dbapi2 as sqlcipher

from db import engine as engine_module
from db.engine import WRITES, file_of, make_engine
from intake.errors import UserFacingError
from tests.db.made_up import KEY, locked, raw


@pytest.mark.parametrize(
    ("setting", "value"),
    [
        ("journal_mode", "wal"),
        ("synchronous", 2),
        ("foreign_keys", 1),
        ("busy_timeout", 5000),
        ("trusted_schema", 0),
        ("temp_store", 2),
    ],
)
def test_a_setting_is_in_force(file: Path, setting: str, value: object) -> None:
    with make_engine(file, KEY).connect() as connection:
        assert connection.exec_driver_sql(f"PRAGMA {setting}").scalar() == value


def test_a_database_that_cannot_keep_its_promise_is_refused() -> None:
    """A database in memory has no write-ahead log and forgets everything."""
    with (
        pytest.raises(UserFacingError, match="no write-ahead log") as refused,
        make_engine("sqlite://", KEY).connect(),
    ):
        pass
    assert refused.value.code == "database_unsafe"


@pytest.mark.parametrize(
    ("setting", "what"),
    [
        ("synchronous", "no sync to disk"),
        ("foreign_keys", "no foreign keys"),
        ("busy_timeout", "no wait for locks"),
        ("trusted_schema", "the file may run code"),
        ("temp_store", "temporary files"),
    ],
)
def test_each_setting_not_in_force_is_named(
    file: Path, monkeypatch: pytest.MonkeyPatch, setting: str, what: str
) -> None:
    """SQLite ignores a PRAGMA it does not know without a word: only reading tells."""
    read = engine_module._read
    unset = {"trusted_schema": 1}.get(setting, 0)
    monkeypatch.setattr(
        engine_module,
        "_read",
        lambda connection, name: unset if name == setting else read(connection, name),
    )
    with pytest.raises(UserFacingError, match=what), make_engine(file, KEY).connect():
        pass


def test_a_writer_locks_out_other_writers_before_it_reads(file: Path) -> None:
    """Else what it read could be outdated when it writes."""
    engine = make_engine(file, KEY)
    with engine.execution_options(**{WRITES: True}).begin() as connection:
        connection.exec_driver_sql("SELECT 1")
        with (
            raw(file, timeout=0) as other,
            pytest.raises(sqlcipher.OperationalError, match="locked"),
        ):
            other.execute("BEGIN IMMEDIATE")
        other.close()
    engine.dispose()


def test_a_reader_sees_one_state_while_others_write(file: Path) -> None:
    engine = make_engine(file, KEY)
    with engine.execution_options(**{WRITES: True}).begin() as writer:
        writer.exec_driver_sql("CREATE TABLE t (n)")
    with engine.connect() as reader:
        count = "SELECT count(*) FROM t"
        assert reader.exec_driver_sql(count).scalar() == 0
        with engine.execution_options(**{WRITES: True}).begin() as writer:
            writer.exec_driver_sql("INSERT INTO t VALUES (1)")
        assert reader.exec_driver_sql(count).scalar() == 0
    engine.dispose()


def test_no_error_text_holds_what_was_typed(file: Path) -> None:
    engine = make_engine(file, KEY)
    with engine.execution_options(**{WRITES: True}).connect() as connection:
        connection.exec_driver_sql("CREATE TABLE t (n PRIMARY KEY)")
        connection.exec_driver_sql("INSERT INTO t VALUES (?)", ("secret name",))
        with pytest.raises(IntegrityError) as error:
            connection.exec_driver_sql("INSERT INTO t VALUES (?)", ("secret name",))
    engine.dispose()
    assert "secret" not in str(error.value)


def test_the_same_error_of_a_plain_engine_would_hold_it(file: Path) -> None:
    """The control of the test above."""
    with create_engine(f"sqlite:///{file}").connect() as connection:
        connection.exec_driver_sql("CREATE TABLE t (n PRIMARY KEY)")
        connection.exec_driver_sql("INSERT INTO t VALUES (?)", ("secret name",))
        with pytest.raises(IntegrityError, match="secret name"):
            connection.exec_driver_sql("INSERT INTO t VALUES (?)", ("secret name",))
    connection.engine.dispose()


def test_a_wait_for_a_lock_ends(file: Path) -> None:
    make_engine(file, KEY).connect().close()
    engine = make_engine(f"sqlite:///{file}?timeout=0.05", KEY)
    writer = engine.execution_options(**{WRITES: True})
    with locked(file), pytest.raises(OperationalError, match="locked"):
        writer.connect().exec_driver_sql("SELECT 1")
    engine.dispose()


def test_after_a_disk_error_the_file_is_opened_anew(file: Path) -> None:
    """What a connection remembers may never have reached the disk."""
    engine = make_engine(file, KEY)
    first = _driver_of(engine)
    assert _driver_of(engine) is first
    with engine.connect() as connection:
        event.listen(engine, "before_cursor_execute", _fail_to_sync)
        with pytest.raises(OperationalError):
            connection.exec_driver_sql("SELECT 1")
        event.remove(engine, "before_cursor_execute", _fail_to_sync)
        assert connection.invalidated
    assert _driver_of(engine) is not first
    engine.dispose()


def _driver_of(engine: Engine) -> object:
    with engine.connect() as connection:
        return connection.connection.driver_connection


def _fail_to_sync(*_: object) -> None:
    error = sqlcipher.OperationalError("disk I/O error")
    error.sqlite_errorcode = sqlite3.SQLITE_IOERR_FSYNC
    raise error


def test_a_path_is_taken_as_it_is(tmp_path: Path) -> None:
    """A folder may be called almost anything; none of it is a URL's syntax."""
    strange = tmp_path / "O'Brien & søn? #1 100% @home.db"
    engine = make_engine(strange, KEY)
    engine.connect().close()
    assert strange.is_file()
    assert file_of(engine) == strange
    engine.dispose()


def test_only_a_plain_file_has_to_be_cared_for() -> None:
    assert file_of(make_engine("sqlite:///file:x.db?mode=ro&uri=true", KEY)) is None
    assert file_of(make_engine(make_url("sqlite://"), KEY)) is None
