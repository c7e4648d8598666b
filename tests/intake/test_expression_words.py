"""Expressions in words: everything an expression says, a clinician can read."""

from dataclasses import replace
from typing import cast

import pytest

from intake.all_expressions import all_expressions
from intake.answer_tests import ChoiceIn, ChoicesHold
from intake.conditions import Condition, FindingIs, Not
from intake.expression import Expression
from intake.expression_words import Words, in_words
from intake.protocol import Protocol
from intake.protocol_loader import default_protocol
from tests.intake.small import expression, small_protocol

EVERY = [
    pytest.param(protocol, e, id=f"{protocol.id}: {where}: {e.text[:40]}")
    for protocol in (default_protocol(), small_protocol())
    for where, e in all_expressions(protocol)
]
LEFT, RIGHT = "vitals.bp_left.systolic", "vitals.bp_right.systolic"
ONE, OTHER = "Blood pressure, left, systolic", "Blood pressure, right, systolic"


def said(text: str) -> list[str]:
    """Return the words of an expression of the small protocol, line by line."""
    return _indented(in_words(expression(text), small_protocol()))


def _indented(words: Words, depth: int = 0) -> list[str]:
    under = [line for part in words.under for line in _indented(part, depth + 1)]
    return [f"{'- ' * depth}{words.text}", *under]


def missing(e: Expression, words: Words, protocol: Protocol) -> list[str]:
    """Return the labels that an expression is about and that its words leave out."""
    text = "\n".join(words.lines()).casefold()
    wanted = [protocol.questions[question].label for question in e.questions()]
    for part, _ in e.walk():
        if isinstance(part, FindingIs):
            finding = protocol.findings[part.finding]
            wanted.append(finding.label or finding.id.replace("_", " "))
        if isinstance(part, ChoiceIn | ChoicesHold):
            labels = protocol.questions[part.question].options or {}
            options = part.options if isinstance(part, ChoiceIn) else {part.option}
            wanted += [labels[option] for option in options]
    return [label for label in wanted if label.casefold() not in text]


@pytest.mark.parametrize(("protocol", "e"), EVERY)
def test_nothing_an_expression_is_about_is_left_out(
    protocol: Protocol, e: Expression
) -> None:
    words = in_words(e, protocol)
    assert missing(e, words, protocol) == []
    named = {part.finding for part in _all(words) if part.finding}
    assert named == e.findings()


def _all(words: Words) -> list[Words]:
    return [words, *(inner for part in words.under for inner in _all(part))]


def test_a_line_left_out_would_be_noticed() -> None:
    """The negative control of the test above."""
    protocol = small_protocol()
    e = expression('general.fever and "neck" in pain.sites')
    words = in_words(e, protocol)
    assert missing(e, words, protocol) == []
    cut = replace(words, under=words.under[:1])
    assert missing(e, cut, protocol) == ["Where it hurts", "Neck"]


@pytest.mark.parametrize(
    ("text", "lines"),
    [
        ("general.fever", ["Fever: yes"]),
        ("not general.fever", ["Fever: no"]),
        ("not not general.fever", ["Fever: yes"]),
        ("possible(general.fever)", ["Fever: yes or not sure"]),
        ("not possible(general.fever)", ["Not: Fever: yes or not sure"]),
        ("cord", ["Built on two other findings"]),
        ("not cord", ["Not: Built on two other findings"]),
        ("core_done", ["Every core question and every open detail is answered"]),
        ("nothing_above_monitor", ["No rule above monitor has fired"]),
        ("age >= 60", ["Age is 60 years or more"]),
        ("age < 18", ["Age is less than 18 years"]),
        ('sex_at_birth == "male"', ["Sex at birth: male"]),
        ('sex_at_birth != "male"', ["Sex at birth: not male"]),
        ('pain.onset == "sudden"', ["How it began: \u201cSuddenly\u201d"]),
        ('pain.onset != "sudden"', ["How it began: anything but \u201cSuddenly\u201d"]),
        ('"neck" in pain.sites', ["Where it hurts: includes \u201cNeck\u201d"]),
        (
            '"neck" not in pain.sites',
            ["Where it hurts: asked, without \u201cNeck\u201d"],
        ),
        ('"none" in neuro.bladder', ["Bladder: \u201cNo change\u201d"]),
        (
            '"none" not in neuro.bladder',
            ["Bladder: anything but \u201cNo change\u201d"],
        ),
        ("pain.now >= 7", ["Pain now is 7 or more"]),
        ("pain.now > 7", ["Pain now is more than 7"]),
        ("pain.now <= 7", ["Pain now is 7 or less"]),
        ("pain.now == 7", ["Pain now is 7"]),
        ("pain.now != 7", ["Pain now is not 7"]),
        ('pain.duration >= "4 wk"', ["How long is 4 weeks or more"]),
        ('pain.duration < "1 d"', ["How long is less than 1 day"]),
        ('pain.duration < "36 h"', ["How long is less than 36 hours"]),
        ('pain.duration < "1 a"', ["How long is less than 1 year"]),
        ('vitals.temperature >= "38 Cel"', ["Temperature is 38 °C (100.4 °F) or more"]),
        ('result.calcium > "2.6 mmol/L"', ["Calcium is more than 2.6 mmol/L"]),
        (
            'vitals.bp_left.systolic < "90 mm[Hg]"',
            ["Blood pressure, left, systolic is less than 90 mmHg"],
        ),
        ("above_limit(result.esr)", ["ESR above the laboratory's limit"]),
        ("below_limit(result.esr)", ["ESR below the laboratory's limit"]),
        ("left(neuro.leg_weakness)", ["Weak leg, LEFT: yes"]),
        ("not right(neuro.leg_weakness)", ["Weak leg, RIGHT: no"]),
        ("neuro.leg_weakness", ["Weak leg: yes (either side)"]),
        ("both(neuro.leg_weakness)", ["Weak leg: yes (both sides)"]),
        ("not neuro.leg_weakness", ["Not: Weak leg: yes (either side)"]),
        (
            "count(pain.sites) > 1",
            ["Number of answers to \u201cWhere it hurts\u201d is more than 1"],
        ),
        (
            'since(cancer.treatment_ended) < "5 a"',
            ["Time since \u201cWhen treatment ended\u201d is less than 5 years"],
        ),
        (
            f'difference({LEFT}, {RIGHT}) > "20 mm[Hg]"',
            [f"Difference between {ONE} and {OTHER} is more than 20 mmHg"],
        ),
        (
            f'lowest({LEFT}, {RIGHT}) < "90 mm[Hg]"',
            [f"The lowest of: {ONE}; {OTHER}, is less than 90 mmHg"],
        ),
        (
            'worst("exam.strength.*") < "4"',
            ["The lowest of: Strength hip; Strength knee, is less than grade 4"],
        ),
        (
            'same_side(neuro.arm_numb, "inner" in neuro.arm_numb_where)',
            [
                "All of these on one and the same side:",
                "- Numb arm: yes",
                "- Where the arm is numb: includes \u201cInner side\u201d",
            ],
        ),
        (
            '"neck" in pain.sites or general.fever or "upper_thoracic" in pain.sites',
            [
                "Any of:",
                "- Where it hurts: includes \u201cNeck\u201d",
                "- Fever: yes",
                "- Where it hurts: includes \u201cUpper back\u201d",
            ],
        ),
        (
            '"neck" in pain.sites or "upper_thoracic" in pain.sites',
            ["Where it hurts: includes \u201cNeck\u201d or \u201cUpper back\u201d"],
        ),
        (
            'pain.onset == "sudden" or pain.onset == "gradual"',
            ["How it began: \u201cSuddenly\u201d or \u201cGradually\u201d"],
        ),
        (
            'pain.onset != "sudden" or pain.onset != "gradual"',
            [
                "Any of:",
                "- How it began: anything but \u201cSuddenly\u201d",
                "- How it began: anything but \u201cGradually\u201d",
            ],
        ),
        (
            "general.fever and cord",
            ["All of:", "- Fever: yes", "- Built on two other findings"],
        ),
        (
            "not (general.fever or cord)",
            ["None of:", "- Fever: yes", "- Built on two other findings"],
        ),
        (
            "not (general.fever and cord)",
            ["Not: All of:", "- Fever: yes", "- Built on two other findings"],
        ),
        (
            "at_least(2, general.fever, cord, exam.explains)",
            [
                "At least 2 of:",
                "- Fever: yes",
                "- Built on two other findings",
                "- What was found explains the pain: yes",
            ],
        ),
    ],
)  # fmt: skip
def test_each_construct_has_its_words(text: str, lines: list[str]) -> None:
    assert said(text) == lines


def test_a_condition_without_words_is_an_error_and_not_left_out() -> None:
    """The negative control: a construct added to the language needs words first."""
    new = cast("Condition", object())
    with pytest.raises(TypeError, match="no words for object"):
        in_words(Expression("new", Not(new)), small_protocol())
