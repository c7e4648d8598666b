"""What of the form somebody sees, and what is still to be asked; no widget here."""

from dataclasses import dataclass

from intake.protocol import Question, Section
from ui.session import VisitSession


@dataclass(frozen=True, slots=True)
class Progress:
    """How much of a section is answered."""

    asked: int
    total: int

    @property
    def words(self) -> str:
        """Return it as the rail shows it."""
        if not self.total:
            return "nothing to ask"
        return f"{self.asked} of {self.total} asked"

    @property
    def is_done(self) -> bool:
        """Return whether nothing is missing."""
        return self.asked == self.total


def sections_for(session: VisitSession) -> tuple[Section, ...]:
    """Return the sections that this role sees, in order."""
    sections = session.protocol.sections
    if session.role != "desk":
        return sections
    by_section = session.protocol.by_section
    return tuple(
        section
        for section in sections
        if section.who == "desk"
        or any(may_see(session, question) for question in by_section[section.id])
    )


def may_see(session: VisitSession, question: Question) -> bool:
    """Return whether this role sees a question: nothing private at the open desk.

    Typing in the patient's own paper, the desk sees what stands on it.
    """
    if session.role != "desk":
        return True
    if question.private:
        return session.is_paper
    return question.who != "clinician"


def shown_in(session: VisitSession, section: str) -> tuple[Question, ...]:
    """Return the open questions of a section that this role sees, in order."""
    visible = frozenset(session.visibility.open)
    return tuple(
        question
        for question in session.protocol.by_section[section]
        if question.id in visible and may_see(session, question)
    )


def closed_in(session: VisitSession, section: str) -> tuple[Question, ...]:
    """Return the questions of a section that somebody may open by hand."""
    visible = frozenset(session.visibility.open)
    return tuple(
        question
        for question in session.protocol.by_section[section]
        if question.id not in visible and may_see(session, question)
    )


def hidden_in(session: VisitSession, section: str) -> tuple[Question, ...]:
    """Return the answered questions of a section that are hidden now."""
    return tuple(
        question
        for question in session.protocol.by_section[section]
        if question.id in session.visibility.hidden and may_see(session, question)
    )


def unread_in(session: VisitSession, section: str) -> tuple[Question, ...]:
    """Return the questions answered in a way that this protocol cannot read."""
    return tuple(
        question
        for question in session.protocol.by_section[section]
        if question.id in session.unread and may_see(session, question)
    )


def is_waiting(session: VisitSession, question: Question) -> bool:
    """Return whether an open question has no answer, its own or another's."""
    answers = session.answers
    return question.id not in answers and not any(
        other in answers for other in question.answered_by
    )


def progress_of(session: VisitSession, section: str) -> Progress:
    """Return how many of the questions that count are answered."""
    missing = frozenset(session.visibility.missing)
    answers = session.answers
    counted = [q for q in shown_in(session, section) if q.is_counted]
    asked = sum(q.id in answers and not _counts_elsewhere(session, q) for q in counted)
    return Progress(asked, asked + sum(q.id in missing for q in counted))


def _counts_elsewhere(session: VisitSession, question: Question) -> bool:
    """Return whether chart and list are both there: one act, counted once."""
    return question.kind == "map" and any(
        other in session.answers for other in question.answered_by
    )
