"""Made-up answers: any value a question can hold, and answers that a rule asks for.

Values alone would hardly ever fire a rule that needs four of them, so a case is built
from a few rules of the protocol (answers that make each true, or untrue) with other
answers thrown in. Numbers lie around the thresholds that rules compare them with.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from functools import cache
from typing import Any, TypeVar

import pytest
from hypothesis import strategies as st

from intake.amounts import Amount, Combined, Constant, Count, NumberOf, Since
from intake.answer_tests import (
    ChoiceIn,
    ChoicesHold,
    Compare,
    FlagIs,
    OutsideLimit,
    Possible,
)
from intake.answers import Answers
from intake.assessment import assess
from intake.body_chart import REGIONS
from intake.conditions import AtLeast, Condition, FindingIs, Not
from intake.deduction import Deduction
from intake.facts import Facts
from intake.outcome import Assessment
from intake.patient import Patient, SexAtBirth
from intake.protocol import Protocol, Question
from intake.protocol_loader import default_protocol
from intake.protocol_terms import GRADE_SCALES, UNKNOWN_OPTIONS
from intake.units import UNITS, Quantity
from tests.intake.small import ON, small_protocol

#: By name: hypothesis prints what it drew, and a protocol is long.
PROTOCOLS: Mapping[str, Callable[[], Protocol]] = {
    "small": small_protocol,
    "real": cache(default_protocol),
}
Values = dict[str, Any]
T = TypeVar("T")
Draw = Callable[[st.SearchStrategy[Any]], Any]


@dataclass(frozen=True)
class Case:
    """One made-up patient and what was answered."""

    age: int | None
    sex: SexAtBirth
    answers: Values

    def with_answers(self, answers: Mapping[str, Any]) -> "Case":
        """Return the same patient with other answers."""
        return Case(self.age, self.sex, dict(answers))

    def without(self, question: str) -> "Case":
        """Return the case with one question not asked."""
        return self.with_answers(
            {k: v for k, v in self.answers.items() if k != question}
        )

    def assessed(self, protocol: Protocol) -> Assessment:
        """Return its assessment."""
        patient = Patient(id="p", stated_age=self.age, sex_at_birth=self.sex)
        return assess(protocol, patient, Answers(self.answers), ON)


def take_unknown_for_no(monkeypatch: pytest.MonkeyPatch) -> None:
    """Make the mistake that the properties are for: what is not known is a no."""
    original: Any = Deduction.decided_tests

    def hasty(self: Deduction, facts: Facts) -> list[int]:
        found: list[int] = original(self, facts)
        known = {claim & ~1 for claim in found}
        return [*found, *(c ^ 1 for c in self.network.tests if c not in known)]

    monkeypatch.setattr(Deduction, "decided_tests", hasty)


# values


def values(protocol: Protocol, question: Question) -> st.SearchStrategy[Any]:
    """Return every value a question can hold, the ones that matter more often."""
    one = _one_value(protocol, question)
    if not question.sided:
        return one
    return st.one_of(
        st.fixed_dictionaries({"left": one, "right": one}),
        st.fixed_dictionaries({"left": one}),
        st.fixed_dictionaries({"right": one}),
    )


def _one_value(protocol: Protocol, question: Question) -> st.SearchStrategy[Any]:
    simple: dict[str, list[Any]] = {
        "flag": ["yes", "yes", "no", "unsure"],
        "choice": sorted(question.options or ()),
        "scale": list(range(11)),
        "grade": list(GRADE_SCALES.get(question.scale, ())),
        "rows": [[], ["a row"], ["a row", "another"]],
        "psfs": [[], [{"activity": "digging", "score": 4}]],
        "map": [[], [{"region": REGIONS[0].id, "view": "back", "x": 0.5, "y": 0.2}]],
        "text": ["words"],
    }
    if question.kind in simple:
        return st.sampled_from(simple[question.kind])
    if question.kind == "choices":
        return _several(question)
    if question.kind == "date":
        return st.sampled_from(_dates(protocol, question))
    numbers = _numbers(protocol, question)
    return st.sampled_from(numbers) if question.kind == "number" else _pairs(numbers)


def _several(question: Question) -> st.SearchStrategy[list[str]]:
    options = [o for o in sorted(question.options or ()) if o != question.none_option]
    none = st.just([question.none_option] if question.none_option else [])
    return (
        st.lists(st.sampled_from(options), min_size=1, max_size=3, unique=True) | none
    )


def _pairs(numbers: Sequence[Values]) -> st.SearchStrategy[Values]:
    def pair(ends: tuple[Values, Values]) -> Values:
        low, high = sorted(ends, key=lambda end: float(end["value"]))
        return {"systolic": high, "diastolic": low}

    return st.tuples(st.sampled_from(numbers), st.sampled_from(numbers)).map(pair)


def _numbers(protocol: Protocol, question: Question) -> list[Values]:
    """Return numbers around every threshold, in each of the question's units."""
    first = question.units[0]
    around = [
        value
        for limit in sorted(_thresholds(protocol).get(question.id, ()))
        for value in (limit * 0.9 - 1, limit, limit * 1.1 + 1)
    ]
    low, high = question.possible or question.plausible or (0, 1000)
    ends = [Quantity(end, first).in_base(question.molar_mass) for end in (low, high)]
    margin = (ends[1] - ends[0]) / 1000  # or rounding could leave what is possible
    span = (ends[0] + margin, ends[1] - margin)
    bases = [base for base in around if span[0] <= base <= span[1]] or span
    return [
        {"value": _in_unit(base, unit, question.molar_mass), "unit": unit}
        for base in bases
        for unit in question.units
    ]


def _in_unit(base: float, code: str, molar_mass: float | None) -> float:
    unit = UNITS[code]
    if molar_mass is not None and unit.dimension == "amount concentration":
        base /= molar_mass
    return round((base - unit.offset) / unit.factor, 9)


def _dates(protocol: Protocol, question: Question) -> list[str]:
    days = {0.0, 400.0, *_thresholds(protocol).get(question.id, ())}
    whole = [
        ON - timedelta(days=min(int(day + more), 40000))
        for day in days
        for more in (-1, 0, 1, 30)
        if day + more >= 0
    ]
    return sorted(
        {text for day in whole for text in (str(day), str(day)[:7], str(day)[:4])}
    )


def _everything(protocol: Protocol) -> Iterator[Condition]:
    expressions = [
        *(f.when for f in protocol.findings.values()),
        *(r.when for r in protocol.rules),
        *(r.unless for r in protocol.rules),
        *(q.opens for q in protocol.questions.values()),
        *(s.when for s in protocol.scope),
    ]
    for expression in expressions:
        if expression is not None:
            yield from (part for part, _ in expression.walk())


@cache
def _thresholds(protocol: Protocol) -> Mapping[str, frozenset[float]]:
    """Return, for each question, the numbers it is compared with, in base units."""
    found: dict[str, set[float]] = {}
    for part in _everything(protocol):
        if isinstance(part, Compare) and isinstance(part.right, Constant):
            for question in part.left.reads():
                derive = protocol.questions[question].derive
                for name in (question, *(derive.sources if derive else ())):
                    found.setdefault(name, set()).add(part.right.number)
        if isinstance(part, OutsideLimit):
            tested = protocol.questions[part.question]
            bounds = tested.limits
            for limit in (bounds.low, bounds.high) if bounds else ():
                if bounds is not None and limit is not None:
                    base = Quantity(limit, bounds.unit).in_base(tested.molar_mass)
                    found.setdefault(tested.id, set()).add(base)
    return {question: frozenset(numbers) for question, numbers in found.items()}


# answers that make a condition come out as wanted


class Wishes:
    """Collects answers that make conditions true or untrue, where that is simple."""

    def __init__(self, protocol: Protocol, draw: Draw) -> None:
        """Start with nothing answered; `draw` makes every choice."""
        self._protocol = protocol
        self._draw = draw
        self.answers: Values = {}

    def wish(self, condition: Condition, wanted: bool) -> None:
        """Answer what makes a condition come out as wanted."""
        match condition:
            case Not(part):
                self.wish(part, not wanted)
            case AtLeast(number, of):
                needed = number if wanted else len(of) - number + 1
                for place in self._draw(st.permutations(range(len(of))))[:needed]:
                    self.wish(of[place], wanted)
            case FindingIs(name):
                self.wish(self._protocol.findings[name].when.condition, wanted)
            case Compare(left, _, _):
                self._compare(condition, left, wanted)
            case OutsideLimit(question, which):
                self._outside(question, wanted is (which == "above"))
            case _:
                self._wish_answer(condition, wanted)

    def _wish_answer(self, condition: Condition, wanted: bool) -> None:
        match condition:
            case FlagIs(question, side):
                self._answer(question, side, "yes" if wanted else "no")
            case Possible(question, side):
                self._answer(question, side, "unsure" if wanted else "no")
            case ChoiceIn(question, options, side, negated):
                known = self._options(question)
                fits = known & options if wanted is not negated else known - options
                if fits:
                    self._answer(
                        question, side, self._draw(st.sampled_from(sorted(fits)))
                    )
            case ChoicesHold(question, option, side, negated, _):
                self._hold(question, side, option, wanted is not negated)

    def _options(self, question: str) -> frozenset[str]:
        return (
            frozenset(self._protocol.questions[question].options or ())
            - UNKNOWN_OPTIONS
        )

    def _answer(self, question: str, side: str | None, value: object) -> None:
        if side is None:
            self.answers[question] = value
        else:
            self.answers.setdefault(question, {})[side] = value

    def _hold(self, question: str, side: str | None, option: str, wanted: bool) -> None:
        none = self._protocol.questions[question].none_option
        before = self.answers.get(question, {} if side else [])
        chosen = [*(before.get(side, []) if side else before)]
        if wanted:
            chosen = [option] if option == none else [o for o in chosen if o != none]
            chosen = list(dict.fromkeys([*chosen, option]))
        elif option == none:
            others = self._options(question) - {none}
            chosen = [o for o in chosen if o != none] or [
                self._draw(st.sampled_from(sorted(others)))
            ]
        else:
            chosen = [o for o in chosen if o != option] or ([none] if none else [])
        self._answer(question, side, chosen)

    def _compare(self, condition: Compare, left: Amount, wanted: bool) -> None:
        up = wanted is (condition.operator in (">", ">=", "=="))
        match left:
            case Combined("lowest", of) if not up:
                of = of[:1]
            case Combined("highest", of) if up:
                of = of[:1]
            case Combined(_, of):
                pass
            case _:
                of = (left,)
        is_difference = isinstance(left, Combined) and left.how == "difference"
        for number, amount in enumerate(of):
            # Far apart is one up and one down.
            higher = up and (number == 0 or not is_difference)
            self._amount(amount, condition.right, higher)

    def _amount(self, amount: Amount, right: Amount, up: bool) -> None:
        limit = right.number if isinstance(right, Constant) else 0.0
        match amount:
            case NumberOf(name, half, side):
                question = self._protocol.questions[name]
                self._answer(name, side, self._number(question, half, limit, up))
            case Since(name):
                days = max(0, int(limit * 1.2 + 2 if up else limit * 0.8 - 1))
                self.answers[name] = str(ON - timedelta(days=min(days, 40000)))
            case Count(name, _):
                options = sorted(self._options(name)) or ["a", "b", "c"]
                self.answers[name] = options[: int(limit) + 1] if up else []

    def _number(self, question: Question, half: str, limit: float, up: bool) -> object:
        if question.kind == "scale":
            return min(10, max(0, int(limit + 1 if up else limit - 1)))
        if question.kind == "grade":
            scale = GRADE_SCALES[question.scale]
            return scale[min(len(scale) - 1, max(0, int(limit if up else limit - 1)))]
        base = limit * 1.2 + 2 if up else limit * 0.8 - 1
        unit = self._draw(st.sampled_from(question.units))
        value = {"value": _in_unit(base, unit, question.molar_mass), "unit": unit}
        if not half:
            return value
        other = {
            "value": value["value"] + (-40 if half == "systolic" else 40),
            "unit": unit,
        }
        both = (value, other) if half == "systolic" else (other, value)
        return dict(zip(("systolic", "diastolic"), both, strict=True))

    def _outside(self, name: str, up: bool) -> None:
        question = self._protocol.questions[name]
        unit = question.limits.unit if question.limits else question.units[0]
        value = 50 if up else 5
        self.answers[name] = {"value": value, "unit": unit, "low": 10, "high": 40}


@st.composite
def cases(draw: Draw, which: str) -> Case:
    """Return patients that a few rules were made for, with other answers thrown in."""
    protocol = PROTOCOLS[which]()
    wishes = Wishes(protocol, draw)
    places = st.integers(0, len(protocol.rules) - 1)
    for place in draw(st.lists(places, min_size=1, max_size=4)):
        rule = protocol.rules[place]
        if rule.unless is not None and draw(st.booleans()):
            wishes.wish(rule.unless.condition, draw(st.booleans()))
        wishes.wish(
            rule.when.condition, draw(st.sampled_from([True, True, True, False]))
        )
    answers = dict(wishes.answers)
    questions = sorted(protocol.questions)
    for name in draw(st.lists(st.sampled_from(questions), max_size=12, unique=True)):
        answers[name] = draw(values(protocol, protocol.questions[name]))
    age = draw(st.sampled_from([None, 12, 17, 18, 45, 49, 50, 59, 60, 65, 70, 90]))
    sex = draw(st.sampled_from(["female", "male", "unknown"]))
    return Case(age, sex, answers)
