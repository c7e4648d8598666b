"""The editor for free text: stored while it is typed, Enter goes on."""

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtGui import QFocusEvent, QKeyEvent, QTextCursor
from PySide6.QtWidgets import QPlainTextEdit, QVBoxLayout, QWidget

from intake.answer_check import storable
from intake.protocol import Question
from ui.visit.editors.base import Editor
from ui.visit.editors.context import EditorContext

#: At most so long after a key, what was typed is stored, also while typing goes on.
_PAUSE_MS = 250


class _Field(QPlainTextEdit):
    """Plain text in which Enter goes on and Shift+Enter breaks the line."""

    entered = Signal()
    left = Signal()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Go on with Enter."""
        is_enter = event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter)
        if is_enter and not event.modifiers() & Qt.KeyboardModifier.ShiftModifier:
            self.entered.emit()
        else:
            super().keyPressEvent(event)

    def focusOutEvent(self, event: QFocusEvent) -> None:
        """Tell the editor to store what was typed."""
        super().focusOutEvent(event)
        self.left.emit()


class TextEditor(Editor):
    """A few lines of plain text."""

    def __init__(
        self, question: Question, context: EditorContext, parent: QWidget | None = None
    ) -> None:
        """Build the field and show the stored text."""
        super().__init__(question, context, parent)
        self._field = _Field(self)
        self._field.setTabChangesFocus(True)
        self._field.setAccessibleName(question.label)
        self._field.setFixedHeight(self.fontMetrics().lineSpacing() * 3 + 12)
        self._field.setPlaceholderText(self.blank)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(self._field)
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.setInterval(_PAUSE_MS)
        self._timer.timeout.connect(self.leave)
        self._field.textChanged.connect(self._wait)
        self._field.entered.connect(self._entered)
        self._field.left.connect(self.leave)
        self.setFocusProxy(self._field)
        self.refresh()

    def refresh(self) -> None:
        """Show the stored text, unless it is what was typed."""
        text = self.value or ""
        if text != self._shown():
            self._field.blockSignals(True)
            self._field.setPlainText(text)
            self._field.blockSignals(False)
            if self._field.hasFocus():
                # Whoever types goes on behind it.
                self._field.moveCursor(QTextCursor.MoveOperation.End)
        self.tell_state("written" if text else self.blank)

    def leave(self) -> None:
        """Store what was typed; an empty text is not asked.

        A text that was only looked at stays as it is, also where a field cannot show
        it so: one that came from elsewhere may have blanks at its ends.
        """
        self._timer.stop()
        document = self._field.document()
        if document.isModified():
            document.setModified(False)
            self.record(self._typed() or None)

    def _typed(self) -> str:
        """Return the text as it is stored: what never is shows as a sign, at once.

        One such character, pasted in, would keep every answer of its moment from being
        stored.
        """
        return storable(self._shown())

    def _shown(self) -> str:
        """Return the text with the blanks as typed: Qt would make them all plain."""
        return self._field.document().toRawText().replace("\u2029", "\n").strip()

    def _wait(self) -> None:
        """Begin to wait, unless an earlier key did: steady typing is stored as well."""
        if not self._timer.isActive():
            self._timer.start()

    def _entered(self) -> None:
        self.leave()
        self.done.emit()
