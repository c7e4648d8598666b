"""What the desk entered, one key at a time, above the form of the clinician.

Space confirms what is shown and goes on to the next, Esc leaves the rest marked. One
thing is in view at a time, with every answer it stands for: nobody confirms what is not
on the screen. Nothing pops up, and nothing has to be confirmed.
"""

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent, QKeySequence
from PySide6.QtWidgets import QFrame, QHBoxLayout, QPushButton, QVBoxLayout, QWidget

from intake.confirming import Unit, unit_words
from ui.session import VisitSession
from ui.theme import roomy
from ui.visit.quiet_button import QuietButton
from ui.words import PlainLabel, isolated

_FEW = 4


class ConfirmStrip(QFrame):
    """Folded to one line, or open at the next unit. Hidden while nothing is marked."""

    #: The keys go back to the form: everything is confirmed, or somebody left it.
    left = Signal()
    #: Somebody wants to change an answer (the question's id).
    question_wanted = Signal(str)
    #: Somebody takes the last step back, or takes it again.
    undo_wanted = Signal()
    redo_wanted = Signal()

    def __init__(self, session: VisitSession, parent: QWidget | None = None) -> None:
        """Follow the marks of the session; open unless an emergency stands there."""
        super().__init__(parent)
        self._session = session
        self._unit: Unit | None = None
        self._is_folded = False
        self.setFrameShape(QFrame.Shape.Box)
        self.setAutoFillBackground(True)
        self.setBackgroundRole(self.palette().ColorRole.AlternateBase)
        self.setAccessibleName("Answers to confirm")
        self.title = PlainLabel(bold=True)
        self.loud = PlainLabel(bold=True)
        self.quiet = PlainLabel()
        self.confirm = QuietButton("Confirm  (Space)")
        self.change = QuietButton("Change it")
        self.later = QuietButton("Later  (Esc)")
        self.unfold = QPushButton("Confirm them  (Ctrl+T)")
        keys = QHBoxLayout()
        for key in (self.confirm, self.change, self.later, self.unfold):
            keys.addWidget(key)
        keys.addStretch(1)
        words = QVBoxLayout()
        words.setSpacing(1)
        for part in (self.title, self.loud, self.quiet):
            words.addWidget(part)
        words.addLayout(keys)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(10, 5, 10, 5)
        layout.addLayout(words)
        self.confirm.clicked.connect(self._confirm)
        self.change.clicked.connect(self._change)
        self.later.clicked.connect(self._leave)
        self.unfold.clicked.connect(self.take_keys)
        roomy(self)
        session.confirmed.changed.connect(self.refresh)
        session.assessment_changed.connect(self.refresh)
        self.refresh()

    @property
    def is_open(self) -> bool:
        """Return whether a unit is in view."""
        return self._unit is not None and not self._is_folded

    def fold(self) -> None:
        """Show one line alone."""
        self._is_folded = True
        self.refresh()

    def take_keys(self) -> None:
        """Open, and put the keys on the first unit."""
        self._is_folded = False
        self.refresh()
        if self._unit is not None:
            self.confirm.setFocus(Qt.FocusReason.OtherFocusReason)

    def refresh(self) -> None:
        """Show the first unit that waits."""
        waiting = self._session.confirmed.units()
        had_keys = self._has_keys()
        self._unit = waiting[0] if waiting else None
        if self._unit is None:
            if had_keys:
                self.left.emit()
            self.hide()
            return
        self.show()
        count = sum(len(unit.answers) for unit in waiting)
        for part in (self.loud, self.quiet, self.confirm, self.change, self.later):
            part.setVisible(not self._is_folded)
        self.unfold.setVisible(self._is_folded)
        if self._is_folded:
            plural = "answers are" if count != 1 else "answer is"
            self.title.setText(f"{count} {plural} not confirmed by a clinician.")
            return
        self._show(self._unit, len(waiting), count)

    def _has_keys(self) -> bool:
        keys = (self.confirm, self.change, self.later, self.unfold)
        return any(key.hasFocus() for key in keys)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Leave with Esc; undo and redo as in the form."""
        if event.key() == Qt.Key.Key_Escape:
            self._leave()
        elif event.matches(QKeySequence.StandardKey.Undo):
            self.undo_wanted.emit()
        elif event.matches(QKeySequence.StandardKey.Redo):
            self.redo_wanted.emit()
        else:
            super().keyPressEvent(event)

    def _show(self, unit: Unit, units: int, count: int) -> None:
        names = {isolated(one.who or "nobody named") for one in unit.answers}
        kind = "Red flag: " if unit.is_red_flag else ""
        by = ", ".join(sorted(names))
        more = f"{units - 1} more to confirm" if units > 1 else "the last one"
        self.title.setText(f"{kind}{unit.title}  (entered by {by}; {more})")
        loud, quiet = unit_words(self._session.protocol, unit)
        # A line each while there are few: none may be pushed off the screen.
        between = "\n" if len(loud) <= _FEW else ";   "
        self.loud.setText(between.join(loud))
        self.loud.setVisible(bool(loud))
        self.quiet.setText("; ".join(quiet))
        self.quiet.setVisible(bool(quiet))
        said = "; ".join((*loud, *quiet))
        self.confirm.setAccessibleName(f"Confirm: {unit.title}")
        self.confirm.setAccessibleDescription(f"{said}. Entered by {by}. {count} left.")

    def _confirm(self) -> None:
        if self._unit is not None:
            self._session.confirmed.confirm(self._unit)

    def _change(self) -> None:
        if self._unit is not None:
            self.question_wanted.emit(self._unit.answers[0].question)

    def _leave(self) -> None:
        self.fold()
        self.left.emit()
