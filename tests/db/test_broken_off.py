"""What takes long is broken off at each of its steps: nothing is ever half."""

from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest

from db import backup
from db.clinic import Clinic
from db.open_clinic import OpenClinic
from db.store import Store
from intake.people import Person
from intake.waiting import BrokenOffError, waited_for
from tests.db.made_up import KEY, change, patient

_ANN = Person("ann", "Ann Ash", frozenset({"owner", "clinician"}))
_PASSPHRASE = "kettle moss river nine"  # noqa: S105  (made up, opens nothing)
_AT = datetime(2026, 11, 25, 12, tzinfo=UTC)
#: More steps than anything here has.
_MANY = 200


class _Clock:
    def __init__(self) -> None:
        self.at = _AT

    def now(self) -> datetime:
        return self.at

    def today(self) -> date:
        return self.at.date()


def broken_off_at(number: int) -> Callable[[int, int], None]:
    """Return what breaks off at the step of a number."""
    left = iter(range(number, -1, -1))

    def tell(_done: int, _parts: int) -> None:
        if next(left) == 0:
            raise BrokenOffError

    return tell


def each_step(work: Callable[[], object]) -> Iterator[int]:
    """Break some work off at its first step, at its second, until it goes through."""
    for number in range(_MANY):
        try:
            with waited_for(broken_off_at(number)):
                work()
        except BrokenOffError:
            yield number
            continue
        return
    pytest.fail("there is no end to it")


def everything_in(folder: Path) -> dict[str, bytes]:
    """Return all files below a folder, without SQLite's memory of who is there."""
    return {
        str(path.relative_to(folder)): path.read_bytes()
        for path in folder.rglob("*")
        if path.is_file() and not path.name.endswith("-shm")
    }


def test_a_backup_is_there_whole_or_not_at_all(
    file_store: Store, file: Path, tmp_path: Path
) -> None:
    file_store.record("v1", 0, [change("pain.now", 7)])
    target = tmp_path / "backups" / "one.backup"
    steps = 0
    for _ in each_step(lambda: backup.take(file, KEY, b"{}", target, _AT)):
        steps += 1
        assert list(target.parent.iterdir()) == []

    assert steps > 10
    assert list(target.parent.iterdir()) == [target]


def test_a_restore_puts_all_back_or_leaves_all_as_it_was(
    file_store: Store, file: Path, tmp_path: Path
) -> None:
    taken = tmp_path / "one.backup"
    backup.take(file, KEY, b"{}", taken, _AT)
    clock, folder = _Clock(), tmp_path / "clinic"
    clinic = Clinic(folder, clock, [tmp_path / "state" / "head"])
    clinic.set_up(_ANN, _PASSPHRASE)[0].close()
    before = everything_in(folder)
    steps = 0
    for _ in each_step(lambda: clinic.restore(taken)):
        steps += 1
        assert everything_in(folder) == before

    assert steps >= 2
    assert (folder / "clinic.keys").read_bytes() == b"{}"


@pytest.fixture
def clock() -> _Clock:
    return _Clock()


@pytest.fixture
def opened(tmp_path: Path, clock: _Clock) -> Iterator[OpenClinic]:
    clinic = Clinic(tmp_path / "clinic", clock, [tmp_path / "state" / "head"])
    opened, _ = clinic.set_up(_ANN, _PASSPHRASE)
    yield opened
    opened.close()


def test_a_round_that_was_broken_off_is_made_up_for_by_the_next(
    opened: OpenClinic, clock: _Clock, tmp_path: Path
) -> None:
    care, stick = opened.caretaking(), tmp_path / "stick"
    stick.mkdir()
    care.choose_second_place(stick, "ann")
    steps = 0
    clock.at += timedelta(days=10)
    opened.store.register(patient("p2"), [])

    for _ in each_step(lambda: care.go_round(at_once=True)):
        steps += 1
        kept = {path.name for path in care.folder.glob("*.backup")}
        assert [p for p in care.folder.iterdir() if p.name not in kept] == []
        assert not list(stick.glob("*.part"))
        clock.at += timedelta(seconds=1)

    state = care.state()
    assert steps > 10
    assert {one.name for one in state.kept} == {
        path.name for path in care.folder.glob("*.backup")
    }
    assert state.lost == 0
    assert all(one.copied for one in state.kept)
    assert not opened.faults()


def test_a_check_that_was_broken_off_found_nothing(opened: OpenClinic) -> None:
    assert list(each_step(opened.faults))
    assert not opened.faults()
