"""Which questions could still raise the tier, and in which order to ask them."""

from collections.abc import Sequence
from collections.abc import Set as AbstractSet

from intake.answered import BIRTH_DATE, SEX_AT_BIRTH
from intake.evaluation import Evaluation, after_raises, before_raises, raising_rules
from intake.facts import Facts
from intake.outcome import AskNext
from intake.protocol import ScopeLimit, Tier
from intake.protocol_terms import UNSURE_OPTIONS
from intake.visibility import Visibility

#: Asked of everyone when they are registered, so never a closed detail.
_AT_REGISTRATION = (BIRTH_DATE, SEX_AT_BIRTH)
_MORE_THAN_A_RULE_READS = 1_000_000


def could_raise(
    outcome: Evaluation,
    scope: Sequence[ScopeLimit],
    undecided_scope: Sequence[ScopeLimit],
    facts: Facts,
) -> list[tuple[str, Tier, AbstractSet[str]]]:
    """Return what cannot be told yet and could raise the tier: id, tier, questions."""
    found = []
    base = before_raises(outcome.fired, scope)
    raising = raising_rules(outcome.fired)
    tier = after_raises(base, raising)
    claims = facts.protocol.claims
    # A raise that fired already would lift the new tier, too.
    reaches = [after_raises(max(base, one), raising) for one in Tier]
    for rule in outcome.cannot_tell:
        reach = reaches[rule.tier]
        if rule.raises:
            raises = raising_rules((*raising, rule))
            reach = after_raises(max(base, rule.tier), raises)
        if reach > tier:
            questions = facts.deduction.undecided(claims[rule.when], facts)
            found.append((rule.id, reach, questions))
    reach = reaches[Tier.ROUTINE]
    if reach > tier:
        for limit in undecided_scope:
            questions = facts.deduction.undecided(claims[limit.when], facts)
            found.append((limit.id, reach, questions))
    return found


def ask_next(
    could: Sequence[tuple[str, Tier, AbstractSet[str]]],
    visibility: Visibility,
    facts: Facts,
) -> tuple[AskNext, ...]:
    """Return the undecided questions: open first, then by tier, then fewest missing."""
    ranks: dict[str, int] = {}
    rules: dict[str, list[str]] = {}
    tiers: dict[int, Tier] = {}
    for rule, tier, questions in could:
        # One number, since it is compared for every question of every rule.
        rank = tier * _MORE_THAN_A_RULE_READS - len(questions)
        tiers[rank] = tier
        for question in questions:
            if question not in ranks:
                ranks[question] = rank
                rules[question] = [rule]
                continue
            rules[question].append(rule)
            if rank > ranks[question]:  # noqa: PLR1730  (max() takes four times as long)
                ranks[question] = rank
    shown = (*visibility.open, *_AT_REGISTRATION)
    place = {question: number for number, question in enumerate(shown)}
    closed = len(place)
    ranked = sorted(
        [
            (question not in place, -rank, place.get(question, closed), question)
            for question, rank in ranks.items()
        ]
    )
    answers = facts.answers
    return tuple(
        [
            AskNext(
                question,
                tiers[-rank],
                "unsure"
                if question in answers and is_unsure(question, facts)
                else "not_asked",
                not is_closed,
                tuple(rules[question]),
            )
            for is_closed, rank, _place, question in ranked
        ]
    )


def is_unsure(question: str, facts: Facts) -> bool:
    """Return whether an undecided question was asked.

    A side that nobody examined makes it not asked, not unsure.
    """
    match facts.answers.get(question):
        case None:
            return False
        case {"left": _, "right": _}:
            return True
        case {"left": value} | {"right": value}:
            return isinstance(value, str) and value in UNSURE_OPTIONS
    return True
