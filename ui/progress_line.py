"""The line below the pages that says how far something long is, with a way out.

It comes when something takes longer than a moment. There is one for the whole window:
whatever takes long is told in the same place, and Esc or its button breaks it off.
"""

import threading
from collections.abc import Iterator
from contextlib import contextmanager

from PySide6.QtCore import QObject, Qt, QTimer, Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout, QProgressBar, QPushButton, QWidget

from intake.waiting import BrokenOffError
from ui.theme import roomy
from ui.words import PlainLabel

_PATIENCE_MS = 400
_BAR_WIDTH = 240


class Waited(QObject):
    """Something long that is under way; told of from any thread."""

    #: How far it is: parts done, and how many there are.
    moved = Signal(int, int)
    ended = Signal()

    def __init__(self, words: str, *, may_break_off: bool, is_in_front: bool) -> None:
        """Begin.

        Args:
            words: what is being done.
            may_break_off: nothing would be half.
            is_in_front: nothing else can be done meanwhile.
        """
        super().__init__()
        self.words = words
        self.may_break_off = may_break_off
        self.is_in_front = is_in_front
        self._is_broken_off = threading.Event()
        self._told = -1

    def step(self, done: int, parts: int) -> None:
        """Say how far it is.

        Raises:
            BrokenOffError: somebody broke it off.
        """
        if self._is_broken_off.is_set():
            raise BrokenOffError
        hundredth = done * 100 // max(1, parts)
        if hundredth != self._told:
            self._told = hundredth
            self.moved.emit(done, parts)

    def break_off(self) -> None:
        """Have the next step be the last."""
        if self.may_break_off:
            self._is_broken_off.set()

    def end(self) -> None:
        """It is over, one way or the other."""
        self.ended.emit()


class ProgressLine(QFrame):
    """Shows what was begun last, of what is under way."""

    def __init__(self, parent: QWidget | None = None) -> None:
        """Show nothing."""
        super().__init__(parent)
        self.setFrameShape(QFrame.Shape.StyledPanel)
        self.setAccessibleName("Under way")
        self.words = PlainLabel(bold=True)
        self.words.setAccessibleName("What is being done")
        self.bar = QProgressBar()
        self.bar.setAccessibleName("How far it is")
        self.bar.setMinimumWidth(_BAR_WIDTH)
        self.cancel = QPushButton("Break off")
        self.cancel.clicked.connect(self.break_off)
        row = QHBoxLayout(self)
        row.setContentsMargins(24, 6, 24, 6)
        row.addWidget(self.words, 1)
        row.addWidget(self.bar)
        row.addWidget(self.cancel)
        roomy(self)
        self._under_way: list[Waited] = []
        self._patience = QTimer(self)
        self._patience.setSingleShot(True)
        self._patience.setInterval(_PATIENCE_MS)
        self._patience.timeout.connect(self._show_latest)
        self.hide()

    def begin(
        self, words: str, *, may_break_off: bool = True, is_in_front: bool = False
    ) -> Waited:
        """Return something that is under way from now on, until it has ended."""
        waited = Waited(words, may_break_off=may_break_off, is_in_front=is_in_front)
        # What is done in a thread is told here later, in the window's own.
        queued = Qt.ConnectionType.QueuedConnection
        waited.moved.connect(
            lambda done, parts: self._move(waited, done, parts), queued
        )
        waited.ended.connect(lambda: self._end(waited), queued)
        self._under_way.append(waited)
        self._patience.start()
        return waited

    def break_off(self) -> None:
        """Break off what is shown."""
        if self._under_way:
            self._under_way[-1].break_off()
            self.cancel.setEnabled(False)
            self.cancel.setText("Breaking off \u2026")

    def break_off_in_front(self) -> bool:
        """Break off what the page waits for, if anything; return whether it did."""
        is_it = bool(self._under_way) and self._under_way[-1].is_in_front
        if is_it:
            self.break_off()
        return is_it

    def _move(self, waited: Waited, done: int, parts: int) -> None:
        if self._under_way and self._under_way[-1] is waited:
            self.bar.setRange(0, parts)
            self.bar.setValue(done)

    def _end(self, waited: Waited) -> None:
        self._under_way.remove(waited)
        if not self._under_way:
            self._patience.stop()
            self.hide()
        elif self.isVisible():
            self._show_latest()

    def _show_latest(self) -> None:
        waited = self._under_way[-1]
        self.words.setText(waited.words)
        # Without an end that is known, it moves to and fro.
        self.bar.setRange(0, 0)
        self.cancel.setText("Break off")
        self.cancel.setEnabled(True)
        self.cancel.setVisible(waited.may_break_off)
        self.show()


@contextmanager
def ended(waited: Waited) -> Iterator[None]:
    """Say at the end that something is over, whatever became of it."""
    try:
        yield
    finally:
        waited.end()


def line_of(page: QWidget) -> ProgressLine | None:
    """Return the line of the window that a page is in; None where it is in none."""
    return page.window().findChild(ProgressLine)
