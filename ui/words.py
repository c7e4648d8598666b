"""Labels that show what a person typed, and nothing else.

Qt takes text that looks like HTML for HTML; every label of ours is plain.
"""

from PySide6.QtCore import Qt
from PySide6.QtGui import QFont
from PySide6.QtWidgets import QLabel, QSizePolicy, QWidget


class PlainLabel(QLabel):
    """A label whose text is always shown as it is, wrapped to its width."""

    def __init__(
        self,
        text: str = "",
        parent: QWidget | None = None,
        *,
        bold: bool = False,
        points: float = 0.0,
        faint: bool = False,
    ) -> None:
        """Show a text; `points` are added to the size of the font."""
        super().__init__(parent)
        self.setTextFormat(Qt.TextFormat.PlainText)
        self.setWordWrap(True)
        self.setText(text)
        policy = QSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Minimum)
        policy.setHeightForWidth(True)
        self.setSizePolicy(policy)
        font = QFont(self.font())
        font.setBold(bold)
        if points:
            font.setPointSizeF(font.pointSizeF() + points)
        self.setFont(font)
        if faint:
            self.setForegroundRole(self.palette().ColorRole.PlaceholderText)
