"""What is known about one patient at one visit, as the conditions read it.

`Facts` holds the answers that rules may read (answers that are hidden now are left
out by whoever makes it) and remembers what has been worked out once: numbers in base
units, and what follows for every condition of the protocol.
"""

import calendar
from collections.abc import Mapping
from datetime import date
from functools import cached_property
from typing import Any, Literal

from intake.answered import EVERYTHING, NONE, Ids, Interval, Side
from intake.conditions import Condition
from intake.deduction import Deduction
from intake.network import Network
from intake.protocol import Limits, Protocol
from intake.protocol_terms import GRADE_SCALES
from intake.tristate import Truth
from intake.units import UNITS, Quantity

#: How a question is read that its parent excludes, by kind; no option is "".
_NEGATIVES: Mapping[str, Any] = {"flag": "no", "choices": [], "choice": ""}
_DAYS_IN_A_YEAR = UNITS["a"].factor


def span_of(partial: str) -> tuple[date, date]:
    """Return the first and the last day that a partial date (ISO 8601) stands for."""
    year, *rest = (int(part) for part in partial.split("-"))
    if not rest:
        return date(year, 1, 1), date(year, 12, 31)
    if len(rest) == 1:
        last = calendar.monthrange(year, rest[0])[1]
        return date(year, rest[0], 1), date(year, rest[0], last)
    return (day := date(year, rest[0], rest[1])), day


def age_on(day: date, birth: date) -> int:
    """Return the age in completed years."""
    before = (day.month, day.day) < (birth.month, birth.day)
    return day.year - birth.year - before


class Facts:
    """Answers, age and sex of one patient, and the findings that follow.

    Args:
        protocol: the checked protocol.
        answers: question id to stored value, only what rules may read.
        on: the day of the visit; ages and durations are counted to it.
        age: least and greatest age in years; the same twice when it is known.
        sex_at_birth: ``female``, ``male`` or ``unknown``.
    """

    def __init__(
        self,
        protocol: Protocol,
        answers: Mapping[str, Any],
        *,
        on: date,
        age: Interval,
        sex_at_birth: str,
    ) -> None:
        """Start with nothing worked out."""
        self.protocol = protocol
        self.answers = answers
        self.on = on
        self.age = age
        self.sex_at_birth = sex_at_birth
        #: What is read of questions that nobody has to ask; see `deduction`.
        self.excluded: dict[str, Any] = {}
        self._told: dict[str, tuple[Truth, Ids, Ids]] = {}
        self._numbers: dict[tuple[str, str, Side | None], Interval] = {}

    # answers

    def answer(self, question: str, side: Side | None = None) -> Any:  # noqa: ANN401  (a stored value of any kind)
        """Return the stored value, of one side where asked for, or None."""
        value = self.answers.get(question)
        if value is None:
            return self.excluded.get(question)
        return value if side is None else value.get(side)

    def number(self, question: str, half: str, side: Side | None) -> Interval:
        """Return the answer in base units, or every number when it is not known."""
        key = (question, half, side)
        found = self._numbers.get(key)
        if found is None:
            found = self._numbers[key] = self._number(*key)
        return found

    def _number(self, question_id: str, half: str, side: Side | None) -> Interval:
        question = self.protocol.questions[question_id]
        value = self.answer(question_id, side)
        if half and value is not None:
            value = value.get(half)
        if value is None:
            return self.derived(question_id)
        if question.kind == "scale":
            return (float(value), float(value))
        if question.kind == "grade":
            grade = float(GRADE_SCALES[question.scale].index(value))
            return (grade, grade)
        base = Quantity(value["value"], value["unit"]).in_base(question.molar_mass)
        return (base, base)

    def derived(self, question_id: str) -> Interval:
        """Return the number that other answers give, or every number."""
        question = self.protocol.questions[question_id]
        if question.derive is None:
            return EVERYTHING
        if question.derive.since:
            return self.time_since(question.derive.since)
        product = question.derive.by
        for factor in question.derive.product:
            value = self.answer(factor)
            if value is None:
                return EVERYTHING
            product *= value["value"]
        return (product, product)

    def time_since(self, question: str) -> Interval:
        """Return the days from a date to the visit; a partial date is a span."""
        answer = self.answer(question)
        if answer is None:
            return EVERYTHING
        first, last = span_of(answer)
        least = max(0, (self.on - last).days)
        return (float(least), float(max(least, (self.on - first).days)))

    def could_settle(self, question_id: str) -> Ids:
        """Return the questions whose answers would make a number known."""
        derive = self.protocol.questions[question_id].derive
        missing = derive.sources if derive else ()
        return frozenset((question_id, *missing))

    def settled_by(self, question_id: str) -> Ids:
        """Return the answered questions that a number comes from."""
        if question_id in self.answers:
            return frozenset((question_id,))
        derive = self.protocol.questions[question_id].derive
        return frozenset(
            s for s in (derive.sources if derive else ()) if s in self.answers
        )

    def outside_limit(
        self, question_id: str, which: Literal["above", "below"]
    ) -> Truth:
        """Return whether a laboratory value is outside its limit."""
        value = self.answer(question_id)
        if value is None:
            return None
        question = self.protocol.questions[question_id]
        name = "high" if which == "above" else "low"
        limit = value.get(name)
        unit = value["unit"]
        if limit is None:
            usual = question.limits or Limits(unit)
            limit = usual.high if which == "above" else usual.low
            unit = usual.unit
        if limit is None:
            return None
        bound = Quantity(limit, unit).in_base(question.molar_mass)
        amount = Quantity(value["value"], value["unit"]).in_base(question.molar_mass)
        return amount > bound if which == "above" else amount < bound

    # what follows

    @cached_property
    def reasons(self) -> Deduction:
        """Return what follows for the reasons of the children, from answers alone."""
        return Deduction(self.protocol.hiding, self)

    @cached_property
    def deduction(self) -> Deduction:
        """Return what follows for every condition of the protocol.

        A child that its parent excludes is read as a no: who never had cancer has none
        that is active. It is no answer, so it is printed nowhere and supports nothing.
        """
        children = zip(self.protocol.children, self.protocol.hiding.claims, strict=True)
        self.excluded = {
            child.id: _NEGATIVES[child.kind]
            for child, reason in children
            if child.kind in _NEGATIVES
            and child.id not in self.answers
            and self.reasons.values((reason,))[0] is False
        }
        return Deduction(self.protocol.network, self)

    def deduced(self, condition: Condition) -> tuple[Deduction, int]:
        """Return what follows, and the claim there that a condition is yes.

        A condition that is no part of the protocol is worked out by itself.
        """
        deduction = self.deduction
        claim = self.protocol.network.claim(condition)
        if claim is not None:
            return deduction, claim
        network = Network((condition,), self.protocol.meanings)
        return Deduction(network, self), network.claims[0]

    # facts about the assessment itself

    def tell(self, name: str, value: Truth, undecided: Ids, support: Ids) -> None:
        """Make a built-in fact known, once the assessment has got that far."""
        self._told[name] = (value, undecided, support)
        self.deduction.tell(name, value)

    def built_in(self, name: str) -> Truth:
        """Return a built-in fact, unknown before it was told."""
        return self._told[name][0] if name in self._told else None

    def built_in_undecided(self, name: str) -> Ids:
        """Return the questions that could settle a built-in fact."""
        return self._told[name][1] if name in self._told else NONE

    def built_in_support(self, name: str) -> Ids:
        """Return the answers that make a built-in fact what it is."""
        return self._told[name][2] if name in self._told else NONE
