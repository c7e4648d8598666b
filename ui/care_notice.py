"""Says how the records are: in the status bar, and in full on the first page."""

from collections.abc import Callable, Sequence

from PySide6.QtCore import QObject, Qt

from ui.caretaker import Caretaker
from ui.main_window import MainWindow


class CareNotice(QObject):
    """Follows the caretaker and puts what it does into words; never in a box.

    Args:
        window: its status bar is written to.
        caretaker: to follow.
        show: shows the warnings on the first page, or none.
    """

    def __init__(
        self, window: MainWindow, caretaker: Caretaker, show: Callable[[str], None]
    ) -> None:
        """Follow the caretaker."""
        super().__init__(window)
        self._line = window.care
        self._show = show
        self._is_sound = False
        # The caretaker works in threads of its own.
        queued = Qt.ConnectionType.QueuedConnection
        caretaker.checking.connect(self._checking, queued)
        caretaker.checked.connect(self._checked, queued)
        caretaker.warned.connect(self._warn, queued)

    def _checking(self, done: int, parts: int) -> None:
        if done < parts:
            self._line.setText(f"Checking the records: {done} of {parts}")

    def _checked(self, found: Sequence[str]) -> None:
        self._is_sound = not found
        self._line.setText("Records checked: sound" if not found else "Records damaged")

    def _warn(self, told: Sequence[str]) -> None:
        if told:
            things = "1 warning" if len(told) == 1 else f"{len(told)} warnings"
            self._line.setText(
                f"{things} about the records: see the first page, Ctrl+F"
            )
        elif self._is_sound:
            self._line.setText("Records checked: sound")
        self._show("\n".join(told))
