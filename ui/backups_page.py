"""The page with the backups: what is there, the second place, one more at once."""

from collections.abc import Sequence
from datetime import datetime
from pathlib import Path

from PySide6.QtCore import Signal
from PySide6.QtWidgets import (
    QFileDialog,
    QHBoxLayout,
    QListWidget,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from intake.caretaking import CareState, KeptBackup, age_in_words
from ui.theme import roomy
from ui.words import PlainLabel


class BackupsPage(QWidget):
    """Shows what the caretaker keeps."""

    #: A backup is to be made now.
    back_up = Signal()
    #: The whole file is to be checked now.
    check = Signal()
    #: The second place: a Path.
    second_place_chosen = Signal(object)

    def __init__(self, parent: QWidget | None = None) -> None:
        """Show nothing yet; see `show_state`."""
        super().__init__(parent)
        self.list = QListWidget()
        self.list.setAccessibleName("Backups that are kept")
        self.now = QPushButton("&Back up now")
        self.look = QPushButton("&Check the records now")
        self.place = QPushButton("Second &place\u2026")
        self.where = PlainLabel()
        self.where.setAccessibleName("Second place")
        self.tried = PlainLabel()
        self.tried.setAccessibleName("Last rehearsal")
        self.said = PlainLabel(bold=True)
        self.said.setAccessibleName("What happened")
        buttons = QHBoxLayout()
        for button in (self.now, self.look, self.place):
            buttons.addWidget(button)
        buttons.addStretch(1)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(24, 16, 24, 16)
        layout.addWidget(PlainLabel("Backups", bold=True, points=2))
        layout.addWidget(
            PlainLabel(
                "One is made each hour in which something changed. All of the last "
                "day stay, then one a day, a week and a month."
            )
        )
        layout.addWidget(self.where)
        layout.addWidget(self.tried)
        layout.addSpacing(6)
        layout.addLayout(buttons)
        layout.addWidget(self.said)
        layout.addWidget(self.list, 1)
        roomy(self)
        self.now.clicked.connect(self.back_up)
        self.look.clicked.connect(self.check)
        self.place.clicked.connect(self._choose)
        self.say("")

    def allow(self, *, back_up: bool, choose: bool) -> None:
        """Offer what the person's role may do."""
        self.now.setEnabled(back_up)
        self.look.setEnabled(back_up)
        self.place.setEnabled(choose)

    def take_keys(self) -> None:
        """Put the keys on the first button, or on the list where none is theirs."""
        (self.now if self.now.isEnabled() else self.list).setFocus()

    def show_state(self, state: CareState, now: datetime) -> None:
        """Show what is kept, the newest first."""
        self.where.setText(
            f"Second place: {state.second_place}"
            if state.second_place
            else "Second place: none. The owner names a folder on a stick or a share."
        )
        tried = state.rehearsed_at
        outcome = "could not be restored" if state.rehearsal_faults else "was sound"
        self.tried.setText(
            "No backup was restored for a trial yet."
            if tried is None
            else f"A backup was restored for a trial {age_in_words(tried, now)}: it "
            f"{outcome}."
        )
        self.list.clear()
        self.list.addItems(_lines(state.kept, now))

    def say(self, words: str) -> None:
        """Show what happened."""
        self.said.setText(words)
        self.said.setVisible(bool(words))

    def _choose(self) -> None:
        name = QFileDialog.getExistingDirectory(self, "Second place for backups")
        if name:
            self.second_place_chosen.emit(Path(name))


def _lines(kept: Sequence[KeptBackup], now: datetime) -> list[str]:
    newest_first = sorted(kept, key=lambda one: one.at, reverse=True)
    return [
        f"{one.at.astimezone(now.tzinfo):%Y-%m-%d %H:%M}, {age_in_words(one.at, now)}"
        + (", also in the second place" if one.copied else "")
        for one in newest_first
    ]
