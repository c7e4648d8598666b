"""Who works now, and in which role.

There is no passphrase yet: the role decides what is shown, it protects nothing.
"""

from PySide6.QtCore import Signal
from PySide6.QtWidgets import (
    QFormLayout,
    QHBoxLayout,
    QLineEdit,
    QPushButton,
    QRadioButton,
    QVBoxLayout,
    QWidget,
)

from intake.answer_check import is_storable
from ui.sizes import px
from ui.theme import roomy
from ui.words import PlainLabel

_WIDTH = 430


class SignIn(QWidget):
    """Asks for a name and a role; a warning stands above while there is one."""

    #: Name and role (`desk` or `clinician`).
    signed_in = Signal(str, str)

    def __init__(self, parent: QWidget | None = None) -> None:
        """Ask, with nothing chosen."""
        super().__init__(parent)
        self.warning = PlainLabel(bold=True)
        self.warning.setAccessibleName("Warning")
        self.name = QLineEdit()
        self.name.setAccessibleName("Your name")
        self.name.setMaxLength(100)
        self.desk = QRadioButton("Front &desk")
        self.clinician = QRadioButton("&Clinician")
        self.go_on = QPushButton("&Begin")
        self.go_on.setEnabled(False)
        self.hint = PlainLabel(
            "The desk enters the history. The clinician also examines, and sees the "
            "assessment.",
            faint=True,
        )
        form = QFormLayout()
        form.addRow("Your &name", self.name)
        form.addRow("You work at", self.desk)
        form.addRow("", self.clinician)
        form.addRow("", self.go_on)
        column = QWidget()
        column.setFixedWidth(px(_WIDTH))
        inner = QVBoxLayout(column)
        inner.addWidget(PlainLabel("Thoracic Intake", bold=True, points=8))
        inner.addWidget(PlainLabel("Intake and referral for upper back pain"))
        inner.addSpacing(12)
        inner.addWidget(self.warning)
        inner.addSpacing(12)
        inner.addLayout(form)
        inner.addWidget(self.hint)
        roomy(column)
        # Stretches, not an alignment: only so the wrapped labels get their height.
        middle = QHBoxLayout()
        middle.addStretch(1)
        middle.addWidget(column)
        middle.addStretch(1)
        outer = QVBoxLayout(self)
        outer.addStretch(1)
        outer.addLayout(middle)
        outer.addStretch(2)
        self.name.textChanged.connect(self._allow)
        self.desk.toggled.connect(self._allow)
        self.clinician.toggled.connect(self._allow)
        self.go_on.clicked.connect(self._sign_in)
        self.name.returnPressed.connect(self._sign_in)

    def ask(self, warning: str, name: str) -> None:
        """Show the warning and start over, with the last name filled in.

        The role is asked anew: whoever takes over must not land in the other's view.
        """
        for role in (self.desk, self.clinician):
            role.setAutoExclusive(False)
            role.setChecked(False)
            role.setAutoExclusive(True)
        self.warning.setText(warning)
        self.warning.setVisible(bool(warning))
        self.name.setText(name)
        self.name.setFocus()
        self.name.selectAll()

    def _allow(self) -> None:
        chosen = self.desk.isChecked() or self.clinician.isChecked()
        self.go_on.setEnabled(chosen and bool(self.name.text().strip()))

    def _sign_in(self) -> None:
        if not self.go_on.isEnabled() or not is_storable(self.name.text()):
            return
        role = "clinician" if self.clinician.isChecked() else "desk"
        self.signed_in.emit(self.name.text().strip(), role)
