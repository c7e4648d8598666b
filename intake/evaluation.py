"""How each rule comes out for one set of facts.

A rule is *fired*, *not fired*, *held back* (its `unless` is definitely true) or
*cannot tell*.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from intake.answered import NONE
from intake.expression import Expression
from intake.facts import Facts
from intake.protocol import Protocol, Rule, ScopeLimit, Tier


@dataclass(slots=True)
class Evaluation:
    """How every rule came out for one set of facts."""

    fired: list[Rule] = field(default_factory=list)
    held_back: list[Rule] = field(default_factory=list)
    cannot_tell: list[Rule] = field(default_factory=list)
    failed: list[str] = field(default_factory=list)


def evaluate(protocol: Protocol, facts: Facts) -> Evaluation:
    """Sort the rules; those that look at the outcome itself come last."""
    outcome = Evaluation()
    late = []
    values = facts.deduction.values(protocol.rule_claims)
    for rule, value in zip(protocol.rules, values, strict=True):
        if value is False:
            continue
        if rule.reads_outcome:
            late.append(rule)
        elif value is None and rule.unless is None and not facts.deduction.failed:
            outcome.cannot_tell.append(rule)
        else:
            sort_rule(rule, facts, outcome)
    quiet = all(rule.tier is Tier.MONITOR for rule in outcome.fired)
    # Other answers hold back what would make it untrue, so all of them support it.
    facts.tell("nothing_above_monitor", quiet, NONE, frozenset(facts.answers))
    for rule in late:
        sort_rule(rule, facts, outcome)
    return outcome


def sort_rule(rule: Rule, facts: Facts, outcome: Evaluation) -> None:
    """Put one rule where it belongs; a rule that fails is listed, never skipped."""
    try:
        value = rule.when.condition.value(facts)
        held = value is not False and is_true(rule.unless, facts)
    except (ArithmeticError, LookupError, TypeError, ValueError):
        outcome.failed.append(rule.id)
        return
    if value is True:
        (outcome.held_back if held else outcome.fired).append(rule)
    elif value is None and not held:
        outcome.cannot_tell.append(rule)


def is_true(expression: Expression | None, facts: Facts) -> bool:
    """Return whether there is an expression, and it is definitely true."""
    return expression is not None and expression.condition.value(facts) is True


def overall(fired: Sequence[Rule], scope: Sequence[ScopeLimit]) -> Tier:
    """Return the most urgent tier after raises; outside the scope at least routine."""
    return after_raises(before_raises(fired, scope), raising_rules(fired))


def before_raises(fired: Sequence[Rule], scope: Sequence[ScopeLimit]) -> Tier:
    """Return the most urgent tier that fired; outside the scope at least routine."""
    tier = max((rule.tier for rule in fired), default=Tier.MONITOR)
    return max(tier, Tier.ROUTINE) if scope else tier


def raising_rules(rules: Iterable[Rule]) -> list[Rule]:
    """Return those that raise, the lowest top first.

    In another order a raise could stop short of where others would carry it.
    """
    raising = [rule for rule in rules if rule.raises]
    return sorted(raising, key=lambda rule: rule.never_above)


def after_raises(tier: Tier, raising: Sequence[Rule]) -> Tier:
    """Return a tier after every raise."""
    for rule in raising:
        tier = _raised(tier, rule)
    return tier


def _raised(tier: Tier, rule: Rule) -> Tier:
    """Return the tier after a rule's raise, which never lowers and stops at its top."""
    if not rule.raises or tier >= rule.never_above:
        return tier
    return min(Tier(min(tier + rule.raises, Tier.EMERGENCY_NOW)), rule.never_above)
