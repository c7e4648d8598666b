"""The store as the program uses it, and what it says when its surroundings fail."""

import threading
from collections.abc import Callable
from contextlib import closing, suppress
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

import pytest
from sqlalchemy import event
from sqlalchemy.exc import IntegrityError
from sqlcipher3 import dbapi2 as sqlcipher

from db import backup
from db.engine import WRITES, make_engine
from db.store import Store, open_store
from intake.errors import UserFacingError
from intake.ports import RecordStore
from tests.db.made_up import (
    KEY,
    MORNING,
    change,
    folded_into_answers,
    impatient,
    locked,
    patient,
    raw,
    visit,
)
from tests.db.places import Database

Write = Callable[[Store], object]
WRITES_OF_ALL_KINDS = [
    pytest.param(lambda store: store.register(patient("p2")), id="register"),
    pytest.param(lambda store: store.update_patient(patient(phone="1")), id="update"),
    pytest.param(lambda store: store.open_visit(visit("v2")), id="open a visit"),
    pytest.param(
        lambda store: store.record("v1", 0, [change("q", "yes")]), id="record"
    ),
]

_PAGE = 4096


def test_the_store_is_the_port(store: Store) -> None:
    """A type checker compares the calls; this one that none is forgotten."""
    calls = {name for name in vars(RecordStore) if not name.startswith("_")}
    assert calls <= {name for name in dir(store) if callable(getattr(store, name))}


def test_everything_is_there_after_a_restart(store: Store, database: Database) -> None:
    stored = store.record("v1", 0, [change("q", "yes")])
    store.close()
    store = database.open()
    assert store.visit("v1") == stored
    assert store.patient("p1") == patient()
    assert store.changes_of("v1") == [change("q", "yes")]
    store.close()


def test_a_closed_store_leaves_one_file_that_holds_everything(
    file_store: Store, file: Path
) -> None:
    """People copy the file; what is still in a side file would be missing."""
    file_store.record("v1", 0, [change("q", "yes")])
    file_store.close()
    assert not list(file.parent.glob("clinic.db-*"))
    with closing(raw(f"file:{file}?immutable=1", uri=True)) as plain:
        assert plain.execute("SELECT revision FROM visits").fetchone() == (1,)


@pytest.mark.parametrize(
    "ask",
    [
        lambda store: store.patient("nobody"),
        lambda store: store.visit("none"),
        lambda store: store.update_patient(patient("nobody")),
        lambda store: store.record("none", 0, [change("q", "yes")]),
    ],
)
def test_what_is_not_there_is_a_key_error(store: Store, ask: Write) -> None:
    with pytest.raises(KeyError):
        ask(store)


@pytest.mark.parametrize(
    "write",
    [
        lambda store: store.register(patient("p1")),
        lambda store: store.open_visit(visit("v1")),
        lambda store: store.open_visit(visit("v2", patient_id="nobody")),
    ],
)
def test_a_second_of_the_same_id_or_a_visit_of_nobody_is_our_mistake(
    store: Store, write: Write
) -> None:
    with pytest.raises(IntegrityError) as error:
        write(store)
    assert "Doe" not in str(error.value)


def test_visits_come_newest_first(store: Store) -> None:
    day = date(2026, 11, 24)
    store.register(patient("p2", family_name="Roe"))
    store.open_visit(visit("older", on=day - timedelta(days=1)))
    store.open_visit(visit("later", opened_at=MORNING + timedelta(hours=1)))
    store.open_visit(visit("other", patient_id="p2", on=day + timedelta(days=1)))
    assert [v.id for v in store.visits_of("p1")] == ["later", "v1", "older"]
    recent = store.recent_visits(limit=3)
    assert [(v.id, p.id) for v, p in recent] == [
        ("other", "p2"),
        ("later", "p1"),
        ("v1", "p1"),
    ]


def test_recording_nothing_makes_no_revision(store: Store) -> None:
    assert store.record("v1", 0, []) == visit()


def test_a_registration_is_kept_as_it_was_before_each_change(store: Store) -> None:
    first = store.patient("p1")
    second = store.update_patient(replace(first, phone="1", age_margin=3))
    third = store.update_patient(replace(second, family_name="Novák"))

    assert store.earlier_registrations("p1") == [second, first]
    assert store.patient("p1") == third
    assert store.earlier_registrations("nobody") == []


def test_a_patient_saved_again_replaces_the_registration(store: Store) -> None:
    store.update_patient(patient(family_name="Novák", phone="0151 234"))
    assert store.patient("p1").family_name == "Novák"
    assert [p.id for p in store.find_patients("novak 151")] == ["p1"]
    assert store.find_patients("doe") == []


# Two threads


def test_one_thread_reads_while_another_writes(store: Store) -> None:
    """The window reads on its own thread while the saver writes on another."""
    done = threading.Event()

    def write() -> None:
        for number in range(60):
            store.record("v1", number, [change(f"q{number}", "yes", second=number)])
        done.set()

    writer = threading.Thread(target=write)
    writer.start()
    seen = [store.visit("v1")]
    while not done.is_set():
        seen.append(store.visit("v1"))
    writer.join()
    seen.append(store.visit("v1"))
    revisions = [v.revision for v in seen]
    assert revisions == sorted(revisions)
    assert [len(v.answers) for v in seen] == revisions
    assert revisions[-1] == 60


def test_threads_that_write_wait_for_each_other(store: Store) -> None:
    """All start from revision 0: each answer is merged, none is lost."""
    writers = [
        threading.Thread(
            target=store.record, args=("v1", 0, [change(f"q{n}", n, second=n)])
        )
        for n in range(12)
    ]
    for writer in writers:
        writer.start()
    for writer in writers:
        writer.join()
    stored = store.visit("v1")
    assert stored.answers.as_dict() == {f"q{n}": n for n in range(12)}
    assert stored.revision == 12
    assert folded_into_answers(store.changes_of("v1")) == stored.answers


def test_closing_waits_for_a_write_under_way(file_store: Store, file: Path) -> None:
    """What "closed" means to the window: now the file may be copied."""
    writing, closed = threading.Event(), threading.Event()

    @event.listens_for(file_store._engine, "commit")
    def hold_back(_: object) -> None:
        writing.set()
        # Nobody sets it: closing waits for this very write.
        closed.wait(0.1)

    writer = threading.Thread(
        target=file_store.record, args=("v1", 0, [change("q", "yes")])
    )
    writer.start()
    writing.wait()
    file_store.close()
    closed.set()
    with closing(raw(file)) as plain:
        assert plain.execute("SELECT revision FROM visits").fetchone() == (1,)
    writer.join()


# Failing surroundings


@pytest.mark.parametrize("write", WRITES_OF_ALL_KINDS)
def test_a_locked_database_is_told_and_written_to_later(
    file_store: Store, file: Path, write: Write
) -> None:
    file_store.close()
    file_store = open_store(impatient(file), KEY)
    with locked(file):
        with pytest.raises(UserFacingError) as told:
            write(file_store)
        assert told.value.code == "database_locked"
        assert file_store.visit("v1") == visit(), "reading goes on"
    write(file_store)
    file_store.close()


def test_a_new_file_that_is_locked_is_told(file: Path) -> None:
    with locked(file), pytest.raises(UserFacingError) as told:
        open_store(impatient(file), KEY)
    assert told.value.code == "database_locked"
    open_store(file, KEY).close()


@pytest.mark.parametrize("write", WRITES_OF_ALL_KINDS)
def test_a_read_only_database_can_be_read_and_says_so_when_written(
    file_store: Store, file: Path, write: Write
) -> None:
    file_store.close()
    file_store = open_store(impatient(Path(f"file:{file}"), mode="ro", uri="true"), KEY)
    assert file_store.visit("v1") == visit()
    with pytest.raises(UserFacingError) as told:
        write(file_store)
    assert told.value.code == "database_read_only"
    file_store.close()


def test_a_full_disk_is_told_and_half_of_nothing_is_stored(
    file_store: Store, file: Path
) -> None:
    """SQLite itself says "full" at its page limit, as at the end of a disk."""
    _limit_pages(file_store, "(SELECT page_count FROM pragma_page_count)")
    many = [change(f"q{n}", "x" * 500, second=n) for n in range(100)]
    with pytest.raises(UserFacingError) as told:
        file_store.record("v1", 0, many)
    assert told.value.code == "disk_full"
    assert file_store.visit("v1") == visit()
    assert file_store.changes_of("v1") == []

    _limit_pages(file_store, "1000000")
    assert file_store.record("v1", 0, many).revision == 1
    assert file_store.changes_of("v1") == many


def _limit_pages(store: Store, limit: str) -> None:
    """Limit every connection that the store has open, and those to come."""

    @event.listens_for(store._engine, "connect")
    def limit_one(connection: sqlcipher.Connection, _: object) -> None:
        (pages,) = connection.execute(f"SELECT {limit}").fetchone()
        connection.execute(f"PRAGMA max_page_count={pages}")

    store._engine.pool.dispose()
    with store._engine.execution_options(**{WRITES: True}).begin() as connection:
        assert connection.exec_driver_sql("PRAGMA max_page_count").scalar()


@pytest.mark.parametrize(
    "content", [b"no database at all" * 99, b"SQLite format 3\0" * 99]
)
def test_what_is_no_database_is_told_and_left_alone(file: Path, content: bytes) -> None:
    file.write_bytes(content)
    with pytest.raises(UserFacingError) as told:
        open_store(file, KEY)
    assert told.value.code == "database_damaged"
    assert file.read_bytes() == content


def test_the_database_of_another_program_is_told_and_left_alone(file: Path) -> None:
    with closing(raw(file)) as other:
        other.execute("CREATE TABLE music (title)")
    with pytest.raises(UserFacingError) as told:
        open_store(file, KEY)
    assert told.value.code == "database_damaged"


def test_a_file_that_was_cut_off_is_found_at_open(
    file_store: Store, file: Path
) -> None:
    file_store.record("v1", 0, [change(f"q{n}", "x" * 500) for n in range(100)])
    file_store.close()
    content = file.read_bytes()[: -3 * _PAGE]
    file.write_bytes(content)
    with pytest.raises(UserFacingError) as told:
        open_store(file, KEY)
    assert told.value.code == "database_damaged"
    assert file.read_bytes() == content


def test_no_damaged_page_is_ever_read(file_store: Store, file: Path) -> None:
    """Opening does not wait for the whole file; each page tells when it is read.

    SQLCipher gives an altered continuation of a long value as zeros: see
    `db.engine`.
    """
    file_store.record("v1", 0, [change(f"q{n}", "x" * 500) for n in range(30)])
    file_store.update_patient(patient(address="A" * 20_000))
    right = (
        file_store.patient("p1"),
        file_store.visit("v1"),
        file_store.changes_of("v1"),
    )
    file_store.close()
    content = file.read_bytes()
    told = []
    for start in range(0, len(content), _PAGE):
        spoiled = bytearray(content)
        spoiled[start + 50] ^= 1
        file.write_bytes(spoiled)
        assert next(backup.faults_of(file, KEY)), start
        try:
            again = open_store(file, KEY)
        except UserFacingError as error:
            told.append((start, "opening", error.code))
            continue
        try:
            read = (again.patient("p1"), again.visit("v1"), again.changes_of("v1"))
            assert read == right
        except UserFacingError as error:
            told.append((start, "reading", error.code))
        finally:
            again.close()
    assert {code for _, _, code in told} == {"database_damaged"}
    assert {when for _, when, _ in told} == {"opening", "reading"}


def test_a_folder_that_vanished_is_told(tmp_path: Path) -> None:
    with pytest.raises(UserFacingError) as told:
        open_store(f"sqlite:///file:{tmp_path}/gone/clinic.db?uri=true", KEY)
    assert told.value.code == "folder_not_writable"


def test_no_page_that_was_damaged_meanwhile_is_shown_as_zeros(
    file_store: Store, file: Path
) -> None:
    """The library gives zeros for the last page of what is read, and no error."""
    file_store.record("v1", 0, [change("notes", "made up " * 3000)])
    file_store.close()
    whole, shown = file.read_bytes(), []
    for page in range(0, len(whole), 4096):
        file.write_bytes(whole[:page] + bytes([whole[page] ^ 1]) + whole[page + 1 :])
        engine = make_engine(file, KEY)
        damaged = Store(engine, engine.dispose)
        with suppress(UserFacingError):
            shown.append(damaged.visit("v1").answers["notes"])
        damaged.close()
    assert set(shown) == {"made up " * 3000}
