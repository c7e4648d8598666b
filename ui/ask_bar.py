"""A question asked in place: below the page, with what it is about still in view."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import (
    QApplication,
    QFrame,
    QHBoxLayout,
    QLineEdit,
    QPushButton,
    QVBoxLayout,
    QWidget,
)
from shiboken6 import isValid

from ui.theme import roomy
from ui.unfinished import Jottings
from ui.words import PlainLabel

_LONGEST = 1_000
#: Under which name half a reason is kept.
_KEPT = "reason"
_PUT_BACK = "Typed before; nothing was done yet."


@dataclass(frozen=True, slots=True)
class Choice:
    """One answer: what the button says, and what is done with the text typed."""

    text: str
    act: Callable[[str], None]


class AskBar(QFrame):
    """Asks for a few words and a choice; Esc puts it away and nothing was done."""

    def __init__(self, parent: QWidget | None = None) -> None:
        """Ask nothing."""
        super().__init__(parent)
        self.setFrameShape(QFrame.Shape.StyledPanel)
        self.setAccessibleName("Question")
        self.title = PlainLabel(bold=True)
        self.field = QLineEdit()
        self.field.setMaxLength(_LONGEST)
        self.hint = PlainLabel()
        self.hint.setAccessibleName("What is missing")
        self.buttons: list[QPushButton] = []
        self._from: QWidget | None = None
        self._jottings = Jottings()
        self.field.textEdited.connect(lambda text: self._jottings.keep({_KEPT: text}))
        self._row = QHBoxLayout()
        self._row.addWidget(self.field, 1)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(24, 8, 24, 8)
        layout.addWidget(self.title)
        layout.addLayout(self._row)
        layout.addWidget(self.hint)
        roomy(self)
        self.hide()

    def ask(
        self,
        title: str,
        field: str,
        choices: Sequence[Choice],
        jottings: Jottings | None = None,
    ) -> None:
        """Ask, and take the keys.

        Args:
            title: what it is about.
            field: what is to be typed.
            choices: the answers; empty where there is only something to be told.
            jottings: keeps what is typed until it is done, and what was typed before.
        """
        self._jottings = jottings or Jottings()
        if not self.isVisible():
            self._from = QApplication.focusWidget()
        for button in self.buttons:
            self._row.removeWidget(button)
            button.hide()
            button.deleteLater()
        self.buttons = [self._button(choice) for choice in choices]
        cancel = QPushButton("Esc: do nothing")
        cancel.clicked.connect(self.give_back)
        self.buttons.append(cancel)
        for button in self.buttons:
            self._row.addWidget(button)
        self.title.setText(title)
        before = str(self._jottings[_KEPT])
        # Unlike clear(), this cannot be undone.
        self.field.setText(before)
        self.field.setPlaceholderText(field)
        self.field.setAccessibleName(field)
        self.refuse(_PUT_BACK if before else "")
        roomy(self)
        self.show()
        self.field.setFocus()

    def refuse(self, words: str) -> None:
        """Say what is missing, or why it was not done; what was typed stays."""
        self.hint.setText(words)
        self.hint.setVisible(bool(words))
        if words and self.isVisible():
            self.field.setFocus()

    def give_back(self) -> None:
        """Go away, and put the keys back where they came from."""
        came_from = self._from
        self.put_away()
        if came_from is not None and isValid(came_from) and came_from.isVisible():
            came_from.setFocus()

    def put_away(self) -> None:
        """Go away and hold nothing; what was typed is there when it is asked again."""
        self._from = None
        self._jottings = Jottings()
        self.title.setText("")
        self.field.setText("")
        self.hide()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Go on from the field with Enter, to the first answer; leave with Esc."""
        if event.key() == Qt.Key.Key_Escape:
            self.give_back()
        elif event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.buttons[0].setFocus()
        else:
            super().keyPressEvent(event)

    def _button(self, choice: Choice) -> QPushButton:
        button = QPushButton(choice.text)
        button.clicked.connect(lambda: choice.act(self.field.text().strip()))
        return button
