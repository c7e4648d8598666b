"""When an emergency counts as acted on."""

from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import pytest

from intake.answers import Answers
from intake.assessment import assess
from intake.decisions import Choice, Decision, grounds_of
from intake.first_steps import first_steps, is_acted_on
from intake.outcome import Assessment
from intake.patient import Patient
from intake.protocol_loader import default_protocol

_AT = datetime(2026, 11, 24, 10, tzinfo=UTC)
_TEARING = {"pain.onset": "sudden_seconds", "pain.now": 10}


def _found(answers: dict[str, Any]) -> Assessment:
    patient = Patient("p", "Ng", birth_date="1965-01-01")
    return assess(default_protocol(), patient, Answers(answers), _AT.date())


def _all(found: Assessment, choice: Choice) -> list[Decision]:
    return [
        Decision(f"d{place}", one.action.id, choice, grounds_of(found, one), "Ann", _AT)
        for place, one in enumerate(first_steps(found))
    ]


def test_every_first_step_has_to_stand_accepted_or_adapted() -> None:
    found = _found(_TEARING)
    accepted = _all(found, "accepted")
    assert len(accepted) >= 2
    assert is_acted_on(found, accepted)
    assert not is_acted_on(found, accepted[1:])
    adapted = replace(accepted[0], choice="adapted", words="flight medic called")
    assert is_acted_on(found, [*accepted[1:], adapted])


@pytest.mark.parametrize("choice", ["declined", "taken_back"])
def test_a_step_that_is_not_taken_is_none(choice: Choice) -> None:
    found = _found(_TEARING)
    (first, *rest) = _all(found, "accepted")
    assert not is_acted_on(found, [*rest, replace(first, choice=choice, words="no")])


def test_what_says_more_than_then_is_not_acted_on_yet() -> None:
    then, more = _found(_TEARING), {**_TEARING, "pain.quality": ["tearing_or_ripping"]}
    assert not is_acted_on(_found(more), _all(then, "accepted"))


def test_without_an_emergency_there_is_nothing_to_act_on() -> None:
    found = _found({"pain.now": 2})
    assert first_steps(found) == []
    assert not is_acted_on(found, [])
