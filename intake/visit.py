"""A visit: one patient, one day, the answers, and how they came to be."""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from typing import Literal

from intake.answers import AnswerChange, Answers

VisitState = Literal[
    "history", "ready_for_clinician", "in_examination", "to_sign", "signed"
]


@dataclass(frozen=True, slots=True)
class Visit:
    """One visit. `revision` counts the saves that were acknowledged.

    The protocol's id, version and digest are those it was last assessed with.
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

    def with_changes(self, changes: Sequence[AnswerChange]) -> "Visit":
        """Return the visit after the changes, one revision later."""
        answers = self.answers
        for change in changes:
            answers = answers.changed(change.question, change.new)
        return replace(self, answers=answers, revision=self.revision + 1)
