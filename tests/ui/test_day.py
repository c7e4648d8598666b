"""The day by keys: handed on, ended, taken back, called; told in place."""

from dataclasses import replace

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from intake.call_backs import CallBack
from intake.errors import UserFacingError
from intake.visit import Visit
from tests.ui.keyboard import press, type_keys
from tests.ui.test_office import Desk, _register, desk, protocol
from tests.ui.visits import NOW, TODAY

__all__ = ["desk", "protocol"]
_CTRL = Qt.KeyboardModifier.ControlModifier
_BOTH = _CTRL | Qt.KeyboardModifier.ShiftModifier


@pytest.fixture
def one(qtbot: QtBot, desk: Desk) -> Desk:
    """Return a desk where Dr. Rivera has Moreno's visit in view, stored and listed."""
    desk.office.window.activateWindow()
    qtbot.waitUntil(desk.office.window.isActiveWindow)
    desk.office.begin("Dr. Rivera", "clinician")
    _register(desk)
    qtbot.waitUntil(lambda: desk.saver.pending() == [], timeout=5000)
    listed(qtbot, desk)
    return desk


def moreno(desk: Desk) -> Visit:
    (visit,) = desk.store.visits.values()
    return visit


def state(desk: Desk) -> str:
    return moreno(desk).state


def in_list(qtbot: QtBot, desk: Desk) -> None:
    """Go to the list, with the keys on its first visit."""
    desk.office.show_home()
    qtbot.waitUntil(lambda: not desk.office.home.worklist.is_empty)
    desk.office.home.worklist.take_keys()


def ended(qtbot: QtBot, desk: Desk, key: str = "l") -> None:
    """End the visit by keys, whichever way the key stands for."""
    press(Qt.Key.Key_E, _BOTH)
    press(getattr(Qt.Key, f"Key_{key.upper()}"), Qt.KeyboardModifier.AltModifier)
    qtbot.waitUntil(lambda: state(desk) != "history", timeout=5000)
    listed(qtbot, desk)


def listed(qtbot: QtBot, desk: Desk) -> None:
    """Have the list show what is stored, without waiting for its second."""
    stored = moreno(desk)
    desk.office.day.watcher.look_now()
    qtbot.waitUntil(
        lambda: [one.visit for one in desk.office.day._stored] == [stored], timeout=5000
    )


def to_call(qtbot: QtBot, desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    """Have Moreno be somebody whom somebody has to call."""
    asked = CallBack("c1", moreno(desk).id, TODAY, NOW)
    desk.store.asked["c1"] = asked
    worklist = desk.store.worklist
    monkeypatch.setattr(
        desk.store,
        "worklist",
        lambda: [
            replace(one, call_back=desk.store.asked["c1"])
            if not desk.store.asked["c1"].is_done
            else one
            for one in worklist()
        ],
    )
    desk.office.day.watcher.look_now()
    qtbot.waitUntil(
        lambda: any(one.call_back for one in desk.office.day._stored), timeout=5000
    )


def test_a_visit_is_handed_on_by_one_key(qtbot: QtBot, one: Desk) -> None:
    press(Qt.Key.Key_Return, _CTRL)
    qtbot.waitUntil(lambda: state(one) == "ready_for_clinician", timeout=5000)
    qtbot.waitUntil(lambda: "ready for the clinician" in one.office.window.news.text())
    assert one.office.session is not None, "a clinician goes on with it"


def test_what_the_desk_hands_on_leaves_its_screen(qtbot: QtBot, one: Desk) -> None:
    one.office.lock()
    one.office.begin("Noor", "desk")
    one.office.show_visit()
    press(Qt.Key.Key_Return, _CTRL)
    qtbot.waitUntil(lambda: one.office.session is None, timeout=5000)
    assert state(one) == "ready_for_clinician"
    assert one.office.window.pages.currentWidget() is one.office.home


def test_where_there_is_nothing_to_hand_on_it_says_where_the_visit_is(
    qtbot: QtBot, one: Desk
) -> None:
    one.store.visits[moreno(one).id] = replace(moreno(one), state="to_sign")
    listed(qtbot, one)
    press(Qt.Key.Key_Return, _CTRL)
    assert "to sign" in one.office.window.news.text()
    assert one.store.moves == {}


def test_who_is_a_clinician_no_more_keeps_no_urgency_in_view(
    qtbot: QtBot, one: Desk
) -> None:
    """The same person, in another role from now on, before any list is read again."""
    one.store.change_state(moreno(one).id, 0, "ready_for_clinician")
    listed(qtbot, one)
    works = one.office.works
    assert one.office.window.news.text().startswith("Ready for you: Moreno")
    works.know(works.name, "desk", works.person_id)
    assert one.office.window.news.text() == ""


def test_a_clinician_is_told_who_is_ready_and_the_desk_is_not(
    qtbot: QtBot, one: Desk
) -> None:
    one.store.change_state(moreno(one).id, 0, "ready_for_clinician")
    listed(qtbot, one)
    assert one.office.window.news.text().startswith("Ready for you: Moreno")
    one.office.lock()
    assert one.office.window.news.text() == ""
    one.office.begin("Noor", "desk")
    listed(qtbot, one)
    assert one.office.window.news.text() == ""


def test_a_visit_ends_by_keys_and_leaves_the_screen(qtbot: QtBot, one: Desk) -> None:
    ended(qtbot, one)
    assert state(one) == "left_before_seen"
    assert one.office.session is None
    assert one.office.window.pages.currentWidget() is one.office.home


def test_a_refusal_stands_where_it_was_asked(qtbot: QtBot, one: Desk) -> None:
    one.store.failing = UserFacingError("visit_moved", "Moved.", "Look again.")
    press(Qt.Key.Key_E, _BOTH)
    type_keys("wrong row")
    press(Qt.Key.Key_C, Qt.KeyboardModifier.AltModifier)
    bar = one.office.window.ask_bar
    qtbot.waitUntil(lambda: bar.hint.text() == "Moved. Look again.", timeout=5000)
    assert bar.field.text() == "wrong row"
    one.store.failing = None


def test_a_visit_that_ended_opens_no_form_and_asks(qtbot: QtBot, one: Desk) -> None:
    ended(qtbot, one)
    in_list(qtbot, one)
    press(Qt.Key.Key_Return)
    bar = one.office.window.ask_bar
    assert bar.isVisible()
    assert "left before being seen. Was that a mistake?" in bar.title.text()
    assert one.office.session is None
    press(Qt.Key.Key_Escape)
    assert state(one) == "left_before_seen"


def test_one_that_ended_since_the_list_was_read_asks_too(
    qtbot: QtBot, one: Desk
) -> None:
    """The list is a second old at most: the visit itself is what counts."""
    stale = one.office.day._stored[0]
    press(Qt.Key.Key_W, _CTRL)
    one.office.day.end_watching()
    one.store.change_state(moreno(one).id, 0, "cancelled")
    one.office.day.open(stale)
    assert one.office.session is None
    assert "cancelled. Was that a mistake?" in one.office.window.ask_bar.title.text()


def test_whoever_takes_over_gets_no_form_of_a_visit_that_ended(one: Desk) -> None:
    one.office.lock()
    one.store.change_state(moreno(one).id, 0, "cancelled")
    one.office.begin("Noor", "desk")
    assert one.office.session is None
    assert one.office.window.pages.currentWidget() is one.office.home
    assert not one.office.window.ask_bar.isVisible()


def test_an_end_is_taken_back_to_where_the_visit_was(qtbot: QtBot, one: Desk) -> None:
    one.store.change_state(moreno(one).id, 0, "in_examination")
    listed(qtbot, one)
    press(Qt.Key.Key_E, _BOTH)
    press(Qt.Key.Key_C, Qt.KeyboardModifier.AltModifier)
    qtbot.waitUntil(lambda: state(one) == "cancelled", timeout=5000)
    listed(qtbot, one)
    in_list(qtbot, one)
    press(Qt.Key.Key_Return)
    type_keys("wrong patient")
    press(Qt.Key.Key_T, Qt.KeyboardModifier.AltModifier)
    qtbot.waitUntil(lambda: state(one) == "in_examination", timeout=5000)
    assert one.store.moves[moreno(one).id][-1].reason == "wrong patient"


def test_a_call_is_logged_from_the_list_by_keys(
    qtbot: QtBot, one: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    ended(qtbot, one)
    to_call(qtbot, one, monkeypatch)
    in_list(qtbot, one)
    press(Qt.Key.Key_C, _BOTH)
    assert "to call, no phone recorded" in one.office.window.ask_bar.title.text()
    type_keys("engaged")
    press(Qt.Key.Key_A, Qt.KeyboardModifier.AltModifier)
    qtbot.waitUntil(lambda: bool(one.store.asked["c1"].calls), timeout=5000)
    (call,) = one.store.asked["c1"].calls
    assert (call.outcome, call.note) == ("no_answer", "engaged")
    qtbot.waitUntil(lambda: not one.office.window.ask_bar.isVisible())

    one.office.home.worklist.take_keys()
    press(Qt.Key.Key_Return)
    press(Qt.Key.Key_R, Qt.KeyboardModifier.AltModifier)
    qtbot.waitUntil(lambda: one.store.asked["c1"].is_done, timeout=5000)


def test_that_nobody_has_to_call_is_a_clinicians_word(
    qtbot: QtBot, one: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    ended(qtbot, one)
    to_call(qtbot, one, monkeypatch)
    in_list(qtbot, one)
    press(Qt.Key.Key_C, _BOTH)
    bar = one.office.window.ask_bar
    offered = ["&Reached", "No &answer", "Left a &message"]
    assert [b.text() for b in bar.buttons][:-1] == [*offered, "Nobody has to &call"]
    press(Qt.Key.Key_Escape)
    one.office.lock()
    one.office.begin("Noor", "desk")
    qtbot.waitUntil(lambda: bool(one.office.day._stored), timeout=5000)
    in_list(qtbot, one)
    press(Qt.Key.Key_C, _BOTH)
    assert [b.text() for b in bar.buttons][:-1] == offered


def test_where_nobody_has_to_call_it_says_so(qtbot: QtBot, one: Desk) -> None:
    press(Qt.Key.Key_C, _BOTH)
    assert "nobody has to call" in one.office.window.news.text()
    press(Qt.Key.Key_W, _CTRL)
    press(Qt.Key.Key_C, _BOTH)
    assert "Choose whom you called" in one.office.window.news.text()
    assert not one.office.window.ask_bar.isVisible()


def test_the_day_is_closed_by_keys(
    qtbot: QtBot, one: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    ended(qtbot, one)
    to_call(qtbot, one, monkeypatch)
    press(Qt.Key.Key_F, _BOTH)
    page = one.office.end_of_day.page
    assert one.office.window.pages.currentWidget() is page
    assert QApplication.focusWidget() is page.table
    first = [page.table.item(0, column).text() for column in (0, 1, 4)]  # type: ignore[union-attr]  # they are there
    assert first == [
        "Calls to make",
        "Moreno",
        "to call, no phone recorded, due 2026-11-24. Danger to Moreno.",
    ]
    press(Qt.Key.Key_Return)
    press(Qt.Key.Key_R, Qt.KeyboardModifier.AltModifier)
    qtbot.waitUntil(lambda: page.selected() is None, timeout=5000)
    assert page.nothing.isVisible()
    press(Qt.Key.Key_Escape)
    assert one.office.window.pages.currentWidget() is one.office.home


def test_the_desk_closes_the_day_without_reasons(
    qtbot: QtBot, one: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    ended(qtbot, one)
    to_call(qtbot, one, monkeypatch)
    press(Qt.Key.Key_F, _BOTH)
    assert "Danger" in words_of(one)
    one.office.lock()
    one.office.begin("Noor", "desk")
    assert words_of(one) == "", "whoever left leaves nothing"
    press(Qt.Key.Key_F, _BOTH)
    assert "to call, no phone recorded" in words_of(one)
    assert "Danger" not in words_of(one)


def words_of(desk: Desk) -> str:
    """Return every word in the table of the page that closes the day."""
    table = desk.office.end_of_day.page.table
    items = [table.item(row, c) for row in range(table.rowCount()) for c in range(5)]
    return " ".join(item.text() for item in items if item is not None)
