"""Read the cases of a concern, and compare them with what its rules say.

One file a concern, named after it; docs/how-to/write-cases-for-a-rule.md describes the
form. Answers pass the same check as a file of the command line, so that a misspelt
option is a mistake of the case and not a patient without that answer.
"""

import json
import re
import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from intake.answers import Answers
from intake.case_file import read_case
from intake.errors import InputRefusedError
from intake.evaluation import evaluate
from intake.facts import Facts
from intake.patient import Patient
from intake.protocol import Finding, Protocol, Question, Rule, Tier
from intake.tristate import Truth
from intake.visibility import Visibility, look
from tests.cases.quiet import filled_in

FOLDER = Path(__file__).parent
#: The day of every case.
ON = date(2026, 11, 25)
#: How many cases of each kind a rule needs. A rule that `unless` can hold back needs
#: one that is held back, too.
LEAST = {"fires": 2, "does_not_fire": 2, "cannot_tell": 1, "held_back": 0}
#: The kinds of case of a finding, with the value each expects.
VALUES: Mapping[str, Truth] = {
    "holds": True,
    "does_not_hold": False,
    "cannot_tell": None,
}
#: What a case file states of a rule itself, and what it need not state.
_STATED: Mapping[str, Any] = {
    "tier": "",
    "raises": 0,
    "never_above": Tier.EMERGENCY_NOW.code,
}
_PATIENT = {"age": "age", "sex": "sex_at_birth"}
_KEYS = ("case", "rest", *_PATIENT)
#: What happens to the questions that a case does not answer.
_RESTS = ("unasked", "quiet")
_SIDES = ("left", "right")
_NUMBER = r"(-?\d+(?:\.\d+)?)"
_QUANTITY = re.compile(rf"{_NUMBER} (\S+)")
_PAIR = re.compile(rf"{_NUMBER}/{_NUMBER}(?: (\S+))?")


@dataclass(frozen=True, slots=True)
class Case:
    """One made-up patient, and how one rule has to come out."""

    rule: str
    expected: str
    text: str
    patient: Patient
    answers: Answers


@dataclass(frozen=True, slots=True)
class RuleCases:
    """What a case file says of one rule."""

    rule: str
    tier: str
    #: By how much it raises the tier of the whole, and up to where; stated again, too.
    raises: int
    never_above: str
    cases: tuple[Case, ...]
    #: Why a kind of case is missing, where the rule has none of that kind.
    excused: Mapping[str, str]


def read_file(
    path: Path, protocol: Protocol, kind_of_entry: str = "rule"
) -> tuple[list[RuleCases], list[str]]:
    """Return what a case file holds, and every mistake in it.

    `kind_of_entry` is ``rule``, or ``finding`` for the file of the findings.
    """
    mistakes: list[str] = []
    table = tomllib.loads(path.read_text(encoding="utf-8"))
    found = []
    kinds = LEAST if kind_of_entry == "rule" else VALUES
    for entry in table.get(kind_of_entry, []):
        rule = str(entry.get("id"))
        cases = []
        for expected in kinds:
            for number, case in enumerate(entry.get(expected, []), 1):
                where = f"{rule}, {expected} {number}"
                made = _case(protocol, rule, expected, case, where, mistakes)
                if made is not None:
                    cases.append(made)
        excused = {
            kind: str(entry[f"{kind}_because"])
            for kind in kinds
            if f"{kind}_because" in entry
        }
        known = {"id", *_STATED, *kinds, *(f"{kind}_because" for kind in kinds)}
        mistakes += [f"{rule}: {key} is unknown" for key in entry.keys() - known]
        stated = {key: entry.get(key, usual) for key, usual in _STATED.items()}
        found.append(RuleCases(rule, **stated, cases=tuple(cases), excused=excused))
    return found, mistakes


def status_of(rule: Rule, protocol: Protocol, case: Case) -> str:
    """Return how a rule comes out for a case, in a whole evaluation."""
    visibility, facts = seen(protocol, case)
    if visibility.hidden:
        return f"nothing, since {', '.join(sorted(visibility.hidden))} is hidden"
    outcome = evaluate(protocol, facts)
    for name in ("fired", "held_back", "cannot_tell"):
        if any(one.id == rule.id for one in getattr(outcome, name)):
            return "fires" if name == "fired" else name
    return "failed" if rule.id in outcome.failed else "does_not_fire"


def seen(protocol: Protocol, case: Case) -> tuple[Visibility, Facts]:
    """Return what is visible in a case, and its facts, as `assess` has them."""
    visibility, facts = look(
        protocol,
        case.answers,
        on=ON,
        age=case.patient.age_on(ON),
        sex_at_birth=case.patient.sex_at_birth,
    )
    missing, everything = frozenset(visibility.missing), frozenset(facts.answers)
    facts.tell("core_done", visibility.core_done, missing, everything)
    return visibility, facts


def value_of(finding: Finding, protocol: Protocol, case: Case) -> Truth | str:
    """Return the value of a finding for a case, or which answer is hidden."""
    visibility, facts = seen(protocol, case)
    if visibility.hidden:
        return f"nothing, since {', '.join(sorted(visibility.hidden))} is hidden"
    return finding.when.condition.value(facts)


def finding_problems(protocol: Protocol, read: list[RuleCases]) -> Iterator[str]:
    """Say in what the cases of findings and the findings disagree."""
    ids = [one.rule for one in read]
    for name in protocol.findings.keys() - set(ids) - openers(protocol):
        yield f"{name} has no cases"
    for one in read:
        if ids.count(one.rule) > 1 or one.rule not in protocol.findings:
            yield f"{one.rule} stands twice, or is no finding"
            continue
        for kind in VALUES:
            count = sum(case.expected == kind for case in one.cases)
            if not count and kind not in one.excused:
                yield f"{one.rule} has no case in which it {kind}"
        for case in one.cases:
            value = value_of(protocol.findings[one.rule], protocol, case)
            if value is not VALUES[case.expected]:
                yield f"{one.rule}, {case.text}: {value}, not {case.expected}"


def openers(protocol: Protocol) -> frozenset[str]:
    """Return the findings that only open questions: nothing else reads them."""
    ahead = [rule.when for rule in protocol.rules]
    ahead += [rule.unless for rule in protocol.rules if rule.unless]
    ahead += [one.when for one in protocol.thrust_cautions]
    ahead += [one.when for one in protocol.not_suggested]
    read: set[str] = set()
    while ahead:
        new = ahead.pop().findings() - read
        read |= new
        ahead += [protocol.findings[name].when for name in new]
    return frozenset(protocol.findings.keys() - read)


def problems(protocol: Protocol, concern: str, read: list[RuleCases]) -> Iterator[str]:
    """Say in what a case file and its concern disagree, and what is missing."""
    rules = {rule.id: rule for rule in protocol.concerns[concern].rules}
    ids = [one.rule for one in read]
    for rule in rules.keys() - set(ids):
        yield f"{rule} has no cases"
    for one in read:
        if ids.count(one.rule) > 1:
            yield f"{one.rule} stands twice"
        if one.rule not in rules:
            yield f"{one.rule} is no rule of {concern}"
            continue
        yield from _problems_of(protocol, rules[one.rule], one)


def _problems_of(protocol: Protocol, rule: Rule, one: RuleCases) -> Iterator[str]:
    if rule.tier.code != one.tier:
        yield f"{rule.id} is {rule.tier.code}, not {one.tier}"
    if (rule.raises, rule.never_above.code) != (one.raises, one.never_above):
        yield f"{rule.id} raises by {rule.raises} up to {rule.never_above.code}"
    for kind, least in LEAST.items():
        needed = 1 if kind == "held_back" and rule.unless else least
        count = sum(case.expected == kind for case in one.cases)
        if count < needed and kind not in one.excused:
            yield f"{rule.id} has {count} of {needed} that {kind}"
    for case in one.cases:
        status = status_of(rule, protocol, case)
        if status != case.expected:
            yield f"{rule.id}, {case.text}: {status}, not {case.expected}"


def _case(
    protocol: Protocol,
    rule: str,
    expected: str,
    table: Mapping[str, Any],
    where: str,
    mistakes: list[str],
) -> Case | None:
    made_up = patient_and_answers(protocol, table, where, mistakes)
    return Case(rule, expected, str(table.get("case")), *made_up) if made_up else None


def patient_and_answers(
    protocol: Protocol, table: Mapping[str, Any], where: str, mistakes: list[str]
) -> tuple[Patient, Answers] | None:
    """Return the made-up patient of one case; None, and what is wrong, if it is."""
    if not table.get("case"):
        mistakes.append(f"{where}: case says nothing")
    rest = table.get("rest", "unasked")
    if rest not in _RESTS:
        mistakes.append(f"{where}: rest is one of {', '.join(_RESTS)}")
    given = {key: value for key, value in table.items() if key not in _KEYS}
    patient = {key: table[short] for short, key in _PATIENT.items() if short in table}
    content = {
        "on": ON.isoformat(),
        "patient": patient,
        "answers": {key: _stored(protocol, key, value) for key, value in given.items()},
    }
    try:
        case = read_case(json.dumps(content).encode(), protocol, today=ON)
    except InputRefusedError as error:
        mistakes += [f"{where}: {problem}" for problem in error.problems]
        return None
    if rest == "quiet":
        return case.patient, filled_in(protocol, case.patient, case.answers, ON)
    return case.patient, case.answers


def _stored(protocol: Protocol, key: str, value: Any) -> Any:  # noqa: ANN401  (as in the file)
    """Return a value as a file of the command line has it."""
    question = protocol.questions.get(key)
    if question is None:
        return None
    if not question.sided:
        return _short(question, value)
    sides = value if isinstance(value, Mapping) else dict.fromkeys(_SIDES, value)
    return {side: _short(question, one) for side, one in sides.items()}


def _short(question: Question, value: Any) -> Any:  # noqa: ANN401  (as in the file)
    """Return what a short form stands for; what is no short form stays as it is."""
    usual = question.units[0] if question.units else ""
    match question.kind, value:
        case "number", str() if found := _QUANTITY.fullmatch(value):
            return {"value": float(found[1]), "unit": found[2]}
        case "number", int() | float():
            return {"value": value, "unit": usual}
        case "pair", str() if found := _PAIR.fullmatch(value):
            halves = zip(("systolic", "diastolic"), found.groups(), strict=False)
            unit = found[3] or usual
            return {half: {"value": float(n), "unit": unit} for half, n in halves}
        case _, date():
            return value.isoformat()
    return value
