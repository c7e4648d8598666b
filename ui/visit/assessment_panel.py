"""The assessment beside the form, for the clinician only.

It is drawn as one plain document that is set anew only when what it says has changed.
Suggestions are decided on in it, with a single key or a click.
It never says "all clear" and shows no probability for this patient.
"""

from typing import cast

from PySide6.QtCore import QEvent, Qt, QUrl, Signal
from PySide6.QtGui import QKeySequence, QPalette, QShortcut
from PySide6.QtWidgets import QApplication, QStackedWidget, QVBoxLayout, QWidget
from shiboken6 import isValid

from intake.decisions import Choice
from ui.session import VisitSession
from ui.visit.decision_row import DecisionRow
from ui.visit.evidence_card import EvidenceCardPane, Kind
from ui.visit.panel_html import could_be_words, panel_html
from ui.visit.suggested_html import DECIDE, WHY
from ui.visit.suggestion_view import SuggestionView
from ui.visit.tier_marks import MARKS
from ui.words import PlainLabel


class AssessmentPanel(QWidget):
    """What the answers so far suggest, why, and what to ask next."""

    #: Somebody wants to go to a question (its id).
    question_wanted = Signal(str)
    #: Somebody takes the last step back, or forth again.
    undo_wanted = Signal()
    redo_wanted = Signal()

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
        self.view = SuggestionView("Assessment")
        # A click on a link leaves the keys in the form; Tab and Ctrl+G come here.
        self.view.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.view.anchorClicked.connect(self._follow)
        self.view.choice_wanted.connect(self._choose)
        self.row = DecisionRow(session.jottings)
        self.row.decided.connect(self._decide)
        self.row.left.connect(self.view.focus_action)
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
        layout.addWidget(self.row)
        self._bind_keys()
        session.assessment_changed.connect(self.refresh)
        session.decided.changed.connect(self.refresh)
        self.refresh()
        self.row.put_back(self._labels())

    def refresh(self) -> None:
        """Show the assessment as it is now, if it says anything new."""
        assessment = self._session.assessment
        self.headline.setText(f"{MARKS[assessment.tier]} {assessment.headline}")
        self.could_be.setText(could_be_words(assessment))
        self.could_be.setVisible(bool(self.could_be.text()))
        text = panel_html(self._session, self.palette())
        if text != self._shown:
            self._shown = text
            self._show(text)
        asked = self.row.action
        if asked and asked not in self._labels():
            # What is not suggested any more is not decided on.
            self.row.hide()

    def focus_reasons(self) -> None:
        """Take the keys, on the card that is open, or where something waits.

        That is the first suggestion nobody has decided on, else the first "Why".
        """
        waiting = self._session.decided.open()
        if self._stack.currentWidget() is self.card:
            self.card.view.setFocus(Qt.FocusReason.OtherFocusReason)
        elif waiting:
            self.view.focus_action(waiting[0].action.id)
        else:
            self.view.focus_link(WHY)

    def focus_suggestion(self, action: str) -> None:
        """Take the keys, on a suggestion."""
        self._stack.setCurrentWidget(self.view)
        self.view.focus_action(action)

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

    def _bind_keys(self) -> None:
        keys = {
            "Ctrl+Z": self.undo_wanted,
            "Ctrl+Shift+Z": self.redo_wanted,
            "Ctrl+Y": self.redo_wanted,
        }
        for key, wanted in keys.items():
            shortcut = QShortcut(QKeySequence(key), self.view)
            shortcut.setContext(Qt.ShortcutContext.WidgetShortcut)
            shortcut.activated.connect(wanted)

    def _show(self, text: str) -> None:
        """Show another text; the suggestion that has the keys keeps them."""
        action = self.view.action
        self.view.show_html(text)
        if action and self.view.action != action:
            # The link that had them is gone: it decided.
            place = self.view.verticalScrollBar().value()
            self.view.select_link(f"{WHY}suggestion/{action}")
            self.view.verticalScrollBar().setValue(place)

    def _labels(self) -> dict[str, str]:
        suggested = self._session.assessment.suggestions
        return {one.action.id: one.action.label for one in suggested}

    def _choose(self, choice: Choice, action: str) -> None:
        """Decide at once where no words are needed, else ask for them below."""
        label = self._labels().get(action)
        if label is not None and choice in ("adapted", "declined"):
            self.row.ask(choice, action, label)
        elif label is not None or choice == "taken_back":
            self._decide(choice, action, "", "")

    def _decide(self, choice: Choice, action: str, words: str, reason: str) -> None:
        """Decide, and give the keys to what waits next, where they were here."""
        had_keys = self.isAncestorOf(QApplication.focusWidget() or self.window())
        self._session.decided.decide(action, choice, words, reason)
        if had_keys:
            is_open = choice == "taken_back"
            self.view.focus_action(action if is_open else self._next_after(action))

    def _next_after(self, action: str) -> str:
        """Return the next suggestion that waits; the same one where none does."""
        actions = list(self._labels())
        waiting = {one.action.id for one in self._session.decided.open()}
        place = actions.index(action) + 1 if action in actions else 0
        in_turn = [*actions[place:], *actions[:place]]
        return next((one for one in in_turn if one in waiting), action)

    def _follow(self, url: QUrl) -> None:
        if url.scheme() == "ask":
            self.question_wanted.emit(url.path())
            return
        kind, _, identity = url.path().partition("/")
        if url.scheme() == DECIDE.rstrip(":"):
            self._choose(cast("Choice", kind), identity)
            return
        if kind in ("concern", "suggestion"):
            self._opened_from = QApplication.focusWidget()
            self._opened_by = url.toString()
            self._stack.setCurrentWidget(self.card)
            self.card.open_card(cast("Kind", kind), identity)
