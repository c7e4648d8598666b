"""Who is being asked in the burden benchmark, and which groups of the table fit."""

import math
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

Row = Mapping[str, Any]


@dataclass(slots=True)
class Person:
    """Who is being asked: traits and answers so far."""

    age: int
    sex: Literal["female", "male"]
    factor: float
    weeks: float = 0.0
    disease: Row = field(default_factory=dict)
    traits: set[str] = field(default_factory=set)
    answers: dict[str, Any] = field(default_factory=dict)

    def fits(self, group: Row) -> bool:
        """Return whether the person belongs to a group of the table."""
        answer = group.get("answer")
        return (
            group.get("age_from", 0) <= self.age <= group.get("age_to", 200)
            and group.get("sex", self.sex) == self.sex
            and ("trait" not in group or group["trait"] in self.traits)
            and group.get("weeks_from", 0) <= self.weeks
            and self.weeks <= group.get("weeks_to", math.inf)
            and self.answers.get("pain.now", 0) >= group.get("pain_from", 0)
            and (not answer or any(self._said(q, answer[q]) for q in answer))
        )

    def of(self, row: Row, key: str) -> Any:  # noqa: ANN401  (whatever the row holds)
        """Return a field of the row, as it holds for this person."""
        for group in row.get("given", ()):
            if self.fits(group):
                return group[key]
        return row[key]

    def _said(self, question: str, options: Collection[str]) -> bool:
        value = self.answers.get(question)
        values = list(value.values()) if isinstance(value, dict) else [value]
        flat = [
            v for each in values for v in (each if isinstance(each, list) else [each])
        ]
        return any(v in options for v in flat)
