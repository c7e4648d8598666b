"""What is asked before somebody signs, at the foot of a page; and what came of it.

Whose visit it is (`intake.second_look`), where it is asked, then the passphrase.
"""

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QLineEdit, QPushButton, QVBoxLayout, QWidget

from intake.errors import UserFacingError
from intake.patient import Patient
from intake.second_look import asked_of, is_meant
from ui.sizes import px
from ui.theme import roomy
from ui.words import PlainLabel

_WIDTH = 260
#: At the door another way is offered; here nobody needs the recovery sheet.
_WRONG = "That is not your passphrase; nothing was signed. Type it again."


_NOT_THEM = (
    "That is not the patient named above; nothing was signed. Look whose visit this "
    "is, then type the {asked} again."
)


class SignRow(QWidget):
    """Asks whose it is where it has to, and for the passphrase where there is one."""

    #: Somebody wants to sign, with this passphrase.
    wanted = Signal(str)
    #: Somebody goes back without signing.
    left = Signal()

    def __init__(
        self, sign: str, back: str, *, asks: bool, parent: QWidget | None = None
    ) -> None:
        """Take the words of both keys."""
        super().__init__(parent)
        #: Whose initials are asked; None where nobody's are.
        self.patient: Patient | None = None
        self.whose = QLineEdit()
        self.whose.setMaxLength(60)
        self.whose.setFixedWidth(px(_WIDTH))
        self.passphrase = QLineEdit()
        self.passphrase.setEchoMode(QLineEdit.EchoMode.Password)
        self.passphrase.setAccessibleName("Your passphrase, again")
        self.passphrase.setPlaceholderText("Your passphrase, again")
        self.passphrase.setMaxLength(200)
        self.passphrase.setFixedWidth(px(_WIDTH))
        self._asks = asks
        self.sign = QPushButton(sign)
        self.back = QPushButton(back)
        self.said = PlainLabel(bold=True)
        self.said.setAccessibleName("What happened")
        row = QHBoxLayout()
        row.addWidget(self.whose)
        row.addWidget(self.passphrase)
        row.addWidget(self.sign)
        row.addWidget(self.back)
        row.addStretch(1)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 4, 0, 0)
        layout.addWidget(self.said)
        layout.addLayout(row)
        self.whose.returnPressed.connect(self._go_on)
        self.passphrase.returnPressed.connect(self._sign)
        self.sign.clicked.connect(self._sign)
        self.back.clicked.connect(self.left)
        # Not before they have their place: alone each would be a window of its own.
        self.passphrase.setVisible(asks)
        self.ask_whose(None)
        roomy(self)
        self.start()

    def ask_whose(self, patient: Patient | None) -> None:
        """Ask whose visit it is, as far as that is recorded; None asks nothing."""
        asked = asked_of(patient) if patient is not None else ""
        self.patient = patient if asked else None
        words = f"Patient's {asked}"
        self.whose.setPlaceholderText(words)
        self.whose.setAccessibleName(words)
        self.whose.setVisible(bool(asked))

    def start(self) -> None:
        """Start over: nothing typed, nothing said."""
        # Unlike clear(), this cannot be undone.
        self.whose.setText("")
        self.passphrase.clear()
        self.say("")
        self.setEnabled(True)

    def say(self, words: str) -> None:
        """Show what happened above the keys."""
        self.said.setText(words)
        self.said.setVisible(bool(words))

    def refuse(self, error: UserFacingError) -> None:
        """Say why nothing was signed; the passphrase is asked for anew."""
        whose = self.whose.text()
        self.start()
        if error.code == "wrong_passphrase":
            self.whose.setText(whose)
        is_wrong = error.code == "wrong_passphrase"
        self.say(_WRONG if is_wrong else f"{error.text} {error.action}")
        self.take_keys()

    def take_keys(self) -> None:
        """Put the keys where something is missing, on the key that signs else."""
        if self.patient is not None and not self.whose.text():
            self.whose.setFocus()
        elif self._asks and not self.passphrase.text():
            self.passphrase.setFocus()
        else:
            self.sign.setFocus()

    def wait(self) -> None:
        """Show that it is being signed."""
        self.say("Signing \u2026")
        self.setEnabled(False)

    def _go_on(self) -> None:
        """Go on to the passphrase, or sign where none is asked."""
        if self._asks:
            self.passphrase.setFocus()
            # Typed before the initials were corrected: Enter signs with it, and what
            # is typed again stands in its place.
            self.passphrase.selectAll()
        else:
            self._sign()

    def _sign(self) -> None:
        if not self.sign.isEnabled():
            # Why not stands above.
            return
        if self.patient is not None and not is_meant(self.patient, self.whose.text()):
            asked = asked_of(self.patient)
            is_typed = bool(self.whose.text().strip())
            missing = f"Signing asks for the patient's {asked}; see above."
            self.say(_NOT_THEM.format(asked=asked) if is_typed else missing)
            self.whose.setFocus()
            self.whose.selectAll()
        elif self._asks and not self.passphrase.text():
            self.say("Signing asks for your passphrase once more.")
            self.passphrase.setFocus()
        else:
            self.wanted.emit(self.passphrase.text())
