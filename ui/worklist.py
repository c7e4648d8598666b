"""The list of the day on the screen: who is here, how urgent, waiting how long.

It is drawn anew when something changed, and leaves the keys, the line that is chosen
and the place on the screen as they are.
"""

from collections.abc import Sequence

from PySide6.QtCore import QEvent, Qt, QTimer, Signal
from PySide6.QtGui import QColor, QFont
from PySide6.QtWidgets import (
    QAbstractItemView,
    QHeaderView,
    QTableWidget,
    QTableWidgetItem,
    QVBoxLayout,
    QWidget,
)

from intake.call_backs import CallBack
from intake.day_groups import DayGroup, grouped, waited
from intake.moves import STATE_WORDS
from intake.patient import Patient
from intake.ports import Clock
from intake.protocol import Tier
from intake.visit import ENDED
from intake.worklist import WorklistEntry
from ui.identity_band import birth_of
from ui.signed_whose import IN_ERROR
from ui.tints import mixed
from ui.visit.tier_marks import MARKS, SHORT

_COLUMNS = (
    "Urgency",
    "Patient",
    "Born",
    "Waiting",
    "History by",
    "Responsible",
    "To know",
)
_STRETCHED = ("Patient", "To know")
_LEFT = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter
_LINE = 28
_AGAIN_MS = 30_000
#: Vermilion, told apart by every kind of colour vision; shape and word say the same.
_ALARM = "#d55e00"
_SHARES = {Tier.EMERGENCY_NOW: 0.45, Tier.SAME_DAY: 0.28, Tier.WITHIN_7_DAYS: 0.14}
_NOT_KNOWN = "?  not known"


class Worklist(QWidget):
    """Groups of visits; Enter opens the one that is chosen.

    Args:
        clock: for how long somebody has waited.
    """

    #: A visit of the list is opened (a WorklistEntry).
    chosen = Signal(object)

    def __init__(self, clock: Clock, parent: QWidget | None = None) -> None:
        """Show an empty list."""
        super().__init__(parent)
        self._clock = clock
        self._groups: list[DayGroup] = []
        self._is_clinicians = False
        self._not_stored: frozenset[str] = frozenset()
        #: What each line is about; None for a heading.
        self._lines: list[WorklistEntry | None] = []
        self.table = _table()
        self.table.cellActivated.connect(self._choose)
        self.table.cellDoubleClicked.connect(self._choose)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(self.table)
        # Minutes pass without anybody writing anything.
        again = QTimer(self)
        again.setInterval(_AGAIN_MS)
        again.timeout.connect(self._draw)
        again.start()

    def show_entries(
        self,
        entries: Sequence[WorklistEntry],
        not_stored: frozenset[str] = frozenset(),
        *,
        is_clinicians: bool,
    ) -> None:
        """Show a list; how urgent somebody is, to clinicians only.

        Args:
            entries: the visits.
            not_stored: the ids of those that are only here yet.
            is_clinicians: it is a clinician who looks.
        """
        self._not_stored = not_stored
        self._groups = grouped(entries, self._clock.today())
        self._is_clinicians = is_clinicians
        self._draw()

    @property
    def is_empty(self) -> bool:
        """Return whether nobody is on the list."""
        return not self._groups

    def entries(self) -> list[WorklistEntry]:
        """Return what is shown, from the top down."""
        return [one for one in self._lines if one is not None]

    def selected(self) -> WorklistEntry | None:
        """Return the visit whose line is chosen, or None."""
        row = self.table.currentRow()
        return self._lines[row] if 0 <= row < len(self._lines) else None

    def take_keys(self) -> None:
        """Put the keys on the list, on its first visit where none is chosen."""
        self.table.setFocus()
        if self.selected() is None:
            self._select(next((one for one in self._lines if one is not None), None))

    def forget(self) -> None:
        """Hold nothing."""
        self._groups = []
        self._draw()

    def changeEvent(self, event: QEvent) -> None:
        """Draw anew in other colours: those of the urgency are made from them."""
        super().changeEvent(event)
        if event.type() is QEvent.Type.PaletteChange:
            self._draw()

    def _choose(self, row: int, _column: int = 0) -> None:
        one = self._lines[row] if 0 <= row < len(self._lines) else None
        if one is not None:
            self.chosen.emit(one)

    def _draw(self) -> None:
        selected, scrolled = self.selected(), self.table.verticalScrollBar().value()
        self._lines = []
        for group in self._groups:
            self._lines += [None, *group.entries]
        self.table.clearSpans()
        self.table.clearContents()
        self.table.setRowCount(len(self._lines))
        self.table.setColumnHidden(0, not self._is_clinicians)
        groups = iter(self._groups)
        for row, one in enumerate(self._lines):
            if one is None:
                self._head(row, next(groups))
            else:
                self._line(row, one)
        self._select(selected)
        self.table.verticalScrollBar().setValue(scrolled)

    def _select(self, one: WorklistEntry | None) -> None:
        """Choose the line of a visit, wherever it stands now."""
        ids = [line.visit.id if line is not None else "" for line in self._lines]
        if one is not None and one.visit.id in ids:
            self.table.setCurrentCell(ids.index(one.visit.id), 1)
        else:
            self.table.setCurrentCell(-1, -1)

    def _head(self, row: int, group: DayGroup) -> None:
        item = QTableWidgetItem(f"{group.title}  ({len(group.entries)})")
        item.setFlags(Qt.ItemFlag.NoItemFlags)
        font = QFont(self.font())
        font.setBold(True)
        item.setFont(font)
        palette = self.palette()
        item.setForeground(palette.windowText())
        item.setBackground(palette.window())
        first = 0 if self._is_clinicians else 1
        self.table.setSpan(row, first, 1, len(_COLUMNS) - first)
        # Behind the span too: what is not there can be chosen, and the keys would stop.
        for column in range(len(_COLUMNS)):
            self.table.setItem(row, column, _nothing())
        self.table.setItem(row, first, item)

    def _line(self, row: int, one: WorklistEntry) -> None:
        patient = one.patient
        cells = {
            "Patient": patient.name or "Name not recorded",
            "Born": birth_of(patient, self._clock),
            "Waiting": self._waiting(one),
            "History by": ", ".join(one.history_by),
            "Responsible": one.responsible,
            "To know": self._to_know(one),
        }
        if self._is_clinicians:
            cells["Urgency"] = _urgency(one)
        for column, name in enumerate(_COLUMNS):
            item = QTableWidgetItem(cells.get(name, ""))
            item.setToolTip("")
            if name == "Urgency" and self._is_clinicians:
                self._colour(item, one)
            self.table.setItem(row, column, item)

    def _colour(self, item: QTableWidgetItem, one: WorklistEntry) -> None:
        font = QFont(self.font())
        font.setBold(one.tier is None or one.tier >= Tier.WITHIN_7_DAYS)
        item.setFont(font)
        if one.tier in _SHARES and not one.is_finished:
            base = self.palette().base().color()
            item.setBackground(mixed(base, QColor(_ALARM), _SHARES[one.tier]))

    def _waiting(self, one: WorklistEntry) -> str:
        if one.is_finished:
            local = one.since.astimezone(self._clock.now().tzinfo)
            return f"at {local:%H:%M}"
        return waited(one.since, self._clock.now())

    def _to_know(self, one: WorklistEntry) -> str:
        state = one.visit.state
        if one.call_back is not None:
            return call_in_words(one.patient, one.call_back)
        if one.visit.is_in_error:
            return IN_ERROR
        if one.visit.id in self._not_stored:
            return "not stored yet"
        if one.visit.on < self._clock.today():
            return f"visit of {one.visit.on:%Y-%m-%d}, {STATE_WORDS[state]}"
        return STATE_WORDS[state] if state in ENDED else ""


def call_in_words(patient: Patient, asked: CallBack) -> str:
    """Return that somebody has to call: where, since when, and how often it was tried.

    It says nothing of why.
    """
    tries = len(asked.calls)
    tried = f", tried {tries} times" if tries > 1 else ", tried once"
    where = f"call {patient.phone}" if patient.phone else "to call, no phone recorded"
    return f"{where}, due {asked.on:%Y-%m-%d}{tried if tries else ''}"


def _nothing() -> QTableWidgetItem:
    """Return a cell that the keys go past."""
    item = QTableWidgetItem()
    item.setFlags(Qt.ItemFlag.NoItemFlags)
    return item


def _urgency(one: WorklistEntry) -> str:
    if one.visit.is_in_error:
        # It says nothing of the patient it is listed for.
        return ""
    if one.tier is None:
        return _NOT_KNOWN
    return f"{MARKS[one.tier]}  {SHORT[one.tier]}"


def _table() -> QTableWidget:
    table = QTableWidget(0, len(_COLUMNS))
    table.setHorizontalHeaderLabels(_COLUMNS)
    table.setAccessibleName("The list of the day")
    table.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
    table.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
    table.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
    table.setTabKeyNavigation(False)
    table.setShowGrid(False)
    table.setWordWrap(False)
    table.verticalHeader().setVisible(False)
    table.verticalHeader().setDefaultSectionSize(_LINE)
    header = table.horizontalHeader()
    header.setDefaultAlignment(_LEFT)
    header.setHighlightSections(False)
    header.setMinimumSectionSize(90)
    for column, name in enumerate(_COLUMNS):
        is_stretched = name in _STRETCHED
        mode = QHeaderView.ResizeMode.Stretch
        if not is_stretched:
            mode = QHeaderView.ResizeMode.ResizeToContents
        header.setSectionResizeMode(column, mode)
    return table
