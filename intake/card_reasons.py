"""Why something is on the screen: the rules that fired, with this patient's answers."""

from collections.abc import Sequence
from dataclasses import dataclass

from intake.card_inputs import InputUsed, inputs_used
from intake.card_sources import Cited, cited
from intake.facts import Facts
from intake.protocol import Protocol, Rule, ScopeLimit, Tier


@dataclass(frozen=True, slots=True)
class Reason:
    """A rule that fired, or a limit of the scope that was reached."""

    id: str
    number: str
    statement: str
    tier: Tier
    strength: str
    status: str
    reviewer: str
    note: str
    inputs: tuple[InputUsed, ...]
    sources: tuple[Cited, ...]


def reason_of_rule(protocol: Protocol, rule: Rule, facts: Facts) -> Reason:
    """Return a fired rule with the answers that made it fire."""
    return Reason(
        rule.id,
        rule.number,
        rule.because,
        rule.tier,
        rule.strength,
        rule.status,
        rule.reviewer,
        rule.note,
        inputs_used(protocol, rule.when.condition, facts),
        tuple(cited(protocol, citation) for citation in rule.sources),
    )


def reason_of_limit(protocol: Protocol, limit: ScopeLimit, facts: Facts) -> Reason:
    """Return a limit of the scope; it is as far reviewed as the protocol is."""
    return Reason(
        limit.id,
        "",
        limit.because,
        Tier.ROUTINE,
        "",
        protocol.status,
        "",
        limit.note,
        inputs_used(protocol, limit.when.condition, facts),
        tuple(cited(protocol, citation) for citation in limit.sources),
    )


def status_of(reasons: Sequence[Reason], own: str = "reviewed") -> str:
    """Return "reviewed" only where all of it was."""
    states = {own, *(reason.status for reason in reasons)}
    return "reviewed" if states == {"reviewed"} else "proposed"
