"""The one door for telling the user something."""

from typing import Protocol

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QMessageBox, QWidget

from intake.errors import UserFacingError

_REJECT = QMessageBox.ButtonRole.RejectRole


class Teller(Protocol):
    """Whoever shows a message; tests hand in a recorder."""

    def tell(self, text: str, action: str) -> None:
        """Show what happened and what to do."""

    def choose(self, text: str, first: str, second: str) -> str:
        """Ask for one of two; an empty text means: not now."""


class MessageBoxes:
    """Shows messages in a box over the window, as plain text."""

    def __init__(self, parent: QWidget) -> None:
        """Show boxes over `parent`."""
        self._parent = parent

    def tell(self, text: str, action: str) -> None:
        """Show what happened and what to do."""
        box = self._box(text)
        box.setInformativeText(action)
        box.exec()

    def choose(self, text: str, first: str, second: str) -> str:
        """Ask for one of two; nothing is preselected, Esc means: not now."""
        box = self._box(text)
        # An ampersand in what was typed is no shortcut.
        one, two = (
            box.addButton(words.replace("&", "&&"), QMessageBox.ButtonRole.ActionRole)
            for words in (first, second)
        )
        box.setDefaultButton(box.addButton("&Not now", _REJECT))
        box.exec()
        clicked = box.clickedButton()
        if clicked is one:
            return first
        return second if clicked is two else ""

    def _box(self, text: str) -> QMessageBox:
        box = QMessageBox(self._parent)
        box.setWindowTitle("Thoracic Intake")
        box.setTextFormat(Qt.TextFormat.PlainText)
        box.setText(text)
        return box


def tell_error(teller: Teller, error: UserFacingError) -> None:
    """Show an error meant for a person."""
    teller.tell(error.text, error.action)
