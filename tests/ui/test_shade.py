"""One key hides the screen, and the same key shows it again, for a minute."""

import pytest
from PySide6.QtCore import Qt, QTimer
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QApplication, QDialog, QWidget
from pytestqt.qtbot import QtBot

from tests.ui.keyboard import press, type_keys
from tests.ui.test_office import Desk, desk, protocol
from tests.ui.test_user_switch import open_desk, words_in_view
from ui.shade import SECONDS, Shade

__all__ = ["desk", "open_desk", "protocol"]


class Seconds:
    """A clock that goes when it is told to."""

    def __init__(self) -> None:
        self.now = 1000.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def seconds(open_desk: Desk) -> Seconds:
    """Return the clock by which the screen stays hidden."""
    seconds = Seconds()
    open_desk.office.works.shade._seconds = seconds
    return seconds


def test_the_data_are_gone_at_once_and_back_with_the_same_key(open_desk: Desk) -> None:
    office = open_desk.office
    assert office.workspace is not None
    office.workspace.page.go_to("general.fever")
    field = QApplication.focusWidget()
    press(Qt.Key.Key_F12)
    assert "Moreno" not in words_in_view(open_desk)
    assert not office.workspace.isVisible()
    press(Qt.Key.Key_F12)
    assert "Moreno" in words_in_view(open_desk)
    assert office.window.pages.currentWidget() is office.workspace
    assert QApplication.focusWidget() is field
    assert office.window.user.text() == "Dr. Rivera, clinician"


def test_typing_under_it_goes_nowhere(open_desk: Desk) -> None:
    office = open_desk.office
    session = office.session
    assert session is not None
    press(Qt.Key.Key_F12)
    before = session.answers
    type_keys("y0abc\x1b\x7f")
    press(Qt.Key.Key_Tab)
    press(Qt.Key.Key_N, Qt.KeyboardModifier.ControlModifier)
    press(Qt.Key.Key_F, Qt.KeyboardModifier.ControlModifier)
    assert office.window.pages.currentWidget() is office.works.shade_page
    press(Qt.Key.Key_Return)
    assert office.window.pages.currentWidget() is office.workspace
    assert session.answers == before


def test_what_is_being_typed_is_taken_before_it_is_hidden(
    qtbot: QtBot, open_desk: Desk
) -> None:
    office = open_desk.office
    assert office.workspace is not None
    office.workspace.page.go_to("reason.in_patients_words")
    type_keys("like a knife")
    press(Qt.Key.Key_F12)
    qtbot.waitUntil(lambda: open_desk.saver.pending() == [])
    (visit,) = open_desk.store.visits.values()
    assert visit.answers["reason.in_patients_words"] == "like a knife"


def test_after_a_minute_it_is_a_lock_and_asks_who_works(
    open_desk: Desk, seconds: Seconds
) -> None:
    office = open_desk.office
    press(Qt.Key.Key_F12)
    seconds.now += SECONDS - 1
    office.works.shade.look()
    assert office.window.pages.currentWidget() is office.works.shade_page
    seconds.now += 1
    office.works.shade.look()
    assert office.window.pages.currentWidget() is office.sign_in
    assert office.window.user.text() == "Nobody signed in"
    office.begin("Dr. Rivera", "clinician")
    assert office.window.pages.currentWidget() is office.workspace


def test_a_lid_that_was_closed_meanwhile_brings_nothing_back(
    open_desk: Desk, seconds: Seconds
) -> None:
    """The timer slept; the key comes before it looks."""
    office = open_desk.office
    press(Qt.Key.Key_F12)
    seconds.now += 3600
    press(Qt.Key.Key_F12)
    assert office.window.pages.currentWidget() is office.sign_in
    assert "Moreno" not in words_in_view(open_desk)
    office.begin("Sam", "desk")
    assert office.session is not None
    assert office.session.role == "desk", "somebody else gets their own view"


def test_it_works_over_a_box_too(open_desk: Desk) -> None:
    """A box has the keys; the one that hides must not end in it."""
    office = open_desk.office
    seen: list[bool] = []

    def hide() -> None:
        seen.append(isinstance(QApplication.activeModalWidget(), QDialog))
        press(Qt.Key.Key_F12)

    QTimer.singleShot(50, hide)
    office.window.show_shortcuts()
    assert seen == [True]
    assert office.window.pages.currentWidget() is office.works.shade_page
    assert "Moreno" not in words_in_view(open_desk)


@pytest.mark.parametrize("page", ["home", "registration"])
def test_it_comes_back_on_whichever_page_it_was(open_desk: Desk, page: str) -> None:
    office = open_desk.office
    {"home": office.show_home, "registration": office.show_registration}[page]()
    shown: QWidget = getattr(office, page)
    press(Qt.Key.Key_F12)
    assert not shown.isVisible()
    press(Qt.Key.Key_F12)
    assert office.window.pages.currentWidget() is shown


def test_a_copy_stays_for_whoever_hid_the_screen(open_desk: Desk) -> None:
    QGuiApplication.clipboard().setText("my own")
    press(Qt.Key.Key_F12)
    press(Qt.Key.Key_F12)
    assert QGuiApplication.clipboard().text() == "my own"


def test_nobody_hides_what_nobody_sees(open_desk: Desk) -> None:
    office = open_desk.office
    office.lock()
    office.works.hide()
    assert office.window.pages.currentWidget() is office.sign_in
    assert not office.works.shade.is_down


def test_a_shade_that_is_up_is_never_overdue(open_desk: Desk) -> None:
    shade = Shade(open_desk.office, Seconds())
    said: list[bool] = []
    shade.overdue.connect(lambda: said.append(True))
    shade.look()
    assert said == []
    assert not shade.lift()
