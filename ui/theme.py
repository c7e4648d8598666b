"""Fusion with palettes of our own: as the system says, or as a person chose."""

from typing import Literal, get_args

from PySide6.QtCore import QObject, Qt
from PySide6.QtGui import QPalette
from PySide6.QtWidgets import (
    QApplication,
    QCheckBox,
    QComboBox,
    QLineEdit,
    QPushButton,
    QRadioButton,
    QWidget,
)

from ui.focus_ring import FocusRing
from ui.palettes import PaletteName, edged, palette_of
from ui.sizes import TARGET, px

#: What a person may choose; each but the first is a palette.
Look = Literal["system", "light", "dark", "contrast_light", "contrast_dark"]
LOOKS: tuple[Look, ...] = get_args(Look)
#: The least width of what is typed in: less shows no word whole.
_LINE = 120
_EDGED = ("QCheckBox", "QRadioButton", "QComboBox", "QPushButton", "QToolButton")
_EDGES = (
    "QLineEdit, QPlainTextEdit {{ border: 1px solid {edge};"
    " border-radius: 3px; background: palette(base); }}"
    "QLineEdit:focus, QPlainTextEdit:focus {{ border: 2px solid {focus}; }}"
    "QLineEdit:disabled {{ border-style: dashed; }}"
    # The line inside a list has the list's edge around it.
    "QComboBox QLineEdit {{ border: none; }}"
)


class Dresser(QObject):
    """Dresses the application, and again when the system or a person changes it."""

    def __init__(self, application: QApplication, look: Look = "system") -> None:
        """Dress it at once."""
        super().__init__(application)
        self._application = application
        self.look: Look = look
        application.setStyle("Fusion")
        self._ring = FocusRing(application)
        self.wear(look)
        hints = application.styleHints()
        hints.colorSchemeChanged.connect(lambda _scheme: self.wear(self.look))
        hints.accessibility().contrastPreferenceChanged.connect(
            lambda _wish: self.wear(self.look)
        )

    def wear(self, look: Look) -> None:
        """Put a look on, and keep to it."""
        self.look = look
        hints = self._application.styleHints()
        wish = hints.accessibility().contrastPreference()
        name = palette_for(hints.colorScheme(), wish) if look == "system" else look
        dress(self._application, name)


def apply(application: QApplication, look: Look = "system") -> Dresser:
    """Dress the application, and return who dresses it."""
    return Dresser(application, look)


def palette_for(scheme: Qt.ColorScheme, wish: Qt.ContrastPreference) -> PaletteName:
    """Return the palette that fits what the system says of light and contrast."""
    is_dark = scheme is Qt.ColorScheme.Dark
    if wish is Qt.ContrastPreference.HighContrast:
        return "contrast_dark" if is_dark else "contrast_light"
    return "dark" if is_dark else "light"


def dress(application: QApplication, name: PaletteName) -> None:
    """Put one of the palettes on."""
    palette = palette_of(name)
    application.setPalette(palette)
    for kind in _EDGED:
        application.setPalette(edged(name), kind)  # type: ignore[arg-type]  # the stub asks for bytes, which PySide refuses
    edges = _EDGES.format(
        edge=palette.color(QPalette.ColorRole.Mid).name(),
        focus=palette.color(QPalette.ColorRole.Accent).name(),
    )
    if application.styleSheet() != edges:
        application.setStyleSheet(edges)


def roomy(page: QWidget) -> None:
    """Make everything on a page easy to hit: with the mouse, and buttons with Enter."""
    for button in page.findChildren(QPushButton):
        button.setAutoDefault(True)
    for kind in (QLineEdit, QComboBox, QPushButton, QRadioButton, QCheckBox):
        for widget in page.findChildren(kind):
            # The line inside a list has the list's edge around it.
            if not isinstance(widget.parent(), QComboBox):
                widget.setMinimumHeight(px(TARGET))
    for line in page.findChildren(QLineEdit):
        if not isinstance(line.parent(), QComboBox) and line.minimumWidth() == 0:
            line.setMinimumWidth(px(_LINE))


def keep_narrow(choice: QComboBox) -> None:
    """Keep a long name in a list from pushing everything beside it away."""
    choice.setSizeAdjustPolicy(
        QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon
    )
    choice.setMinimumContentsLength(16)
