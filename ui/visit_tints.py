"""A tint for each patient who is open, so that two are not taken for one another.

A tint stands beside the name and never for it. Its hues keep away from those of danger.
"""

from PySide6.QtGui import QColor, QPalette

_HUES = (210, 140, 280, 60, 180, 325)
#: So many visits can be open at once: each has a tint of its own.
COUNT = len(_HUES)
_MIDDLE = 128


def ground(tint: int, palette: QPalette) -> QColor:
    """Return what stands behind text; it reads with 4.5 to 1 in light and in dark."""
    is_dark = palette.window().color().lightness() < _MIDDLE
    strength, light = (70, 52) if is_dark else (150, 228)
    return QColor.fromHsl(_HUES[tint % COUNT], strength, light)


def edge(tint: int, palette: QPalette) -> QColor:
    """Return the same hue as a stripe that is seen beside anything."""
    is_dark = palette.window().color().lightness() < _MIDDLE
    return QColor.fromHsl(_HUES[tint % COUNT], 150, 150 if is_dark else 95)
