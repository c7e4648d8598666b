"""What counts towards what: all conditions of a protocol, each distinct one once.

Most conditions share their parts, so a protocol of hundreds of rules has far fewer of
them than it writes. "This condition is yes" and "it is no" are two *claims*, numbered
2n and 2n + 1, so that `claim ^ 1` is the opposite. A claim waits for a number of
others: "at least 2 of 3 are yes" for two that are yes, its opposite for two that are
no. `deduction` carries answers along.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import reduce
from operator import or_

from intake.answered import NONE, Ids, Side
from intake.conditions import (
    AnswerTest,
    AtLeast,
    BuiltIn,
    Condition,
    FindingIs,
    Leaf,
    Not,
)

#: The bit of what is known without an answer: age, sex, numbers derived from others.
WITHOUT_AN_ANSWER = 1


@dataclass(frozen=True, slots=True)
class Readers:
    """The tests that look at the answer to one question, each with its claim.

    `bit` stands for the question where sets of questions are held as bits.
    """

    bit: int
    by_side: dict[Side | None, list[tuple[int, AnswerTest]]] = field(
        default_factory=dict
    )
    others: list[tuple[int, Leaf]] = field(default_factory=list)


class Network:
    """Conditions and all they are made of, numbered.

    Args:
        conditions: those that will be asked about.
        findings: what each name of a finding stands for.
    """

    def __init__(
        self, conditions: Iterable[Condition], findings: Mapping[str, Condition]
    ) -> None:
        """Number the conditions and everything they are made of."""
        #: How many others each claim waits for.
        self.waits_for: list[int] = []
        #: The claims that can count towards each claim; none for a test.
        self.made_of: list[tuple[int, ...]] = []
        #: The tests by the claim that they are yes.
        self.tests: dict[int, Leaf] = {}
        #: Those that need the answer to one question, by question; and all others.
        self.readers: dict[str, Readers] = {}
        self.always: list[tuple[int, Leaf]] = []
        #: The claims about one answer: nothing else settles or supports them.
        self.of_one_answer: set[int] = set()
        #: The questions below each claim, as ids and as bits.
        self.asks: list[Ids] = []
        self.below: list[int] = []
        self._leads_to: list[list[int]] = []
        self._findings = findings
        self._numbers: dict[object, int] = {}
        # Conditions are found again by identity, so each is held.
        self._claims: dict[int, tuple[int, Condition]] = {}
        #: The claim that each condition is yes, in the order given.
        self.claims = tuple(map(self._number, conditions))
        #: The claims that each claim counts towards.
        self.leads_to = tuple(map(tuple, self._leads_to))

    def claim(self, condition: Condition) -> int | None:
        """Return the claim that a condition is yes, or None if it is not among them."""
        found = self._claims.get(id(condition))
        return found[0] if found else None

    def built_in(self, name: str) -> int | None:
        """Return the claim that a built-in fact holds, if any condition reads it."""
        return self._numbers.get(BuiltIn(name))

    def _number(self, condition: Condition) -> int:
        match condition:
            case AtLeast(number, of):
                claim = self._made(number, tuple(map(self._number, of)))
            case FindingIs(name):
                if name not in self._numbers:
                    self._numbers[name] = self._number(self._findings[name])
                claim = self._numbers[name]
            case Not(part):
                claim = self._number(part) ^ 1
            case Leaf():
                claim = self._test(condition)
            case _:  # pragma: no cover  (there are no other conditions)
                raise TypeError(condition)
        self._claims[id(condition)] = (claim, condition)
        return claim

    def _made(self, number: int, parts: tuple[int, ...]) -> int:
        key = (number, parts)
        if key not in self._numbers:
            opposites = tuple(part ^ 1 for part in parts)
            claim = self._numbers[key] = self._new(
                (number, len(parts) - number + 1),
                (parts, opposites),
                NONE.union(*(self.asks[part] for part in parts)),
                reduce(or_, (self.below[part] for part in parts)),
            )
            for part in parts:
                self._leads_to[part].append(claim)
                self._leads_to[part ^ 1].append(claim ^ 1)
        return self._numbers[key]

    def _test(self, test: Leaf) -> int:
        claim = self._numbers.get(test)
        if claim is None:
            readers = self._readers(test.gate) if test.gate else None
            bit = readers.bit if readers else WITHOUT_AN_ANSWER
            claim = self._new((1, 1), ((), ()), test.reads(), bit)
            self._numbers[test] = claim
            self.tests[claim] = test
            if readers is None:
                self.always.append((claim, test))
                return claim
            self.of_one_answer |= {claim, claim ^ 1}
            if isinstance(test, AnswerTest):
                readers.by_side.setdefault(test.side, []).append((claim, test))
            else:
                readers.others.append((claim, test))
        return claim

    def _readers(self, question: str) -> Readers:
        if question not in self.readers:
            self.readers[question] = Readers(2 << len(self.readers))
        return self.readers[question]

    def _new(
        self,
        waits_for: tuple[int, int],
        made_of: tuple[tuple[int, ...], tuple[int, ...]],
        asks: Ids,
        below: int,
    ) -> int:
        """Add a claim and its opposite, and return the claim."""
        self.waits_for += waits_for
        self.made_of += made_of
        self.asks += (asks, asks)
        self.below += (below, below)
        self._leads_to += ([], [])
        return len(self.waits_for) - 2
