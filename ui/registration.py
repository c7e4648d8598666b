"""Register a patient, with those beside it who may be the same."""

import uuid
from collections.abc import Callable, Mapping

from PySide6.QtCore import Signal
from PySide6.QtWidgets import (
    QGridLayout,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from intake.patient import Patient
from intake.ports import Clock, VisitRecords
from ui.likely_list import LikelyList
from ui.registration_fields import RegistrationFields
from ui.room import scrolling
from ui.sizes import px
from ui.theme import roomy
from ui.words import PlainLabel

_PUT_BACK = (
    "Not registered yet: this is what you typed before. Alt+M empties the form for "
    "somebody else."
)

#: With less, the title above the list has no room for its longest word.
_LIKELY_WIDTH = 120


class Registration(QWidget):
    """The form, with likely duplicates beside it while typing."""

    #: A new patient (Patient) to store and open.
    registered = Signal(object)
    #: An existing patient (Patient) chosen among the likely duplicates.
    chosen = Signal(object)
    #: What is typed so far, by field; empty texts, too.
    typed = Signal(object)

    def __init__(
        self,
        records: Callable[[], VisitRecords | None],
        clock: Clock,
        parent: QWidget | None = None,
    ) -> None:
        """Start empty; `records` returns them on behalf of whoever works."""
        super().__init__(parent)
        self.form = RegistrationFields(clock)
        self.fields, self.sex = self.form.fields, self.form.sex
        self.form.edited.connect(self._tell_typed)
        self.form.changed.connect(self._look_for_likely)
        self.hint = PlainLabel(bold=True)
        self.hint.setAccessibleName("What is missing")
        self.register = QPushButton("&Register and open a visit")
        self.register.setAutoDefault(True)
        self.register.clicked.connect(self._register)
        self.empty = QPushButton("Empty the for&m")
        self.empty.clicked.connect(self._empty)
        self.likely = LikelyList(records, clock)
        self.likely.chosen.connect(self.chosen)
        self._lay_out()

    def _lay_out(self) -> None:
        body = QWidget()
        grid = QGridLayout(body)
        grid.setContentsMargins(24, 16, 24, 16)
        grid.setHorizontalSpacing(28)
        grid.addWidget(PlainLabel("New patient", bold=True, points=4), 0, 0, 1, 2)
        # Above the form: what was put back may be somebody else's.
        grid.addWidget(self.hint, 1, 0, 1, 2)
        grid.addWidget(self.form, 2, 0, 1, 2)
        grid.addWidget(self.register, 3, 0)
        grid.addWidget(self.empty, 3, 1)
        grid.setRowStretch(4, 1)
        beside = QVBoxLayout()
        title = PlainLabel("Alread&y registered?", bold=True)
        title.setBuddy(self.likely)
        self.likely.setMinimumWidth(px(_LIKELY_WIDTH))
        beside.addWidget(title)
        beside.addWidget(self.likely, 1)
        beside.addWidget(
            PlainLabel(
                "Enter opens the visit of today. What you typed is kept.", faint=True
            )
        )
        grid.addLayout(beside, 1, 2, 4, 1)
        for column in range(3):
            grid.setColumnStretch(column, 4)
        roomy(body)
        outer = QVBoxLayout(self)
        outer.setContentsMargins(0, 0, 0, 0)
        outer.addWidget(scrolling(body))

    def start(self, kept: Mapping[str, str] | None = None) -> None:
        """Begin with the name in an empty form, else where it was left.

        At the name a hurried person types the next patient's behind the one before
        and keeps that one's birth date.
        """
        self.form.put(kept or {})
        self.hint.setText(_PUT_BACK if kept else "")
        self.hint.setVisible(bool(kept))
        self.form.take_keys()

    def forget(self) -> None:
        """Hold nothing that was typed or found."""
        self.start()
        self.likely.forget()

    def _empty(self) -> None:
        self.start()
        self._tell_typed()

    def _tell_typed(self) -> None:
        self.typed.emit(self.form.texts())

    def _look_for_likely(self) -> None:
        self.likely.follow(self.form.read_into(Patient("")))

    def _register(self) -> None:
        field, problem = self.form.problem()
        self.hint.setText(problem)
        self.hint.setVisible(bool(problem))
        if field:
            self.fields[field].setFocus()
        else:
            self.registered.emit(self.form.read_into(Patient(str(uuid.uuid4()))))
