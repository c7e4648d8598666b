"""What takes long is told below the pages, and one key breaks it off."""

import threading
from collections.abc import Iterator

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLineEdit, QVBoxLayout, QWidget
from pytestqt.qtbot import QtBot

from intake.errors import UserFacingError
from intake.waiting import step
from tests.ui.visits import StoppedClock
from tests.ui.walk import faults
from ui.errands import Errands
from ui.main_window import MainWindow
from ui.progress_line import ProgressLine


class Page(QWidget):
    """Has something done that goes on until it is let go."""

    def __init__(self) -> None:
        super().__init__()
        self.errands = Errands(self)
        self.goes_on = threading.Event()
        self.has_begun = threading.Event()
        self.told: list[object] = []
        self.field = QLineEdit()
        QVBoxLayout(self).addWidget(self.field)

    def work(self) -> str:
        """Step until somebody breaks it off or lets it end."""
        self.has_begun.set()
        for done in range(1_000_000):
            step(done % 100, 100)
            if self.goes_on.wait(0.001):
                break
        return "done"

    def begin(self, *, may_break_off: bool = True) -> None:
        self.errands.run(
            self.work,
            self.told.append,
            self.told.append,
            words="Counting …",
            may_break_off=may_break_off,
        )


@pytest.fixture
def window(qtbot: QtBot) -> MainWindow:
    made = MainWindow(StoppedClock())
    made.progress._patience.setInterval(0)
    qtbot.addWidget(made)
    made.show()
    made.activateWindow()
    qtbot.waitUntil(made.isActiveWindow)
    return made


@pytest.fixture
def page(window: MainWindow) -> Iterator[Page]:
    made = Page()
    window.pages.addWidget(made)
    window.pages.setCurrentWidget(made)
    made.field.setFocus()
    yield made
    made.goes_on.set()


def line_of(window: MainWindow) -> ProgressLine:
    return window.progress


def test_it_says_what_is_done_and_how_far_and_goes_away(
    qtbot: QtBot, window: MainWindow, page: Page
) -> None:
    page.begin()
    line = line_of(window)
    qtbot.waitUntil(lambda: line.isVisible() and line.bar.value() > 0)

    assert line.words.text() == "Counting …"
    assert line.bar.maximum() == 100
    assert faults.without_name(line) == []
    assert faults.too_small(line) == []
    page.goes_on.set()
    qtbot.waitUntil(lambda: page.told == ["done"])
    qtbot.waitUntil(lambda: not line.isVisible())


@pytest.mark.parametrize("by", ["Esc", "button"])
def test_it_is_broken_off_and_the_page_has_the_keys_again(
    qtbot: QtBot, window: MainWindow, page: Page, by: str
) -> None:
    page.begin()
    line = line_of(window)
    qtbot.waitUntil(line.isVisible)
    if by == "Esc":
        QTest.keyClick(window, Qt.Key.Key_Escape)
    else:
        line.cancel.click()
    qtbot.waitUntil(lambda: bool(page.told))

    (error,) = page.told
    assert isinstance(error, UserFacingError)
    assert error.code == "broken_off"
    assert page.isEnabled()
    assert page.field.hasFocus()
    qtbot.waitUntil(lambda: not line.isVisible())


def test_what_must_go_through_has_no_way_out(
    qtbot: QtBot, window: MainWindow, page: Page
) -> None:
    page.begin(may_break_off=False)
    line = line_of(window)
    qtbot.waitUntil(line.isVisible)

    assert not line.cancel.isVisible()
    QTest.keyClick(window, Qt.Key.Key_Escape)
    page.goes_on.set()
    qtbot.waitUntil(lambda: page.told == ["done"])


def test_what_is_done_at_once_is_not_told(
    qtbot: QtBot, window: MainWindow, page: Page
) -> None:
    window.progress._patience.setInterval(10_000)
    page.goes_on.set()
    page.begin()
    qtbot.waitUntil(lambda: page.told == ["done"])
    qtbot.waitUntil(lambda: not window.progress._under_way)

    assert not window.progress.isVisible()
    assert not window.progress._patience.isActive()


def test_escape_leaves_alone_what_is_done_in_the_background(
    qtbot: QtBot, window: MainWindow
) -> None:
    waited = window.progress.begin("Backing up …")
    qtbot.waitUntil(window.progress.isVisible)
    with qtbot.waitSignal(window.step_back):
        window.is_locked = False
        QTest.keyClick(window, Qt.Key.Key_Escape)
    waited.step(1, 2)

    waited.end()
    qtbot.waitUntil(lambda: not window.progress.isVisible())
