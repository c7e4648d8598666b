"""What is written down is written with what it tells of, or not at all."""

from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from db.audit import AuditLog
from db.keys import derived
from db.store import Store, open_store
from intake.audit import AuditFilter, AuditNote
from intake.errors import UserFacingError
from tests.db.made_up import KEY, MORNING, change, patient, raw, visit
from tests.db.places import Database, FileDatabase


def note(event: str = "patient_read", subject: str = "p1") -> AuditNote:
    """Return a note of Ann's."""
    return AuditNote(event, "ann", MORNING, "desk", subject)  # type: ignore[arg-type]


@pytest.fixture
def head_file(tmp_path: Path) -> Path:
    return tmp_path / "elsewhere" / "audit-head"


@pytest.fixture
def audited(database: Database, head_file: Path) -> Iterator[Store]:
    """Return a store with a trail of three entries."""
    with closing(_with_three_entries(database, head_file)) as store:
        yield store


def _with_three_entries(database: Database, head_file: Path) -> Store:
    store = database.open(AuditLog(derived(KEY, "audit"), [head_file]))
    store.register(patient(), [note("registered")])
    store.open_visit(visit(), [note("visit_opened", "v1")])
    store.record("v1", 0, [change("pain.now", 7)], [note("answers_recorded", "v1")])
    return store


def tampered(database: Database, *statements: str) -> None:
    """Do by hand what the audit's key is not needed for; the triggers go first."""
    is_file = isinstance(database, FileDatabase)
    database.by_hand(
        *(
            f"DROP TRIGGER audit_no_{act}{'' if is_file else ' ON audit'}"
            for act in ("update", "delete")
        ),
        *statements,
    )


def test_a_save_that_was_stored_before_is_noted_once(audited: Store) -> None:
    """It is asked for again when it was stored and told to have failed."""
    audited.record("v1", 0, [change("pain.now", 7)], [note("answers_recorded", "v1")])
    assert len(audited.audit_entries(AuditFilter(event="answers_recorded"))) == 1


def test_a_sound_trail_has_no_fault(audited: Store) -> None:
    assert audited.audit_faults() == []
    assert [entry.number for entry in audited.audit_entries()] == [3, 2, 1]


def test_entries_are_found_by_what_who_and_whom(audited: Store) -> None:
    audited.note([note("signed_in", "")])

    assert [
        e.note.subject for e in audited.audit_entries(AuditFilter(subject="v1"))
    ] == ["v1", "v1"]
    assert len(audited.audit_entries(AuditFilter(event="registered"))) == 1
    assert audited.audit_entries(AuditFilter(who="bob")) == []


def test_a_write_that_fails_leaves_no_note(audited: Store) -> None:
    with pytest.raises(UserFacingError):
        audited.sign("v1", 99, None, [note("signed", "v1")])  # type: ignore[arg-type]

    assert len(audited.audit_entries()) == 3


def test_a_note_that_fails_leaves_no_write(
    audited: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("db.audit.entry_after", lambda *_: 1 / 0)

    with pytest.raises(ZeroDivisionError):
        audited.record("v1", 1, [change("pain.now", 2, 7, second=9)], [note()])

    assert audited.visit("v1").answers["pain.now"] == 7


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE audit SET who = 'bob' WHERE number = 2",
        "UPDATE audit SET at = '2026-11-24T09:31:00+00:00' WHERE number = 3",
        "UPDATE audit SET detail = '{\"x\":1}' WHERE number = 1",
        "UPDATE audit SET mac = 'no hexadecimal' WHERE number = 1",
        "DELETE FROM audit WHERE number = 1",
        "DELETE FROM audit WHERE number = 2",
        "DELETE FROM audit WHERE number = 3",
        (
            "INSERT INTO audit SELECT 4, event, who, role, at, at_utc, subject, "
            "detail, mac FROM audit WHERE number = 3"
        ),
        (
            "UPDATE audit SET number = CASE number WHEN 1 THEN -2 ELSE -1 END "
            "WHERE number < 3"
        ),
    ],
)
def test_a_hand_without_the_macs_key_is_seen(
    audited: Store, database: Database, statement: str
) -> None:
    tampered(database, statement)

    assert audited.audit_faults()


def test_an_older_copy_in_its_place_is_seen(file: Path, head_file: Path) -> None:
    audited = _with_three_entries(FileDatabase(file), head_file)
    with closing(raw(file)) as other:
        other.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    older = file.read_bytes()
    audited.note([note("signed_in")])
    audited.close()
    file.write_bytes(older)
    log = AuditLog(derived(KEY, "audit"), [head_file])
    store = open_store(file, KEY, log)

    assert "missing at the end" in store.audit_faults()[0]
    store.close()


def test_a_lost_head_is_seen(audited: Store, head_file: Path) -> None:
    head_file.unlink()

    assert "missing" in audited.audit_faults()[0]


def test_the_trail_itself_is_append_only(audited: Store, database: Database) -> None:
    assert audited.audit_entries()
    with pytest.raises(Exception, match="append-only"):
        database.by_hand("DELETE FROM audit")


def test_a_sign_in_covers_no_older_copy_up(file: Path, head_file: Path) -> None:
    """Signing in is noted first, and a note used to move the head outside."""
    audited = _with_three_entries(FileDatabase(file), head_file)
    with closing(raw(file)) as other:
        other.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    older, known = file.read_bytes(), AuditLog(derived(KEY, "audit"), [head_file])
    audited.note([note("signed_in")])
    audited.close()
    file.write_bytes(older)
    store = open_store(file, KEY, known)

    for number in range(3):
        store.note([note("signed_in", f"another {number}")])
        assert store.audit_faults()
    store.close()


def test_a_head_that_was_lost_stays_lost_until_a_restore(
    audited: Store, database: Database, head_file: Path
) -> None:
    head_file.unlink()
    audited.note([note("signed_in")])
    assert "missing" in audited.audit_faults()[0]
    audited.close()

    log = AuditLog(derived(KEY, "audit"), [head_file], may_begin=True)
    store = database.open(log)
    store.note([note("restored")])
    assert store.audit_faults() == []
    store.close()


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE audit SET at = 'yesterday' WHERE number = 2",
        "UPDATE audit SET at_utc = '2026-01-01T00:00:00.000000+00:00' WHERE number = 2",
        "UPDATE audit SET detail = '{' WHERE number = 2",
        "UPDATE audit SET detail = 'null' WHERE number = 2",
        "UPDATE audit_head SET count = 1, mac = 'no hexadecimal'",
        "DELETE FROM audit_head",
    ],
)
def test_what_a_hand_left_stops_neither_the_check_nor_the_work(
    audited: Store, database: Database, statement: str
) -> None:
    tampered(database, statement)
    audited.note([note("signed_in")])

    assert audited.audit_faults()
    assert len(audited.audit_entries()) == 4


def test_bytes_in_the_place_of_text_stop_it_neither(
    file: Path, head_file: Path
) -> None:
    """A file takes anything in any column."""
    database = FileDatabase(file)
    with closing(_with_three_entries(database, head_file)) as audited:
        tampered(database, "UPDATE audit SET who = x'00ff' WHERE number = 2")
        audited.note([note("signed_in")])

        assert audited.audit_faults()
        assert len(audited.audit_entries()) == 4
