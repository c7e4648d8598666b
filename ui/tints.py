"""Colours made from a palette, each in one place, so that a test can weigh them."""

from PySide6.QtGui import QColor, QPalette

#: Vermilion, told apart by every kind of colour vision; shape and words say the same.
_ALARM = "#d55e00"


def mixed(one: QColor, other: QColor, share: float) -> QColor:
    """Return a colour between two: `share` of the other."""
    return QColor.fromRgbF(
        one.redF() + (other.redF() - one.redF()) * share,
        one.greenF() + (other.greenF() - one.greenF()) * share,
        one.blueF() + (other.blueF() - one.blueF()) * share,
    )


def active_row(palette: QPalette) -> QColor:
    """Return the ground of the question that is being answered."""
    return mixed(palette.window().color(), palette.highlight().color(), 0.10)


def current_line(palette: QPalette) -> QColor:
    """Return the ground of the section in view, in the list of sections."""
    return mixed(palette.base().color(), palette.highlight().color(), 0.18)


def faint(palette: QPalette) -> QColor:
    """Return the ink of what is said beside something."""
    return palette.placeholderText().color()


def edge(palette: QPalette) -> QColor:
    """Return the line around what can be pressed or typed in."""
    return palette.mid().color()


def emergency(palette: QPalette) -> QColor:
    """Return the ground of the emergency banner."""
    return mixed(palette.base().color(), QColor(_ALARM), 0.18)


def alarm() -> QColor:
    """Return the line around the emergency banner."""
    return QColor(_ALARM)


def chosen_no(palette: QPalette) -> QColor:
    """Return the ground of a chip that says no."""
    return mixed(palette.base().color(), palette.windowText().color(), 0.13)


def chosen_unsure(palette: QPalette) -> QColor:
    """Return the ground of a chip that says not sure."""
    return mixed(palette.base().color(), palette.highlight().color(), 0.15)


def hovered(palette: QPalette) -> QColor:
    """Return the ground of a chip under the mouse."""
    return mixed(palette.base().color(), palette.highlight().color(), 0.12)
