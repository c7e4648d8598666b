"""Who the patient is, at the same place in every page about one."""

from typing import TYPE_CHECKING

from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QWidget

from ui import visit_tints
from ui.words import PlainLabel, isolated

if TYPE_CHECKING:
    # The first paint shows nobody, and has no need of the records' classes.
    from intake.answers import Answers
    from intake.patient import Patient
    from intake.ports import Clock

_STRIPE = 6


class IdentityBand(QFrame):
    """Name, birth date with age, sex, chart number, allergies when recorded."""

    def __init__(self, clock: "Clock", parent: QWidget | None = None) -> None:
        """Show that no patient is open."""
        super().__init__(parent)
        self._clock = clock
        #: Which of the open visits is in view; None where the page is about none.
        self.tint: int | None = None
        self.setFrameShape(QFrame.Shape.StyledPanel)
        self.setAutoFillBackground(True)
        self.setBackgroundRole(self.palette().ColorRole.AlternateBase)
        self.setAccessibleName("Patient")
        self.name = PlainLabel(bold=True, points=2)
        self.facts = PlainLabel()
        self.allergies = PlainLabel(bold=True)
        layout = QHBoxLayout(self)
        layout.setContentsMargins(10, 4, 10, 4)
        layout.setSpacing(14)
        layout.addWidget(self.name, 3)
        layout.addWidget(self.facts, 4)
        layout.addWidget(self.allergies, 3)
        self.show_nobody()

    def show_nobody(self) -> None:
        """Show that no patient is open."""
        self._tinted(None)
        self.name.setText("No patient open")
        self.facts.clear()
        self.allergies.clear()

    def show_registered(self, patient: "Patient") -> None:
        """Show a patient of whom no visit is in view."""
        self._tinted(None)
        self.name.setText(patient.name or "Name not recorded")
        self.facts.setText(facts_of(patient, self._clock))
        self.allergies.clear()

    def show_patient(
        self,
        patient: "Patient",
        answers: "Answers",
        tint: int | None = None,
        was: str = "",
    ) -> None:
        """Show a patient and the allergies recorded in the visit.

        Args:
            patient: who is open.
            answers: what the visit says.
            tint: which of several open visits it is; see `ui.visit_tints`.
            was: under whose name the visit stood before, while it was open.
        """
        self._tinted(tint)
        name = patient.name or "Name not recorded"
        moved = f" (the visit stood under {isolated(was)})" if was else ""
        self.name.setText(f"{isolated(name) if was else name}{moved}")
        self.facts.setText(facts_of(patient, self._clock))
        rows = answers.get("background.allergies")
        if rows is None:
            text = "Allergies: not asked"
        else:
            text = f"Allergies: {'; '.join(rows) if rows else 'none known'}"
        self.allergies.setText(text)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint the tint of an open visit below the words."""
        if self.tint is not None:
            painter = QPainter(self)
            painter.fillRect(self.rect(), visit_tints.ground(self.tint, self.palette()))
            stripe = self.rect()
            stripe.setWidth(_STRIPE)
            painter.fillRect(stripe, visit_tints.edge(self.tint, self.palette()))
            painter.end()
        super().paintEvent(event)

    def _tinted(self, tint: int | None) -> None:
        self.tint = tint
        self.update()


def facts_of(patient: "Patient", clock: "Clock") -> str:
    """Return birth date with age, sex and chart number as one line."""
    chart = f"chart {patient.chart_number}" if patient.chart_number else ""
    born = birth_of(patient, clock)
    born = f"born {born}" if patient.birth_date else born or "birth date not recorded"
    sex = sex_of(patient) or "sex at birth not recorded"
    return "   ".join(part for part in (born, sex, chart) if part)


def birth_of(patient: "Patient", clock: "Clock") -> str:
    """Return birth date with age, or the age alone, or nothing."""
    low, high = patient.age_on(clock.today())
    age = f"{low:g}" if low == high else f"{low:g} to {high:g}"
    if patient.birth_date:
        return f"{patient.birth_date} ({age} years)"
    if patient.age_is_estimated:
        return f"about {patient.stated_age} years (estimated: {age})"
    return f"{age} years" if patient.stated_age is not None else ""


def sex_of(patient: "Patient") -> str:
    """Return the sex at birth, or nothing where it is not recorded."""
    return "" if patient.sex_at_birth == "unknown" else patient.sex_at_birth
