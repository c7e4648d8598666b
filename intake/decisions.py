"""What a clinician decided about a suggestion, and whether it still holds.

A decision says on which tier, rules and answers it was made. It lapses when any of
them came to say more since: a more urgent tier, another rule, a new or changed answer,
another version of the rules. Then the suggestion asks again, and says why. Fewer
reasons ask nobody again.

A decision changes no assessment. A declined suggestion keeps its tier; both are kept.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, Literal, get_args

from intake.answers import Value
from intake.errors import Problem
from intake.outcome import Assessment, Suggestion
from intake.protocol import Tier

#: "taken_back" is what undoing a first decision leaves: it is open again.
Choice = Literal["accepted", "adapted", "declined", "set_aside", "taken_back"]
CHOICES: tuple[Choice, ...] = get_args(Choice)
#: What is decided on when the emergency checklist is set aside; no action is called so.
EMERGENCY = "emergency"

_NEED_WORDS: Mapping[Choice, str] = {
    "adapted": "Say what is done instead.",
    "declined": "Choose a reason, or type one.",
    "set_aside": "Type the reason.",
}
_WORDS: Mapping[Choice, str] = {
    "accepted": "Accepted",
    "adapted": "Adapted",
    "declined": "Declined",
    "set_aside": "Set aside",
    "taken_back": "Taken back",
}


@dataclass(frozen=True, slots=True)
class Grounds:
    """What speaks for a suggestion at one moment: how urgent, which rules, answers.

    `protocol` is the digest of the rules.
    """

    tier: Tier
    rules: tuple[str, ...]
    findings: Mapping[str, Value]
    protocol: str


@dataclass(frozen=True, slots=True)
class Decision:
    """One decision. `words` says what is done instead, or why it is declined.

    `subject` is the id of an action, or `EMERGENCY`. `reason` is the id of the listed
    reason that was chosen, empty where it was typed. One that `is_late` came in after
    the visit was signed: it is kept, and nothing counts it.
    """

    id: str
    subject: str
    choice: Choice
    grounds: Grounds
    who: str
    at: datetime
    words: str = ""
    reason: str = ""
    is_late: bool = False

    @property
    def in_words(self) -> str:
        """Return the decision in words, with its own."""
        said = _WORDS[self.choice]
        return f"{said}: {self.words}" if self.words else said


@dataclass(frozen=True, slots=True)
class Standing:
    """How it stands with one suggestion, or with the emergency checklist.

    `latest` is the newest decision, also when it has lapsed; `lapsed` says why it has.
    `other` is what somebody else had decided just before it.
    """

    subject: str
    latest: Decision | None = None
    lapsed: str = ""
    other: Decision | None = None

    @property
    def decision(self) -> Decision | None:
        """Return the decision that holds, or None: it is open."""
        return None if self.lapsed else self.latest

    def is_(self, choice: Choice) -> bool:
        """Return whether the decision that holds is of a kind."""
        return self.decision is not None and self.decision.choice == choice


def grounds_of(assessment: Assessment, suggestion: Suggestion) -> Grounds:
    """Return what speaks for a suggestion now."""
    return _grounds(assessment, suggestion.tier, suggestion.because)


def emergency_grounds(assessment: Assessment) -> Grounds:
    """Return what speaks for an emergency now; no rules where nothing does."""
    rules = (
        fired.rule.id
        for raised in assessment.concerns
        for fired in raised.rules
        if fired.rule.tier is Tier.EMERGENCY_NOW
    )
    return _grounds(assessment, Tier.EMERGENCY_NOW, rules)


def lapsed(decision: Decision, now: Grounds) -> str:
    """Return why a decision does not hold any more; nothing while it does."""
    before = decision.grounds
    if now.tier > before.tier:
        return f"more urgent now: {_short(now.tier)} instead of {_short(before.tier)}"
    if not set(now.rules) <= set(before.rules):
        return "there are other reasons for it now"
    if any(
        question not in before.findings or before.findings[question] != value
        for question, value in now.findings.items()
    ):
        return "an answer it rests on is new, or another"
    if now.protocol != before.protocol:
        return "the rules were changed since"
    return ""


def standing(subject: str, now: Grounds, decisions: Iterable[Decision]) -> Standing:
    """Return how it stands with one subject.

    Args:
        subject: the id of an action, or `EMERGENCY`.
        now: what speaks for it.
        decisions: of the visit, in the order in which they were stored.
    """
    mine = [d for d in decisions if d.subject == subject and not d.is_late]
    if not mine or mine[-1].choice == "taken_back":
        return Standing(subject)
    latest = mine[-1]
    before = mine[-2] if len(mine) > 1 else None
    if before and (before.who == latest.who or before.choice == "taken_back"):
        before = None
    return Standing(subject, latest, lapsed(latest, now), before)


def standings(
    assessment: Assessment, decisions: Sequence[Decision]
) -> dict[str, Standing]:
    """Return how it stands with each suggestion, by action, in their order."""
    return {
        one.action.id: standing(one.action.id, grounds_of(assessment, one), decisions)
        for one in assessment.suggestions
    }


def emergency_standing(
    assessment: Assessment, decisions: Sequence[Decision]
) -> Standing:
    """Return how it stands with the emergency checklist."""
    return standing(EMERGENCY, emergency_grounds(assessment), decisions)


def open_suggestions(
    assessment: Assessment, decisions: Sequence[Decision]
) -> list[Suggestion]:
    """Return the suggestions nobody has decided on, most urgent first."""
    found = standings(assessment, decisions)
    return [s for s in assessment.suggestions if found[s.action.id].decision is None]


def without_declined(
    assessment: Assessment, decisions: Sequence[Decision]
) -> Assessment:
    """Return an assessment without the suggestions that are declined.

    Nothing else of it changes: what is declined is not asked for, and is as urgent as
    it was.
    """
    found = standings(assessment, decisions)
    kept = (s for s in assessment.suggestions if not found[s.action.id].is_("declined"))
    return replace(assessment, suggestions=tuple(kept))


def state_of(
    decision: Decision, assessment: Assessment, decisions: Sequence[Decision]
) -> str:
    """Return why a decision does not hold, in words; nothing where it does."""
    if decision.choice == "taken_back":
        return "open again"
    if decision.is_late:
        return "came in after the signature"
    found = standings(assessment, decisions)
    if emergency_grounds(assessment).rules:
        found[EMERGENCY] = emergency_standing(assessment, decisions)
    here = found.get(decision.subject)
    if here is None:
        return "not suggested any more"
    if here.latest is None or here.latest.id != decision.id:
        return "decided anew later"
    return f"asked again: {here.lapsed}" if here.lapsed else ""


def signed_json(
    assessment: Assessment, decisions: Sequence[Decision]
) -> list[dict[str, Any]]:
    """Return decisions as a signature covers them, each with how it stands: `now`."""
    return [
        {**decision_json(one), "now": state_of(one, assessment, decisions)}
        for one in decisions
        if not one.is_late
    ]


def problems_of(decision: Decision) -> list[Problem]:
    """Return why a decision cannot be kept; nothing when it can."""
    if decision.choice not in CHOICES:
        return [Problem("decision", "There is no such choice.")]
    is_emergency = decision.subject == EMERGENCY
    if is_emergency != (decision.choice == "set_aside") and (
        decision.choice != "taken_back"
    ):
        what = "An emergency is set aside; a suggestion is accepted or declined."
        return [Problem("decision", what)]
    needed = _NEED_WORDS.get(decision.choice, "")
    if needed and not decision.words.strip():
        return [Problem("decision", "There are no words.", needed)]
    return []


def decision_json(decision: Decision) -> dict[str, Any]:
    """Return a decision as JSON holds it; see `decision_of`."""
    return {
        "id": decision.id,
        "subject": decision.subject,
        "choice": decision.choice,
        "words": decision.words,
        "reason": decision.reason,
        "tier": decision.grounds.tier.code,
        "rules": list(decision.grounds.rules),
        "findings": dict(decision.grounds.findings),
        "protocol": decision.grounds.protocol,
        "who": decision.who,
        "at": decision.at.isoformat(),
    }


def decision_of(plain: Mapping[str, Any]) -> Decision:
    """Return the decision of what `decision_json` gave.

    Raises:
        KeyError, ValueError, TypeError: it is none.
    """
    if plain["choice"] not in CHOICES:
        raise ValueError("there is no such choice")
    return Decision(
        id=str(plain["id"]),
        subject=str(plain["subject"]),
        choice=plain["choice"],
        grounds=Grounds(
            Tier.from_code(plain["tier"]),
            tuple(plain["rules"]),
            dict(plain["findings"]),
            str(plain["protocol"]),
        ),
        who=str(plain["who"]),
        at=datetime.fromisoformat(plain["at"]),
        words=str(plain["words"]),
        reason=str(plain["reason"]),
    )


def _grounds(assessment: Assessment, tier: Tier, rules: Iterable[str]) -> Grounds:
    named = tuple(sorted(set(rules)))
    findings = {
        question: value
        for raised in assessment.concerns
        for fired in raised.rules
        if fired.rule.id in named
        for question, value in fired.answers.items()
    }
    return Grounds(tier, named, findings, assessment.protocol.digest)


def _short(tier: Tier) -> str:
    return tier.code.replace("_", " ")
