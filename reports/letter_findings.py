"""What a letter picks from a record: what made it, what was negative, what is open."""

from collections.abc import Sequence

from intake.outcome import RaisedConcern
from intake.protocol import Tier
from reports.content import Text, labelled
from reports.history_part import said_lines
from reports.record_view import RecordView
from reports.wording import Standing, in_sentence

_MOST_REASONS = 3
_MOST_NEGATIVES = 12
#: Of so many of each list a reader is told when they were not asked.
_MUST_BE_KNOWN = 4
_MOST_MISSING = 7


def leading_concerns(view: RecordView) -> tuple[RaisedConcern, ...]:
    """Return the concerns a letter is about: those above watching, else all raised."""
    raised = view.record.assessment.concerns
    return tuple(c for c in raised if c.tier > Tier.MONITOR) or raised


def reasons(view: RecordView) -> list[str]:
    """Return the two or three findings that made the letter.

    They are taken from the rules that fired, the most urgent first, and within a rule
    in the order in which its concern ranks them.
    """
    found: list[str] = []
    for raised in leading_concerns(view):
        ranked = raised.concern.pertinent_negatives
        for fired in raised.rules:
            answers = [q for q in fired.answers if view.standing(q) is Standing.FOUND]
            answers.sort(key=lambda q: ranked.index(q) if q in ranked else len(ranked))
            found += [q for q in answers if q not in found]
    return [view.said_in_full(q) for q in found[:_MOST_REASONS]]


def relevant(view: RecordView) -> frozenset[str]:
    """Return the questions the letter's concerns read or want to see answered."""
    found: set[str] = set()
    for raised in leading_concerns(view):
        found |= set(raised.concern.pertinent_negatives)
        for fired in raised.rules:
            found |= set(fired.answers)
    return frozenset(found)


def negative_lines(view: RecordView) -> list[Text]:
    """Return the pertinent negatives: recorded ones, and the first that are missing."""
    lists = [c.concern.pertinent_negatives for c in leading_concerns(view)[:2]]
    must_be_known = {q for ids in lists for q in ids[:_MUST_BE_KNOWN]}
    wanted = [
        q
        for q in dict.fromkeys(q for ids in lists for q in ids)
        if _is_told(view, q, must_be_known)
    ][:_MOST_NEGATIVES]
    asked = [view.protocol_questions[q] for q in wanted if view.has(q)]
    lines = said_lines(view, asked)
    missing = [in_sentence(view.label(q)) for q in wanted if not view.has(q)]
    if missing:
        lines.append(labelled("Not asked", f"{'; '.join(missing)}."))
    return lines


def _is_told(view: RecordView, question: str, must_be_known: set[str]) -> bool:
    """Return whether a question has its place here; findings stand above."""
    if question not in view.protocol_questions or question.startswith("vitals."):
        return False
    if not view.has(question):
        return question in must_be_known
    return view.standing(question) is not Standing.FOUND


def missing_line(view: RecordView, told: Sequence[str] = ()) -> Text:
    """Return what is open and could change the urgency, with its state."""
    asked = [
        a.question
        for a in view.record.assessment.ask_next
        if a.is_open and a.question not in told
    ]
    if not asked:
        return ()
    names = [f"{in_sentence(view.label(q))} ({view.words(q)})" for q in asked]
    more = len(names) - _MOST_MISSING
    end = f"; and {more} more." if more > 0 else "."
    return labelled(
        "Not known, and could change the urgency",
        "; ".join(names[:_MOST_MISSING]) + end,
    )
