"""Numbers in expressions: what they are made from, and what is known of them.

Every amount is an interval in base units: a missing answer stands for every number, a
partial date for each of its days.
"""

from abc import ABC, abstractmethod
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from intake.answered import BIRTH_DATE, NONE, Ids, Interval, Side

if TYPE_CHECKING:
    from intake.facts import Facts


class Amount(ABC):
    """A number in base units, known as an interval; unknown is every number."""

    @abstractmethod
    def interval(self, facts: "Facts") -> Interval:
        """Return the least and the greatest value it can have."""

    @abstractmethod
    def unknown(self, facts: "Facts") -> Ids:
        """Return the questions not known that it is made from."""

    @abstractmethod
    def known(self, facts: "Facts") -> Ids:
        """Return the answered questions that it is made from."""

    @abstractmethod
    def reads(self) -> Ids:
        """Return the questions it can be made from."""


@dataclass(frozen=True, slots=True)
class NumberOf(Amount):
    """The answer to a number, scale or grade question, or one half of a pair."""

    question: str
    half: str = ""
    side: Side | None = None

    def interval(self, facts: "Facts") -> Interval:
        return facts.number(self.question, self.half, self.side)

    def unknown(self, facts: "Facts") -> Ids:
        low, high = self.interval(facts)
        return NONE if low == high else facts.could_settle(self.question)

    def known(self, facts: "Facts") -> Ids:
        return facts.settled_by(self.question)

    def reads(self) -> Ids:
        return frozenset((self.question,))


@dataclass(frozen=True, slots=True)
class Age(Amount):
    """The patient's age in years on the day of the visit."""

    def interval(self, facts: "Facts") -> Interval:
        return facts.age

    def unknown(self, facts: "Facts") -> Ids:
        low, high = facts.age
        return NONE if low == high else frozenset((BIRTH_DATE,))

    def known(self, facts: "Facts") -> Ids:  # noqa: ARG002  (no question made it)
        return NONE

    def reads(self) -> Ids:
        return NONE


@dataclass(frozen=True, slots=True)
class Since(Amount):
    """The time from a date to the day of the visit, in days."""

    question: str

    def interval(self, facts: "Facts") -> Interval:
        return facts.time_since(self.question)

    def unknown(self, facts: "Facts") -> Ids:
        low, high = self.interval(facts)
        return NONE if low == high else frozenset((self.question,))

    def known(self, facts: "Facts") -> Ids:
        answered = facts.answer(self.question) is not None
        return frozenset((self.question,)) if answered else NONE

    def reads(self) -> Ids:
        return frozenset((self.question,))


@dataclass(frozen=True, slots=True)
class Count(Amount):
    """How many options or rows an answer has, its none option not counted."""

    question: str
    none_option: str

    def interval(self, facts: "Facts") -> Interval:
        answer = facts.answer(self.question)
        if answer is None:
            return (0.0, float("inf"))
        number = float(sum(item != self.none_option for item in answer))
        return (number, number)

    def unknown(self, facts: "Facts") -> Ids:
        missing = facts.answer(self.question) is None
        return frozenset((self.question,)) if missing else NONE

    def known(self, facts: "Facts") -> Ids:
        return NONE if self.unknown(facts) else frozenset((self.question,))

    def reads(self) -> Ids:
        return frozenset((self.question,))


@dataclass(frozen=True, slots=True)
class Constant(Amount):
    """A number written in the expression, in base units."""

    number: float

    def interval(self, facts: "Facts") -> Interval:  # noqa: ARG002  (always the same)
        return (self.number, self.number)

    def unknown(self, facts: "Facts") -> Ids:  # noqa: ARG002  (always the same)
        return NONE

    def known(self, facts: "Facts") -> Ids:  # noqa: ARG002  (always the same)
        return NONE

    def reads(self) -> Ids:
        return NONE


@dataclass(frozen=True, slots=True)
class Combined(Amount):
    """The difference, the highest or the lowest of several amounts."""

    how: Literal["difference", "highest", "lowest"]
    of: tuple[Amount, ...]

    def interval(self, facts: "Facts") -> Interval:
        intervals = [amount.interval(facts) for amount in self.of]
        if self.how == "highest":
            return (max(i[0] for i in intervals), max(i[1] for i in intervals))
        if self.how == "lowest":
            return (min(i[0] for i in intervals), min(i[1] for i in intervals))
        (low_a, high_a), (low_b, high_b) = intervals
        least = max(0.0, low_a - high_b, low_b - high_a)
        return (least, max(high_a - low_b, high_b - low_a))

    def unknown(self, facts: "Facts") -> Ids:
        return NONE.union(*(amount.unknown(facts) for amount in self.of))

    def known(self, facts: "Facts") -> Ids:
        return NONE.union(*(amount.known(facts) for amount in self.of))

    def reads(self) -> Ids:
        return NONE.union(*(amount.reads() for amount in self.of))
