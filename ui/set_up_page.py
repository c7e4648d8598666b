"""The first start: the clinic's name, the first person, a passphrase."""

from itertools import pairwise

from PySide6.QtCore import Signal
from PySide6.QtWidgets import (
    QCheckBox,
    QFormLayout,
    QHBoxLayout,
    QLineEdit,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from intake.answer_check import is_storable
from intake.errors import UserFacingError
from intake.people import passphrase_problem
from ui.sizes import px
from ui.theme import roomy
from ui.words import PlainLabel

_WIDTH = 460
_LONGEST = 100


class SetUpPage(QWidget):
    """Asks what a new clinic needs; a warning stands above while there is one."""

    #: The clinic's name, the first person's, and a passphrase.
    wanted = Signal(str, str, str)
    #: There is a backup to go on from.
    restoring = Signal()

    def __init__(self, warning: str, parent: QWidget | None = None) -> None:
        """Ask, with nothing filled in."""
        super().__init__(parent)
        self.warning = PlainLabel(warning, bold=True)
        self.warning.setAccessibleName("Warning")
        self.clinic = _field("Name of the clinic")
        self.name = _field("Your name")
        self.passphrase = _field("Passphrase", secret=True)
        self.again = _field("Passphrase again", secret=True)
        self.go_on = QPushButton("&Set up")
        self.take_over = QCheckBox(
            "&Take over the records of an earlier version that lie here.\n"
            "They become encrypted; the old file, which is not, is put aside:\n"
            "remove it once you have seen that everything is there."
        )
        self.take_over.setVisible(False)
        self.restore = QPushButton("I have a &backup\u2026")
        self.said = PlainLabel()
        self.said.setAccessibleName("What is missing")
        form = QFormLayout()
        form.addRow("Name of the &clinic", self.clinic)
        form.addRow("Your &name", self.name)
        form.addRow("&Passphrase", self.passphrase)
        form.addRow("Once &more", self.again)
        form.addRow(self.take_over)
        form.addRow("", self.go_on)
        column = QWidget()
        column.setFixedWidth(px(_WIDTH))
        inner = QVBoxLayout(column)
        inner.addWidget(PlainLabel("Welcome to Thoracic Intake", bold=True, points=8))
        inner.addWidget(
            PlainLabel(
                "The records are encrypted: only a passphrase opens them, or the "
                "recovery code that comes next. At least 12 characters; four words "
                "that only you would put together do well."
            )
        )
        inner.addSpacing(12)
        inner.addWidget(self.warning)
        inner.addSpacing(12)
        inner.addLayout(form)
        inner.addWidget(self.said)
        inner.addSpacing(12)
        inner.addWidget(self.restore)
        roomy(column)
        middle = QHBoxLayout()
        middle.addStretch(1)
        middle.addWidget(column)
        middle.addStretch(1)
        outer = QVBoxLayout(self)
        outer.addStretch(1)
        outer.addLayout(middle)
        outer.addStretch(2)
        # Not before it has its place: alone it would be a window of its own.
        self.warning.setVisible(bool(warning))
        self.restore.clicked.connect(self.restoring)
        self.go_on.clicked.connect(self._go)
        fields = (self.clinic, self.name, self.passphrase, self.again)
        for field, following in pairwise(fields):
            field.returnPressed.connect(following.setFocus)
        self.again.returnPressed.connect(self._go)

    def offer_to_take_over(self) -> None:
        """Offer to take over plain records of an earlier version."""
        self.take_over.setChecked(True)
        self.take_over.setVisible(True)

    def refuse(self, error: UserFacingError) -> None:
        """Say why it did not work."""
        self.setEnabled(True)
        self.said.setText(f"{error.text} {error.action}")

    def _go(self) -> None:
        clinic, name = self.clinic.text().strip(), self.name.text().strip()
        if problem := self._problem(clinic, name):
            self.said.setText(problem)
            return
        self.said.setText("Setting up …")
        self.setEnabled(False)
        self.wanted.emit(clinic, name, self.passphrase.text())

    def _problem(self, clinic: str, name: str) -> str:
        if not clinic or not name:
            return "Write the name of the clinic and your own."
        if not is_storable(clinic) or not is_storable(name):
            return "A name holds a broken character; type it again."
        if self.passphrase.text() != self.again.text():
            return "The two passphrases differ."
        return passphrase_problem(self.passphrase.text(), name)


class RecoveryPage(QWidget):
    """Shows the recovery code, once."""

    #: The sheet is to be kept as a PDF.
    sheet_wanted = Signal()
    #: Go on to work.
    done = Signal()

    def __init__(self, code: str, parent: QWidget | None = None) -> None:
        """Show a code."""
        super().__init__(parent)
        self.code = PlainLabel(code, bold=True, points=4)
        self.code.setWordWrap(False)
        self.code.setAccessibleName("Recovery code")
        self.sheet = QPushButton("Save the &sheet as PDF …")
        self.go_on = QPushButton("I have &kept it, begin")
        self.said = PlainLabel()
        self.said.setAccessibleName("What happened")
        column = QWidget()
        column.setFixedWidth(px(_WIDTH))
        inner = QVBoxLayout(column)
        inner.addWidget(PlainLabel("Recovery sheet", bold=True, points=8))
        inner.addWidget(
            PlainLabel(
                "If every passphrase is forgotten, only this code opens the records. "
                "It is shown once. Print it, or copy it by hand, and keep it away from "
                "the computer."
            )
        )
        inner.addWidget(self.code)
        row = QHBoxLayout()
        row.addWidget(self.sheet)
        row.addWidget(self.go_on)
        row.addStretch(1)
        inner.addLayout(row)
        inner.addWidget(self.said)
        roomy(column)
        middle = QHBoxLayout()
        middle.addStretch(1)
        middle.addWidget(column)
        middle.addStretch(1)
        outer = QVBoxLayout(self)
        outer.addStretch(1)
        outer.addLayout(middle)
        outer.addStretch(2)
        self.sheet.clicked.connect(self.sheet_wanted)
        self.go_on.clicked.connect(self.done)

    def say_saved(self, where: str) -> None:
        """Say where the sheet is, and what to do with it."""
        self.said.setText(
            f"Saved: {where}. Print it now, then delete the file: whoever finds it "
            "can open the records."
        )
        self.go_on.setFocus()


def _field(name: str, *, secret: bool = False) -> QLineEdit:
    field = QLineEdit()
    field.setAccessibleName(name)
    field.setMaxLength(200 if secret else _LONGEST)
    if secret:
        field.setEchoMode(QLineEdit.EchoMode.Password)
    return field
