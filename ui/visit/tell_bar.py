"""The clinic's list above the form: what a clinician has to hear of now, and who did.

The desk reads the same words every time and fills in whom it told, and when. It gives
no reason and knows nothing of the assessment. A clinician reads what was told.
"""

import re
from collections.abc import Sequence
from datetime import datetime, timedelta

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import (
    QFrame,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from intake.errors import InputRefusedError
from intake.tell_now import Line, Told, checked_name, in_words
from ui.session import VisitSession
from ui.sizes import px
from ui.theme import roomy
from ui.words import PlainLabel, isolated

_TIME = re.compile(r"(\d{1,2})[:.]?(\d{2})")

#: Under which names half of it is kept; no question has them.
_NAME, _AT = "told/name", "told/time"


class TellBar(QFrame):
    """Shown while a line of the list matches, and for what was told."""

    #: The keys go back to the form.
    left = Signal()

    def __init__(self, session: VisitSession, parent: QWidget | None = None) -> None:
        """Follow the answers of the session."""
        super().__init__(parent)
        self._session = session
        self._is_desk = session.role == "desk"
        self.setFrameShape(QFrame.Shape.Box)
        self.setLineWidth(2)
        self.setAutoFillBackground(True)
        self.setBackgroundRole(self.palette().ColorRole.AlternateBase)
        self.setAccessibleName("Clinic policy: tell the clinician")
        self.text = PlainLabel(bold=True)
        self.told = PlainLabel()
        self.below = PlainLabel(session.clinic.tell_now.below, bold=True)
        self.name = _field("Name", "Whom you told", 220)
        self.time = _field("now, or hh:mm", "When you told them", 130)
        self.note = QPushButton("Note that you told them")
        self.note.setAutoDefault(False)
        self.problem = PlainLabel()
        self._fields = QWidget()
        keys = QHBoxLayout(self._fields)
        keys.setContentsMargins(0, 0, 0, 0)
        for part in (
            QLabel("Told (Ctrl+Shift+D):"),
            self.name,
            QLabel("at"),
            self.time,
            self.note,
        ):
            keys.addWidget(part)
        keys.addWidget(self.problem, 1)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(10, 5, 10, 5)
        layout.setSpacing(2)
        for one in (self.text, self._fields, self.below, self.told):
            layout.addWidget(one)
        for kept, field in ((_NAME, self.name), (_AT, self.time)):
            field.setText(str(session.jottings[kept]))
            field.textEdited.connect(
                lambda text, kept=kept: session.jottings.keep({kept: text})
            )
        self.name.returnPressed.connect(self._note)
        self.time.returnPressed.connect(self._note)
        self.note.clicked.connect(self._note)
        roomy(self)
        session.assessment_changed.connect(self.refresh)
        session.told.changed.connect(self.refresh)
        session.confirmed.changed.connect(self.refresh)
        self.refresh()

    def take_keys(self) -> None:
        """Put the keys where the name goes."""
        if self._fields.isVisibleTo(self):
            self.name.setFocus(Qt.FocusReason.OtherFocusReason)

    def refresh(self) -> None:
        """Compare the answers with the list again."""
        waiting = self._session.told.untold()
        told = self._session.told.all
        lines = [self._line(line, answers) for line, answers in waiting]
        self.text.setText("\n".join(lines))
        for part in (self.text, self._fields, self.below):
            part.setVisible(bool(waiting))
        if not self._is_desk:
            # What the desk has to do stands on the desk's screen.
            self._fields.hide()
            self.below.hide()
        self.told.setText("\n".join(self._said(told)))
        self.told.setVisible(bool(told))
        self.setVisible(bool(waiting or told))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Go back to the form with Esc; what was typed stays."""
        if event.key() == Qt.Key.Key_Escape:
            self.left.emit()
            return
        super().keyPressEvent(event)

    def _line(self, line: Line, answers: tuple[str, ...]) -> str:
        said = "; ".join(self._answer(one) for one in answers)
        number = f"{line.number}"
        if line.own_words:
            number += f": {line.own_words}"
        if not self._is_desk:
            return f"The desk's list, line {number}, not noted as told: {said}."
        return (
            f"Clinic policy, line {number}. Tell the clinician now, in person. "
            f"Answer: {said}."
        )

    def _said(self, told: Sequence[Told]) -> list[str]:
        """Return who was told what, a line for each time somebody was."""
        said: dict[str, list[str]] = {}
        for one in told:
            at = f"{one.at.astimezone():%H:%M}"
            who = f"Told: {isolated(one.to)} at {at} (noted by {isolated(one.who)})"
            answers = "; ".join(map(self._answer, one.answers))
            said.setdefault(who, []).append(f"line {one.line}, {answers}")
        return [f"{who}: {'; '.join(what)}." for who, what in said.items()]

    def _answer(self, matched: str) -> str:
        return in_words(matched, self._session.protocol.questions)

    def _note(self) -> None:
        """Note it; nothing is noted without a name, or at a time there is not."""
        at = time_of(self.time.text(), self._session.now())
        try:
            name = checked_name(self.name.text())
        except InputRefusedError as error:
            self.problem.setText(error.problems[0].what)
            self.name.setFocus()
            return
        if at is None:
            self.problem.setText("The time is like 9:05, and not later than now.")
            self.time.setFocus()
            return
        self.problem.clear()
        self.name.clear()
        self.time.clear()
        self._session.jottings.keep({_NAME: "", _AT: ""})
        self._session.told.note(name, at)
        self.left.emit()


def time_of(text: str, now: datetime) -> datetime | None:
    """Return the moment a time of day stands for: the last one; None for no time."""
    if not text.strip():
        return now
    found = _TIME.fullmatch(text.strip())
    if found is None:
        return None
    hour, minute = map(int, found.groups())
    try:
        at = now.astimezone().replace(hour=hour, minute=minute, second=0, microsecond=0)
    except ValueError:
        return None
    return at if at <= now + timedelta(minutes=1) else None


def _field(hint: str, name: str, width: int) -> QLineEdit:
    field = QLineEdit()
    field.setPlaceholderText(hint)
    field.setAccessibleName(name)
    field.setFixedWidth(px(width))
    return field
