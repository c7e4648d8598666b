"""The fields of a registration: typed for a new patient, or changed later.

Every field may stay empty; a name may be missing where somebody says that nobody knows
it. What a date was read as stands below it before anybody presses a button.
"""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any, cast

from PySide6.QtCore import Signal
from PySide6.QtWidgets import (
    QCheckBox,
    QComboBox,
    QFormLayout,
    QHBoxLayout,
    QLineEdit,
    QWidget,
)

from intake.answer_check import is_partial_date, is_storable
from intake.patient import OLDEST, Patient, SexAtBirth
from intake.ports import Clock
from intake.typed_age import read_age, typed_age
from intake.typed_dates import birth_dates, date_in_words, readings
from ui.words import PlainLabel

#: Field and its words, in reading order; the first column, then the second.
COLUMNS = (
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
_HINTS = {
    "birth_date": "1992-03-14, 3/14/1992 or 1992",
    "stated_age": "34 as told; about 40 or 35-45 as estimated",
}
_SEXES = (("unknown", "not recorded"), ("female", "female"), ("male", "male"))
_SEX, _NAMELESS = "sex_at_birth", "name_not_known"
_LONGEST = 300


class RegistrationFields(QWidget):
    """Two columns of fields, and what they say.

    Args:
        clock: tells who cannot be born yet.
    """

    #: Somebody typed or chose something.
    edited = Signal()
    #: Something else stands in a field, whoever put it there.
    changed = Signal()

    def __init__(self, clock: Clock) -> None:
        """Start empty."""
        super().__init__()
        self._clock = clock
        self.fields: dict[str, QLineEdit] = {}
        self.sex = QComboBox()
        for value, words in _SEXES:
            self.sex.addItem(words, value)
        self.sex.activated.connect(self.edited)
        self.sex.currentIndexChanged.connect(self.changed)
        self.nameless = QCheckBox("Name not &known yet (walk-in)")
        self.nameless.clicked.connect(self.edited)
        self.read_as = PlainLabel(faint=True)
        self.read_as.setAccessibleName("What birth date and age were read as")
        layout = QHBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(28)
        for column in COLUMNS:
            layout.addLayout(self._form(column), 1)
        for name in ("birth_date", "stated_age"):
            self.fields[name].textChanged.connect(self._say_read)
        self._say_read()

    def _form(self, column: dict[str, str]) -> QFormLayout:
        form = QFormLayout()
        form.setVerticalSpacing(8)
        form.setHorizontalSpacing(12)
        for name, words in column.items():
            plain = words.replace("&", "")
            if name == _SEX:
                form.addRow(words, self.sex)
                self.sex.setAccessibleName(plain)
                continue
            field = QLineEdit()
            field.setMaxLength(_LONGEST)
            field.setAccessibleName(plain)
            field.setPlaceholderText(_HINTS.get(name, ""))
            field.returnPressed.connect(self._next_field)
            field.textEdited.connect(self.edited)
            field.textChanged.connect(self.changed)
            self.fields[name] = field
            form.addRow(words, field)
            if name == "preferred_name":
                form.addRow("", self.nameless)
            if name == "stated_age":
                form.addRow("", self.read_as)
        return form

    # what stands there

    def put(self, kept: Mapping[str, str]) -> None:
        """Put texts into the fields, as `texts` gave them; the others are emptied."""
        for name, field in self.fields.items():
            # Unlike clear(), this cannot be undone: it was another patient.
            field.setText(kept.get(name, ""))
        self.sex.setCurrentIndex(max(0, self.sex.findData(kept.get(_SEX))))
        self.nameless.setChecked(bool(kept.get(_NAMELESS)))

    def take_keys(self) -> None:
        """Take the keys where typing was left: in the last field that holds a text."""
        typed = [field for field in self.fields.values() if field.text()]
        field = typed[-1] if typed else self.fields["family_name"]
        field.setFocus()

    def texts(self) -> dict[str, str]:
        """Return what stands in each field, with what was chosen; empty texts, too."""
        texts = {name: field.text() for name, field in self.fields.items()}
        # What stands there from the start is nothing that somebody chose.
        texts[_SEX] = self.sex.currentData() if self.sex.currentIndex() > 0 else ""
        texts[_NAMELESS] = "yes" if self.nameless.isChecked() else ""
        return texts

    def read_into(self, patient: Patient) -> Patient:
        """Return a patient with what stands here; an unreadable date is left out."""
        # A name is one line, also where it was pasted from a page.
        texts = {
            name: " ".join(field.text().splitlines()).strip()
            for name, field in self.fields.items()
        }
        age, margin = read_age(texts.pop("stated_age")) or (None, 0)
        values: dict[str, Any] = {
            **texts,
            "birth_date": self._birth_date(),
            "stated_age": age,
            "age_margin": margin,
            "sex_at_birth": cast("SexAtBirth", self.sex.currentData()),
        }
        return replace(patient, **values)

    def problem(self) -> tuple[str, str]:
        """Return the field that cannot be accepted and what to do, or two blanks."""
        has_name = any(
            self.fields[name].text().strip()
            for name in ("family_name", "given_name", "preferred_name")
        )
        if not has_name and not self.nameless.isChecked():
            return (
                "family_name",
                'Write at least one name, or choose "Name not known yet" (Alt+K).',
            )
        for name, field in self.fields.items():
            if not is_storable(field.text()):
                return name, "This holds a character that cannot be stored."
        if problem := self._date_problem():
            return "birth_date", problem
        age = self.fields["stated_age"].text()
        if age.strip() and read_age(age) is None:
            return (
                "stated_age",
                "The age cannot be read. Write it in years: 34, about 40 or 35-45.",
            )
        return "", ""

    def _date_problem(self) -> str:
        typed = self.fields["birth_date"].text().strip()
        born = self._birth_date()
        if typed and not born:
            if any(is_partial_date(one) for one in birth_dates(typed)):
                return "The birth date lies in the future."
            return "The birth date cannot be read. Write 1992-03-14 or 3/14/1992."
        if Patient("", birth_date=born).age_on(self._clock.today())[0] > OLDEST:
            return f"The birth date lies more than {OLDEST} years back: is it right?"
        return ""

    def _birth_date(self) -> str:
        typed = self.fields["birth_date"].text()
        return next(iter(readings(typed, self._clock.today())), "")

    def _say_read(self) -> None:
        today = self._clock.today()
        days = readings(self.fields["birth_date"].text(), today)
        said = []
        if days:
            said.append(f"Read as {date_in_words(days[0])}.")
            said += [f"For {date_in_words(one)} write {one}." for one in days[1:]]
        elif read := read_age(self.fields["stated_age"].text()):
            age, margin = read
            patient = Patient("", stated_age=age, age_margin=margin)
            low, high = patient.age_on(today)
            said = [f"Age {age} as the patient told it."]
            if margin:
                said = [f"Estimated: between {low:g} and {high:g} years."]
        self.read_as.setText(" ".join(said))
        self.read_as.setVisible(bool(said))

    def _next_field(self) -> None:
        """Go on with Enter, past the box: a date typed into it would be lost."""
        self.focusNextChild()
        if self.nameless.hasFocus():
            self.focusNextChild()


def texts_of(patient: Patient) -> dict[str, str]:
    """Return what `RegistrationFields.put` shows a patient with."""
    names = (name for column in COLUMNS for name in column)
    texts = {name: getattr(patient, name) for name in names if name != "stated_age"}
    if patient.sex_at_birth == "unknown":
        texts[_SEX] = ""
    has_name = patient.family_name or patient.given_name or patient.preferred_name
    return {
        **texts,
        "stated_age": typed_age(patient),
        _NAMELESS: "" if has_name else "yes",
    }


def words_of(field: str) -> str:
    """Return what a field is called on the screen."""
    words = {name: text for column in COLUMNS for name, text in column.items()}
    return words[field].replace("&", "")
