"""The page that offers backups when the records cannot be opened, or are not there."""

from collections.abc import Sequence
from datetime import datetime
from pathlib import Path

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import (
    QFileDialog,
    QHBoxLayout,
    QListWidget,
    QListWidgetItem,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from intake.caretaking import FoundBackup, age_in_words
from intake.errors import UserFacingError
from ui.sizes import px
from ui.theme import roomy
from ui.words import PlainLabel

_WIDTH = 560
_PATH = Qt.ItemDataRole.UserRole
_STATES = {
    "sound": "sound",
    "not checked": "looked at when it is restored",
    "damaged": "damaged",
}


class RestorePage(QWidget):
    """Lists the backups, the newest sound one chosen."""

    #: A backup (Path) is to be put in the place of the records.
    wanted = Signal(object)
    #: Nothing is to be restored.
    back = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        """Show nothing yet; see `offer`."""
        super().__init__(parent)
        self.list = QListWidget()
        self.list.setAccessibleName("Backups")
        self.go_on = QPushButton("&Restore this backup")
        self.other = QPushButton("A &file elsewhere\u2026")
        self.leave = QPushButton("&Back")
        self.said = PlainLabel()
        self.said.setAccessibleName("What happened")
        buttons = QHBoxLayout()
        for button in (self.go_on, self.other, self.leave):
            buttons.addWidget(button)
        buttons.addStretch(1)
        column = QWidget()
        column.setFixedWidth(px(_WIDTH))
        inner = QVBoxLayout(column)
        inner.addWidget(PlainLabel("Restore a backup", bold=True, points=8))
        inner.addWidget(
            PlainLabel(
                "The backup takes the place of the records. What is there now is put "
                "aside, not removed. What was entered after the backup is not in it. "
                "Then sign in as usual, with the passphrase of that day."
            )
        )
        inner.addSpacing(12)
        inner.addWidget(self.list)
        inner.addWidget(self.said)
        inner.addLayout(buttons)
        roomy(column)
        middle = QHBoxLayout()
        middle.addStretch(1)
        middle.addWidget(column)
        middle.addStretch(1)
        outer = QVBoxLayout(self)
        outer.addStretch(1)
        outer.addLayout(middle)
        outer.addStretch(2)
        self.go_on.clicked.connect(self._go)
        self.list.itemActivated.connect(self._go)
        self.other.clicked.connect(self._choose)
        self.leave.clicked.connect(self.back)
        self.say("")

    def offer(self, backups: Sequence[FoundBackup], now: datetime) -> None:
        """List what can be restored; a damaged one cannot be chosen."""
        self.setEnabled(True)
        self.list.clear()
        for one in backups:
            at = one.at.astimezone(now.tzinfo)
            words = f"{at:%Y-%m-%d %H:%M}, {age_in_words(one.at, now)}"
            if not one.is_automatic:
                words += ", before an update of this program"
            item = QListWidgetItem(f"{words}: {_STATES[one.state]}", self.list)
            item.setData(_PATH, str(one.path))
            if one.state == "damaged":
                item.setFlags(Qt.ItemFlag.NoItemFlags)
            elif self.list.currentRow() < 0:
                self.list.setCurrentItem(item)
        none = "There is no backup beside the records. Take one from the second place."
        self.say("" if backups else none)
        self.go_on.setEnabled(self.list.currentRow() >= 0)
        (self.list if backups else self.other).setFocus()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Leave with Esc, unless a backup is being restored."""
        if event.key() == Qt.Key.Key_Escape and self.isEnabled():
            self.back.emit()
            return
        super().keyPressEvent(event)

    def refuse(self, error: UserFacingError) -> None:
        """Say why it did not work."""
        self.setEnabled(True)
        self.say(f"{error.text} {error.action}")

    def say(self, words: str) -> None:
        """Show what happened below the list."""
        self.said.setText(words)
        self.said.setVisible(bool(words))

    def _go(self) -> None:
        item = self.list.currentItem()
        if item is not None:
            self._restore(Path(item.data(_PATH)))

    def _choose(self) -> None:
        name, _ = QFileDialog.getOpenFileName(
            self, "Choose a backup", "", "Backups (*.backup);;All files (*)"
        )
        if name:
            self._restore(Path(name))

    def _restore(self, backup: Path) -> None:
        self.say("Restoring the backup \u2026")
        self.setEnabled(False)
        self.wanted.emit(backup)
