"""Rules that something held back, so that no answer lowers the tier in silence."""

from collections.abc import Sequence

from intake.answered import NONE, Ids
from intake.answers import Answers
from intake.evaluation import Evaluation, sort_rule
from intake.facts import Facts
from intake.outcome import HeldBack
from intake.protocol import Protocol, Rule
from intake.visibility import Visibility

_SET_ASIDE = "It rests on an answer that is set aside now: {}."


def held_back(
    protocol: Protocol,
    outcome: Evaluation,
    visibility: Visibility,
    facts: Facts,
    answers: Answers,
) -> tuple[HeldBack, ...]:
    """Return the rules held back: by their `unless`, or by an answer set aside.

    An answer is set aside when its parent excludes it now, or when an entered number
    stands in for one that other answers would give. A rule that would fire if the
    answer counted is shown, so that no answer lowers the tier silently.
    """
    held = [HeldBack(rule, rule.unless_because) for rule in outcome.held_back]
    overruled = frozenset(
        q
        for q in facts.answers
        # A visit that is older than the protocol may answer what is not asked any more.
        if (asked := protocol.questions.get(q))
        and (derive := asked.derive)
        and all(source in facts.answers for source in derive.sources)
    )
    set_aside = visibility.hidden | overruled
    rules = _resting_on(protocol, set_aside)
    if not rules:
        return tuple(held)
    known = {rule.id for rule in (*outcome.fired, *outcome.held_back)}
    names = ", ".join(protocol.questions[q].label for q in sorted(set_aside))
    # Each number by itself too: a rule may need one as derived and another as entered.
    ways = {overruled, *(frozenset((q,)) for q in overruled)}
    if visibility.hidden:
        ways.add(NONE)
    would_fire = {
        rule.id
        for left_out in ways
        for rule in _fired_without(protocol, facts, answers, left_out, rules)
    }
    held += [
        HeldBack(rule, _SET_ASIDE.format(names))
        for rule in protocol.rules
        if rule.id in would_fire - known
    ]
    return tuple(held)


def _resting_on(protocol: Protocol, set_aside: Ids) -> list[Rule]:
    """Return the rules that read an answer that is set aside."""
    if not set_aside:
        return []
    return [
        rule
        for rule in protocol.rules
        if not rule.reads_outcome
        and not set_aside.isdisjoint(protocol.read_by_rule[rule.id])
    ]


def _fired_without(
    protocol: Protocol,
    facts: Facts,
    answers: Answers,
    left_out: Ids,
    rules: Sequence[Rule],
) -> list[Rule]:
    """Return which rules fire on all answers but some, hidden ones included."""
    other = Facts(
        protocol,
        answers.without(left_out).as_dict(),
        on=facts.on,
        age=facts.age,
        sex_at_birth=facts.sex_at_birth,
    )
    outcome = Evaluation()
    for rule in rules:
        sort_rule(rule, other, outcome)
    return outcome.fired
