"""Backups that are made, copied, thinned and tried without anybody thinking of it."""

import os
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest

from db import backup, backup_file, kept_backups
from db.caretaker import Caretaker
from db.clinic import Clinic
from db.open_clinic import OpenClinic
from intake.audit import AuditFilter, AuditNote
from intake.caretaking import CareState, warnings
from intake.errors import UserFacingError
from intake.people import Person
from tests.db.made_up import patient

_ANN = Person("ann", "Ann Ash", frozenset({"owner", "clinician"}))
_PASSPHRASE = "kettle moss river nine"  # noqa: S105  (made up, opens nothing)


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
    opened, _ = clinic.set_up(_ANN, _PASSPHRASE)
    yield opened
    opened.close()


@pytest.fixture
def care(opened: OpenClinic) -> Caretaker:
    return opened.caretaking()


@pytest.fixture
def stick(tmp_path: Path) -> Path:
    """Return a folder that stands for a stick."""
    folder = tmp_path / "stick"
    folder.mkdir()
    return folder


def change(care: Caretaker, clock: SetClock, hours: float = 1) -> CareState:
    """Register somebody, let time go by, and go round."""
    clock.at += timedelta(hours=hours)
    name = f"{clock.at:%d%H%M%S}"
    note = AuditNote("registered", "ann", clock.at, "", name)
    care.opened.store.register(patient(name), [note])
    return care.go_round()


def names(folder: Path) -> set[str]:
    """Return the names of the backups in a folder."""
    return {path.name for path in folder.glob("*.backup")}


def test_the_first_round_makes_a_backup_and_tries_it(care: Caretaker) -> None:
    state = care.go_round()
    (one,) = state.kept

    assert names(care.folder) == {one.name}
    assert one.name.startswith("20261125T090000Z-")
    assert state.rehearsed_at == care.clock.now()
    assert state.rehearsal_faults == ()
    assert care.state() == state
    events = [
        e.note.event for e in care.opened.store.audit_entries(AuditFilter(limit=2))
    ]
    assert events == ["rehearsed", "backed_up"]


def test_an_hour_without_a_change_makes_none(care: Caretaker, clock: SetClock) -> None:
    first = care.go_round()
    for _ in range(3):
        clock.at += timedelta(hours=2)
        assert care.go_round() == first


def test_an_hour_with_a_change_makes_one(care: Caretaker, clock: SetClock) -> None:
    care.go_round()

    assert len(change(care, clock, hours=0.5).kept) == 1
    assert len(change(care, clock, hours=0.5).kept) == 2


def test_a_script_need_not_wait_for_the_hour(care: Caretaker, clock: SetClock) -> None:
    care.go_round()
    change(care, clock, hours=0.1)

    assert len(care.go_round(at_once=True).kept) == 2
    assert len(care.go_round(at_once=True).kept) == 2


def test_what_is_kept_grows_thin_with_time(care: Caretaker, clock: SetClock) -> None:
    care.go_round()
    for _ in range(20):
        change(care, clock, hours=12)
    kept = care.state().kept

    assert len({one.at.date() for one in kept}) == 11
    assert len(kept) <= 13
    assert names(care.folder) == {one.name for one in kept}


def test_every_backup_is_copied_to_the_second_place(
    care: Caretaker, clock: SetClock, stick: Path
) -> None:
    care.go_round()
    care.choose_second_place(stick, by="ann")
    change(care, clock)

    assert names(stick) == names(care.folder)
    assert len(names(stick)) == 2
    for name in names(stick):
        assert (stick / name).read_bytes() == (care.folder / name).read_bytes()
    assert not list(stick.glob("*.part"))
    settled = care.opened.store.audit_entries(AuditFilter("settled"))
    assert [entry.note.subject for entry in settled] == ["second place"]


def test_the_second_place_grows_thin_too_and_nobody_elses_file_goes(
    care: Caretaker, clock: SetClock, stick: Path
) -> None:
    other = stick / "20200101T000000Z-abcd.backup"
    other.write_bytes(b"of another clinic")
    care.choose_second_place(stick, by="ann")
    for _ in range(10):
        change(care, clock, hours=8)

    assert names(stick) == names(care.folder) | {other.name}


def test_a_stick_that_is_pulled_is_told_after_a_day_and_caught_up_later(
    care: Caretaker, clock: SetClock, stick: Path, tmp_path: Path
) -> None:
    """An empty mount point in its place is no stick."""
    care.choose_second_place(stick, by="ann")
    stick.rename(tmp_path / "pulled")
    stick.mkdir()
    state = change(care, clock, hours=2)
    assert warnings(state, clock.at) == []
    state = change(care, clock, hours=22)
    (told,) = warnings(state, clock.at)
    assert "The folder is not there." in told
    assert names(stick) == set()

    stick.rmdir()
    (tmp_path / "pulled").rename(stick)
    state = care.go_round()
    assert warnings(state, clock.at) == []
    assert names(stick) == names(care.folder)


def test_a_copy_that_breaks_off_leaves_nothing_half(
    care: Caretaker, clock: SetClock, stick: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    care.choose_second_place(stick, by="ann")
    before = names(stick)

    def half(source: Path, target: Path) -> None:
        target.write_bytes(source.read_bytes()[:-100])

    monkeypatch.setattr(kept_backups, "_copy", half)
    state = change(care, clock)
    assert "not the same" in state.copy_problem
    assert names(stick) == before
    assert not list(stick.glob("*.part"))


@pytest.mark.parametrize("place", ["backups", ".", "../gone"])
def test_a_second_place_that_cannot_be_one_is_refused(
    care: Caretaker, place: str
) -> None:
    care.go_round()
    with pytest.raises(UserFacingError) as refused:
        care.choose_second_place(care.home / place, by="ann")
    assert refused.value.code == "second_place_unusable"
    assert care.state().second_place == ""


@pytest.mark.parametrize("where", ["here", "there"])
@pytest.mark.parametrize("harm", ["removed", "head", "tail", "cut"])
def test_backups_that_another_program_harms_are_told_at_the_next_round(
    care: Caretaker, clock: SetClock, stick: Path, where: str, harm: str
) -> None:
    care.choose_second_place(stick, by="ann")
    change(care, clock)
    folder = care.folder if where == "here" else stick
    for name in names(folder):
        spoil(folder / name, harm)
    state = care.go_round()

    assert (state.lost, state.lost_at) == (2, clock.at)
    assert "2 backups went missing or changed" in warnings(state, clock.at)[0]
    # And there is a sound one in both places again.
    for place in (care.folder, stick):
        assert any(kept_backups.is_whole(place / one.name) for one in state.kept)


def spoil(path: Path, harm: str) -> None:
    """Do to a backup what harmful software does."""
    content = bytearray(path.read_bytes())
    if harm == "removed":
        path.unlink()
        return
    if harm == "head":
        content[:1000] = bytes(1000)
    elif harm == "tail":
        content[-1000:] = bytes(1000)
    else:
        del content[-1:]
    path.write_bytes(content)


def test_harm_in_the_middle_is_told_within_a_week(
    care: Caretaker, clock: SetClock
) -> None:
    care.go_round()
    change(care, clock, hours=24)
    path = care.folder / care.state().kept[0].name
    content = bytearray(path.read_bytes())
    content[len(content) // 2] ^= 1
    path.write_bytes(content)
    assert care.go_round().lost == 0

    clock.at += timedelta(days=7)
    assert care.go_round().lost == 1


def test_a_backup_that_cannot_be_restored_is_told_until_one_can(
    care: Caretaker, clock: SetClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as patch:
        patch.setattr(backup, "rehearse", lambda *_: ["damage"])
        state = care.go_round()
    assert "could not be restored" in warnings(state, clock.at)[0]

    assert care.go_round().rehearsal_faults != ()
    assert change(care, clock).rehearsal_faults == ()


def test_a_backup_that_fails_is_told_and_tried_again(
    care: Caretaker, clock: SetClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_: object, **__: object) -> None:
        raise UserFacingError("disk_full", "The disk is full.", "Free some space.")

    with monkeypatch.context() as patch:
        patch.setattr(OpenClinic, "back_up", fail)
        state = care.go_round()
    assert state.kept == ()
    assert "The disk is full." in warnings(state, clock.at)[0]
    assert warnings(care.go_round(), clock.at) == []


def test_after_somebody_left_there_is_a_backup_that_does_not_open_for_them(
    care: Caretaker, clock: SetClock
) -> None:
    bob = Person("bob", "Bob Birch", frozenset({"desk"}))
    care.opened.store.add_person(bob)
    care.opened.give_passphrase(bob, "lamp under the stairs", by="ann")
    care.go_round()
    care.opened.shut_out("bob", by="ann")
    clock.at += timedelta(minutes=5)
    state = care.go_round()

    assert len(state.kept) == 2
    newest = state.newest
    assert newest is not None
    assert care.opened.opens(care.folder / newest.name)
    assert state.rehearsal_faults == ()


def test_a_backup_whose_keys_cannot_be_read_gets_a_successor(
    care: Caretaker, clock: SetClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Without its key file nobody opens it, whatever the pages say."""
    care.go_round()
    clock.at += timedelta(minutes=5)

    def unreadable(*_: object) -> bool:
        raise backup_file.damaged()

    with monkeypatch.context() as patch:
        patch.setattr(OpenClinic, "opens", unreadable)
        state = care.go_round()
    assert len(state.kept) == 2


def test_after_a_restore_the_newer_backups_are_known_again(
    care: Caretaker, clinic: Clinic, clock: SetClock
) -> None:
    """And those that grew thin since are no loss."""
    for _ in range(4):
        change(care, clock)
    for _ in range(3):
        change(care, clock, hours=24)
    oldest = min(names(care.folder))
    care.opened.close()
    clinic.restore(care.folder / oldest)
    again = clinic.sign_in("ann", _PASSPHRASE)
    state = again.caretaking().go_round()
    again.close()

    assert {one.name for one in state.kept} == names(care.folder)
    assert state.lost == 0


def test_what_a_backup_that_was_broken_off_left_is_tidied_up(
    care: Caretaker, clock: SetClock
) -> None:
    left = [care.folder / ".unfinished-x" / "clinic.db", care.folder / "a.backup.part"]
    for path in left:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(b"half")
        long_ago = clock.at.timestamp() - 100_000
        os.utime(path, (long_ago, long_ago))
    os.utime(left[0].parent, (long_ago, long_ago))
    fresh = care.folder / "b.backup.part"
    fresh.write_bytes(b"being written")
    os.utime(fresh, (clock.at.timestamp(), clock.at.timestamp()))
    care.go_round()

    assert not any(path.exists() for path in left)
    assert fresh.exists()


def test_the_list_names_the_newest_sound_one(
    care: Caretaker, clinic: Clinic, clock: SetClock
) -> None:
    care.go_round()
    change(care, clock)
    change(care, clock)
    path = care.folder / max(names(care.folder))
    content = bytearray(path.read_bytes())
    content[len(content) // 2] ^= 1
    path.write_bytes(content)

    states = [one.state for one in clinic.backups()]
    assert states == ["damaged", "sound", "not checked"]
    assert next(one.at for one in clinic.backups()) == clock.at
