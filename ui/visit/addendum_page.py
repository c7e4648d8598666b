"""Adding to a signed visit: a note, a result that came in, or a correction.

It is signed by itself and linked to what was signed before; the visit stays as it is.
"""

from typing import Any

from PySide6.QtCore import Signal
from PySide6.QtWidgets import (
    QButtonGroup,
    QHBoxLayout,
    QPlainTextEdit,
    QRadioButton,
    QVBoxLayout,
    QWidget,
)

from intake.answers import Value
from intake.signing import AddendumKind
from ui.room import scrolling
from ui.session import VisitSession
from ui.sizes import px
from ui.theme import roomy
from ui.visit.addendum_answers import AddendumAnswers
from ui.visit.sign_row import SignRow
from ui.words import PlainLabel

_KINDS: tuple[tuple[AddendumKind, str], ...] = (
    ("addendum", "&Note: something to add in words"),
    ("result", "&Result: a test or a report came in"),
    ("correction", "&Correction: an answer was wrong"),
)
#: Under which names an unsigned addendum is kept; no question has such a name.
_KIND, _TEXT, _ANSWERS = "kind", "text", "answers"


class AddendumPage(QWidget):
    """One addendum while it is written."""

    #: Somebody wants to sign it, with this passphrase.
    wanted = Signal(str)
    #: Go back to the signed visit; what was written is kept.
    back = Signal()

    def __init__(
        self, session: VisitSession, *, asks: bool, parent: QWidget | None = None
    ) -> None:
        """Write an addendum to the session's visit; see `AddendumAnswers`."""
        super().__init__(parent)
        self.visit_id = session.visit.id
        self.kinds = QButtonGroup(self)
        row = QHBoxLayout()
        for place, (_, words) in enumerate(_KINDS):
            key = QRadioButton(words)
            self.kinds.addButton(key, place)
            row.addWidget(key)
        row.addStretch(1)
        self.text = QPlainTextEdit()
        self.text.setAccessibleName("Text of the addendum")
        self.text.setPlaceholderText("What is added, in words")
        self.text.setTabChangesFocus(True)
        self.text.setMinimumHeight(px(90))
        self.answers = AddendumAnswers(session)
        self.sign_row = SignRow("&Sign the addendum", "&Back to the visit", asks=asks)
        self.sign_row.wanted.connect(self._sign)
        self.sign_row.left.connect(self.back)
        inner = QWidget()
        column = QVBoxLayout(inner)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(self.text)
        column.addWidget(self.answers)
        column.addStretch(1)
        area = scrolling(inner)
        area.setAccessibleName("What is added")
        layout = QVBoxLayout(self)
        layout.setContentsMargins(24, 12, 24, 12)
        layout.addWidget(PlainLabel("Addendum to a signed visit", bold=True, points=4))
        layout.addWidget(
            PlainLabel(
                f"Visit of {session.visit.on:%Y-%m-%d}. What was signed stays as it "
                "is; the addendum stands below it, signed by you.",
                faint=True,
            )
        )
        layout.addLayout(row)
        layout.addWidget(area, 1)
        layout.addWidget(self.sign_row)
        self.kinds.idToggled.connect(self._offer)
        self.kinds.button(0).setChecked(True)
        roomy(self)
        self._jottings = session.jottings
        self._put_back(session.jottings.fields())
        self.text.textChanged.connect(self._keep)
        self.kinds.idToggled.connect(self._keep)
        session.answers_changed.connect(self._keep)

    def interrupt(self) -> None:
        """Keep what is being typed as it is: the screen is taken away."""
        self.answers.interrupt()
        self._keep()

    @property
    def kind(self) -> AddendumKind:
        """Return which kind is chosen."""
        return _KINDS[self.kinds.checkedId()][0]

    def content(self) -> tuple[str, dict[str, Value | None]]:
        """Return the text and the answers; a note has none."""
        answers = {} if self.kind == "addendum" else self.answers.answers()
        return self.text.toPlainText().strip(), answers

    def forget(self) -> None:
        """Keep nothing any more: it is signed."""
        self.answers.session.answers_changed.disconnect(self._keep)
        self._jottings.forget()

    def _put_back(self, kept: dict[str, Any]) -> None:
        """Show what was written here before and not signed."""
        places = [kind for kind, _ in _KINDS]
        if kept.get(_KIND) in places:
            self.kinds.button(places.index(kept[_KIND])).setChecked(True)
        self.text.setPlainText(str(kept.get(_TEXT, "")))
        self.answers.put_back(kept.get(_ANSWERS) or {})

    def _keep(self) -> None:
        """Keep what is written, until it is signed; a page as it came is nothing."""
        text, answers = self.text.toPlainText(), self.answers.changed()
        is_begun = bool(text.strip() or answers or self.answers.rows)
        self._jottings.keep(
            {_KIND: self.kind if is_begun else "", _TEXT: text, _ANSWERS: answers}
        )

    def _offer(self, place: int, checked: bool) -> None:
        if checked:
            self.answers.offer(_KINDS[place][0])

    def _sign(self, passphrase: str) -> None:
        text, answers = self.content()
        if not text and not answers:
            self.sign_row.say("There is nothing to sign yet: write what is added.")
            self.text.setFocus()
            return
        self.wanted.emit(passphrase)
