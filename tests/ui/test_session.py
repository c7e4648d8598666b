"""Answers in, assessment out; every change is kept."""

import pytest
from pytestqt.qtbot import QtBot

from intake.answers import AnswerChange
from intake.protocol import Protocol
from intake.protocol_loader import default_protocol
from tests.ui.visits import NOW, session_of


@pytest.fixture(scope="module")
def protocol() -> Protocol:
    return default_protocol()


def test_an_answer_is_recorded_saved_and_assessed_at_once(
    qtbot: QtBot, protocol: Protocol
) -> None:
    saved: list[AnswerChange] = []
    session = session_of(protocol, role="desk", saved=saved)
    before = session.assessment

    with qtbot.waitSignals([session.answers_changed, session.assessment_changed]):
        session.record("general.fever", "yes")

    assert session.answers["general.fever"] == "yes"
    assert session.assessment is not before
    assert saved == [
        AnswerChange("general.fever", None, "yes", "Sam", "desk", NOW, "desk")
    ]


def test_the_same_answer_again_is_no_change(protocol: Protocol) -> None:
    saved: list[AnswerChange] = []
    session = session_of(protocol, saved=saved)
    session.record("general.fever", "yes")
    session.record("general.fever", "yes")

    assert len(saved) == 1


def test_several_answers_are_one_step_back(protocol: Protocol) -> None:
    session = session_of(protocol)
    session.record_many({"general.fever": "no", "general.fatigue": "no"})

    session.undo()

    assert dict(session.answers) == {}
    assert session.can_redo()
    assert not session.can_undo()


def test_undo_is_a_change_of_its_own_in_the_record(protocol: Protocol) -> None:
    saved: list[AnswerChange] = []
    session = session_of(protocol, saved=saved)
    session.record("general.fever", "yes")
    session.undo()

    assert [(c.old, c.new) for c in saved] == [(None, "yes"), ("yes", None)]


def test_a_new_answer_ends_what_could_be_redone(protocol: Protocol) -> None:
    session = session_of(protocol)
    session.record("general.fever", "yes")
    session.undo()
    session.record("general.fever", "no")

    assert not session.can_redo()


def test_a_declined_answer_is_marked_until_it_changes(protocol: Protocol) -> None:
    saved: list[AnswerChange] = []
    session = session_of(protocol, saved=saved)
    session.record("general.fever", "unsure", declined=True)
    assert session.is_declined("general.fever")
    assert saved[0].declined

    session.record("general.fever", "no")
    assert not session.is_declined("general.fever")


def test_text_typed_on_is_undone_as_one(protocol: Protocol) -> None:
    session = session_of(protocol)
    session.record("reason.in_patients_words", "My ba")
    session.record("reason.in_patients_words", "My back")

    session.undo()

    assert dict(session.answers) == {}


def test_a_question_opened_by_hand_is_shown(qtbot: QtBot, protocol: Protocol) -> None:
    session = session_of(protocol)
    with qtbot.waitSignal(session.assessment_changed):
        session.open_by_hand(["vitals.height"])

    assert "vitals.height" in session.visibility.open


def test_the_desk_holds_no_answer_of_the_clinicians(protocol: Protocol) -> None:
    """Neither from what waits to be stored, nor from what somebody else stored."""
    answers = {"pain.now": 6, "exam.looks_unwell": "yes"}
    desk = session_of(protocol, role="desk", answers=answers)
    desk.take_in({"exam.looks_unwell": "no", "pain.now": 7})

    assert desk.answers.as_dict() == {"pain.now": 7}
    assert session_of(protocol, answers=answers).answers.as_dict() == answers
