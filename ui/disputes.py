"""Answers that two people gave differently, until somebody has chosen.

The stored answer stays stored and ours is held, also in the draft and over a restart.
Nothing pops up: the visit shows both, and the status line says that a choice waits.
Whichever is chosen, the other is kept beside the visit.
"""

from collections.abc import Callable
from dataclasses import dataclass, replace

from PySide6.QtCore import QObject, Signal

from intake.answers import AnswerChange
from intake.ports import Clock, ConflictError
from ui.saving import Saver


@dataclass(frozen=True, slots=True)
class Dispute:
    """One question with two answers: the stored one, and the one typed here."""

    visit_id: str
    theirs: AnswerChange
    ours: AnswerChange

    @property
    def question(self) -> str:
        """Return the question's id."""
        return self.ours.question


class Disputes(QObject):
    """What waits for a choice.

    Args:
        saver: tells of conflicts, holds ours, stores what was chosen.
        clock: for the time of the choice.
        who: returns the id of whoever chooses.
    """

    #: A dispute came up or ended.
    changed = Signal()

    def __init__(
        self, saver: Saver, clock: Clock, who: Callable[[], str], parent: QObject
    ) -> None:
        """Follow the writer."""
        super().__init__(parent)
        self._saver = saver
        self._clock = clock
        self._who = who
        self._theirs: dict[tuple[str, str], AnswerChange] = {}
        saver.conflicted.connect(self._remember)
        saver.waiting.connect(self._look_again)

    def all(self) -> list[Dispute]:
        """Return everything that waits for a choice, oldest first."""
        held = self._saver.backlog.held
        return [
            Dispute(visit_id, theirs, ours)
            for (visit_id, question), theirs in self._theirs.items()
            if (ours := held(visit_id, question)) is not None
        ]

    def of(self, visit_id: str) -> list[Dispute]:
        """Return what waits in one visit."""
        return [one for one in self.all() if one.visit_id == visit_id]

    def settle(self, dispute: Dispute, *, keep_ours: bool) -> AnswerChange:
        """Keep one answer as the answer and the other beside it; return the first."""
        key = (dispute.visit_id, dispute.question)
        theirs = self._theirs.pop(key)
        self._saver.backlog.let_go(*key)
        kept, loser = (
            (replace(dispute.ours, at=self._clock.now()), theirs)
            if keep_ours
            else (theirs, dispute.ours)
        )
        self._saver.set_aside(dispute.visit_id, loser, self._who())
        if keep_ours:
            self._saver.save(dispute.visit_id, [kept], self._who())
        self.changed.emit()
        return kept

    def _remember(self, visit_id: str, error: ConflictError) -> None:
        for conflict in error.conflicts:
            self._theirs[visit_id, conflict.question] = conflict.change
        self._look_again()
        self.changed.emit()

    def _look_again(self) -> None:
        """End what was answered anew in the form: that answer was the choice."""
        held = self._saver.backlog.held
        ended = {key: one for key, one in self._theirs.items() if held(*key) is None}
        # First all of them: keeping one beside the visit leads here again.
        for key in ended:
            del self._theirs[key]
        for (visit_id, _), theirs in ended.items():
            self._saver.set_aside(visit_id, theirs, self._who())
        if ended:
            self.changed.emit()
