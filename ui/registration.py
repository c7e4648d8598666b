"""Register a patient: every field may stay empty but one of the names."""

import uuid
from collections.abc import Mapping
from dataclasses import replace
from typing import Any, cast

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import (
    QComboBox,
    QFormLayout,
    QGridLayout,
    QLineEdit,
    QListWidget,
    QPushButton,
    QScrollArea,
    QVBoxLayout,
    QWidget,
)

from intake.answer_check import is_partial_date, is_storable
from intake.facts import span_of
from intake.patient import Patient, SexAtBirth
from intake.ports import Clock
from ui.likely import Find, Likely, likely_same
from ui.theme import roomy
from ui.words import PlainLabel

#: Field and its words, in reading order; the first column, then the second.
_COLUMNS = (
    {
        "family_name": "&Family name(s)",
        "given_name": "&Given name(s)",
        "preferred_name": "Preferred name",
        "birth_date": "&Birth date",
        "stated_age": "or &age in years",
        "sex_at_birth": "Se&x at birth",
        "gender": "Gender",
        "chart_number": "C&hart number",
        "phone": "&Phone",
    },
    {
        "email": "&E-mail",
        "address": "A&ddress",
        "language": "&Language",
        "interpreter": "&Interpreter",
        "emergency_contact": "Emergency &contact",
        "primary_care_provider": "Primary care pr&ovider",
        "insurer": "Ins&urer",
        "member_id": "Member id",
        "occupation": "Occupation",
    },
)
_HINTS = {"birth_date": "1992-03-14, 3/14/1992 or 1992"}
_SEXES = (("unknown", "not recorded"), ("female", "female"), ("male", "male"))
_SEX = "sex_at_birth"
_PUT_BACK = "Not registered yet: this is what you typed before."
_OLDEST = 130
_LONGEST = 300


class Registration(QWidget):
    """The form, with likely duplicates beside it while typing."""

    #: A new patient (Patient) to store and open.
    registered = Signal(object)
    #: An existing patient (Patient) chosen among the likely duplicates.
    chosen = Signal(object)
    #: What is typed so far, by field; empty texts, too.
    typed = Signal(object)

    def __init__(self, find: Find, clock: Clock, parent: QWidget | None = None) -> None:
        """Start empty."""
        super().__init__(parent)
        self._find = find
        self._clock = clock
        self._likely: list[Likely] = []
        self.fields: dict[str, QLineEdit] = {}
        self.sex = QComboBox()
        for value, words in _SEXES:
            self.sex.addItem(words, value)
        self.sex.activated.connect(self._tell_typed)
        self.hint = PlainLabel(bold=True)
        self.hint.setAccessibleName("What is missing")
        self.register = QPushButton("&Register and open a visit")
        self.register.setAutoDefault(True)
        self.register.clicked.connect(self._register)
        self.empty = QPushButton("Empty the for&m")
        self.empty.clicked.connect(self._empty)
        self.likely = QListWidget()
        self.likely.setAccessibleName("Patients who may be the same")
        self.likely.setWordWrap(True)
        self.likely.itemActivated.connect(self._choose)
        self._lay_out()
        for name in ("family_name", "given_name", "birth_date", "phone"):
            self.fields[name].textChanged.connect(self._look_for_likely)
        self.fields["chart_number"].textChanged.connect(self._look_for_likely)

    def _lay_out(self) -> None:
        body = QWidget()
        grid = QGridLayout(body)
        grid.setContentsMargins(24, 16, 24, 16)
        grid.setHorizontalSpacing(28)
        grid.addWidget(PlainLabel("New patient", bold=True, points=4), 0, 0, 1, 2)
        for place, column in enumerate(_COLUMNS):
            grid.addLayout(self._form(column), 1, place)
            grid.setColumnStretch(place, 4)
        grid.addWidget(self.hint, 2, 0, 1, 2)
        grid.addWidget(self.register, 3, 0)
        grid.addWidget(self.empty, 3, 1)
        grid.setRowStretch(4, 1)
        beside = QVBoxLayout()
        beside.addWidget(PlainLabel("Already registered?", bold=True))
        beside.addWidget(self.likely, 1)
        beside.addWidget(PlainLabel("Enter opens the visit of today.", faint=True))
        grid.addLayout(beside, 1, 2, 4, 1)
        grid.setColumnStretch(2, 4)
        roomy(body)
        area = QScrollArea(self)
        area.setFrameShape(QScrollArea.Shape.NoFrame)
        area.setWidgetResizable(True)
        area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        area.setWidget(body)
        outer = QVBoxLayout(self)
        outer.setContentsMargins(0, 0, 0, 0)
        outer.addWidget(area)

    def _form(self, column: dict[str, str]) -> QFormLayout:
        form = QFormLayout()
        form.setVerticalSpacing(8)
        form.setHorizontalSpacing(12)
        for name, words in column.items():
            if name == "sex_at_birth":
                form.addRow(words, self.sex)
                self.sex.setAccessibleName(words.replace("&", ""))
                continue
            field = QLineEdit()
            field.setMaxLength(_LONGEST)
            field.setAccessibleName(words.replace("&", ""))
            field.setPlaceholderText(_HINTS.get(name, ""))
            field.returnPressed.connect(self._next_field)
            field.textEdited.connect(self._tell_typed)
            self.fields[name] = field
            form.addRow(words, field)
        return form

    def start(self, kept: Mapping[str, str] | None = None) -> None:
        """Begin with the name: in an empty form, or with what was typed and kept."""
        kept = kept or {}
        for name, field in self.fields.items():
            # Unlike clear(), this cannot be undone: it was another patient.
            field.setText(kept.get(name, ""))
        self.sex.setCurrentIndex(max(0, self.sex.findData(kept.get(_SEX))))
        self.hint.setText(_PUT_BACK if kept else "")
        self.fields["family_name"].setFocus()

    def _empty(self) -> None:
        self.start()
        self._tell_typed()

    def _tell_typed(self) -> None:
        texts = {name: field.text() for name, field in self.fields.items()}
        # What stands there from the start is nothing that somebody chose.
        chosen = self.sex.currentData() if self.sex.currentIndex() > 0 else ""
        self.typed.emit({**texts, _SEX: chosen})

    def _next_field(self) -> None:
        self.focusNextChild()

    def _typed(self) -> Patient:
        """Return what is typed so far; a date that cannot be read is left out."""
        texts = {name: field.text().strip() for name, field in self.fields.items()}
        age = texts.pop("stated_age")
        values: dict[str, Any] = {
            **texts,
            "birth_date": _iso_date(texts["birth_date"]),
            "stated_age": int(age) if age.isascii() and age.isdigit() else None,
        }
        sex = cast("SexAtBirth", self.sex.currentData())
        return replace(Patient(id=str(uuid.uuid4()), sex_at_birth=sex), **values)

    def _look_for_likely(self) -> None:
        self._likely = likely_same(self._typed(), self._find)
        self.likely.clear()
        self.likely.addItems([likely.words for likely in self._likely])

    def _choose(self) -> None:
        row = self.likely.currentRow()
        if 0 <= row < len(self._likely):
            self.chosen.emit(self._likely[row].patient)

    def _register(self) -> None:
        patient = self._typed()
        field, problem = self._problem(patient)
        self.hint.setText(problem)
        if field:
            self.fields[field].setFocus()
        else:
            self.registered.emit(patient)

    def _problem(self, patient: Patient) -> tuple[str, str]:
        """Return the field that cannot be accepted and what to do, or two blanks."""
        if not patient.family_name and not patient.given_name:
            return "family_name", "Write at least one name."
        for name, field in self.fields.items():
            if not is_storable(field.text()):
                return name, "This holds a character that cannot be stored."
        if self.fields["birth_date"].text().strip():
            if not patient.birth_date:
                return (
                    "birth_date",
                    "The birth date cannot be read. Write 1992-03-14 or 3/14/1992.",
                )
            if span_of(patient.birth_date)[0] > self._clock.today():
                return "birth_date", "The birth date lies in the future."
        if self.fields["stated_age"].text().strip() and not (
            patient.stated_age is not None and patient.stated_age <= _OLDEST
        ):
            return "stated_age", "The age cannot be read. Write it in years, like 34."
        return "", ""


def _iso_date(text: str) -> str:
    """Return a date as ISO 8601, from that or from month/day/year; else nothing."""
    text = text.strip()
    parts = text.replace("-", "/").replace(".", "/").split("/")
    if (
        len(parts) == 3
        and len(parts[2]) == 4
        and all(p.isascii() and p.isdecimal() for p in parts)
    ):
        text = f"{parts[2]}-{int(parts[0]):02}-{int(parts[1]):02}"
    return text if is_partial_date(text) else ""
