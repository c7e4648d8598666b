"""The desk reads the clinic's own list, and notes whom it told and when."""

from collections.abc import Callable, Mapping, Sequence
from datetime import timedelta
from typing import Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLabel, QWidget
from pytestqt.qtbot import QtBot

from intake.answers import AnswerChange, Role
from intake.protocol import Protocol
from intake.tell_now import Told
from tests.ui.keyboard import press, type_keys
from tests.ui.visits import NOW, by_the_desk, session_of
from ui.visit.tell_bar import time_of
from ui.visit.workspace import Workspace

Open = Callable[..., Workspace]
WEAK = {"neuro.leg_weakness": {"left": "yes", "right": "no"}}


@pytest.fixture
def told() -> list[Told]:
    """Return what the sessions gave to be stored."""
    return []


@pytest.fixture
def open_visit(qtbot: QtBot, protocol: Protocol, told: list[Told]) -> Open:
    """Return a function that opens a visit with the keyboard in the form."""

    def opened(
        answers: Mapping[str, Any] = WEAK,
        role: Role = "desk",
        changes: Sequence[AnswerChange] = (),
    ) -> Workspace:
        session = session_of(
            protocol, role=role, answers=answers, told=told, changes=changes
        )
        session.told.take_in(told)
        workspace = Workspace(session)
        session.setParent(workspace)
        qtbot.addWidget(workspace)
        workspace.resize(1366, 700)
        with qtbot.waitExposed(workspace):
            workspace.show()
        workspace.activateWindow()
        qtbot.waitUntil(workspace.isActiveWindow)
        workspace.page.start()
        return workspace

    return opened


def words_on(widget: QWidget) -> str:
    labels = widget.findChildren(QLabel)
    return "\n".join(one.text() for one in labels if one.isVisible())


def test_the_desk_reads_the_words_of_the_list_and_no_more(open_visit: Open) -> None:
    workspace = open_visit()
    assert set(words_on(workspace.tell).splitlines()) == {
        (
            "Clinic policy, line 8. Tell the clinician now, in person. "
            "Answer: Weak leg, LEFT: yes."
        ),
        "No clinician within a minute: call 911 and stay with the patient.",
        "Told (Ctrl+Shift+D):",
        "at",
        "",
    }
    tiers = ("urgent", "emergency", "same day", "routine", "suspected", "because")
    assert not any(word in words_on(workspace).casefold() for word in tiers)


def test_it_shows_at_the_answer_and_takes_no_keys(open_visit: Open) -> None:
    workspace = open_visit({})
    assert not workspace.tell.isVisible()
    workspace.page.go_to("general.fever")
    type_keys("y")
    assert workspace.tell.isVisible()
    assert workspace.page.active_question == "general.rigors"
    workspace.page.undo()
    assert not workspace.tell.isVisible()


def test_whom_and_when_is_noted_by_keyboard(open_visit: Open, told: list[Told]) -> None:
    workspace = open_visit()
    workspace.tell.take_keys()
    type_keys("Dr. Kim\n")
    (one,) = told
    assert (one.line, one.to, one.who, one.at) == (8, "Dr. Kim", "Sam", NOW)
    assert one.answers == ("neuro.leg_weakness/left=yes",)
    assert "Told: Dr. Kim at" in workspace.tell.told.text()
    assert not workspace.tell.name.isVisible(), "there is nothing to tell any more"
    assert workspace.page.active_question


def test_without_a_name_or_at_no_time_nothing_is_noted(
    open_visit: Open, told: list[Told]
) -> None:
    workspace = open_visit()
    workspace.tell.take_keys()
    type_keys("\n")
    assert "Whom you told" in workspace.tell.problem.text()
    type_keys("Dr. Kim")
    press(Qt.Key.Key_Tab)
    type_keys("25:99\n")
    assert "time" in workspace.tell.problem.text()
    assert told == []
    assert workspace.tell.name.text() == "Dr. Kim", "what was typed stays"


def test_another_answer_of_the_line_shows_it_again(
    open_visit: Open, told: list[Told]
) -> None:
    workspace = open_visit()
    workspace.session.told.note("Dr. Kim", NOW)
    workspace.session.record("neuro.walking_or_balance", "yes")
    assert "New trouble walking" in workspace.tell.text.text()
    assert "Weak leg" not in workspace.tell.text.text()


def test_a_clinician_sees_who_was_told_and_when(
    open_visit: Open, told: list[Told]
) -> None:
    desk = open_visit()
    desk.session.told.note("Dr. Kim", NOW - timedelta(minutes=3))
    answers = {**WEAK, "general.fever": "yes", "heart.sweating": "yes"}
    entered = by_the_desk({**WEAK, "general.fever": "yes"})
    room = open_visit(answers, role="clinician", changes=entered)
    said = room.tell.told.text()
    assert "Told: Dr. Kim at" in said
    assert "line 8, Weak leg, LEFT: yes" in said
    assert "line 11, not noted as told" in room.tell.text.text()
    assert "line 4" not in room.tell.text.text(), "what they asked themselves"
    assert not room.tell.name.isVisible()


@pytest.mark.parametrize("text", ["24:00", "9", "half past", "10:60", "99:99"])
def test_what_is_no_time_of_day_is_none(text: str) -> None:
    assert time_of(text, NOW) is None


def test_a_time_of_day_is_the_last_one_there_was() -> None:
    local = NOW.astimezone()
    early = local.replace(hour=0, minute=5)
    assert time_of("0:05", local.replace(hour=23, minute=0)) is not None
    assert time_of("23:00", early) is None, "it would be later than now"
    assert time_of("", NOW) == NOW


def test_what_a_paper_said_in_private_is_not_told_to_the_next_at_the_desk(
    open_visit: Open, told: list[Told]
) -> None:
    """The note names the answer, and is in view whenever the visit is opened."""
    private = Told("t1", 9, ("neuro.bladder=yes",), "Dr. Kim", "Dee", NOW)
    told.append(private)
    desk = open_visit()
    assert "Dr. Kim" not in words_on(desk.tell)
    desk.session.told.take_in([private])
    assert "Dr. Kim" not in words_on(desk.tell)
    assert "Dr. Kim" in words_on(open_visit(role="clinician").tell)


def test_who_noted_it_keeps_it_in_view_while_the_visit_is_open(
    open_visit: Open, told: list[Told]
) -> None:
    """Otherwise the line would ask again for what was just done."""
    desk = open_visit()
    desk.session.told.note("Dr. Kim", NOW)
    desk.session.told.take_in([])
    assert desk.session.told.untold() == []
