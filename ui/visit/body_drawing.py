"""A figure of the body chart, drawn at a place on the screen.

The curves come from `intake.body_chart`, as on paper. All colours are made from the
palette, so that every look has its own figure.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from PySide6.QtCore import QLineF, QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPainterPath, QPalette, QPen, QPolygonF

from intake.body_chart import LEVELS, Figure, Region, pattern_of
from intake.body_figure import Line
from ui import tints

#: Levels named at the edge of the whole figure, where there is no room for all.
_NAMED_LEVELS = ("T1", "T4", "T8", "T12")
#: With less, one name would lie on the next.
_ROOM_FOR_LEVELS = 300
#: Where the names of the levels end in the close-up, in the figure's box.
_BESIDE_THE_SPINE = 0.485
_STEP = 3.5


@dataclass(frozen=True, slots=True)
class Inks:
    """The colours of a figure."""

    skin: QColor
    bone: QColor
    fold: QColor
    outline: QColor
    words: QColor
    region: QColor
    mark: QColor
    on_mark: QColor

    @classmethod
    def of(cls, palette: QPalette) -> "Inks":
        """Return the colours for a look."""
        ink, base = palette.windowText().color(), palette.base().color()
        accent = palette.highlight().color()
        return cls(
            skin=tints.mixed(base, ink, 0.03),
            bone=tints.mixed(base, tints.edge(palette), 0.42),
            fold=tints.mixed(base, tints.edge(palette), 0.70),
            outline=tints.mixed(tints.edge(palette), ink, 0.50),
            words=tints.faint(palette),
            region=accent,
            mark=accent,
            on_mark=palette.highlightedText().color(),
        )


class Drawing:
    """One figure in a rectangle: `box` is where the part that is shown stands."""

    def __init__(self, figure: Figure, box: QRectF, inks: Inks, letter: float) -> None:
        """Work out the curves once; `letter` is the height of the letters."""
        self.figure = figure
        self.box = box
        self._inks = inks
        self._letter = letter
        self._outline = self._path(figure.outline)
        self._folds = [self._path(line) for line in figure.lines]
        self._bones = [(self._path(line), line.is_closed) for line in figure.bones]

    def point(self, x: float, y: float) -> QPointF:
        """Return where a point of the figure's box stands on the screen."""
        left, top, right, bottom = self.figure.window
        return QPointF(
            self.box.left() + (x - left) / (right - left) * self.box.width(),
            self.box.top() + (y - top) / (bottom - top) * self.box.height(),
        )

    def in_box(self, place: QPointF) -> tuple[float, float]:
        """Return which point of the figure's box stands at a place on the screen."""
        left, top, right, bottom = self.figure.window
        return (
            left + (place.x() - self.box.left()) / self.box.width() * (right - left),
            top + (place.y() - self.box.top()) / self.box.height() * (bottom - top),
        )

    def paint_body(self, painter: QPainter, tinted: Mapping[Region, float]) -> None:
        """Paint the figure, and each region with its share of the accent."""
        inks = self._inks
        painter.save()
        painter.setClipRect(self.box)
        painter.fillPath(self._outline, inks.skin)
        painter.setPen(QPen(inks.bone, 1))
        for path, is_closed in self._bones:
            painter.setBrush(inks.skin if is_closed else Qt.BrushStyle.NoBrush)
            painter.drawPath(path)
        painter.save()
        painter.setClipPath(self._outline, Qt.ClipOperation.IntersectClip)
        for found, share in tinted.items():
            self._paint_region(painter, found, share)
        painter.restore()
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.setPen(QPen(inks.fold, 1))
        for path in self._folds:
            painter.drawPath(path)
        painter.setPen(QPen(inks.outline, 1.5))
        painter.drawPath(self._outline)
        painter.restore()
        if self.figure.is_part:
            painter.setPen(QPen(inks.bone, 1))
            painter.drawRoundedRect(self.box, 4, 4)

    def paint_levels(self, painter: QPainter) -> None:
        """Name every level beside its vertebra, or some at the edge."""
        painter.setPen(self._inks.words)
        high = self._letter * 1.6
        right = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
        if self.figure.is_part:
            for level, height in LEVELS.items():
                place = self.point(_BESIDE_THE_SPINE, height)
                words = QRectF(place.x() - 60, place.y() - high / 2, 60, high)
                painter.drawText(words, right, level)
        elif self.figure.view == "back" and self.box.height() > _ROOM_FOR_LEVELS:
            for level in _NAMED_LEVELS:
                place = self.point(0.88, LEVELS[level])
                painter.drawLine(place - QPointF(7, 0), place - QPointF(3, 0))
                words = QRectF(place.x(), place.y() - high / 2, 60, high)
                painter.drawText(words, Qt.AlignmentFlag.AlignVCenter, level)

    def paint_marks(
        self, painter: QPainter, marks: Sequence[Mapping[str, Any]]
    ) -> None:
        """Paint the marks of this view: number, and the pattern of the quality."""
        for number, mark in enumerate(marks, start=1):
            place = self.point(mark["x"], mark["y"])
            if mark["view"] == self.figure.view and self.box.contains(place):
                self._paint_pattern(painter, place, mark)
                self._paint_number(painter, place, number)

    def _paint_region(self, painter: QPainter, found: Region, share: float) -> None:
        """Tint a region; the bones show through."""
        tint = QColor(self._inks.region)
        tint.setAlphaF(share)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(tint)
        for shape in found.shapes.get(self.figure.view, ()):
            painter.drawPolygon(QPolygonF([self.point(*point) for point in shape]))

    def _paint_pattern(
        self, painter: QPainter, place: QPointF, mark: Mapping[str, Any]
    ) -> None:
        strokes = pattern_of(mark)
        if not strokes:
            return
        reach = self._letter * 1.8
        halo = QPainterPath()
        halo.addEllipse(place, reach, reach)
        painter.save()
        painter.setPen(QPen(self._inks.mark, 1.2))
        painter.setBrush(self._inks.skin)
        painter.drawPath(halo)
        painter.setClipPath(halo)
        painter.drawLines(list(_strokes(place, reach, strokes)))
        painter.restore()

    def _paint_number(self, painter: QPainter, place: QPointF, number: int) -> None:
        reach = self._letter * 0.85
        circle = QRectF(0, 0, 2 * reach, 2 * reach)
        circle.moveCenter(place)
        painter.setBrush(self._inks.mark)
        painter.setPen(QPen(self._inks.on_mark, 1))
        painter.drawEllipse(circle)
        painter.drawText(circle, Qt.AlignmentFlag.AlignCenter, str(number))

    def _path(self, line: Line) -> QPainterPath:
        path = QPainterPath(self.point(*line.start))
        for first, second, end in line.curves:
            path.cubicTo(self.point(*first), self.point(*second), self.point(*end))
        return path


def _strokes(place: QPointF, reach: float, strokes: Iterable[str]) -> Iterable[QLineF]:
    ways = {
        "level": (1.0, 0.0),
        "upright": (0.0, 1.0),
        "rising": (0.7, -0.7),
        "falling": (0.7, 0.7),
    }
    steps = int(reach / _STEP)
    for stroke in strokes:
        along, down = ways[stroke]
        for step in range(-steps, steps + 1):
            middle = place + QPointF(-down, along) * (step * _STEP)
            half = QPointF(along, down) * reach
            yield QLineF(middle - half, middle + half)
