"""The suggestions as HTML: each with its reasons, and with what was decided on it.

What is decided stays in its place, settled; what asks again says why.
"""

from datetime import datetime
from html import escape

from intake.decisions import EMERGENCY, Choice, Decision, Standing
from intake.due import due_words
from intake.imaging_criteria import Rating
from intake.outcome import Suggestion
from intake.protocol import Tier
from ui.session import VisitSession
from ui.visit.evidence_card import Kind
from ui.visit.tier_marks import SHORT

#: How a link to an evidence card begins.
WHY = "why:"
#: How a link that decides begins: choice and action follow.
DECIDE = "decide:"
#: The choices as they are offered; their first letter is their key.
OFFERED: tuple[tuple[Choice, str], ...] = (
    ("accepted", "Accept"),
    ("adapted", "Adapt"),
    ("declined", "Decline"),
)
_MARKS = {"accepted": "\u2713", "adapted": "\u2248", "declined": "\u2715"}
_NO_CLOCK = ("care", "advice")
_IN_FULL = 3


def suggestions_html(session: VisitSession) -> list[str]:
    """Return the suggestions, most urgent first; everything typed is escaped."""
    parts = _set_aside(session)
    found = session.assessment.suggestions
    if not found:
        return parts
    standings = session.decided.standings()
    rows = "".join(
        _suggestion(one, standings[one.action.id], in_full=place < _IN_FULL)
        for place, one in enumerate(found)
    )
    waiting = sum(one.decision is None for one in standings.values())
    count = f"{waiting} of {len(found)} not decided" if waiting else "all decided"
    keys = "Ctrl+G, then A accept, E adapt, D decline" if waiting else ""
    hint = f"<p class='f'>{keys}</p>" if keys else ""
    return [*parts, f"<h3>Suggested: {count}</h3>{hint}<ul>{rows}</ul>"]


def why_link(kind: Kind, identity: str) -> str:
    """Return the link to an evidence card."""
    return f"<a href='{WHY}{kind}/{escape(identity)}'>Why</a>"


def rated(ratings: tuple[Rating, ...]) -> str:
    """Return how published tables rate a study, a short line each."""
    lines = (f"<br><span class='f'>{escape(rating.words)}</span>" for rating in ratings)
    return "".join(lines)


def told_by(decision: Decision) -> str:
    """Return who decided, and when, as it stands behind a decision."""
    return f"{decision.who}, {_when(decision.at)}"


def _set_aside(session: VisitSession) -> list[str]:
    """Return that the emergency checklist was set aside, and why."""
    standing = session.decided.emergency()
    if standing.decision is None or not standing.decision.grounds.rules:
        return []
    words = escape(f"Emergency checklist set aside: {standing.decision.words}")
    who = f"<span class='f'>({escape(told_by(standing.decision))})</span>"
    return [f"<p><b>{words}</b> {who} {_take_back(EMERGENCY)}</p>"]


def _suggestion(one: Suggestion, standing: Standing, *, in_full: bool) -> str:
    action, label = one.action, escape(one.action.label)
    why = why_link("suggestion", action.id)
    if standing.decision is not None:
        return _settled(f"{label}{_clock(one)}", why, standing, standing.decision)
    text = f": {escape(action.text)}" if in_full else ""
    offers = " \u00b7 ".join(
        f"<a href='{DECIDE}{choice}/{escape(action.id)}'>{word}</a>"
        for choice, word in OFFERED
    )
    return (
        f"<li><b>{label}</b>{_clock(one)}{text} {why}{rated(one.criteria)}"
        f"{_asks_again(standing)}<br>{offers}</li>"
    )


def _settled(head: str, why: str, standing: Standing, decision: Decision) -> str:
    mark = _MARKS.get(decision.choice, "")
    words = f"{mark} {decision.in_words}"
    return (
        f"<li><span class='f'>{head}</span> {why}<br><b>{escape(words)}</b> "
        f"<span class='f'>({escape(told_by(decision))})</span> "
        f"{_take_back(standing.subject)}{_before(standing)}</li>"
    )


def _asks_again(standing: Standing) -> str:
    """Return why a suggestion that was decided on asks again."""
    if standing.latest is None:
        return ""
    then = f"{standing.latest.in_words} ({told_by(standing.latest)})"
    return (
        f"<br><b>Asks again: {escape(standing.lapsed)}.</b> "
        f"<span class='f'>Before: {escape(then)}</span>"
    )


def _before(standing: Standing) -> str:
    """Return what somebody else had decided just before; nobody loses silently."""
    if standing.other is None:
        return ""
    words = f"Before it, {told_by(standing.other)}: {standing.other.in_words}"
    return f"<br><span class='f'>{escape(words)}</span>"


def _take_back(subject: str) -> str:
    return f"<a href='{DECIDE}taken_back/{escape(subject)}'>Take back</a>"


def _when(at: datetime) -> str:
    return f"{at.astimezone():%Y-%m-%d %H:%M}"


def _clock(suggestion: Suggestion) -> str:
    """Return by when; nothing for advice and care, which last as long as needed.

    "Spare the back (7 days)" would read as if a week of it were enough.
    """
    if suggestion.action.kind in _NO_CLOCK and suggestion.due is None:
        return ""
    # A review has a day of its own; the tier beside it would say another.
    if suggestion.action.kind == "review" and suggestion.due:
        return f" (by {due_words(suggestion.due)})"
    clock = SHORT[suggestion.tier]
    if suggestion.within_hours:
        clock = f"within {suggestion.within_hours} h"
    if suggestion.due and suggestion.tier is not Tier.EMERGENCY_NOW:
        clock += f", by {due_words(suggestion.due)}"
    return f" ({clock})"
