"""What every editor promises to the form, whatever kind of question it is for.

An editor turns keys and clicks into stored values, shows the stored answer, and never
keeps an answer of its own: after `recorded` the form stores it and calls `refresh`.
Nothing is preselected, and nothing invalid is ever handed on.
"""

from collections.abc import Mapping

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QFocusEvent, QKeyEvent
from PySide6.QtWidgets import QWidget

from intake.answers import Value
from intake.protocol import Question
from ui.focus_ring import SHOWS_KEYS
from ui.visit.editors.context import EditorContext

#: What an empty answer is called, by the step of the visit.
_BLANK = {"examination": "not examined", "results": "no result"}
_STEPS = {Qt.Key.Key_Up: -1, Qt.Key.Key_Down: 1}


class Editor(QWidget):
    """Edits the answer to one question."""

    #: Question id -> new value (None: not asked again). Mostly one; a chart fills more.
    recorded = Signal(object)
    #: The patient would not answer.
    declined = Signal()
    #: The answer is complete: go on to the next open question.
    done = Signal()
    #: Go to the question above (-1) or below (1) without answering.
    stepped = Signal(int)
    #: What is typed and no answer yet: field -> text, empty where it is one now.
    jotted = Signal(object)

    #: Whether it needs the width of the form, with its label above it.
    is_wide = False
    #: What is special about its keys, shown with the help while it is answered.
    keys_help = ""

    def __init__(
        self, question: Question, context: EditorContext, parent: QWidget | None = None
    ) -> None:
        """Prepare for one question; the subclass builds its controls."""
        super().__init__(parent)
        self.question = question
        self.context = context
        self.setObjectName(question.id)
        self.setAccessibleName(question.label)
        sections = context.protocol.sections
        step = next(s.step for s in sections if s.id == question.section)
        #: What to say where there is no answer.
        self.blank = _BLANK.get(step, "not asked")

    @property
    def watches(self) -> frozenset[str]:
        """Return the questions whose answers it shows."""
        return frozenset((self.question.id,))

    @property
    def value(self) -> Value | None:
        """Return the stored answer."""
        return self.context.answer(self.question.id)

    def refresh(self) -> None:
        """Show the stored answer."""
        raise NotImplementedError

    def set_active(self, active: bool) -> None:
        """Show more of itself while it is the one being answered."""

    def leave(self) -> None:
        """Take what was typed but not ended with Enter: nothing typed is lost."""

    def interrupt(self) -> None:
        """Keep what was typed as it is: somebody or something broke the typing off.

        Half a number is no answer; it is put back as "not finished".
        """
        self.leave()

    def half(self, part: str = "") -> str:
        """Return what was kept as not finished in this field, or a part of it."""
        return self.context.jotted(self._field_name(part))

    def jot(self, text: str, part: str = "") -> None:
        """Keep what is typed and no answer yet; an empty text: it is one now."""
        if text != self.half(part):
            self.jotted.emit({self._field_name(part): text})

    def _field_name(self, part: str) -> str:
        return f"{self.question.id}/{part}" if part else self.question.id

    def record(self, value: Value | None) -> None:
        """Hand on a new value, unless it is the stored one."""
        if value != self.value:
            self.recorded.emit({self.question.id: value})

    def record_many(self, values: Mapping[str, Value | None]) -> None:
        """Hand on values of several questions as one step."""
        self.recorded.emit(dict(values))

    def tell_state(self, state: str) -> None:
        """Say the answer to screen readers: it is part of the accessible name."""
        self.setAccessibleName(f"{self.question.label}: {state}")


class KeyEditor(Editor):
    """An editor that has the keyboard itself and reads single keys."""

    def __init__(
        self, question: Question, context: EditorContext, parent: QWidget | None = None
    ) -> None:
        """Take the focus by Tab and by click."""
        super().__init__(question, context, parent)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        # Its row has a bar and a tint.
        self.setProperty(SHOWS_KEYS, True)

    def press(self, key: str) -> bool:
        """Take one key (a character, `Enter`, `Delete`, `Left`, `Right`) or not."""
        raise NotImplementedError

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Read one key, or let the form have it."""
        step = _STEPS.get(Qt.Key(event.key()))
        if step is not None:
            self.stepped.emit(step)
            return
        key = name_of(event)
        if not key or not self.press(key):
            event.ignore()

    def focusOutEvent(self, event: QFocusEvent) -> None:
        """Take what was typed before somebody else has the keyboard."""
        super().focusOutEvent(event)
        self.leave()


_NAMED = {
    Qt.Key.Key_Return: "Enter",
    Qt.Key.Key_Enter: "Enter",
    Qt.Key.Key_Delete: "Delete",
    Qt.Key.Key_Backspace: "Delete",
    Qt.Key.Key_Left: "Left",
    Qt.Key.Key_Right: "Right",
}
_COMMANDS = (
    Qt.KeyboardModifier.ControlModifier
    | Qt.KeyboardModifier.AltModifier
    | Qt.KeyboardModifier.MetaModifier
)


def name_of(event: QKeyEvent) -> str:
    """Return the key as editors read it; empty for commands and dead keys."""
    if event.modifiers() & _COMMANDS:
        return ""
    named = _NAMED.get(Qt.Key(event.key()))
    if named:
        return named
    text = event.text()
    return text if text.isprintable() else ""
