"""The diagrams say of every combination of answers what the engine says."""

import random

import pytest

from intake.expression import parse
from intake.protocol import Protocol
from intake.protocol_loader import default_protocol
from tests.mutation.comparing import Comparison, facts_of
from tests.mutation.diagrams import NO, YES, Diagrams

_RULES = 60
_PATIENTS = 20


@pytest.fixture(scope="module")
def protocol() -> Protocol:
    return default_protocol()


def test_equal_diagrams_are_one() -> None:
    diagrams = Diagrams([2, 3])
    first, second = diagrams.ask(0, [NO, YES]), diagrams.ask(1, [NO, YES, YES])
    assert diagrams.both(first, second) == diagrams.both(second, first)
    assert diagrams.either(first, diagrams.opposite(first)) == YES
    assert diagrams.both(first, diagrams.opposite(first)) == NO
    assert diagrams.at_least(2, [first, first]) == first
    assert diagrams.at_least(1, []) == NO
    assert diagrams.unlike(first, second) != NO


def test_the_cheapest_way_to_yes_is_found() -> None:
    diagrams = Diagrams([2, 3])
    first, second = diagrams.ask(0, [NO, YES]), diagrams.ask(1, [NO, YES, YES])
    costs = [[0, 5], [0, 2, 1]]
    assert diagrams.cheapest(diagrams.either(first, second), costs) == ((0, 0), (1, 2))
    assert diagrams.cheapest(NO, costs) is None


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("fever or general.fever", "fever"),
        ("not (fever and cord_sign)", "not fever or not cord_sign"),
        (
            "lowest(pain.now, pain.worst_week) < 3",
            "pain.now < 3 or pain.worst_week < 3",
        ),
        ("count(exam.segment_stiff) >= 0", "count(exam.segment_stiff) >= 1"),
        ("age >= 50", "age > 50"),
        ("both(neuro.leg_weakness)", "either(neuro.leg_weakness)"),
        ("possible(general.fever)", "general.fever"),
        ("above_limit(result.esr)", "not below_limit(result.esr)"),
    ],
)
def test_two_expressions_differ_where_the_engine_says_so(
    protocol: Protocol, one: str, other: str
) -> None:
    first, second = (
        parse(text, protocol.questions, protocol.findings).condition
        for text in (one, other)
    )
    found = Comparison(protocol, [first, second]).plainest_difference(
        (first, None), (second, None)
    )
    if found is not None:
        facts = facts_of(protocol, found)
        assert first.value(facts) is not second.value(facts)
    alike = ("fever or", "not (", "lowest")
    assert (found is None) is one.startswith(alike)


def test_the_diagrams_agree_with_the_engine(protocol: Protocol) -> None:
    """On patients drawn at random from the values that matter."""
    chance = random.Random(7)
    for rule in chance.sample(protocol.rules, _RULES):
        when = rule.when.condition
        comparison = Comparison(protocol, [when])
        yes, no = comparison.written(when)
        for _ in range(_PATIENTS):
            chosen = comparison.drawn(chance)
            facts = facts_of(protocol, comparison.answers(chosen))
            said = comparison.holds(yes, chosen), comparison.holds(no, chosen)
            value = when.value(facts)
            assert said == (value is True, value is False), (rule.id, chosen)
