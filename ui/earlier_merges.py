"""The merges that brought somebody to a patient, each of which can be undone."""

from collections.abc import Sequence

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import (
    QHBoxLayout,
    QListWidget,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from intake.ports import Clock
from intake.whose import MergedPatient
from ui.identity_band import facts_of
from ui.patient_finder import name_of
from ui.sizes import px
from ui.words import PlainLabel

_HEIGHT = 64


class EarlierMerges(QWidget):
    """A list that is there only where somebody was merged.

    Args:
        clock: tells ages, and the time here.
    """

    #: Somebody wants a merge (a MergedPatient) undone.
    undo_wanted = Signal(object)

    def __init__(self, clock: Clock, parent: QWidget | None = None) -> None:
        """Show nothing yet."""
        super().__init__(parent)
        self._clock = clock
        self._merged: Sequence[MergedPatient] = ()
        self.title = PlainLabel(bold=True)
        self.list = QListWidget()
        self.list.setAccessibleName("Merged into who stays, the latest first")
        self.list.setFixedHeight(px(_HEIGHT))
        self.undo = QPushButton("&Undo this merge")
        row = QHBoxLayout()
        row.addWidget(self.list, 1)
        row.addWidget(self.undo, 0, Qt.AlignmentFlag.AlignTop)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(self.title)
        layout.addLayout(row)
        self.undo.clicked.connect(self._undo)
        self.hide()

    def show_merges(self, name: str, merged: Sequence[MergedPatient]) -> None:
        """Show who was merged into a patient of a name; nothing where nobody was."""
        self._merged = merged
        self.title.setText(f"Merged into {name} before, each of them still whole")
        self.list.clear()
        zone = self._clock.now().tzinfo
        for one in merged:
            facts = facts_of(one.patient, self._clock)
            when = f"{one.merge.at.astimezone(zone):%Y-%m-%d %H:%M}"
            self.list.addItem(f"{when}   {name_of(one.patient)}   {facts}")
        if merged:
            self.list.setCurrentRow(0)
        self.setVisible(bool(merged))

    def _undo(self) -> None:
        rows = [index.row() for index in self.list.selectedIndexes()]
        if rows:
            self.undo_wanted.emit(self._merged[rows[0]])
