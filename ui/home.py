"""The start screen: find a patient, or go on with somebody on the list of the day."""

from collections.abc import Callable, Sequence

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QVBoxLayout, QWidget

from intake.local_services import LocalService, for_calls
from intake.patient import Patient
from intake.ports import Clock, VisitRecords
from intake.worklist import WorklistEntry
from ui.patient_search import PatientSearch
from ui.theme import roomy
from ui.words import PlainLabel
from ui.worklist import Worklist

_NO_PATIENTS = (
    "Patients are the business of the front desk and the clinician. Yours: people "
    "(Ctrl+Shift+P), the audit trail (Ctrl+Shift+A) and the backups (Ctrl+B)."
)
_NOBODY_HERE = (
    "Nobody is on the list yet. When the first patient comes in, type the name above, "
    "or register somebody new with Ctrl+N."
)
_KEYS = (
    "Enter opens. Ctrl+Return hands on to the clinician. Ctrl+Shift+E: left, cancelled "
    "or entered in error. Ctrl+Shift+C: what came of a call. Ctrl+Shift+F closes the "
    "day."
)


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
        records: Callable[[], VisitRecords | None],
        clock: Clock,
        why_empty: Callable[[], str] = str,
        parent: QWidget | None = None,
    ) -> None:
        """Start empty; see `refresh`.

        Args:
            records: returns them on behalf of whoever works; None while shut.
            clock: tells ages, and what day is today.
            why_empty: says why records cannot be read.
            parent: lives as long as this.
        """
        super().__init__(parent)
        self._why_empty = why_empty
        self._shows_patients = True
        self.worklist = Worklist(clock)
        self.worklist.chosen.connect(self.visit_chosen)
        self.patients = PatientSearch(records, clock)
        self.search, self.table = self.patients.field, self.patients.table
        self.patients.chosen.connect(self.patient_chosen)
        self.patients.new_patient.connect(self.new_patient)
        self.patients.changed.connect(self._arrange)
        self.patients.down.connect(self._go_down)
        self.patients.entered.connect(self._open_first)
        self.warning = PlainLabel(bold=True)
        self.warning.setAccessibleName("Warnings about the records")
        self.warning.setTextInteractionFlags(
            Qt.TextInteractionFlag.TextSelectableByKeyboard
            | Qt.TextInteractionFlag.TextSelectableByMouse
        )
        self.warn("")
        self.empty = PlainLabel(points=1, faint=True)
        self.keys = PlainLabel(_KEYS, faint=True)
        self.numbers = PlainLabel()
        self.numbers.setAccessibleName("Local numbers")
        self.numbers.hide()
        layout = QVBoxLayout(self)
        layout.setContentsMargins(24, 14, 24, 10)
        layout.addWidget(self.warning)
        layout.addWidget(self.patients)
        layout.addSpacing(4)
        layout.addWidget(self.empty)
        layout.addWidget(self.worklist, 1)
        self._layout = layout
        # Keeps the words at the top while there is no list to do so.
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
        self.patients.setVisible(is_theirs)

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
        numbers = for_calls(services)
        self.numbers.setText(numbers)
        self.numbers.setVisible(calls and bool(numbers))

    def selected(self) -> WorklistEntry | None:
        """Return the visit that is chosen in the list, where the list is in view."""
        return self.worklist.selected() if self.worklist.isVisible() else None

    def chosen_patient(self) -> Patient | None:
        """Return the patient who is marked among those found."""
        return self.patients.marked() if self.patients.isVisible() else None

    def refresh(self) -> None:
        """Show what fits what is typed; the list of the day while nothing is."""
        if self._shows_patients:
            self.patients.look_again()
        self._arrange()

    def forget(self) -> None:
        """Hold nothing that was looked for or shown."""
        self.patients.forget()
        self.worklist.forget()
        self.numbers.hide()
        self._arrange()

    def _arrange(self) -> None:
        """Show the one list that is due, or why there is none."""
        patients = self.patients
        is_searched = patients.is_asked and self._shows_patients
        nothing = patients.why_none if is_searched else _NOBODY_HERE
        if not self._shows_patients:
            nothing = _NO_PATIENTS
        has_found = is_searched and patients.has_found
        has_day = self._shows_patients and not is_searched
        has_day = has_day and not self.worklist.is_empty
        self._layout.setStretchFactor(patients, 1 if has_found else 0)
        self.worklist.setVisible(has_day)
        self.keys.setVisible(has_day)
        is_blank = not has_found and not has_day
        self.empty.setText(self._why_empty() or nothing if is_blank else "")
        self.empty.setVisible(is_blank)
        self._blank.setVisible(is_blank)

    def _go_down(self) -> None:
        if self.worklist.isVisible():
            self.worklist.take_keys()

    def _open_first(self) -> None:
        if self.worklist.isVisible():
            one = self.worklist.selected() or self.worklist.entries()[0]
            self.visit_chosen.emit(one)
