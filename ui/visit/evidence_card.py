"""The evidence card beside the form: opened by a "Why", closed with Esc.

It takes the place of the assessment, so that it covers no question of the form, and
follows the visit while it is open. There is one card at a time.
"""

from typing import Literal

from PySide6.QtCore import QEvent, Qt, QUrl, Signal
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import QPushButton, QVBoxLayout, QWidget

from intake.evidence_card import EvidenceCard, card_of_concern, card_of_suggestion
from intake.outcome import suspected
from intake.record import Record
from ui.session import VisitSession
from ui.theme import roomy
from ui.visit.card_html import card_html
from ui.visit.link_browser import LinkBrowser
from ui.words import PlainLabel

Kind = Literal["concern", "suggestion"]
_MAKE = {"concern": card_of_concern, "suggestion": card_of_suggestion}
_SUSPECTED = "findings listed in referral criteria for suspected"
_OUTDATED = "Out of date: the answers have changed, and this is no longer raised."


class EvidenceCardPane(QWidget):
    """Shows what one concern or one suggestion rests on."""

    #: Somebody is done with the card.
    closed = Signal()
    #: Somebody wants to go to a question (its id).
    question_wanted = Signal(str)

    def __init__(self, session: VisitSession, parent: QWidget | None = None) -> None:
        """Show nothing yet."""
        super().__init__(parent)
        self._session = session
        self._wanted: tuple[Kind, str] | None = None
        self._card: EvidenceCard | None = None
        self._shown = ""
        self.title = PlainLabel(bold=True, points=1)
        self.title.setAccessibleName("Evidence card of")
        self.back = QPushButton("&Back to the assessment (Esc)")
        self.back.clicked.connect(self.closed)
        self.view = LinkBrowser("Evidence card")
        self.view.anchorClicked.connect(self._follow)
        head = QVBoxLayout()
        # The ring around what has the keys reaches over its edge.
        head.setContentsMargins(5, 2, 5, 4)
        head.addWidget(self.back, 0, Qt.AlignmentFlag.AlignLeft)
        head.addWidget(self.title)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        layout.addLayout(head)
        layout.addWidget(self.view, 1)
        roomy(self)
        escape = QShortcut(QKeySequence(Qt.Key.Key_Escape), self)
        escape.setContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)
        escape.activated.connect(self.closed)
        session.assessment_changed.connect(self.refresh)

    def open_card(self, kind: Kind, identity: str) -> None:
        """Show the card of a concern, or of a suggested action, and take the keys."""
        self._wanted = (kind, identity)
        self._card = None
        self._shown = ""
        self.show()
        self.refresh()
        self.view.verticalScrollBar().setValue(0)
        self.view.setFocus(Qt.FocusReason.OtherFocusReason)

    def refresh(self) -> None:
        """Follow the answers; say so when what the card is about has gone."""
        if self._wanted is None or self.isHidden():
            return
        kind, identity = self._wanted
        session = self._session
        record = Record(
            session.patient, session.visit.on, session.answers, session.assessment
        )
        outdated = ""
        try:
            self._card = _MAKE[kind](record, identity)
        except KeyError:
            outdated = _OUTDATED
        if self._card is not None:
            self._draw(kind, self._card, outdated)

    def changeEvent(self, event: QEvent) -> None:
        """Follow the system from light to dark and back."""
        super().changeEvent(event)
        if event.type() == QEvent.Type.PaletteChange and self._card is not None:
            self.refresh()

    def _draw(self, kind: Kind, card: EvidenceCard, outdated: str) -> None:
        about = card.title
        if kind == "concern":
            about = f"{_SUSPECTED} {suspected(card.title)}"
        self.title.setText(f"Why: {about}")
        text = card_html(
            card, self._session.warnings, self.palette(), outdated=outdated
        )
        if text == self._shown:
            return
        self._shown = text
        self.view.show_html(text)

    def _follow(self, url: QUrl) -> None:
        if url.scheme() == "ask":
            self.question_wanted.emit(url.path())
