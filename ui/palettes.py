"""The four looks as data: light, dark, and both once more in high contrast.

Every pair of text and ground has a contrast of at least 4.5 to 1 (WCAG AA), 7 to 1 in
high contrast (AAA); what shows that something can be pressed, at least 3 to 1.
"""

from collections.abc import Mapping
from typing import Literal, get_args

from PySide6.QtGui import QColor, QPalette

PaletteName = Literal["light", "dark", "contrast_light", "contrast_dark"]
PALETTES: tuple[PaletteName, ...] = get_args(PaletteName)
_Role = QPalette.ColorRole

_LIGHT: Mapping[QPalette.ColorRole, str] = {
    _Role.Window: "#f3f4f5",
    _Role.WindowText: "#1a1d21",
    _Role.Base: "#ffffff",
    _Role.AlternateBase: "#eef1f4",
    _Role.Text: "#1a1d21",
    _Role.PlaceholderText: "#545d69",
    _Role.Button: "#e6e9ec",
    _Role.ButtonText: "#1a1d21",
    _Role.Highlight: "#1f5f8b",
    _Role.HighlightedText: "#ffffff",
    _Role.ToolTipBase: "#ffffff",
    _Role.ToolTipText: "#1a1d21",
    _Role.Link: "#1b5680",
    _Role.Mid: "#727c87",
    _Role.Accent: "#1f5f8b",
}
_DARK: Mapping[QPalette.ColorRole, str] = {
    _Role.Window: "#22262b",
    _Role.WindowText: "#eceff2",
    _Role.Base: "#1a1d21",
    _Role.AlternateBase: "#272c32",
    _Role.Text: "#eceff2",
    _Role.PlaceholderText: "#adb6c0",
    _Role.Button: "#30363d",
    _Role.ButtonText: "#eceff2",
    _Role.Highlight: "#7fb8e0",
    _Role.HighlightedText: "#10161c",
    _Role.ToolTipBase: "#30363d",
    _Role.ToolTipText: "#eceff2",
    _Role.Link: "#8cc3ea",
    _Role.Mid: "#8b95a1",
    _Role.Accent: "#7fb8e0",
}
_CONTRAST_LIGHT: Mapping[QPalette.ColorRole, str] = {
    _Role.Window: "#ffffff",
    _Role.WindowText: "#000000",
    _Role.Base: "#ffffff",
    _Role.AlternateBase: "#ffffff",
    _Role.Text: "#000000",
    _Role.PlaceholderText: "#2b2b2b",
    _Role.Button: "#ffffff",
    _Role.ButtonText: "#000000",
    _Role.Highlight: "#00308f",
    _Role.HighlightedText: "#ffffff",
    _Role.ToolTipBase: "#ffffff",
    _Role.ToolTipText: "#000000",
    _Role.Link: "#00308f",
    _Role.Mid: "#000000",
    _Role.Accent: "#00308f",
}
_CONTRAST_DARK: Mapping[QPalette.ColorRole, str] = {
    _Role.Window: "#000000",
    _Role.WindowText: "#ffffff",
    _Role.Base: "#000000",
    _Role.AlternateBase: "#000000",
    _Role.Text: "#ffffff",
    _Role.PlaceholderText: "#dcdcdc",
    _Role.Button: "#000000",
    _Role.ButtonText: "#ffffff",
    _Role.Highlight: "#ffd400",
    _Role.HighlightedText: "#000000",
    _Role.ToolTipBase: "#000000",
    _Role.ToolTipText: "#ffffff",
    _Role.Link: "#ffe04d",
    _Role.Mid: "#ffffff",
    _Role.Accent: "#ffd400",
}
_COLORS: Mapping[PaletteName, Mapping[QPalette.ColorRole, str]] = {
    "light": _LIGHT,
    "dark": _DARK,
    "contrast_light": _CONTRAST_LIGHT,
    "contrast_dark": _CONTRAST_DARK,
}
#: What cannot be used now: WCAG asks nothing of it, people still have to read it.
_DISABLED: Mapping[PaletteName, str] = {
    "light": "#69717c",
    "dark": "#8b95a1",
    "contrast_light": "#595959",
    "contrast_dark": "#a6a6a6",
}


def palette_of(name: PaletteName) -> QPalette:
    """Return one of the four palettes."""
    palette = QPalette()
    for role, color in _COLORS[name].items():
        palette.setColor(role, QColor(color))
    for role in (_Role.Text, _Role.WindowText, _Role.ButtonText):
        palette.setColor(QPalette.ColorGroup.Disabled, role, QColor(_DISABLED[name]))
    return palette


def edged(name: PaletteName) -> QPalette:
    """Return the palette for boxes, rings and buttons.

    Fusion makes their edge from the window's colour, darker: in the dark, invisible.
    """
    palette = palette_of(name)
    lighter = 115 if name == "light" else 140
    palette.setColor(_Role.Window, QColor(_COLORS[name][_Role.Mid]).lighter(lighter))
    return palette
