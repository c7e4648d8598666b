"""One view of the body: shows regions and marks, and tells where it was clicked.

The outline and the regions come from `intake.body_chart`, as on paper. LEFT and RIGHT
are written beside the figure because they are the patient's.
"""

from collections.abc import Mapping, Sequence
from typing import Any

from PySide6.QtCore import QEvent, QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import (
    QColor,
    QMouseEvent,
    QPainter,
    QPainterPath,
    QPaintEvent,
    QPen,
    QPolygonF,
    QResizeEvent,
)
from PySide6.QtWidgets import QWidget

from intake.body_chart import ASPECT, FIGURES, LEVELS, Region, region, region_at
from intake.body_figure import Line
from ui.tints import mixed

_EDGE = 16.0


class BodyFigureView(QWidget):
    """The front or the back."""

    #: Where the figure was clicked, in its box.
    pointed = Signal(float, float)
    #: The region under the mouse (its name), or an empty text.
    hovered = Signal(str)

    def __init__(self, view: str, parent: QWidget | None = None) -> None:
        """Show a figure without marks."""
        super().__init__(parent)
        self._figure = FIGURES[view]
        self._marks: Sequence[Mapping[str, Any]] = ()
        self._regions: frozenset[str] = frozenset()
        self._under_mouse: Region | None = None
        self._outline = QPainterPath()
        self._lines = QPainterPath()
        self._box = QRectF()
        self.setMouseTracking(True)
        self.setCursor(Qt.CursorShape.CrossCursor)
        self.setAccessibleName(f"Body chart, {self._figure.title}")
        self.setAccessibleDescription("The region list beside it does the same.")

    def show_marks(
        self, marks: Sequence[Mapping[str, Any]], regions: frozenset[str]
    ) -> None:
        """Show the marks of this view, with their numbers, and tint the regions."""
        self._marks, self._regions = marks, regions
        self.update()

    def set_height(self, height: int) -> None:
        """Take a new height; the width follows."""
        self.setFixedSize(int((height - 2 * _EDGE) * ASPECT) + 8, height)

    def sizeHint(self) -> QSize:
        """Return the size that was set."""
        return self.minimumSize()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Work out the curves once for this size."""
        height = self.height() - 2 * _EDGE
        width = height * ASPECT
        self._box = QRectF((self.width() - width) / 2, _EDGE, width, height)
        self._outline = self._path(self._figure.outline)
        self._lines = QPainterPath()
        for line in self._figure.lines:
            self._lines.addPath(self._path(line))

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Tell where the figure was clicked."""
        if event.button() == Qt.MouseButton.LeftButton:
            x, y = self._in_box(event.position())
            self.pointed.emit(x, y)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Show the region under the mouse."""
        self._hover(region_at(self._figure.view, *self._in_box(event.position())))

    def leaveEvent(self, event: QEvent) -> None:
        """Show no region."""
        self._hover(None)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint regions, outline, levels and marks."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        palette = self.palette()
        ink, base = palette.windowText().color(), palette.base().color()
        accent = palette.highlight().color()
        painter.fillPath(self._outline, mixed(base, ink, 0.04))
        self._paint_regions(painter, mixed(base, accent, 0.35))
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.setPen(QPen(mixed(base, ink, 0.30), 1))
        painter.drawPath(self._lines)
        painter.setPen(QPen(mixed(base, ink, 0.65), 1.4))
        painter.drawPath(self._outline)
        self._paint_words(painter, mixed(base, ink, 0.65))
        self._paint_marks(painter, accent, palette.highlightedText().color())

    def _paint_regions(self, painter: QPainter, tint: QColor) -> None:
        painter.save()
        painter.setClipPath(self._outline)
        painter.setPen(Qt.PenStyle.NoPen)
        shown = [region(name) for name in self._regions]
        for found in shown:
            self._paint_region(painter, found, tint)
        if self._under_mouse is not None and self._under_mouse not in shown:
            faint = QColor(tint)
            faint.setAlphaF(0.5)
            self._paint_region(painter, self._under_mouse, faint)
        painter.restore()

    def _paint_region(self, painter: QPainter, found: Region, tint: QColor) -> None:
        painter.setBrush(tint)
        for shape in found.shapes.get(self._figure.view, ()):
            painter.drawPolygon(QPolygonF([self._point(*point) for point in shape]))

    def _paint_words(self, painter: QPainter, ink: QColor) -> None:
        painter.setPen(ink)
        font = painter.font()
        font.setPointSizeF(max(7.0, font.pointSizeF() - 2))
        painter.setFont(font)
        sides = ("RIGHT", "LEFT") if self._figure.view == "front" else ("LEFT", "RIGHT")
        top = QRectF(0, 0, self.width(), _EDGE)
        painter.drawText(top, Qt.AlignmentFlag.AlignLeft, sides[0])
        painter.drawText(top, Qt.AlignmentFlag.AlignRight, sides[1])
        bottom = QRectF(0, self.height() - _EDGE, self.width(), _EDGE)
        painter.drawText(bottom, Qt.AlignmentFlag.AlignHCenter, self._figure.title)
        if self._figure.view == "back" and self._box.height() > 300:
            self._paint_levels(painter)

    def _paint_levels(self, painter: QPainter) -> None:
        """Name some levels at the edge, beside the shoulder and the arm."""
        for level in ("T1", "T4", "T8", "T12"):
            place = self._point(0.9, LEVELS[level])
            painter.drawLine(place - QPointF(8, 0), place - QPointF(3, 0))
            painter.drawText(place + QPointF(0, 3), level)

    def _paint_marks(self, painter: QPainter, fill: QColor, ink: QColor) -> None:
        font = painter.font()
        font.setBold(True)
        painter.setFont(font)
        for number, mark in enumerate(self._marks, start=1):
            if mark["view"] != self._figure.view:
                continue
            circle = QRectF(0, 0, 16, 16)
            circle.moveCenter(self._point(mark["x"], mark["y"]))
            painter.setBrush(fill)
            painter.setPen(QPen(ink, 1))
            painter.drawEllipse(circle)
            painter.drawText(circle, Qt.AlignmentFlag.AlignCenter, str(number))

    def _path(self, line: Line) -> QPainterPath:
        path = QPainterPath(self._point(*line.start))
        for first, second, end in line.curves:
            path.cubicTo(self._point(*first), self._point(*second), self._point(*end))
        return path

    def _point(self, x: float, y: float) -> QPointF:
        box = self._box
        return QPointF(box.left() + x * box.width(), box.top() + y * box.height())

    def _in_box(self, place: QPointF) -> tuple[float, float]:
        box = self._box
        return (
            (place.x() - box.left()) / box.width(),
            (place.y() - box.top()) / box.height(),
        )

    def _hover(self, found: Region | None) -> None:
        if found is not self._under_mouse:
            self._under_mouse = found
            self.hovered.emit(found.name if found else "")
            self.update()
