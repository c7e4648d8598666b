"""What comes out of an assessment: plain data, for screen, paper and JSON.

There is no "all clear" and no probability for a patient here.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Literal, NamedTuple

from intake.answers import Value
from intake.imaging_criteria import Rating
from intake.protocol import (
    Action,
    Citation,
    Concern,
    Protocol,
    Rule,
    ScopeLimit,
    ThrustCaution,
    Tier,
)

RedFlagState = Literal["present", "absent", "unsure", "not_asked"]
Thrust = Literal["blocked", "caution", "no_block_found"]


@dataclass(frozen=True, slots=True)
class FiredRule:
    """A rule that fired, its tier, and the answers that made it fire."""

    rule: Rule
    answers: Mapping[str, Value]


@dataclass(frozen=True, slots=True)
class RaisedConcern:
    """A concern with at least one fired rule, and what speaks against it."""

    concern: Concern
    tier: Tier
    strength: str
    rules: tuple[FiredRule, ...]
    against: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Suggestion:
    """An action, once, at its highest tier, with every concern that asks for it.

    `due` is the last day for it, where something says by when; `criteria` holds how
    published tables rate it, where it is imaging.
    """

    action: Action
    tier: Tier
    concerns: tuple[str, ...]
    within_hours: int | None = None
    because: tuple[str, ...] = ()
    due: date | None = None
    criteria: tuple[Rating, ...] = ()


@dataclass(frozen=True, slots=True)
class NotSuggestedNow:
    """A study that is not suggested now, once, with every reason and rating."""

    action: str
    why: str
    sources: tuple[Citation, ...]
    criteria: tuple[Rating, ...] = ()


@dataclass(frozen=True, slots=True)
class ManualTherapy:
    """Whether a thrust is blocked or needs caution, why, and what may be done."""

    thrust: Thrust
    because: tuple[str, ...] = ()
    instead: tuple[str, ...] = ()
    cautions: tuple[ThrustCaution, ...] = ()


class AskNext(NamedTuple):
    """A question that could raise the tier, and how far."""

    question: str
    could_raise_to: Tier
    state: Literal["not_asked", "unsure"]
    is_open: bool
    rules: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class HeldBack:
    """A rule that would have fired, and what held it back."""

    rule: Rule
    because: str


@dataclass(frozen=True, slots=True)
class Assessment:
    """One assessment of one set of answers with one version of the protocol."""

    protocol: Protocol
    tier: Tier
    could_be: Tier
    concerns: tuple[RaisedConcern, ...]
    suggestions: tuple[Suggestion, ...]
    not_suggested: tuple[NotSuggestedNow, ...]
    manual_therapy: ManualTherapy
    ask_next: tuple[AskNext, ...]
    red_flags: Mapping[str, RedFlagState]
    held_back: tuple[HeldBack, ...]
    failed_rules: tuple[str, ...]
    out_of_scope: tuple[ScopeLimit, ...]
    hidden: frozenset[str]
    open_questions: tuple[str, ...]
    core_done: bool
    #: What must be said of the rules on the day of the visit; empty while in date.
    outdated: str = ""

    @property
    def is_thrust_undecided(self) -> bool:
        """Return whether too little was asked to say anything about a thrust."""
        return self.manual_therapy.thrust == "no_block_found" and not self.core_done

    @property
    def headline(self) -> str:
        """Return the tier in words; never an "all clear"."""
        if self.could_be > self.tier and self.tier is Tier.MONITOR:
            count = len(self.open_questions)
            return (
                "Nothing urgent in what was asked so far, "
                f"{count} question{'s' if count != 1 else ''} open"
            )
        return TIER_WORDS[self.tier]


#: The tiers as people read them.
TIER_WORDS: Mapping[Tier, str] = {
    Tier.EMERGENCY_NOW: "Emergency now: call 911",
    Tier.SAME_DAY: "Same day: emergency department or on-call specialist today",
    Tier.WITHIN_7_DAYS: "Urgent: within 7 days",
    Tier.WITHIN_14_DAYS: "Urgent: within 14 days",
    Tier.ROUTINE: "Routine: within 2 to 6 weeks",
    Tier.MONITOR: "Monitor: recheck on a fixed date",
}


def suspected(title: str) -> str:
    """Return a concern as it stands behind "suspected": without its article."""
    return title.removeprefix("an ").removeprefix("a ")
