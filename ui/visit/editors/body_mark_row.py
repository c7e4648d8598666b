"""One mark of the body chart in words, with its quality and a key to take it away."""

from typing import Any

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QFocusEvent, QWheelEvent
from PySide6.QtWidgets import QComboBox, QHBoxLayout, QLabel, QToolButton, QWidget

from intake.body_chart import QUALITY_WORDS, words_for
from ui.sizes import px


class QualityBox(QComboBox):
    """The quality of one mark, its list filled when it is needed.

    The wheel scrolls the form, not the answer.
    """

    def __init__(self, quality: str, parent: QWidget) -> None:
        """Show the quality of a mark."""
        super().__init__(parent)
        self.setMinimumHeight(px(24))
        self.setSizeAdjustPolicy(
            QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon
        )
        self.setMinimumContentsLength(14)
        self._own = quality
        self.addItem(QUALITY_WORDS.get(quality, "quality…"), quality)

    def show_quality(self, quality: str) -> None:
        """Show another quality, for instance after undo."""
        if quality != self._own:
            self._own = quality
            self.fill()
            self.setCurrentIndex(max(0, self.findData(quality)))

    def fill(self) -> None:
        """Offer every quality."""
        if self.count() > 1:
            return
        self.clear()
        self.addItem("quality…", "")
        for name, text in QUALITY_WORDS.items():
            self.addItem(text, name)
        self.setCurrentIndex(max(0, self.findData(self._own)))

    def focusInEvent(self, event: QFocusEvent) -> None:
        """Fill the list before a key can choose."""
        self.fill()
        super().focusInEvent(event)

    def showPopup(self) -> None:  # noqa: N802  (Qt's name)
        """Fill the list before it is seen."""
        self.fill()
        super().showPopup()

    def wheelEvent(self, event: QWheelEvent) -> None:
        """Leave the wheel to the form."""
        event.ignore()


def without_quality(mark: dict[str, Any]) -> dict[str, Any]:
    """Return a mark as a place only."""
    return {key: value for key, value in mark.items() if key != "quality"}


class MarkRow(QWidget):
    """A mark beside the figures."""

    quality_chosen = Signal(str)
    taken_away = Signal()

    def __init__(self, number: int, mark: dict[str, Any], parent: QWidget) -> None:
        """Show the number that stands on the figure, and the mark in words."""
        super().__init__(parent)
        line = QHBoxLayout(self)
        line.setContentsMargins(0, 0, 0, 0)
        words = QLabel(f"{number}  {words_for(without_quality(mark))}", self)
        words.setTextFormat(Qt.TextFormat.PlainText)
        words.setWordWrap(True)
        self.quality = QualityBox(mark.get("quality", ""), self)
        self.quality.setAccessibleName(f"Quality of mark {number}")
        self.quality.activated.connect(
            lambda _index: self.quality_chosen.emit(self.quality.currentData())
        )
        away = self.away = QToolButton(self)
        away.setText("✕")
        away.setAutoRaise(True)
        away.setMinimumSize(px(24), px(24))
        away.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        away.setAccessibleName(f"Take away mark {number}")
        away.clicked.connect(self.taken_away)
        line.addWidget(words, 1)
        line.addWidget(self.quality)
        line.addWidget(away)
