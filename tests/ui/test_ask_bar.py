"""A question in place: asked by keys, answered by keys, and nothing done by Esc."""

from collections.abc import Callable

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QLineEdit, QVBoxLayout, QWidget
from pytestqt.qtbot import QtBot

from tests.ui.keyboard import press, type_keys
from ui.ask_bar import AskBar, Choice

NASTY = "<b>x</b><script>alert(1)</script>"


class Page(QWidget):
    """A page with a field, and the question below it."""

    def __init__(self) -> None:
        super().__init__()
        self.field = QLineEdit()
        self.bar = AskBar()
        self.answers: list[tuple[str, str]] = []
        layout = QVBoxLayout(self)
        layout.addWidget(self.field)
        layout.addWidget(self.bar)

    def ask(self, *names: str) -> None:
        choices = [Choice(name, self._taker(name)) for name in names]
        self.bar.ask(NASTY, "Why", choices)

    def _taker(self, name: str) -> Callable[[str], None]:
        return lambda why: self.answers.append((name, why))


@pytest.fixture
def page(qtbot: QtBot) -> Page:
    page = Page()
    qtbot.addWidget(page)
    page.show()
    page.activateWindow()
    qtbot.waitUntil(page.isActiveWindow)
    page.field.setFocus()
    return page


def test_it_is_not_there_until_something_is_asked(page: Page) -> None:
    assert not page.bar.isVisible()
    page.ask("Left")
    assert page.bar.isVisible()
    assert page.bar.title.text() == NASTY, "shown as it is, never as markup"
    assert page.bar.title.textFormat() is Qt.TextFormat.PlainText
    assert QApplication.focusWidget() is page.bar.field
    assert page.bar.field.accessibleName() == "Why"


def test_words_and_a_choice_by_keys_alone(page: Page) -> None:
    page.ask("Left", "Cancelled")
    type_keys(" had to go \n")
    assert QApplication.focusWidget() is page.bar.buttons[0]
    press(Qt.Key.Key_Tab)
    press(Qt.Key.Key_Space)
    assert page.answers == [("Cancelled", "had to go")]


def test_esc_does_nothing_and_gives_the_keys_back(page: Page) -> None:
    page.ask("Left")
    type_keys("typed\x1b")
    assert page.answers == []
    assert not page.bar.isVisible()
    assert page.bar.field.text() == ""
    assert QApplication.focusWidget() is page.field


def test_the_last_button_does_nothing_too(page: Page) -> None:
    page.ask("Left")
    page.bar.buttons[-1].click()
    assert page.answers == []
    assert not page.bar.isVisible()


def test_a_refusal_stands_beside_what_was_typed(page: Page) -> None:
    page.ask("Entered in error")
    type_keys("no reason\n")
    page.bar.refuse("Say why.")
    assert page.bar.isVisible()
    assert page.bar.hint.text() == "Say why."
    assert page.bar.field.text() == "no reason"
    assert QApplication.focusWidget() is page.bar.field
    page.ask("Left")
    assert not page.bar.hint.isVisible(), "the next question begins without it"
    assert page.bar.field.text() == ""


def test_a_second_question_gives_the_keys_back_to_where_the_first_came_from(
    page: Page,
) -> None:
    page.ask("Left")
    page.ask("Cancelled")
    assert [one.text() for one in page.bar.buttons] == ["Cancelled", "Esc: do nothing"]
    press(Qt.Key.Key_Escape)
    assert QApplication.focusWidget() is page.field


def test_the_keys_go_nowhere_when_their_place_is_gone(qtbot: QtBot, page: Page) -> None:
    page.ask("Left")
    with qtbot.waitSignal(page.field.destroyed):
        page.field.deleteLater()
    press(Qt.Key.Key_Escape)
    assert not page.bar.isVisible()


def test_a_reason_has_an_end(page: Page) -> None:
    page.ask("Left")
    page.bar.field.setText("x" * 5000)
    assert len(page.bar.field.text()) == 1000
