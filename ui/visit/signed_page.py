"""A signed visit as it was signed, with its addenda: to read, nothing to type."""

from collections.abc import Sequence
from html import escape

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QHBoxLayout, QPushButton, QVBoxLayout, QWidget

from intake.signed_words import Part
from ui.theme import roomy
from ui.visit.link_browser import LinkBrowser, style_of
from ui.visit.set_aside import SetAsideLine
from ui.words import PlainLabel

_CLOSED = "This visit is signed and takes no more answers."
_REFUSED = f"{_CLOSED} Write an addendum instead (Ctrl+D)."
_REFUSED_AT_DESK = f"{_CLOSED} The clinician can write an addendum."
_AGAIN = "&Assess again with today's protocol"
_AS_SIGNED = "&Back to the visit as signed"


class SignedPage(QWidget):
    """Shows parts of a signed visit; what somebody types is refused in words."""

    #: Somebody wants to add to the visit.
    addendum_wanted = Signal()
    #: Somebody wants to see today's assessment (True) or the signed one again.
    again_wanted = Signal(bool)
    #: Somebody wants the summary or the letter.
    documents_wanted = Signal()
    #: Somebody says that this visit should not be here.
    move_wanted = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        """Show nothing yet; see `show_parts`."""
        super().__init__(parent)
        self.title = PlainLabel(bold=True, points=3)
        self.warning = PlainLabel(bold=True)
        self.warning.setAccessibleName("Warning")
        self.said = PlainLabel(bold=True)
        self.said.setAccessibleName("What happened")
        self.add = QPushButton("Write an a&ddendum")
        self.again = QPushButton(_AGAIN)
        self.again.setCheckable(True)
        self.documents = QPushButton("Summary and &letter")
        self.wrong = QPushButton("&Wrong patient \u2026")
        self.view = LinkBrowser("The visit as it was signed")
        self.view.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(24, 12, 24, 12)
        keys = QHBoxLayout()
        for key in (self.add, self.again, self.documents):
            keys.addWidget(key)
        keys.addStretch(1)
        keys.addWidget(self.wrong)
        for part in (self.title, self.warning):
            self._column.addWidget(part)
        self._column.addLayout(keys)
        self._column.addWidget(self.said)
        self._column.addWidget(self.view, 1)
        self.set_aside: SetAsideLine | None = None
        self._is_clinician = False
        self.add.clicked.connect(self.addendum_wanted)
        self.again.toggled.connect(self._choose)
        self.documents.clicked.connect(self.documents_wanted)
        self.wrong.clicked.connect(self.move_wanted)
        roomy(self)

    def start(self, title: str, set_aside: SetAsideLine, *, is_clinician: bool) -> None:
        """Begin with another visit; the desk reads and does no more."""
        self.title.setText(title)
        self._is_clinician = is_clinician
        for key in (self.add, self.again, self.documents):
            key.setVisible(is_clinician)
        self._forget_set_aside()
        self.set_aside = set_aside
        self._column.addWidget(set_aside)
        self._show_again(is_on=False)
        self.say("")

    def show_parts(self, parts: Sequence[Part], warnings: Sequence[str]) -> None:
        """Show a visit in parts, and what is wrong with it."""
        self.warning.setText("\n".join(warnings))
        self.warning.setVisible(bool(warnings))
        self.view.setHtml(style_of(self.palette()) + _html(parts))
        self.view.setFocus()

    def say(self, words: str) -> None:
        """Show what happened above the visit."""
        self.said.setText(words)
        self.said.setVisible(bool(words))

    def forget(self) -> None:
        """Hold nothing of a patient any more."""
        self.title.clear()
        self.warning.clear()
        self.view.clear()
        self._forget_set_aside()
        self._show_again(is_on=False)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Refuse what is typed; the browser hands on what it has no use for."""
        if event.text().isprintable() and event.text():
            self.say(_REFUSED if self._is_clinician else _REFUSED_AT_DESK)
            event.accept()
            return
        super().keyPressEvent(event)

    def _choose(self, is_on: bool) -> None:
        self.again.setText(_AS_SIGNED if is_on else _AGAIN)
        self.again_wanted.emit(is_on)

    def _show_again(self, *, is_on: bool) -> None:
        self.again.blockSignals(True)
        self.again.setChecked(is_on)
        self.again.blockSignals(False)
        self.again.setText(_AS_SIGNED if is_on else _AGAIN)

    def _forget_set_aside(self) -> None:
        if self.set_aside is not None:
            self._column.removeWidget(self.set_aside)
            self.set_aside.deleteLater()
            self.set_aside = None


def _html(parts: Sequence[Part]) -> str:
    """Return parts as HTML; everything in them is escaped."""
    rows = []
    for part in parts:
        lines = "".join(f"<li>{escape(line)}</li>" for line in part.lines)
        rows.append(f"<h3>{escape(part.title)}</h3><ul>{lines}</ul>")
    return "".join(rows)
