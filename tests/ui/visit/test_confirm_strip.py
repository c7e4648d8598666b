"""The clinician confirms what the desk entered: one key each, nothing pops up."""

from collections.abc import Callable, Mapping
from typing import Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from intake.confirmations import Confirmation
from intake.protocol import Protocol
from tests.intake.test_confirming import STRAIN
from tests.ui.keyboard import press, type_keys
from tests.ui.visits import by_the_desk, session_of
from ui.visit.confirm_strip import ConfirmStrip
from ui.visit.workspace import Workspace

Open = Callable[..., Workspace]
CTRL = Qt.KeyboardModifier.ControlModifier


@pytest.fixture
def kept() -> list[Confirmation]:
    """Return what the sessions gave to be stored."""
    return []


@pytest.fixture
def open_visit(qtbot: QtBot, protocol: Protocol, kept: list[Confirmation]) -> Open:
    """Return a function that opens a visit that the desk filled in."""

    def opened(answers: Mapping[str, Any] = STRAIN) -> Workspace:
        session = session_of(
            protocol, answers=answers, changes=by_the_desk(answers), confirmed=kept
        )
        workspace = Workspace(session)
        session.setParent(workspace)
        qtbot.addWidget(workspace)
        workspace.resize(1366, 700)
        with qtbot.waitExposed(workspace):
            workspace.show()
        workspace.activateWindow()
        qtbot.waitUntil(workspace.isActiveWindow)
        workspace.resume()
        return workspace

    return opened


def strip_of(workspace: Workspace) -> ConfirmStrip:
    assert workspace.confirm is not None
    return workspace.confirm


def test_ten_keys_confirm_a_harmless_strain_and_lead_on(
    open_visit: Open, kept: list[Confirmation]
) -> None:
    workspace = open_visit()
    keys = 0
    while strip_of(workspace).isVisible():
        keys += type_keys(" ")

    assert keys == 10
    assert {one.question for one in kept} == STRAIN.keys()
    assert {one.who for one in kept} == {"Sam"}
    assert workspace.session.confirmed.marked() == {}
    assert workspace.page.active_question == "neuro.saddle_numb", "the next to be asked"


def test_every_answer_that_a_key_confirms_is_on_the_screen(open_visit: Open) -> None:
    workspace = open_visit()
    strip = strip_of(workspace)
    while strip.isVisible():
        assert strip._unit is not None
        shown = f"{strip.loud.text()} {strip.quiet.text()}"
        for one in strip._unit.answers:
            label = workspace.session.protocol.questions[one.question].label
            assert label in shown
        assert "Dee" in strip.title.text()
        type_keys(" ")


def test_a_key_that_is_held_down_confirms_once(
    open_visit: Open, kept: list[Confirmation], qtbot: QtBot
) -> None:
    from PySide6.QtCore import QEvent
    from PySide6.QtGui import QKeyEvent

    workspace = open_visit()
    none = Qt.KeyboardModifier.NoModifier
    for _ in range(5):
        for kind in (QEvent.Type.KeyPress, QEvent.Type.KeyRelease):
            held = QKeyEvent(kind, Qt.Key.Key_Space, none, " ", autorep=True)
            QApplication.sendEvent(strip_of(workspace).confirm, held)
    assert kept == []
    press(Qt.Key.Key_Return)
    assert kept == [], "Enter, held from the form before, confirms nothing"


def test_esc_leaves_the_rest_marked_and_the_keys_with_the_form(
    open_visit: Open, kept: list[Confirmation]
) -> None:
    workspace = open_visit()
    type_keys(" ")
    done = len(kept)
    type_keys("\x1b")

    assert len(kept) == done
    assert workspace.page.active_question
    strip = strip_of(workspace)
    assert not strip.is_open
    left = len(STRAIN) - done
    assert strip.title.text() == f"{left} answers are not confirmed by a clinician."
    strip.take_keys()
    assert strip.is_open


def test_undo_takes_a_confirmation_back_and_redo_gives_it_again(
    open_visit: Open, kept: list[Confirmation]
) -> None:
    workspace = open_visit()
    marked = workspace.session.confirmed.marked
    before = marked()
    type_keys(" ")
    after = marked()
    press(Qt.Key.Key_Z, CTRL)
    assert marked() == before
    press(Qt.Key.Key_Y, CTRL)
    assert marked() == after
    assert [one.is_taken_back for one in kept] == [False] * 3 + [True] * 3 + [False] * 3


def test_an_answer_that_the_clinician_changes_needs_no_confirmation(
    open_visit: Open,
) -> None:
    workspace = open_visit()
    workspace.session.record("pain.now", 5)
    assert "pain.now" not in workspace.session.confirmed.marked()


def test_an_answer_that_the_desk_changes_asks_again(open_visit: Open) -> None:
    workspace = open_visit()
    while strip_of(workspace).isVisible():
        type_keys(" ")
    (later,) = by_the_desk({"general.fever": "yes"})
    workspace.session.take_in({"general.fever": "yes"}, [later])
    assert list(workspace.session.confirmed.marked()) == ["general.fever"]
    assert strip_of(workspace).isVisible()
    assert not strip_of(workspace).confirm.hasFocus(), "it takes no keys by itself"


def test_the_form_says_who_entered_what(open_visit: Open) -> None:
    workspace = open_visit()
    workspace.page.go_to("general.fever")
    row = workspace.page.form.rows["general.fever"]
    assert row._mark is not None
    assert row._mark.text() == "Entered by Dee, not confirmed"
    strip_of(workspace).take_keys()
    while strip_of(workspace).isVisible():
        type_keys(" ")
    assert row._mark.text() == ""


def test_in_an_emergency_nothing_is_asked_for(open_visit: Open) -> None:
    """The form is secondary then; the marks stay."""
    answers = {
        **STRAIN,
        "pain.onset": "sudden_seconds",
        "pain.with_movement": "no",
        "pain.now": 10,
        "pain.quality": ["tearing_or_ripping"],
    }
    workspace = open_visit(answers)
    assert workspace.session.assessment.tier.code == "emergency_now"
    assert not strip_of(workspace).is_open
    assert strip_of(workspace).isVisible()


def test_the_desk_has_no_marks(qtbot: QtBot, protocol: Protocol) -> None:
    session = session_of(
        protocol, role="desk", answers=STRAIN, changes=by_the_desk(STRAIN)
    )
    workspace = Workspace(session)
    session.setParent(workspace)
    qtbot.addWidget(workspace)
    assert workspace.confirm is None
    assert session.confirmed.marked() == {}
