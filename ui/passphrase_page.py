"""Everybody's own passphrase: the old one, and a new one twice."""

from collections.abc import Callable

from PySide6.QtCore import Signal
from PySide6.QtGui import QHideEvent
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from intake.errors import UserFacingError
from intake.house import House
from ui.errands import Errands, in_words
from ui.people_forms import Form, secret
from ui.sizes import px

_WIDTH = 460


class OwnForm(Form):
    """Asks for the old passphrase first: the screen may have been left open."""

    def __init__(self) -> None:
        """Ask, with nothing filled in."""
        super().__init__("Change my passphrase", "&Change it")
        self.old = self.add_field(
            "Passphrase until &now", secret("Passphrase until now")
        )
        self.new = self.add_field("New &passphrase", secret("New passphrase"))
        self.again = self.add_field("Onc&e more", secret("New passphrase again"))
        self.settle()

    def problem(self) -> str:
        """Return what is missing."""
        if self.new.text() != self.again.text():
            return "The two new passphrases differ."
        return ""


class PassphrasePage(QWidget):
    """Changes the passphrase of whoever is signed in."""

    #: It is changed, or is not to be after all.
    done = Signal()

    def __init__(
        self, house: Callable[[], House], parent: QWidget | None = None
    ) -> None:
        """Ask nothing yet; see `start`."""
        super().__init__(parent)
        self._house = house
        self.errands = Errands(self)
        self.form = OwnForm()
        self.form.setFixedWidth(px(_WIDTH))
        self.form.wanted.connect(self._go)
        self.form.left.connect(self._leave)
        middle = QHBoxLayout()
        middle.addStretch(1)
        middle.addWidget(self.form)
        middle.addStretch(1)
        outer = QVBoxLayout(self)
        outer.addStretch(1)
        outer.addLayout(middle)
        outer.addStretch(2)

    def start(self) -> None:
        """Ask, with nothing filled in."""
        self._clear()
        self.form.said.clear()
        self.form.begin()

    def hideEvent(self, event: QHideEvent) -> None:
        """Forget what was typed when another page or a lock comes."""
        super().hideEvent(event)
        if not event.spontaneous():
            self._clear()

    def _go(self) -> None:
        old, new = self.form.old.text(), self.form.new.text()
        self.errands.run(
            lambda: self._house().change_own_passphrase(old, new),
            lambda _nothing: self._leave(),
            self._refuse,
        )

    def _refuse(self, error: UserFacingError) -> None:
        self.form.said.setText(in_words(error))
        self.form.old.setFocus()

    def _leave(self) -> None:
        self._clear()
        # Whoever locked meanwhile is not led past the lock.
        if self.isVisible():
            self.done.emit()

    def _clear(self) -> None:
        for field in (self.form.old, self.form.new, self.form.again):
            field.clear()
