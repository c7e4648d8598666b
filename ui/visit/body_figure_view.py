"""One view of the body: shows regions and marks, and tells where it was touched.

A click or a tap marks where it ends; a finger that moves scrolls the form instead.
LEFT and RIGHT are written beside the figure because they are the patient's.
"""

from collections.abc import Mapping, Sequence
from typing import Any

from PySide6.QtCore import QEvent, QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import (
    QFont,
    QFontMetrics,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QTouchEvent,
)
from PySide6.QtWidgets import QApplication, QScrollArea, QWidget

from intake.body_chart import Figure, Region, place_in_words, region, region_at
from ui.visit.body_drawing import Drawing, Inks

#: How strongly a region is tinted: one that is marked, and one that is pointed at.
_MARKED, _POINTED = 0.38, 0.20


class BodyFigureView(QWidget):
    """The front, the back, or the back enlarged."""

    #: Where the figure was clicked, in its box.
    pointed = Signal(float, float)
    #: What is under the mouse, in words, or an empty text.
    hovered = Signal(str)

    def __init__(self, figure: Figure, parent: QWidget | None = None) -> None:
        """Show a figure without marks."""
        super().__init__(parent)
        self.figure = figure
        self._marks: Sequence[Mapping[str, Any]] = ()
        self._regions: frozenset[str] = frozenset()
        self._under_mouse: Region | None = None
        self._held: Region | None = None
        self._words_under_mouse = ""
        self._drawing: Drawing | None = None
        self._pressed_at: QPointF | None = None
        self._is_dragged = False
        self.setMouseTracking(True)
        self.setAttribute(Qt.WidgetAttribute.WA_AcceptTouchEvents)
        self.setCursor(Qt.CursorShape.CrossCursor)
        self.setAccessibleName(f"Body chart, {figure.title}")
        self.setAccessibleDescription("The list of regions does the same.")

    def show_marks(
        self, marks: Sequence[Mapping[str, Any]], regions: frozenset[str]
    ) -> None:
        """Show the marks of this view, with their numbers, and tint the regions."""
        self._marks, self._regions = marks, regions
        self.update()

    def hold_out(self, found: Region | None) -> None:
        """Tint the region that the keys are on."""
        self._held = found
        self.update()

    def set_height(self, height: int) -> None:
        """Take a new height; the width follows."""
        body = height - 2 * self._edge()
        self.setFixedSize(round(body * self.figure.aspect) + 8, height)

    def sizeHint(self) -> QSize:
        """Return the size that was set."""
        return self.minimumSize()

    @property
    def drawing(self) -> Drawing:
        """Return the drawing for this size and look."""
        if self._drawing is None:
            edge = self._edge()
            height = self.height() - 2 * edge
            width = height * self.figure.aspect
            box = QRectF((self.width() - width) / 2, edge, width, height)
            letter = QFontMetrics(self._small()).height() * 0.62
            self._drawing = Drawing(self.figure, box, Inks.of(self.palette()), letter)
        return self._drawing

    def event(self, event: QEvent) -> bool:
        """Let a finger tap and drag; draw anew in another size, font or look."""
        if event.type() in _NEW_LOOKS:
            self._drawing = None
        if isinstance(event, QTouchEvent):
            return self._touched(event)
        return super().event(event)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Remember where: a click counts where it is let go."""
        if event.button() == Qt.MouseButton.LeftButton:
            self._press(event.position())

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        """Tell where the figure was clicked."""
        if event.button() == Qt.MouseButton.LeftButton:
            self._release(event.position())

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Show the region under the mouse."""
        place = self.drawing.in_box(event.position())
        self._hover(
            region_at(self.figure.view, *place),
            place_in_words(self.figure.view, *place),
        )

    def leaveEvent(self, event: QEvent) -> None:
        """Show no region."""
        self._hover(None, "")

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint regions, outline, levels and marks."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        tinted = dict.fromkeys(map(region, self._regions), _MARKED)
        for pointed in (self._under_mouse, self._held):
            if pointed is not None:
                tinted[pointed] = tinted.get(pointed, 0.0) + _POINTED
        self.drawing.paint_body(painter, tinted)
        painter.setFont(self._small())
        self.drawing.paint_levels(painter)
        self._paint_sides(painter)
        bold = self._small()
        bold.setBold(True)
        painter.setFont(bold)
        self.drawing.paint_marks(painter, self._marks)

    def _paint_sides(self, painter: QPainter) -> None:
        painter.setPen(self.palette().windowText().color())
        front = self.figure.view == "front"
        sides = ("RIGHT", "LEFT") if front else ("LEFT", "RIGHT")
        edge = self._edge()
        top = QRectF(2, 0, self.width() - 4, edge)
        painter.drawText(top, Qt.AlignmentFlag.AlignLeft, sides[0])
        painter.drawText(top, Qt.AlignmentFlag.AlignRight, sides[1])
        foot = QRectF(0, self.height() - edge, self.width(), edge)
        middle = Qt.AlignmentFlag.AlignHCenter | Qt.AlignmentFlag.AlignBottom
        painter.drawText(foot, middle, self.figure.title)

    def _touched(self, event: QTouchEvent) -> bool:
        """Mark where a finger taps; scroll where it drags."""
        finger = event.points()[0]
        if event.type() == QEvent.Type.TouchBegin:
            self._press(finger.position())
        elif event.type() == QEvent.Type.TouchUpdate:
            way = finger.globalPosition() - finger.globalPressPosition()
            if way.manhattanLength() >= QApplication.startDragDistance():
                self._is_dragged = True
            if self._is_dragged:
                self._scroll(finger.globalLastPosition() - finger.globalPosition())
        elif event.type() == QEvent.Type.TouchEnd and not self._is_dragged:
            self._release(finger.position())
        event.accept()
        return True

    def _scroll(self, way: QPointF) -> None:
        area = self.parentWidget()
        while area is not None and not isinstance(area, QScrollArea):
            area = area.parentWidget()
        if area is not None:
            bar = area.verticalScrollBar()
            bar.setValue(bar.value() + round(way.y()))

    def _press(self, place: QPointF) -> None:
        self._pressed_at, self._is_dragged = place, False

    def _release(self, place: QPointF) -> None:
        """Take it as meant where it was let go near where it was pressed."""
        start, self._pressed_at = self._pressed_at, None
        if start is None:
            return
        if (place - start).manhattanLength() < QApplication.startDragDistance():
            self.pointed.emit(*self.drawing.in_box(start))

    def _hover(self, found: Region | None, words: str) -> None:
        if found is not self._under_mouse:
            self._under_mouse = found
            self.update()
        if words != self._words_under_mouse:
            self._words_under_mouse = words
            self.hovered.emit(words)

    def _small(self) -> QFont:
        font = QFont(self.font())
        font.setPointSizeF(max(7.0, font.pointSizeF() - 1.5))
        return font

    def _edge(self) -> float:
        """Return the room for words above and below."""
        return QFontMetrics(self._small()).height() + 2.0


_NEW_LOOKS = (
    QEvent.Type.Resize,
    QEvent.Type.PaletteChange,
    QEvent.Type.FontChange,
    QEvent.Type.EnabledChange,
)
