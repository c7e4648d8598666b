"""Find a patient by whatever one was told: the field, and who fits.

The list follows every key. Enter opens who is marked; who was not on the screen yet
when Enter was pressed is opened only where nobody else fits.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import (
    QHBoxLayout,
    QLineEdit,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from intake.errors import UserFacingError
from intake.patient import Patient
from intake.ports import Clock, VisitRecords
from intake.search_terms import search_terms
from intake.typed_dates import date_in_words, readings
from ui.errands import in_words
from ui.looking_up import LookingUp
from ui.patient_table import Beside, PatientTable
from ui.words import PlainLabel

_MOST = 50
_LONGEST = 200
_SLOW_MS = 300
_SOON = "Looking\N{HORIZONTAL ELLIPSIS}"
_HOW = "Enter opens the visit of today. Down goes through them."
_SHUT = "The records are not open yet."
_NOBODY_FITS = (
    "Nobody fits. A part of the name, the birth date, the last digits of the phone or "
    "the chart number is enough; or register a new patient with Ctrl+N."
)


@dataclass(frozen=True, slots=True)
class Fits:
    """Who fits, best first, and what tells them apart, by id."""

    patients: Sequence[Patient] = ()
    beside: Mapping[str, Beside] = field(default_factory=dict)


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
        self.setMaxLength(_LONGEST)
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


class PatientSearch(QWidget):
    """The field with what it was read as, and the patients who fit."""

    #: A patient (Patient) to open.
    chosen = Signal(object)
    #: Somebody wants to register a patient.
    new_patient = Signal()
    #: Something else is to be seen: see `is_asked` and `has_found`.
    changed = Signal()
    #: Enter or Down where nothing is looked for: it is about what is below.
    entered = Signal()
    down = Signal()

    def __init__(
        self, records: Callable[[], VisitRecords | None], clock: Clock
    ) -> None:
        """Start empty.

        Args:
            records: returns them on behalf of whoever works; None while shut.
            clock: tells ages, and what day is today.
        """
        super().__init__()
        self._clock = clock
        self._found: Sequence[Patient] = ()
        self._is_answered = False
        self._opens_alone = False
        #: Why nobody is to be seen; empty where somebody is, or nobody was looked for.
        self.why_none = ""
        self.looking = LookingUp(self, records)
        self.looking.found.connect(self._take)
        self.looking.failed.connect(self._fail)
        self._slow = QTimer(self)
        self._slow.setSingleShot(True)
        self._slow.setInterval(_SLOW_MS)
        self._slow.timeout.connect(self._say_soon)
        self.field = SearchField()
        self.field.textChanged.connect(self._typed)
        self.field.down.connect(self._go_down)
        self.field.entered.connect(self._enter)
        self.add = QPushButton("&New patient")
        self.add.clicked.connect(self.new_patient)
        self.read_as = PlainLabel()
        self.read_as.setAccessibleName("What the date was read as")
        self.title = PlainLabel(bold=True)
        self.table = PatientTable(clock)
        self.table.opened.connect(self._open)
        self.table.left_upwards.connect(self.field.setFocus)
        self.table.typed.connect(self._type_on)
        self._lay_out()
        self._show()

    def _lay_out(self) -> None:
        top = QHBoxLayout()
        top.addWidget(self.field, 1)
        top.addWidget(self.add)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addLayout(top)
        layout.addWidget(self.read_as)
        layout.addWidget(self.title)
        layout.addWidget(self.table, 1)

    @property
    def is_asked(self) -> bool:
        """Return whether anybody is looked for."""
        return bool(self.field.text().strip())

    @property
    def has_found(self) -> bool:
        """Return whether somebody is in the list."""
        return bool(self._found)

    def marked(self) -> Patient | None:
        """Return the patient who is marked in the list, while it is to be seen."""
        row = self.table.currentRow()
        is_there = self.has_found and 0 <= row < len(self._found)
        return self._found[row] if is_there else None

    def look_again(self) -> None:
        """Look for the same once more: the records changed."""
        text = self.field.text().strip()
        if not text:
            self.looking.drop()
            self._take(Fits())
            self._is_answered = False
            return

        def question(records: VisitRecords) -> Fits:
            patients = records.find_patients(text, _MOST)
            ids = [one.id for one in patients]
            last, names = records.last_visits(ids), records.merged_names(ids)
            return Fits(
                patients,
                {one: Beside(last.get(one), names.get(one, ())) for one in ids},
            )

        self._slow.start()
        self.looking.ask(question)
        if not self.looking.is_open:
            self._take(Fits())
            self.why_none = _SHUT

    def forget(self) -> None:
        """Hold nothing that was looked for or shown."""
        self.field.blockSignals(True)
        # Unlike clear(), this cannot be undone.
        self.field.setText("")
        self.field.blockSignals(False)
        self._typed()

    def _typed(self) -> None:
        self._opens_alone = self._is_answered = False
        self.look_again()
        self.changed.emit()

    def _type_on(self, letters: str) -> None:
        """Go on typing: somebody had the keys in the list."""
        self.field.setFocus()
        self.field.end(False)
        self.field.insert(letters)

    def _take(self, fits: Fits) -> None:
        self._slow.stop()
        # Looked for again, whoever was marked stays so: Enter must not miss them.
        marked = self.marked() if self._is_answered else None
        self._is_answered = True
        self._found = fits.patients
        self.why_none = "" if fits.patients or not self.is_asked else _NOBODY_FITS
        self.table.show_patients(fits.patients, fits.beside, marked)
        self._show()
        if self._opens_alone and len(self._found) == 1:
            self._opens_alone = False
            self.chosen.emit(self._found[0])
        self._opens_alone = False

    def _fail(self, error: UserFacingError) -> None:
        self._slow.stop()
        self._opens_alone = False
        self._found = ()
        self.why_none = in_words(error)
        self.table.show_patients((), {}, None)
        self._show()

    def _show(self) -> None:
        self.read_as.setText(_read_as(self.field.text(), self._clock.today()))
        self.read_as.setVisible(bool(self.read_as.text()))
        self.title.setText(_how_many(len(self._found)))
        self.title.setVisible(self.has_found)
        self.table.setVisible(self.has_found)
        self.changed.emit()

    def _say_soon(self) -> None:
        self.title.setText(_SOON)
        self.title.show()

    def _go_down(self) -> None:
        if not self.is_asked:
            self.down.emit()
        elif self.has_found:
            self.table.setFocus()
            # The first is marked already; what is below it is meant.
            self.table.selectRow(min(1, len(self._found) - 1))

    def _enter(self) -> None:
        if not self.is_asked:
            self.entered.emit()
        elif not self._is_answered:
            self._opens_alone = True
        elif (patient := self.marked()) is not None:
            self.chosen.emit(patient)

    def _open(self, row: int) -> None:
        # While something else is looked for, the list is about what was typed before.
        if self._is_answered and 0 <= row < len(self._found):
            self.chosen.emit(self._found[row])


def _how_many(count: int) -> str:
    if count >= _MOST:
        return f"The first {_MOST} who fit; type more to find the others. {_HOW}"
    return f"{'1 patient fits' if count == 1 else f'{count} patients fit'}. {_HOW}"


def _read_as(text: str, today: date) -> str:
    """Return both readings of a date that has two; otherwise nothing."""
    said = []
    for term in search_terms(text):
        days = [date_in_words(one) for one in readings(term, today)]
        if len(days) > 1:
            said.append(f"{term} is looked for as {' and as '.join(days)}.")
    return " ".join(said)
