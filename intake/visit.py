"""A visit: one patient, one day, the answers, and how they came to be."""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from hashlib import sha256
from typing import Literal

from intake.answers import AnswerChange, Answers

VisitState = Literal[
    "history", "ready_for_clinician", "in_examination", "to_sign", "signed",
    "left_before_seen", "cancelled", "entered_in_error",
]  # fmt: skip
#: Ended without a signature: kept, and closed to answers. See `intake.moves`.
ENDED: frozenset[VisitState] = frozenset(
    {"left_before_seen", "cancelled", "entered_in_error"}
)
#: What nobody has to finish any more.
FINISHED: frozenset[VisitState] = ENDED | {"signed"}


def digest_of(content: str) -> str:
    """Return the SHA-256 of a text, in hexadecimal."""
    return sha256(content.encode()).hexdigest()


@dataclass(frozen=True, slots=True)
class Signature:
    """Who signed what, and when. `content` is canonical JSON; see intake.signing."""

    content: str
    digest: str
    person_id: str
    name: str
    at: datetime

    @property
    def is_whole(self) -> bool:
        """Return whether the content is still the one that was signed."""
        return digest_of(self.content) == self.digest


@dataclass(frozen=True, slots=True)
class Visit:
    """One visit. `revision` counts the saves that were acknowledged.

    The protocol's id, version and digest are those it was last assessed with.
    `responsible` is the id of the person who sees to it that it is finished; empty
    while nobody does. `patient_id` is whose visit it is now; a signed text keeps the
    one it was signed for. `is_in_error` marks a signed visit that should not be there.
    """

    id: str
    patient_id: str
    on: date
    opened_at: datetime
    protocol_id: str
    protocol_version: str
    protocol_digest: str
    revision: int = 0
    state: VisitState = "history"
    answers: Answers = field(default_factory=Answers)
    signature: Signature | None = None
    responsible: str = ""
    is_in_error: bool = False

    def with_changes(self, changes: Sequence[AnswerChange]) -> "Visit":
        """Return the visit after the changes, one revision later."""
        answers = self.answers
        for change in changes:
            answers = answers.changed(change.question, change.new)
        return replace(self, answers=answers, revision=self.revision + 1)
