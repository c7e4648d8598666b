"""By which day something suggested is due, counted from the day of the visit.

A rule's own hours come first. A review has a clock of its own, which may depend on the
tier; calls, referrals, imaging and tests have that of their tier.
"""

from collections.abc import Mapping
from datetime import date, timedelta

from intake.protocol import Action, Tier

_TIER_DAYS: Mapping[Tier, int] = {
    Tier.EMERGENCY_NOW: 0,
    Tier.SAME_DAY: 0,
    Tier.WITHIN_7_DAYS: 7,
    Tier.WITHIN_14_DAYS: 14,
}
_TO_ARRANGE = ("call", "referral", "imaging", "laboratory")
_DAY_NAMES = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
_MONTH_NAMES = (
    "Jan", "Feb", "Mar", "Apr", "May", "Jun",
    "Jul", "Aug", "Sep", "Oct", "Nov", "Dec",
)  # fmt: skip


def due_on(
    action: Action, tier: Tier, within_hours: int | None, on: date
) -> date | None:
    """Return the last day for an action; None where nothing says by when."""
    days = action.after.get(tier)
    if action.kind in _TO_ARRANGE:
        days = _TIER_DAYS.get(tier)
    if within_hours is not None:
        # The day in which the hours end at the latest when the visit is at midnight:
        # rather a day early than a day late.
        hours = within_hours // 24
        days = hours if days is None else min(days, hours)
    return None if days is None else on + timedelta(days=days)


def due_words(day: date) -> str:
    """Return a day in words that no country misreads: ``Wed 9 Dec 2026``."""
    name = _DAY_NAMES[day.weekday()]
    return f"{name} {day.day} {_MONTH_NAMES[day.month - 1]} {day.year}"
