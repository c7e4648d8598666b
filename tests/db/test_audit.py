"""What is written down is written with what it tells of, or not at all."""

from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest
from sqlcipher3 import dbapi2 as sqlcipher

from db.audit import AuditLog
from db.keys import derived
from db.store import Store, open_store
from intake.audit import AuditNote
from intake.errors import UserFacingError
from tests.db.made_up import KEY, MORNING, change, patient, raw, visit


def note(event: str = "patient_read", subject: str = "p1") -> AuditNote:
    """Return a note of Ann's."""
    return AuditNote(event, "ann", MORNING, "desk", subject)  # type: ignore[arg-type]


@pytest.fixture
def head_file(tmp_path: Path) -> Path:
    return tmp_path / "elsewhere" / "audit-head"


@pytest.fixture
def audited(file: Path, head_file: Path) -> Iterator[Store]:
    """Return a store with a trail of three entries."""
    store = open_store(file, KEY, AuditLog(derived(KEY, "audit"), [head_file]))
    store.register(patient(), [note("registered")])
    store.open_visit(visit(), [note("visit_opened", "v1")])
    store.record("v1", 0, [change("pain.now", 7)], [note("answers_recorded", "v1")])
    yield store
    store.close()


def tampered(file: Path, *statements: str) -> None:
    """Do by hand what no key is needed for: the file's key opens it, triggers go."""
    with closing(raw(file)) as other:
        for act in ("update", "delete"):
            other.execute(f"DROP TRIGGER audit_no_{act}")
        for statement in statements:
            other.execute(statement)


def test_a_save_that_was_stored_before_is_noted_once(audited: Store) -> None:
    """It is asked for again when it was stored and told to have failed."""
    audited.record("v1", 0, [change("pain.now", 7)], [note("answers_recorded", "v1")])
    assert len(audited.audit_entries(event="answers_recorded")) == 1


def test_a_sound_trail_has_no_fault(audited: Store) -> None:
    assert audited.audit_faults() == []
    assert [entry.number for entry in audited.audit_entries()] == [3, 2, 1]


def test_entries_are_found_by_what_who_and_whom(audited: Store) -> None:
    audited.note([note("signed_in", "")])

    assert [e.note.subject for e in audited.audit_entries(subject="v1")] == ["v1", "v1"]
    assert len(audited.audit_entries(event="registered")) == 1
    assert audited.audit_entries(who="bob") == []


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
    audited: Store, file: Path, statement: str
) -> None:
    tampered(file, statement)

    assert audited.audit_faults()


def test_an_older_copy_in_its_place_is_seen(
    audited: Store, file: Path, head_file: Path
) -> None:
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


def test_the_trail_itself_is_append_only(audited: Store, file: Path) -> None:
    with (
        closing(raw(file)) as other,
        pytest.raises(sqlcipher.IntegrityError, match="append-only"),
    ):
        other.execute("DELETE FROM audit")
