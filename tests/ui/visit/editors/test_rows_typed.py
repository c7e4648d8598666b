"""A row is stored while it is typed, and is a row once Enter has ended it."""

from pytestqt.qtbot import QtBot

from tests.ui.keyboard import ENTER, type_keys
from tests.ui.visit.conftest import OpenPage


def test_a_row_is_stored_before_enter(qtbot: QtBot, open_page: OpenPage) -> None:
    """The power may go while a medicine is being written down."""
    page = open_page()
    page.go_to("background.medicines")
    type_keys("warfarin 5 mg")
    answers = page.session
    qtbot.waitUntil(
        lambda: answers.answers.get("background.medicines") == ["warfarin 5 mg"]
    )
    type_keys(ENTER + "aspirin")
    both = ["warfarin 5 mg", "aspirin"]
    qtbot.waitUntil(lambda: answers.answers.get("background.medicines") == both)
    type_keys(ENTER)
    assert answers.answers["background.medicines"] == both


def test_a_row_begun_and_emptied_leaves_nothing(
    qtbot: QtBot, open_page: OpenPage
) -> None:
    """Then nothing was asked, as before."""
    page = open_page()
    page.go_to("background.medicines")
    type_keys("w")
    session = page.session
    qtbot.waitUntil(lambda: session.answers.get("background.medicines") == ["w"])
    page.form.rows["background.medicines"].editor._line.clear()  # type: ignore[attr-defined]  # the rows editor's line
    page.flush()
    assert "background.medicines" not in session.answers
