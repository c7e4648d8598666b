"""The assessment beside the form, for the clinician only.

It is drawn as one plain document that is set anew only when what it says has changed.
It never says "all clear" and shows no probability for this patient.
"""

from typing import cast

from PySide6.QtCore import QEvent, Qt, QUrl, Signal
from PySide6.QtGui import QPalette
from PySide6.QtWidgets import QApplication, QStackedWidget, QVBoxLayout, QWidget
from shiboken6 import isValid

from ui.session import VisitSession
from ui.visit.evidence_card import EvidenceCardPane, Kind
from ui.visit.link_browser import LinkBrowser
from ui.visit.panel_html import WHY, could_be_words, panel_html
from ui.visit.tier_marks import MARKS
from ui.words import PlainLabel


class AssessmentPanel(QWidget):
    """What the answers so far suggest, why, and what to ask next."""

    #: Somebody wants to go to a question (its id).
    question_wanted = Signal(str)

    def __init__(self, session: VisitSession, parent: QWidget | None = None) -> None:
        """Show the session's assessment and follow it."""
        super().__init__(parent)
        self._session = session
        self._shown = ""
        self.setAutoFillBackground(True)
        self.setBackgroundRole(QPalette.ColorRole.Base)
        self.headline = PlainLabel(bold=True, points=4)
        self.headline.setAccessibleName("Urgency")
        self.could_be = PlainLabel()
        self.could_be.setAccessibleName("What open questions could change")
        self.view = LinkBrowser("Assessment")
        # A click on a link leaves the keys in the form; Tab and Ctrl+G come here.
        self.view.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.view.anchorClicked.connect(self._follow)
        self.card = EvidenceCardPane(session)
        self.card.closed.connect(self.close_card)
        self.card.question_wanted.connect(self.question_wanted)
        self._opened_from: QWidget | None = None
        self._opened_by = WHY
        self._stack = QStackedWidget()
        self._stack.addWidget(self.view)
        self._stack.addWidget(self.card)
        head = QVBoxLayout()
        head.setContentsMargins(5, 5, 5, 2)
        head.setSpacing(2)
        head.addWidget(self.headline)
        head.addWidget(self.could_be)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        layout.addLayout(head)
        layout.addWidget(self._stack, 1)
        session.assessment_changed.connect(self.refresh)
        self.refresh()

    def refresh(self) -> None:
        """Show the assessment as it is now, if it says anything new."""
        assessment = self._session.assessment
        self.headline.setText(f"{MARKS[assessment.tier]} {assessment.headline}")
        self.could_be.setText(could_be_words(assessment))
        self.could_be.setVisible(bool(self.could_be.text()))
        text = panel_html(self._session, self.palette())
        if text == self._shown:
            return
        self._shown = text
        self.view.show_html(text)

    def focus_reasons(self) -> None:
        """Take the keys, on the first "Why" or on the card that is open."""
        if self._stack.currentWidget() is self.card:
            self.card.view.setFocus(Qt.FocusReason.OtherFocusReason)
        else:
            self.view.focus_link(WHY)

    def close_card(self) -> None:
        """Show the assessment again; the keys go back to where they came from."""
        self._stack.setCurrentWidget(self.view)
        back = self._opened_from
        self._opened_from = None
        if back is self.view or back is None or not isValid(back):
            self.view.focus_link(self._opened_by)
        else:
            back.setFocus(Qt.FocusReason.OtherFocusReason)

    def changeEvent(self, event: QEvent) -> None:
        """Follow the system from light to dark and back."""
        super().changeEvent(event)
        if event.type() == QEvent.Type.PaletteChange and self._shown:
            self.refresh()

    def _follow(self, url: QUrl) -> None:
        if url.scheme() == "ask":
            self.question_wanted.emit(url.path())
            return
        kind, _, identity = url.path().partition("/")
        if kind in ("concern", "suggestion"):
            self._opened_from = QApplication.focusWidget()
            self._opened_by = url.toString()
            self._stack.setCurrentWidget(self.card)
            self.card.open_card(cast("Kind", kind), identity)
