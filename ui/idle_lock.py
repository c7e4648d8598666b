"""Lock the screen when nobody has touched it for a while.

It counts by a clock that nobody can set and that goes on while the computer sleeps, so
neither a changed time nor a closed lid puts it off.
"""

import time
from collections.abc import Callable

from PySide6.QtCore import QEvent, QObject, Qt, QTimer, Signal
from PySide6.QtGui import QKeyEvent, QMouseEvent
from PySide6.QtWidgets import QApplication

WARNING_SECONDS = 30.0
QUIET_SECONDS = 5.0
_LOOK_EVERY_MS = 500
_TOUCHES = frozenset(
    {
        QEvent.Type.KeyPress,
        QEvent.Type.MouseButtonPress,
        QEvent.Type.MouseMove,
        QEvent.Type.Wheel,
        QEvent.Type.TouchBegin,
        QEvent.Type.TabletPress,
        QEvent.Type.TabletMove,
    }
)


def steady_seconds() -> float:
    """Return seconds that also pass in sleep, whatever the time of day is set to."""
    # On Linux and macOS `time.monotonic` stands still in sleep; on Windows it does not.
    for name in ("CLOCK_BOOTTIME", "CLOCK_MONOTONIC_RAW"):
        if (clock := getattr(time, name, None)) is not None:
            return time.clock_gettime(clock)
    return time.monotonic()


class IdleLock(QObject):
    """Watches keys, mouse and touch of the whole application.

    Args:
        seconds: a clock that only goes forward.
        warning: how long before locking somebody is warned.
        look_every_ms: how often it looks.
    """

    #: It will lock in so many seconds (0: somebody is back).
    warned = Signal(int)
    #: The key that hides the screen, while a box has the keys and would swallow it.
    hide_over_box = Signal()
    #: Nobody was there long enough.
    idle = Signal()
    #: Nobody has touched anything for a few seconds; once, until somebody does.
    quiet = Signal()

    def __init__(
        self,
        parent: QObject,
        seconds: Callable[[], float] = steady_seconds,
        warning: float = WARNING_SECONDS,
        look_every_ms: int = _LOOK_EVERY_MS,
    ) -> None:
        """Watch nothing yet; see `start`."""
        super().__init__(parent)
        self._seconds = seconds
        self._warning = warning
        self._limit = 0.0
        self._touched = 0.0
        self._told = 0
        self._is_quiet = False
        self._mouse: tuple[float, float] | None = None
        self._timer = QTimer(self)
        self._timer.setInterval(look_every_ms)
        self._timer.timeout.connect(self.look)

    def start(self, limit: float) -> None:
        """Lock after so many seconds without a touch."""
        self._limit = limit
        self._touched = self._seconds()
        self._told = 0
        self._timer.start()
        application = QApplication.instance()
        if application is not None:
            # A second call puts the filter first again; it is never there twice.
            application.installEventFilter(self)

    def stop(self) -> None:
        """Watch no more: nobody is signed in."""
        self._timer.stop()
        self._say(0)
        application = QApplication.instance()
        if application is not None:
            application.removeEventFilter(self)

    def look(self) -> None:
        """Lock, warn, or do nothing, as the time demands."""
        if not self._timer.isActive():
            return
        rested = self._seconds() - self._touched
        left = self._limit - rested
        was_quiet, self._is_quiet = self._is_quiet, rested >= QUIET_SECONDS
        if left <= 0:
            # Before everything else: hiding must wait for nothing.
            self.stop()
            self.idle.emit()
            return
        if self._is_quiet and not was_quiet:
            self.quiet.emit()
        if left <= self._warning:
            self._say(max(1, round(left)))
        else:
            self._say(0)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Count a touch; one that comes too late (a lid is opened) only locks."""
        if event.type() not in _TOUCHES or not self._is_real(event):
            return False
        if self._seconds() - self._touched >= self._limit:
            self.look()
            return True
        self._touched = self._seconds()
        self._say(0)
        if _hides(event) and QApplication.activeModalWidget() is not None:
            self.hide_over_box.emit()
            return True
        return False

    def _is_real(self, event: QEvent) -> bool:
        """Return whether somebody was there.

        Qt sends moves when a page changes, and a book that lies on a key repeats it
        all night.
        """
        if isinstance(event, QKeyEvent):
            return not event.isAutoRepeat()
        if event.type() is not QEvent.Type.MouseMove or not isinstance(
            event, QMouseEvent
        ):
            return True
        at = event.globalPosition()
        before, self._mouse = self._mouse, (at.x(), at.y())
        return before is not None and before != self._mouse

    def _say(self, seconds: int) -> None:
        if seconds != self._told:
            self._told = seconds
            self.warned.emit(seconds)


def _hides(event: QEvent) -> bool:
    return isinstance(event, QKeyEvent) and event.key() == Qt.Key.Key_F12
