"""Patients in a list, each with what tells one from another."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import NamedTuple

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import (
    QAbstractItemView,
    QHeaderView,
    QTableWidget,
    QTableWidgetItem,
)

from intake.patient import Patient
from intake.ports import Clock
from intake.typed_dates import date_in_words
from ui.identity_band import birth_of, sex_of
from ui.sizes import px
from ui.words import isolated

_COLUMNS = ("Patient", "Born", "Sex at birth", "Chart", "Phone", "Last visit")
_LEFT = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter
ENTER = (Qt.Key.Key_Return, Qt.Key.Key_Enter)
_NOT_TYPING = (
    Qt.KeyboardModifier.ControlModifier
    | Qt.KeyboardModifier.AltModifier
    | Qt.KeyboardModifier.MetaModifier
)


class Beside(NamedTuple):
    """When a patient was here last, and under which names before a merge."""

    last_visit: date | None = None
    merged_names: Sequence[str] = ()


class PatientTable(QTableWidget):
    """The list; the keys go through it, and letters go back to where one types."""

    #: A row to open.
    opened = Signal(int)
    #: Up, in the first row.
    left_upwards = Signal()
    #: Letters that somebody typed meanwhile.
    typed = Signal(str)

    def __init__(self, clock: Clock) -> None:
        """Start empty; `clock` tells ages."""
        super().__init__(0, len(_COLUMNS))
        self._clock = clock
        self.setHorizontalHeaderLabels(_COLUMNS)
        self.setAccessibleName("Patients")
        self.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setTabKeyNavigation(False)
        self.setShowGrid(False)
        self.setAlternatingRowColors(True)
        self.setWordWrap(False)
        self.verticalHeader().setVisible(False)
        self.verticalHeader().setDefaultSectionSize(px(28))
        header = self.horizontalHeader()
        header.setDefaultAlignment(_LEFT)
        header.setHighlightSections(False)
        header.setSectionResizeMode(QHeaderView.ResizeMode.Stretch)
        for column in (2, 3, 5):
            header.setSectionResizeMode(column, QHeaderView.ResizeMode.ResizeToContents)
        self.doubleClicked.connect(lambda index: self.opened.emit(index.row()))

    def show_patients(
        self,
        patients: Sequence[Patient],
        beside: Mapping[str, Beside],
        marked: Patient | None,
    ) -> None:
        """Show patients, with the first marked or whoever was and is still there.

        Args:
            patients: in order.
            beside: what else is said of each, by id.
            marked: who was marked before; None marks the first.
        """
        self.clearContents()
        self.setRowCount(len(patients))
        for row, patient in enumerate(patients):
            for column, text in enumerate(self._cells(patient, beside)):
                item = QTableWidgetItem(text)
                # A name may be cut off by the column; whole, it is told here.
                item.setData(Qt.ItemDataRole.AccessibleTextRole, text)
                self.setItem(row, column, item)
        ids = [patient.id for patient in patients]
        place = ids.index(marked.id) if marked and marked.id in ids else 0
        self.setCurrentCell(place if ids else -1, 0)

    def _cells(self, patient: Patient, beside: Mapping[str, Beside]) -> tuple[str, ...]:
        last_visit, merged = beside.get(patient.id, Beside())
        name = patient.name or "Name not recorded"
        if merged:
            names = "; ".join(isolated(one) for one in merged)
            name = f"{isolated(name)}   (merged from {names})"
        return (
            name,
            birth_of(patient, self._clock),
            sex_of(patient),
            patient.chart_number,
            patient.phone,
            self._since(last_visit),
        )

    def _since(self, day: date | None) -> str:
        if day is None:
            return "never"
        days = (self._clock.today() - day).days
        words = {0: "today", 1: "yesterday"}
        return words.get(days) or date_in_words(day.isoformat())

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Open with Enter, leave upwards, and hand letters on."""
        is_typing = not event.modifiers() & _NOT_TYPING
        if event.key() in ENTER and is_typing:
            self.opened.emit(self.currentRow())
        elif event.key() == Qt.Key.Key_Up and self.currentRow() <= 0:
            self.left_upwards.emit()
        elif is_typing and event.text().isprintable() and event.text():
            self.typed.emit(event.text())
        else:
            super().keyPressEvent(event)
