"""Earlier visits behind one line below the form: the trends, and the way to each."""

from PySide6.QtCore import Signal
from PySide6.QtWidgets import (
    QGridLayout,
    QHBoxLayout,
    QPushButton,
    QSizePolicy,
    QVBoxLayout,
    QWidget,
)

from intake.earlier import trends
from ui.session import VisitSession
from ui.sizes import px
from ui.visit.trend_plot import TrendPlot
from ui.words import PlainLabel

_IN_A_ROW = 2
#: Of more the trends tell; with more there is no room for large letters.
_MOST_KEYS = 3
_NARROW = QSizePolicy.Policy.Maximum


class EarlierLine(QWidget):
    """Says how many visits there were; pressed, it shows the trends."""

    #: Somebody wants to read an earlier visit (its id).
    visit_wanted = Signal(str)

    def __init__(self, session: VisitSession, parent: QWidget | None = None) -> None:
        """Follow the answers of the session; hidden where there was no earlier one."""
        super().__init__(parent)
        self._session = session
        count = len(session.earlier)
        self.key = QPushButton()
        self.key.setCheckable(True)
        self.key.setFlat(True)
        self.key.setSizePolicy(_NARROW, _NARROW)
        self.key.setStyleSheet("text-align: left")
        self.key.setMinimumHeight(px(28))
        self.key.toggled.connect(self._show)
        self.plots: list[TrendPlot] = []
        self._body = QWidget()
        inside = QVBoxLayout(self._body)
        inside.setContentsMargins(14, 0, 0, 6)
        self.visits = self._keys_to_visits()
        row = QHBoxLayout()
        for key in self.visits:
            row.addWidget(key)
        row.addStretch(1)
        inside.addLayout(row)
        self._grid = QGridLayout()
        inside.addLayout(self._grid)
        self._body.hide()
        layout = QVBoxLayout(self)
        layout.setContentsMargins(10, 0, 10, 0)
        layout.setSpacing(0)
        layout.addWidget(self.key)
        layout.addWidget(self._body)
        self.setVisible(bool(count))
        if count:
            last = session.earlier[-1].on
            visits = "1 earlier visit" if count == 1 else f"{count} earlier visits"
            self.key.setText(
                f"{visits}, the last on {last:%Y-%m-%d}: pain and function"
            )
            session.answers_changed.connect(self._answers_changed)

    def _keys_to_visits(self) -> list[QPushButton]:
        """Return a key to each of the last visits, the latest first."""
        keys = []
        for one in self._session.earlier[: -_MOST_KEYS - 1 : -1]:
            key = QPushButton(f"Read the visit of {one.on:%Y-%m-%d}")
            key.setMinimumHeight(px(28))
            key.clicked.connect(
                lambda _checked, visit_id=one.visit_id: self.visit_wanted.emit(visit_id)
            )
            keys.append(key)
        return keys

    def _show(self, is_shown: bool) -> None:
        self._body.setVisible(is_shown)
        if is_shown:
            self.refresh()

    def _answers_changed(self, _questions: object) -> None:
        if self._body.isVisible():
            self.refresh()

    def refresh(self) -> None:
        """Draw the trends again, with the answers of now."""
        self.plots.clear()
        while (item := self._grid.takeAt(0)) is not None:
            if (widget := item.widget()) is not None:
                widget.hide()
                widget.deleteLater()
        session = self._session
        on = session.visit.on
        found = trends(session.protocol, session.earlier, on, session.answers)
        for place, trend in enumerate(found):
            row, column = divmod(place, _IN_A_ROW)
            plot, words = TrendPlot(trend), PlainLabel(trend.in_words)
            self.plots.append(plot)
            self._grid.addWidget(plot, row, 2 * column)
            self._grid.addWidget(words, row, 2 * column + 1)
        if not found:
            said = "Nothing of 0 to 10 was asked twice yet."
            self._grid.addWidget(PlainLabel(said), 0, 0)
