"""The start screen: find a patient, or go on with a visit."""

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

from intake.patient import Patient
from intake.ports import Clock
from intake.visit import Visit
from ui.identity_band import birth_of, sex_of
from ui.sizes import px
from ui.theme import roomy
from ui.words import PlainLabel

Find = Callable[[str], Sequence[Patient]]
Recent = Callable[[], Sequence[tuple[Visit, Patient]]]
_COLUMNS = ("Patient", "Born", "Sex at birth", "Chart")
_LEFT = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter
_NO_PATIENTS = (
    "Patients are the business of the front desk and the clinician. Yours: people "
    "(Ctrl+Shift+P), the audit trail (Ctrl+Shift+A) and the backups (Ctrl+B)."
)
_STATES = {
    "history": "history being taken",
    "ready_for_clinician": "ready for the clinician",
    "in_examination": "in examination",
    "to_sign": "to sign",
    "signed": "signed",
}


class SearchField(QLineEdit):
    """Where a patient is looked for; Down goes to the list."""

    def __init__(self, table: QTableWidget) -> None:
        """Send Down and Enter to the table."""
        super().__init__()
        self._table = table
        self.setPlaceholderText("Name, birth date, phone or chart number")
        self.setAccessibleName("Find a patient")
        self.setClearButtonEnabled(True)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Go to the list with Down, open the first row with Enter."""
        enters = (Qt.Key.Key_Return, Qt.Key.Key_Enter)
        if event.key() == Qt.Key.Key_Down and self._table.rowCount():
            self._table.setFocus()
            self._table.selectRow(0)
        elif event.key() in enters and self._table.rowCount():
            self._table.selectRow(max(0, self._table.currentRow()))
            self._table.cellActivated.emit(max(0, self._table.currentRow()), 0)
        else:
            super().keyPressEvent(event)


class Home(QWidget):
    """Visits, newest first; while something is typed, the patients it fits."""

    #: A visit (Visit) of a patient (Patient) to go on with.
    visit_chosen = Signal(object, object)
    #: A patient (Patient) to open a new visit for.
    patient_chosen = Signal(object)
    #: Somebody wants to register a patient.
    new_patient = Signal()

    def __init__(
        self,
        find: Find,
        recent: Recent,
        clock: Clock,
        why_empty: Callable[[], str] = str,
        parent: QWidget | None = None,
    ) -> None:
        """Start empty; see `refresh`. `why_empty` says why records cannot be read."""
        super().__init__(parent)
        self._find = find
        self._recent = recent
        self._clock = clock
        self._rows: list[tuple[Visit | None, Patient]] = []
        self._why_empty = why_empty
        self._shows_patients = True
        self.table = QTableWidget(0, len(_COLUMNS) + 1)
        self.table.setAccessibleName("Visits and patients")
        self.table.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.table.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.table.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.table.setTabKeyNavigation(False)
        self.table.setShowGrid(False)
        self.table.setAlternatingRowColors(True)
        self.table.verticalHeader().setVisible(False)
        self.table.verticalHeader().setDefaultSectionSize(px(28))
        self.table.setWordWrap(False)
        header = self.table.horizontalHeader()
        header.setSectionResizeMode(QHeaderView.ResizeMode.Stretch)
        header.setDefaultAlignment(_LEFT)
        header.setHighlightSections(False)
        self.table.cellActivated.connect(self._open)
        self.table.cellDoubleClicked.connect(self._open)
        self.search = SearchField(self.table)
        self.search.textChanged.connect(self.refresh)
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
        self.title = PlainLabel(bold=True, points=2)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(24, 16, 24, 16)
        layout.addWidget(self.warning)
        layout.addLayout(top)
        layout.addSpacing(6)
        layout.addWidget(self.title)
        layout.addWidget(self.empty)
        layout.addWidget(self.table, 1)
        # Keeps the words at the top while there is no table to do so.
        self._blank = QWidget()
        layout.addWidget(self._blank, 1)
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

    def refresh(self) -> None:
        """Show what fits what is typed; recent visits while nothing is."""
        text = self.search.text().strip()
        if not self._shows_patients:
            self._rows, nothing = [], _NO_PATIENTS
        elif text:
            self._rows = [(None, patient) for patient in self._find(text)]
            self.title.setText("Patients: Enter opens a new visit")
            nothing = "Nobody fits. Register a new patient with Ctrl+N."
        else:
            self._rows = list(self._recent())
            self.title.setText("Visits: Enter goes on")
            nothing = (
                "No visit yet. Type a name above to find a patient, or register a new "
                "one with Ctrl+N."
            )
        self.empty.setText("" if self._rows else self._why_empty() or nothing)
        self.empty.setVisible(not self._rows)
        self.table.setVisible(bool(self._rows))
        self._blank.setVisible(not self._rows)
        self.title.setVisible(bool(self._rows))
        self._fill()

    def forget(self) -> None:
        """Hold nothing that was looked for or shown."""
        self.search.blockSignals(True)
        # Unlike clear(), this cannot be undone.
        self.search.setText("")
        self.search.blockSignals(False)
        self._rows = []
        self._fill()
        self.table.clearContents()

    def _fill(self) -> None:
        self.table.setRowCount(len(self._rows))
        last = "Visit" if self._rows and self._rows[0][0] else "Phone"
        self.table.setHorizontalHeaderLabels([*_COLUMNS, last])
        for row, (visit, patient) in enumerate(self._rows):
            cells = (
                patient.name or "Name not recorded",
                birth_of(patient, self._clock),
                sex_of(patient),
                patient.chart_number,
                self._when(visit) if visit else patient.phone,
            )
            for column, text in enumerate(cells):
                self.table.setItem(row, column, QTableWidgetItem(text))

    def _when(self, visit: Visit) -> str:
        is_today = visit.on == self._clock.today()
        opened = visit.opened_at.astimezone(self._clock.now().tzinfo)
        day = f"today {opened:%H:%M}" if is_today else f"{visit.on:%Y-%m-%d}"
        return f"{day}, {_STATES[visit.state]}"

    def _open(self, row: int, _column: int = 0) -> None:
        if not 0 <= row < len(self._rows):
            return
        visit, patient = self._rows[row]
        if visit is None:
            self.patient_chosen.emit(patient)
        else:
            self.visit_chosen.emit(visit, patient)
