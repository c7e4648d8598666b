"""From fired rules to what is suggested: each action once, what it covers left out."""

from collections.abc import Container, Sequence
from datetime import date
from itertools import chain

from intake.due import due_on
from intake.outcome import Suggestion
from intake.protocol import Protocol, Rule, ScopeLimit, Step, Tier

_KIND_ORDER = (
    "call", "referral", "imaging", "laboratory", "review", "care", "advice",
)  # fmt: skip
#: A step of a rule: how urgent, for which concern, by which rule, on which criteria.
_Wanted = tuple[Step, Tier, str, str, tuple[str, ...]]


def suggestions_of(
    protocol: Protocol,
    fired: Sequence[Rule],
    scope: Sequence[ScopeLimit],
    on: date,
    answered: Container[str] = (),
) -> tuple[Suggestion, ...]:
    """Return each action once, at its highest tier, with all its concerns and its day.

    The most urgent come first, calls before referrals before imaging. An action that
    another one covers (an appointment in 14 days beside one in 7) is left out; its
    concerns and its clock go to the one that covers it. What was done is not asked for
    again: a result among the answers settles that.
    """
    found = {
        action: suggestion
        for action, suggestion in _merged(protocol, fired, scope).items()
        if suggestion.action.result not in answered
    }
    for action in list(found):
        covering = _covering(found, found[action])
        if covering is not None:
            found[covering.action.id] = _joined(covering, found.pop(action))
    _follow_up(protocol, found)
    order = {kind: number for number, kind in enumerate(_KIND_ORDER)}
    ranked = sorted(found.values(), key=lambda s: (-s.tier, order[s.action.kind]))
    return tuple(_dated(suggestion, on) for suggestion in ranked)


def _merged(
    protocol: Protocol, fired: Sequence[Rule], scope: Sequence[ScopeLimit]
) -> dict[str, Suggestion]:
    wanted: list[_Wanted] = [
        (step, rule.tier, rule.concern, rule.id, rule.criteria.ids)
        for rule in fired
        for step in rule.steps
    ]
    wanted += [
        (step, Tier.ROUTINE, "", limit.id, ())
        for limit in scope
        for step in limit.steps
    ]
    wanted.sort(key=lambda item: -item[1])
    by_action: dict[str, list[_Wanted]] = {}
    for one in wanted:
        by_action.setdefault(one[0].action, []).append(one)
    return {action: _of_all(protocol, action, of) for action, of in by_action.items()}


def _of_all(protocol: Protocol, action: str, wanted: Sequence[_Wanted]) -> Suggestion:
    """Return one suggestion for everything that wants an action, most urgent first."""
    hours = [step.within_hours for step, *_ in wanted if step.within_hours]
    ratings = [protocol.imaging.ratings(action, ids) for *_, ids in wanted if ids]
    return Suggestion(
        protocol.actions[action],
        wanted[0][1],
        tuple(dict.fromkeys(concern for _, _, concern, _, _ in wanted if concern)),
        min(hours, default=None),
        tuple(dict.fromkeys(rule for _, _, _, rule, _ in wanted)),
        criteria=tuple(dict.fromkeys(chain.from_iterable(ratings))),
    )


def _follow_up(protocol: Protocol, found: dict[str, Suggestion]) -> None:
    """Add the reviews that make sure that what is urgent takes place."""
    for one in list(found.values()):
        if one.action.follow_up and one.tier >= Tier.WITHIN_14_DAYS:
            action = protocol.actions[one.action.follow_up]
            new = Suggestion(action, one.tier, one.concerns, None, one.because)
            before = found.get(action.id)
            if before:
                # The more urgent of the two sets the day.
                first, second = sorted((new, before), key=lambda s: -s.tier)
                new = _joined(first, second)
            found[action.id] = new


def _dated(one: Suggestion, on: date) -> Suggestion:
    """Return the suggestion with its day, now that tier and hours are settled."""
    due = due_on(one.action, one.tier, one.within_hours, on)
    return Suggestion(
        one.action,
        one.tier,
        one.concerns,
        one.within_hours,
        one.because,
        due,
        one.criteria,
    )


def _covering(found: dict[str, Suggestion], one: Suggestion) -> Suggestion | None:
    """Return a suggestion at least as urgent that makes this one needless."""
    others = (found[a] for a in one.action.covered_by if a in found)
    return next((other for other in others if other.tier >= one.tier), None)


def _joined(first: Suggestion, second: Suggestion) -> Suggestion:
    """Return the first with the concerns, reasons and clock of the second.

    The ratings of another study are not those of the first.
    """
    criteria = first.criteria
    if second.criteria and second.action is first.action:
        criteria = tuple(dict.fromkeys((*criteria, *second.criteria)))
    hours = [h for h in (first.within_hours, second.within_hours) if h]
    return Suggestion(
        first.action,
        first.tier,
        tuple(dict.fromkeys((*first.concerns, *second.concerns))),
        min(hours, default=None),
        tuple(dict.fromkeys((*first.because, *second.because))),
        criteria=criteria,
    )
