"""A fingerprint of what a document was made from, short enough to compare by eye."""

import hashlib
import json
from dataclasses import asdict

from intake.confirmations import entered_json
from intake.decisions import decision_json
from intake.record import Record

_SHOWN = 12


def record_digest(record: Record) -> str:
    """Return the SHA-256 of all that a document is made from, as hex digits."""
    content = {
        "patient": asdict(record.patient),
        "on": record.on.isoformat(),
        "answers": record.answers.as_dict(),
        "declined": sorted(record.declined),
        "decisions": [decision_json(one) for one in record.decisions],
        "entered": entered_json(record.entered),
        "visit": record.visit_id,
        "clinician": record.clinician,
        "licence": record.licence,
        "protocol": record.assessment.protocol.digest,
    }
    canonical = json.dumps(content, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(canonical.encode()).hexdigest()


def short_digest(record: Record) -> str:
    """Return the first twelve digits, in groups of four."""
    shown = record_digest(record)[:_SHOWN]
    return " ".join(shown[i : i + 4] for i in range(0, _SHOWN, 4))
