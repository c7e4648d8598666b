"""The assessment and the inventory as JSON: the contract of the command line."""

from typing import Any

from intake.codes import Code
from intake.imaging_criteria import Rating
from intake.outcome import Assessment, RaisedConcern, Suggestion
from intake.protocol import Citation, Protocol, Question

Json = dict[str, Any]


def assessment_json(assessment: Assessment) -> Json:
    """Return an assessment in the shape docs/command-line.md describes."""
    protocol = assessment.protocol
    therapy = assessment.manual_therapy
    return {
        "protocol": {
            "id": protocol.id,
            "version": protocol.version,
            "digest": protocol.digest,
            "warning": protocol.warning,
            "outdated": assessment.outdated,
        },
        "tier": assessment.tier.code,
        "could_be": assessment.could_be.code,
        "headline": assessment.headline,
        "scope": {
            "in": not assessment.out_of_scope,
            "because": [limit.because for limit in assessment.out_of_scope],
        },
        "concerns": [_concern(raised) for raised in assessment.concerns],
        "suggestions": [_suggestion(s) for s in assessment.suggestions],
        "code_systems": _code_systems(assessment),
        "not_suggested": [
            {
                "id": n.action,
                "why": n.why,
                "sources": _ids(n.sources),
                "criteria": _criteria(n.criteria),
            }
            for n in assessment.not_suggested
        ],
        "manual_therapy": {
            "thrust": therapy.thrust,
            "because": list(therapy.because),
            "instead": list(therapy.instead),
        },
        "ask_next": [
            {
                "question": asked.question,
                "could_raise_to": asked.could_raise_to.code,
                "state": asked.state,
                "open": asked.is_open,
                "rules": list(asked.rules),
            }
            for asked in assessment.ask_next
        ],
        "red_flags": dict(assessment.red_flags),
        "held_back": [
            {"rule": held.rule.id, "because": held.because}
            for held in assessment.held_back
        ],
        "failed_rules": list(assessment.failed_rules),
        "open_questions": list(assessment.open_questions),
        "hidden": sorted(assessment.hidden),
        "core_done": assessment.core_done,
    }


def _concern(raised: RaisedConcern) -> Json:
    return {
        "id": raised.concern.id,
        "title": raised.concern.title,
        "tier": raised.tier.code,
        "strength": raised.strength,
        "rules": [
            {
                "id": fired.rule.id,
                "tier": fired.rule.tier.code,
                "because": fired.rule.because,
                "answers": dict(fired.answers),
                "sources": _ids(fired.rule.sources),
                "status": fired.rule.status,
            }
            for fired in raised.rules
        ],
        "against": list(raised.against),
        "evidence": [f"{e.text} ({e.group})" for e in raised.concern.evidence],
    }


def _suggestion(suggestion: Suggestion) -> Json:
    found: Json = {
        "id": suggestion.action.id,
        "kind": suggestion.action.kind,
        "tier": suggestion.tier.code,
        "for": list(suggestion.concerns),
        "text": suggestion.action.text,
        "because": list(suggestion.because),
        "status": suggestion.action.status,
    }
    if suggestion.within_hours is not None:
        found["within_hours"] = suggestion.within_hours
    if suggestion.due is not None:
        found["due"] = suggestion.due.isoformat()
    if suggestion.action.kind == "imaging":
        found["criteria"] = _criteria(suggestion.criteria)
    if suggestion.action.anti_inflammatory:
        found["anti_inflammatory"] = True
    if suggestion.action.cancer_referral:
        found["cancer_referral"] = True
    if suggestion.action.codes:
        found["codes"] = _codes(suggestion.action.codes)
    return found


def _criteria(ratings: tuple[Rating, ...]) -> list[Json]:
    """Return how published tables rate a study; radiation where it was read."""
    return [
        {
            "id": rating.criterion.id,
            "topic": rating.criterion.topic,
            "variant": rating.criterion.variant,
            "year": rating.criterion.year or None,
            "category": rating.category,
            "panel_disagreed": rating.is_disputed,
            "rated_for": rating.study.label,
            "radiation": rating.study.radiation or None,
            "verified": rating.verified,
            "text": rating.words,
        }
        for rating in ratings
    ]


def _ids(citations: tuple[Citation, ...]) -> list[str]:
    return [citation.source for citation in citations]


def _codes(codes: tuple[Code, ...]) -> list[Json]:
    return [
        {"system": code.system, "code": code.code, "display": code.display}
        for code in codes
    ]


def _code_systems(assessment: Assessment) -> list[Json]:
    """Return the systems of the codes printed, each with the notice it asks for."""
    used = {c.system for s in assessment.suggestions for c in s.action.codes}
    return [
        {
            "system": system.url,
            "name": system.name,
            "release": system.release,
            "checked": system.checked.isoformat(),
            "notice": system.notice,
        }
        for system in assessment.protocol.code_systems
        if system.url in used
    ]


def inventory_json(protocol: Protocol) -> list[Json]:
    """Return every question: id, kind, sided, options, units, section, class, text.

    And its codes, where it has any.
    """
    return [_question(question) for question in protocol.questions.values()]


def _question(question: Question) -> Json:
    found: Json = {
        "id": question.id,
        "kind": question.kind,
        "sided": question.sided,
        "options": list(question.options or ()),
        "units": list(question.units),
        "section": question.section,
        "class": question.question_class,
        "text": question.label,
    }
    if question.codes:
        found["codes"] = _codes(question.codes)
    return found
