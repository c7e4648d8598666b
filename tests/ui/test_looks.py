"""Choosing the look: at once, kept for the next start, and nothing cut by it."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import QSettings, Qt
from PySide6.QtGui import QFont, QPalette
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot

from intake.protocol import Protocol
from intake.protocol_loader import default_protocol
from tests.ui.visits import StoppedClock
from tests.ui.walk import faults
from tests.ui.walk.pages import PAGES, Stage, show, stage
from ui import letters as letters_module
from ui import theme
from ui.letters import PERCENTS, Letters
from ui.looks import Looks
from ui.main_window import MainWindow
from ui.palettes import palette_of
from ui.settings import Settings


@pytest.fixture(scope="module")
def protocol() -> Protocol:
    return default_protocol()


@pytest.fixture
def application() -> Iterator[QApplication]:
    """Return the application, and undress it afterwards."""
    found = QApplication.instance()
    assert isinstance(found, QApplication)
    font, palette = QFont(found.font()), QPalette(found.palette())
    style = found.style().objectName()
    yield found
    found.setFont(font)
    found.setStyle(style)
    found.setStyleSheet("")
    found.setPalette(palette)


def settings_in(folder: Path) -> Settings:
    return Settings(QSettings(str(folder / "s.ini"), QSettings.Format.IniFormat))


def looks_on(window: MainWindow, application: QApplication, folder: Path) -> Looks:
    """Return the choice, with letters and a dresser of its own."""
    dresser = theme.Dresser(application)
    return Looks(window, dresser, Letters(application), settings_in(folder))


@pytest.fixture
def window(qtbot: QtBot) -> MainWindow:
    made = MainWindow(StoppedClock())
    qtbot.addWidget(made)
    made.show()
    made.activateWindow()
    qtbot.waitUntil(made.isActiveWindow)
    return made


def press(window: MainWindow, key: Qt.Key, *, shift: bool = False) -> None:
    held = Qt.KeyboardModifier.ControlModifier
    if shift:
        held |= Qt.KeyboardModifier.ShiftModifier
    QTest.keyClick(window, key, held)


def test_a_key_goes_round_the_looks_before_anybody_signed_in(
    window: MainWindow, application: QApplication, tmp_path: Path
) -> None:
    looks = looks_on(window, application, tmp_path)
    worn = []
    for _ in theme.LOOKS:
        press(window, Qt.Key.Key_L, shift=True)
        worn.append(settings_in(tmp_path).look)

    assert worn == [*theme.LOOKS[1:], "system"]
    looks.wear("dark")
    assert application.palette().window() == palette_of("dark").window()


def test_what_was_chosen_is_worn_after_the_next_start(
    window: MainWindow, application: QApplication, tmp_path: Path
) -> None:
    before = application.font().pointSizeF()
    first = looks_on(window, application, tmp_path)
    first.wear("contrast_dark")
    first.make_letters(150)
    first.make_letters(100)
    first.make_letters(150)
    application.setFont(QFont(application.font().family(), round(before)))

    again = looks_on(window, application, tmp_path)

    assert application.palette().window() == palette_of("contrast_dark").window()
    assert application.font().pointSizeF() == pytest.approx(before * 1.5, abs=0.8)
    checked = [a.text() for a in (*again._looks, *again._sizes) if a.isChecked()]
    assert checked == ["High contrast, dark", "150 %"]


def test_the_letters_grow_and_shrink_by_keys_and_stop_at_the_ends(
    window: MainWindow, application: QApplication, tmp_path: Path
) -> None:
    looks_on(window, application, tmp_path)
    kept = settings_in(tmp_path)
    for _ in range(len(PERCENTS) + 1):
        press(window, Qt.Key.Key_Plus)
    assert kept.letters == PERCENTS[-1]
    press(window, Qt.Key.Key_Minus)
    assert kept.letters == PERCENTS[-2]
    press(window, Qt.Key.Key_0)
    assert kept.letters == PERCENTS[0]


def test_settings_nobody_could_have_chosen_are_not_worn(tmp_path: Path) -> None:
    store = QSettings(str(tmp_path / "s.ini"), QSettings.Format.IniFormat)
    store.setValue("looks/look", "pink")
    store.setValue("looks/letters", "9000")

    assert Settings(store).look == "system"
    assert Settings(store).letters == 100


@pytest.fixture
def on(
    qtbot: QtBot, tmp_path: Path, protocol: Protocol, application: QApplication
) -> Stage:
    application.setStyle("Fusion")
    made = stage(tmp_path, protocol)
    qtbot.addWidget(made.window)
    made.window.resize(1366, 740)
    made.window.activateWindow()
    qtbot.waitUntil(made.window.isActiveWindow)
    return made


@pytest.mark.parametrize("name", PAGES)
def test_an_open_page_grows_at_once_and_loses_no_word(
    on: Stage, application: QApplication, tmp_path: Path, name: str
) -> None:
    page = show(on, name)
    letters = Letters(application)

    letters.make(200)
    for _ in range(3):
        QApplication.processEvents()

    checks = (faults.cut, faults.too_small, faults.overlapping)
    assert {c.__name__: c(page) for c in checks if c(page)} == {}
    letters.make(100)
    for _ in range(3):
        QApplication.processEvents()
    assert {c.__name__: c(page) for c in checks if c(page)} == {}


@pytest.mark.parametrize("name", ["home", "visit", "restore", "review"])
def test_every_letter_on_an_open_page_grows(
    on: Stage, application: QApplication, name: str
) -> None:
    page = show(on, name)

    assert grown_too_little(page, application) == []


def test_letters_that_stay_small_would_be_seen(
    on: Stage, application: QApplication, monkeypatch: pytest.MonkeyPatch
) -> None:
    page = show(on, "visit")
    monkeypatch.setattr(letters_module, "_bring_along", lambda *_widget: None)

    assert grown_too_little(page, application)


def grown_too_little(page: QWidget, application: QApplication) -> list[str]:
    """Return what has not twice the letters after they were made 200 per cent."""
    before = {one: one.font().pointSizeF() for one in page.findChildren(QWidget)}
    Letters(application).make(200)
    return [
        f"{one} {one.font().pointSizeF()}"
        for one, points in before.items()
        if one.font().pointSizeF() < 1.9 * points
    ]
