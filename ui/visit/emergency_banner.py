"""The first steps of an emergency, pinned above the form.

It shows the clinic's own checklist with the findings that matched, cannot be scrolled
away, and stays until every first step is accepted, or the whole is set aside with a
reason: a decision of its own, which is kept, signed and told. It comes back when more
speaks for an emergency than then.
"""

from PySide6.QtCore import QEvent, Qt, Signal
from PySide6.QtGui import QKeyEvent, QPalette
from PySide6.QtWidgets import (
    QApplication,
    QFrame,
    QHBoxLayout,
    QLineEdit,
    QPushButton,
    QWidget,
)

from intake.decisions import EMERGENCY, emergency_grounds
from intake.first_steps import first_steps, is_acted_on
from intake.local_services import for_emergencies
from ui import tints
from ui.session import VisitSession
from ui.sizes import px
from ui.theme import roomy
from ui.visit.suggested_html import told_by
from ui.words import PlainLabel

#: The name under which an unfinished reason is kept; no question has it.
_KEPT = "emergency/reason"


class EmergencyBanner(QFrame):
    """Shown while the tier is an emergency, until it is acted on or set aside."""

    #: Somebody is done with the reason, and goes back to the form.
    left = Signal()

    def __init__(self, session: VisitSession, parent: QWidget | None = None) -> None:
        """Follow the session's assessment."""
        super().__init__(parent)
        self._session = session
        self.setFrameShape(QFrame.Shape.Box)
        self.setLineWidth(3)
        self.setAutoFillBackground(True)
        self._dress()
        self.setAccessibleName("Emergency")
        self.text = PlainLabel(bold=True, points=1)
        self.reason = QLineEdit()
        self.reason.setPlaceholderText("Why set aside (Ctrl+Shift+G)")
        self.reason.setAccessibleName("Reason to set the emergency aside")
        self.reason.setFixedWidth(px(230))
        self.aside = QPushButton("Set aside")
        self.aside.setEnabled(False)
        self.reason.textChanged.connect(
            lambda text: self.aside.setEnabled(bool(text.strip()))
        )
        self.reason.setText(str(session.jottings[_KEPT]))
        self.reason.textEdited.connect(
            lambda text: session.jottings.keep({_KEPT: text})
        )
        self.reason.returnPressed.connect(self._put_aside)
        self.aside.clicked.connect(self._put_aside)
        layout = QHBoxLayout(self)
        layout.setContentsMargins(10, 5, 10, 5)
        layout.addWidget(self.text, 1)
        layout.addWidget(self.reason)
        layout.addWidget(self.aside)
        roomy(self)
        session.assessment_changed.connect(self.refresh)
        session.decided.changed.connect(self.refresh)
        self.refresh()

    def changeEvent(self, event: QEvent) -> None:
        """Follow the look of the program."""
        super().changeEvent(event)
        if event.type() == QEvent.Type.ApplicationPaletteChange:
            self._dress()

    def _dress(self) -> None:
        palette = QApplication.palette()
        palette.setColor(QPalette.ColorRole.Window, tints.emergency(palette))
        self.setPalette(palette)

    def refresh(self) -> None:
        """Show the first steps, unless they were taken or set aside as things are."""
        session = self._session
        rules = emergency_grounds(session.assessment).rules
        standing = session.decided.emergency()
        is_settled = standing.decision is not None or is_acted_on(
            session.assessment, session.decided.all
        )
        had_keys = self.isAncestorOf(QApplication.focusWidget() or self.window())
        self.setVisible(bool(rules) and not is_settled)
        if had_keys and self.isHidden():
            self.left.emit()
        steps = [step.action.label for step in first_steps(session.assessment)]
        because = [
            fired.rule.because
            for raised in session.assessment.concerns
            for fired in raised.rules
            if fired.rule.id in rules
        ]
        words = f"Emergency checklist: {'; '.join(steps)}.\n{' '.join(because[:2])}"
        if standing.latest is not None:
            then = f"Set aside by {told_by(standing.latest)}: {standing.latest.words}"
            words += f"\nAsks again: {standing.lapsed}. {then}"
        numbers = for_emergencies(self._session.clinic.services)
        words = "\n".join(filter(None, (words, numbers)))
        self.text.setText(words)

    def take_keys(self) -> None:
        """Put the keys where the reason is typed."""
        self.reason.setFocus(Qt.FocusReason.ShortcutFocusReason)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Go back to the form with Esc; what was typed stays."""
        if event.key() == Qt.Key.Key_Escape:
            self.left.emit()
        else:
            super().keyPressEvent(event)

    def _put_aside(self) -> None:
        """Decide that it is set aside; the same emergency does not show again."""
        words = self.reason.text()
        if words.strip():
            # Unlike clear(), this cannot be undone.
            self.reason.setText("")
            self._session.jottings.keep({_KEPT: ""})
            self._session.decided.decide(EMERGENCY, "set_aside", words)
