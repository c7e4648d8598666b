"""Answers carried forward: the same as asking every part, without asking it."""

import gc
from collections.abc import Iterator

import pytest
from hypothesis import given
from hypothesis import strategies as st

from intake.answer_tests import ChoiceIn, FlagIs
from intake.answers import Answers
from intake.conditions import AtLeast, Condition, FindingIs, Not
from intake.deduction import Deduction
from intake.facts import Facts
from intake.network import Network
from intake.protocol import Protocol
from intake.tristate import Truth, at_least, negate
from tests.intake.small import ON, assessed, expression, facts, small_protocol
from tests.property.random_answers import PROTOCOLS, cases, take_unknown_for_no


def asked(protocol: Protocol, condition: Condition, known: Facts) -> Truth:
    """Return the value as it is defined: by asking each part, all the way down."""
    match condition:
        case AtLeast(number, of):
            return at_least(number, (asked(protocol, part, known) for part in of))
        case Not(part):
            return negate(asked(protocol, part, known))
        case FindingIs(name):
            return asked(protocol, protocol.meanings[name], known)
    return condition.value(known)


def differing(protocol: Protocol, known: Facts) -> Iterator[str]:
    """Yield the expressions of which something else is deduced than is asked."""
    for where, one in protocol.expressions:
        if one.condition.value(known) is not asked(protocol, one.condition, known):
            yield f"{where}: {one.text}"


@pytest.mark.parametrize("which", PROTOCOLS)
@given(data=st.data())
def test_what_is_deduced_is_what_every_part_says(
    which: str, data: st.DataObject
) -> None:
    protocol, case = PROTOCOLS[which](), data.draw(cases(which))
    answers = Answers(case.answers).as_dict()
    known = Facts(protocol, answers, on=ON, age=(50.0, 51.0), sex_at_birth=case.sex)
    assert list(differing(protocol, known)) == []


def test_the_comparison_with_asking_can_fail(monkeypatch: pytest.MonkeyPatch) -> None:
    take_unknown_for_no(monkeypatch)
    assert list(differing(small_protocol(), facts())) != []


@pytest.mark.parametrize("which", PROTOCOLS)
def test_every_part_of_a_protocol_is_in_its_network(which: str) -> None:
    """What is not would be worked out anew each time it is asked for."""
    protocol = PROTOCOLS[which]()
    assert [
        f"{where}: {part}"
        for where, one in protocol.expressions
        for part, _ in one.walk()
        if protocol.network.claim(part) is None
    ] == []


def test_what_is_written_twice_is_decided_once() -> None:
    one = expression("general.fever and skin.rash").condition
    same = expression("general.fever and skin.rash").condition
    turned = expression("not (general.fever and skin.rash)").condition
    network = Network((one, same, turned), {})
    assert network.claims[0] == network.claims[1] == network.claims[2] ^ 1
    assert len(network.tests) == 2


def test_what_was_not_asked_is_not_looked_at(monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(self: FlagIs, answer: object) -> Truth:
        raise AssertionError(self, answer)

    monkeypatch.setattr(FlagIs, "of", fail)
    monkeypatch.setattr(ChoiceIn, "of", fail)
    known = facts({"pain.now": 7})
    assert expression("general.fever or pain.now > 5").condition.value(known) is True


def test_a_fact_told_twice_counts_once() -> None:
    """Counted twice, one of three would pass for two."""
    two = AtLeast(
        2,
        tuple(
            expression(text).condition
            for text in ("core_done", "general.fever", "skin.rash")
        ),
    )
    network = Network((two,), {})
    deduction = Deduction(network, facts())
    deduction.tell("core_done", True)
    deduction.tell("core_done", True)
    assert deduction.value(network.claims[0]) is None


def test_an_assessment_leaves_no_circle_to_the_garbage_collector() -> None:
    """It is made anew with every key: what it leaves would come due as a pause."""
    assessed({"general.fever": "yes"})
    gc.collect()
    gc.disable()
    try:
        assessed({"general.fever": "yes"})
        assert gc.collect() == 0
    finally:
        gc.enable()
