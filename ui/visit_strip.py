"""Which visits are open, in a strip below the patient: each with its name and tint."""

from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import Signal
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QHBoxLayout, QPushButton, QWidget

from ui import visit_tints

_STRIPE = 7
_NAME_ROOM = 28


@dataclass(frozen=True, slots=True)
class OpenName:
    """One open visit, as the strip shows it."""

    visit_id: str
    name: str
    tint: int
    is_current: bool


class _Tab(QPushButton):
    """A button with the patient's tint at its left."""

    def __init__(self, one: OpenName, place: int, parent: QWidget) -> None:
        # A name may hold an ampersand, which would underline a letter.
        name = one.name.replace("&", "&&")
        short = f"{name[:_NAME_ROOM]}\u2026" if len(name) > _NAME_ROOM else name
        super().__init__(f"  {place}  {short}", parent)
        self._tint = one.tint
        self.setCheckable(True)
        self.setChecked(one.is_current)
        self.setAutoDefault(True)
        font = self.font()
        font.setBold(one.is_current)
        self.setFont(font)
        here = ", in view" if one.is_current else ""
        self.setAccessibleName(f"Open visit {place}: {one.name}{here}")

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint the button, then its stripe."""
        super().paintEvent(event)
        stripe = self.rect().adjusted(2, 2, -2, -2)
        stripe.setWidth(_STRIPE)
        QPainter(self).fillRect(stripe, visit_tints.edge(self._tint, self.palette()))


class VisitStrip(QWidget):
    """Shown while at least two visits are open; Ctrl+Tab goes round them."""

    #: Somebody wants to go to an open visit (its id).
    chosen = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        """Show nothing."""
        super().__init__(parent)
        self.setAccessibleName("Open visits")
        self.tabs: list[QPushButton] = []
        self._row = QHBoxLayout(self)
        self._row.setContentsMargins(10, 3, 10, 3)
        self._row.setSpacing(6)
        self._row.addStretch(1)
        self.hide()

    def show_names(self, names: Sequence[OpenName]) -> None:
        """Show which visits are open."""
        for tab in self.tabs:
            self._row.removeWidget(tab)
            # Gone from view at once: deleting waits for the next turn.
            tab.hide()
            tab.deleteLater()
        self.tabs = []
        if len(names) > 1:
            for place, one in enumerate(names, 1):
                tab = _Tab(one, place, self)
                tab.clicked.connect(
                    lambda _checked, visit=one.visit_id: self.chosen.emit(visit)
                )
                self._row.insertWidget(place - 1, tab)
                self.tabs.append(tab)
        self.setVisible(bool(self.tabs))
