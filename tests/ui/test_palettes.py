"""The four looks: every pair of ink and ground that is drawn anywhere, computed."""

from collections.abc import Callable, Iterator

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QColor, QImage, QPalette
from PySide6.QtWidgets import (
    QApplication,
    QCheckBox,
    QComboBox,
    QLineEdit,
    QListWidget,
    QPlainTextEdit,
    QPushButton,
    QRadioButton,
    QVBoxLayout,
    QWidget,
)
from pytestqt.qtbot import QtBot

from ui import theme, tints
from ui.focus_ring import FocusRing
from ui.palettes import PALETTES, PaletteName, palette_of

_Role = QPalette.ColorRole
_Color = Callable[[QPalette], QColor]


def _of(role: QPalette.ColorRole) -> _Color:
    return lambda palette: palette.color(role)


_TEXT, _WINDOW_TEXT, _FAINT = _of(_Role.Text), _of(_Role.WindowText), tints.faint
_BASE, _WINDOW, _ALTERNATE = (
    _of(_Role.Base),
    _of(_Role.Window),
    _of(_Role.AlternateBase),
)
#: Ink and ground of everything that is read.
_READ: dict[str, tuple[_Color, _Color]] = {
    "a page": (_WINDOW_TEXT, _WINDOW),
    "a field": (_TEXT, _BASE),
    "the other line of a list": (_TEXT, _ALTERNATE),
    "a button": (_of(_Role.ButtonText), _of(_Role.Button)),
    "what is chosen": (_of(_Role.HighlightedText), _of(_Role.Highlight)),
    "a hint that floats": (_of(_Role.ToolTipText), _of(_Role.ToolTipBase)),
    "a hint in a field": (_FAINT, _BASE),
    "what is said beside": (_FAINT, _WINDOW),
    "what is said beside, in a band": (_FAINT, _ALTERNATE),
    "a link": (_of(_Role.Link), _BASE),
    "the question being answered": (_WINDOW_TEXT, tints.active_row),
    "its help and its keys": (_FAINT, tints.active_row),
    "the section in view": (_TEXT, tints.current_line),
    "how much of it is asked": (_FAINT, tints.current_line),
    "an emergency": (_WINDOW_TEXT, tints.emergency),
    "a chip that says no": (_WINDOW_TEXT, tints.chosen_no),
    "a chip that says unsure": (_WINDOW_TEXT, tints.chosen_unsure),
    "a chip under the mouse": (_WINDOW_TEXT, tints.hovered),
    "its key": (_FAINT, tints.hovered),
}
#: Edge and ground of what can be pressed or typed in, and what shows the keys.
_SEEN: dict[str, tuple[_Color, _Color]] = {
    "the edge of a field on a page": (tints.edge, _WINDOW),
    "the edge of a field inside": (tints.edge, _BASE),
    "the edge of a chip in its row": (tints.edge, tints.active_row),
    "the bar of the question being answered": (_of(_Role.Highlight), _WINDOW),
    "the ring of what has the keys": (_of(_Role.Accent), _WINDOW),
    "the ring of what has the keys, inside": (_of(_Role.Accent), _BASE),
}


@pytest.mark.parametrize("name", PALETTES)
@pytest.mark.parametrize("pair", _READ)
def test_what_is_read_stands_out(pair: str, name: PaletteName) -> None:
    """WCAG AA asks 4.5 to 1, and in high contrast AAA 7 to 1."""
    ink, ground = _READ[pair]
    palette = palette_of(name)

    least = 7.0 if name.startswith("contrast") else 4.5
    assert ratio(ink(palette), ground(palette)) >= least


@pytest.mark.parametrize("name", PALETTES)
@pytest.mark.parametrize("pair", _SEEN)
def test_what_is_pressed_has_an_edge(pair: str, name: PaletteName) -> None:
    """WCAG 1.4.11 asks 3 to 1."""
    ink, ground = _SEEN[pair]
    palette = palette_of(name)

    assert ratio(ink(palette), ground(palette)) >= 3.0


@pytest.mark.parametrize("name", PALETTES)
def test_what_cannot_be_used_now_is_still_read(name: PaletteName) -> None:
    """WCAG asks nothing of it; a form that cannot be read is no help either."""
    palette = palette_of(name)
    ink = palette.color(QPalette.ColorGroup.Disabled, _Role.WindowText)

    assert ratio(ink, palette.window().color()) >= 4.0


def test_the_ratio_is_that_of_the_standard() -> None:
    """Black on white is 21 to 1; and a weak pair would be found."""
    assert ratio(QColor("black"), QColor("white")) == pytest.approx(21)
    assert ratio(QColor("#777777"), QColor("white")) == pytest.approx(4.48, abs=0.01)


@pytest.fixture(params=PALETTES)
def dressed(request: pytest.FixtureRequest) -> Iterator[PaletteName]:
    """Return the palette that the application wears for once."""
    application = _application()
    before = application.style().objectName()
    application.setStyle("Fusion")
    theme.dress(application, request.param)
    yield request.param
    theme.dress(application, "light")
    application.setStyleSheet("")
    application.setStyle(before)


@pytest.mark.parametrize("kind", [QCheckBox, QRadioButton, QPushButton, QLineEdit])
def test_a_control_is_drawn_with_an_edge(
    qtbot: QtBot, dressed: PaletteName, kind: type[QWidget]
) -> None:
    """Fusion draws it darker than the window: in the dark, invisible by itself."""
    page, one = _page_with(qtbot, kind)
    ground = palette_of(dressed).window().color()
    drawn = page.grab(one.geometry()).toImage()

    line = [drawn.pixelColor(x, drawn.height() // 2) for x in range(8)]
    assert max(ratio(color, ground) for color in line) >= 3


@pytest.mark.parametrize(
    "kind",
    [QPushButton, QLineEdit, QPlainTextEdit, QComboBox, QCheckBox, QListWidget],
)
def test_it_is_seen_what_has_the_keys(
    qtbot: QtBot, dressed: PaletteName, kind: type[QWidget]
) -> None:
    """What changes when the keys come is at least a line, and stands out 3 to 1."""
    ring = FocusRing(_application())
    page, one = _page_with(qtbot, kind)
    place = one.geometry().adjusted(-2, -2, 2, 2)
    without = page.grab(place).toImage()
    one.setFocus(Qt.FocusReason.TabFocusReason)
    assert one.hasFocus()

    changed = _changed(without, page.grab(place).toImage())

    assert changed >= one.width()
    ring.deleteLater()


def _page_with(qtbot: QtBot, kind: type[QWidget]) -> tuple[QWidget, QWidget]:
    page = QWidget()
    qtbot.addWidget(page)
    layout = QVBoxLayout(page)
    elsewhere, one = QPushButton("elsewhere"), kind()
    if isinstance(one, QListWidget):
        one.addItems(["one", "two"])
    if isinstance(one, QCheckBox | QRadioButton | QPushButton):
        one.setText("a name")
    layout.addWidget(elsewhere)
    layout.addWidget(one)
    page.show()
    page.activateWindow()
    qtbot.waitUntil(page.isActiveWindow)
    elsewhere.setFocus()
    return page, one


def _changed(one: QImage, other: QImage) -> int:
    """Return how many points are told apart 3 to 1 between two pictures."""
    return sum(
        one.pixel(x, y) != other.pixel(x, y)
        and ratio(one.pixelColor(x, y), other.pixelColor(x, y)) >= 3
        for x in range(one.width())
        for y in range(one.height())
    )


@pytest.mark.parametrize(
    ("scheme", "wish", "expected"),
    [
        (Qt.ColorScheme.Light, Qt.ContrastPreference.NoPreference, "light"),
        (Qt.ColorScheme.Dark, Qt.ContrastPreference.NoPreference, "dark"),
        (Qt.ColorScheme.Unknown, Qt.ContrastPreference.NoPreference, "light"),
        (Qt.ColorScheme.Light, Qt.ContrastPreference.HighContrast, "contrast_light"),
        (Qt.ColorScheme.Dark, Qt.ContrastPreference.HighContrast, "contrast_dark"),
    ],
)
def test_the_system_is_followed(
    scheme: Qt.ColorScheme, wish: Qt.ContrastPreference, expected: str
) -> None:
    assert theme.palette_for(scheme, wish) == expected


@pytest.mark.usefixtures("dressed")
def test_a_look_that_was_chosen_is_put_on_at_once() -> None:
    application = _application()
    dresser = theme.Dresser(application)

    dresser.wear("contrast_dark")

    assert application.palette().window().color() == QColor("#000000")
    dresser.deleteLater()


def test_the_line_in_a_list_does_not_cover_its_edge(qtbot: QtBot) -> None:
    page = QWidget()
    qtbot.addWidget(page)
    choice = QComboBox(page)
    choice.setEditable(True)
    theme.roomy(page)
    page.show()
    qtbot.waitExposed(page)
    choice.adjustSize()

    line = choice.lineEdit()
    assert line is not None
    assert choice.height() >= 28
    assert line.geometry().bottom() < choice.rect().bottom()


def _application() -> QApplication:
    application = QApplication.instance()
    assert isinstance(application, QApplication)
    return application


def ratio(one: QColor, other: QColor) -> float:
    """Return the contrast of two colours as WCAG 2 defines it."""
    high, low = sorted((_luminance(one), _luminance(other)), reverse=True)
    return (high + 0.05) / (low + 0.05)


def _luminance(color: QColor) -> float:
    parts = (color.redF(), color.greenF(), color.blueF())
    linear = [
        p / 12.92 if p <= 0.04045 else ((p + 0.055) / 1.055) ** 2.4 for p in parts
    ]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]
