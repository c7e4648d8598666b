"""The one door for telling the user something."""

from typing import Protocol

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QMessageBox, QWidget

from intake.errors import UserFacingError


class Teller(Protocol):
    """Whoever shows a message; tests hand in a recorder."""

    def tell(self, text: str, action: str) -> None:
        """Show what happened and what to do."""


class MessageBoxes:
    """Shows messages in a box over the window, as plain text."""

    def __init__(self, parent: QWidget) -> None:
        """Show boxes over `parent`."""
        self._parent = parent

    def tell(self, text: str, action: str) -> None:
        """Show what happened and what to do."""
        box = QMessageBox(self._parent)
        box.setWindowTitle("Thoracic Intake")
        box.setTextFormat(Qt.TextFormat.PlainText)
        box.setText(text)
        box.setInformativeText(action)
        box.exec()


def tell_error(teller: Teller, error: UserFacingError) -> None:
    """Show an error meant for a person."""
    teller.tell(error.text, error.action)
