"""The assessment as a document in which suggestions are decided on by single keys.

A, E and D decide on the suggestion whose link has the keys; Up and Down go from one
suggestion to the next. The links that decide are for the mouse: Tab passes them over,
so that nobody who goes from "Why" to "Why" accepts anything with Enter.
"""

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QColor, QKeyEvent, QPalette, QTextCursor, QTextFormat
from PySide6.QtWidgets import QTextEdit

from intake.decisions import Choice
from ui.visit.link_browser import LinkBrowser
from ui.visit.suggested_html import DECIDE, OFFERED, WHY

_ABOUT = f"{WHY}suggestion/"
_CHOICES: dict[Qt.Key, Choice] = {
    Qt.Key.Key_A: "accepted",
    Qt.Key.Key_E: "adapted",
    Qt.Key.Key_D: "declined",
}
_FOR_THE_MOUSE = tuple(f"{DECIDE}{choice}/" for choice, _ in OFFERED)
#: So little of the highlight that text keeps its contrast.
_TINT = 0.12
_STEPS = {Qt.Key.Key_Down: 1, Qt.Key.Key_Up: -1}


class SuggestionView(LinkBrowser):
    """Knows which suggestion has the keys."""

    #: Somebody decides: the choice and the action's id.
    choice_wanted = Signal(str, str)

    def __init__(self, name: str) -> None:
        """Be empty; see `LinkBrowser`."""
        super().__init__(name)
        self.cursorPositionChanged.connect(self._tint)

    @property
    def action(self) -> str:
        """Return the suggestion that has the keys, or an empty text."""
        link = self.link
        if link.startswith(_ABOUT):
            return link.removeprefix(_ABOUT)
        return link.partition("/")[2] if link.startswith(DECIDE) else ""

    def focus_action(self, action: str) -> None:
        """Take the keys, on a suggestion."""
        self.focus_link(f"{_ABOUT}{action}")

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Decide, or go to another suggestion; else do as any document."""
        key = Qt.Key(event.key())
        is_plain = event.modifiers() in (
            Qt.KeyboardModifier.NoModifier,
            Qt.KeyboardModifier.ShiftModifier,
        )
        if is_plain and self.action and key in _CHOICES:
            self.choice_wanted.emit(_CHOICES[key], self.action)
        elif not (is_plain and self.action and self._step(_STEPS.get(key, 0))):
            super().keyPressEvent(event)

    def focusNextPrevChild(self, forwards: bool) -> bool:
        """Go to the next link that is not for the mouse, or out of the document."""
        while super().focusNextPrevChild(forwards):
            if not (self.hasFocus() and self.link.startswith(_FOR_THE_MOUSE)):
                return True
        return False

    def _tint(self) -> None:
        """Lay a tint under the suggestion that has the keys, not only its link."""
        if not self.action:
            self.setExtraSelections([])
            return
        ground = QTextEdit.ExtraSelection()
        cursor = self.textCursor()
        cursor.movePosition(QTextCursor.MoveOperation.StartOfBlock)
        keep = QTextCursor.MoveMode.KeepAnchor
        cursor.movePosition(QTextCursor.MoveOperation.EndOfBlock, keep)
        color = QColor(self.palette().color(QPalette.ColorRole.Highlight))
        color.setAlphaF(_TINT)
        ground.cursor = cursor
        ground.format.setBackground(color)
        width = QTextFormat.Property.FullWidthSelection
        ground.format.setProperty(width, True)
        self.setExtraSelections([ground])

    def _step(self, by: int) -> bool:
        """Go so many suggestions on; return whether there is one."""
        actions = [one for one in self.links() if one.startswith(_ABOUT)]
        here = f"{_ABOUT}{self.action}"
        if not by or here not in actions:
            return False
        place = actions.index(here) + by
        return 0 <= place < len(actions) and self.select_link(actions[place])
