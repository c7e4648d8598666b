"""The fields of the clinic's settings on the screen: a widget for each kind of field.

Each shows a value as it is stored, and gives it back as it stands there.
"""

import base64
from pathlib import Path
from typing import Any

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QFontMetrics, QPixmap, QWheelEvent
from PySide6.QtWidgets import (
    QCheckBox,
    QComboBox,
    QFileDialog,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QPlainTextEdit,
    QPushButton,
    QSpinBox,
    QVBoxLayout,
    QWidget,
)

from intake.errors import UserFacingError
from intake.ports import Stationery
from intake.setting_fields import Choice, Field, Lines, Picture, Switch, Whole
from ui.errands import in_words
from ui.sizes import TARGET, px
from ui.words import PlainLabel

_LONGEST = 200
_LOGO_ROOM = (300, 110)
#: One more than is taken in tells that a file is too large.
_MOST_READ = 5_000_001


class LineEditor(QLineEdit):
    """A line: text or a telephone number."""

    #: Something else stands there now.
    edited = Signal()

    def __init__(self) -> None:
        """Start empty."""
        super().__init__()
        self.setMaxLength(_LONGEST)
        self.textEdited.connect(lambda _text: self.edited.emit())

    @property
    def value(self) -> str:
        """Return what is typed."""
        return self.text()

    def show_value(self, value: str) -> None:
        """Show a value."""
        self.setText(value)
        self.setCursorPosition(0)


class LinesEditor(QPlainTextEdit):
    """Some lines; Tab goes on."""

    edited = Signal()

    def __init__(self, most: int) -> None:
        """Make room for the lines."""
        super().__init__()
        self.setTabChangesFocus(True)
        self.setLineWrapMode(QPlainTextEdit.LineWrapMode.NoWrap)
        height = QFontMetrics(self.font()).lineSpacing() * most
        self.setFixedHeight(height + 2 * self.frameWidth() + 14)
        self.textChanged.connect(self.edited)

    @property
    def value(self) -> list[str]:
        """Return the lines as they are typed."""
        return self.toPlainText().split("\n")

    def show_value(self, value: list[str]) -> None:
        """Show lines."""
        self.setPlainText("\n".join(value))


class ChoiceEditor(QComboBox):
    """One of a few."""

    edited = Signal()

    def __init__(self, choice: Choice) -> None:
        """Offer all of them."""
        super().__init__()
        for code, words in choice.options.items():
            self.addItem(words, code)
        self.activated.connect(lambda _place: self.edited.emit())
        self.currentIndexChanged.connect(lambda _place: self.edited.emit())

    @property
    def value(self) -> str:
        """Return what is chosen."""
        return str(self.currentData())

    def show_value(self, value: str) -> None:
        """Show a choice."""
        self.setCurrentIndex(self.findData(value))

    def wheelEvent(self, event: QWheelEvent) -> None:
        """Scroll the page: a wheel that passes over changes nothing."""
        event.ignore()


class NumberEditor(QSpinBox):
    """A whole number."""

    edited = Signal()

    def __init__(self, kind: Whole) -> None:
        """Keep between the least and the most."""
        super().__init__()
        self.setRange(kind.least, kind.most)
        self.setMinimumHeight(px(TARGET))
        self.valueChanged.connect(lambda _number: self.edited.emit())

    @property
    def stored(self) -> int:
        """Return the number."""
        return self.value()

    def show_value(self, value: int) -> None:
        """Show a number."""
        self.setValue(value)

    def wheelEvent(self, event: QWheelEvent) -> None:
        """Scroll the page: a wheel that passes over changes nothing."""
        event.ignore()


class SwitchEditor(QCheckBox):
    """On or off."""

    edited = Signal()

    def __init__(self) -> None:
        """Start off."""
        super().__init__()
        self.setMinimumWidth(px(TARGET))
        self.toggled.connect(lambda _on: self.edited.emit())

    @property
    def value(self) -> bool:
        """Return which."""
        return self.isChecked()

    def show_value(self, value: bool) -> None:
        """Show which."""
        self.setChecked(value)


class LogoEditor(QWidget):
    """A picture: shown, chosen from a file, or taken out."""

    edited = Signal()

    def __init__(self, stationery: Stationery) -> None:
        """Show that there is none."""
        super().__init__()
        self._stationery = stationery
        self._png = ""
        self.picture = QLabel()
        self.picture.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self.picture.setFrameShape(QLabel.Shape.Box)
        self.picture.setFixedSize(px(_LOGO_ROOM[0]), px(_LOGO_ROOM[1]))
        self.picture.setTextFormat(Qt.TextFormat.PlainText)
        self.choose = QPushButton("Choose a pic&ture \u2026")
        self.remove = QPushButton("Ta&ke it out")
        self.said = PlainLabel()
        self.said.setAccessibleName("What is wrong with the picture")
        self.choose.clicked.connect(self._choose)
        self.remove.clicked.connect(lambda: self._put(""))
        row = QHBoxLayout()
        row.addWidget(self.choose)
        row.addWidget(self.remove)
        row.addStretch(1)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(self.picture)
        layout.addLayout(row)
        layout.addWidget(self.said)
        self.setFocusProxy(self.choose)
        self.show_value("")

    @property
    def value(self) -> str:
        """Return the picture as base64, or nothing."""
        return self._png

    def show_value(self, value: str) -> None:
        """Show a picture, as far as it can be read."""
        self._png = value
        self.said.clear()
        self.picture.clear()
        words = "No logo"
        if value:
            try:
                # Read as if it came from outside: it is drawn by another decoder.
                sound = self._stationery.logo(base64.b64decode(value))
                words = "Logo"
                self._draw(sound)
            except UserFacingError as error:
                words = "This logo cannot be read"
                self.said.setText(in_words(error))
        if words != "Logo":
            self.picture.setText(words)
        self.picture.setAccessibleName(words)
        self.remove.setEnabled(bool(value))

    def take(self, path: Path) -> None:
        """Take a picture from a file; what is wrong with it is said beside it."""
        try:
            with path.open("rb") as file:
                content = file.read(_MOST_READ)
            made = self._stationery.logo(content)
        except UserFacingError as error:
            self.said.setText(in_words(error))
        except OSError:
            self.said.setText("This file cannot be read. Choose another one.")
        else:
            self._put(base64.b64encode(made).decode())

    def _draw(self, png: bytes) -> None:
        drawn = QPixmap()
        drawn.loadFromData(png, "PNG")
        ratio = self.devicePixelRatioF()
        fitted = drawn.scaled(
            self.picture.size() * 0.94 * ratio,
            Qt.AspectRatioMode.KeepAspectRatio,
            Qt.TransformationMode.SmoothTransformation,
        )
        fitted.setDevicePixelRatio(ratio)
        self.picture.setPixmap(fitted)

    def _put(self, png: str) -> None:
        self.show_value(png)
        (self.remove if png else self.choose).setFocus()
        self.edited.emit()

    def _choose(self) -> None:
        name, _ = QFileDialog.getOpenFileName(
            self, "Logo", "", "Pictures (*.png *.jpg *.jpeg)"
        )
        if name:
            self.take(Path(name))


Editor = (
    LineEditor | LinesEditor | ChoiceEditor | NumberEditor | SwitchEditor | LogoEditor
)


def editor_of(kind: Field, stationery: Stationery) -> Editor:
    """Return the widget for a kind of field, named as the field is."""
    made: Editor
    match kind:
        case Lines(most=most):
            made = LinesEditor(most)
        case Choice():
            made = ChoiceEditor(kind)
        case Whole():
            made = NumberEditor(kind)
        case Switch():
            made = SwitchEditor()
        case Picture():
            made = LogoEditor(stationery)
        case _:
            made = LineEditor()
    made.setAccessibleName(kind.label)
    return made


def value_in(editor: Editor) -> Any:  # noqa: ANN401  (of the field's own kind)
    """Return what stands in an editor, as it is stored."""
    return editor.stored if isinstance(editor, NumberEditor) else editor.value


def show_in(editor: Editor, value: Any) -> None:  # noqa: ANN401  (of the field's own kind)
    """Show a stored value."""
    editor.show_value(value)
