"""The values that matter of everything some conditions read, as variables of diagrams.

A question has as many values as its tests can tell apart: each limit and its
neighbours, each option that is named and one that is not, and not asked, which is
always value 0. Each side is a variable of its own, and each option of a list.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from intake.amounts import Age, Amount, Combined, Constant, Count, NumberOf, Since
from intake.answer_check import AnswerRefusedError, checked
from intake.answer_tests import ChoiceIn, ChoicesHold, Compare, OutsideLimit, SexIs
from intake.answered import Side
from intake.conditions import AnswerTest, BuiltIn, Leaf
from intake.protocol import Protocol, Question
from intake.protocol_terms import GRADE_SCALES, UNKNOWN_OPTIONS
from intake.units import UNITS
from tests.cases.case_file import ON
from tests.mutation.changes import IN_TENTHS

AGE, SEX = "age", "sex"
_NONE, SOME = "none of these", "some"
#: Of the options that no test names, how many are chosen.
_OTHERS = "others"
_ANCHOR = 120.0


@dataclass(frozen=True, slots=True)
class Variable:
    """What is asked: a question or a side of it, an option of a list, or a fact."""

    of: str
    side: Side | None = None
    option: str = ""


def variables_of(test: Leaf) -> list[Variable]:
    """Return what a test reads, without the options of lists."""
    match test:
        case BuiltIn(name):
            return [Variable(name)]
        case SexIs():
            return [Variable(SEX)]
        case AnswerTest(question=question, side=side):
            return [Variable(question, side)]
        case OutsideLimit(question):
            return [Variable(question)]
        case Compare(left, _, right):
            return list(dict.fromkeys((*_of_amount(left), *_of_amount(right))))
    raise TypeError(test)


def _of_amount(amount: Amount) -> Iterator[Variable]:
    match amount:
        case Age():
            yield Variable(AGE)
        case NumberOf(question, _, side):
            yield Variable(question, side)
        case Since(question) | Count(question):
            yield Variable(question)
        case Combined(_, of):
            for one in of:
                yield from _of_amount(one)


class Space:
    """The variables of some tests, in the order of the tests, with their values."""

    def __init__(self, protocol: Protocol, tests: Iterable[Leaf]) -> None:
        """Collect the values that the tests can tell apart."""
        self.protocol = protocol
        tests = list(tests)
        self.values: dict[Variable, list[Any]] = {}
        for test in tests:
            for variable in variables_of(test):
                if variable not in self.values:
                    about = [t for t in tests if variable in variables_of(t)]
                    self._add(variable, about)

    def options(self, variable: Variable) -> list[Variable]:
        """Return the variables of the options of a list, none for anything else."""
        return [
            v
            for v in self.values
            if v.option and (v.of, v.side) == (variable.of, variable.side)
        ]

    def _add(self, variable: Variable, tests: list[Leaf]) -> None:
        question = self.protocol.questions.get(variable.of)
        if question is None:
            self.values[variable] = _values_of_fact(variable.of, tests)
        elif question.kind == "choices":
            self.values[variable] = [None, _NONE, SOME]
            named = {t.option for t in tests if isinstance(t, ChoicesHold)}
            named -= {question.none_option}
            for option in sorted(named):
                one = Variable(variable.of, variable.side, option)
                self.values[one] = [False, True]
            unnamed = len(_unnamed(question, named))
            counted = max((_limits(t) for t in tests if _counts(t)), default=[0.0])
            others = min(unnamed, int(max(counted)) + 1)
            if others:
                one = Variable(variable.of, variable.side, _OTHERS)
                self.values[one] = list(range(others + 1))
        else:
            self.values[variable] = [None, *_values(self.protocol, question, tests)]

    def answers(self, chosen: Mapping[Variable, int]) -> dict[str, Any]:
        """Return the answers that some values stand for; what is left out is not asked.

        Age, sex and built-in facts are among them, under their names.
        """
        found: dict[str, Any] = {}
        for variable, number in chosen.items():
            value = self.values[variable][number]
            if variable.option or value is None:
                continue
            if value in (_NONE, SOME):
                value = self._list(variable, chosen)
            if variable.side is None:
                found[variable.of] = value
            else:
                found.setdefault(variable.of, {})[variable.side] = value
        return found

    def _list(self, variable: Variable, chosen: Mapping[Variable, int]) -> list[str]:
        question = self.protocol.questions[variable.of]
        if self.values[variable][chosen[variable]] == _NONE:
            return [question.none_option] if question.none_option else []
        options = {v.option: v for v in self.options(variable)}
        unnamed = _unnamed(question, options.keys())
        picked = [o for o, v in options.items() if chosen.get(v) and o != _OTHERS]
        out = {question.none_option, *(v.option for v in chosen)}
        others = chosen.get(options[_OTHERS], 0) if _OTHERS in options else 0
        # A test that reads no option still needs a list that is not empty.
        any_other = [o for o in question.options or () if o not in out]
        return [*picked, *unnamed[:others]] or any_other[:1]


def _unnamed(question: Question, named: Iterable[str]) -> list[str]:
    out = {question.none_option, *UNKNOWN_OPTIONS, *named}
    return [option for option in question.options or () if option not in out]


def _counts(test: Leaf) -> bool:
    return isinstance(test, Compare) and isinstance(test.left, Count)


def _limits(test: Leaf) -> list[float]:
    """Return the number that a test compares with, in base units."""
    if isinstance(test, Compare) and isinstance(test.right, Constant):
        return [test.right.number]
    return []


def _values_of_fact(name: str, tests: list[Leaf]) -> list[Any]:
    if name == AGE:
        around = {n + d for t in tests for n in _limits(t) for d in (-1, 0, 1)}
        return [None, *sorted(int(n) for n in around if 0 <= n <= 130)]
    return [None, "female", "male"] if name == SEX else [False, True]


def _values(protocol: Protocol, question: Question, tests: list[Leaf]) -> list[Any]:
    limits = {n for t in tests for n in _limits(t)}
    found: list[Any] = []
    match question.kind:
        case "flag":
            found = ["yes", "no", "unsure"]
        case "choice":
            named = {o for t in tests if isinstance(t, ChoiceIn) for o in t.options}
            found = [*sorted(named), *_unnamed(question, named)[:1]]
        case "grade":
            found = list(GRADE_SCALES[question.scale])
        case "scale":
            found = list(range(11))
        case "rows":
            found = [["x"] * n for n in range(int(max(limits, default=0)) + 2)]
        case "date":
            days = sorted({max(0.0, n + d) for n in limits for d in (-1, 0, 1)})
            found = [(ON - timedelta(round(n))).isoformat() for n in days]
        case "number" | "pair":
            found = _numbers(question, tests, limits)
    return _possible(protocol, question, found)


def _numbers(question: Question, tests: list[Leaf], limits: set[float]) -> list[Any]:
    apart = {n for t in tests if _is_difference(t) for n in _limits(t)}
    if apart:
        # Two numbers so far apart: one at a limit of its own, the other beyond.
        limits = (limits - apart) or {_ANCHOR}
        limits |= {low + far for low in limits for far in apart}
    made = [_number(question, n, step) for n in sorted(limits) for step in (-1, 0, 1)]
    if any(isinstance(test, OutsideLimit) for test in tests):
        made += _about_limit(question)
    if question.kind == "number":
        return made
    lower = made if _reads_both(tests) else [_number(question, 60, 0)]
    return [{"systolic": s, "diastolic": d} for s in made for d in lower]


def _is_difference(test: Leaf) -> bool:
    left = test.left if isinstance(test, Compare) else None
    return isinstance(left, Combined) and left.how == "difference"


def _reads_both(tests: list[Leaf]) -> bool:
    def halves(amount: Amount) -> Iterator[str]:
        if isinstance(amount, NumberOf):
            yield amount.half
        for one in amount.of if isinstance(amount, Combined) else ():
            yield from halves(one)

    found = {h for t in tests if isinstance(t, Compare) for h in halves(t.left)}
    return "diastolic" in found


def _number(question: Question, base: float, steps: int) -> dict[str, Any]:
    """Return a number some steps above a limit, in the unit in which that is whole."""

    def value_in(code: str) -> float:
        unit = UNITS[code]
        mass = question.molar_mass or 1.0
        by_amount = unit.dimension == "amount concentration"
        return round((base / (mass if by_amount else 1) - unit.offset) / unit.factor, 6)

    whole = [u for u in question.units if value_in(u).is_integer()]
    unit = min(whole or question.units, key=value_in)
    tenths = unit in IN_TENTHS or not whole
    value = round(value_in(unit) + steps * (0.1 if tenths else 1.0), 6)
    return {"value": value, "unit": unit}


def _about_limit(question: Question) -> list[dict[str, Any]]:
    limits = question.limits
    if limits is None:
        return [
            {"value": n, "unit": question.units[0], "low": 40, "high": 60}
            for n in (30, 50, 70)
        ]
    ends = [n for n in (limits.low, limits.high) if n is not None]
    around = sorted({n + d for n in ends for d in (-0.1, 0, 0.1)})
    return [{"value": round(n, 6), "unit": limits.unit} for n in around]


def _possible(
    protocol: Protocol, question: Question, values: Iterable[Any]
) -> list[Any]:
    """Return the values that the question can hold, each once."""
    found: list[Any] = []
    for value in values:
        try:
            if question.sided:
                stored = checked(protocol, question, {"left": value})["left"]
            else:
                stored = checked(protocol, question, value)
        except AnswerRefusedError:
            continue
        if stored not in found:
            found.append(stored)
    return found
