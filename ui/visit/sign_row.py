"""The passphrase and the key that signs, at the foot of a page; and what came of it."""

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QLineEdit, QPushButton, QVBoxLayout, QWidget

from intake.errors import UserFacingError
from ui.sizes import px
from ui.theme import roomy
from ui.words import PlainLabel

_WIDTH = 260
#: At the door another way is offered; here nobody needs the recovery sheet.
_WRONG = "That is not your passphrase; nothing was signed. Type it again."


class SignRow(QWidget):
    """Asks for the passphrase again where there is one."""

    #: Somebody wants to sign, with this passphrase.
    wanted = Signal(str)
    #: Somebody goes back without signing.
    left = Signal()

    def __init__(
        self, sign: str, back: str, *, asks: bool, parent: QWidget | None = None
    ) -> None:
        """Take the words of both keys."""
        super().__init__(parent)
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
        row.addWidget(self.passphrase)
        row.addWidget(self.sign)
        row.addWidget(self.back)
        row.addStretch(1)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 4, 0, 0)
        layout.addWidget(self.said)
        layout.addLayout(row)
        self.passphrase.returnPressed.connect(self._sign)
        self.sign.clicked.connect(self._sign)
        self.back.clicked.connect(self.left)
        # Not before it has its place: alone it would be a window of its own.
        self.passphrase.setVisible(asks)
        roomy(self)
        self.start()

    def start(self) -> None:
        """Start over: nothing typed, nothing said."""
        self.passphrase.clear()
        self.say("")
        self.setEnabled(True)

    def say(self, words: str) -> None:
        """Show what happened above the keys."""
        self.said.setText(words)
        self.said.setVisible(bool(words))

    def refuse(self, error: UserFacingError) -> None:
        """Say why nothing was signed; the passphrase is asked for anew."""
        self.start()
        is_wrong = error.code == "wrong_passphrase"
        self.say(_WRONG if is_wrong else f"{error.text} {error.action}")
        self.take_keys()

    def take_keys(self) -> None:
        """Put the keys where signing begins."""
        (self.passphrase if self._asks else self.sign).setFocus()

    def wait(self) -> None:
        """Show that it is being signed."""
        self.say("Signing \u2026")
        self.setEnabled(False)

    def _sign(self) -> None:
        if self._asks and not self.passphrase.text():
            self.say("Signing asks for your passphrase once more.")
            self.passphrase.setFocus()
            return
        self.wanted.emit(self.passphrase.text())
