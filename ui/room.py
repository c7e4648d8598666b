"""The pages of the window, in a room that scrolls where the screen is too small.

At 200 % on a small screen a page has less room than its controls need. Nothing is cut
then: the page keeps its least size, and the room scrolls to whatever has the keys.
"""

from PySide6.QtCore import QSize, Qt, QTimer
from PySide6.QtWidgets import QApplication, QScrollArea, QStackedWidget, QWidget


class Pages(QStackedWidget):
    """A stack that is as large as the page in view needs, and not as the largest."""

    def __init__(self) -> None:
        """Hold no page."""
        super().__init__()
        self.currentChanged.connect(lambda _index: self.updateGeometry())

    def minimumSizeHint(self) -> QSize:
        """Return the least size of the page in view."""
        page = self.currentWidget()
        return QSize() if page is None else page.minimumSizeHint()

    def sizeHint(self) -> QSize:
        """Return the same: the room decides on the rest."""
        return self.minimumSizeHint()

    def heightForWidth(self, width: int) -> int:
        """Return the least height of the page in view, its words wrapped to a width."""
        page = self.currentWidget()
        layout = None if page is None else page.layout()
        if page is None or layout is None or not layout.hasHeightForWidth():
            return self.minimumSizeHint().height()
        return layout.minimumHeightForWidth(width)


def scrolling(inside: QWidget) -> QScrollArea:
    """Return an area without an edge or keys of its own, in which a part scrolls."""
    area = QScrollArea()
    area.setWidgetResizable(True)
    area.setFrameShape(QScrollArea.Shape.NoFrame)
    area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
    area.setWidget(inside)
    return area


class Room(QScrollArea):
    """Shows the page in view whole, or what fits of it, following the keys."""

    def __init__(self, pages: Pages) -> None:
        """Hold the pages."""
        super().__init__()
        self.setWidgetResizable(True)
        self.setFrameShape(QScrollArea.Shape.NoFrame)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.setWidget(pages)
        application = QApplication.instance()
        if isinstance(application, QApplication):
            application.focusChanged.connect(self._follow)

    def minimumSizeHint(self) -> QSize:
        """Need next to nothing: what does not fit is scrolled to."""
        return QSize(120, 80)

    def _follow(self, _before: QWidget | None, now: QWidget | None) -> None:
        """Scroll to what took the keys, once it has its place."""
        if now is not None and self.isAncestorOf(now):
            QTimer.singleShot(0, now, lambda: self._show(now))

    def _show(self, wanted: QWidget) -> None:
        has_bars = (
            self.verticalScrollBar().maximum() or self.horizontalScrollBar().maximum()
        )
        if has_bars and self.isAncestorOf(wanted):
            self.ensureWidgetVisible(wanted, 20, 20)
