"""Which studies are not suggested now: each once, with every reason, none suggested."""

from collections.abc import Sequence

from intake.facts import Facts
from intake.outcome import NotSuggestedNow, RaisedConcern, Suggestion
from intake.protocol import NotSuggested, Protocol, Tier


def not_suggested(
    protocol: Protocol,
    suggestions: Sequence[Suggestion],
    concerns: Sequence[RaisedConcern],
    facts: Facts,
) -> tuple[NotSuggestedNow, ...]:
    """Return the studies left out, in the order of the protocol.

    What a rule suggests is never among them. Several reasons for one study stand
    together; so do the ratings.
    """
    suggested = {s.action.id for s in suggestions}
    raised = {c.concern.id for c in concerns if c.tier > Tier.MONITOR}
    found: dict[str, list[NotSuggested]] = {}
    for entry in protocol.not_suggested:
        if entry.action in suggested:
            continue
        if entry.only_with and not raised <= set(entry.only_with):
            continue
        if entry.when.condition.value(facts) is True:
            found.setdefault(entry.action, []).append(entry)
    return tuple(_joined(protocol, entries) for entries in found.values())


def _joined(protocol: Protocol, entries: Sequence[NotSuggested]) -> NotSuggestedNow:
    action = entries[0].action
    criteria = dict.fromkeys(c for entry in entries for c in entry.criteria.ids)
    return NotSuggestedNow(
        action,
        " ".join(dict.fromkeys(entry.why for entry in entries)),
        tuple(dict.fromkeys(s for entry in entries for s in entry.sources)),
        protocol.imaging.ratings(action, criteria),
    )
