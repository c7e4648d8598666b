"""What is decided in one open visit: kept at once, taken back with undo, never lost.

A decision is stored in the background as answers are. Undoing one is a decision, too:
the one before holds again, or the suggestion is open again.
"""

import uuid
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal

from intake.answer_check import storable
from intake.decisions import (
    EMERGENCY,
    Choice,
    Decision,
    Grounds,
    Standing,
    emergency_grounds,
    emergency_standing,
    grounds_of,
    open_suggestions,
    standings,
)
from intake.outcome import Suggestion

if TYPE_CHECKING:
    from ui.session import VisitSession

Keep = Callable[[Decision], None]


class Decided(QObject):
    """The decisions of one visit, and how they stand by the answers of now.

    Args:
        session: the visit.
        kept: the decisions there are, oldest first.
        keep: takes each new one, to store it in the background.
    """

    #: There are other decisions now.
    changed = Signal()

    def __init__(
        self, session: "VisitSession", kept: Sequence[Decision], keep: Keep
    ) -> None:
        """Start from what was decided before."""
        super().__init__(session)
        self._session = session
        self._all = tuple(kept)
        self._keep = keep

    @property
    def all(self) -> tuple[Decision, ...]:
        """Return every decision, oldest first."""
        return self._all

    def standings(self) -> dict[str, Standing]:
        """Return how it stands with each suggestion, by action."""
        return standings(self._session.assessment, self._all)

    def emergency(self) -> Standing:
        """Return how it stands with the emergency checklist."""
        return emergency_standing(self._session.assessment, self._all)

    def open(self) -> list[Suggestion]:
        """Return the suggestions nobody has decided on."""
        return open_suggestions(self._session.assessment, self._all)

    def decide(
        self, subject: str, choice: Choice, words: str = "", reason: str = ""
    ) -> None:
        """Decide on a suggestion, or on the emergency, by what speaks for it now.

        Raises:
            KeyError: it is not suggested.
        """
        made = self._made(subject, choice, words, reason)
        step = _Step(self, self._newest(subject), made)
        self._session.remember(step)
        self._add(made)

    def take_in(self, stored: Sequence[Decision]) -> None:
        """Show what is stored, with what somebody else decided meanwhile."""
        if [one.id for one in stored] != [one.id for one in self._all]:
            self._all = tuple(stored)
            self.changed.emit()

    def again(self, earlier: Decision | None, instead_of: Decision) -> None:
        """Let an earlier decision hold again; None leaves the subject open."""
        now = self._session.now()
        one = earlier or replace(instead_of, choice="taken_back", words="", reason="")
        self._add(replace(one, id=str(uuid.uuid4()), who=self._session.who, at=now))

    def _made(self, subject: str, choice: Choice, words: str, reason: str) -> Decision:
        return Decision(
            id=str(uuid.uuid4()),
            subject=subject,
            choice=choice,
            grounds=self._grounds(subject),
            who=self._session.who,
            at=self._session.now(),
            words=storable(words.strip()),
            reason=reason,
        )

    def _grounds(self, subject: str) -> Grounds:
        assessment = self._session.assessment
        if subject == EMERGENCY:
            return emergency_grounds(assessment)
        suggested = {one.action.id: one for one in assessment.suggestions}
        return grounds_of(assessment, suggested[subject])

    def _newest(self, subject: str) -> Decision | None:
        mine = [one for one in self._all if one.subject == subject]
        return mine[-1] if mine and mine[-1].choice != "taken_back" else None

    def _add(self, decision: Decision) -> None:
        self._all = (*self._all, decision)
        self._keep(decision)
        self.changed.emit()


@dataclass(frozen=True, slots=True)
class _Step:
    """One decision as a step that can be undone."""

    decided: Decided
    before: Decision | None
    made: Decision

    def undo(self) -> None:
        """Let what was decided before hold again."""
        self.decided.again(self.before, self.made)

    def redo(self) -> None:
        """Decide so once more."""
        self.decided.again(self.made, self.made)
