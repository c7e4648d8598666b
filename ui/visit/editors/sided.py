"""The editor for the same thing on both sides: one cell LEFT, one cell RIGHT.

Rows of these under each other make the grids of the examination: one key a side, and
the focus goes from LEFT to RIGHT to the next row. A side may stay empty: not examined.
"""

from typing import Literal

from PySide6.QtCore import QRectF, QSize, Qt, Signal
from PySide6.QtGui import QFontMetrics, QMouseEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from intake.answers import Value
from intake.protocol import Question
from ui import tints
from ui.sizes import px
from ui.tints import mixed
from ui.visit.editors.base import KeyEditor
from ui.visit.editors.context import EditorContext
from ui.visit.editors.keyed import Offers
from ui.visit.editors.readers import Press, Reader

Side = Literal["left", "right"]
SIDES: tuple[Side, Side] = ("left", "right")


class Cell(QWidget):
    """One side of an answer."""

    pressed = Signal()

    def __init__(self, side: Side, blank: str, parent: QWidget | None = None) -> None:
        """Show the side, and that it is empty."""
        super().__init__(parent)
        self._blank = blank
        self._side = side.upper()
        self._words = ""
        self._is_current = False
        self.setAccessibleName(f"{self._side}: {blank}")
        height = max(28, QFontMetrics(self.font()).height() + 10)
        self.setFixedHeight(height)
        self.setMinimumWidth(px(150))

    def show_words(self, words: str, *, current: bool) -> None:
        """Show a value, and whether the next key goes here."""
        if (words, current) != (self._words, self._is_current):
            self._words, self._is_current = words, current
            self.setAccessibleName(f"{self._side}: {words or self._blank}")
            self.update()

    def sizeHint(self) -> QSize:
        """Return room for the side and a short value."""
        return QSize(190, self.height())

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Make this the side that is being answered."""
        self.pressed.emit()

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint the side, the value, and a frame."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        palette = self.palette()
        ink, base = palette.windowText().color(), palette.base().color()
        accent = palette.highlight().color()
        box = QRectF(self.rect()).adjusted(1, 1, -1, -1)
        painter.setBrush(mixed(base, accent, 0.16) if self._words else base)
        frame = accent if self._is_current else tints.edge(palette)
        painter.setPen(QPen(frame, 2 if self._is_current else 1))
        painter.drawRoundedRect(box, 4, 4)
        dim = tints.faint(palette)
        painter.setPen(dim)
        painter.drawText(
            box.adjusted(7, 0, 0, 0), Qt.AlignmentFlag.AlignVCenter, self._side
        )
        left = painter.fontMetrics().horizontalAdvance("RIGHT") + 16
        font = painter.font()
        font.setBold(bool(self._words))
        font.setItalic(not self._words)
        painter.setFont(font)
        painter.setPen(ink if self._words else dim)
        place = box.adjusted(left, 0, -4, 0)
        text = painter.fontMetrics().elidedText(
            self._words or self._blank,
            Qt.TextElideMode.ElideRight,
            int(place.width()),
        )
        painter.drawText(place, Qt.AlignmentFlag.AlignVCenter, text)


class SidedEditor(KeyEditor):
    """Two cells that read their keys with the same reader, one after the other."""

    def __init__(
        self,
        question: Question,
        context: EditorContext,
        reader: Reader,
        parent: QWidget | None = None,
    ) -> None:
        """Show both sides; the options come up while it is being answered."""
        super().__init__(question, context, parent)
        self._reader = reader
        self.keys_help = reader.keys_help
        self._side: Side = "left"
        self._is_active = False
        self._offers: Offers | None = None
        self._layout = QVBoxLayout(self)
        self._layout.setContentsMargins(0, 0, 0, 0)
        self._layout.setSpacing(3)
        line = QHBoxLayout()
        line.setSpacing(6)
        self._cells = {side: Cell(side, self.blank, self) for side in SIDES}
        for side, cell in self._cells.items():
            cell.pressed.connect(lambda s=side: self._go_to(s))
            line.addWidget(cell, 1)
        self._layout.addLayout(line)
        #: The code begun on this side was broken off; leaving does not take it.
        self._is_half = False
        for side in SIDES:
            if half := self.half(side):
                self._side, self._reader.typed, self._is_half = side, half, True
        self.refresh()

    def refresh(self) -> None:
        """Show both sides."""
        value = self.value or {}
        said = []
        for side, cell in self._cells.items():
            words = self._reader.words(value.get(side))
            said.append(f"{side.upper()} {words or self.blank}")
            is_current = self._is_active and side == self._side
            if is_current or (side == self._side and self._reader.typed):
                words = self._reader.shown(value.get(side))
            cell.show_words(words, current=is_current)
        self.tell_state(", ".join(said))
        if self._offers is not None:
            self._offers.show_value(value.get(self._side))

    def set_active(self, active: bool) -> None:
        """Begin with the first side that is empty; show the options below."""
        self._is_active = active
        if active:
            value = self.value or {}
            if not self._is_half:
                self._side = next((s for s in SIDES if s not in value), "left")
            self._show_offers()
        if self._offers is not None:
            self._offers.setVisible(active)
        self.refresh()

    def press(self, key: str) -> bool:
        """Give the key to the side that is being answered."""
        if key in ("Left", "Right"):
            self._go_to("left" if key == "Left" else "right")
            return True
        self._is_half = False
        press = self._reader.press(key, self._stored())
        self.jot(self._reader.half, self._side)
        if press is None:
            return False
        self._take(press)
        return True

    def leave(self) -> None:
        """Take a grade that waited for another key; what is none yet stays."""
        if self._is_half:
            return
        typed = self._reader.typed
        press = self._reader.leave(self._stored())
        if press is not None:
            self.jot("", self._side)
            self._record_side(press.value)
        elif typed:
            self._reader.typed, self._is_half = typed, True
            self.refresh()

    def interrupt(self) -> None:
        """Keep a grade that waited for another key, as it is."""
        self._is_half = bool(self._reader.half)
        self.leave()

    def _stored(self) -> Value | None:
        return (self.value or {}).get(self._side)

    def _record_side(self, value: Value | None) -> None:
        sides = {**(self.value or {}), self._side: value}
        kept = {side: sides[side] for side in SIDES if sides.get(side) is not None}
        self.record(kept or None)

    def _take(self, press: Press) -> None:
        self._record_side(press.value)
        if press.is_done and self._side == "left":
            self._side = "right"
            self.refresh()
            if press.rest:
                self.press(press.rest)
            return
        self.refresh()
        if press.is_done:
            self.done.emit()

    def _pick(self, option: str) -> None:
        self.setFocus(Qt.FocusReason.MouseFocusReason)
        press = self._reader.pick(option, self._stored())
        self._reader.typed, self._is_half = "", False
        self.jot("", self._side)
        self._take(press)

    def _go_to(self, side: Side) -> None:
        if side != self._side:
            self._is_half = False
            self.leave()
        if self._is_half:
            # What was begun belongs to the side it stands on.
            return
        self.setFocus(Qt.FocusReason.MouseFocusReason)
        self._side = side
        self.refresh()

    def _show_offers(self) -> None:
        if self._offers is None:
            self._offers = Offers(self._reader, self)
            for option, chip in self._offers.chips.items():
                chip.clicked.connect(lambda _on=False, o=option: self._pick(o))
            self._layout.addWidget(self._offers)
