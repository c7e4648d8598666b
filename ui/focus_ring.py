"""A ring around whatever has the keys: Fusion's own is too faint to be found.

Fields that are typed in draw theirs, and the question being answered has its bar.
"""

from PySide6.QtCore import QEvent, QObject, QRect, Qt
from PySide6.QtGui import QPainter, QPaintEvent, QPalette, QPen
from PySide6.QtWidgets import (
    QApplication,
    QLineEdit,
    QPlainTextEdit,
    QSplitter,
    QStackedWidget,
    QWidget,
)
from shiboken6 import isValid

#: A widget with this property shows by itself that it has the keys.
SHOWS_KEYS = "shows_keys"
_WIDTH = 2
_FOLLOWED = (QEvent.Type.Move, QEvent.Type.Resize, QEvent.Type.Show, QEvent.Type.Hide)


class _Ring(QWidget):
    """The ring itself: nothing that can be clicked or reached."""

    def __init__(self, parent: QWidget) -> None:
        """Lie above everything in a parent."""
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint a line around, and nothing inside."""
        painter = QPainter(self)
        color = QApplication.palette().color(QPalette.ColorRole.Accent)
        painter.setPen(QPen(color, _WIDTH))
        painter.drawRect(self.rect().adjusted(1, 1, -1, -1))


class FocusRing(QObject):
    """Moves the ring to what takes the keys."""

    def __init__(self, application: QApplication) -> None:
        """Follow the keys of an application."""
        super().__init__(application)
        self._ring: _Ring | None = None
        self._around: QWidget | None = None
        application.focusChanged.connect(self._follow)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Go where the widget goes."""
        if watched is self._around and event.type() in _FOLLOWED:
            self._place()
        return False

    def _follow(self, _before: QWidget | None, now: QWidget | None) -> None:
        if self._around is not None and isValid(self._around):
            self._around.removeEventFilter(self)
        if self._ring is not None and isValid(self._ring):
            self._ring.hide()
            self._ring.deleteLater()
        self._around = self._ring = None
        parent = now.parentWidget() if now is not None else None
        if now is None or parent is None or _shows_by_itself(now):
            return
        if isinstance(parent, QSplitter | QStackedWidget):
            # They would take the ring for one of their pages.
            parent = now
        self._around, self._ring = now, _Ring(parent)
        now.installEventFilter(self)
        self._place()

    def _place(self) -> None:
        around, ring = self._around, self._ring
        if around is None or ring is None or not isValid(ring):
            return
        inside = ring.parentWidget() is around
        place = QRect(around.rect()) if inside else around.geometry()
        reach = 0 if inside else _WIDTH
        ring.setGeometry(place.adjusted(-reach, -reach, reach, reach))
        ring.raise_()
        ring.setVisible(around.isVisible())


def _shows_by_itself(widget: QWidget) -> bool:
    return isinstance(widget, QLineEdit | QPlainTextEdit) or bool(
        widget.property(SHOWS_KEYS)
    )
