"""How large the letters are: with them grows what was made for them, at once.

Lengths are made with `ui.sizes.px` when a page is built. When the letters change
later, whatever has a length or letters of its own is brought along here, and every
page lays itself out anew: nobody has to start the program again.
"""

from PySide6.QtCore import QSize
from PySide6.QtGui import QFont, QFontMetrics, QResizeEvent
from PySide6.QtWidgets import QApplication, QWidget

#: What may be chosen, in per cent of the size that the system says.
PERCENTS = (100, 125, 150, 175, 200)
#: As Qt has it: no limit was set.
_NO_LIMIT = 16_777_215


class Letters:
    """The letters of the program."""

    def __init__(self, application: QApplication) -> None:
        """Take the system's size for 100 per cent."""
        self._application = application
        self._usual = QFont(application.font())
        self.percent = 100

    def make(self, percent: int) -> None:
        """Make all letters a size, in windows that are open, too."""
        if percent == self.percent:
            return
        font = QFont(self._usual)
        font.setPointSizeF(self._usual.pointSizeF() * percent / 100)
        growth = percent / self.percent
        self.percent = percent
        before = QFontMetrics(self._application.font()).height()
        own = {one: one.font().pointSizeF() for one in self._application.allWidgets()}
        self._application.setFont(font)
        stretch = QFontMetrics(font).height() / before
        for widget, points in own.items():
            _bring_along(widget, points, growth, stretch)
        for widget in own:
            _lay_out(widget)


def _bring_along(widget: QWidget, points: float, growth: float, stretch: float) -> None:
    """Let letters and lengths grow that a widget was given for itself."""
    if points > 0 and widget.font().pointSizeF() == points:
        font = QFont(widget.font())
        font.setPointSizeF(points * growth)
        widget.setFont(font)
    if widget.isWindow():
        return
    least, most = widget.minimumSize(), widget.maximumSize()
    if most != QSize(_NO_LIMIT, _NO_LIMIT):
        widget.setMaximumSize(
            _grown(most.width(), stretch), _grown(most.height(), stretch)
        )
    if least != QSize(0, 0):
        widget.setMinimumSize(
            _grown(least.width(), stretch), _grown(least.height(), stretch)
        )


def _grown(length: int, stretch: float) -> int:
    return length if length >= _NO_LIMIT else min(_NO_LIMIT, round(length * stretch))


def _lay_out(widget: QWidget) -> None:
    """Have a widget decide anew what its size decides: narrow or wide, one column."""
    widget.updateGeometry()
    if widget.isVisible():
        QApplication.sendEvent(widget, QResizeEvent(widget.size(), widget.size()))
