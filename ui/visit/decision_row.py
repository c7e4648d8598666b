"""Where the words of a decision are typed: at the foot of the panel, nothing opens.

To decline, a reason of the short list is chosen by its digit or a click, or another one
is typed. To adapt, one types what is done instead. Enter decides, Esc leaves all as it
was. What is typed and not decided is kept as anything unfinished is.
"""

from collections.abc import Mapping
from html import escape

from PySide6.QtCore import Qt, QUrl, Signal
from PySide6.QtGui import QKeySequence, QResizeEvent, QShortcut, QShowEvent
from PySide6.QtWidgets import (
    QFrame,
    QHBoxLayout,
    QLineEdit,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from intake.decisions import Choice
from intake.decline_reasons import DeclineReason, decline_reasons
from ui.theme import roomy
from ui.unfinished import Jottings
from ui.visit.link_browser import LinkBrowser, style_of
from ui.words import PlainLabel

#: No question has a name that begins so.
_KEPT = "decision/"
_TITLES: dict[Choice, str] = {"declined": "Decline", "adapted": "Adapt"}
_ASKS: dict[Choice, str] = {
    "declined": "a digit, or your own reason",
    "adapted": "what is done instead",
}


class DecisionRow(QFrame):
    """Hidden until somebody declines or adapts."""

    #: The words are there: choice, action, words, and the id of a listed reason.
    decided = Signal(str, str, str, str)
    #: Somebody leaves it as it was: the action.
    left = Signal(str)

    def __init__(self, jottings: Jottings, parent: QWidget | None = None) -> None:
        """Ask nothing yet; see `ask`. Unfinished words are kept in `jottings`."""
        super().__init__(parent)
        self._jottings = jottings
        self._choice: Choice = "declined"
        self._action = ""
        self.setFrameShape(QFrame.Shape.StyledPanel)
        self.title = PlainLabel(bold=True)
        self.field = QLineEdit()
        self.field.textEdited.connect(self._keep)
        self.field.returnPressed.connect(self._enter)
        self.keep = QPushButton("Decide (Enter)")
        self.keep.clicked.connect(self._enter)
        self.leave = QPushButton("Leave (Esc)")
        self.leave.clicked.connect(self._leave)
        #: The reasons as links, which wrap where buttons would be cut off.
        self.reasons = LinkBrowser("Reasons to decline")
        self.reasons.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.reasons.anchorClicked.connect(self._follow)
        keys = QHBoxLayout()
        keys.addWidget(self.keep)
        keys.addWidget(self.leave)
        keys.addStretch(1)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(8, 6, 8, 6)
        layout.setSpacing(4)
        layout.addWidget(self.title)
        layout.addWidget(self.field)
        layout.addWidget(self.reasons)
        layout.addLayout(keys)
        roomy(self)
        leave = QShortcut(QKeySequence(Qt.Key.Key_Escape), self)
        leave.setContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)
        leave.activated.connect(self._leave)
        self.hide()

    @property
    def action(self) -> str:
        """Return the action that is asked about, or an empty text."""
        return "" if self.isHidden() else self._action

    def ask(self, choice: Choice, action: str, label: str) -> None:
        """Ask for the words of a decision; what was typed for the same one is there."""
        self._show(choice, action, f"{_TITLES[choice]}: {label}")
        self.field.setFocus(Qt.FocusReason.OtherFocusReason)

    def put_back(self, labels: Mapping[str, str]) -> None:
        """Show words that were typed and not decided; the keys stay where they are.

        Args:
            labels: what is suggested, by action.
        """
        for choice, title in _TITLES.items():
            for action, label in labels.items():
                if self._jottings[_name(choice, action)]:
                    self._show(choice, action, f"Not decided yet. {title}: {label}")
                    return

    def _show(self, choice: Choice, action: str, title: str) -> None:
        self._choice, self._action = choice, action
        self.title.setText(title)
        # Unlike clear(), this cannot be undone.
        self.field.setText(str(self._jottings[_name(choice, action)]))
        self.field.setPlaceholderText(_ASKS[choice].capitalize())
        self.field.setAccessibleName(f"{title}: {_ASKS[choice]}")
        self.reasons.setVisible(choice == "declined")
        self.reasons.show_html(style_of(self.palette()) + _list_html())
        self.show()

    def _keep(self, text: str) -> None:
        self._jottings.keep({_name(self._choice, self._action): text})

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Give the reasons the height they need at this width."""
        super().resizeEvent(event)
        self._fit()

    def showEvent(self, event: QShowEvent) -> None:
        """Give the reasons the height they need."""
        super().showEvent(event)
        self._fit()

    def _fit(self) -> None:
        document = self.reasons.document()
        document.setTextWidth(self.width() - 20)
        self.reasons.setFixedHeight(int(document.size().height()) + 2)

    def _enter(self) -> None:
        """Take a digit as the reason of this number, anything else as typed."""
        text = self.field.text().strip()
        listed = {str(n): one for n, one in enumerate(decline_reasons(), 1)}
        if self._choice == "declined" and text in listed:
            self._choose(listed[text])
        elif text:
            self._decide(text, "")

    def _follow(self, url: QUrl) -> None:
        self._choose(decline_reasons()[int(url.path()) - 1])

    def _choose(self, reason: DeclineReason) -> None:
        self._decide(reason.text, reason.id)

    def _decide(self, words: str, reason: str) -> None:
        self._keep("")
        self.field.setText("")
        # Before it hides: whoever takes the keys next has to know that they were here.
        self.decided.emit(self._choice, self._action, words, reason)
        self.hide()

    def _leave(self) -> None:
        """Hide; what was typed stays for when the same is asked again."""
        self.hide()
        self.left.emit(self._action)


def _name(choice: Choice, action: str) -> str:
    """Return under which name unfinished words are kept."""
    return f"{_KEPT}{choice}/{action}"


def _list_html() -> str:
    rows = (
        f"<p>{number}\u2002<a href='reason:{number}'>{escape(reason.text)}</a></p>"
        for number, reason in enumerate(decline_reasons(), 1)
    )
    return "".join(rows)
