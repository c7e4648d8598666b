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
from intake.protocol import Protocol, Question


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
        now_hidden = hidden | _hidden(protocol, facts, hidden)
        if now_hidden == hidden:
            break
        hidden = now_hidden
    is_open = {*opened, *facts.answers}
    for reason, questions in protocol.openings:
        if reason is None or reason.condition.may_be(facts, True):  # noqa: FBT003  (may it be yes?)
            is_open.update(questions)
    asked = tuple(q for q in protocol.questions if q in is_open and q not in hidden)
    missing = tuple(
        question
        for question in asked
        if question in protocol.awaited and not _is_answered(protocol, question, facts)
    )
    return Visibility(asked, hidden, missing), facts


def _hidden(protocol: Protocol, facts: Facts, before: frozenset[str]) -> frozenset[str]:
    return frozenset(
        question
        for question in facts.answers
        if protocol.questions[question].child
        and _is_excluded(protocol.questions[question], facts, before)
    )


def _is_excluded(child: Question, facts: Facts, hidden: frozenset[str]) -> bool:
    """Return whether the parent says no, or is itself hidden and nothing else opens."""
    if child.opens is None:
        return False
    opens = child.opens.condition
    if opens.value(facts) is None:
        return opens.undecided(facts) <= hidden
    return opens.value(facts) is False


def _is_answered(protocol: Protocol, question: str, facts: Facts) -> bool:
    if question in facts.answers:
        return True
    others = protocol.questions[question].answered_by
    return any(other in facts.answers for other in others)
