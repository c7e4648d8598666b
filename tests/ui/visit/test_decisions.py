"""Suggestions are decided on where they stand: by single keys, by mouse, no pop-up."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from typing import Any

import pytest
from PySide6.QtCore import Qt, QUrl
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot

from intake.answers import Role
from intake.decisions import EMERGENCY, Decision
from intake.first_steps import first_steps
from intake.protocol import Protocol
from tests.ui.keyboard import press, type_keys
from tests.ui.visits import session_of
from ui.visit.assessment_panel import AssessmentPanel
from ui.visit.workspace import Workspace

Open = Callable[..., Workspace]
ANSWERS = {"cancer.history": "yes", "pain.pattern": "constant"}
CTRL = Qt.KeyboardModifier.ControlModifier
HOSTILE = "<script>alert('x')</script><b>&\u202e \U0001f600"


@pytest.fixture
def kept() -> list[Decision]:
    """Return what the sessions gave to be stored."""
    return []


@pytest.fixture
def open_visit(qtbot: QtBot, protocol: Protocol, kept: list[Decision]) -> Open:
    """Return a function that opens a visit with the keyboard in the form."""

    def opened(
        answers: Mapping[str, Any] = ANSWERS,
        role: Role = "clinician",
        decisions: Sequence[Decision] = (),
    ) -> Workspace:
        session = session_of(
            protocol,
            role=role,
            answers=answers,
            birth_date="1958-03-01",
            decisions=decisions,
            decided=kept,
        )
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


def panel_of(workspace: Workspace) -> AssessmentPanel:
    assert workspace.panel is not None
    return workspace.panel


def suggested(workspace: Workspace) -> list[str]:
    return [one.action.id for one in workspace.session.assessment.suggestions]


def waiting(workspace: Workspace) -> list[str]:
    return [one.action.id for one in workspace.session.decided.open()]


def text_of(workspace: Workspace) -> str:
    return panel_of(workspace).view.toPlainText()


def has_keys(widget: QWidget) -> bool:
    focused = QApplication.focusWidget()
    return focused is not None and widget.isAncestorOf(focused)


def test_single_keys_settle_one_after_the_other(
    open_visit: Open, kept: list[Decision]
) -> None:
    """Accept, decline by a digit, adapt with words: nothing but the keyboard."""
    workspace = open_visit()
    first, second, third, fourth, *_ = suggested(workspace)
    panel_of(workspace).focus_reasons()
    type_keys("a")
    type_keys("d")
    type_keys("2\n")
    type_keys("eAsk the family doctor tomorrow\n")

    assert [(one.subject, one.choice) for one in kept] == [
        (first, "accepted"),
        (second, "declined"),
        (third, "adapted"),
    ]
    assert kept[1].reason == "done_already"
    assert kept[2].words == "Ask the family doctor tomorrow"
    assert kept[0].grounds.tier is workspace.session.assessment.suggestions[0].tier
    assert panel_of(workspace).view.action == fourth, "the keys wait at the next one"
    told = text_of(workspace)
    for words in ("\u2713 Accepted", "Declined: Done already", "Adapted: Ask the"):
        assert words in told
    count = len(suggested(workspace))
    assert f"Suggested: {count - 3} of {count} not decided" in told


def test_a_reason_of_ones_own_is_typed_and_nothing_pops_up(
    open_visit: Open, kept: list[Decision]
) -> None:
    workspace = open_visit()
    panel_of(workspace).focus_reasons()
    type_keys("d\n")
    assert kept == [], "without a reason nothing is declined"
    type_keys("3 weeks ago in town\n")

    assert [one.words for one in kept] == ["3 weeks ago in town"]
    assert kept[0].reason == ""
    assert QApplication.activeModalWidget() is None
    assert QApplication.activePopupWidget() is None


def test_esc_leaves_it_open_and_keeps_what_was_typed(
    open_visit: Open, kept: list[Decision]
) -> None:
    workspace = open_visit()
    panel = panel_of(workspace)
    panel.focus_reasons()
    first = panel.view.action
    type_keys("dhalf a rea\x1b")

    assert kept == []
    assert panel.view.hasFocus()
    assert panel.view.action == first
    type_keys("dson\n")
    assert [one.words for one in kept] == ["half a reason"]


def test_arrows_go_from_one_suggestion_to_the_next(open_visit: Open) -> None:
    workspace = open_visit()
    view = panel_of(workspace).view
    panel_of(workspace).focus_reasons()
    first, second, *_ = suggested(workspace)
    press(Qt.Key.Key_Down)
    assert view.action == second
    press(Qt.Key.Key_Up)
    assert view.action == first
    press(Qt.Key.Key_Up)
    assert view.action == first, "there is none before"


def test_the_mouse_does_the_same_and_leaves_the_keys_in_the_form(
    open_visit: Open, kept: list[Decision]
) -> None:
    workspace = open_visit()
    panel, (first, second, *_) = panel_of(workspace), suggested(workspace)
    before = QApplication.focusWidget()
    panel.view.anchorClicked.emit(QUrl(f"decide:accepted/{first}"))
    assert QApplication.focusWidget() is before
    panel.view.anchorClicked.emit(QUrl(f"decide:declined/{second}"))
    panel.row.reasons.anchorClicked.emit(QUrl("reason:1"))

    assert [one.choice for one in kept] == ["accepted", "declined"]
    assert kept[1].reason == "patient_declines"
    panel.view.anchorClicked.emit(QUrl(f"decide:taken_back/{second}"))
    assert waiting(workspace)[0] == second


def test_undo_takes_a_decision_back_as_a_new_one(
    open_visit: Open, kept: list[Decision]
) -> None:
    """Both stay in the record; what was decided before holds again."""
    workspace = open_visit()
    panel_of(workspace).focus_reasons()
    first = suggested(workspace)[0]
    type_keys("a")
    panel_of(workspace).focus_suggestion(first)
    type_keys("d1\n")
    press(Qt.Key.Key_Z, CTRL)
    press(Qt.Key.Key_Z, CTRL)
    assert first in waiting(workspace)
    press(Qt.Key.Key_Y, CTRL)
    assert [one.choice for one in kept] == [
        "accepted",
        "declined",
        "accepted",
        "taken_back",
        "accepted",
    ]
    assert len({one.id for one in kept}) == len(kept)


def test_undo_goes_through_answers_and_decisions_in_turn(
    open_visit: Open, kept: list[Decision]
) -> None:
    workspace = open_visit()
    session = workspace.session
    session.record("general.fever", "yes")
    session.decided.decide(suggested(workspace)[0], "accepted")
    session.record("general.chills", "yes")
    for _ in range(2):
        session.undo()
    assert kept[-1].choice == "taken_back"
    assert session.answers["general.fever"] == "yes"
    session.undo()
    assert "general.fever" not in session.answers


def test_the_keys_and_the_place_stay_while_answers_come_in(
    qtbot: QtBot, open_visit: Open
) -> None:
    workspace = open_visit()
    panel = panel_of(workspace)
    panel.focus_reasons()
    press(Qt.Key.Key_Down)
    action = panel.view.action
    bar = panel.view.verticalScrollBar()
    bar.setValue(40)
    before = panel.view.toPlainText()
    workspace.session.record("general.weight_loss", "unsure")
    qtbot.waitUntil(lambda: panel.view.toPlainText() != before)

    assert panel.view.action == action
    assert panel.view.hasFocus()
    assert bar.value() == 40


def test_what_came_to_say_more_asks_again_and_says_so(
    open_visit: Open, kept: list[Decision]
) -> None:
    workspace = open_visit()
    session = workspace.session
    for action in suggested(workspace):
        session.decided.decide(action, "declined", "watched first")
    assert waiting(workspace) == []
    assert "all decided" in text_of(workspace)
    tier = session.assessment.tier
    session.record("neuro.saddle_numb", "yes")

    assert session.assessment.tier > tier, "declining lowered nothing"
    again = [
        one for one in session.decided.standings().values() if one.latest and one.lapsed
    ]
    assert again
    assert "Asks again: more urgent now: same day" in text_of(workspace)
    assert "Before: Declined: watched first (Sam" in text_of(workspace)


def test_the_newest_of_two_people_is_shown_and_the_other_named(
    open_visit: Open, kept: list[Decision]
) -> None:
    workspace = open_visit()
    session, first = workspace.session, suggested(workspace)[0]
    session.decided.decide(first, "accepted")
    (mine,) = kept
    theirs = replace(mine, id="k", who="Kim", choice="declined", words="done")
    session.decided.take_in([mine, theirs])

    told = text_of(workspace)
    assert "\u2715 Declined: done (Kim" in told
    assert "Before it, Sam" in told
    assert len(session.decided.all) == 2


def test_evidence_stays_within_reach_of_what_is_settled(open_visit: Open) -> None:
    workspace = open_visit()
    panel, first = panel_of(workspace), suggested(workspace)[0]
    workspace.session.decided.decide(first, "accepted")
    assert f"why:suggestion/{first}" in panel.view.links()
    panel.view.anchorClicked.emit(QUrl(f"why:suggestion/{first}"))
    assert panel.card.isVisible()


def test_an_emergency_set_aside_is_told_in_the_panel_and_comes_back(
    open_visit: Open, kept: list[Decision]
) -> None:
    workspace = open_visit({"pain.onset": "sudden_seconds", "pain.now": 10})
    banner = workspace.banner
    assert banner is not None
    assert banner.isVisible()
    banner.reason.setText(f"ambulance is here {HOSTILE}")
    banner.aside.click()

    assert not banner.isVisible()
    assert [(one.subject, one.choice) for one in kept] == [(EMERGENCY, "set_aside")]
    assert f"set aside: ambulance is here {HOSTILE}" in text_of(workspace)
    workspace.session.record("pain.quality", ["tearing_or_ripping"])
    assert banner.isVisible()
    assert "Asks again" in banner.text.text()
    workspace.session.undo()
    assert not banner.isVisible()
    workspace.session.undo()
    assert banner.isVisible(), "setting it aside was taken back"


def test_an_emergency_set_aside_stays_so_when_the_visit_is_opened_again(
    open_visit: Open, kept: list[Decision]
) -> None:
    answers = {"pain.onset": "sudden_seconds", "pain.now": 10}
    first = open_visit(answers)
    first.session.decided.decide(EMERGENCY, "set_aside", "seen")
    again = open_visit(answers, decisions=list(kept))
    assert again.banner is not None
    assert not again.banner.isVisible()


_TEARING = {"pain.onset": "sudden_seconds", "pain.now": 10}


def test_the_emergency_is_set_aside_by_keys_and_they_go_back_to_the_form(
    open_visit: Open, kept: list[Decision]
) -> None:
    workspace = open_visit(_TEARING)
    banner = workspace.banner
    assert banner is not None
    question = workspace.page.active_question
    workspace.go_to_emergency()
    type_keys("\n")
    assert banner.isVisible(), "without a reason nothing is set aside"
    type_keys("seen by\x1b")
    assert workspace.page.active_question == question
    assert has_keys(workspace.page)
    workspace.go_to_emergency()
    banner.reason.end(False)
    type_keys(" the crew\n")

    assert [one.words for one in kept] == ["seen by the crew"]
    assert not banner.isVisible()
    assert has_keys(workspace.page)
    workspace.go_to_emergency()
    assert panel_of(workspace).view.hasFocus(), "what was decided stands there"


def test_an_emergency_that_is_acted_on_makes_room_until_it_says_more(
    open_visit: Open,
) -> None:
    workspace = open_visit(_TEARING)
    banner, decided = workspace.banner, workspace.session.decided
    assert banner is not None
    steps = first_steps(workspace.session.assessment)
    for step in steps[:-1]:
        decided.decide(step.action.id, "accepted")
        assert banner.isVisible(), "a step is left"
    decided.decide(steps[-1].action.id, "declined", "no car here")
    assert banner.isVisible(), "a step that is declined is not taken"
    workspace.session.undo()
    decided.decide(steps[-1].action.id, "accepted")
    assert not banner.isVisible()
    assert "Emergency" in panel_of(workspace).headline.text()
    workspace.session.record("pain.quality", ["tearing_or_ripping"])
    assert banner.isVisible()


def test_the_whole_suggestion_that_has_the_keys_is_tinted(open_visit: Open) -> None:
    workspace = open_visit()
    view = panel_of(workspace).view
    panel_of(workspace).focus_reasons()
    (tint,) = view.extraSelections()
    label = workspace.session.assessment.suggestions[0].action.label
    assert label in tint.cursor.selectedText()
    view.select_link("ask:")
    assert view.extraSelections() == []


def test_hostile_words_are_shown_as_they_are(open_visit: Open) -> None:
    workspace = open_visit()
    session, first = workspace.session, suggested(workspace)[0]
    session.decided.decide(first, "declined", HOSTILE)
    assert f"Declined: {HOSTILE}" in text_of(workspace)


def test_the_desk_has_nothing_to_decide(open_visit: Open) -> None:
    workspace = open_visit(role="desk")
    assert workspace.panel is None
    assert workspace.session.decided.all == ()
