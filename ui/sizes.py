"""Lengths that grow with the letters: a width fits its words at any size of text."""

from PySide6.QtGui import QFontMetrics
from PySide6.QtWidgets import QApplication

#: The line height, in pixels, of the text that the widths in this program are for.
_USUAL = 15
#: The least height of what can be clicked; WCAG 2.2 asks for 24.
TARGET = 28


def px(length: int) -> int:
    """Return a length for the size of text that the system or the person chose."""
    height = QFontMetrics(QApplication.font()).height()
    return round(length * max(1.0, height / _USUAL))
