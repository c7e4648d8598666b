"""The "more" key of a section: questions that no answer has opened, opened by hand."""

from collections.abc import Callable

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtGui import QFontMetrics, QKeyEvent
from PySide6.QtWidgets import (
    QListWidget,
    QListWidgetItem,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from intake.protocol import Question, Section
from ui.session import VisitSession
from ui.sizes import px
from ui.visit import asked

_ROWS = 9
#: Lines that open several questions at once: their name, and what belongs to them.
_GROUPS: tuple[tuple[str, Callable[[Question], bool]], ...] = (
    (
        "Full nerve examination",
        lambda q: _opens(q) == "full_neuro",
    ),
    ("Movement in degrees", lambda q: q.by_hand.startswith('Key "degrees"')),
    ("Medicare P.A.R.T.", lambda q: "Medicare" in q.by_hand),
    ("Safety of imaging", lambda q: q.by_hand.startswith("Imaging suggested")),
    ("Before a thrust", lambda q: q.by_hand.startswith("Before a thrust")),
)


class _Closed(QListWidget):
    """The closed questions; Enter opens the one that is chosen."""

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Open with Enter."""
        item = self.currentItem()
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and item is not None:
            self.itemActivated.emit(item)
        else:
            super().keyPressEvent(event)


class MoreQuestions(QWidget):
    """A button, and under it the list of what else may be asked here."""

    #: A question that somebody wants to answer.
    chosen = Signal(str)
    #: The list was opened.
    unfolded = Signal()

    def __init__(
        self, session: VisitSession, section: Section, parent: QWidget | None = None
    ) -> None:
        """Build the button; the list comes when it is pressed."""
        super().__init__(parent)
        self._session = session
        self._section = section
        self.button = QPushButton(parent)
        self.button.setMinimumHeight(px(26))
        self.button.setCheckable(True)
        self.button.setAutoDefault(False)
        self.button.setToolTip("Ctrl+M")
        self.button.toggled.connect(self._toggled)
        self._list = _Closed(self)
        self._list.setAccessibleName(f"More questions of {section.title}")
        self._list.itemActivated.connect(self._open)
        self._list.itemClicked.connect(self._open)
        self._all = QPushButton("Open all of these", self)
        self._all.setMinimumHeight(px(26))
        self._all.setAutoDefault(False)
        self._all.clicked.connect(self._open_all)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(10, 4, 8, 4)
        layout.addWidget(self._list)
        layout.addWidget(self._all, 0, Qt.AlignmentFlag.AlignLeft)
        self.hide()

    def refresh(self) -> None:
        """Count what is closed; list it while the list is open."""
        closed = asked.closed_in(self._session, self._section.id)
        self.button.setText(f"More questions: {len(closed)}  (Ctrl+M)")
        self.button.setVisible(bool(closed))
        if not self.isHidden():
            self._fill()

    def _toggled(self, on: bool) -> None:
        self.setVisible(on)
        if on:
            self._fill()
            self._list.setFocus(Qt.FocusReason.OtherFocusReason)
            self.unfolded.emit()

    def _fill(self) -> None:
        closed = asked.closed_in(self._session, self._section.id)
        self._list.clear()
        for name, belongs in _GROUPS:
            group = [q.id for q in closed if belongs(q)]
            if group:
                self._list.addItem(_item(f"{name}: opens {len(group)}", group))
        for question in closed:
            on_demand = question.by_hand in ("", "On demand.")
            reason = "" if on_demand else f"   ({question.by_hand.rstrip('.')})"
            self._list.addItem(_item(f"{question.label}{reason}", [question.id]))
        if closed:
            self._list.setCurrentRow(0)
            height = max(24, self._list.sizeHintForRow(0))
            self._list.setFixedHeight(height * min(_ROWS, self._list.count()) + 6)

    def _open(self, item: QListWidgetItem) -> None:
        questions: list[str] = item.data(Qt.ItemDataRole.UserRole)
        self.button.setChecked(False)
        self._session.open_by_hand(questions)
        self.chosen.emit(questions[0])

    def _open_all(self) -> None:
        closed = asked.closed_in(self._session, self._section.id)
        self.button.setChecked(False)
        self._session.open_by_hand([question.id for question in closed])
        if closed:
            self.chosen.emit(closed[0].id)


def _opens(question: Question) -> str:
    return question.opens.text if question.opens else ""


def _item(text: str, questions: list[str]) -> QListWidgetItem:
    item = QListWidgetItem(text)
    item.setSizeHint(QSize(0, max(24, QFontMetrics(item.font()).height() + 6)))
    item.setData(Qt.ItemDataRole.UserRole, questions)
    return item
