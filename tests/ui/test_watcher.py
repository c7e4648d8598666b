"""The list follows the records: within a second, for one person, and to the end."""

import threading
from collections.abc import Iterator
from dataclasses import replace
from datetime import date, datetime

import pytest
from PySide6.QtCore import QObject
from pytestqt.qtbot import QtBot

from intake.errors import UserFacingError
from intake.patient import Patient
from intake.people import NotPermittedError
from intake.visit import Visit
from intake.worklist import WorklistEntry
from tests.ui.fakes import SAM, MemoryStore
from tests.ui.visits import NOW, TODAY
from ui.watcher import Watcher

#: So long that what is seen came because somebody asked for it.
_NEVER = 3600.0
_QUICK = 0.01


class _Counted(MemoryStore):
    """A store that counts how often it is asked, and tells when."""

    def __init__(self) -> None:
        super().__init__()
        self.asked_moment = threading.Semaphore(0)
        self.listed = 0

    def moment(self) -> int:
        self.asked_moment.release()
        if self.failing is not None:
            raise self.failing
        return super().moment()

    def worklist(self) -> list[WorklistEntry]:
        self.listed += 1
        return list(super().worklist())


class _Clock:
    """A clock whose day is set."""

    def __init__(self) -> None:
        self.day = TODAY

    def now(self) -> datetime:
        return NOW

    def today(self) -> date:
        return self.day


@pytest.fixture
def parent(qtbot: QtBot) -> QObject:
    return QObject()


@pytest.fixture
def store() -> _Counted:
    store = _Counted()
    store.register(Patient("p1", "Moreno"))
    store.open_visit(Visit("v1", "p1", TODAY, NOW, "p", "1", "d"))
    return store


@pytest.fixture
def watcher(parent: QObject) -> Iterator[Watcher]:
    """Return one that looks only when it is asked to."""
    watcher = Watcher(parent, _Clock(), _NEVER)
    yield watcher
    watcher.end()


@pytest.fixture
def quick(parent: QObject) -> Iterator[Watcher]:
    """Return one that looks again and again."""
    watcher = Watcher(parent, _Clock(), _QUICK)
    yield watcher
    watcher.end()


def test_whoever_begins_gets_the_list_at_once(
    qtbot: QtBot, watcher: Watcher, store: _Counted
) -> None:
    with qtbot.waitSignal(watcher.listed, timeout=5000) as told:
        watcher.begin(store)
        watcher.watch("sam")
    person, entries = told.args
    assert person == "sam"
    assert [one.visit.id for one in entries] == ["v1"]
    assert set(store.by) == {"sam"}


def test_for_nobody_nothing_is_asked(
    qtbot: QtBot, quick: Watcher, store: _Counted
) -> None:
    quick.begin(store)
    with qtbot.waitSignal(quick.listed, timeout=5000):
        quick.watch("sam")
    quick.watch("")
    # A look that was under way may end; after that there is none.
    quick.end()
    asked = len(store.by)
    with qtbot.assertNotEmitted(quick.listed):
        quick.begin(store)
        quick.look_now()
        quick.end()
    assert len(store.by) == asked


def test_nothing_new_is_not_read_again(
    qtbot: QtBot, quick: Watcher, store: _Counted
) -> None:
    quick.begin(store)
    with qtbot.waitSignal(quick.listed, timeout=5000):
        quick.watch("sam")
    listed = store.listed
    for _ in range(5):
        assert store.asked_moment.acquire(timeout=5)
    assert store.listed == listed


def test_a_change_of_anybody_is_read_without_asking(
    qtbot: QtBot, quick: Watcher, store: _Counted
) -> None:
    quick.begin(store)
    with qtbot.waitSignal(quick.listed, timeout=5000):
        quick.watch("sam")
    with qtbot.waitSignal(quick.listed, timeout=5000) as told:
        store.change_state("v1", 0, "ready_for_clinician")
    assert told.args[1][0].visit.state == "ready_for_clinician"


def test_a_new_day_is_a_new_list(
    qtbot: QtBot, parent: QObject, store: _Counted
) -> None:
    clock = _Clock()
    watcher = Watcher(parent, clock, _QUICK)
    watcher.begin(store)
    with qtbot.waitSignal(watcher.listed, timeout=5000):
        watcher.watch("sam")
    with qtbot.waitSignal(watcher.listed, timeout=5000):
        clock.day = date(2026, 11, 26)
    watcher.end()


def test_while_the_records_fail_it_says_why_and_goes_on(
    qtbot: QtBot, quick: Watcher, store: _Counted
) -> None:
    store.failing = UserFacingError("server_unreachable", "Away.", "Wait.")
    quick.begin(store)
    with qtbot.waitSignal(quick.failed, timeout=5000) as told:
        quick.watch("sam")
    assert told.args[1].code == "server_unreachable"
    with qtbot.waitSignal(quick.listed, timeout=5000):
        store.failing = None


def test_who_is_refused_is_not_asked_for_again(
    qtbot: QtBot, quick: Watcher, store: _Counted
) -> None:
    """Each refusal is written down: it would fill the trail."""
    left = replace(SAM, is_active=False)
    store.failing = NotPermittedError(left, "worklist")
    quick.begin(store)
    quick.watch("sam")
    assert store.asked_moment.acquire(timeout=5)
    quick.end()
    while store.asked_moment.acquire(blocking=False):
        pass
    store.failing = None
    quick.begin(store)
    with qtbot.waitSignal(quick.listed, timeout=5000):
        quick.watch("kim")
    assert "sam" not in store.by[1:]


def test_the_end_is_the_end(qtbot: QtBot, watcher: Watcher, store: _Counted) -> None:
    watcher.begin(store)
    with qtbot.waitSignal(watcher.listed, timeout=5000):
        watcher.watch("sam")
    watcher.end()
    asked = len(store.by)
    watcher.look_now()
    assert len(store.by) == asked
    assert not [one for one in threading.enumerate() if one.name == "watcher"]


def test_a_list_that_comes_when_the_window_is_gone_hurts_nobody(
    qtbot: QtBot, store: _Counted
) -> None:
    """It was being read when the window went; a thread that fails fails the test."""
    reading, may_end = threading.Event(), threading.Event()

    class _Slow(_Counted):
        def worklist(self) -> list[WorklistEntry]:
            reading.set()
            may_end.wait(10)
            return super().worklist()

    slow, parent = _Slow(), QObject()
    watcher = Watcher(parent, _Clock(), _QUICK)
    watcher.begin(slow)
    watcher.watch("sam")
    assert reading.wait(5)
    with qtbot.waitSignal(parent.destroyed, timeout=5000):
        parent.deleteLater()
    (thread,) = [one for one in threading.enumerate() if one.name == "watcher"]
    may_end.set()
    thread.join(5)
    assert not thread.is_alive()
