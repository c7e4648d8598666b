"""A line to type in, and the editor around it: parse, hint, hand on.

What is typed is kept until it is understood: a hint beside the line says what is
wrong, nothing invalid is stored, and Esc discards nothing. What was broken off is put
back as it was, also after a restart, and is taken only once it is ended with Enter.
"""

from PySide6.QtCore import QEvent, Qt, QTimer, Signal
from PySide6.QtGui import QFocusEvent, QKeyEvent, QKeySequence, QPalette
from PySide6.QtWidgets import QHBoxLayout, QLabel, QLineEdit, QWidget

from intake.answers import Value
from intake.protocol import Question
from ui.sizes import px
from ui.visit.editors.base import Editor
from ui.visit.editors.context import EditorContext

_HISTORY = (QKeySequence.StandardKey.Undo, QKeySequence.StandardKey.Redo)
#: At most so long after a key, what was typed is kept, should the program fall over.
_PAUSE_MS = 250
NOT_FINISHED = "Not finished: Enter takes it."


class EntryLine(QLineEdit):
    """A line edit that leaves Enter, the arrows, and undo of answers to the form."""

    entered = Signal()
    stepped = Signal(int)
    left = Signal()
    #: Something was typed a moment ago.
    paused = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        """Start empty."""
        super().__init__(parent)
        #: What stands here was broken off; leaving the line does not make it an answer.
        self.is_half = False
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.setInterval(_PAUSE_MS)
        self._timer.timeout.connect(self.paused)
        self.textEdited.connect(self._typed)

    def put_back(self, text: str) -> None:
        """Show what was typed and not finished."""
        self.setText(text)
        self.setModified(True)
        self.is_half = True

    def _typed(self) -> None:
        self.is_half = False
        if not self._timer.isActive():
            self._timer.start()

    def event(self, event: QEvent) -> bool:
        """Undo the visit's last answer where nothing was typed here since."""
        if (
            event.type() == QEvent.Type.ShortcutOverride
            and isinstance(event, QKeyEvent)
            and any(event.matches(key) for key in _HISTORY)
            and not self.isModified()
        ):
            event.ignore()
            return True
        return super().event(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Read Enter and the arrows; everything else is typing."""
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.entered.emit()
        elif event.key() in (Qt.Key.Key_Up, Qt.Key.Key_Down):
            self.stepped.emit(-1 if event.key() == Qt.Key.Key_Up else 1)
        elif event.key() == Qt.Key.Key_Escape:
            event.ignore()
        else:
            super().keyPressEvent(event)

    def focusOutEvent(self, event: QFocusEvent) -> None:
        """Tell the editor, which takes what was typed."""
        super().focusOutEvent(event)
        self.left.emit()


class Hint(QLabel):
    """What is wrong or what else it means, beside a field; marked by a sign."""

    def __init__(self, blank: str, parent: QWidget | None = None) -> None:
        """Start empty; a text that ends in `blank` is dim."""
        super().__init__(parent)
        self._blank = blank
        self.setTextFormat(Qt.TextFormat.PlainText)
        self.setWordWrap(True)

    def tell(self, text: str, *, wrong: bool = False) -> None:
        """Show a text; a wrong entry has a sign and bold type."""
        self.setText(f"⚠ {text}" if wrong else text)
        is_dim = text.endswith(self._blank)
        font = self.font()
        font.setBold(wrong)
        font.setItalic(is_dim)
        self.setFont(font)
        role = QPalette.ColorRole
        self.setForegroundRole(role.PlaceholderText if is_dim else role.WindowText)


class EntryEditor(Editor):
    """One line, and a hint beside it."""

    line_width = 110

    def __init__(
        self, question: Question, context: EditorContext, parent: QWidget | None = None
    ) -> None:
        """Build line and hint, and show the stored answer."""
        super().__init__(question, context, parent)
        self.line = EntryLine(self)
        self.line.setAccessibleName(question.label)
        self.line.setFixedWidth(px(self.line_width))
        self.line.setMinimumHeight(px(26))
        self.hint = Hint(self.blank, self)
        self.line.entered.connect(self._entered)
        self.line.left.connect(self.leave)
        self.line.stepped.connect(self.stepped)
        self.line.textEdited.connect(self._edited)
        self.line.paused.connect(self._keep_typed)
        self.setFocusProxy(self.line)
        layout = QHBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(8)
        layout.addWidget(self.line)
        layout.addWidget(self.hint, 1)
        self.refresh()

    def refresh(self) -> None:
        """Show the stored answer, unless something newer is being typed."""
        half = self.half()
        if self.line.isModified() and (self.line.hasFocus() or half):
            return
        value = self.value
        if half:
            self.line.put_back(half)
            self._tell_half(value)
            return
        self.line.setText("" if value is None else self.text_of(value))
        self.line.setModified(False)
        self.hint.tell(self.beside(value))
        said = "" if value is None else self.text_of(value)
        self.tell_state(said or self.blank)

    def set_active(self, active: bool) -> None:
        """Select the text, so that typing replaces it."""
        if active:
            self.line.selectAll()

    def _tell_half(self, value: Value | None) -> None:
        """Say that what stands here is no answer, and what is stored instead."""
        stored = "" if value is None else f" Stored is {self.text_of(value)}."
        self.hint.tell(f"{NOT_FINISHED}{stored}", wrong=True)
        self.tell_state(f"{self.line.text()}, not finished")

    def text_of(self, value: Value) -> str:
        """Return the stored answer as it is typed."""
        raise NotImplementedError

    def beside(self, value: Value | None) -> str:
        """Return what is shown beside the line."""
        return self.blank if value is None else ""

    def read(self, text: str) -> Value:
        """Return the value of a text; raise Misread with what is wrong."""
        raise NotImplementedError

    def take(self, value: Value) -> None:
        """Hand on what was read."""
        self.record(value)

    def ends_itself(self, text: str) -> bool:
        """Return whether the text is complete without Enter."""
        return False

    def commit(self, *, insists: bool = False) -> bool:
        """Store what was typed; return False and say why where that cannot be."""
        text = self.line.text().strip()
        if not self.line.isModified():
            return True
        try:
            value = self.read(text) if text else None
        except Misread as misread:
            if misread.may_insist and insists:
                value = misread.value
            else:
                self.hint.tell(str(misread), wrong=True)
                self.tell_state(str(misread))
                return False
        self.line.setModified(False)
        self.jot("")
        self.take(value)
        self.refresh()
        return True

    def _edited(self, text: str) -> None:
        self._refused = ""
        if self.ends_itself(text):
            self._entered()

    def _entered(self) -> None:
        text = self.line.text()
        insists = bool(text) and getattr(self, "_refused", "") == text
        if self.commit(insists=insists):
            self._refused = ""
            self.done.emit()
        else:
            self._refused = text
            self.line.selectAll()

    def leave(self) -> None:
        """Store what was typed, where that can be, and keep it where not."""
        if not self.line.is_half and not self.commit():
            self._keep_typed()

    def interrupt(self) -> None:
        """Keep what was typed, as not finished."""
        if self.line.isModified():
            self._keep_typed()
            if self.half():
                self.line.is_half = True
                self._tell_half(self.value)

    def _keep_typed(self) -> None:
        if self.line.isModified():
            self.jot(self.line.text().strip())


class Misread(Exception):  # noqa: N818  (it is no error: the hint beside a field)
    """What was typed is not taken: the hint to show, and what insisting would store."""

    def __init__(self, hint: str, value: Value | None = None) -> None:
        """Keep the hint; a value may be insisted on with a second Enter."""
        super().__init__(hint)
        self.value = value

    @property
    def may_insist(self) -> bool:
        """Return whether a second Enter takes it."""
        return self.value is not None
