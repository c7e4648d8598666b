"""A clinic's folder: set up, opened by each person, shut to who left."""

import itertools
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest

from db.backup import SERVER_FILE
from db.backup_file import key_text
from db.clinic import KEY_FILE, SETTING_UP_FILE, Clinic
from db.keys import KeyFile
from db.location import not_writable
from db.new_key import NEXT_KEY_FILE
from db.open_clinic import OpenClinic
from db.records_place import InFile
from db.store import Store
from intake.audit import AuditFilter
from intake.errors import UserFacingError
from intake.people import Person
from tests.db.made_up import patient, visit

ANN = Person("ann", "Ann Ash", frozenset({"owner", "clinician"}))
BOB = Person("bob", "Bob Birch", frozenset({"desk"}))
ANNS = "kettle moss river nine"
BOBS = "lamp under the stairs"


@dataclass
class SetClock:
    """A clock that stands until it is moved."""

    at: datetime = datetime(2026, 11, 25, 9, tzinfo=UTC)

    def now(self) -> datetime:
        return self.at

    def today(self) -> date:
        return self.at.date()


@pytest.fixture
def clock() -> SetClock:
    return SetClock()


@pytest.fixture
def clinic(tmp_path: Path, clock: SetClock) -> Clinic:
    return Clinic(tmp_path / "clinic", clock, [tmp_path / "state" / "head"])


@pytest.fixture
def opened(clinic: Clinic) -> Iterator[OpenClinic]:
    """Return a clinic with Ann and Bob, open for Ann."""
    opened, _ = clinic.set_up(ANN, ANNS)
    opened.store.add_person(BOB)
    opened.give_passphrase(BOB, BOBS, by="ann")
    opened.store.register(patient())
    opened.store.open_visit(visit())
    yield opened
    opened.close()


def code_of(error: pytest.ExceptionInfo[UserFacingError]) -> str:
    return error.value.code


def test_the_first_person_is_let_in_again(clinic: Clinic) -> None:
    clinic.set_up(ANN, ANNS)[0].close()
    again = clinic.sign_in("ann", ANNS)

    assert again.person("ann") == ANN
    assert [one.name for one in clinic.staff()] == ["Ann Ash"]
    again.close()


def test_there_is_one_clinic_in_a_folder(clinic: Clinic, opened: OpenClinic) -> None:
    with pytest.raises(UserFacingError) as refused:
        clinic.set_up(ANN, ANNS)
    assert code_of(refused) == "already_set_up"


def test_records_without_their_key_file_are_no_place_for_a_clinic(
    clinic: Clinic, opened: OpenClinic
) -> None:
    """A lost key file comes back with a backup; records set up over do not."""
    backup = clinic.folder.parent / "today.backup"
    opened.back_up(backup, by="ann")
    opened.close()
    records = clinic.folder / "clinic.db"
    before = records.read_bytes()
    (clinic.folder / KEY_FILE).rename(clinic.folder / "elsewhere")

    assert clinic.is_set_up
    with pytest.raises(UserFacingError) as refused:
        clinic.set_up(ANN, ANNS)
    assert code_of(refused) == "already_set_up"
    with pytest.raises(UserFacingError) as refused:
        clinic.sign_in("ann", ANNS)
    assert code_of(refused) == "keys_missing"
    assert records.read_bytes() == before
    (clinic.folder / KEY_FILE).write_text(key_text(backup), encoding="utf-8")
    clinic.sign_in("ann", ANNS).close()


@pytest.mark.parametrize("last", ["add_person", "write_keys"])
def test_a_set_up_that_was_broken_off_is_repeated(
    clinic: Clinic, monkeypatch: pytest.MonkeyPatch, last: str
) -> None:
    """And keeps its hands off what an earlier restore put aside."""
    clinic.folder.mkdir()
    aside = clinic.folder / "clinic.db-before-restore-1"
    aside.write_bytes(b"old records")
    where = {"add_person": Store, "write_keys": Clinic}[last]
    with monkeypatch.context() as broken:
        broken.setattr(where, last, lambda *_: 1 / 0)
        with pytest.raises(ZeroDivisionError):
            clinic.set_up(ANN, ANNS)

    assert not clinic.is_set_up
    clinic.set_up(ANN, ANNS)[0].close()
    clinic.sign_in("ann", ANNS).close()
    assert aside.read_bytes() == b"old records"
    assert not (clinic.folder / "setting-up").exists()


def test_a_folder_without_a_clinic_is_told(clinic: Clinic) -> None:
    assert not clinic.is_set_up
    with pytest.raises(UserFacingError) as refused:
        clinic.sign_in("ann", ANNS)
    assert code_of(refused) == "not_set_up"


def test_the_recovery_code_opens_them_and_is_noted(clinic: Clinic) -> None:
    opened, code = clinic.set_up(ANN, ANNS)
    opened.close()
    again = clinic.recover(code.lower())
    again.give_passphrase(ANN, "a passphrase after that", by="")
    again.close()

    after = clinic.sign_in("ann", "a passphrase after that")
    ways = [
        e.note.detail for e in after.store.audit_entries(AuditFilter(event="signed_in"))
    ]
    assert {"way": "recovery code"} in ways
    after.close()


def test_nothing_typed_lies_in_the_folder_in_the_clear(
    clinic: Clinic, opened: OpenClinic
) -> None:
    opened.store.register(patient("p2", family_name="Xylophagous"))
    opened.close()
    everything = [p.read_bytes() for p in clinic.folder.rglob("*") if p.is_file()]

    for word in (b"Xylophagous", b"SQLite format", ANNS.encode()):
        assert not any(word in content for content in everything)


def test_wrong_passphrases_before_a_new_one_are_noted(
    clinic: Clinic, opened: OpenClinic
) -> None:
    """Whoever is locked out never comes in with the old one."""
    for _ in range(3):
        with pytest.raises(UserFacingError):
            clinic.sign_in("bob", "guess after guess")
    opened.give_passphrase(BOB, "a passphrase after that", by="ann")

    (failed,) = opened.store.audit_entries(AuditFilter(event="sign_in_failed"))
    assert (failed.note.subject, failed.note.detail) == (
        "bob",
        {"times": 3, "way": "passphrase"},
    )


def test_wrong_passphrases_cost_time_and_are_noted(
    clinic: Clinic, opened: OpenClinic, clock: SetClock
) -> None:
    opened.close()
    for _ in range(5):
        with pytest.raises(UserFacingError) as refused:
            clinic.sign_in("bob", "guess after guess")
        assert code_of(refused) == "wrong_passphrase"
    with pytest.raises(UserFacingError) as refused:
        clinic.sign_in("bob", BOBS)
    assert code_of(refused) == "sign_in_wait"

    clock.at += timedelta(seconds=31)
    again = clinic.sign_in("bob", BOBS)
    failed = again.store.audit_entries(AuditFilter(event="sign_in_failed"))
    assert [(e.note.subject, e.note.detail) for e in failed] == [
        ("bob", {"times": 5, "way": "passphrase"})
    ]
    again.close()
    clinic.sign_in("bob", BOBS).close()


def test_somebody_else_takes_over_without_shutting_the_records(
    opened: OpenClinic,
) -> None:
    assert opened.takes_over("bob", BOBS) == BOB
    with pytest.raises(UserFacingError):
        opened.takes_over("bob", ANNS)


def test_a_passphrase_asked_again_is_counted_and_forgotten_when_right(
    opened: OpenClinic,
) -> None:
    """Signing asks many times a day: a slip now and then must not add up."""
    for _ in range(2):
        for _ in range(4):
            with pytest.raises(UserFacingError) as refused:
                opened.confirm("bob", "guess after guess")
            assert code_of(refused) == "wrong_passphrase"
        opened.confirm("bob", BOBS)
    failed = opened.store.audit_entries(AuditFilter(event="sign_in_failed"))
    assert len(failed) == 8
    for _ in range(5):
        with pytest.raises(UserFacingError):
            opened.confirm("bob", "guess after guess")
    with pytest.raises(UserFacingError) as refused:
        opened.confirm("bob", BOBS)
    assert code_of(refused) == "sign_in_wait"


def test_who_left_is_shut_out_and_nothing_is_lost(
    clinic: Clinic, opened: OpenClinic
) -> None:
    before = (clinic.folder / KEY_FILE).read_text()
    opened.shut_out("bob", by="ann")
    assert opened.store.visit("v1") == visit()
    opened.close()

    with pytest.raises(UserFacingError) as refused:
        clinic.sign_in("bob", BOBS)
    assert code_of(refused) == "wrong_passphrase"
    again = clinic.sign_in("ann", ANNS)
    assert again.store.patient("p1") == patient()
    assert again.store.audit_faults() == []
    again.close()
    # His old slot, put back by hand, opens an old key that opens nothing.
    (clinic.folder / KEY_FILE).write_text(before)
    with pytest.raises(UserFacingError) as refused:
        clinic.sign_in("bob", BOBS)
    assert code_of(refused) == "database_damaged"


def test_a_backup_opens_with_the_passphrase_of_its_day(
    clinic: Clinic, opened: OpenClinic, tmp_path: Path
) -> None:
    """Also where another window changed it since this one was opened."""
    other = clinic.sign_in("ann", ANNS)
    other.give_passphrase(BOB, "an owl on the roof", by="ann")
    other.close()
    backup = tmp_path / "today.backup"
    opened.back_up(backup, by="ann")

    there = Clinic(tmp_path / "there", clinic.clock)
    there.restore(backup)
    there.sign_in("bob", "an owl on the roof").close()
    with pytest.raises(UserFacingError) as refused:
        there.sign_in("bob", BOBS)
    assert code_of(refused) == "wrong_passphrase"


def test_a_new_key_in_the_middle_of_a_sign_in_is_no_damage(
    clinic: Clinic, opened: OpenClinic, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Making a key from a passphrase takes long enough for another command."""
    right = Clinic.key_for

    def slow(self: Clinic, file: KeyFile, person_id: str, passphrase: str) -> bytes:
        key = right(self, file, person_id, passphrase)
        opened.shut_out("bob", by="ann")
        return key

    monkeypatch.setattr(Clinic, "key_for", slow)
    clinic.sign_in("ann", ANNS).close()


def test_nobody_is_shut_out_while_another_program_has_the_records_open(
    clinic: Clinic, opened: OpenClinic
) -> None:
    """It would go on with the old key, and read nothing but damage."""
    other = clinic.sign_in("bob", BOBS)
    with pytest.raises(UserFacingError) as refused:
        opened.shut_out("bob", by="ann")
    assert code_of(refused) == "records_in_use"
    assert opened.store.visit("v1") == other.store.visit("v1") == visit()
    other.close()

    opened.shut_out("bob", by="ann")
    assert opened.store.visit("v1") == visit()
    assert opened.store.audit_faults() == []


def test_a_check_and_a_new_key_at_once_find_no_damage(opened: OpenClinic) -> None:
    """Both happen in the window, on threads of their own."""
    found: list[str] = []
    done = threading.Event()

    def check() -> None:
        while not done.is_set():
            found.extend(opened.faults())

    checking = threading.Thread(target=check)
    checking.start()
    try:
        opened.shut_out("bob", by="ann")
    finally:
        done.set()
        checking.join()
    assert found == []
    assert opened.faults() == []


def test_a_new_key_that_cannot_be_given_leaves_the_records_open(
    clinic: Clinic, opened: OpenClinic
) -> None:
    file = clinic.folder / "clinic.db"
    opened.store.register(patient("p2", address="A" * 20_000))
    opened.store.close()
    content = bytearray(file.read_bytes())
    content[-4000] ^= 1
    file.write_bytes(content)

    with pytest.raises(UserFacingError) as refused:
        opened.shut_out("bob", by="ann")
    assert code_of(refused) == "database_damaged"
    assert file.read_bytes() == content
    assert not (clinic.folder / NEXT_KEY_FILE).exists()
    assert opened.store.visit("v1") == visit()


@pytest.mark.parametrize("step", range(3))
def test_a_new_key_broken_off_anywhere_leaves_records_that_open(
    clinic: Clinic, opened: OpenClinic, monkeypatch: pytest.MonkeyPatch, step: int
) -> None:
    """Broken off before the records have it, before the key file, before tidying."""

    def stop(*_: object, **__: object) -> None:
        raise KeyboardInterrupt

    place = [
        (InFile, "give_new_key"),
        (Clinic, "write_keys"),
        (Clinic, "store_with"),
    ][step]
    with monkeypatch.context() as patch:
        patch.setattr(*place, stop)
        with pytest.raises(KeyboardInterrupt):
            opened.shut_out("bob", by="ann")
    opened.close()

    again = clinic.sign_in("ann", ANNS)
    assert again.store.visit("v1") == visit()
    assert not (clinic.folder / NEXT_KEY_FILE).exists()
    again.close()


@pytest.mark.parametrize("step", range(3))
def test_after_a_new_key_that_failed_another_try_loses_nothing(
    clinic: Clinic, opened: OpenClinic, monkeypatch: pytest.MonkeyPatch, step: int
) -> None:
    """The records may be under a key that only the waiting key file holds."""
    given = InFile.give_new_key

    def fails_at_the_end(place: InFile, old: bytes, new: bytes) -> None:
        given(place, old, new)
        raise not_writable()

    def fails(*_: object, **__: object) -> None:
        raise not_writable()

    place = [
        (InFile, "give_new_key", fails_at_the_end),
        (Clinic, "write_keys", fails),
        (Clinic, "store_with", fails),
    ][step]
    with monkeypatch.context() as patch:
        patch.setattr(*place)
        for _ in range(2):
            with pytest.raises(UserFacingError):
                opened.shut_out("bob", by="ann")
    opened.shut_out("bob", by="ann")
    opened.close()

    again = clinic.sign_in("ann", ANNS)
    assert again.store.visit("v1") == visit()
    assert again.store.audit_faults() == []
    again.close()


def test_the_old_key_is_kept_where_the_records_did_not_take_the_new_one(
    clinic: Clinic, opened: OpenClinic, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The library does not always tell that the disk failed in the middle of it."""
    with monkeypatch.context() as patch:
        patch.setattr(InFile, "give_new_key", lambda *_: None)
        with pytest.raises(UserFacingError) as refused:
            opened.shut_out("bob", by="ann")
    assert code_of(refused) == "database_read_only"
    opened.close()

    again = clinic.sign_in("ann", ANNS)
    assert again.store.visit("v1") == visit()
    again.close()


def test_what_is_sealed_can_be_read_after_the_next_sign_in(
    clinic: Clinic, opened: OpenClinic
) -> None:
    sealed = opened.sealed(b"an answer that could not be stored")
    opened.close()
    again = clinic.sign_in("bob", BOBS)

    assert b"answer" not in sealed
    assert again.unsealed(sealed) == b"an answer that could not be stored"
    for at, flip in itertools.product((0, 20, len(sealed) - 1), (1, 128)):
        broken = bytearray(sealed)
        broken[at] ^= flip
        with pytest.raises(ValueError, match="damaged"):
            again.unsealed(bytes(broken))
    again.close()


def test_a_damaged_file_is_not_called_a_wrong_passphrase(
    clinic: Clinic, opened: OpenClinic
) -> None:
    opened.close()
    file = clinic.folder / "clinic.db"
    content = bytearray(file.read_bytes())
    content[100] ^= 1
    file.write_bytes(content)

    with pytest.raises(UserFacingError) as refused:
        clinic.sign_in("ann", ANNS)
    assert code_of(refused) == "database_damaged"


def test_a_backup_and_a_passphrase_open_on_a_new_computer(
    opened: OpenClinic, clinic: Clinic, tmp_path: Path, clock: SetClock
) -> None:
    backup = tmp_path / "stick" / "today.backup"
    opened.back_up(backup, by="ann")
    assert opened.rehearse(backup) == []
    elsewhere = Clinic(tmp_path / "new computer", clock, [tmp_path / "new head"])
    elsewhere.restore(backup)

    again = elsewhere.sign_in("bob", BOBS)
    assert again.store.visit("v1") == visit()
    assert again.store.audit_faults() == []
    assert again.store.audit_entries(AuditFilter(event="restored"))
    again.close()


def test_going_back_to_a_backup_is_noted_once(
    opened: OpenClinic, clinic: Clinic, tmp_path: Path
) -> None:
    backup = tmp_path / "today.backup"
    opened.back_up(backup, by="ann")
    opened.store.register(patient("p9"))
    opened.close()
    clinic.restore(backup)

    for _ in range(2):
        again = clinic.sign_in("ann", ANNS)
        assert len(again.store.audit_entries(AuditFilter(event="restored"))) == 1
        assert again.store.audit_faults() == []
        with pytest.raises(KeyError):
            again.store.patient("p9")
        again.close()


@pytest.mark.parametrize("moves", range(6))
def test_a_restore_broken_off_anywhere_leaves_a_clinic_that_opens(
    clinic: Clinic,
    opened: OpenClinic,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    moves: int,
) -> None:
    """With the old records or the ones put back; nobody is asked to set up anew."""
    backup = tmp_path / "today.backup"
    opened.back_up(backup, by="ann")
    opened.store.register(patient("p9"))
    opened.close()
    moved: list[Path] = []
    replace = Path.replace

    def stop(path: Path, target: Path) -> Path:
        if len(moved) == moves:
            raise KeyboardInterrupt
        moved.append(path)
        return replace(path, target)

    with monkeypatch.context() as patch:
        patch.setattr(Path, "replace", stop)
        with pytest.raises(KeyboardInterrupt):
            clinic.restore(backup)

    assert clinic.is_set_up
    again = clinic.sign_in("ann", ANNS)
    is_put_back = not any(one.id == "p9" for one in again.store.find_patients("doe"))
    assert is_put_back == (moves > 0)
    assert again.store.audit_faults() == []
    assert len(again.store.audit_entries(AuditFilter(event="restored"))) == is_put_back
    again.close()


def test_restoring_again_keeps_what_was_put_aside_each_time(
    clinic: Clinic, opened: OpenClinic, tmp_path: Path, clock: SetClock
) -> None:
    backup = tmp_path / "today.backup"
    opened.back_up(backup, by="ann")
    opened.close()
    for _ in range(3):
        clock.at += timedelta(minutes=1)
        clinic.restore(backup)
        clinic.sign_in("ann", ANNS).close()

    aside = [path.name for path in clinic.folder.glob("clinic.db-before-*")]
    assert sorted(aside) == [
        f"clinic.db-before-restore-20261125T090{minute}00" for minute in (1, 2, 3)
    ]


def test_a_set_up_that_is_begun_again_removes_nothing(
    clinic: Clinic, opened: OpenClinic
) -> None:
    """What looks like the rest of one may be records whose key a backup holds."""
    opened.close()
    records = (clinic.folder / "clinic.db").read_bytes()
    (clinic.folder / KEY_FILE).unlink()
    (clinic.folder / SETTING_UP_FILE).touch()
    clinic.set_up(ANN, ANNS)[0].close()

    (aside,) = clinic.folder.glob("clinic.db-before-set-up-*")
    assert aside.read_bytes() == records


def test_sound_records_have_no_faults(opened: OpenClinic) -> None:
    assert opened.faults() == []


@pytest.mark.parametrize("left", [None, b""])
def test_records_that_are_gone_are_not_made_anew(
    clinic: Clinic, opened: OpenClinic, left: bytes | None
) -> None:
    """A new, empty file would look as if all patients were gone."""
    opened.close()
    file = clinic.folder / "clinic.db"
    file.unlink()
    if left is not None:
        file.write_bytes(left)

    with pytest.raises(UserFacingError) as refused:
        clinic.sign_in("ann", ANNS)
    assert code_of(refused) == "records_missing"
    assert not file.exists() or file.read_bytes() == b""


def test_records_cut_off_in_their_first_page_are_not_made_anew(
    clinic: Clinic, opened: OpenClinic
) -> None:
    """The library takes such a file for an empty one."""
    opened.close()
    file = clinic.folder / "clinic.db"
    file.write_bytes(file.read_bytes()[:100])

    with pytest.raises(UserFacingError) as refused:
        clinic.sign_in("ann", ANNS)
    assert code_of(refused) == "database_damaged"
    assert file.stat().st_size == 100


def test_nothing_is_restored_over_open_records(
    clinic: Clinic, opened: OpenClinic, tmp_path: Path
) -> None:
    """What is saved meanwhile would end in the file that was put aside."""
    backup = tmp_path / "today.backup"
    opened.back_up(backup, by="ann")

    with pytest.raises(UserFacingError) as refused:
        clinic.restore(backup)
    assert code_of(refused) == "records_in_use"
    opened.close()
    clinic.restore(backup)
    clinic.sign_in("ann", ANNS).close()


@pytest.mark.parametrize(
    "act",
    [
        lambda clinic: clinic.set_up(ANN, ANNS),
        lambda clinic: clinic.sign_in("ann", ANNS),
        lambda clinic: clinic.recover("x"),
        lambda clinic: clinic.restore(Path("x")),
    ],
)
def test_records_in_a_synchronized_folder_are_refused(
    tmp_path: Path, clock: SetClock, act: Callable[[Clinic], object]
) -> None:
    folder = tmp_path / "Dropbox" / "clinic"
    with pytest.raises(UserFacingError) as refused:
        act(Clinic(folder, clock))

    assert code_of(refused) == "place_unsafe"
    assert not folder.exists()


def test_two_may_have_the_records_open(clinic: Clinic, opened: OpenClinic) -> None:
    other = clinic.sign_in("bob", BOBS)

    assert other.store.visit("v1") == visit()
    other.close()


def test_a_new_workstation_of_a_server_begins_a_head_of_its_own(
    clinic: Clinic, opened: OpenClinic
) -> None:
    """The trail is long by then; elsewhere a missing head is a finding."""
    assert not clinic.log(opened.keys.key, opened.keys.file)._may_begin
    (clinic.folder / SERVER_FILE).touch()
    assert clinic.log(opened.keys.key, opened.keys.file)._may_begin


def test_two_set_ups_at_once_make_one_clinic(
    clinic: Clinic, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The second would put the first aside, with the recovery code just told."""
    told: list[str] = []
    write = Clinic.write_keys

    def begin_another(one: Clinic, file: KeyFile) -> None:
        monkeypatch.undo()
        with pytest.raises(UserFacingError) as refused:
            Clinic(clinic.folder, clinic.clock).set_up(BOB, BOBS)
        told.append(refused.value.code)
        write(one, file)

    monkeypatch.setattr(Clinic, "write_keys", begin_another)
    clinic.set_up(ANN, ANNS)[0].close()

    assert told == ["records_in_use"]
    assert [one.id for one in clinic.staff()] == ["ann"]
