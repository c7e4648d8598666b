"""Find answers on which a mutant and its original differ, or show that there are none.

Each question an expression reads has a few values that matter: every option, each limit
and its neighbours, asked and not asked. Where all their combinations can be gone
through, a mutant that never differs is equivalent; else a search from the cases that
exist looks for a difference to propose as a new case.
"""

import itertools
import random
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from intake.answers import Answers
from intake.patient import Patient, SexAtBirth
from intake.protocol import Protocol, Question, Rule
from intake.protocol_terms import GRADE_SCALES, UNSURE_OPTIONS
from intake.units import parse_quantity
from tests.cases.case_file import Case, seen
from tests.mutation.mutants import Laboratory, Mutant, status

#: At most so many combinations are gone through one by one.
ENUMERABLE = 100_000
_TRIES = 3_000
_AGE, _SEX = "age", "sex"


@dataclass(frozen=True, slots=True)
class Difference:
    """A case on which a mutant comes out otherwise than its original."""

    rule: str
    case: Case
    original: str
    mutant: str


def difference(
    laboratory: Laboratory, mutant: Mutant, tries: int = _TRIES
) -> Difference | None:
    """Return a case that tells a mutant from its original, if one is found."""
    chance = random.Random(mutant.name)
    for rule in _rules_of(laboratory, mutant):
        space = values_of(laboratory.protocol, rule)
        start = laboratory.cases.get(rule.id)
        seeds = list(start.cases) if start else []
        for _ in range(tries):
            case = _varied(chance, space, seeds, rule.id)
            one = _outcome(laboratory, rule, case, None)
            other = _outcome(laboratory, rule, case, mutant)
            if one is not None and other is not None and one != other:
                return Difference(rule.id, case, one, other)
    return None


def is_equivalent(laboratory: Laboratory, mutant: Mutant) -> bool | None:
    """Return whether a mutant never differs; None where that is too much to go through.

    Goes through every combination of the values that matter for every rule concerned.
    """
    for rule in _rules_of(laboratory, mutant):
        space = values_of(laboratory.protocol, rule)
        count = 1
        for values in space.values():
            count *= len(values)
        if count > ENUMERABLE:
            return None
        for chosen in itertools.product(*space.values()):
            case = _made(rule.id, dict(zip(space, chosen, strict=True)))
            one = _outcome(laboratory, rule, case, None)
            if one is not None and one != _outcome(laboratory, rule, case, mutant):
                return False
    return True


def as_line(protocol: Protocol, found: Difference) -> str:
    """Return a difference as a line of a case file, to be judged and completed."""
    case = found.case
    parts = ['case = "…"']
    if case.patient.stated_age is not None:
        parts.append(f"age = {case.patient.stated_age}")
    if case.patient.sex_at_birth != "unknown":
        parts.append(f'sex = "{case.patient.sex_at_birth}"')
    parts += [
        f'"{question}" = {_toml(protocol.questions[question], value)}'
        for question, value in case.answers.items()
    ]
    return f"{{ {', '.join(parts)} }},"


def values_of(protocol: Protocol, rule: Rule) -> Mapping[str, Sequence[Any]]:
    """Return the values that matter of everything a rule reads; None is not asked."""
    texts = _texts_of(protocol, rule)
    space: dict[str, Sequence[Any]] = {}
    for question in sorted(protocol.read_by_rule[rule.id]):
        if question not in protocol.questions:
            continue
        asked = protocol.questions[question]
        values = [None, *_values(asked, texts)]
        if asked.sided:
            values = [None, *_sided(values)]
        space[question] = values
    ages = {int(n) + d for n in re.findall(r"age [<>=]+ (\d+)", texts) for d in (-1, 0)}
    if ages:
        space[_AGE] = [None, *sorted(ages)]
    if "sex_at_birth" in texts:
        space[_SEX] = [None, "female", "male"]
    return space


def _texts_of(protocol: Protocol, rule: Rule) -> str:
    ahead = [rule.when, rule.unless] if rule.unless else [rule.when]
    texts, names = [], set[str]()
    while ahead:
        expression = ahead.pop()
        texts.append(expression.text)
        new = expression.findings() - names
        names |= new
        ahead += [protocol.findings[name].when for name in new]
    return " | ".join(texts)


def _values(question: Question, texts: str) -> list[Any]:
    if question.kind == "number":
        return [{"value": v, "unit": u} for v, u in _numbers(question, texts)]
    if question.kind == "pair":
        limits = {value for value, _ in _numbers(question, texts)}
        return [
            {"systolic": _bar(upper), "diastolic": _bar(80)}
            for upper in sorted({120.0, *limits})
        ]
    if question.kind == "choices":
        return _lists(question, texts)
    known: Mapping[str, list[Any]] = {
        "flag": ["yes", "no", "unsure"],
        "choice": list(question.options or ()),
        "grade": list(GRADE_SCALES.get(question.scale, ())),
        "scale": list(range(11)),
        "date": ["2026-11-01", "2026-08", "2025", "2010"],
    }
    return known.get(question.kind, [])


def _lists(question: Question, texts: str) -> list[Any]:
    """Return the none option, each option that is named, and neighbours together."""
    named = [o for o in question.options or () if f'"{o}"' in texts]
    named = [o for o in named if o != question.none_option]
    # "none" not in a list: any other option will do.
    others = set(question.options or ()) - {question.none_option, *UNSURE_OPTIONS}
    named = named or sorted(others)[:1]
    none: list[Any] = [[question.none_option]] if question.none_option else [[]]
    pairs = [list(pair) for pair in itertools.pairwise(named)]
    return [*none, *([one] for one in named), *pairs]


def _bar(value: float) -> dict[str, object]:
    return {"value": value, "unit": "mm[Hg]"}


def _numbers(question: Question, texts: str) -> Iterator[tuple[float, str]]:
    """Yield every limit a question is compared with, and one step beside it."""
    unit = question.units[0]
    found = set()
    pattern = re.escape(question.id) + r'\S* [<>=]+ "?([-\d.]+)(?: ([^"\s)]+))?'
    for number, written in re.findall(pattern, texts):
        quantity = parse_quantity(f"{number} {written}") if written else None
        step = 1.0 if float(number).is_integer() else 0.1
        for value in (float(number) - step, float(number), float(number) + step):
            usable = written if quantity and written in question.units else unit
            found.add((value, usable))
    if question.limits is not None:
        for limit in (question.limits.low, question.limits.high):
            if limit is not None:
                usual = question.limits.unit
                found |= {(limit - 1, usual), (limit, usual), (limit + 1, usual)}
    if not found:
        low, high = question.plausible or (1.0, 10.0)
        found = {((low + high) / 2, unit)}
    yield from sorted(found)


def _sided(values: Sequence[Any]) -> list[dict[str, Any]]:
    sided = []
    for left, right in itertools.product(values, repeat=2):
        value = {"left": left, "right": right}
        present = {side: one for side, one in value.items() if one is not None}
        if present:
            sided.append(present)
    return sided


def _rules_of(laboratory: Laboratory, mutant: Mutant) -> list[Rule]:
    if mutant.rule is not None:
        return [r for r in laboratory.protocol.rules if r.id == mutant.of]
    return [r for r in laboratory.readers[mutant.of] if r.id in laboratory.cases]


def _varied(
    chance: random.Random,
    space: Mapping[str, Sequence[Any]],
    seeds: Sequence[Case],
    rule: str,
) -> Case:
    """Return a case with one to three answers changed, or a sparse one made anew."""
    chosen: dict[str, Any] = {}
    if seeds and chance.random() < 0.8:
        seed = chance.choice(seeds)
        chosen = dict(seed.answers)
        chosen[_AGE], chosen[_SEX] = seed.patient.stated_age, seed.patient.sex_at_birth
        names = chance.sample(list(space), min(len(space), chance.randint(1, 3)))
    else:
        names = [name for name in space if chance.random() < 0.3]
    for name in names:
        chosen[name] = chance.choice(space[name])
    return _made(rule, chosen)


def _made(rule: str, chosen: Mapping[str, Any]) -> Case:
    answers = {k: v for k, v in chosen.items() if k not in (_AGE, _SEX)}
    sex: SexAtBirth = chosen.get(_SEX) or "unknown"
    patient = Patient("case", stated_age=chosen.get(_AGE), sex_at_birth=sex)
    return Case(rule, "", "", patient, Answers(answers))


def _outcome(
    laboratory: Laboratory, rule: Rule, case: Case, mutant: Mutant | None
) -> str | None:
    """Return how a rule or its mutant comes out; None where an answer is hidden."""
    protocol = laboratory.protocol
    if mutant is not None and mutant.rule is not None:
        rule = mutant.rule
    elif mutant is not None:
        protocol = laboratory.changed_protocol(mutant)
    visibility, facts = seen(protocol, case)
    if visibility.hidden:
        return None
    facts.tell("nothing_above_monitor", True, frozenset(), frozenset())
    return status(facts, rule)


def _toml(question: Question, value: Any) -> str:  # noqa: ANN401  (a stored value)
    if isinstance(value, Mapping):
        if "systolic" in value:
            upper, lower = value["systolic"]["value"], value["diastolic"]["value"]
            return f'"{upper:g}/{lower:g}"'
        if "unit" in value:
            return f'"{value["value"]:g} {value["unit"]}"'
        parts = (f"{k} = {_toml(question, v)}" for k, v in value.items())
        return f"{{ {', '.join(parts)} }}"
    if isinstance(value, list):
        return f"[{', '.join(_toml(question, one) for one in value)}]"
    return str(value) if isinstance(value, int) else f'"{value}"'
