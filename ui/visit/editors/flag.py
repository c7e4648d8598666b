"""Yes, no, unsure, or not asked: four states, four keys, one of them always true.

`Y`, `N` and `U` answer, `D` records that the patient would not, `Delete` goes back to
not asked. A sided question takes `N` once for both sides; `Y` then asks which side.
"""

from PySide6.QtCore import Qt
from PySide6.QtGui import QPalette
from PySide6.QtWidgets import QLabel, QWidget

from intake.protocol import Question
from ui.visit.chip import Chip, Tone
from ui.visit.editors.base import KeyEditor
from ui.visit.editors.context import EditorContext
from ui.visit.flow import FlowLayout

_STATES: tuple[tuple[str, str, Tone], ...] = (
    ("Y", "Yes", "yes"),
    ("N", "No", "no"),
    ("U", "Unsure", "unsure"),
)
_KEYS: dict[str, Tone] = {key: tone for key, _, tone in _STATES}
_WORDS: dict[str, str] = {tone: words for _, words, tone in _STATES}
_SIDES = (("L", "LEFT only"), ("R", "RIGHT only"), ("B", "Both"))
_VALUES: dict[str, dict[str, str]] = {
    "L": {"left": "yes", "right": "no"},
    "R": {"left": "no", "right": "yes"},
    "B": {"left": "yes", "right": "yes"},
}


class FlagEditor(KeyEditor):
    """Three chips and a word for "not asked"."""

    def __init__(
        self, question: Question, context: EditorContext, parent: QWidget | None = None
    ) -> None:
        """Build the three chips; none is chosen."""
        super().__init__(question, context, parent)
        self._line = FlowLayout(self)
        self._chips: dict[str, Chip] = {}
        for key, words, tone in _STATES:
            chip = Chip(key, words, tone=tone, parent=self)
            chip.clicked.connect(lambda _on=False, k=key: self._clicked(k))
            self._chips[tone] = chip
            self._line.addWidget(chip)
        self._decline = Chip("D", "Declined", tone="unsure", parent=self)
        self._decline.clicked.connect(lambda: self._clicked("D"))
        self._decline.hide()
        self._line.addWidget(self._decline)
        self._add_more()
        self._note = QLabel(self)
        self._note.setTextFormat(Qt.TextFormat.PlainText)
        font = self._note.font()
        font.setItalic(True)
        self._note.setFont(font)
        self._note.setForegroundRole(QPalette.ColorRole.PlaceholderText)
        self._note.setMinimumHeight(self._decline.sizeHint().height())
        self._note.setContentsMargins(6, 0, 0, 0)
        self._line.addWidget(self._note)
        self.refresh()

    def refresh(self) -> None:
        """Show the state by chip and by word."""
        value = self.value
        for state, chip in self._chips.items():
            chip.setChecked(value == state)
        declined = self.context.is_declined(self.question.id)
        self._say(_WORDS.get(value or "", self.blank), declined=declined)

    def set_active(self, active: bool) -> None:
        """Offer "declined" while it is being answered."""
        self._decline.setVisible(active)

    def press(self, key: str) -> bool:
        """Answer with one key."""
        name = key.upper()
        if key == "Delete":
            self.record(None)
        elif key == "Enter":
            self.done.emit()
        elif name == "D":
            self.declined.emit()
            self.done.emit()
        elif name in _KEYS:
            self.record(_KEYS[name])
            self.done.emit()
        else:
            return False
        return True

    def _say(self, words: str, *, declined: bool) -> None:
        told = "declined to answer" if declined else words
        self._decline.setChecked(declined)
        self._note.setText("declined" if declined else "" if self.value else self.blank)
        self.tell_state(told)

    def _add_more(self) -> None:
        """Leave room for the sides."""

    def _clicked(self, key: str) -> None:
        self.setFocus(Qt.FocusReason.MouseFocusReason)
        tone = _KEYS.get(key)
        if tone is not None and self.value and self._chips[tone].isChecked():
            self.record(None)
        else:
            self.press(key)


class SidedFlagEditor(FlagEditor):
    """Yes asks for the side; no and unsure are for both at once."""

    def _add_more(self) -> None:
        # A yes whose side was never said is put back: it still asks.
        self._asks_side = bool(self.half())
        self._side_chips: dict[str, Chip] = {}
        for key, words in _SIDES:
            chip = Chip(key, words, parent=self)
            chip.clicked.connect(lambda _on=False, k=key: self._clicked_side(k))
            chip.hide()
            self._side_chips[key] = chip
            self._line.addWidget(chip)

    def refresh(self) -> None:
        """Show the state, and the sides once it is yes."""
        value: dict[str, str] = self.value or {}
        states = set(value.values())
        has_yes = self._has_yes()
        state = "yes" if has_yes else next(iter(states)) if len(states) == 1 else ""
        for name, chip in self._chips.items():
            chip.setChecked(name == state or (name == "yes" and self._asks_side))
        for key, chip in self._side_chips.items():
            chip.setVisible(has_yes or self._asks_side)
            chip.setChecked(not self._asks_side and value == _VALUES[key])
        words = ", ".join(f"{s.upper()} {_WORDS[v]}" for s, v in value.items())
        declined = self.context.is_declined(self.question.id)
        self._say(words or self.blank, declined=declined)
        self._decline.setVisible(self._decline.isVisible() and not has_yes)
        if self._asks_side:
            self._decline.hide()
            self._note.setText("which side?")
            self.tell_state("which side?")
        elif has_yes and value not in _VALUES.values():
            self._note.setText(words)

    def press(self, key: str) -> bool:
        """Answer with one key, or two where the answer is yes."""
        name = key.upper()
        if name == "Y":
            self._asks_side = True
            self.jot("yes")
            self.refresh()
        elif name in _VALUES and (self._asks_side or self._has_yes()):
            self._answer()
            self.record(_VALUES[name])
            self.refresh()
            self.done.emit()
        elif name in ("N", "U"):
            self._answer()
            self.record({"left": _KEYS[name], "right": _KEYS[name]})
            self.refresh()
            self.done.emit()
        elif key == "Enter" and self._asks_side:
            return True
        elif name in ("D", "DELETE"):
            self._answer()
            return super().press(key)
        else:
            return super().press(key)
        return True

    def _answer(self) -> None:
        """Ask for no side any more."""
        self._asks_side = False
        self.jot("")

    def _has_yes(self) -> bool:
        return "yes" in (self.value or {}).values()

    def set_active(self, active: bool) -> None:
        """Offer "declined" where the sides leave room for it."""
        super().set_active(active and not self._has_yes())

    def _clicked_side(self, key: str) -> None:
        self.setFocus(Qt.FocusReason.MouseFocusReason)
        self.press(key)
