"""Labels that show what a person typed, and nothing else.

Qt takes text that looks like HTML for HTML; every label of ours is plain.
"""

import unicodedata

from PySide6.QtCore import Qt
from PySide6.QtGui import QFont
from PySide6.QtWidgets import QLabel, QSizePolicy, QWidget


def isolated(name: str) -> str:
    """Return a name that leaves the sentence around it as it is.

    One in letters that run from right to left would turn the whole line around.
    """
    runs_left = any(unicodedata.bidirectional(one) in ("R", "AL") for one in name)
    return f"\u2068{name}\u2069" if runs_left else name


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
