"""What follows from the answers: every condition of a network decided at once.

The answers are not looked up from each rule; they are carried forward. An answer
decides the tests that read it, these count towards what is made of them, and so on up
to the rules. What no answer reaches stays unknown and costs nothing.
"""

from collections.abc import Iterable, Sequence
from collections.abc import Set as AbstractSet
from typing import TYPE_CHECKING

from intake.answered import NONE
from intake.conditions import AnswerTest, Leaf
from intake.network import WITHOUT_AN_ANSWER, Network
from intake.tristate import Truth

if TYPE_CHECKING:
    from intake.facts import Facts

_FAILURES = (ArithmeticError, LookupError, TypeError, ValueError)


class Deduction:
    """What follows from one set of facts, and what can be asked about each claim.

    Facts hold their deduction, so it is handed the facts and does not hold them: a
    circle would be left to the garbage collector, for each key that is struck.
    """

    def __init__(self, network: Network, facts: "Facts") -> None:
        """Carry every answer as far as it goes."""
        self.network = network
        #: What each claim still waits for; it holds when that is nothing.
        self._waits_for = network.waits_for.copy()
        #: The tests that failed, and with what.
        self.failed: dict[int, Exception] = {}
        self._undecided: dict[int, AbstractSet[str]] = {}
        self._support: dict[int, AbstractSet[str]] = {}
        self._may_be: dict[int, bool] = {}
        self._answered = WITHOUT_AN_ANSWER
        self._establish(self.decided_tests(facts))

    # from the answers to all that follows

    def decided_tests(self, facts: "Facts") -> list[int]:
        """Return the claims that the tests decide."""
        found: list[int] = []
        for question, answer in (*facts.answers.items(), *facts.excluded.items()):
            readers = self.network.readers.get(question)
            if readers is None:
                continue
            self._answered |= readers.bit
            for side, tests in readers.by_side.items():
                one = answer if side is None else facts.answer(question, side)
                if one is not None:
                    self._ask_of(one, tests, found)
            self._ask(facts, readers.others, found)
        self._ask(facts, self.network.always, found)
        return found

    def _ask_of(
        self, answer: object, tests: Iterable[tuple[int, AnswerTest]], found: list[int]
    ) -> None:
        for claim, test in tests:
            try:
                value = test.of(answer)
            except _FAILURES as failure:
                self.failed[claim] = failure
                continue
            if value is not None:
                found.append(claim if value else claim ^ 1)

    def _ask(
        self, facts: "Facts", tests: Iterable[tuple[int, Leaf]], found: list[int]
    ) -> None:
        for claim, test in tests:
            try:
                value = test.value(facts)
            except _FAILURES as failure:
                self.failed[claim] = failure
                continue
            if value is not None:
                found.append(claim if value else claim ^ 1)

    def _establish(self, claims: list[int]) -> None:
        """Note that claims hold, and all that follows from them."""
        waits_for, leads_to = self._waits_for, self.network.leads_to
        for claim in claims:
            waits_for[claim] = 0
        # The list grows while it is walked, until nothing more follows.
        for claim in claims:
            for other in leads_to[claim]:
                waits_for[other] = left = waits_for[other] - 1
                if not left:
                    claims.append(other)

    def tell(self, name: str, value: Truth) -> None:
        """Make a built-in fact known, if it is definite and was not known before."""
        claim = self.network.built_in(name)
        if claim is not None and value is not None and self.value(claim) is None:
            self._establish([claim if value else claim ^ 1])

    # yes, no or unknown

    def value(self, claim: int) -> Truth:
        """Return yes, no or unknown.

        Raises:
            ArithmeticError, LookupError, TypeError, ValueError: where it is unknown
                and rests on a test that failed.
        """
        if self._waits_for[claim] <= 0:
            return True
        if self._waits_for[claim ^ 1] <= 0:
            return False
        if self.failed:
            if claim & ~1 in self.failed:
                raise self.failed[claim & ~1]
            for part in self.network.made_of[claim]:
                self.value(part)
        return None

    def values(self, claims: Iterable[int]) -> Sequence[Truth]:
        """Return the value of many claims; unknown also where a test failed."""
        waits_for = self._waits_for
        return [
            True
            if waits_for[claim] <= 0
            else False
            if waits_for[claim ^ 1] <= 0
            else None
            for claim in claims
        ]

    # what is missing, what decided it, what it may become

    def undecided(self, claim: int, facts: "Facts") -> AbstractSet[str]:
        """Return the questions that could settle an unknown claim."""
        if self._waits_for[claim] <= 0 or self._waits_for[claim ^ 1] <= 0:
            return NONE
        return self._could_settle(claim, facts)

    def _could_settle(self, claim: int, facts: "Facts") -> AbstractSet[str]:
        if claim in self._undecided:
            return self._undecided[claim]
        network, waits_for = self.network, self._waits_for
        if claim & ~1 in network.tests:
            return network.tests[claim & ~1].undecided(facts)
        found: set[str] = set()
        for part in network.made_of[claim]:
            if waits_for[part] <= 0 or waits_for[part ^ 1] <= 0:
                continue
            # With nothing answered below it, everything below it is open.
            untouched = not network.below[part] & self._answered
            if untouched or part in network.of_one_answer:
                found |= network.asks[part]
            else:
                found |= self._could_settle(part, facts)
        self._undecided[claim] = found
        return found

    def support(self, claim: int, facts: "Facts") -> AbstractSet[str]:
        """Return the answered questions that made a claim hold, or its opposite."""
        if self._waits_for[claim] <= 0:
            return self._made_by(claim, facts)
        if self._waits_for[claim ^ 1] <= 0:
            return self._made_by(claim ^ 1, facts)
        return NONE

    def _made_by(self, claim: int, facts: "Facts") -> AbstractSet[str]:
        if claim in self._support:
            return self._support[claim]
        network = self.network
        if claim & ~1 in network.tests:
            return network.tests[claim & ~1].support(facts)
        found: set[str] = set()
        for part in network.made_of[claim]:
            if self._waits_for[part] > 0:
                continue
            if part in network.of_one_answer:
                found |= network.asks[part]
            else:
                found |= self._made_by(part, facts)
        self._support[claim] = found
        return found

    def may_be(self, claim: int, facts: "Facts") -> bool:
        """Return whether a claim would hold if unsure answers turned out that way."""
        if self._waits_for[claim] <= 0 or self._waits_for[claim ^ 1] <= 0:
            return self._waits_for[claim] <= 0
        if claim not in self._may_be:
            self._may_be[claim] = self._could_turn_out(claim, facts)
        return self._may_be[claim]

    def _could_turn_out(self, claim: int, facts: "Facts") -> bool:
        if claim & ~1 in self.network.tests:
            test = self.network.tests[claim & ~1]
            return test.may_be(facts, not claim & 1)
        missing = self._waits_for[claim]
        for part in self.network.made_of[claim]:
            if self._waits_for[part] > 0 and self.may_be(part, facts):
                missing -= 1
                if not missing:
                    return True
        return False
