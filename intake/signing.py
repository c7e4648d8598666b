"""What a signature covers: the whole visit as the clinician saw it, as one text.

The text is canonical JSON (sorted keys, no spaces, ASCII), so that the same visit
always gives the same bytes, and its SHA-256 shows whether a byte was changed since.
"""

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any, Literal

from intake.answers import Answers, Value
from intake.patient import Patient
from intake.people import Person
from intake.visit import Signature, Visit, digest_of

FORMAT = 1
AddendumKind = Literal["addendum", "correction", "result", "entered_in_error"]


@dataclass(frozen=True, slots=True)
class Addendum:
    """What was added to a signed visit, with an author, a time and a digest of its own.

    `answers` holds results and corrected answers, which an assessment reads over the
    signed ones; None takes an answer back.
    """

    id: str
    visit_id: str
    number: int
    kind: AddendumKind
    content: str
    digest: str

    @property
    def is_whole(self) -> bool:
        """Return whether the content is still the one that was signed."""
        return digest_of(self.content) == self.digest

    @property
    def text(self) -> str:
        """Return what the author wrote."""
        return str(json.loads(self.content)["text"])

    @property
    def answers(self) -> Mapping[str, Value | None]:
        """Return the answers that go over the signed ones."""
        answers: dict[str, Value | None] = json.loads(self.content)["answers"]
        return answers

    @property
    def after(self) -> str:
        """Return the digest of what it follows on."""
        return str(json.loads(self.content)["after"])

    @property
    def author(self) -> tuple[str, str]:
        """Return the author's id and name."""
        told = json.loads(self.content)["author"]
        return str(told["id"]), str(told["name"])

    @property
    def at(self) -> datetime:
        """Return when it was signed."""
        return datetime.fromisoformat(json.loads(self.content)["at"])


def canonical(value: Mapping[str, Any]) -> str:
    """Return a value as canonical JSON."""
    return json.dumps(value, allow_nan=False, separators=(",", ":"), sort_keys=True)


def signature(  # noqa: PLR0913  (each is part of what is signed)
    visit: Visit,
    patient: Patient,
    assessment: Mapping[str, Any],
    person: Person,
    at: datetime,
    decisions: Sequence[Mapping[str, Any]] = (),
    *,
    entered: Sequence[Mapping[str, Any]] = (),
) -> Signature:
    """Return a clinician's signature under a visit.

    Args:
        visit: as stored, with its protocol's id, version and digest.
        patient: as registered now.
        assessment: as JSON, as the clinician saw it.
        person: who signs.
        at: when.
        decisions: as JSON, oldest first, each with how it stands; see
            `intake.decisions.signed_json`.
        entered: as JSON, the answers that no clinician entered, each with both names;
            see `intake.confirmations.entered_json`.
    """
    content = canonical(
        {
            "format": FORMAT,
            "visit": {
                "id": visit.id,
                "on": visit.on.isoformat(),
                "opened_at": visit.opened_at.isoformat(),
                "revision": visit.revision,
            },
            "protocol": {
                "id": visit.protocol_id,
                "version": visit.protocol_version,
                "digest": visit.protocol_digest,
            },
            "patient": asdict(patient),
            "answers": visit.answers.as_dict(),
            "assessment": assessment,
            "decisions": list(decisions),
            "entered": list(entered),
            "signer": _signer(person),
            "at": at.isoformat(),
        }
    )
    return Signature(content, digest_of(content), person.id, person.name, at)


def addendum(  # noqa: PLR0913  (each is part of what is signed)
    identity: str,
    visit: Visit,
    earlier: Iterable[Addendum],
    kind: AddendumKind,
    person: Person,
    at: datetime,
    *,
    text: str = "",
    answers: Mapping[str, Value | None] | None = None,
) -> Addendum:
    """Return an addendum to a signed visit, linked to the one before by its digest."""
    if visit.signature is None:
        raise ValueError("only a signed visit has addenda")
    before = list(earlier)
    content = canonical(
        {
            "format": FORMAT,
            "visit": visit.id,
            "after": before[-1].digest if before else visit.signature.digest,
            "number": len(before) + 1,
            "kind": kind,
            "text": text,
            "answers": dict(answers or {}),
            "author": _signer(person),
            "at": at.isoformat(),
        }
    )
    digest = digest_of(content)
    return Addendum(identity, visit.id, len(before) + 1, kind, content, digest)


def overlaid(answers: Answers, addenda: Iterable[Addendum]) -> Answers:
    """Return signed answers with what addenda say over them, the latest last."""
    for one in addenda:
        for question, value in one.answers.items():
            answers = answers.changed(question, value)
    return answers


def _signer(person: Person) -> dict[str, str]:
    return {"id": person.id, "name": person.name, "licence": person.licence}
