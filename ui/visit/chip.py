"""A small button that shows its key, its words, and whether it is chosen.

Chosen or not is told by shape and glyph as well as by tint: a tick and a filled box
for yes and for chosen options, a cross and a heavy frame for no, a question mark and
a dashed frame for unsure. All colours come from the palette.
"""

from typing import Literal

from PySide6.QtCore import QEvent, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QFont, QFontMetrics, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QAbstractButton, QWidget

from ui import tints
from ui.sizes import px

Tone = Literal["yes", "no", "unsure"]
_GLYPHS: dict[Tone, str] = {"yes": "✓", "no": "✕", "unsure": "?"}
_LEAST = 26
_PADDING = 7


class Chip(QAbstractButton):
    """One option of an editor. It takes no focus: the editor has it, and the keys."""

    def __init__(
        self, key: str, words: str, *, tone: Tone = "yes", parent: QWidget | None = None
    ) -> None:
        """Show a key and words, not chosen."""
        super().__init__(parent)
        self._key = key
        self._tone = tone
        # A button's own text reads "&" as the mark of a shortcut.
        self.setText(words.replace("&", "&&"))
        self._words = words
        self.setCheckable(True)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.setAccessibleName(f"{words}, key {key}" if key else words)
        self._size: QSize | None = None
        self._shows_key = True
        self._is_held = False

    def show_key(self, key: str) -> None:
        """Show the key only while it does something; its room stays."""
        self._shows_key = bool(key)
        self.setAccessibleName(f"{self._words}, key {key}" if key else self._words)
        self.update()

    def set_held(self, held: bool) -> None:
        """Show that the arrows are on it."""
        if held != self._is_held:
            self._is_held = held
            self.update()

    def nextCheckState(self) -> None:  # noqa: N802  (Qt's name)
        """Leave the state to the editor, which knows the stored answer."""

    def changeEvent(self, event: QEvent) -> None:
        """Measure anew with other letters."""
        if event.type() == QEvent.Type.FontChange:
            self._size = None
            self.updateGeometry()
        super().changeEvent(event)

    def sizeHint(self) -> QSize:
        """Return room for key and words."""
        if self._size is None:
            font = QFont(self.font())
            font.setWeight(QFont.Weight.DemiBold)
            metrics = QFontMetrics(font)
            width = metrics.horizontalAdvance(self._words) + 2 * _PADDING
            if self._key:
                width += self._key_width(metrics) + 5
            height = max(px(_LEAST), metrics.height() + 8)
            self._size = QSize(max(width, _LEAST), height)
        return self._size

    def minimumSizeHint(self) -> QSize:
        """Return the same: words are never cut."""
        return self.sizeHint()

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint box, key or glyph, and words."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        box = QRectF(self.rect()).adjusted(1, 1, -1, -1)
        fill, frame, ink = self._colours()
        painter.setBrush(fill)
        painter.setPen(frame)
        painter.drawRoundedRect(box, 4, 4)
        if self._is_held:
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.setPen(QPen(ink, 2))
            painter.drawRoundedRect(box.adjusted(2, 2, -2, -2), 3, 3)
        left = box.left() + _PADDING - 1
        if self._key:
            left = self._paint_key(painter, left, ink)
        font = QFont(self.font())
        font.setWeight(
            QFont.Weight.DemiBold if self.isChecked() else QFont.Weight.Normal
        )
        painter.setFont(font)
        painter.setPen(ink)
        place = QRectF(left, 0, self.width() - left, self.height())
        painter.drawText(place, Qt.AlignmentFlag.AlignVCenter, self._words)

    def _paint_key(self, painter: QPainter, left: float, ink: QColor) -> float:
        text = self._key_text()
        painter.setPen(ink if self.isChecked() else tints.faint(self.palette()))
        painter.setFont(self.font())
        width = self._key_width(painter.fontMetrics())
        place = QRectF(left, 0, width, self.height())
        painter.drawText(place, Qt.AlignmentFlag.AlignVCenter, text)
        return left + width + 5

    def _key_text(self) -> str:
        if self.isChecked():
            return _GLYPHS[self._tone]
        return self._key if self._shows_key else ""

    def _key_width(self, metrics: QFontMetrics) -> int:
        """Return room for the key or the glyph, so that choosing moves nothing."""
        both = (self._key, _GLYPHS[self._tone])
        return max(metrics.horizontalAdvance(text) for text in both)

    def _colours(self) -> tuple[QColor, QPen, QColor]:
        palette = self.palette()
        ink = palette.windowText().color()
        accent = palette.highlight().color()
        if not self.isChecked():
            ground = (
                tints.hovered(palette) if self.underMouse() else palette.base().color()
            )
            return ground, QPen(tints.edge(palette), 1), ink
        if self._tone == "yes":
            return accent, QPen(accent, 1), palette.highlightedText().color()
        if self._tone == "no":
            return tints.chosen_no(palette), QPen(ink, 2), ink
        dashed = QPen(ink, 2, Qt.PenStyle.DashLine)
        return tints.chosen_unsure(palette), dashed, ink
