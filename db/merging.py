"""Changes of several people to one visit: merged, or in conflict."""

from collections.abc import Sequence

from db.tables import json_text
from intake.answers import AnswerChange, Value
from intake.ports import Conflict
from intake.visit import Visit


def conflicts(
    visit: Visit, theirs: Sequence[AnswerChange], ours: Sequence[AnswerChange]
) -> list[Conflict]:
    """Return the questions that both changed, and to different values.

    An answer that they changed and changed back is as we saw it: no conflict.
    """
    seen: dict[str, Value | None] = {}
    last: dict[str, AnswerChange] = {}
    for change in theirs:
        seen.setdefault(change.question, change.old)
        last[change.question] = change
    wanted = {change.question: change.new for change in ours}
    return [
        Conflict(question, visit.answers.get(question), value, last[question])
        for question, value in wanted.items()
        if question in seen
        and not _same(visit.answers.get(question), value)
        and not _same(visit.answers.get(question), seen[question])
    ]


def _same(one: Value | None, other: Value | None) -> bool:
    # As JSON: to Python, 1 and True are equal.
    return json_text(one) == json_text(other)


def identity(change: AnswerChange) -> tuple[object, ...]:
    """Return what makes a change this one; the answer it replaced may be corrected."""
    return (
        change.question,
        json_text(change.new),
        change.who,
        change.role,
        change.at,
        change.way,
        change.declined,
    )
