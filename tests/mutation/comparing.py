"""Conditions as decision diagrams: where each is yes, and where it is no.

Answers that the form would hide are no combination. A child that its parent excludes
is read as a no, as `Facts.deduction` does it.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from functools import cached_property
from random import Random
from typing import Any

from intake.amounts import Combined, Count, NumberOf
from intake.answer_tests import ChoicesHold, Compare
from intake.conditions import AtLeast, Condition, FindingIs, Leaf, Not
from intake.facts import Facts
from intake.patient import Patient
from intake.protocol import Protocol, Question
from intake.when_language import BUILT_INS
from tests.cases.case_file import ON
from tests.mutation.diagrams import NO, YES, Diagrams
from tests.mutation.values import AGE, SEX, SOME, Space, Variable, variables_of

#: Where a condition is yes, and where it is no; elsewhere it is unknown.
YesNo = tuple[int, int]
#: The `when` and the `unless` of a rule; a finding is like a rule without `unless`.
Pair = tuple[Condition, Condition | None]
_NEGATIVES: Mapping[str, Any] = {"flag": "no", "choices": []}


class Comparison:
    """Some conditions of a protocol, written as diagrams over what they read."""

    def __init__(self, protocol: Protocol, conditions: Iterable[Condition]) -> None:
        """Write nothing yet; each condition is written when it is asked for."""
        self._protocol = protocol
        tests = list(dict.fromkeys(t for c in conditions for t in self._tests(c)))
        read = {variable.of for test in tests for variable in variables_of(test)}
        self._children = [q for q in protocol.children if q.id in read]
        # What excludes a child counts where the conditions read that anyway.
        reasons = [t for q in self._children for t in self._tests(_reason(q))]
        tests += [t for t in reasons if {v.of for v in variables_of(t)} <= read]
        self._space = Space(protocol, tests)
        self._places = {v: place for place, v in enumerate(self._space.values)}
        self._diagrams = Diagrams([len(v) for v in self._space.values.values()])
        self._known: dict[Condition, YesNo] = {}

    def plainest_difference(self, one: Pair, other: Pair) -> dict[str, Any] | None:
        """Return the fewest answers on which two rules come out in unlike ways.

        Age, sex and built-in facts are among the answers, under their names.
        """
        costs = [
            [0] + [1] * (len(values) - 1) for values in self._space.values.values()
        ]
        variables = list(self._space.values)
        # One that fires and one that does not is plainer than one that cannot tell.
        ways = zip(self._outcomes(*one), self._outcomes(*other), strict=True)
        for one_way, other_way in ways:
            differ = self._diagrams.unlike(one_way, other_way)
            seen = self._diagrams.both(differ, self._seen)
            path = self._diagrams.cheapest(seen, costs)
            if path is not None:
                chosen = {variables[place]: value for place, value in path}
                return self._space.answers(chosen)
        return None

    def _outcomes(self, when: Condition, unless: Condition | None) -> Sequence[int]:
        """Return where a rule fires, is held back and cannot tell."""
        yes, no = self.written(when)
        held = self.written(unless)[0] if unless else NO
        diagrams = self._diagrams
        free = diagrams.opposite(held)
        unknown = diagrams.opposite(diagrams.either(yes, no))
        return (
            diagrams.both(yes, free),
            diagrams.both(yes, held),
            diagrams.both(unknown, free),
        )

    def written(self, condition: Condition) -> YesNo:
        """Return where a condition is yes and where it is no."""
        condition = _taken_apart(condition)
        if condition not in self._known:
            self._known[condition] = self._write(condition)
        return self._known[condition]

    def _write(self, condition: Condition) -> YesNo:
        match condition:
            case Not(part):
                yes, no = self.written(part)
                return no, yes
            case FindingIs(name):
                return self.written(self._protocol.meanings[name])
            case AtLeast(number, of):
                yes_of, no_of = zip(*map(self.written, of), strict=True)
                most = len(of) - number + 1
                at_least = self._diagrams.at_least
                return at_least(number, yes_of), at_least(most, no_of)
            case Leaf():
                return self._written_test(condition)
        raise TypeError(condition)

    def drawn(self, chance: Random) -> dict[Variable, int]:
        """Return a value of every variable, such that no answer is hidden."""
        while True:
            values = self._space.values.items()
            chosen = {v: chance.randrange(len(some)) for v, some in values}
            # Most of the time most is not asked, or nothing would stay unknown.
            chosen = {v: n if chance.random() < 0.4 else 0 for v, n in chosen.items()}
            if self.holds(self._seen, chosen):
                return chosen

    def answers(self, chosen: Mapping[Variable, int]) -> dict[str, Any]:
        """Return the answers that the values stand for."""
        return self._space.answers(chosen)

    def holds(self, diagram: int, chosen: Mapping[Variable, int]) -> bool:
        """Return whether a diagram is true of some values."""
        return self._diagrams.holds(diagram, list(chosen.values()))

    # tests

    def _tests(self, condition: Condition) -> Iterator[Leaf]:
        condition = _taken_apart(condition)
        if isinstance(condition, FindingIs):
            yield from self._tests(self._protocol.meanings[condition.finding])
        elif isinstance(condition, Leaf):
            yield condition
        for part in condition.parts():
            yield from self._tests(part)

    def _written_test(self, test: Leaf) -> YesNo:
        variables = variables_of(test)
        if any(variable not in self._places for variable in variables):
            return NO, NO  # not asked, so never known
        asked = {*variables, *self._derived_from(test)}
        match test:
            case ChoicesHold(question, option, side):
                asked |= {Variable(question, side, option)} & self._places.keys()
            case Compare(Count()):
                asked |= {*self._space.options(variables[0])}
        yes, no = self._by_answers(test, sorted(asked, key=self._places.get), {})  # type: ignore[arg-type]  # all have a place
        if len(variables) == 1 and (excluded := self._excluded(variables[0])):
            value = test.value(self._facts(self._negative(variables[0])))
            yes = self._diagrams.either(yes, excluded) if value is True else yes
            no = self._diagrams.either(no, excluded) if value is False else no
        return yes, no

    def _derived_from(self, test: Leaf) -> set[Variable]:
        left = test.left if isinstance(test, Compare) else None
        if not isinstance(left, NumberOf):
            return set()
        derive = self._protocol.questions[left.question].derive
        sources = {Variable(s) for s in (derive.sources if derive else ())}
        return sources & self._places.keys()

    def _by_answers(
        self, test: Leaf, ahead: Sequence[Variable], chosen: Mapping[Variable, int]
    ) -> YesNo:
        """Ask the engine about every combination of what one test reads."""
        if not ahead:
            value = test.value(self._facts(self._space.answers(chosen)))
            return (YES if value is True else NO), (YES if value is False else NO)
        first, *rest = ahead
        pairs = [
            self._by_answers(test, rest, {**chosen, first: number})
            for number in range(len(self._space.values[first]))
        ]
        yes, no = zip(*pairs, strict=True)
        place = self._places[first]
        return self._diagrams.ask(place, yes), self._diagrams.ask(place, no)

    def _facts(self, answers: Mapping[str, Any]) -> Facts:
        return facts_of(self._protocol, answers)

    # what can be answered

    def _excluded(self, variable: Variable) -> int:
        """Return where a child is not asked, and its parent excludes it."""
        for child in self._children:
            if child.id == variable.of and child.kind in _NEGATIVES:
                _, excluded = self.written(_reason(child))
                return self._diagrams.both(excluded, self._is(variable, 0))
        return NO

    def _negative(self, variable: Variable) -> dict[str, Any]:
        negative = _NEGATIVES[self._protocol.questions[variable.of].kind]
        return {variable.of: {variable.side: negative} if variable.side else negative}

    def _is(self, variable: Variable, *numbers: int) -> int:
        values = self._space.values[variable]
        then = [YES if number in numbers else NO for number in range(len(values))]
        return self._diagrams.ask(self._places[variable], then)

    @cached_property
    def _seen(self) -> int:
        """Return where no answer is hidden, and no list is without an option."""
        diagrams, seen = self._diagrams, YES
        for variable, values in self._space.values.items():
            options = self._space.options(variable) if SOME in values else []
            if options:
                none_chosen = [self._is(option, 0) for option in options]
                empty = [self._is(variable, values.index(SOME)), *none_chosen]
                seen = diagrams.both(seen, self._not_all(empty))
        for child in self._children:
            _, excluded = self.written(_reason(child))
            for variable in self._places:
                if variable.of == child.id and not variable.option:
                    answered = diagrams.opposite(self._is(variable, 0))
                    seen = diagrams.both(seen, self._not_all([excluded, answered]))
        return seen

    def _not_all(self, of: Sequence[int]) -> int:
        return self._diagrams.opposite(self._diagrams.at_least(len(of), of))


def facts_of(protocol: Protocol, answers: Mapping[str, Any]) -> Facts:
    """Return the facts of answers; age, sex and built-in facts go by their names."""
    about = (
        {AGE: None, SEX: "unknown"} | dict.fromkeys(BUILT_INS, False) | dict(answers)
    )
    patient = Patient("case", stated_age=about.pop(AGE), sex_at_birth=about.pop(SEX))
    told = {name: about.pop(name) for name in BUILT_INS}
    facts = Facts(
        protocol,
        about,
        on=ON,
        age=patient.age_on(ON),
        sex_at_birth=patient.sex_at_birth,
    )
    for name, value in told.items():
        facts.tell(name, value, frozenset(), frozenset())
    return facts


def _reason(child: Question) -> Condition:
    assert child.opens is not None
    return child.opens.condition


def _taken_apart(condition: Condition) -> Condition:
    """Return "the lowest is below" as "one is below", which says the same."""
    match condition:
        case Compare(Combined(("lowest" | "highest") as how, of), operator):
            if operator in ("==", "!="):
                return condition
            parts = tuple(replace(condition, left=one) for one in of)
            one_is_enough = (how == "lowest") is operator.startswith("<")
            return AtLeast(1 if one_is_enough else len(parts), parts)
    return condition
