"""The page that closes the day: what is left, and when the last backup was made.

Nothing is closed by it, and nothing is said to be all right: it lists what somebody
still has to do, each line opened with Enter.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import (
    QAbstractItemView,
    QHeaderView,
    QTableWidget,
    QTableWidgetItem,
    QVBoxLayout,
    QWidget,
)

from intake.close_of_day import LeftOver, Part
from intake.day_groups import waited
from intake.moves import STATE_WORDS
from intake.ports import Clock
from intake.worklist import WorklistEntry
from ui.sizes import px
from ui.theme import roomy
from ui.words import PlainLabel
from ui.worklist import call_in_words

_COLUMNS = ("What is left", "Patient", "Waiting", "Responsible", "To know")
_WIDTHS = {"Patient": 240, "Responsible": 130}
_LEFT = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter
_TITLE = "Close the day: what is left"
_KEYS = (
    "Enter opens. Ctrl+Shift+C: what came of a call. Ctrl+Return hands on. "
    "Ctrl+Shift+E: how it ended, or that this was a mistake. Esc goes back."
)
_NOBODY = "Every visit on the list is signed or ended, and no call is open."


@dataclass(frozen=True, slots=True)
class Beside:
    """What is told beside the visits: a sentence, and whether Enter leads on."""

    title: str
    words: str
    leads_to_backups: bool = False


class CloseOfDay(QWidget):
    """Lists what is left, kind by kind; Enter opens the line.

    Args:
        read: returns what is left, as whoever works may see it.
        beside: returns what is told below.
        clock: for how long something has waited.
    """

    #: A visit (a WorklistEntry) to go on with.
    chosen = Signal(object)
    #: Somebody wants the backups.
    backups_wanted = Signal()

    def __init__(
        self,
        read: Callable[[], Sequence[Part]],
        beside: Callable[[], Sequence[Beside]],
        clock: Clock,
        parent: QWidget | None = None,
    ) -> None:
        """Read nothing yet; see `start`."""
        super().__init__(parent)
        #: Returns what is left, as whoever works may see it.
        self.read = read
        self._beside = beside
        self._clock = clock
        self._lines: list[LeftOver | Beside] = []
        self.table = _table()
        self.table.cellActivated.connect(self._open)
        self.table.cellDoubleClicked.connect(self._open)
        self.nothing = PlainLabel(_NOBODY)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(24, 16, 24, 10)
        layout.addWidget(PlainLabel(_TITLE, bold=True, points=2))
        layout.addWidget(self.nothing)
        layout.addWidget(self.table, 1)
        layout.addWidget(PlainLabel(_KEYS, faint=True))
        roomy(self)

    def start(self) -> None:
        """Show what is left now, and take the keys."""
        self.table.setCurrentCell(-1, -1)
        self.refresh()
        self.table.setFocus()
        if self.table.currentRow() < 0 and self._lines:
            self.table.setCurrentCell(0, 0)

    def refresh(self) -> None:
        """Read it again; the line that is chosen stays chosen."""
        before, place = self._line(), self.table.currentRow()
        left = [(part.title, one) for part in self.read() for one in part.left]
        self.nothing.setVisible(not left)
        told = self._beside()
        self._lines = [*(one for _, one in left), *told]
        self.table.clearSpans()
        self.table.clearContents()
        self.table.setRowCount(len(self._lines))
        titles = [*(title for title, _ in left), *(one.title for one in told)]
        for row, one in enumerate(self._lines):
            # A kind is named once, on its first line.
            title = titles[row] if titles[row] not in titles[:row] else ""
            self._show(row, title, one)
        self.table.resizeRowsToContents()
        for row in range(len(self._lines)):
            self.table.setRowHeight(row, self.table.rowHeight(row) + px(6))
        self._choose(before, place)

    def selected(self) -> WorklistEntry | None:
        """Return the visit whose line is chosen, while the page is in view."""
        one = self._line() if self.isVisible() else None
        return one.entry if isinstance(one, LeftOver) else None

    def forget(self) -> None:
        """Hold nothing of anybody."""
        self._lines = []
        self.table.clearContents()
        self.table.setRowCount(0)

    def _line(self) -> LeftOver | Beside | None:
        row = self.table.currentRow()
        return self._lines[row] if 0 <= row < len(self._lines) else None

    def _choose(self, before: LeftOver | Beside | None, place: int) -> None:
        keys = [_key_of(one) for one in self._lines]
        if before is not None and _key_of(before) in keys:
            self.table.setCurrentCell(keys.index(_key_of(before)), 0)
        elif before is not None and self._lines:
            # It is done: the keys stay where they are, on the next one.
            self.table.setCurrentCell(min(place, len(self._lines) - 1), 0)

    def _open(self, row: int, _column: int = 0) -> None:
        one = self._lines[row] if 0 <= row < len(self._lines) else None
        if isinstance(one, LeftOver):
            self.chosen.emit(one.entry)
        elif one is not None and one.leads_to_backups:
            self.backups_wanted.emit()

    def _show(self, row: int, title: str, one: LeftOver | Beside) -> None:
        cells: tuple[str, ...]
        if isinstance(one, Beside):
            cells = (title, one.words)
            self.table.setSpan(row, 1, 1, len(_COLUMNS) - 1)
        else:
            entry = one.entry
            cells = (
                title,
                entry.patient.name or "Name not recorded",
                waited(entry.since, self._clock.now()),
                entry.responsible or "nobody",
                self._to_know(one),
            )
        for column, text in enumerate(cells):
            item = QTableWidgetItem(text)
            if column == 0:
                font = item.font()
                font.setBold(True)
                item.setFont(font)
            self.table.setItem(row, column, item)

    def _to_know(self, one: LeftOver) -> str:
        entry = one.entry
        if entry.call_back is not None:
            call = call_in_words(entry.patient, entry.call_back)
            return f"{call}. {one.why}" if one.why else call
        state = STATE_WORDS[entry.visit.state]
        if entry.visit.on < self._clock.today():
            return f"visit of {entry.visit.on:%Y-%m-%d}, {state}"
        return one.why or state


def _key_of(one: LeftOver | Beside) -> str:
    return one.entry.visit.id if isinstance(one, LeftOver) else one.title


def _table() -> QTableWidget:
    table = QTableWidget(0, len(_COLUMNS))
    table.setHorizontalHeaderLabels(_COLUMNS)
    table.setAccessibleName("What is left of the day")
    table.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
    table.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
    table.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
    table.setTabKeyNavigation(False)
    table.setShowGrid(False)
    table.setWordWrap(True)
    table.verticalHeader().setVisible(False)
    table.verticalHeader().setMinimumSectionSize(px(28))
    header = table.horizontalHeader()
    header.setDefaultAlignment(_LEFT)
    header.setHighlightSections(False)
    for column, name in enumerate(_COLUMNS):
        mode = QHeaderView.ResizeMode.ResizeToContents
        if name == "To know":
            mode = QHeaderView.ResizeMode.Stretch
        if name in _WIDTHS:
            # A name may be as long as somebody likes; what is to be done may not go.
            mode = QHeaderView.ResizeMode.Fixed
            header.resizeSection(column, px(_WIDTHS[name]))
        header.setSectionResizeMode(column, mode)
    return table
