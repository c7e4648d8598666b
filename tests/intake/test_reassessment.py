"""Assessed again: every difference is told, and nothing where there is none."""

import copy
from dataclasses import replace
from typing import Any

import pytest

from intake.answers import Answers
from intake.as_signed import as_signed
from intake.protocol import Protocol
from intake.protocol_loader import default_protocol
from intake.reassessment import Difference, differences, reassess
from intake.signing import addendum
from tests.intake.test_as_signed import DOCTOR, NOON, mark_of, visit_signed

CANCER = Answers({"cancer.history": "yes", "pain.now": 7})


@pytest.fixture(scope="module")
def protocol() -> Protocol:
    return default_protocol()


@pytest.fixture
def signed(protocol: Protocol) -> dict[str, Any]:
    """Return a signed assessment as JSON."""
    assessment = as_signed(mark_of(visit_signed(protocol, CANCER))).assessment
    return copy.deepcopy(dict(assessment))


def told(before: dict[str, Any], today: dict[str, Any]) -> list[Difference]:
    return list(differences(before, today, {}))


def test_the_same_protocol_and_answers_differ_in_nothing(protocol: Protocol) -> None:
    visit = as_signed(mark_of(visit_signed(protocol, CANCER)))

    assert reassess(visit, [], protocol).differences == ()


def test_another_protocol_is_named(protocol: Protocol) -> None:
    visit = as_signed(mark_of(visit_signed(protocol, CANCER)))
    newer = replace(protocol, version="9.0", digest="f" * 64)
    changed = replace(protocol, digest="f" * 64)

    (told,) = reassess(visit, [], newer).differences
    assert told.area == "protocol"
    assert f"signed with {protocol.version}, now 9.0" in told.words
    (told,) = reassess(visit, [], changed).differences
    assert "changed rules" in told.words


def test_a_result_that_came_in_later_moves_the_assessment(protocol: Protocol) -> None:
    """The addendum's answers go over the signed ones."""
    visit = visit_signed(protocol, CANCER)
    result = addendum(
        "a1", visit, [], "correction", DOCTOR, NOON, answers={"cancer.history": None}
    )
    again = reassess(as_signed(mark_of(visit)), [result], protocol)
    areas = {one.area for one in again.differences}

    assert "answers" in areas
    assert "tier" in areas or "concerns" in areas
    words = " ".join(one.words for one in again.differences)
    assert "yes, now not asked" in words


def test_what_today_cannot_read_is_left_out_and_said(protocol: Protocol) -> None:
    answers = Answers({"gone.question": "x", "pain.now": 7})
    (told,) = reassess(
        as_signed(mark_of(visit_signed(protocol, answers))), [], protocol
    ).differences

    assert told.area == "answers"
    assert "Left out" in told.words
    assert "gone.question" in told.words


def test_a_tier_says_which_way_it_went(signed: dict[str, Any]) -> None:
    higher, lower = copy.deepcopy(signed), copy.deepcopy(signed)
    higher["tier"], lower["tier"] = "emergency_now", "monitor"

    (up,), (down,) = told(lower, higher), told(higher, lower)
    assert "monitor, now raised to emergency now" in up.words
    assert "emergency now, now lowered to monitor" in down.words
    higher["could_be"], lower["could_be"] = "emergency_now", "same_day"
    higher["tier"] = lower["tier"]
    (could,) = told(lower, higher)
    assert could.area == "could_be"


def test_concerns_gone_new_and_changed_are_told(signed: dict[str, Any]) -> None:
    today = copy.deepcopy(signed)
    (gone, *_) = today["concerns"]
    title = gone["title"].removeprefix("an ").removeprefix("a ")
    today["concerns"].remove(gone)

    assert told(signed, today)[0].words == f"No longer a concern: suspected {title}."
    assert told(today, signed)[0].words.startswith(f"New concern: suspected {title}")
    today["concerns"].insert(0, {**gone, "tier": "emergency_now", "strength": "x"})
    (changed,) = told(signed, today)
    assert "raised to emergency now" in changed.words
    assert "now x" in changed.words


@pytest.mark.parametrize(
    ("key", "value", "words"),
    [
        ("tier", "emergency_now", "raised to emergency now"),
        ("within_hours", 2, "within 2 h"),
        ("due", "2027-01-01", "by 2027-01-01"),
        ("text", "Something else.", "its words, now: Something else"),
    ],
)
def test_whatever_changed_in_a_suggestion_is_told(
    signed: dict[str, Any], key: str, value: object, words: str
) -> None:
    today = copy.deepcopy(signed)
    today["suggestions"][0][key] = value

    (changed,) = told(signed, today)
    assert changed.area == "suggestions"
    assert words in changed.words


def test_manual_therapy_tells_verdict_and_reasons(signed: dict[str, Any]) -> None:
    today = copy.deepcopy(signed)
    today["manual_therapy"] = {
        "thrust": "no_block_found", "because": ["New."], "instead": ["Rest."],
    }  # fmt: skip
    signed["manual_therapy"] = {
        "thrust": "blocked", "because": ["Old."], "instead": ["Rest."],
    }  # fmt: skip

    assert [one.words for one in told(signed, today)] == [
        "Manual therapy: no thrust, now no block for a thrust found.",
        "Manual therapy, reason gone: Old.",
        "Manual therapy, new reason: New.",
    ]
