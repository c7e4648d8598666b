"""Editors for one answer read key by key: choice, choices, scale, grade.

A short list stays in view. A long one shows its answer in words and opens while it is
being answered, so that the form stays short.
"""

from PySide6.QtCore import Qt
from PySide6.QtGui import QFontMetrics, QPalette
from PySide6.QtWidgets import QLabel, QVBoxLayout, QWidget

from intake.protocol import Question
from ui.sizes import px
from ui.visit.chip import Chip
from ui.visit.editors.base import KeyEditor
from ui.visit.editors.context import EditorContext
from ui.visit.editors.readers import Press, Reader
from ui.visit.flow import FlowLayout

#: A list with more letters than this opens only while it is being answered.
_SHORT = 72
_LEAST = 26


class Answer(QLabel):
    """An answer in words; "not asked" is told apart by being grey and slanted."""

    def __init__(self, blank: str, parent: QWidget | None = None) -> None:
        """Start empty; `blank` says so."""
        super().__init__(parent)
        self._blank = blank
        self.setTextFormat(Qt.TextFormat.PlainText)
        self.setWordWrap(True)
        self.show_words("")

    def show_words(self, words: str) -> None:
        """Show the words of an answer; none means not asked."""
        self.setText(words or self._blank)
        font = self.font()
        font.setItalic(not words)
        font.setBold(bool(words))
        self.setFont(font)
        role = QPalette.ColorRole
        self.setForegroundRole(role.WindowText if words else role.PlaceholderText)


class Offers(QWidget):
    """The options of a reader as chips, built when they are first needed."""

    def __init__(self, reader: Reader, parent: QWidget | None = None) -> None:
        """Build a chip for each option."""
        super().__init__(parent)
        self._reader = reader
        layout = FlowLayout(self)
        self.chips = {}
        for offer in reader.offers:
            chip = Chip(offer.key, offer.words, parent=self)
            self.chips[offer.option] = chip
            layout.addWidget(chip)
        policy = self.sizePolicy()
        policy.setHeightForWidth(True)
        self.setSizePolicy(policy)

    def show_value(self, value: object) -> None:
        """Mark the chosen options."""
        for option, chip in self.chips.items():
            chip.setChecked(self._reader.has(option, value))


class KeyedEditor(KeyEditor):
    """Shows the options of a reader and gives it the keys."""

    def __init__(
        self,
        question: Question,
        context: EditorContext,
        reader: Reader,
        parent: QWidget | None = None,
    ) -> None:
        """Show the options at once where they are few."""
        super().__init__(question, context, parent)
        self._reader = reader
        self.keys_help = reader.keys_help
        self._layout = QVBoxLayout(self)
        self._layout.setContentsMargins(0, 0, 0, 0)
        self._layout.setSpacing(3)
        self._words = Answer(self.blank, self)
        self._words.setMinimumHeight(
            max(px(_LEAST), QFontMetrics(self.font()).height() + 8)
        )
        self._layout.addWidget(self._words)
        self._offers: Offers | None = None
        self._is_short = sum(len(o.words) + 5 for o in reader.offers) <= _SHORT
        if self._is_short:
            self._show_offers(shown=True)
        reader.typed = self.half()
        #: The code that was begun was broken off; leaving does not make it an answer.
        self._is_half = bool(reader.typed)
        self.refresh()

    def refresh(self) -> None:
        """Show the stored answer, in words and on the chips."""
        value = self.value
        words = self._reader.shown(value)
        self._words.show_words(words)
        self._words.setVisible(self._offers_hidden() or bool(self._reader.typed))
        self.tell_state(words or self.blank)
        if self._offers is not None:
            self._offers.show_value(value)

    def set_active(self, active: bool) -> None:
        """Open a long list while it is being answered."""
        if not self._is_short:
            self._show_offers(shown=active)
            self.refresh()

    def press(self, key: str) -> bool:
        """Give the key to the reader and store what comes out."""
        self._is_half = False
        press = self._reader.press(key, self.value)
        self.jot(self._reader.half)
        if press is None:
            return False
        self._take(press)
        return True

    def leave(self) -> None:
        """Take a code that waited for another key; what is none yet stays."""
        if self._is_half:
            return
        typed = self._reader.typed
        press = self._reader.leave(self.value)
        if press is not None:
            self.jot("")
            self.record(press.value)
        elif typed:
            self._reader.typed, self._is_half = typed, True
            self.refresh()

    def interrupt(self) -> None:
        """Keep a code that waited for another key, as it is."""
        self._is_half = bool(self._reader.half)
        self.leave()

    def _take(self, press: Press) -> None:
        self.record(press.value)
        self.refresh()
        if press.is_done:
            self.done.emit()

    def _pick(self, option: str) -> None:
        self.setFocus(Qt.FocusReason.MouseFocusReason)
        press = self._reader.pick(option, self.value)
        self._reader.typed, self._is_half = "", False
        self.jot("")
        self._take(press)

    def _offers_hidden(self) -> bool:
        return self._offers is None or self._offers.isHidden()

    def _show_offers(self, *, shown: bool) -> None:
        if self._offers is None and shown:
            self._offers = Offers(self._reader, self)
            for option, chip in self._offers.chips.items():
                chip.clicked.connect(lambda _on=False, o=option: self._pick(o))
            self._layout.addWidget(self._offers)
        if self._offers is not None:
            self._offers.setVisible(shown)
