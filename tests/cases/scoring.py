"""Score an assessment against what a published case expects.

The tables are those of `published/README.md`.
"""

from collections.abc import Mapping
from typing import Any

URGENCIES = ("conservative", "routine", "urgent", "same_day", "emergency")
URGENCY_OF = {
    "monitor": "conservative",
    "routine": "routine",
    "within_14_days": "urgent",
    "within_7_days": "urgent",
    "same_day": "same_day",
    "emergency_now": "emergency",
}
CONCERNS_OF: Mapping[str, frozenset[str]] = {
    "metastasis": frozenset({"spinal_malignancy"}),
    "primary_tumour": frozenset({"spinal_malignancy"}),
    "myeloma_lymphoma": frozenset({"myeloma", "spinal_malignancy"}),
    "lung_pancoast": frozenset({"lung_cancer"}),
    "pancreatic": frozenset({"pancreatic_cancer"}),
    "mscc": frozenset({"cord_compression"}),
    "cauda_equina": frozenset({"cauda_equina"}),
    "infection": frozenset({"spinal_infection"}),
    "fracture": frozenset({"vertebral_fracture", "spinal_trauma"}),
    "myelopathy_other": frozenset({"myelopathy_or_disc", "cord_compression"}),
    "aortic": frozenset({"acute_aortic"}),
    "acs": frozenset({"acute_coronary"}),
    "pe": frozenset({"pulmonary_embolism"}),
    "pneumothorax": frozenset({"pleural_or_lung"}),
    "visceral": frozenset({"visceral"}),
    "zoster": frozenset({"zoster"}),
    "axspa": frozenset({"axial_spondyloarthritis"}),
    "benign": frozenset({"mechanical"}),
}
_CANCERS = frozenset(
    {"spinal_malignancy", "lung_cancer", "pancreatic_cancer", "myeloma"}
)
_PASSIVE = frozenset({"care", "review", "advice"})
_SOON = frozenset({"within_14_days", "within_7_days", "same_day", "emergency_now"})


def mistakes(case: Mapping[str, Any], result: Mapping[str, Any]) -> list[str]:
    """Return everything an assessment gets wrong about a case; empty when nothing.

    Args:
        case: a published case with `expected`.
        result: the assessment as the command line prints it.
    """
    expected = case["expected"]
    urgency = URGENCIES.index(URGENCY_OF[result["tier"]])
    found = []
    if urgency < URGENCIES.index(expected["min_urgency"]):
        found.append(f"under-triage: {result['tier']}")
    if urgency > URGENCIES.index(expected["max_urgency"]):
        found.append(f"over-triage: {result['tier']}")
    raised = {concern["id"] for concern in result["concerns"]}
    found += [
        f"does not suspect {category}"
        for category in expected.get("must_suspect", [])
        if not CONCERNS_OF[category] & raised
    ]
    any_of = expected.get("suspect_any_of", [])
    if any_of and not any(CONCERNS_OF[category] & raised for category in any_of):
        found.append(f"suspects none of {', '.join(any_of)}")
    found += [
        f"must not: {ban}" for ban in expected["must_not"] if _is_broken(ban, result)
    ]
    return found


def _is_broken(ban: str, result: Mapping[str, Any]) -> bool:
    suggestions = result["suggestions"]
    match ban:
        case "spinal manipulation":
            return bool(result["manual_therapy"]["thrust"] != "blocked")
        case "no imaging" | "conservative care only":
            return all(s["kind"] in _PASSIVE for s in suggestions)
        case "NSAID advice":
            return any(s.get("anti_inflammatory") for s in suggestions)
        case "emergency referral":
            return result["tier"] == "emergency_now" or any(
                s["kind"] in ("call", "referral") and s["tier"] == "emergency_now"
                for s in suggestions
            )
        case "urgent cancer referral":
            return any(
                s["kind"] == "referral"
                and s["tier"] in _SOON
                and _CANCERS.intersection(s["for"])
                for s in suggestions
            )
        case "routine imaging":
            return any(s["kind"] == "imaging" for s in suggestions)
    msg = f"{ban} is not a known ban"
    raise ValueError(msg)
