"""What an expression can be asked beside its value: what is missing, what decided it.

`undecided` fills "ask next", `support` is printed as the reason, `may_be` opens
questions. Each is what a person reads, so each has its own table.
"""

from typing import Any

import pytest

from intake.answered import BIRTH_DATE, SEX_AT_BIRTH
from tests.intake.small import expression, facts, pressure, quantity, truth

Answers = dict[str, Any]
YES, NO, UNSURE = "yes", "no", "unsure"


def undecided(text: str, answers: Answers, **patient: Any) -> set[str]:  # noqa: ANN401  (handed on)
    return set(expression(text).condition.undecided(facts(answers, **patient)))


def support(text: str, answers: Answers) -> set[str]:
    return set(expression(text).condition.support(facts(answers)))


@pytest.mark.parametrize(
    ("text", "answers", "expected"),
    [
        ("general.fever", {}, {"general.fever"}),
        ("general.fever", {"general.fever": UNSURE}, {"general.fever"}),
        ("general.fever", {"general.fever": NO}, set()),
        ("not general.fever", {}, {"general.fever"}),
        ("general.fever and skin.rash", {"general.fever": YES}, {"skin.rash"}),
        ("general.fever and skin.rash", {"general.fever": NO}, set()),
        ("general.fever or skin.rash", {"general.fever": NO}, {"skin.rash"}),
        ("general.fever or skin.rash", {"general.fever": YES}, set()),
        ("general.fever or skin.rash", {}, {"general.fever", "skin.rash"}),
        (
            "at_least(2, general.fever, skin.rash, general.weight_loss)",
            {"skin.rash": YES},
            {"general.fever", "general.weight_loss"},
        ),
        (
            "at_least(2, general.fever, skin.rash, general.weight_loss)",
            {"skin.rash": NO, "general.fever": NO},
            set(),
        ),
        # a part that can no longer change the value is not asked
        (
            "(skin.rash and general.fever) or pain.now > 5",
            {"skin.rash": NO},
            {"pain.now"},
        ),
        (
            "neuro.leg_weakness",
            {"neuro.leg_weakness": {"left": NO}},
            {"neuro.leg_weakness"},
        ),
        (
            "cord",
            {
                "neuro.bladder": ["none"],
                "neuro.leg_weakness": {"left": NO, "right": NO},
            },
            {"exam.strength.hip", "exam.strength.knee"},
        ),
        ('pain.onset == "sudden"', {"pain.onset": "unknown"}, {"pain.onset"}),
        ('pain.duration >= "6 wk"', {}, {"pain.duration", "pain.onset_date"}),
        (
            'pain.duration >= "6 wk"',
            {"pain.onset_date": "2026-10"},
            {"pain.duration", "pain.onset_date"},
        ),
        ('pain.duration >= "6 wk"', {"pain.onset_date": "2026-09"}, set()),
        (
            'risk.pack_years > "20 {pack-years}"',
            {"risk.cigarettes": quantity(10, "/d")},
            {"risk.pack_years", "risk.smoking_years", "risk.cigarettes"},
        ),
        (
            (
                "difference(vitals.bp_left.systolic, vitals.bp_right.systolic)"
                ' > "20 mm[Hg]"'
            ),
            {"vitals.bp_left": pressure(120)},
            {"vitals.bp_right"},
        ),
        (
            'worst("exam.strength.*") < "4"',
            {"exam.strength.hip": {"left": "5", "right": "5"}},
            {"exam.strength.knee"},
        ),
        ("above_limit(result.esr)", {}, {"result.esr"}),
        ("possible(general.fever)", {}, {"general.fever"}),
        ("count(pain.sites) > 1", {}, {"pain.sites"}),
        ('since(cancer.treatment_ended) < "5 a"', {}, {"cancer.treatment_ended"}),
    ],
)
def test_undecided_names_what_could_still_settle_it(
    text: str, answers: Answers, expected: set[str]
) -> None:
    """Ask next is complete and asks nothing that cannot change the result."""
    assert undecided(text, answers) == expected


def test_age_and_sex_are_asked_under_their_own_names() -> None:
    """They come from registration, and still somebody has to ask."""
    assert undecided("age >= 60", {}) == {BIRTH_DATE}
    assert undecided("age >= 60", {}, age=70) == set()
    assert undecided('sex_at_birth == "male"', {}) == {SEX_AT_BIRTH}
    assert undecided('sex_at_birth == "male"', {}, sex="male") == set()


@pytest.mark.parametrize(
    ("text", "answers", "expected"),
    [
        ("general.fever", {"general.fever": YES}, {"general.fever"}),
        ("general.fever", {"general.fever": NO}, {"general.fever"}),
        ("general.fever", {"general.fever": UNSURE}, set()),
        ("possible(general.fever)", {"general.fever": UNSURE}, {"general.fever"}),
        (
            "general.fever and skin.rash",
            {"general.fever": YES, "skin.rash": YES},
            {"general.fever", "skin.rash"},
        ),
        (
            "general.fever and skin.rash",
            {"general.fever": YES, "skin.rash": NO},
            {"skin.rash"},
        ),
        (
            "general.fever or skin.rash",
            {"general.fever": YES, "skin.rash": NO},
            {"general.fever"},
        ),
        (
            "fever",
            {"vitals.temperature": quantity(39, "Cel"), "general.fever": NO},
            {"vitals.temperature"},
        ),
        (
            "neuro.leg_weakness",
            {"neuro.leg_weakness": {"left": YES, "right": NO}},
            {"neuro.leg_weakness"},
        ),
        ('pain.duration >= "6 wk"', {"pain.onset_date": "2026"}, set()),
        ('pain.duration >= "6 wk"', {"pain.onset_date": "2025"}, {"pain.onset_date"}),
        (
            'pain.duration >= "6 wk"',
            {"pain.duration": quantity(8, "wk"), "pain.onset_date": "2025"},
            {"pain.duration"},
        ),
        (
            'lowest(vitals.bp_left.systolic, vitals.bp_right.systolic) < "90 mm[Hg]"',
            {"vitals.bp_right": pressure(80)},
            {"vitals.bp_right"},
        ),
        ("age >= 60 or general.fever", {"general.fever": YES}, {"general.fever"}),
    ],
)
def test_support_names_the_answers_that_decided(
    text: str, answers: Answers, expected: set[str]
) -> None:
    """They are printed as the reason, so they must be it."""
    assert support(text, answers) == expected


@pytest.mark.parametrize(
    ("text", "answers", "yes", "no"),
    [
        # a flag that was not asked opens nothing, whichever way round
        ("general.fever", {}, False, False),
        ("not general.fever", {}, False, False),
        # unsure is tried both ways
        ("general.fever", {"general.fever": UNSURE}, True, True),
        ("not general.fever", {"general.fever": UNSURE}, True, True),
        ("general.fever", {"general.fever": YES}, True, False),
        ("not general.fever", {"general.fever": YES}, False, True),
        ("possible(general.fever)", {"general.fever": UNSURE}, True, False),
        ("general.fever and skin.rash", {"general.fever": UNSURE}, False, True),
        ("general.fever or skin.rash", {"general.fever": UNSURE}, True, False),
        (
            "general.fever and skin.rash",
            {"general.fever": UNSURE, "skin.rash": NO},
            False,
            True,
        ),
        (
            "at_least(2, general.fever, skin.rash, general.weight_loss)",
            {"general.fever": UNSURE, "skin.rash": YES},
            True,
            False,
        ),
        ('pain.onset == "sudden"', {"pain.onset": "unknown"}, True, True),
        ('pain.onset != "sudden"', {"pain.onset": "unknown"}, True, True),
        (
            'exam.percussion == "positive"',
            {"exam.percussion": "not_done"},
            False,
            False,
        ),
        ("neuro.leg_weakness", {"neuro.leg_weakness": {"left": UNSURE}}, True, False),
        (
            "not neuro.leg_weakness",
            {"neuro.leg_weakness": {"left": UNSURE, "right": NO}},
            True,
            True,
        ),
        ("unwell", {"general.weight_loss": UNSURE}, True, False),
        ("not_mechanical", {"pain.with_movement": UNSURE}, True, True),
        ("not_mechanical", {}, False, False),
        ("pain.now >= 5", {}, False, False),
        ("pain.now >= 5", {"pain.now": 7}, True, False),
        ("above_limit(result.esr)", {}, False, False),
        # age and sex are asked at registration: not known there is unsure
        ("age >= 60", {}, True, True),
        ('sex_at_birth == "female"', {}, True, True),
    ],
)
def test_unsure_opens_and_not_asked_does_not(
    text: str,
    answers: Answers,
    yes: bool,
    no: bool,
) -> None:
    """form_flow 1.2: unsure is tried as yes and as no; not asked stays unknown."""
    condition = expression(text).condition
    found = facts(answers)
    assert (condition.may_be(found, True), condition.may_be(found, False)) == (yes, no)


def test_a_value_is_definite_only_without_a_gap() -> None:
    """One side examined and sound is not a sound patient."""
    assert truth("not neuro.leg_weakness", {"neuro.leg_weakness": {"left": NO}}) is None


def test_an_expression_names_what_it_reads() -> None:
    """The loader's checks of red flags and of circles stand on this."""
    parsed = expression(
        'not (general.fever and leg_nerve) or vitals.bp_left.systolic < "90 mm[Hg]" '
        "or age > 5 or core_done"
    )
    assert parsed.questions() == {"general.fever", "vitals.bp_left"}
    assert parsed.findings() == {"leg_nerve"}
    assert parsed.built_ins() == {"core_done"}
    turned = {
        question
        for part, negated in parsed.walk()
        if negated
        for question in part.reads()
    }
    assert turned == {"general.fever"}
