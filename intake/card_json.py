"""Evidence cards as JSON, for the command line (docs/command-line.md)."""

from typing import Any

from intake.card_inputs import InputMissing
from intake.card_reasons import Reason
from intake.card_sources import Cited
from intake.evidence_card import EvidenceCard, cards_of
from intake.record import Record

Json = dict[str, Any]


def cards_json(record: Record) -> Json:
    """Return the card of every concern and of every suggestion, by id."""
    concerns, suggestions = cards_of(record)
    return {
        "concerns": {card.id: card_json(card) for card in concerns},
        "suggestions": {card.id: card_json(card) for card in suggestions},
    }


def card_json(card: EvidenceCard) -> Json:
    """Return one card in the shape docs/command-line.md describes."""
    attributes = card.protocol.source_attributes
    return {
        "title": card.title,
        "text": card.text,
        "tier": card.tier.code,
        "strength": card.strength,
        "status": card.status,
        "note": card.note,
        "warnings": list(card.warnings),
        "protocol": {
            "id": card.protocol.id,
            "version": card.protocol.version,
            "released": attributes.released.isoformat(),
            "review_by": card.protocol.review_by.isoformat(),
            "developer": attributes.developer,
            "reviewers": [reviewer.name for reviewer in card.protocol.reviewers],
        },
        "reasons": [_reason(reason) for reason in card.reasons],
        "figures": [
            {
                "text": figure.text,
                "group": figure.group,
                "setting": figure.setting,
                "low_back": figure.low_back,
                "sources": [_cited(source) for source in figure.sources],
                "note": figure.note,
            }
            for figure in card.figures
        ],
        "ratings": list(card.ratings),
        "inputs_missing": [_missing(one) for one in card.inputs_missing],
        "what_would_change_it": {
            "could_raise": [
                {
                    "rule": one.rule,
                    "tier": one.tier.code,
                    "because": one.because,
                    "waits_for": [missing.question for missing in one.waits_for],
                }
                for one in card.could_raise
            ],
            "held_back_when": [
                {
                    "rule": one.rule,
                    "when": one.words,
                    "ruled_out": one.now is False,
                    "waits_for": [missing.question for missing in one.waits_for],
                }
                for one in card.held_back_when
            ],
            "results": [
                {
                    "question": one.question,
                    "brought_by": list(one.brought_by),
                    "leads_to": [
                        {"tier": tier.code, "because": because}
                        for tier, because in one.leads_to
                    ],
                    "against": list(one.against),
                }
                for one in card.results
            ],
        },
        "against": list(card.against),
        "does_not_fit": list(card.does_not_fit),
        "outside_scope": [
            {"who": one.words, "applies": one.applies} for one in card.outside_scope
        ],
    }


def _reason(reason: Reason) -> Json:
    return {
        "id": reason.id,
        "number": reason.number,
        "statement": reason.statement,
        "tier": reason.tier.code,
        "strength": reason.strength,
        "status": reason.status,
        "reviewer": reason.reviewer,
        "note": reason.note,
        "inputs": [
            {
                "question": used.question,
                "label": used.label,
                "value": used.value,
                "through": list(used.through),
            }
            for used in reason.inputs
        ],
        "sources": [_cited(source) for source in reason.sources],
    }


def _cited(source: Cited) -> Json:
    return {
        "id": source.id,
        "title": source.title,
        "organisation": source.organisation,
        "year": source.year,
        "at": source.at,
        "says": source.says,
        "verified": source.verified,
        "verified_words": source.verified_words,
        "read": source.read_words,
        "checked": source.checked.isoformat() if source.checked else None,
        "link": source.link,
        "low_back": source.low_back,
        "note": source.note,
    }


def _missing(one: InputMissing) -> Json:
    return {
        "question": one.question,
        "label": one.label,
        "state": one.state,
        "value": one.value,
    }
