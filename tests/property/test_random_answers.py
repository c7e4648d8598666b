"""The generator itself: what it makes is allowed, and reaches the rules."""

import random
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from intake.answer_check import checked
from tests.property.random_answers import PROTOCOLS, Case, Wishes, cases, values

both = pytest.mark.parametrize("which", PROTOCOLS)


@both
@given(data=st.data())
def test_a_made_up_value_is_one_a_file_could_hold(
    which: str, data: st.DataObject
) -> None:
    """A property shown on values that cannot occur would show nothing."""
    protocol = PROTOCOLS[which]()
    question = protocol.questions[data.draw(st.sampled_from(list(protocol.questions)))]
    value = data.draw(values(protocol, question))
    assert checked(protocol, question, value) == value


@both
def test_most_rules_are_reached(which: str) -> None:
    """Else the properties would be about patients who have nothing."""
    protocol = PROTOCOLS[which]()
    chance = random.Random(7)

    def draw(strategy: Any) -> Any:  # noqa: ANN401  (of whatever is drawn)
        # Only ever asked for one of a few things, or for their order.
        found = getattr(strategy, "wrapped_strategy", strategy)
        if hasattr(found, "elements"):
            return chance.choice(list(found.elements))
        return chance.sample(list(found.values), len(found.values))

    reached = set()
    for rule in protocol.rules:
        for _ in range(30):
            wishes = Wishes(protocol, draw)
            wishes.wish(rule.when.condition, wanted=True)
            for age in (40, 70):
                case = Case(age, "female", wishes.answers)
                result = case.assessed(protocol)
                reached |= {f.rule.id for c in result.concerns for f in c.rules}
            if rule.id in reached:
                break
    late = {rule.id for rule in protocol.rules if rule.reads_outcome}
    missed = {rule.id for rule in protocol.rules} - reached - late
    assert len(missed) <= len(protocol.rules) * 0.05, missed


@both
@given(data=st.data())
def test_a_case_is_assessed_without_a_failed_rule(
    which: str, data: st.DataObject
) -> None:
    """No combination of allowed answers may break a rule."""
    protocol = PROTOCOLS[which]()
    case = data.draw(cases(which))
    assert case.assessed(protocol).failed_rules == ()
