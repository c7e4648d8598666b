"""Labels that show what a person typed, and nothing else.

Qt takes text that looks like HTML for HTML; every label of ours is plain.
"""

import unicodedata

from PySide6.QtCore import Qt
from PySide6.QtGui import QFont
from PySide6.QtWidgets import QLabel, QSizePolicy, QWidget

#: What makes a line run from right to left, or otherwise than its letters do.
_TURN = frozenset({"R", "AL", "LRE", "RLE", "LRO", "RLO", "PDF"})
_ISOLATES = dict.fromkeys(range(0x2066, 0x206A))


def isolated(name: str) -> str:
    """Return a name that leaves the sentence around it as it is.

    One in letters that run from right to left would turn the whole line around, and so
    would the invisible signs that turn it without any letter. An end of isolation
    inside of the name would end ours, so such signs are left out.
    """
    kept = name.translate(_ISOLATES)
    runs_left = any(unicodedata.bidirectional(one) in _TURN for one in kept)
    return f"\u2068{kept}\u2069" if runs_left else kept


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
