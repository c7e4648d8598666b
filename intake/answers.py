"""Immutable answers, and the changes that made them.

An answer is stored as JSON holds it, in the shapes of docs/protocol-format.md; a
question that is not there was not asked. `Answers` never changes: recording a change
gives new `Answers`.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from types import MappingProxyType
from typing import Any, Literal

#: A stored answer: text, number, list or mapping, as JSON holds it.
Value = Any
Role = Literal["desk", "clinician", "import"]
Way = Literal[
    "desk", "clinician", "paper", "import", "all_others_no", "filled", "re_entered"
]
_WAYS_OF_THE_DESK: frozenset[Way] = frozenset(
    {"desk", "paper", "import", "all_others_no"}
)


@dataclass(frozen=True, slots=True)
class AnswerChange:
    """Who changed one answer from what to what, when, and in which way.

    `old` and `new` are None where the question was, or is again, not asked.
    `declined` marks an "unsure" of a patient who would not answer.
    """

    question: str
    old: Value | None
    new: Value | None
    who: str
    role: Role
    at: datetime
    way: Way
    declined: bool = False


class Answers(Mapping[str, Value]):
    """The answers of one visit: question id to stored value. Immutable."""

    __slots__ = ("_values",)

    def __init__(self, values: Mapping[str, Value] | None = None) -> None:
        """Hold the given answers, without those that are None."""
        kept = {k: v for k, v in (values or {}).items() if v is not None}
        self._values = MappingProxyType(kept)

    def __getitem__(self, question: str) -> Value:
        """Return the answer to a question; KeyError where it was not asked."""
        return self._values[question]

    def __iter__(self) -> Iterator[str]:
        """Iterate over the questions that were asked."""
        return iter(self._values)

    def __len__(self) -> int:
        """Return how many questions were asked."""
        return len(self._values)

    def changed(self, question: str, value: Value | None) -> "Answers":
        """Return answers with one of them changed; None is "not asked" again."""
        return Answers({**self._values, question: value})

    def without(self, questions: frozenset[str]) -> "Answers":
        """Return answers in which these questions were not asked."""
        if not questions:
            return self
        return Answers({k: v for k, v in self._values.items() if k not in questions})

    def as_dict(self) -> dict[str, Value]:
        """Return a plain dictionary, for JSON."""
        return dict(self._values)


def as_desks(change: AnswerChange, who: str) -> AnswerChange:
    """Return a change as somebody at the desk makes it, whatever it says of itself.

    The way of an answer decides whether a clinician has to confirm it, so that of a
    clinician is nobody else's.
    """
    return replace(
        change,
        who=who,
        role="desk" if change.role == "clinician" else change.role,
        way=change.way if change.way in _WAYS_OF_THE_DESK else "desk",
    )
