"""Which questions could still raise the tier, and in which order to ask them."""

from collections.abc import Sequence

from intake.answered import BIRTH_DATE, SEX_AT_BIRTH, Ids
from intake.evaluation import Evaluation, after_raises, before_raises, raising_rules
from intake.facts import Facts
from intake.outcome import AskNext
from intake.protocol import ScopeLimit, Tier
from intake.protocol_terms import UNSURE_OPTIONS
from intake.visibility import Visibility

#: Asked of everyone when they are registered, so never a closed detail.
_AT_REGISTRATION = (BIRTH_DATE, SEX_AT_BIRTH)


def could_raise(
    outcome: Evaluation,
    scope: Sequence[ScopeLimit],
    undecided_scope: Sequence[ScopeLimit],
    facts: Facts,
) -> list[tuple[str, Tier, Ids]]:
    """Return what cannot be told yet and could raise the tier: id, tier, questions."""
    found = []
    base = before_raises(outcome.fired, scope)
    raising = raising_rules(outcome.fired)
    tier = after_raises(base, raising)
    for rule in outcome.cannot_tell:
        # A raise that fired already would lift the new tier, too.
        raises = raising_rules((*raising, rule)) if rule.raises else raising
        reach = after_raises(max(base, rule.tier), raises)
        if reach > tier:
            found.append((rule.id, reach, rule.when.condition.undecided(facts)))
    reach = after_raises(max(base, Tier.ROUTINE), raising)
    if reach > tier:
        for limit in undecided_scope:
            questions = limit.when.condition.undecided(facts)
            found.append((limit.id, reach, questions))
    return found


def ask_next(
    could: Sequence[tuple[str, Tier, Ids]], visibility: Visibility, facts: Facts
) -> tuple[AskNext, ...]:
    """Return the undecided questions: open first, then by tier, then fewest missing."""
    found: dict[str, tuple[Tier, int, list[str]]] = {}
    for rule, tier, questions in could:
        size = len(questions)
        for question in questions:
            if question not in found:
                found[question] = (tier, size, [rule])
                continue
            best, fewest, rules = found[question]
            rules.append(rule)
            if tier > best or (tier == best and size < fewest):
                found[question] = (tier, size, rules)
    shown = (*visibility.open, *_AT_REGISTRATION)
    place = {question: number for number, question in enumerate(shown)}
    last = len(place)
    ranked = sorted(
        (question not in place, -tier, fewest, place.get(question, last), question)
        for question, (tier, fewest, _) in found.items()
    )
    return tuple(
        AskNext(
            question,
            found[question][0],
            "unsure" if is_unsure(question, facts) else "not_asked",
            not is_closed,
            tuple(found[question][2]),
        )
        for is_closed, _tier, _fewest, _place, question in ranked
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
