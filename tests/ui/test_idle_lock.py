"""The lock: at its time, not before, whatever the clock on the wall is set to."""

import time
from collections.abc import Iterator

import pytest
from PySide6.QtCore import QEvent, QPointF, Qt
from PySide6.QtGui import QKeyEvent, QMouseEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLineEdit
from pytestqt.qtbot import QtBot

from ui.idle_lock import IdleLock, steady_seconds

_MINUTES = 300.0


class Seconds:
    """A clock that goes when it is told to."""

    def __init__(self) -> None:
        self.now = 1000.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def seconds() -> Seconds:
    return Seconds()


@pytest.fixture
def field(qtbot: QtBot) -> QLineEdit:
    """Return something to type into."""
    field = QLineEdit()
    qtbot.addWidget(field)
    field.show()
    return field


@pytest.fixture
def lock(field: QLineEdit, seconds: Seconds) -> Iterator[IdleLock]:
    """Return a lock of five minutes that looks only when a test says so."""
    lock = IdleLock(field, seconds, look_every_ms=1_000_000)
    lock.start(_MINUTES)
    yield lock
    lock.stop()


def heard(lock: IdleLock) -> list[object]:
    """Return a list that fills with what the lock says."""
    said: list[object] = []
    lock.warned.connect(said.append)
    lock.idle.connect(lambda: said.append("locked"))
    return said


def after(lock: IdleLock, seconds: Seconds, passed: float) -> None:
    """Let time pass, and let the lock look."""
    seconds.now += passed
    lock.look()


def moved(field: QLineEdit, x: float) -> None:
    """Send a move of the mouse to a place."""
    at, button = QPointF(x, 5), Qt.MouseButton.NoButton
    keys = Qt.KeyboardModifier.NoModifier
    event = QMouseEvent(QEvent.Type.MouseMove, at, at, button, button, keys)
    QApplication.sendEvent(field, event)


def test_it_warns_half_a_minute_before_and_locks_once(
    lock: IdleLock, seconds: Seconds
) -> None:
    said = heard(lock)
    after(lock, seconds, 269)
    assert said == []
    after(lock, seconds, 2)
    assert said == [29]
    after(lock, seconds, 28)
    assert said == [29, 1]
    after(lock, seconds, 2)
    after(lock, seconds, 500)
    assert said == [29, 1, 0, "locked"]


def test_any_key_keeps_on(lock: IdleLock, seconds: Seconds, field: QLineEdit) -> None:
    said = heard(lock)
    after(lock, seconds, 280)
    QTest.keyClick(field, Qt.Key.Key_A)
    assert said == [20, 0]
    after(lock, seconds, 260)
    assert said == [20, 0]
    assert field.text() == "a", "and it is typed"


def test_a_mouse_that_lies_still_is_nobody(
    lock: IdleLock, seconds: Seconds, field: QLineEdit
) -> None:
    """Qt says "moved" also when the page under the mouse changes."""
    moved(field, 5)
    said = heard(lock)
    after(lock, seconds, 200)
    moved(field, 5)
    after(lock, seconds, 100)
    assert "locked" in said


def test_a_mouse_that_moves_is_somebody(
    lock: IdleLock, seconds: Seconds, field: QLineEdit
) -> None:
    moved(field, 5)
    said = heard(lock)
    after(lock, seconds, 200)
    moved(field, 6)
    after(lock, seconds, 100)
    assert said == []


def test_after_sleep_the_first_key_locks_and_types_nothing(
    lock: IdleLock, seconds: Seconds, field: QLineEdit
) -> None:
    """Whoever opens the lid may be somebody else; the timer has not run yet."""
    said = heard(lock)
    seconds.now += 8 * 3600
    QTest.keyClick(field, Qt.Key.Key_A)
    assert said == ["locked"]
    assert field.text() == ""


def test_nobody_signed_in_is_not_locked(lock: IdleLock, seconds: Seconds) -> None:
    said = heard(lock)
    lock.stop()
    after(lock, seconds, 9000)
    assert said == []


def test_the_time_of_day_does_not_matter(monkeypatch: pytest.MonkeyPatch) -> None:
    """Set a year back or an hour forth, the seconds go on as before."""
    before = steady_seconds()
    for shift in (-31_536_000.0, 3600.0):
        now = time.time() + shift  # noqa: TID251  (the clock that is set wrongly)
        monkeypatch.setattr(time, "time", lambda now=now: now)
        assert 0 <= steady_seconds() - before < 5
        monkeypatch.undo()


def test_it_locks_at_its_time_by_the_real_clock(qtbot: QtBot, field: QLineEdit) -> None:
    lock = IdleLock(field, warning=0.05, look_every_ms=10)
    for _ in range(20):
        began = time.monotonic()
        with qtbot.waitSignal(lock.idle, timeout=2000):
            lock.start(0.1)
        assert 0.1 <= time.monotonic() - began < 1.1


def test_a_pause_is_told_once_until_somebody_goes_on(
    lock: IdleLock, seconds: Seconds, field: QLineEdit
) -> None:
    told: list[int] = []
    lock.quiet.connect(lambda: told.append(1))

    for _ in range(3):
        seconds.now += 4.0
        lock.look()
    assert len(told) == 1
    QTest.keyClick(field, Qt.Key.Key_A)
    lock.look()
    seconds.now += 6.0
    lock.look()
    assert len(told) == 2


def test_a_pause_that_is_long_enough_locks_and_nothing_else(
    lock: IdleLock, seconds: Seconds
) -> None:
    """What is done in a pause takes a moment, and hiding must not wait for it."""
    told: list[int] = []
    lock.quiet.connect(lambda: told.append(1))

    seconds.now += _MINUTES
    lock.look()

    assert told == []


def test_a_book_on_a_key_keeps_nothing_open(
    lock: IdleLock, seconds: Seconds, field: QLineEdit
) -> None:
    """A key that is held comes again and again; it was pressed once."""
    said = heard(lock)
    seconds.now += _MINUTES - 1
    again = QKeyEvent(
        QEvent.Type.KeyPress,
        Qt.Key.Key_A,
        Qt.KeyboardModifier.NoModifier,
        "a",
        autorep=True,
    )
    QApplication.sendEvent(field, again)
    after(lock, seconds, 2)
    assert "locked" in said
