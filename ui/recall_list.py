"""The documents of a visit that have to be called back, to read and to copy."""

from collections.abc import Sequence
from datetime import date

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import (
    QHBoxLayout,
    QPlainTextEdit,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from intake import recall
from intake.recall import Issued
from ui.sizes import px
from ui.words import PlainLabel

_HEIGHT = 84


class RecallList(QWidget):
    """How many there are, and which: when, by whom, under which name."""

    #: The list was copied.
    copied = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        """Show nothing yet."""
        super().__init__(parent)
        self.title = PlainLabel(bold=True)
        self.documents = QPlainTextEdit()
        self.documents.setReadOnly(True)
        self.documents.setTabChangesFocus(True)
        self.documents.setAccessibleName("Documents to call back")
        self.documents.setFixedHeight(px(_HEIGHT))
        self.copy = QPushButton("&Copy the list")
        self.copy.clicked.connect(self._copy)
        row = QHBoxLayout()
        row.addWidget(self.documents, 1)
        row.addWidget(self.copy, 0, Qt.AlignmentFlag.AlignTop)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(self.title)
        layout.addLayout(row)

    def show_issued(
        self, issued: Sequence[Issued], on: date, *, is_done: bool, says_none: bool
    ) -> None:
        """Show documents of the visit of a day.

        Args:
            issued: what left.
            on: the day of the visit.
            is_done: the visit is moved or marked; before, none has to be called back.
            says_none: that there is none is said in the list, too.
        """
        will = "Documents to call back"
        if not is_done:
            will = "Documents that will have to be called back"
        self.title.setText(f"{will}: {len(issued) or 'none'}")
        self.documents.setPlainText(recall.as_text(issued, on))
        for part in (self.documents, self.copy):
            part.setVisible(bool(issued) or says_none)
        self.copy.setEnabled(bool(issued))

    def forget(self) -> None:
        """Hold nothing any more."""
        self.documents.clear()

    def _copy(self) -> None:
        QGuiApplication.clipboard().setText(self.documents.toPlainText())
        self.copied.emit()
