"""Records of the version before encryption become encrypted, all of them or none."""

from contextlib import closing
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from sqlcipher3 import dbapi2 as sqlcipher

from db import plain_records, records_place
from db.clinic import Clinic
from intake.errors import UserFacingError
from intake.people import Person
from tests.db.made_up import raw

_ANN = Person("ann", "Ann Ash", frozenset({"owner", "clinician"}))
_PASSPHRASE = "kettle moss river nine"  # noqa: S105  (made up, opens nothing)
_OLD = Path(__file__).parent / "old" / "0001.sqlite"


class _Clock:
    def now(self) -> datetime:
        return datetime(2026, 11, 25, 9, tzinfo=UTC)

    def today(self) -> date:
        return self.now().date()


@pytest.fixture
def clinic(tmp_path: Path) -> Clinic:
    """Return a folder in which the version before encryption left its records."""
    folder = tmp_path / "clinic"
    leave_plain_records(folder)
    return Clinic(folder, _Clock(), [tmp_path / "head"])


def leave_plain_records(folder: Path) -> None:
    """Put the records of the version before encryption into a new folder."""
    folder.mkdir()
    with closing(raw(_OLD)) as old:
        old.execute("ATTACH ? AS plain KEY ''", (str(folder / "clinic.db"),))
        old.execute("SELECT sqlcipher_export('plain')")
    # As a program that was killed leaves it: the newest in the write-ahead log.
    plain = sqlcipher.connect(folder / "clinic.db")
    plain.execute("PRAGMA journal_mode=WAL")
    plain.execute("UPDATE patients SET phone = '555-0100'")
    plain.commit()
    plain.close()


def test_they_become_the_clinics_and_the_old_file_is_put_aside(clinic: Clinic) -> None:
    opened, _ = clinic.set_up(_ANN, _PASSPHRASE, take_over=True)
    (found,) = opened.store.find_patients("lopez")
    (visit,) = opened.store.visits_of(found.id)
    assert found.phone == "555-0100"
    assert visit.answers["pain.now"] == 7
    assert len(opened.store.changes_of(visit.id)) == 4
    assert opened.faults() == []
    opened.close()

    assert not clinic.has_plain_records
    (aside,) = clinic.folder.glob("clinic.db-before-encryption-*")
    assert aside.read_bytes()[:6] == b"SQLite"
    assert b"Garc" not in (clinic.folder / "clinic.db").read_bytes()
    (backup,) = clinic.backups()
    assert (backup.schema, backup.state) == ("0001", "sound")
    assert not list(clinic.folder.glob(".unfinished-*"))


@pytest.mark.parametrize(
    "place",
    [
        (plain_records, "_digest"),
        (records_place, "open_store"),
        (Clinic, "write_keys"),
    ],
)
def test_broken_off_anywhere_it_can_be_begun_anew(
    clinic: Clinic, monkeypatch: pytest.MonkeyPatch, place: tuple[object, str]
) -> None:
    def stop(*_: object, **__: object) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(*place, stop)
        with pytest.raises(KeyboardInterrupt):
            clinic.set_up(_ANN, _PASSPHRASE, take_over=True)

    assert clinic.has_plain_records
    opened, _ = clinic.set_up(_ANN, _PASSPHRASE, take_over=True)
    assert opened.store.find_patients("lopez")
    opened.close()


def test_a_copy_that_is_not_the_same_is_refused(
    clinic: Clinic, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The control of the comparison: a copy with one row less."""
    real = plain_records._digest

    def digest(source: sqlcipher.Connection, schema: str) -> str:
        source.execute("DROP TRIGGER IF EXISTS kept.answer_changes_no_delete")
        source.execute("DELETE FROM kept.answer_changes WHERE id = 1")
        return real(source, schema)

    monkeypatch.setattr(plain_records, "_digest", digest)
    with pytest.raises(UserFacingError):
        clinic.set_up(_ANN, _PASSPHRASE, take_over=True)
    assert clinic.has_plain_records
    assert not (clinic.folder / "clinic.db").exists()


def test_damaged_ones_are_told_and_left_as_they_are(clinic: Clinic) -> None:
    file = clinic.folder / "clinic.db"
    content = bytearray(file.read_bytes())
    content[4096 : 4096 * 8] = bytes(4096 * 7)
    file.write_bytes(content)

    with pytest.raises(UserFacingError) as refused:
        clinic.set_up(_ANN, _PASSPHRASE, take_over=True)
    assert refused.value.code == "database_damaged"
    assert file.read_bytes() == content


def test_they_can_be_left_and_are_put_aside(clinic: Clinic) -> None:
    opened, _ = clinic.set_up(_ANN, _PASSPHRASE)
    assert opened.store.recent_visits() == []
    opened.close()

    assert list(clinic.folder.glob("clinic.db-before-set-up-*"))


def test_an_encrypted_file_is_no_plain_one(tmp_path: Path) -> None:
    clinic = Clinic(tmp_path / "new", _Clock())
    assert not clinic.has_plain_records
    clinic.set_up(_ANN, _PASSPHRASE)[0].close()
    (clinic.folder / "clinic.keys").unlink()

    assert not clinic.has_plain_records
