"""Register a patient: every field may stay empty but one of the names."""

import uuid
from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Any, cast

from PySide6.QtCore import Signal
from PySide6.QtWidgets import (
    QComboBox,
    QFormLayout,
    QHBoxLayout,
    QLineEdit,
    QListWidget,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from intake.answer_check import is_partial_date
from intake.facts import span_of
from intake.patient import Patient, SexAtBirth
from intake.ports import Clock
from ui.words import PlainLabel

Find = Callable[[str], Sequence[Patient]]
_TEXTS = {
    "family_name": "&Family name(s)",
    "given_name": "&Given name(s)",
    "preferred_name": "Preferred name",
    "birth_date": "&Birth date (1992-03-14, 3/14/1992)",
    "chart_number": "C&hart number",
    "phone": "&Phone",
    "email": "E-mail",
    "address": "Address",
    "language": "Language",
    "interpreter": "Interpreter",
    "gender": "Gender",
    "occupation": "Occupation",
    "emergency_contact": "Emergency contact",
    "primary_care_provider": "Primary care provider",
    "insurer": "Insurer",
    "member_id": "Member id",
}
_SEXES = (("", "not recorded"), ("female", "female"), ("male", "male"))


class Registration(QWidget):
    """The form, with likely duplicates beside it while typing."""

    #: A new patient (Patient) to store and open.
    registered = Signal(object)
    #: An existing patient (Patient) chosen among the likely duplicates.
    chosen = Signal(object)

    def __init__(self, find: Find, clock: Clock, parent: QWidget | None = None) -> None:
        """Start empty."""
        super().__init__(parent)
        self._find = find
        self._clock = clock
        self.fields = {name: QLineEdit() for name in _TEXTS}
        self.sex = QComboBox()
        for value, words in _SEXES:
            self.sex.addItem(words, value)
        self.sex.setAccessibleName("Sex at birth")
        form = QFormLayout()
        for name, words in _TEXTS.items():
            self.fields[name].setMaxLength(300)
            self.fields[name].setAccessibleName(words.replace("&", ""))
            form.addRow(words, self.fields[name])
            if name == "birth_date":
                form.addRow("Se&x at birth", self.sex)
        self.hint = PlainLabel(bold=True)
        self.register = QPushButton("&Register and open a visit")
        self.register.clicked.connect(self._register)
        left = QVBoxLayout()
        left.addWidget(PlainLabel("New patient", bold=True, points=4))
        left.addLayout(form)
        left.addWidget(self.hint)
        left.addWidget(self.register)
        left.addStretch(1)
        self.likely = QListWidget()
        self.likely.setAccessibleName("Patients who may be the same")
        self.likely.itemActivated.connect(self._choose)
        self._found: list[Patient] = []
        right = QVBoxLayout()
        right.addWidget(PlainLabel("Already registered?", bold=True))
        right.addWidget(
            PlainLabel("Same name, birth date or phone. Enter opens.", faint=True)
        )
        right.addWidget(self.likely, 1)
        layout = QHBoxLayout(self)
        layout.setContentsMargins(24, 16, 24, 16)
        layout.setSpacing(30)
        layout.addLayout(left, 3)
        layout.addLayout(right, 2)
        for name in ("family_name", "given_name", "birth_date", "phone"):
            self.fields[name].textChanged.connect(self._look_for_likely)

    def start(self) -> None:
        """Empty every field and begin with the name."""
        for field in self.fields.values():
            field.clear()
        self.sex.setCurrentIndex(0)
        self.hint.clear()
        self.fields["family_name"].setFocus()

    def _look_for_likely(self) -> None:
        found: dict[str, Patient] = {}
        family = self.fields["family_name"].text().strip()
        given = self.fields["given_name"].text().strip()
        texts = [f"{family} {given}".strip()]
        texts.append(_iso_date(self.fields["birth_date"].text()))
        texts.append(self.fields["phone"].text().strip())
        for text in texts:
            if len(text) > 2:
                found |= {patient.id: patient for patient in self._find(text)[:8]}
        self._found = list(found.values())
        self.likely.clear()
        self.likely.addItems([f"{p.name}   {p.birth_date}" for p in self._found])

    def _choose(self) -> None:
        row = self.likely.currentRow()
        if 0 <= row < len(self._found):
            self.chosen.emit(self._found[row])

    def _register(self) -> None:
        texts = {name: field.text().strip() for name, field in self.fields.items()}
        born = _iso_date(texts["birth_date"])
        problem = self._problem(texts, born)
        self.hint.setText(problem)
        if problem:
            return
        sex = cast("SexAtBirth", self.sex.currentData() or "unknown")
        nameless = Patient(id=str(uuid.uuid4()), sex_at_birth=sex)
        values: dict[str, Any] = {**texts, "birth_date": born}
        self.registered.emit(replace(nameless, **values))

    def _problem(self, texts: dict[str, str], born: str) -> str:
        if not texts["family_name"] and not texts["given_name"]:
            self.fields["family_name"].setFocus()
            return "Write at least one name."
        if texts["birth_date"]:
            if not born:
                self.fields["birth_date"].setFocus()
                return "The birth date cannot be read. Write 1992-03-14 or 3/14/1992."
            if span_of(born)[0] > self._clock.today():
                self.fields["birth_date"].setFocus()
                return "The birth date lies in the future."
        return ""


def _iso_date(text: str) -> str:
    """Return a date as ISO 8601, from that or from month/day/year; else nothing."""
    text = text.strip()
    parts = text.replace("-", "/").replace(".", "/").split("/")
    if len(parts) == 3 and len(parts[2]) == 4 and all(p.isdigit() for p in parts):
        text = f"{parts[2]}-{int(parts[0]):02}-{int(parts[1]):02}"
    return text if is_partial_date(text) else ""
