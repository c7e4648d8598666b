"""Fusion with palettes of our own, light and dark, following the system.

Every pair of text and ground has a contrast of at least 4.5 to 1 (WCAG AA).
"""

from collections.abc import Mapping

from PySide6.QtCore import Qt
from PySide6.QtGui import QColor, QPalette
from PySide6.QtWidgets import (
    QApplication,
    QComboBox,
    QLineEdit,
    QPushButton,
    QRadioButton,
    QWidget,
)

#: The least height of what can be clicked; WCAG 2.2 asks for 24.
_TARGET = 28
_Role = QPalette.ColorRole
_LIGHT: Mapping[QPalette.ColorRole, str] = {
    _Role.Window: "#f3f4f5",
    _Role.WindowText: "#1a1d21",
    _Role.Base: "#ffffff",
    _Role.AlternateBase: "#eef1f4",
    _Role.Text: "#1a1d21",
    _Role.PlaceholderText: "#5b6470",
    _Role.Button: "#e6e9ec",
    _Role.ButtonText: "#1a1d21",
    _Role.Highlight: "#1f5f8b",
    _Role.HighlightedText: "#ffffff",
    _Role.ToolTipBase: "#ffffff",
    _Role.ToolTipText: "#1a1d21",
    _Role.Link: "#1f5f8b",
    _Role.Mid: "#b6bec7",
    _Role.Accent: "#1f5f8b",
}
_DARK: Mapping[QPalette.ColorRole, str] = {
    _Role.Window: "#22262b",
    _Role.WindowText: "#eceff2",
    _Role.Base: "#1a1d21",
    _Role.AlternateBase: "#272c32",
    _Role.Text: "#eceff2",
    _Role.PlaceholderText: "#a4adb8",
    _Role.Button: "#30363d",
    _Role.ButtonText: "#eceff2",
    _Role.Highlight: "#7fb8e0",
    _Role.HighlightedText: "#10161c",
    _Role.ToolTipBase: "#30363d",
    _Role.ToolTipText: "#eceff2",
    _Role.Link: "#8cc3ea",
    _Role.Mid: "#4a525b",
    _Role.Accent: "#7fb8e0",
}
#: Fusion draws the edge of a field darker than the window: in the dark, invisible.
_EDGE = "#8b95a1"
_EDGED = ("QCheckBox", "QRadioButton", "QComboBox")
_DARK_EDGES = (
    f"QLineEdit, QPlainTextEdit {{ border: 1px solid {_EDGE};"
    " border-radius: 3px; background: palette(base); }"
    "QLineEdit:focus, QPlainTextEdit:focus { border: 2px solid #7fb8e0; }"
)


def apply(application: QApplication) -> None:
    """Dress the application, and again when the system changes between the two."""
    application.setStyle("Fusion")
    _dress(application)
    hints = application.styleHints()
    hints.colorSchemeChanged.connect(lambda _scheme: _dress(application))


def roomy(page: QWidget) -> None:
    """Make everything on a page easy to hit: with the mouse, and buttons with Enter."""
    for button in page.findChildren(QPushButton):
        button.setAutoDefault(True)
    for kind in (QLineEdit, QComboBox, QPushButton, QRadioButton):
        for widget in page.findChildren(kind):
            # The line inside a list has the list's edge around it.
            if not isinstance(widget.parent(), QComboBox):
                widget.setMinimumHeight(_TARGET)


def keep_narrow(choice: QComboBox) -> None:
    """Keep a long name in a list from pushing everything beside it away."""
    choice.setSizeAdjustPolicy(
        QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon
    )
    choice.setMinimumContentsLength(16)


def palette_for(*, is_dark: bool) -> QPalette:
    """Return one of the two palettes."""
    palette = QPalette()
    for role, color in (_DARK if is_dark else _LIGHT).items():
        palette.setColor(role, QColor(color))
    faint = QColor("#8b95a1" if is_dark else "#6b7480")
    for role in (_Role.Text, _Role.WindowText, _Role.ButtonText):
        palette.setColor(QPalette.ColorGroup.Disabled, role, faint)
    return palette


def _edged(*, is_dark: bool) -> QPalette:
    """Return the palette for boxes and rings, whose edge is made from the window's."""
    palette = palette_for(is_dark=is_dark)
    if is_dark:
        palette.setColor(_Role.Window, QColor(_EDGE).lighter(140))
    return palette


def _dress(application: QApplication) -> None:
    scheme = application.styleHints().colorScheme()
    dress(application, is_dark=scheme is Qt.ColorScheme.Dark)


def dress(application: QApplication, *, is_dark: bool) -> None:
    """Put one of the two palettes on."""
    application.setPalette(palette_for(is_dark=is_dark))
    for kind in _EDGED:
        edged = _edged(is_dark=is_dark)
        application.setPalette(edged, kind)  # type: ignore[arg-type]  # the stub asks for bytes, which PySide refuses
    if application.styleSheet() != (edges := _DARK_EDGES if is_dark else ""):
        application.setStyleSheet(edges)
