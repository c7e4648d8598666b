"""The page that asks who works: a name and its passphrase, or the recovery sheet."""

from collections.abc import Sequence

from PySide6.QtCore import Signal
from PySide6.QtWidgets import (
    QComboBox,
    QFormLayout,
    QHBoxLayout,
    QLineEdit,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from intake.errors import UserFacingError
from intake.people import passphrase_problem
from intake.ports import Staff
from ui.sizes import px
from ui.theme import roomy
from ui.words import PlainLabel

_WIDTH = 430
#: What no passphrase helps against, and a backup does.
DAMAGE = ("database_damaged", "keys_damaged", "records_missing")
_FOUND = (
    "The last check found damage in the records. Sign in to write down what you need, "
    "or restore a backup."
)


class SignInPage(QWidget):
    """Asks for a passphrase, or for the recovery code and a new passphrase."""

    #: Person's id and passphrase.
    asked = Signal(str, str)
    #: Recovery code, person's id and the new passphrase.
    recovering = Signal(str, str, str)
    #: The records cannot be opened: a backup is to be restored.
    restoring = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        """Ask nothing yet; see `ask`."""
        super().__init__(parent)
        self.warning = PlainLabel(bold=True)
        self.warning.setAccessibleName("Warning")
        self.person = QComboBox()
        self.person.setAccessibleName("Your name")
        self.code = QLineEdit()
        self.code.setAccessibleName("Recovery code")
        self.passphrase = _secret("Passphrase")
        self.go_on = QPushButton("&Begin")
        self.go_on.setDefault(True)
        self.recovery = QPushButton("I have the &recovery sheet")
        self.recovery.setCheckable(True)
        self.restore = QPushButton("Restore a &backup\u2026")
        self.restore.setVisible(False)
        self.said = PlainLabel()
        self.said.setAccessibleName("What happened")
        self.form = QFormLayout()
        self.form.addRow("Your &name", self.person)
        self.form.addRow("Recovery &code", self.code)
        self.form.addRow("&Passphrase", self.passphrase)
        self.form.addRow("", self.go_on)
        column = QWidget()
        column.setFixedWidth(px(_WIDTH))
        inner = QVBoxLayout(column)
        inner.addWidget(PlainLabel("Thoracic Intake", bold=True, points=8))
        inner.addWidget(PlainLabel("Intake and referral for upper back pain"))
        inner.addSpacing(12)
        inner.addWidget(self.warning)
        inner.addSpacing(12)
        inner.addLayout(self.form)
        inner.addWidget(self.said)
        inner.addWidget(self.restore)
        inner.addSpacing(12)
        inner.addWidget(self.recovery)
        roomy(column)
        middle = QHBoxLayout()
        middle.addStretch(1)
        middle.addWidget(column)
        middle.addStretch(1)
        outer = QVBoxLayout(self)
        outer.addStretch(1)
        outer.addLayout(middle)
        outer.addStretch(2)
        self.recovery.toggled.connect(self._choose_way)
        self.restore.clicked.connect(self.restoring)
        self.go_on.clicked.connect(self._go)
        self.code.returnPressed.connect(self.passphrase.setFocus)
        self.passphrase.returnPressed.connect(self._go)
        self._choose_way(False)

    def ask(self, warning: str, staff: Sequence[Staff], last: str) -> None:
        """Start over, with whoever worked last chosen."""
        self.warning.setText(warning)
        self.warning.setVisible(bool(warning))
        self.person.clear()
        for one in staff:
            self.person.addItem(one.name, one.id)
        names = [one.name for one in staff]
        self.person.setCurrentIndex(names.index(last) if last in names else 0)
        self.recovery.setChecked(False)
        # Unlike clear(), this cannot be undone.
        self.code.setText("")
        self.passphrase.clear()
        self.say("")
        self.restore.setVisible(False)
        self.setEnabled(True)
        self.passphrase.setFocus()

    def refuse(self, error: UserFacingError) -> None:
        """Say why it did not work; what was typed is asked for anew."""
        self.setEnabled(True)
        self.say(f"{error.text} {error.action}")
        self.passphrase.clear()
        is_damage = error.code in DAMAGE
        self.restore.setVisible(is_damage)
        (self.restore if is_damage else self.passphrase).setFocus()

    def offer_restore(self) -> None:
        """Say that damage was found, and offer what helps; signing in still works."""
        self.say(_FOUND)
        self.restore.setVisible(True)

    def say(self, words: str) -> None:
        """Show what happened below the fields."""
        self.said.setText(words)
        self.said.setVisible(bool(words))

    def _choose_way(self, recovering: bool) -> None:
        self.form.setRowVisible(self.code, recovering)
        label = "New &passphrase" if recovering else "&Passphrase"
        shown = self.form.labelForField(self.passphrase)
        shown.setProperty("text", label)
        # What was said of the other way no longer helps.
        self.say("")
        (self.code if recovering else self.passphrase).setFocus()

    def _go(self) -> None:
        person, passphrase = self.person.currentData(), self.passphrase.text()
        if not person:
            return
        if not passphrase:
            self.say("Type the passphrase.")
            return
        if not self.recovery.isChecked():
            self._wait()
            self.asked.emit(person, passphrase)
            return
        if problem := passphrase_problem(passphrase, self.person.currentText()):
            self.say(problem)
            return
        self._wait()
        self.recovering.emit(self.code.text(), person, passphrase)

    def _wait(self) -> None:
        self.say("Opening the records …")
        self.setEnabled(False)


def _secret(name: str) -> QLineEdit:
    field = QLineEdit()
    field.setEchoMode(QLineEdit.EchoMode.Password)
    field.setAccessibleName(name)
    field.setMaxLength(200)
    return field
