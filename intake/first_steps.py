"""What is done first in an emergency, and whether somebody has said that they do it."""

from collections.abc import Sequence

from intake.decisions import Decision, standings
from intake.outcome import Assessment, Suggestion
from intake.protocol import Tier

_FIRST = ("call", "advice")
_DONE = ("accepted", "adapted")


def first_steps(assessment: Assessment) -> list[Suggestion]:
    """Return the calls and the advice of an emergency, most urgent first."""
    return [
        one
        for one in assessment.suggestions
        if one.tier is Tier.EMERGENCY_NOW and one.action.kind in _FIRST
    ]


def is_acted_on(assessment: Assessment, decisions: Sequence[Decision]) -> bool:
    """Return whether each first step stands accepted or adapted.

    One that was declined is no step taken; one that lapsed asks again.
    """
    steps = first_steps(assessment)
    found = standings(assessment, decisions)
    standing = [found[step.action.id].decision for step in steps]
    return bool(steps) and all(
        one is not None and one.choice in _DONE for one in standing
    )
