"""Change a registration: the same fields, what was there before, and who was faster.

Somebody else may have stored a change meanwhile. Then what only one of both changed
stands in the form, what both changed is named with both values, and nothing is stored
until it is saved again.
"""

from collections.abc import Callable, Mapping, Sequence

from PySide6.QtCore import Signal
from PySide6.QtWidgets import (
    QGridLayout,
    QListWidget,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from intake.errors import UserFacingError
from intake.patient import Patient
from intake.ports import Clock, VisitRecords
from ui.errands import Errands, in_words
from ui.patient_finder import name_of
from ui.registration_fields import COLUMNS, RegistrationFields, texts_of, words_of
from ui.room import scrolling
from ui.theme import roomy
from ui.words import PlainLabel, isolated

_PUT_BACK = "Not stored yet: this is what you typed before."
_MEANWHILE = (
    "Someone else changed this registration meanwhile. Theirs is stored, yours is not "
    "yet: look at what stands here, and save again to keep it."
)
_NEVER = "Nothing was changed since it was registered."
#: What has a label; a missing name has none of its own.
_NAMED = frozenset(name for column in COLUMNS for name in column)
_Read = tuple[Patient, Sequence[Patient]]


class ChangeRegistration(QWidget):
    """The form for one patient who is registered.

    Args:
        records: returns them on behalf of whoever works; None while shut.
        clock: tells who cannot be born yet.
    """

    #: The patient (Patient) as stored now.
    changed = Signal(object)
    #: Somebody leaves without storing anything.
    left = Signal()
    #: What is typed and not stored, by field; empty texts where nothing is.
    typed = Signal(object)

    def __init__(
        self,
        records: Callable[[], VisitRecords | None],
        clock: Clock,
        parent: QWidget | None = None,
    ) -> None:
        """Show nobody yet; see `take` and `start`."""
        super().__init__(parent)
        self._records = records
        self._base = Patient("")
        self._kept: Mapping[str, str] = {}
        self.errands = Errands(self)
        self.title = PlainLabel(bold=True, points=4)
        self.form = RegistrationFields(clock)
        self.form.edited.connect(self._tell_typed)
        self.hint = PlainLabel(bold=True)
        self.hint.setAccessibleName("What is missing, or what happened")
        self.save = QPushButton("&Save the changes")
        self.save.setAutoDefault(True)
        self.save.clicked.connect(self._save)
        self.leave = QPushButton("Lea&ve without saving")
        self.leave.clicked.connect(self._leave)
        self.earlier = QListWidget()
        self.earlier.setAccessibleName("What was there before")
        self.earlier.setWordWrap(True)
        self._lay_out()

    def _lay_out(self) -> None:
        body = QWidget()
        grid = QGridLayout(body)
        grid.setContentsMargins(24, 16, 24, 16)
        grid.setHorizontalSpacing(28)
        grid.addWidget(self.title, 0, 0, 1, 3)
        grid.addWidget(self.form, 1, 0, 1, 2)
        grid.addWidget(self.hint, 2, 0, 1, 2)
        grid.addWidget(self.save, 3, 0)
        grid.addWidget(self.leave, 3, 1)
        grid.setRowStretch(4, 1)
        beside = QVBoxLayout()
        beside.addWidget(PlainLabel("Before", bold=True))
        beside.addWidget(self.earlier, 1)
        grid.addLayout(beside, 1, 2, 4, 1)
        for column in range(3):
            grid.setColumnStretch(column, 4)
        roomy(body)
        outer = QVBoxLayout(self)
        outer.setContentsMargins(0, 0, 0, 0)
        outer.addWidget(scrolling(body))

    @property
    def patient(self) -> Patient:
        """Return whom the form is about, as they were read."""
        return self._base

    def take(self, patient: Patient, kept: Mapping[str, str]) -> None:
        """Begin with a patient, and with what was typed and not stored before."""
        self._kept = kept
        self._show(patient, ())

    def start(self) -> None:
        """Read the registration as it is stored now, and take the keys."""
        self.form.fields["family_name"].setFocus()
        self.errands.run(self._read, self._start_with, self._refuse)

    def forget(self) -> None:
        """Hold nobody."""
        self.take(Patient(""), {})

    def _read(self) -> _Read:
        records, patient_id = self._records(), self._base.id
        if records is None:
            raise _waits()
        try:
            return (
                records.patient(patient_id),
                records.earlier_registrations(patient_id),
            )
        except KeyError:
            raise _waits() from None

    def _start_with(self, read: _Read) -> None:
        if read[0].id == self._base.id:
            self._show(*read)

    def _show(self, patient: Patient, earlier: Sequence[Patient]) -> None:
        self._base = patient
        self.title.setText(f"Change the registration of {name_of(patient)}")
        self.form.put({**texts_of(patient), **self._kept})
        self.hint.setText(_PUT_BACK if self._kept else "")
        self._show_earlier(patient, earlier)

    def _show_earlier(self, patient: Patient, earlier: Sequence[Patient]) -> None:
        self.earlier.clear()
        after = patient
        for one in earlier:
            self.earlier.addItem(_what_was(one, after))
            after = one
        if not earlier:
            self.earlier.addItem(_NEVER)

    def _typed_now(self) -> dict[str, str]:
        """Return what differs from what was read, by field; empty where nothing."""
        base = texts_of(self._base)
        return {
            name: text if text != base[name] else ""
            for name, text in self.form.texts().items()
        }

    def _tell_typed(self) -> None:
        self.typed.emit(self._typed_now())

    def _leave(self) -> None:
        self.take(self._base, {})
        self._tell_typed()
        self.left.emit()

    def _save(self) -> None:
        field, problem = self.form.problem()
        after = self.form.read_into(self._base)
        if not field and after == self._base:
            problem = "Nothing is changed."
        self.hint.setText(problem)
        if field:
            self.form.fields[field].setFocus()
        elif not problem:
            self.errands.run(lambda: self._store(after), self._stored, self._refuse)

    def _store(self, after: Patient) -> Patient:
        records = self._records()
        if records is None:
            raise _waits()
        try:
            return records.change_registration(after)
        except KeyError:
            raise _waits() from None

    def _stored(self, patient: Patient) -> None:
        self.take(patient, {})
        self._tell_typed()
        self.changed.emit(patient)

    def _refuse(self, error: UserFacingError) -> None:
        if error.code == "registration_changed":
            self.errands.run(self._read, self._go_on_from, self._say)
        else:
            self._say(error)

    def _say(self, error: UserFacingError) -> None:
        self.hint.setText(in_words(error))

    def _go_on_from(self, read: _Read) -> None:
        """Go on from what somebody else stored, with what was typed here."""
        theirs, earlier = read
        base, stored, ours = texts_of(self._base), texts_of(theirs), self.form.texts()
        both = [
            f"{words_of(name)}: theirs {_quoted(stored[name])}, "
            f"yours {_quoted(ours[name])}."
            for name in base
            if ours[name] != base[name] != stored[name] != ours[name] and name in _NAMED
        ]
        typed = {name: ours[name] for name in base if ours[name] != base[name]}
        self._base = theirs
        self.form.put({**stored, **typed})
        self._show_earlier(theirs, earlier)
        self.hint.setText("\n".join([_MEANWHILE, *both]))
        self._tell_typed()


def _what_was(earlier: Patient, after: Patient) -> str:
    """Return what a change took away."""
    old, new = texts_of(earlier), texts_of(after)
    was = [
        f"{words_of(name)}: {_quoted(old[name])}"
        for name in old
        if old[name] != new[name] and name in _NAMED
    ]
    return f"Before change {after.revision}\n" + ("\n".join(was) or "the same")


def _quoted(text: str) -> str:
    return isolated(text) if text else "nothing"


def _waits() -> UserFacingError:
    return UserFacingError(
        "registration_waits",
        "This registration is not stored yet.",
        "Wait for \u201cSaved\u201d, then try again; nothing you typed is lost.",
    )
