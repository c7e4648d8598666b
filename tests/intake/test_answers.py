"""Answers never change; recording a change gives new ones."""

import pytest

from intake.answers import Answers


def test_a_change_leaves_the_answers_before_it_alone() -> None:
    """The panel, the save and the undo all hold on to older answers."""
    before = Answers({"pain.now": 3})
    after = before.changed("pain.now", 7)
    assert (before["pain.now"], after["pain.now"]) == (3, 7)


def test_taking_an_answer_back_makes_it_not_asked() -> None:
    assert "pain.now" not in Answers({"pain.now": 3}).changed("pain.now", None)
    assert dict(Answers({"pain.now": None})) == {}


def test_an_answer_that_was_not_asked_is_no_default() -> None:
    with pytest.raises(KeyError):
        Answers()["pain.now"]


def test_leaving_some_out_keeps_the_rest() -> None:
    answers = Answers({"a": "yes", "b": "no"})
    assert answers.without(frozenset({"a"})).as_dict() == {"b": "no"}
    assert answers.as_dict() == {"a": "yes", "b": "no"}


def test_a_dictionary_taken_out_is_a_copy() -> None:
    answers = Answers({"a": "yes"})
    answers.as_dict()["a"] = "no"
    assert answers["a"] == "yes"


def test_a_dictionary_put_in_is_copied() -> None:
    given = {"a": "yes"}
    answers = Answers(given)
    given["a"] = "no"
    assert answers["a"] == "yes"
