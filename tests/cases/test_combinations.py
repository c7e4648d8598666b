"""Combinations of findings come out at their tier; two red flags never at a lower one.

The table is `combinations.toml`. `python3 start.py soak` goes through every pair.
"""

from dataclasses import replace

import pytest

from intake.protocol import Protocol, Tier
from intake.protocol_loader import default_protocol
from tests.cases.combinations import (
    FILE,
    Flag,
    Table,
    alone_mistakes,
    combination_mistakes,
    pair_mistakes,
    pairs,
    read,
)

COMBINATIONS, ALONE = read(FILE.read_text("utf-8"))
#: Of the pairs; all of them would take a quarter of a minute.
SHARE = 0.2


@pytest.fixture(scope="module")
def protocol() -> Protocol:
    return default_protocol()


@pytest.mark.parametrize("one", COMBINATIONS, ids=lambda one: one["patient"]["case"])
def test_a_combination_comes_out_as_written(protocol: Protocol, one: Table) -> None:
    assert combination_mistakes(protocol, one) == []


def test_the_combinations_name_every_concern_and_their_source(
    protocol: Protocol,
) -> None:
    assert len(COMBINATIONS) >= 70
    named = {concern for one in COMBINATIONS for concern in one["concerns"]}
    assert named == protocol.concerns.keys()
    assert all(one["because"] and one["source"] for one in COMBINATIONS)


@pytest.mark.parametrize("flag", ALONE, ids=lambda flag: flag.name)
def test_a_red_flag_alone_comes_out_as_written(protocol: Protocol, flag: Flag) -> None:
    assert alone_mistakes(protocol, flag) == []


def test_every_red_flag_stands_alone_once(protocol: Protocol) -> None:
    """Every question that is one, and every option of those with options."""
    wanted = []
    for question in protocol.questions.values():
        if question.red_flag:
            options = [o for o in question.options or () if o != question.none_option]
            wanted += [f"{question.id} {o}" for o in options] or [question.id]
    assert sorted(flag.name for flag in ALONE) == sorted(wanted)


def test_two_red_flags_are_never_less_urgent_than_one(protocol: Protocol) -> None:
    assert list(pair_mistakes(protocol, pairs(ALONE, SHARE))) == []


# negative controls


@pytest.mark.parametrize(
    ("key", "value", "words"),
    [
        ("tier", "emergency_now", "tier is within_7_days, not emergency_now"),
        ("concerns", ["zoster"], "zoster is not raised"),
        ("concerns", ["mechanical"], "none of mechanical is the most urgent"),
        ("patient", {"case": "x", "gut.jaundise": "yes"}, "no such question"),
        ("patient", {"case": "x", "gut.jaundice": "maybe"}, "gut.jaundice: "),
        (
            "patient",
            {"case": "x", "chest.cough": "no", "chest.cough_over_3_weeks": "yes"},
            "chest.cough_over_3_weeks is hidden",
        ),
    ],
)
def test_a_wrong_combination_fails(
    protocol: Protocol, key: str, value: object, words: str
) -> None:
    right: Table = {
        "patient": {"case": "x", "age": 50, "gut.jaundice": "yes"},
        "tier": "within_7_days",
        "concerns": ["pancreatic_cancer"],
    }
    assert combination_mistakes(protocol, right) == []
    said = combination_mistakes(protocol, {**right, key: value})
    assert any(words in one for one in said), said


def test_a_red_flag_with_another_tier_fails(protocol: Protocol) -> None:
    flag = Flag("gut.jaundice", "yes", {}, {"": Tier.ROUTINE, "quiet": Tier.ROUTINE})
    assert alone_mistakes(protocol, flag) == [
        "alone it is within_7_days, not routine",
        "explained it is within_7_days, not routine",
    ]


def test_a_red_flag_that_would_be_hidden_fails(protocol: Protocol) -> None:
    flag = Flag("cancer.active", "yes", {"cancer.history": "no"}, {"": Tier.MONITOR})
    with pytest.raises(ValueError, match=r"cancer\.active is hidden"):
        alone_mistakes(protocol, flag)


def test_a_red_flag_that_reassures_fails(protocol: Protocol) -> None:
    """With weight loss holding back the rules on jaundice, their pair is lower."""
    concerns = {
        concern.id: replace(
            concern,
            rules=tuple(
                replace(rule, unless=protocol.findings["weight_loss"].when)
                if "jaundice" in rule.id
                else rule
                for rule in concern.rules
            ),
        )
        for concern in protocol.concerns.values()
    }
    spoilt = replace(protocol, concerns=concerns)
    flags = [f for f in ALONE if f.name in ("gut.jaundice", "general.weight_loss")]
    found = list(pair_mistakes(spoilt, pairs(flags)))
    assert found[0].endswith("(alone): monitor under within_7_days")


def test_the_share_of_the_pairs_is_always_the_same() -> None:
    every, some = pairs(ALONE), pairs(ALONE, SHARE)
    assert len(every) == len(ALONE) * (len(ALONE) - 1) // 2
    assert len(some) == int(len(every) * SHARE)
    assert some == pairs(ALONE, SHARE)
