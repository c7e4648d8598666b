"""The key for all others: lists what it would set, and sets it only when confirmed.

Offered in two sections of the history; it sets open, unanswered yes/no questions that
the desk asks and that are no red flag. It is recorded as its own way of answering.
"""

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import (
    QFrame,
    QHBoxLayout,
    QLabel,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from intake.protocol import Question, Section
from ui.session import VisitSession
from ui.sizes import px
from ui.visit import asked

#: The sections that offer it (form_flow.md, 1.2).
OFFERED_IN = frozenset({"risks", "other_symptoms"})


def would_set(session: VisitSession, section: str) -> tuple[Question, ...]:
    """Return the questions that "all others no" would answer."""
    return tuple(
        question
        for question in asked.shown_in(session, section)
        if question.kind == "flag"
        and question.who == "desk"
        and not question.red_flag
        and not question.private
        and asked.is_waiting(session, question)
        # A yes that waits for its side is not to become a no.
        and not session.jottings[question.id]
    )


class AllOthersNo(QFrame):
    """The list and its two keys, below the questions."""

    closed = Signal()

    def __init__(
        self, session: VisitSession, section: Section, parent: QWidget | None = None
    ) -> None:
        """Build the button; the list comes when it is pressed."""
        super().__init__(parent)
        self._session = session
        self._section = section
        self.setFrameShape(QFrame.Shape.StyledPanel)
        self.button = QPushButton("All others no…", parent)
        self.button.setMinimumHeight(px(26))
        self.button.setAutoDefault(False)
        self.button.clicked.connect(self._ask)
        self._text = QLabel(self)
        self._text.setTextFormat(Qt.TextFormat.PlainText)
        self._text.setWordWrap(True)
        self._confirm = QPushButton("Set these to No", self)
        self._cancel = QPushButton("Leave them open", self)
        for key in (self._confirm, self._cancel):
            key.setMinimumHeight(px(26))
            key.setAutoDefault(True)
        self._confirm.clicked.connect(self._set)
        self._cancel.clicked.connect(self._leave)
        layout = QVBoxLayout(self)
        layout.addWidget(self._text)
        line = QHBoxLayout()
        line.addWidget(self._confirm)
        line.addWidget(self._cancel)
        line.addStretch(1)
        layout.addLayout(line)
        self.hide()
        self.refresh()

    def refresh(self) -> None:
        """Offer it only while there is something to set."""
        self.button.setEnabled(bool(would_set(self._session, self._section.id)))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Leave with Esc: nothing was set, nothing is lost."""
        if event.key() == Qt.Key.Key_Escape:
            self._leave()
        else:
            super().keyPressEvent(event)

    def _ask(self) -> None:
        labels = [q.label for q in would_set(self._session, self._section.id)]
        lines = "\n".join(f"•  {label}" for label in labels)
        self._text.setText(f"These {len(labels)} will be answered No:\n{lines}")
        self.show()
        self._confirm.setFocus(Qt.FocusReason.OtherFocusReason)

    def _set(self) -> None:
        questions = would_set(self._session, self._section.id)
        self.hide()
        self._session.record_many({q.id: "no" for q in questions}, "all_others_no")
        self.closed.emit()

    def _leave(self) -> None:
        self.hide()
        self.closed.emit()
