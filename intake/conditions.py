"""The parts a `when` expression is made of, and what each can be asked.

Every part answers four questions about a set of facts:

* `value`: yes, no or unknown;
* `undecided`: which questions, now unknown, could still change an unknown value;
* `support`: which answered questions made a definite value what it is;
* `may_be`: could it become yes (or no) if every question answered "unsure" turned
  out one way or the other? Questions not asked stay unknown.

All are monotone in the answers: a new answer never turns yes into no or no into yes.
A test (`answer_tests`) looks at the answers; what is made of tests only says how, and
`deduction` answers for it.
"""

from abc import ABC, abstractmethod
from dataclasses import dataclass
from typing import TYPE_CHECKING

from intake.answered import NONE, Ids, Side
from intake.answers import Value
from intake.tristate import Truth

if TYPE_CHECKING:
    from intake.facts import Facts


class Condition(ABC):
    """A part of an expression that is yes, no or unknown."""

    @abstractmethod
    def value(self, facts: "Facts") -> Truth:
        """Return yes, no or unknown."""

    @abstractmethod
    def undecided(self, facts: "Facts") -> Ids:
        """Return the unknown questions that could settle an unknown value."""

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


class _Made(Condition):
    """A condition made of others."""

    __slots__ = ()

    def value(self, facts: "Facts") -> Truth:
        deduction, claim = facts.deduced(self)
        return deduction.value(claim)

    def undecided(self, facts: "Facts") -> Ids:
        deduction, claim = facts.deduced(self)
        return frozenset(deduction.undecided(claim, facts))

    def support(self, facts: "Facts") -> Ids:
        deduction, claim = facts.deduced(self)
        return frozenset(deduction.support(claim, facts))

    def may_be(self, facts: "Facts", wanted: bool) -> bool:  # noqa: FBT001  (see Condition)
        deduction, claim = facts.deduced(self)
        return deduction.may_be(claim if wanted else claim ^ 1, facts)

    def parts(self) -> tuple[Condition, ...]:
        return ()

    def reads(self) -> Ids:
        return NONE


@dataclass(frozen=True, slots=True)
class Not(_Made):
    """The opposite."""

    part: Condition

    def parts(self) -> tuple[Condition, ...]:
        return (self.part,)


@dataclass(frozen=True, slots=True)
class AtLeast(_Made):
    """At least `number` of the parts. `and` is all of them, `or` is one of them."""

    number: int
    of: tuple[Condition, ...]

    def parts(self) -> tuple[Condition, ...]:
        return self.of


@dataclass(frozen=True, slots=True)
class FindingIs(_Made):
    """A named finding holds."""

    finding: str


class Leaf(Condition):
    """A condition without parts: it looks at the facts itself.

    `gate` is the question without which it is unknown, or empty. Most questions of a
    visit are not asked, so most tests need not be looked at.
    """

    __slots__ = ()

    @property
    def gate(self) -> str:
        """Return the question that has to be answered first, or nothing."""
        return ""

    def parts(self) -> tuple[Condition, ...]:
        return ()


@dataclass(frozen=True, slots=True)
class BuiltIn(Leaf):
    """A fact about the assessment itself: `core_done`, `nothing_above_monitor`."""

    name: str

    def value(self, facts: "Facts") -> Truth:
        return facts.built_in(self.name)

    def undecided(self, facts: "Facts") -> Ids:
        return facts.built_in_undecided(self.name)

    def support(self, facts: "Facts") -> Ids:
        return facts.built_in_support(self.name)

    def may_be(self, facts: "Facts", wanted: bool) -> bool:  # noqa: FBT001  (see Condition)
        return self.value(facts) is wanted

    def reads(self) -> Ids:
        return NONE


class AnswerTest(Leaf):
    """A test of one answer, or of one side of it: definite, unsure, or not there."""

    __slots__ = ()
    question: str
    side: Side | None

    @abstractmethod
    def of(self, answer: Value) -> Truth:
        """Return what the test says of an answer that is there."""

    def is_unsure(self, answer: Value) -> bool:  # noqa: ARG002  (most answers are definite)
        """Return whether an answer that decides nothing was given all the same."""
        return False

    @property
    def gate(self) -> str:
        return self.question

    def value(self, facts: "Facts") -> Truth:
        answer = facts.answer(self.question, self.side)
        return None if answer is None else self.of(answer)

    def undecided(self, facts: "Facts") -> Ids:
        return self.reads() if self.value(facts) is None else NONE

    def support(self, facts: "Facts") -> Ids:
        return NONE if self.value(facts) is None else self.reads()

    def may_be(self, facts: "Facts", wanted: bool) -> bool:  # noqa: FBT001  (see Condition)
        answer = facts.answer(self.question, self.side)
        if answer is None:
            return False
        value = self.of(answer)
        return self.is_unsure(answer) if value is None else value is wanted

    def reads(self) -> Ids:
        return frozenset((self.question,))
