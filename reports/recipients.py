"""Who a letter is for, as it stands behind "To": the words of each call or referral."""

from collections.abc import Mapping, Sequence
from typing import Final

from intake.outcome import Suggestion
from intake.protocol import Tier

PRIMARY_CARE: Final = "Primary care provider"

_RECIPIENTS: Final[Mapping[str, str]] = {
    "call.emergency_services": "Ambulance crew (911), emergency department",
    "call.ed_same_day": "Emergency department, physician in charge",
    "call.oncologist_or_ed": "Oncologist on call, or emergency department",
    "call.pcp_same_day": PRIMARY_CARE,
    "referral.oncologist": "The patient's oncologist",
    "referral.pcp_next_day": PRIMARY_CARE,
    "referral.pcp_7_days": PRIMARY_CARE,
    "referral.pcp_14_days": PRIMARY_CARE,
    "referral.pcp_routine": PRIMARY_CARE,
    "referral.cancer_pathway": f"{PRIMARY_CARE}, or clinic for the cancer work-up",
    "referral.bone_health": f"{PRIMARY_CARE}, or bone health clinic",
    "referral.obstetric": "Obstetric provider",
    "referral.eye_same_day": "Eye clinic, or emergency department with eye care",
    "referral.ed_trauma": "Emergency department that takes injuries",
    "referral.cardiology": f"Cardiologist, or {PRIMARY_CARE.lower()}",
    "referral.pulmonology": "Lung specialist",
    "referral.gastroenterology": f"Gastroenterologist, or {PRIMARY_CARE.lower()}",
    "referral.urology": f"Urologist, or {PRIMARY_CARE.lower()}",
}
_ROUTES: Final = ("call", "referral")
_LAST: Final = float("inf")


def most_urgent(suggestions: Sequence[Suggestion]) -> Suggestion | None:
    """Return the call or referral that cannot wait for the others; None without any."""
    routes = [s for s in suggestions if s.action.kind in _ROUTES]
    return min(routes, key=_urgency, default=None)


def others(suggestions: Sequence[Suggestion], chosen: Suggestion) -> list[Suggestion]:
    """Return the other calls and referrals, most urgent first, each recipient once."""
    seen = {recipient_of(chosen)}
    found = []
    for suggestion in sorted(suggestions, key=_urgency):
        recipient = recipient_of(suggestion)
        if suggestion.action.kind in _ROUTES and recipient not in seen:
            seen.add(recipient)
            found.append(suggestion)
    return found


def _urgency(suggestion: Suggestion) -> tuple[Tier, float]:
    hours = suggestion.within_hours
    return Tier(Tier.EMERGENCY_NOW - suggestion.tier), _LAST if hours is None else hours


def recipient_of(suggestion: Suggestion) -> str:
    """Return who a call or referral goes to; its own label where none is known."""
    return _RECIPIENTS.get(suggestion.action.id, suggestion.action.label)
