"""Which questions apply: open, hidden, done.

* A core question is open where it applies; a detail once its reason is there; an extra
  only by hand. Unknown does not open, unsure does.
* A true child whose parent excludes it is hidden: kept, but read by no rule. So is the
  child of a hidden child.
* Every other answer is read, also when the reason for asking has gone away.
"""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date

from intake.answered import Interval
from intake.answers import Answers
from intake.facts import Facts
from intake.protocol import Protocol


@dataclass(frozen=True, slots=True)
class Visibility:
    """Which questions are open, which answers are hidden, and what is missing.

    `open` is in the order of the form and holds answered questions too; `missing` are
    the open ones that hold up `core_done`.
    """

    open: tuple[str, ...]
    hidden: frozenset[str]
    missing: tuple[str, ...]

    @property
    def core_done(self) -> bool:
        """Return whether every core question and every open detail is answered."""
        return not self.missing


def look(
    protocol: Protocol,
    answers: Answers,
    *,
    on: date,
    age: Interval,
    sex_at_birth: str,
    opened: Collection[str] = (),
) -> tuple[Visibility, Facts]:
    """Return what is visible, and the facts that rules may read.

    `opened` are the questions a person opened by hand.
    """
    hidden: frozenset[str] = frozenset()
    while True:
        facts = Facts(
            protocol,
            answers.without(hidden).as_dict(),
            on=on,
            age=age,
            sex_at_birth=sex_at_birth,
        )
        more = _hidden(protocol, facts, hidden) - hidden
        if not more:
            break
        hidden |= more
    is_open = {*opened, *facts.answers, *protocol.asked_of_everyone}
    deduction, claims = facts.deduction, tuple(protocol.openings)
    for value, claim, questions in zip(
        deduction.values(claims), claims, protocol.openings.values(), strict=True
    ):
        if value or (value is None and deduction.may_be(claim, facts)):
            is_open.update(questions)
    is_open -= hidden
    asked = [question for question in protocol.questions if question in is_open]
    missing = [
        question
        for question in asked
        if question not in facts.answers
        and question in protocol.awaited
        and not _is_answered_otherwise(protocol, question, facts)
    ]
    return Visibility(tuple(asked), hidden, tuple(missing)), facts


def _hidden(protocol: Protocol, facts: Facts, before: frozenset[str]) -> frozenset[str]:
    """Return the children whose parent says no, or is itself hidden.

    A hidden parent hides where nothing else could open the child.
    """
    reasons = facts.reasons
    hidden = set()
    for child, reason in zip(protocol.children, protocol.hiding.claims, strict=True):
        if child.id in facts.answers:
            opens = reasons.value(reason)
            if opens is False or (
                opens is None and reasons.undecided(reason, facts) <= before
            ):
                hidden.add(child.id)
    return frozenset(hidden)


def _is_answered_otherwise(protocol: Protocol, question: str, facts: Facts) -> bool:
    others = protocol.questions[question].answered_by
    return any(other in facts.answers for other in others)
