"""The start screen: find a patient, or go on with somebody on the list of the day."""

from collections.abc import Callable, Sequence

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import (
    QAbstractItemView,
    QHBoxLayout,
    QHeaderView,
    QLineEdit,
    QPushButton,
    QTableWidget,
    QTableWidgetItem,
    QVBoxLayout,
    QWidget,
)

from intake.local_services import LocalService
from intake.patient import Patient
from intake.ports import Clock
from intake.worklist import WorklistEntry
from ui.identity_band import birth_of, sex_of
from ui.patient_finder import Also
from ui.sizes import px
from ui.theme import roomy
from ui.words import PlainLabel, isolated
from ui.worklist import Worklist

Find = Callable[[str], Sequence[Patient]]
_COLUMNS = ("Patient", "Born", "Sex at birth", "Chart", "Phone")
_LEFT = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter
_NO_PATIENTS = (
    "Patients are the business of the front desk and the clinician. Yours: people "
    "(Ctrl+Shift+P), the audit trail (Ctrl+Shift+A) and the backups (Ctrl+B)."
)
_NOBODY_FITS = "Nobody fits. Register a new patient with Ctrl+N."
_NOBODY_HERE = (
    "Nobody is on the list yet. When the first patient comes in, type the name above, "
    "or register somebody new with Ctrl+N."
)
_KEYS = (
    "Enter opens. Ctrl+Return hands on to the clinician. Ctrl+Shift+E: left, cancelled "
    "or entered in error."
)


class SearchField(QLineEdit):
    """Where a patient is looked for; Down and Enter lead to what is below."""

    #: Somebody goes down to what is below.
    down = Signal()
    #: Somebody wants the first of it.
    entered = Signal()

    def __init__(self) -> None:
        """Say what can be typed."""
        super().__init__()
        self.setPlaceholderText("Name, birth date, phone or chart number")
        self.setAccessibleName("Find a patient")
        self.setClearButtonEnabled(True)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Go to the list with Down, open the first line with Enter."""
        if event.key() == Qt.Key.Key_Down:
            self.down.emit()
        elif event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            if event.modifiers() & Qt.KeyboardModifier.ControlModifier:
                super().keyPressEvent(event)
            else:
                self.entered.emit()
        else:
            super().keyPressEvent(event)


class Home(QWidget):
    """The list of the day; while something is typed, the patients it fits."""

    #: A visit of the list (a WorklistEntry) to go on with.
    visit_chosen = Signal(object)
    #: A patient (Patient) to open a new visit for.
    patient_chosen = Signal(object)
    #: Somebody wants to register a patient.
    new_patient = Signal()

    def __init__(
        self,
        find: Find,
        clock: Clock,
        why_empty: Callable[[], str] = str,
        also: Also = lambda _found: {},
        parent: QWidget | None = None,
    ) -> None:
        """Start empty; see `refresh`.

        Args:
            find: returns the patients that a text fits.
            clock: tells ages.
            why_empty: says why records cannot be read.
            also: tells under which names they stood before a merge.
            parent: Qt's.
        """
        super().__init__(parent)
        self._find = find
        self._clock = clock
        self._found: list[Patient] = []
        self._why_empty = why_empty
        self._also = also
        self._shows_patients = True
        self.worklist = Worklist(clock)
        self.worklist.chosen.connect(self.visit_chosen)
        self.table = _table()
        self.table.cellActivated.connect(self._open)
        self.table.cellDoubleClicked.connect(self._open)
        self.search = SearchField()
        self.search.textChanged.connect(self.refresh)
        self.search.down.connect(self._go_down)
        self.search.entered.connect(self._open_first)
        self.add = QPushButton("&New patient")
        self.add.clicked.connect(self.new_patient)
        self.warning = PlainLabel(bold=True)
        self.warning.setAccessibleName("Warnings about the records")
        self.warning.setTextInteractionFlags(
            Qt.TextInteractionFlag.TextSelectableByKeyboard
            | Qt.TextInteractionFlag.TextSelectableByMouse
        )
        self.warn("")
        self.empty = PlainLabel(points=1, faint=True)
        top = QHBoxLayout()
        top.addWidget(self.search, 1)
        top.addWidget(self.add)
        self.title = PlainLabel("Patients: Enter opens a new visit", bold=True)
        self.keys = PlainLabel(_KEYS, faint=True)
        self.numbers = PlainLabel()
        self.numbers.setAccessibleName("Local numbers")
        self.numbers.hide()
        layout = QVBoxLayout(self)
        layout.setContentsMargins(24, 14, 24, 10)
        layout.addWidget(self.warning)
        layout.addLayout(top)
        layout.addSpacing(4)
        layout.addWidget(self.title)
        layout.addWidget(self.empty)
        layout.addWidget(self.table, 1)
        layout.addWidget(self.worklist, 1)
        # Keeps the words at the top while there is no table to do so.
        self._blank = QWidget()
        layout.addWidget(self._blank, 1)
        layout.addWidget(self.numbers)
        layout.addWidget(self.keys)
        roomy(self)

    def warn(self, words: str) -> None:
        """Say above everything else what is wrong with the records, or nothing."""
        self.warning.setText(words)
        self.warning.setVisible(bool(words))

    def offer_patients(self, is_theirs: bool) -> None:
        """Offer patients, or only say whose business they are."""
        self._shows_patients = is_theirs
        for part in (self.search, self.add):
            part.setVisible(is_theirs)

    def take_keys(self) -> None:
        """Put the keys where one types next."""
        (self.search if self._shows_patients else self).setFocus()

    def show_day(
        self,
        entries: Sequence[WorklistEntry],
        not_stored: frozenset[str],
        *,
        is_clinicians: bool,
    ) -> None:
        """Show the list of the day; see `ui.worklist`."""
        self.worklist.show_entries(entries, not_stored, is_clinicians=is_clinicians)
        self._arrange()

    def show_numbers(self, services: Sequence[LocalService]) -> None:
        """Show whom the clinic can reach, while there is somebody to be called."""
        calls = any(one.call_back is not None for one in self.worklist.entries())
        numbers = [str(one) for one in services if one.role.is_for_calls]
        self.numbers.setText(" \u00b7 ".join(numbers))
        self.numbers.setVisible(calls and bool(numbers))

    def selected(self) -> WorklistEntry | None:
        """Return the visit that is chosen in the list, where the list is in view."""
        return self.worklist.selected() if self.worklist.isVisible() else None

    def chosen_patient(self) -> Patient | None:
        """Return who is chosen among the patients found, where those are in view."""
        row = self.table.currentRow()
        is_chosen = self.table.isVisible() and 0 <= row < len(self._found)
        return self._found[row] if is_chosen else None

    def refresh(self) -> None:
        """Show what fits what is typed; the list of the day while nothing is."""
        text = self.search.text().strip()
        is_asked = bool(text) and self._shows_patients
        self._found = list(self._find(text)) if is_asked else []
        self._fill()
        self._arrange()

    def forget(self) -> None:
        """Hold nothing that was looked for or shown."""
        self.search.blockSignals(True)
        # Unlike clear(), this cannot be undone.
        self.search.setText("")
        self.search.blockSignals(False)
        self._found = []
        self._fill()
        self.worklist.forget()
        self.numbers.hide()
        self._arrange()

    def _arrange(self) -> None:
        """Show the one list that is due, or why there is none."""
        is_searched = bool(self.search.text().strip()) and self._shows_patients
        nothing = _NOBODY_FITS if is_searched else _NOBODY_HERE
        if not self._shows_patients:
            nothing = _NO_PATIENTS
        has_found = is_searched and bool(self._found)
        has_day = self._shows_patients and not is_searched
        has_day = has_day and not self.worklist.is_empty
        self.title.setVisible(has_found)
        self.table.setVisible(has_found)
        self.worklist.setVisible(has_day)
        self.keys.setVisible(has_day)
        is_blank = not has_found and not has_day
        self.empty.setText(self._why_empty() or nothing if is_blank else "")
        self.empty.setVisible(is_blank)
        self._blank.setVisible(is_blank)

    def _go_down(self) -> None:
        if self._found:
            self.table.setFocus()
            self.table.selectRow(0)
        elif self.worklist.isVisible():
            self.worklist.take_keys()

    def _open_first(self) -> None:
        if self._found:
            self._open(max(0, self.table.currentRow()))
        elif self.worklist.isVisible():
            one = self.worklist.selected() or self.worklist.entries()[0]
            self.visit_chosen.emit(one)

    def _fill(self) -> None:
        self.table.clearContents()
        self.table.setRowCount(len(self._found))
        also = self._also(self._found)
        for row, patient in enumerate(self._found):
            name = patient.name or "Name not recorded"
            merged = also.get(patient.id)
            cells = (
                f"{isolated(name)}   ({merged})" if merged else name,
                birth_of(patient, self._clock),
                sex_of(patient),
                patient.chart_number,
                patient.phone,
            )
            for column, text in enumerate(cells):
                self.table.setItem(row, column, QTableWidgetItem(text))

    def _open(self, row: int, _column: int = 0) -> None:
        if 0 <= row < len(self._found):
            self.patient_chosen.emit(self._found[row])


def _table() -> QTableWidget:
    table = QTableWidget(0, len(_COLUMNS))
    table.setHorizontalHeaderLabels(_COLUMNS)
    table.setAccessibleName("Patients")
    table.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
    table.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
    table.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
    table.setTabKeyNavigation(False)
    table.setShowGrid(False)
    table.setAlternatingRowColors(True)
    table.verticalHeader().setVisible(False)
    table.verticalHeader().setDefaultSectionSize(px(28))
    table.setWordWrap(False)
    header = table.horizontalHeader()
    header.setSectionResizeMode(QHeaderView.ResizeMode.Stretch)
    header.setDefaultAlignment(_LEFT)
    header.setHighlightSections(False)
    return table
