"""The cases notice nearly every change of a rule; what they miss is accounted for."""

import random
from dataclasses import replace

import pytest

from intake.protocol_loader import default_protocol
from tests.cases.test_rules import NOT_WRITTEN_YET
from tests.mutation.changes import changes_of
from tests.mutation.mutants import URGENT, Laboratory, Mutant
from tests.mutation.proved import proved_equivalent
from tests.mutation.telling import difference

_TWENTIETH = 20
_SEED = 3
_EXPRESSIONS = ("when", "unless", "finding")


@pytest.fixture(scope="module")
def laboratory() -> Laboratory:
    return Laboratory(default_protocol())


@pytest.fixture(scope="module")
def sample(laboratory: Laboratory) -> list[Mutant]:
    """Return a twentieth of the mutants; `start.py mutants` tries them all."""
    proved = proved_equivalent()
    mutants = [m for m in laboratory.mutants() if m.name not in proved]
    return random.Random(_SEED).sample(mutants, len(mutants) // _TWENTIETH)


@pytest.mark.parametrize(
    ("text", "changed"),
    [
        ("age >= 50", {"age > 50", "age < 50", "age >= 51", "age >= 49"}),
        ("fever and cord_sign", {"fever or cord_sign", "cord_sign", "fever"}),
        ("not fever", {"fever"}),
        (
            "at_least(2, fever, cord_sign, systemic)",
            {
                "at_least(3, fever, cord_sign, systemic)",
                "at_least(1, fever, cord_sign, systemic)",
                "at_least(2, cord_sign, systemic)",
                "at_least(2, fever, systemic)",
                "at_least(2, fever, cord_sign)",
            },
        ),
        ("left(neuro.leg_weakness)", {"right(neuro.leg_weakness)"}),
        ("above_limit(result.esr)", {"below_limit(result.esr)"}),
        (
            "risk.smoking in ('former', 'current')",
            {
                "risk.smoking not in ('former', 'current')",
                "risk.smoking in ('current',)",
                "risk.smoking in ('former',)",
                "risk.smoking in ('never', 'current')",
                "risk.smoking in ('former', 'never')",
            },
        ),
        (
            'vitals.temperature >= "38 Cel"',
            {
                "vitals.temperature > '38 Cel'",
                "vitals.temperature < '38 Cel'",
                "vitals.temperature >= '38.1 Cel'",
                "vitals.temperature >= '37.9 Cel'",
            },
        ),
        (
            "lowest(pain.now, pain.worst_week) == 10",
            {
                "lowest(pain.now, pain.worst_week) != 10",
                "lowest(pain.now, pain.worst_week) == 11",
                "lowest(pain.now, pain.worst_week) == 9",
                "highest(pain.now, pain.worst_week) == 10",
                "pain.now == 10",
                "pain.worst_week == 10",
            },
        ),
        (
            'vitals.bp_left.systolic > "0 mm[Hg]"',
            {
                "vitals.bp_left.systolic >= '0 mm[Hg]'",
                "vitals.bp_left.systolic <= '0 mm[Hg]'",
                "vitals.bp_left.systolic > '1 mm[Hg]'",
                "vitals.bp_left.systolic > '-1 mm[Hg]'",
                "vitals.bp_left.diastolic > '0 mm[Hg]'",
            },
        ),
        ("possible(general.fever)", {"general.fever"}),
        (
            'exam.strength.leg_overall < "4"',
            {
                "exam.strength.leg_overall <= '4'",
                "exam.strength.leg_overall >= '4'",
                "exam.strength.leg_overall < '4-'",
                "exam.strength.leg_overall < '4+'",
            },
        ),
    ],
)
def test_an_expression_is_changed_in_every_way(
    laboratory: Laboratory, text: str, changed: set[str]
) -> None:
    found = {c.text for c in changes_of(text, laboratory.protocol.questions)}
    assert found == changed


def test_every_rule_has_mutants(laboratory: Laboratory) -> None:
    assert {m.of for m in laboratory.mutants() if m.rule} == laboratory.cases.keys()


def test_the_cases_notice_the_sample(
    laboratory: Laboratory, sample: list[Mutant]
) -> None:
    missed = [m for m in sample if not laboratory.kills(m)]
    assert [m.name for m in missed if m.tier in URGENT] == []
    assert len(missed) <= len(sample) * 0.05, [m.name for m in missed]


def test_a_rule_without_cases_is_missed(laboratory: Laboratory) -> None:
    """The negative control: what no case asks about, nobody notices."""
    rule = next(iter(laboratory.cases))
    poor = replace(laboratory.cases[rule], cases=())
    bare = Laboratory(laboratory.protocol, {rule: poor})
    mutants = [m for m in bare.mutants() if m.of == rule and m.part in _EXPRESSIONS]
    assert mutants
    assert not any(bare.kills(m) for m in mutants)


def test_a_difference_is_found_for_what_is_missed(laboratory: Laboratory) -> None:
    rule = next(iter(laboratory.cases))
    poor = replace(laboratory.cases[rule], cases=())
    bare = Laboratory(laboratory.protocol, {rule: poor})
    mutant = next(m for m in bare.mutants() if m.of == rule and m.part == "when")
    found = difference(bare, mutant)
    assert found is not None
    assert found.original != found.mutant


def test_a_mutant_said_to_change_nothing_changes_nothing(
    laboratory: Laboratory,
) -> None:
    """Over every combination of the values that matter."""
    mutants = {m.name: m for m in laboratory.mutants()}
    for name in proved_equivalent():
        assert name in mutants, f"{name} is no mutant any more"
        assert difference(laboratory, mutants[name]) is None, name


def test_what_a_case_notices_is_never_said_to_change_nothing(
    laboratory: Laboratory, sample: list[Mutant]
) -> None:
    """The negative control of the proof; the engine agrees with each difference."""
    for mutant in [m for m in sample if m.part in _EXPRESSIONS and laboratory.kills(m)]:
        found = difference(laboratory, mutant)
        assert found is not None, mutant.name
        assert found.original != found.mutant, mutant.name


def test_all_concerns_are_tried() -> None:
    assert NOT_WRITTEN_YET == ()
