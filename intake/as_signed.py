"""A signed visit as it was signed: read from the signed text, not from today's rows.

Whatever became of the patient's registration or of the protocol since, this is what the
clinician saw and signed.
"""

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from intake.answers import Answers
from intake.confirmations import Entered, entered_of
from intake.decisions import Decision, decision_of
from intake.patient import Patient
from intake.signing import Addendum
from intake.visit import Signature


@dataclass(frozen=True, slots=True)
class SignedVisit:
    """What a signature covers. `assessment` is in the shape of `outcome_json`."""

    visit_id: str
    on: date
    opened_at: datetime
    revision: int
    protocol_id: str
    protocol_version: str
    protocol_digest: str
    patient: Patient
    answers: Answers
    assessment: Mapping[str, Any]
    #: Oldest first; none where it was signed before there were any.
    decisions: tuple[Decision, ...]
    #: By id of a decision, why it does not hold; empty where it does.
    settled: Mapping[str, str]
    #: The answers that no clinician entered; none where it was signed before that was
    #: kept.
    entered: tuple[Entered, ...]
    signer: str
    licence: str
    at: datetime
    digest: str
    #: Whether the text is still the one that was signed.
    is_whole: bool


def as_signed(signature: Signature) -> SignedVisit:
    """Return a visit as it was signed.

    Raises:
        ValueError: the text was altered so far that it cannot be read any more.
    """
    try:
        told = json.loads(signature.content)
        visit, protocol, signer = told["visit"], told["protocol"], told["signer"]
        decided = told.get("decisions", [])
        return SignedVisit(
            visit_id=visit["id"],
            on=date.fromisoformat(visit["on"]),
            opened_at=datetime.fromisoformat(visit["opened_at"]),
            revision=visit["revision"],
            protocol_id=protocol["id"],
            protocol_version=protocol["version"],
            protocol_digest=protocol["digest"],
            patient=Patient(**told["patient"]),
            answers=Answers(told["answers"]),
            assessment=told["assessment"],
            decisions=tuple(map(decision_of, decided)),
            settled={one["id"]: str(one["now"]) for one in decided},
            entered=tuple(map(entered_of, told.get("entered", []))),
            signer=signer["name"],
            licence=signer["licence"],
            at=datetime.fromisoformat(told["at"]),
            digest=signature.digest,
            is_whole=signature.is_whole,
        )
    except (ValueError, KeyError, TypeError, AttributeError):
        # Without what was in it: that is a patient's.
        raise ValueError("the signed text cannot be read") from None


def readable(signature: Signature) -> SignedVisit | None:
    """Return a visit as it was signed; None where it cannot be read any more."""
    try:
        return as_signed(signature)
    except ValueError:
        return None


def faults_of(signature: Signature, addenda: Iterable[Addendum]) -> list[str]:
    """Say what no longer fits what was signed; nothing when all of it does."""
    found = []
    if not signature.is_whole:
        found.append("The visit is not as it was signed: its digest does not match.")
    before = signature.digest
    for place, one in enumerate(addenda, 1):
        if not one.is_whole:
            found.append(f"Addendum {place} is not as it was signed.")
        elif one.number != place or one.after != before:
            found.append(f"Addendum {place} does not follow on what was before it.")
        before = one.digest
    return found
