"""The editors for lists that are typed row by row.

Enter adds what was typed; Enter on the empty line goes on; `0` means asked, none.
"""

import re
from typing import Any

from PySide6.QtCore import Qt, QTimer
from PySide6.QtWidgets import QHBoxLayout, QLabel, QToolButton, QVBoxLayout, QWidget

from intake.answer_check import storable
from intake.protocol import Question
from ui.sizes import px
from ui.visit.editors.base import Editor
from ui.visit.editors.context import EditorContext
from ui.visit.editors.entry import NOT_FINISHED, EntryLine, Hint, Misread

_MOST_ACTIVITIES = 5
#: At most so long after a key, the row being typed is stored as far as it goes.
_PAUSE_MS = 250


class RowsEditor(Editor):
    """Rows of text, each with a key to take it away.

    A row is stored while it is typed, so that nothing is lost; it is shown among the
    others once Enter has ended it.
    """

    hint_text = "0 for none"
    stores_while_typed = True

    def __init__(
        self, question: Question, context: EditorContext, parent: QWidget | None = None
    ) -> None:
        """Build the line for the next row."""
        super().__init__(question, context, parent)
        self._layout = QVBoxLayout(self)
        self._layout.setContentsMargins(0, 0, 0, 0)
        self._layout.setSpacing(2)
        self._shown: list[QWidget] = []
        #: The answer before the row that is being typed; unset while none is.
        self._before: list[Any] | None = None
        self._is_typing = False
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.setInterval(_PAUSE_MS)
        self._timer.timeout.connect(self._store_typed)
        self._line = EntryLine(self)
        self._line.setMinimumHeight(px(26))
        self._line.setAccessibleName(f"{question.label}, next row")
        self._line.entered.connect(self._entered)
        self._line.left.connect(self.leave)
        self._line.stepped.connect(self.stepped)
        self._line.textEdited.connect(self._edited)
        self._hint = Hint(self.blank, self)
        self._none = QLabel("None", self)
        font = self._none.font()
        font.setBold(True)
        self._none.setFont(font)
        self._layout.addWidget(self._none)
        bottom = QHBoxLayout()
        bottom.addWidget(self._line, 3)
        bottom.addWidget(self._hint, 2)
        self._layout.addLayout(bottom)
        self.setFocusProxy(self._line)
        self.refresh()
        if half := self.half():
            self._line.put_back(half)
            self._hint.tell(NOT_FINISHED, wrong=True)

    def refresh(self) -> None:
        """Show the rows."""
        rows = self._before if self._is_typing else self.value
        for widget in self._shown:
            self._layout.removeWidget(widget)
            widget.hide()
            widget.deleteLater()
        self._shown = [self._row(i, row) for i, row in enumerate(rows or [])]
        for i, widget in enumerate(self._shown):
            self._layout.insertWidget(i, widget)
        state = self.blank if rows is None else "None" if not rows else ""
        self._none.setVisible(rows == [])
        self._hint.tell(f"{self.hint_text}, {state}" if rows is None else "")
        said = [self.words_of(row) for row in rows or []]
        self.tell_state(", ".join(said) or state)

    def words_of(self, row: Any) -> str:  # noqa: ANN401  (a stored row of any kind)
        """Return a row in words."""
        return str(row)

    def read(self, text: str) -> Any:  # noqa: ANN401  (a stored row of any kind)
        """Return the row that a text stands for."""
        return text

    def add(self) -> bool:
        """Add what was typed; return False and say why where that cannot be."""
        text = self._typed()
        if not text:
            self.jot("")
            self._end_typing()
            return True
        try:
            row = self.read(text)
        except Misread as misread:
            self._hint.tell(str(misread), wrong=True)
            self.jot(text)
            return False
        self.jot("")
        self._line.clear()
        self._line.setModified(False)
        rows = self._before if self._is_typing else self.value
        self._timer.stop()
        self._is_typing = False
        self.record([*(rows or []), row])
        self.refresh()
        return True

    def _typed(self) -> str:
        """Return the row being typed, as far as it can be stored."""
        return storable(self._line.text().strip())

    def _store_typed(self) -> None:
        """Store the row as far as it is typed."""
        text = self._typed()
        if not self._is_typing:
            self._before = self.value
            self._is_typing = True
        self.record([*(self._before or []), text] if text else self._before)

    def _end_typing(self) -> None:
        """Take back a row that was begun and emptied again."""
        self._timer.stop()
        if self._is_typing:
            self._is_typing = False
            self.record(self._before)
            self.refresh()

    def _row(self, index: int, row: Any) -> QWidget:  # noqa: ANN401  (as above)
        holder = QWidget(self)
        line = QHBoxLayout(holder)
        line.setContentsMargins(0, 0, 0, 0)
        words = QLabel(self.words_of(row), holder)
        words.setTextFormat(Qt.TextFormat.PlainText)
        words.setWordWrap(True)
        font = words.font()
        font.setBold(True)
        words.setFont(font)
        away = QToolButton(holder)
        away.setText("✕")
        away.setAutoRaise(True)
        away.setMinimumSize(px(24), px(24))
        away.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        away.setAccessibleName(f"Take away row {index + 1}")
        away.clicked.connect(lambda _on=False, i=index: self._take_away(i))
        line.addWidget(words, 1)
        line.addWidget(away)
        return holder

    def _take_away(self, index: int) -> None:
        self.add()
        rows = [row for i, row in enumerate(self.value or []) if i != index]
        self.record(rows or None)
        self.refresh()

    def _edited(self, text: str) -> None:
        if text == "0" and not self.value:
            self._line.clear()
            self.record([])
            self.refresh()
            self.done.emit()
        elif self.stores_while_typed and not self._timer.isActive():
            self._timer.start()

    def _entered(self) -> None:
        if not self._typed():
            self.done.emit()
        else:
            self.add()

    def leave(self) -> None:
        """Add what was typed, where that can be, and keep it where not."""
        if not self._line.is_half:
            self.add()


class ActivitiesEditor(RowsEditor):
    """Up to five activities, each with a score at its end: ``lifting the child 4``."""

    hint_text = "activity and score: lifting 4"
    #: Half a row is no activity with its score: until it is one, it is kept as typed.
    stores_while_typed = False

    def __init__(
        self, question: Question, context: EditorContext, parent: QWidget | None = None
    ) -> None:
        """Keep half a row beside the answer."""
        super().__init__(question, context, parent)
        self._line.paused.connect(lambda: self.jot(self._typed()))

    def words_of(self, row: Any) -> str:  # noqa: ANN401  (a stored row of any kind)
        """Return activity and score."""
        return f"{row['activity']}: {row['score']} of 10"

    def read(self, text: str) -> Any:  # noqa: ANN401  (as above)
        """Read an activity and its score."""
        if len(self.value or []) >= _MOST_ACTIVITIES:
            raise Misread("Five at most; take one away first.")
        match = re.fullmatch(r"(.*\S)[\s:,]+(10|\d)", text)
        if match is None:
            raise Misread("Add the score, 0 to 10: lifting the child 4")
        return {"activity": match[1].rstrip(":,"), "score": int(match[2])}
