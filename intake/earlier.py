"""What earlier visits of a patient said, to be read beside the form of today.

Nothing of it is ever filled in: what was true then may not be now, and an answer that
nobody gave today is none. Signed visits count with what their addenda say.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from intake.answers import Answers, Value
from intake.protocol import Protocol, Question

#: More are not looked at: a trend of two years says enough.
MOST_VISITS = 20
_MOST_POINTS = 8


@dataclass(frozen=True, slots=True)
class Earlier:
    """One earlier visit: its day, and its answers as they stand now."""

    visit_id: str
    on: date
    answers: Answers


@dataclass(frozen=True, slots=True)
class Trend:
    """The same question, of 0 to 10, at several visits, the oldest first."""

    label: str
    points: tuple[tuple[date, float], ...]

    @property
    def in_words(self) -> str:
        """Return it in words, which a picture is not for everybody."""
        told = ", ".join(f"{value:g} on {on:%Y-%m-%d}" for on, value in self.points)
        return f"{self.label}: {told}"


def last_values(earlier: Sequence[Earlier]) -> dict[str, tuple[date, Value]]:
    """Return the latest answer to each question, and its day.

    Args:
        earlier: visits, the oldest first.
    """
    found: dict[str, tuple[date, Value]] = {}
    for visit in earlier:
        found |= {q: (visit.on, value) for q, value in visit.answers.items()}
    return found


def trends(
    protocol: Protocol,
    earlier: Sequence[Earlier],
    today: date,
    answers: Mapping[str, Value],
) -> list[Trend]:
    """Return how pain and function went, where there are two values or more.

    Args:
        protocol: says which questions are scales.
        earlier: visits, the oldest first.
        today: the day of this visit.
        answers: of this visit.
    """
    visits = [*((one.on, one.answers) for one in earlier), (today, answers)]
    found = []
    for question in protocol.questions.values():
        if question.kind not in ("scale", "psfs") or not _is_of_patient(question):
            continue
        points = [
            (on, number)
            for on, given in visits
            if (number := _number(question, given.get(question.id))) is not None
        ]
        if len(points) > 1:
            found.append(Trend(question.label, tuple(points[-_MOST_POINTS:])))
    return found


def _is_of_patient(question: Question) -> bool:
    """Return whether it is how the patient fares, not what a clinician thinks."""
    return question.id.partition(".")[0] in ("pain", "function")


def _number(question: Question, value: Value) -> float | None:
    if question.kind == "psfs" and isinstance(value, list) and value:
        scores = [float(one["score"]) for one in value]
        return round(sum(scores) / len(scores), 1)
    return float(value) if isinstance(value, int | float) else None
