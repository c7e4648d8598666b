"""A button that only Space presses: Enter, held from the form, must not."""

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QPushButton, QWidget


class QuietButton(QPushButton):
    """Takes one press a key; a key that is held down presses once."""

    def __init__(self, text: str, parent: QWidget | None = None) -> None:
        """Show a text."""
        super().__init__(text, parent)
        self.setAutoDefault(False)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Leave Enter alone, and what is held down."""
        is_enter = event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter)
        if is_enter or event.isAutoRepeat():
            event.accept()
            return
        super().keyPressEvent(event)
