"""Registered patients who may be the one that is being typed, beside the form."""

from collections.abc import Callable, Sequence

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent, QPainter, QPaintEvent, QPalette
from PySide6.QtWidgets import QListWidget, QWidget

from intake.duplicates import Likely, likely_same
from intake.patient import Patient
from intake.ports import Clock, VisitRecords
from ui.identity_band import facts_of
from ui.looking_up import LookingUp
from ui.patient_table import ENTER
from ui.sizes import px

_NARROWEST = 130
_NOBODY = "Nobody alike, as far as it is typed."


class LikelyList(QListWidget):
    """Follows what is typed, in the background.

    Args:
        records: returns them on behalf of whoever works; None while shut.
        clock: tells ages.
        parent: lives as long as this.
    """

    #: A patient (Patient) to open instead.
    chosen = Signal(object)

    def __init__(
        self,
        records: Callable[[], VisitRecords | None],
        clock: Clock,
        parent: QWidget | None = None,
    ) -> None:
        """Show nobody."""
        super().__init__(parent)
        self._clock = clock
        self._likely: Sequence[Likely] = ()
        self.setAccessibleName("Patients who may be the same")
        self.setWordWrap(True)
        self.setAlternatingRowColors(True)
        self.setSpacing(3)
        self.setMinimumWidth(px(_NARROWEST))
        self.itemDoubleClicked.connect(self._choose)
        self.looking = LookingUp(self, records)
        self.looking.found.connect(self._show)
        self.looking.failed.connect(lambda _error: self._show(()))

    def follow(self, typed: Patient) -> None:
        """Look for who may be the same as what is typed so far."""

        def question(records: VisitRecords) -> list[Likely]:
            return likely_same(typed, records.find_patients)

        self.looking.ask(question)
        if not self.looking.is_open:
            self._show(())

    def forget(self) -> None:
        """Show nobody, whatever is still found."""
        self.looking.drop()
        self._show(())

    def _show(self, likely: Sequence[Likely]) -> None:
        if [one.patient.id for one in likely] == self._ids() and self.hasFocus():
            self._likely = likely
            return
        self._likely = likely
        self.clear()
        self.addItems([self._words(one) for one in likely])
        self.setCurrentRow(0 if likely else -1)

    def _ids(self) -> list[str]:
        return [one.patient.id for one in self._likely]

    def _words(self, one: Likely) -> str:
        patient = one.patient
        name = patient.name or "Name not recorded"
        facts = [facts_of(patient, self._clock)]
        facts += [patient.phone] if patient.phone else []
        return "\n".join((name, "   ".join(facts), one.why))

    def _choose(self) -> None:
        row = self.currentRow()
        if 0 <= row < len(self._likely):
            self.chosen.emit(self._likely[row].patient)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Say so where there is nobody."""
        super().paintEvent(event)
        if self.count():
            return
        painter = QPainter(self.viewport())
        painter.setPen(self.palette().color(QPalette.ColorRole.PlaceholderText))
        flags = Qt.AlignmentFlag.AlignTop | Qt.TextFlag.TextWordWrap
        painter.drawText(self.viewport().rect().adjusted(6, 6, -6, -6), flags, _NOBODY)
        painter.end()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Open with Enter, on every system."""
        if event.key() in ENTER:
            self._choose()
        else:
            super().keyPressEvent(event)
