"""The desk types in the patient's own paper: private answers, marked, never re-read."""

from collections.abc import Callable

import pytest
from pytestqt.qtbot import QtBot

from intake.answers import AnswerChange, Role
from intake.protocol import Protocol
from tests.ui.keyboard import type_keys
from tests.ui.visits import session_of
from ui.visit.workspace import Workspace

Open = Callable[..., Workspace]


@pytest.fixture
def saved() -> list[AnswerChange]:
    return []


@pytest.fixture
def open_visit(qtbot: QtBot, protocol: Protocol, saved: list[AnswerChange]) -> Open:
    def opened(role: Role = "desk") -> Workspace:
        session = session_of(protocol, role=role, saved=saved)
        workspace = Workspace(session)
        session.setParent(workspace)
        qtbot.addWidget(workspace)
        with qtbot.waitExposed(workspace):
            workspace.show()
        workspace.activateWindow()
        qtbot.waitUntil(workspace.isActiveWindow)
        workspace.page.start()
        return workspace

    return opened


def sections(workspace: Workspace) -> list[str]:
    rail = workspace.page.rail
    return [rail.item(row).text() for row in range(rail.count())]


def test_private_questions_are_there_with_the_paper_alone(open_visit: Open) -> None:
    workspace = open_visit()
    assert len(sections(workspace)) == 6
    workspace.page.go_to("neuro.saddle_numb")
    assert workspace.page.active_question != "neuro.saddle_numb"

    workspace.session.set_paper(True)
    assert workspace.paper.isVisible()
    assert len(sections(workspace)) == 7
    workspace.page.go_to("neuro.saddle_numb")
    assert workspace.page.active_question == "neuro.saddle_numb"
    shown = {q for q, row in workspace.page.form.rows.items() if row.isVisible()}
    asked = workspace.session.protocol.questions
    assert shown
    assert all(asked[question].private for question in shown)

    workspace.session.set_paper(False)
    assert len(sections(workspace)) == 6
    assert workspace.page.form.section.id != "private"


def test_what_is_typed_is_marked_as_from_paper(
    open_visit: Open, saved: list[AnswerChange]
) -> None:
    workspace = open_visit()
    workspace.session.set_paper(True)
    workspace.page.go_to("neuro.saddle_numb")
    type_keys("y")
    workspace.page.go_to("general.fever")
    type_keys("n")
    workspace.session.set_paper(False)
    workspace.page.go_to("general.fatigue")
    type_keys("n")
    assert [(one.question, one.way) for one in saved] == [
        ("neuro.saddle_numb", "paper"),
        ("general.fever", "paper"),
        ("general.fatigue", "desk"),
    ]


def test_line_ten_shows_for_the_paper(open_visit: Open) -> None:
    workspace = open_visit()
    workspace.session.set_paper(True)
    workspace.page.go_to("neuro.saddle_numb")
    type_keys("y")
    assert "Clinic policy, line 10" in workspace.tell.text.text()


def test_it_ends_when_the_page_goes_away(open_visit: Open) -> None:
    workspace = open_visit()
    workspace.session.set_paper(True)
    workspace.hide()
    assert not workspace.session.is_paper


def test_a_clinician_types_a_paper_in_too(
    open_visit: Open, saved: list[AnswerChange]
) -> None:
    """It is the patient's word on paper, so it waits for the patient's own."""
    workspace = open_visit("clinician")
    workspace.session.set_paper(True)
    workspace.session.record("general.fever", "no")
    assert saved[-1].way == "paper"
    assert list(workspace.session.confirmed.marked()) == ["general.fever"]
