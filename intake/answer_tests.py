"""The tests at the bottom of every expression: each looks at one answer or number.

What each has to say is described in `conditions`.
"""

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from intake.amounts import Amount
from intake.answered import BIRTH_DATE, EVERYTHING, NONE, SEX_AT_BIRTH, Ids, Side
from intake.answers import Value
from intake.conditions import AnswerTest, Leaf
from intake.protocol_terms import UNKNOWN_OPTIONS, UNSURE_OPTIONS
from intake.tristate import Truth, negate

if TYPE_CHECKING:
    from intake.facts import Facts

Operator = Literal["<", "<=", ">", ">=", "==", "!="]


@dataclass(frozen=True, slots=True)
class FlagIs(AnswerTest):
    """A yes/no question is answered yes."""

    question: str
    side: Side | None = None

    def of(self, answer: Value) -> Truth:
        if answer == "yes":
            return True
        return False if answer == "no" else None

    def is_unsure(self, answer: Value) -> bool:
        return bool(answer == "unsure")


@dataclass(frozen=True, slots=True)
class Possible(AnswerTest):
    """A yes/no question is answered yes or unsure."""

    question: str
    side: Side | None = None

    def of(self, answer: Value) -> Truth:
        return bool(answer != "no")


@dataclass(frozen=True, slots=True)
class ChoiceIn(AnswerTest):
    """A choice is one of the options (or, negated, none of them)."""

    question: str
    options: frozenset[str]
    side: Side | None = None
    negated: bool = False

    def of(self, answer: Value) -> Truth:
        if answer in UNKNOWN_OPTIONS:
            return None
        return (answer in self.options) is not self.negated

    def is_unsure(self, answer: Value) -> bool:
        return answer in UNSURE_OPTIONS


@dataclass(frozen=True, slots=True)
class ChoicesHold(AnswerTest):
    """A list of choices holds the option (or, negated, does not).

    An empty list means "asked, none of these": it holds the none option.
    """

    question: str
    option: str
    side: Side | None = None
    negated: bool = False
    is_none: bool = False

    def of(self, answer: Value) -> Truth:
        holds = self.option in answer or (self.is_none and not answer)
        return holds is not self.negated


@dataclass(frozen=True, slots=True)
class OutsideLimit(Leaf):
    """A laboratory value lies above or below its laboratory's limit."""

    question: str
    which: Literal["above", "below"]

    @property
    def gate(self) -> str:
        return self.question

    def value(self, facts: "Facts") -> Truth:
        return facts.outside_limit(self.question, self.which)

    def undecided(self, facts: "Facts") -> Ids:
        return self.reads() if self.value(facts) is None else NONE

    def support(self, facts: "Facts") -> Ids:
        return NONE if self.value(facts) is None else self.reads()

    def may_be(self, facts: "Facts", wanted: bool) -> bool:  # noqa: FBT001  (see Condition)
        return self.value(facts) is wanted

    def reads(self) -> Ids:
        return frozenset((self.question,))


@dataclass(frozen=True, slots=True)
class SexIs(Leaf):
    """The patient's sex at birth is one of the options."""

    options: frozenset[str]
    negated: bool = False

    def value(self, facts: "Facts") -> Truth:
        sex = facts.sex_at_birth
        return None if sex == "unknown" else (sex in self.options) is not self.negated

    def undecided(self, facts: "Facts") -> Ids:
        return frozenset((SEX_AT_BIRTH,)) if self.value(facts) is None else NONE

    def support(self, facts: "Facts") -> Ids:  # noqa: ARG002  (nothing answered made it)
        return NONE

    def may_be(self, facts: "Facts", wanted: bool) -> bool:  # noqa: FBT001  (see Condition)
        value = self.value(facts)
        return value is None or value is wanted

    def reads(self) -> Ids:
        return NONE


@dataclass(frozen=True, slots=True)
class Compare(Leaf):
    """An amount is on one side of another; definite only where every value agrees."""

    left: Amount
    operator: Operator
    right: Amount
    needs: str = ""

    @property
    def gate(self) -> str:
        return self.needs

    def value(self, facts: "Facts") -> Truth:
        low, high = known = self.left.interval(facts)
        if known is EVERYTHING:
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
        return same if self.operator == "==" else negate(same)

    def undecided(self, facts: "Facts") -> Ids:
        if self.value(facts) is not None:
            return NONE
        return self.left.unknown(facts) | self.right.unknown(facts)

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
