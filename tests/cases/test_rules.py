"""Every rule comes out as its cases say; one file a concern, named after it."""

from pathlib import Path

import pytest

from intake.protocol_loader import default_protocol
from tests.cases.case_file import FOLDER, finding_problems, problems, read_file

PROTOCOL = default_protocol()
#: Concerns whose cases are still to be written.
NOT_WRITTEN_YET = tuple(
    concern
    for concern in PROTOCOL.concerns
    if not (FOLDER / f"{concern}.toml").exists()
)
RULES = [
    (concern, rule.id)
    for concern in PROTOCOL.concerns
    if concern not in NOT_WRITTEN_YET
    for rule in PROTOCOL.concerns[concern].rules
]


@pytest.fixture(scope="module")
def found() -> dict[str, list[str]]:
    """Return the problems of each concern's case file."""
    result = {}
    for concern in PROTOCOL.concerns:
        if concern not in NOT_WRITTEN_YET:
            read, mistakes = read_file(FOLDER / f"{concern}.toml", PROTOCOL)
            result[concern] = [*mistakes, *problems(PROTOCOL, concern, read)]
    return result


@pytest.mark.parametrize(("concern", "rule"), RULES, ids=str)
def test_a_rule_comes_out_as_its_cases_say(
    found: dict[str, list[str]], concern: str, rule: str
) -> None:
    mine = [p for p in found[concern] if p.startswith((f"{rule} ", f"{rule},"))]
    assert mine == []


@pytest.mark.parametrize("concern", sorted({concern for concern, _ in RULES}))
def test_a_case_file_has_no_mistake(found: dict[str, list[str]], concern: str) -> None:
    assert found[concern] == []


def test_every_concern_has_its_cases() -> None:
    assert NOT_WRITTEN_YET == ()


def test_every_finding_comes_out_as_its_cases_say() -> None:
    read, mistakes = read_file(FOLDER / "findings.toml", PROTOCOL, "finding")
    assert [*mistakes, *finding_problems(PROTOCOL, read)] == []


_WRONG = """
[[rule]]
id = "zoster.rash"
tier = "same_day"
fires = [
    {{ case = "a rash", {answers} }},
]
"""


@pytest.mark.parametrize(
    ("answers", "words"),
    [
        ('"skin.rash_in_band" = "no"', "a rash: cannot_tell, not fires"),
        ('"skin.rash_in_bnad" = "yes"', "skin.rash_in_bnad: There is no such question"),
        ('"skin.rash_in_band" = "maybe"', "yes/no question"),
        ('"vitals.temperature" = "38.2 kg"', 'The unit "kg" is wrong here'),
        ('"vitals.temperature" = "warm"', "takes a number with its unit"),
        ('"vitals.bp_left" = "130/80 kg"', 'The unit "kg" is wrong here'),
        ('"trauma.date" = 2026-11-26', "lies after the day of the visit"),
        ("age = 500", "whole years, 0 to 130"),
        ('sex = "m"', "Use one of female, male, unknown"),
        ('rest = "queit"', "rest is one of unasked, quiet"),
        ('"skin.rash_in_band" = "no", "skin.blisters" = "yes"', "is hidden"),
        ('"skin.rash_in_band" = "yes"', "is within_7_days, not same_day"),
        ('"skin.rash_in_band" = "yes"', "has 1 of 2 that fires"),
        ('"skin.rash_in_band" = "yes"', "has 0 of 1 that cannot_tell"),
        ('"skin.rash_in_band" = "yes"', "has 0 of 1 that held_back"),
        ('"skin.rash_in_band" = "yes"', "zoster.eye has no cases"),
    ],
)
def test_a_case_file_that_is_wrong_fails(
    tmp_path: Path, answers: str, words: str
) -> None:
    """The negative control: the runner sees each kind of difference."""
    path = tmp_path / "zoster.toml"
    path.write_text(_WRONG.format(answers=answers))
    read, mistakes = read_file(path, PROTOCOL)
    said = [*mistakes, *problems(PROTOCOL, "zoster", read)]
    assert any(words in one for one in said), said


def test_a_finding_that_is_wrong_fails(tmp_path: Path) -> None:
    """The negative control of the findings."""
    path = tmp_path / "findings.toml"
    path.write_text(
        '[[finding]]\nid = "fever"\n'
        'holds = [{ case = "well", "vitals.temperature" = "37.9 Cel" }]\n'
    )
    read, _ = read_file(path, PROTOCOL, "finding")
    said = list(finding_problems(PROTOCOL, read))
    assert "fever, well: None, not holds" in said
    assert "fever has no case in which it does_not_hold" in said
    assert "shock has no cases" in said


def test_a_raise_that_is_not_stated_fails(tmp_path: Path) -> None:
    raising = next(rule for rule in PROTOCOL.rules if rule.raises)
    path = tmp_path / "raising.toml"
    path.write_text(f'[[rule]]\nid = "{raising.id}"\ntier = "{raising.tier.code}"\n')
    read, _ = read_file(path, PROTOCOL)
    words = f"{raising.id} raises by {raising.raises} up to {raising.never_above.code}"
    assert words in list(problems(PROTOCOL, raising.concern, read))


def test_a_rule_that_is_unknown_or_twice_is_named(tmp_path: Path) -> None:
    path = tmp_path / "zoster.toml"
    twice = '[[rule]]\nid = "zoster.rash"\ntier = "within_7_days"\n'
    path.write_text(twice * 2 + '[[rule]]\nid = "zoster.rsah"\ntier = "routine"\n')
    read, _ = read_file(path, PROTOCOL)
    said = list(problems(PROTOCOL, "zoster", read))
    assert "zoster.rash stands twice" in said
    assert "zoster.rsah is no rule of zoster" in said
