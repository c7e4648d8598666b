"""The first steps of an emergency, pinned above the form.

It shows the clinic's own checklist with the findings that matched, cannot be scrolled
away, and stays until it is set aside with a reason: a decision of its own, which is
kept, signed and told. It comes back when more speaks for an emergency than then.
"""

from PySide6.QtCore import QEvent
from PySide6.QtGui import QPalette
from PySide6.QtWidgets import (
    QApplication,
    QFrame,
    QHBoxLayout,
    QLineEdit,
    QPushButton,
    QWidget,
)

from intake.decisions import EMERGENCY, emergency_grounds
from intake.outcome import Suggestion
from intake.protocol import Tier
from ui import tints
from ui.session import VisitSession
from ui.sizes import px
from ui.theme import roomy
from ui.visit.suggested_html import told_by
from ui.words import PlainLabel


class EmergencyBanner(QFrame):
    """Shown while the tier is an emergency and nobody has set it aside."""

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
        self.reason.setPlaceholderText("Reason to set this aside")
        self.reason.setAccessibleName("Reason to set the emergency aside")
        self.reason.setFixedWidth(px(230))
        self.aside = QPushButton("Set aside")
        self.aside.setEnabled(False)
        self.reason.textChanged.connect(
            lambda text: self.aside.setEnabled(bool(text.strip()))
        )
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
        """Show the first steps, unless they were set aside for the same reasons."""
        rules = emergency_grounds(self._session.assessment).rules
        standing = self._session.decided.emergency()
        self.setVisible(bool(rules) and standing.decision is None)
        steps = [
            s.action.label
            for s in self._session.assessment.suggestions
            if _is_first_step(s)
        ]
        because = [
            fired.rule.because
            for raised in self._session.assessment.concerns
            for fired in raised.rules
            if fired.rule.id in rules
        ]
        words = f"Emergency checklist: {'; '.join(steps)}.\n{' '.join(because[:2])}"
        if standing.latest is not None:
            then = f"Set aside by {told_by(standing.latest)}: {standing.latest.words}"
            words += f"\nAsks again: {standing.lapsed}. {then}"
        numbers = [
            str(one)
            for one in self._session.clinic.services
            if one.role.is_for_emergencies
        ]
        words = "\n".join(filter(None, (words, " \u00b7 ".join(numbers))))
        self.text.setText(words)

    def _put_aside(self) -> None:
        """Decide that it is set aside; the same emergency does not show again."""
        words = self.reason.text()
        self.reason.clear()
        self._session.decided.decide(EMERGENCY, "set_aside", words)


def _is_first_step(suggestion: Suggestion) -> bool:
    urgent = suggestion.tier is Tier.EMERGENCY_NOW
    return urgent and suggestion.action.kind in ("call", "advice")
