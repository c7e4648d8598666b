"""The forms beside the list of people: who somebody is, a passphrase, leaving."""

from collections.abc import Sequence
from itertools import pairwise

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import (
    QCheckBox,
    QComboBox,
    QFormLayout,
    QHBoxLayout,
    QLineEdit,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from intake.people import PERSON_ROLES, Person, PersonRole, made_up_passphrase
from ui.theme import keep_narrow, roomy
from ui.words import PlainLabel, isolated

ROLE_WORDS: dict[PersonRole, str] = {
    "desk": "front desk",
    "clinician": "clinician",
    "owner": "owner",
}
_LONGEST = 100
_LONGEST_PASSPHRASE = 200


class Form(QWidget):
    """What all of them share: a title, fields, what is said, a button; Esc leaves."""

    #: Done is wanted; what was typed is in the fields.
    wanted = Signal()
    #: Leave without doing anything.
    left = Signal()

    def __init__(self, title: str, button: str) -> None:
        """Show an empty form."""
        super().__init__()
        self.title = PlainLabel(title, bold=True, points=2)
        self.fields = QFormLayout()
        self.said = PlainLabel()
        self.said.setAccessibleName("What is missing")
        self.go_on = QPushButton(button)
        self.leave = QPushButton("&Back")
        self.go_on.clicked.connect(self._go)
        self.leave.clicked.connect(self.left)
        row = QHBoxLayout()
        row.addWidget(self.go_on)
        row.addWidget(self.leave)
        row.addStretch(1)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(self.title)
        layout.addLayout(self.fields)
        layout.addWidget(self.said)
        layout.addLayout(row)
        layout.addStretch(1)

    def problem(self) -> str:
        """Return what is missing in the fields, or nothing."""
        return ""

    def add_field(self, label: str, field: QLineEdit) -> QLineEdit:
        """Add a line to type in; Enter there is the button."""
        field.returnPressed.connect(self._go)
        self.fields.addRow(label, field)
        return field

    def settle(self) -> None:
        """Make everything easy to hit."""
        roomy(self)

    def _order(self) -> None:
        """Make the buttons the last that Tab comes to.

        Once the form stands in its page: the page puts it into an order of its own.
        """
        last = (self.go_on, self.leave)
        reached = [one for one in self.typed_in() if one not in last]
        for one, following in pairwise((*reached, *last)):
            QWidget.setTabOrder(one, following)

    def typed_in(self) -> list[QWidget]:
        """Return what takes keys, the first field first."""
        own = Qt.FindChildOption.FindDirectChildrenOnly
        fields = self.findChildren(QWidget, options=own)
        return [w for w in fields if w.focusPolicy() & Qt.FocusPolicy.TabFocus]

    def begin(self) -> None:
        """Give the keys to the first field, or to the button where there is none."""
        self._order()
        fields = [one for one in self.typed_in() if not isinstance(one, QPushButton)]
        (fields[0] if fields else self.go_on).setFocus()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Leave with Esc."""
        if event.key() == Qt.Key.Key_Escape:
            self.left.emit()
            return
        super().keyPressEvent(event)

    def _go(self) -> None:
        if problem := self.problem():
            self.said.setText(problem)
            return
        self.said.clear()
        self.wanted.emit()


class TwicePassphrase:
    """A new passphrase typed twice, or made up and shown once."""

    def __init__(self, form: Form) -> None:
        """Add the fields to a form."""
        self.typed = form.add_field("&Passphrase", secret("New passphrase"))
        self.again = form.add_field("Onc&e more", secret("New passphrase again"))
        self.make_up = QPushButton("Make one &up")
        self.shown = PlainLabel(bold=True)
        self.shown.setAccessibleName("Passphrase made up")
        form.fields.addRow("", self.make_up)
        form.fields.addRow("", self.shown)
        self.hint = PlainLabel("Shown this once: write it down for them.", faint=True)
        self.hint.hide()
        form.fields.addRow("", self.hint)
        self.name = ""
        self.make_up.clicked.connect(self._make_up)

    def _make_up(self) -> None:
        made = made_up_passphrase(self.name)
        self.typed.setText(made)
        self.again.setText(made)
        self.shown.setText(made)
        self.hint.show()

    def problem(self) -> str:
        """Return why it will not do yet; the rest is for the house to judge."""
        if self.typed.text() != self.again.text():
            return "The two passphrases differ."
        return ""


class PersonForm(Form):
    """Name, roles and licence of somebody; for a newcomer a first passphrase, too."""

    def __init__(self, person: Person | None) -> None:
        """Show somebody who works here, or nobody yet."""
        super().__init__(
            f"Change {person.name}" if person else "Take somebody in",
            "&Change" if person else "T&ake in",
        )
        self.person = person
        self.name = self.add_field("&Name", _line("Name"))
        roles = QVBoxLayout()
        self.roles: dict[PersonRole, QCheckBox] = {}
        for role in PERSON_ROLES:
            box = QCheckBox(ROLE_WORDS[role].capitalize())
            box.setAccessibleName(f"Role: {ROLE_WORDS[role]}")
            roles.addWidget(box)
            self.roles[role] = box
        self.fields.addRow("Roles", roles)
        self.licence = self.add_field("&Licence", _line("Licence"))
        self.passphrase = None if person else TwicePassphrase(self)
        if person is not None:
            self.name.setText(person.name)
            self.licence.setText(person.licence)
            for role, box in self.roles.items():
                box.setChecked(role in person.roles)
        self.settle()

    @property
    def chosen_roles(self) -> frozenset[PersonRole]:
        """Return the roles that are ticked."""
        return frozenset(role for role, box in self.roles.items() if box.isChecked())

    def problem(self) -> str:
        """Return what is missing."""
        return self.passphrase.problem() if self.passphrase else ""


class ResetForm(Form):
    """A new passphrase for somebody who forgot theirs, or is locked."""

    def __init__(self, person: Person) -> None:
        """Ask for it twice."""
        super().__init__(f"New passphrase for {person.name}", "&Give it")
        self.person = person
        self.passphrase = TwicePassphrase(self)
        self.passphrase.name = person.name
        self.settle()

    def problem(self) -> str:
        """Return what is missing."""
        return self.passphrase.problem()


class LeavingForm(Form):
    """Somebody leaves; who gets their open visits."""

    def __init__(
        self, person: Person, open_visits: int, clinicians: Sequence[Person]
    ) -> None:
        """Ask for a successor where there is something to hand over."""
        super().__init__(f"{isolated(person.name)} leaves", "&Remove")
        self.person = person
        self.open_visits = open_visits
        self.successor = QComboBox()
        self.successor.setAccessibleName("Open visits go to")
        keep_narrow(self.successor)
        self.successor.addItem("Choose \u2026", "")
        for one in clinicians:
            self.successor.addItem(one.name, one.id)
        count = f"{open_visits} open visit" + ("s" if open_visits != 1 else "")
        self.words = PlainLabel(
            f"{count} \u2013 somebody has to finish "
            f"{'it' if open_visits == 1 else 'them'}."
            if open_visits
            else "No open visit waits for them."
        )
        self.fields.addRow(self.words)
        if open_visits:
            self.fields.addRow("Hand &to", self.successor)
        self.fields.addRow(
            PlainLabel(
                "Their passphrase opens nothing afterwards, and the records get a new "
                "key. With many records that takes a while. What they signed stays.",
                faint=True,
            )
        )
        self.settle()

    def problem(self) -> str:
        """Return what is missing."""
        if self.open_visits and not self.successor.currentData():
            return "Choose who gets the open visits."
        return ""


def secret(name: str) -> QLineEdit:
    """Return a field for a passphrase."""
    field = QLineEdit()
    field.setEchoMode(QLineEdit.EchoMode.Password)
    field.setAccessibleName(name)
    field.setMaxLength(_LONGEST_PASSPHRASE)
    return field


def _line(name: str) -> QLineEdit:
    field = QLineEdit()
    field.setAccessibleName(name)
    field.setMaxLength(_LONGEST)
    return field
