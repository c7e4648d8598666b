"""The parts a `when` expression is made of, and how each is evaluated.

Every part answers four questions about a set of facts:

* `value`: yes, no or unknown;
* `undecided`: which questions, now unknown, could still change an unknown value;
* `support`: which answered questions made a definite value what it is;
* `may_be`: could it become yes (or no) if every question answered "unsure" turned
  out one way or the other? Questions not asked stay unknown.

All are monotone in the answers: a new answer never turns yes into no or no into yes.
"""

from abc import ABC, abstractmethod
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Literal

from intake import tristate
from intake.amounts import Amount
from intake.answered import BIRTH_DATE, EVERYTHING, NONE, SEX_AT_BIRTH, Ids, Side
from intake.protocol_terms import UNKNOWN_OPTIONS, UNSURE_OPTIONS
from intake.tristate import Truth

if TYPE_CHECKING:
    from intake.facts import Facts


class Condition(ABC):
    """A part of an expression that is yes, no or unknown.

    `gate` is the question without which it is unknown, or empty. Most questions of a
    visit are not asked, so most parts need not be evaluated at all.
    """

    @property
    def gate(self) -> str:
        """Return the question that has to be answered first, or nothing."""
        return ""

    @abstractmethod
    def value(self, facts: "Facts") -> Truth:
        """Return yes, no or unknown."""

    def undecided(self, facts: "Facts") -> Ids:
        """Return the unknown questions that could settle an unknown value."""
        if self.value(facts) is not None:
            return NONE
        found: set[str] = set()
        self.collect(facts, found)
        return frozenset(found)

    @abstractmethod
    def collect(self, facts: "Facts", found: set[str]) -> None:
        """Add what is undecided; asked only of a part whose value is unknown."""

    @abstractmethod
    def support(self, facts: "Facts") -> Ids:
        """Return the answered questions that made a definite value."""

    @abstractmethod
    def may_be(self, facts: "Facts", wanted: bool) -> bool:  # noqa: FBT001  (yes or no is the question itself)
        """Return whether unsure answers could make it `wanted`."""

    @abstractmethod
    def parts(self) -> "tuple[Condition, ...]":
        """Return the conditions it is made of."""

    @abstractmethod
    def reads(self) -> Ids:
        """Return the questions this part itself reads."""


class _Leaf(Condition):
    """A condition without parts."""

    def parts(self) -> tuple[Condition, ...]:
        return ()


def _union(sets: Iterator[Ids]) -> Ids:
    return NONE.union(*sets)


@dataclass(frozen=True, slots=True)
class Not(Condition):
    """The opposite."""

    part: Condition

    def value(self, facts: "Facts") -> Truth:
        return tristate.negate(self.part.value(facts))

    def collect(self, facts: "Facts", found: set[str]) -> None:
        self.part.collect(facts, found)

    def support(self, facts: "Facts") -> Ids:
        return self.part.support(facts)

    def may_be(self, facts: "Facts", wanted: bool) -> bool:  # noqa: FBT001  (see Condition)
        return self.part.may_be(facts, not wanted)

    def parts(self) -> tuple[Condition, ...]:
        return (self.part,)

    def reads(self) -> Ids:
        return NONE


@dataclass(frozen=True, slots=True)
class AtLeast(Condition):
    """At least `number` of the parts. `and` is all of them, `or` is one of them."""

    number: int
    of: tuple[Condition, ...]
    _gated: tuple[tuple[str, Condition], ...] = field(init=False, repr=False)

    def __post_init__(self) -> None:
        """Put each part's gate beside it."""
        object.__setattr__(self, "_gated", tuple((p.gate, p) for p in self.of))

    def value(self, facts: "Facts") -> Truth:
        remembered = facts.remembered
        if (key := id(self)) in remembered:
            return remembered[key]
        needed = self.number
        spare = len(self.of) - needed
        result: Truth = None
        answers = facts.answers
        for gate, part in self._gated:
            if gate and gate not in answers:
                continue
            value = part.value(facts)
            if value is True:
                needed -= 1
                if not needed:
                    result = True
                    break
            elif value is False:
                spare -= 1
                if spare < 0:
                    result = False
                    break
        remembered[key] = result
        return result

    def collect(self, facts: "Facts", found: set[str]) -> None:
        answers = facts.answers
        for gate, part in self._gated:
            if gate and gate not in answers:
                found.add(gate)
            elif part.value(facts) is None:
                part.collect(facts, found)

    def support(self, facts: "Facts") -> Ids:
        value = self.value(facts)
        if value is None:
            return NONE
        return _union(p.support(facts) for p in self.of if p.value(facts) is value)

    def may_be(self, facts: "Facts", wanted: bool) -> bool:  # noqa: FBT001  (see Condition)
        needed = self.number if wanted else len(self.of) - self.number + 1
        for part in self.of:
            if part.may_be(facts, wanted):
                needed -= 1
                if needed <= 0:
                    return True
        return False

    def parts(self) -> tuple[Condition, ...]:
        return self.of

    def reads(self) -> Ids:
        return NONE


@dataclass(frozen=True, slots=True)
class FindingIs(_Leaf):
    """A named finding holds; its parts are evaluated once for each set of facts."""

    finding: str

    def value(self, facts: "Facts") -> Truth:
        known = facts.known_findings
        if self.finding in known:
            return known[self.finding]
        return facts.finding(self.finding)

    def collect(self, facts: "Facts", found: set[str]) -> None:
        found |= facts.finding_undecided(self.finding)

    def support(self, facts: "Facts") -> Ids:
        return facts.finding_support(self.finding)

    def may_be(self, facts: "Facts", wanted: bool) -> bool:  # noqa: FBT001  (see Condition)
        return facts.finding_may_be(self.finding, wanted=wanted)

    def reads(self) -> Ids:
        return NONE


@dataclass(frozen=True, slots=True)
class BuiltIn(_Leaf):
    """A fact about the assessment itself: `core_done`, `nothing_above_monitor`."""

    name: str

    def value(self, facts: "Facts") -> Truth:
        return facts.built_in(self.name)

    def collect(self, facts: "Facts", found: set[str]) -> None:
        found |= facts.built_in_undecided(self.name)

    def support(self, facts: "Facts") -> Ids:
        return facts.built_in_support(self.name)

    def may_be(self, facts: "Facts", wanted: bool) -> bool:  # noqa: FBT001  (see Condition)
        return self.value(facts) is wanted

    def reads(self) -> Ids:
        return NONE


class _AnswerTest(_Leaf):
    """A test of one answer: definite, unsure, or not there."""

    __slots__ = ()
    question: str

    @property
    def gate(self) -> str:
        return self.question

    def _state(self, facts: "Facts") -> "Truth | Literal['unsure']":
        raise NotImplementedError  # pragma: no cover  (every subclass has its own)

    def value(self, facts: "Facts") -> Truth:
        # Most questions are not asked: the quick way out is worth a line.
        if self.question not in facts.answers:
            return None
        state = self._state(facts)
        return None if state == "unsure" else state

    def collect(self, facts: "Facts", found: set[str]) -> None:  # noqa: ARG002  (it is this one)
        found.add(self.question)

    def support(self, facts: "Facts") -> Ids:
        return NONE if self.value(facts) is None else frozenset((self.question,))

    def may_be(self, facts: "Facts", wanted: bool) -> bool:  # noqa: FBT001  (see Condition)
        if self.question not in facts.answers:
            return False
        state = self._state(facts)
        return state == "unsure" or state is wanted

    def reads(self) -> Ids:
        return frozenset((self.question,))


@dataclass(frozen=True, slots=True)
class FlagIs(_AnswerTest):
    """A yes/no question is answered yes."""

    question: str
    side: Side | None = None

    def _state(self, facts: "Facts") -> "Truth | Literal['unsure']":
        answer = facts.answer(self.question, self.side)
        if answer == "yes":
            return True
        if answer == "no":
            return False
        return "unsure" if answer == "unsure" else None


@dataclass(frozen=True, slots=True)
class Possible(_AnswerTest):
    """A yes/no question is answered yes or unsure."""

    question: str
    side: Side | None = None

    def _state(self, facts: "Facts") -> "Truth | Literal['unsure']":
        answer = facts.answer(self.question, self.side)
        return None if answer is None else answer != "no"


@dataclass(frozen=True, slots=True)
class ChoiceIn(_AnswerTest):
    """A choice is one of the options (or, negated, none of them)."""

    question: str
    options: frozenset[str]
    side: Side | None = None
    negated: bool = False

    def _state(self, facts: "Facts") -> "Truth | Literal['unsure']":
        answer = facts.answer(self.question, self.side)
        if answer is None or answer in UNKNOWN_OPTIONS:
            return "unsure" if answer in UNSURE_OPTIONS else None
        return (answer in self.options) is not self.negated


@dataclass(frozen=True, slots=True)
class ChoicesHold(_AnswerTest):
    """A list of choices holds the option (or, negated, does not).

    An empty list means "asked, none of these": it holds the none option.
    """

    question: str
    option: str
    side: Side | None = None
    negated: bool = False
    is_none: bool = False

    def _state(self, facts: "Facts") -> "Truth | Literal['unsure']":
        answer = facts.answer(self.question, self.side)
        if answer is None:
            return None
        holds = self.option in answer or (self.is_none and not answer)
        return holds is not self.negated


@dataclass(frozen=True, slots=True)
class SexIs(_Leaf):
    """The patient's sex at birth is one of the options."""

    options: frozenset[str]
    negated: bool = False

    def value(self, facts: "Facts") -> Truth:
        sex = facts.sex_at_birth
        return None if sex == "unknown" else (sex in self.options) is not self.negated

    def collect(self, facts: "Facts", found: set[str]) -> None:  # noqa: ARG002  (it is this one)
        found.add(SEX_AT_BIRTH)

    def support(self, facts: "Facts") -> Ids:  # noqa: ARG002  (nothing answered made it)
        return NONE

    def may_be(self, facts: "Facts", wanted: bool) -> bool:  # noqa: FBT001  (see Condition)
        value = self.value(facts)
        return value is None or value is wanted

    def reads(self) -> Ids:
        return NONE


@dataclass(frozen=True, slots=True)
class Compare(_Leaf):
    """An amount is on one side of another; definite only where every value agrees."""

    left: Amount
    operator: Literal["<", "<=", ">", ">=", "==", "!="]
    right: Amount
    needs: str = ""

    @property
    def gate(self) -> str:
        return self.needs

    def value(self, facts: "Facts") -> Truth:
        low, high = known = self.left.interval(facts)
        if known == EVERYTHING:
            return None
        least, most = self.right.interval(facts)
        match self.operator:
            case "<":
                return True if high < least else (False if low >= most else None)
            case "<=":
                return True if high <= least else (False if low > most else None)
            case ">":
                return True if low > most else (False if high <= least else None)
            case ">=":
                return True if low >= most else (False if high < least else None)
        same = True if low == high == least == most else None
        if high < least or low > most:
            same = False
        return same if self.operator == "==" else tristate.negate(same)

    def collect(self, facts: "Facts", found: set[str]) -> None:
        found |= self.left.unknown(facts)
        found |= self.right.unknown(facts)

    def support(self, facts: "Facts") -> Ids:
        if self.value(facts) is None:
            return NONE
        return self.left.known(facts) | self.right.known(facts)

    def may_be(self, facts: "Facts", wanted: bool) -> bool:  # noqa: FBT001  (see Condition)
        value = self.value(facts)
        if value is None:
            # Age is asked at registration: not known there is unsure, not unasked.
            return self.undecided(facts) == {BIRTH_DATE}
        return value is wanted

    def reads(self) -> Ids:
        return self.left.reads() | self.right.reads()


@dataclass(frozen=True, slots=True)
class OutsideLimit(_Leaf):
    """A laboratory value lies above or below its laboratory's limit."""

    question: str
    which: Literal["above", "below"]

    def value(self, facts: "Facts") -> Truth:
        return facts.outside_limit(self.question, self.which)

    def collect(self, facts: "Facts", found: set[str]) -> None:  # noqa: ARG002  (it is this one)
        found.add(self.question)

    def support(self, facts: "Facts") -> Ids:
        return NONE if self.value(facts) is None else frozenset((self.question,))

    def may_be(self, facts: "Facts", wanted: bool) -> bool:  # noqa: FBT001  (see Condition)
        return self.value(facts) is wanted

    def reads(self) -> Ids:
        return frozenset((self.question,))
