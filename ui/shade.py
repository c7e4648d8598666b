"""One key hides the screen; the same key shows it again, to whoever hid it.

For somebody who turns away for a moment. It hides as a lock does, but asks for nothing
while it lasts, and after a minute it becomes a lock. What is typed under it goes
nowhere.
"""

from collections.abc import Callable

from PySide6.QtCore import QObject, Qt, QTimer, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QVBoxLayout, QWidget

from ui.idle_lock import steady_seconds
from ui.words import PlainLabel

SECONDS = 60.0
_BACK = frozenset({Qt.Key.Key_F12, Qt.Key.Key_Return, Qt.Key.Key_Enter})


class ShadePage(QWidget):
    """Says that the screen is hidden, and how it comes back."""

    #: Somebody wants the screen back.
    back = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        """Say it in the middle of an empty page."""
        super().__init__(parent)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setAccessibleName("The screen is hidden. F12 or Enter shows it again.")
        layout = QVBoxLayout(self)
        layout.setContentsMargins(24, 24, 24, 24)
        layout.addStretch(2)
        for label in (
            PlainLabel("The screen is hidden", bold=True, points=6),
            PlainLabel("F12 or Enter shows it again. After a minute it locks."),
        ):
            label.setAlignment(Qt.AlignmentFlag.AlignCenter)
            layout.addWidget(label)
        layout.addStretch(3)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Take every key; two of them bring the screen back."""
        if event.key() in _BACK and not event.isAutoRepeat():
            self.back.emit()
        event.accept()


class Shade(QObject):
    """How long the screen has been hidden.

    Args:
        parent: lives as long as this.
        seconds: a clock that only goes forward, also while the computer sleeps.
    """

    #: It was hidden too long: lock.
    overdue = Signal()

    def __init__(
        self, parent: QObject, seconds: Callable[[], float] = steady_seconds
    ) -> None:
        """Hide nothing."""
        super().__init__(parent)
        self._seconds = seconds
        self._since: float | None = None
        self._timer = QTimer(self)
        self._timer.setInterval(500)
        self._timer.timeout.connect(self.look)

    @property
    def is_down(self) -> bool:
        """Return whether the screen is hidden."""
        return self._since is not None

    def draw(self) -> None:
        """Begin to count."""
        self._since = self._seconds()
        self._timer.start()

    def lift(self) -> bool:
        """End it; return whether it was in time."""
        since, self._since = self._since, None
        self._timer.stop()
        return since is not None and self._seconds() - since < SECONDS

    def look(self) -> None:
        """Say that it is overdue, as soon as it is."""
        if self._since is not None and self._seconds() - self._since >= SECONDS:
            self.lift()
            self.overdue.emit()
