"""A small picture of one trend from 0 to 10; its words stand beside it."""

from PySide6.QtCore import QPointF, QRectF, QSize
from PySide6.QtGui import QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QWidget

from intake.earlier import Trend
from ui import tints
from ui.sizes import px

_WIDTH, _HEIGHT = 150, 44
_MOST = 10.0
_MARGIN = 6


class TrendPlot(QWidget):
    """Points by day, joined; the last one is filled. Screen readers read the words."""

    def __init__(self, trend: Trend, parent: QWidget | None = None) -> None:
        """Show a trend of at least two points."""
        super().__init__(parent)
        self._trend = trend
        self.setFixedSize(QSize(px(_WIDTH), px(_HEIGHT)))
        self.setAccessibleName(f"Trend, 0 to 10. {trend.in_words}")

    def places(self) -> list[QPointF]:
        """Return where the points are painted: days to the right, ten at the top."""
        room = QRectF(self.rect()).adjusted(_MARGIN, _MARGIN, -_MARGIN, -_MARGIN)
        first = self._trend.points[0][0]
        days = max(1, (self._trend.points[-1][0] - first).days)
        return [
            QPointF(
                room.left() + room.width() * (on - first).days / days,
                room.bottom() - room.height() * value / _MOST,
            )
            for on, value in self._trend.points
        ]

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Paint the lines of 0 and 10, then the trend."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        palette = self.palette()
        painter.setPen(QPen(tints.edge(palette), 1))
        for height in (_MARGIN, self.height() - _MARGIN):
            painter.drawLine(_MARGIN, height, self.width() - _MARGIN, height)
        painter.setPen(QPen(palette.windowText().color(), 1.5))
        places = self.places()
        painter.drawPolyline(places)
        for place in places:
            is_last = place is places[-1]
            ink, ground = palette.windowText(), palette.window()
            painter.setBrush(ink if is_last else ground)
            painter.drawEllipse(place, 3.0, 3.0)
