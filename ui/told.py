"""Who was told of answers on the clinic's list, in one open visit."""

import uuid
from collections.abc import Callable, Sequence
from datetime import datetime
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal

from intake.tell_now import Line, Told

if TYPE_CHECKING:
    from ui.session import VisitSession

Keep = Callable[[Told], None]


def keep_nothing(_told: Told) -> None:
    """Keep nothing: where there is no store."""


class ToldOf(QObject):
    """What was noted, and what is still to be told.

    Args:
        session: the visit.
        kept: what was noted before, oldest first.
        keep: takes each new note, to store it in the background.
    """

    #: Something was noted.
    changed = Signal()

    def __init__(
        self, session: "VisitSession", kept: Sequence[Told], keep: Keep
    ) -> None:
        """Start from what was noted before."""
        super().__init__(session)
        self._session = session
        self._all = self._to_be_seen(kept)
        self._keep = keep

    @property
    def all(self) -> tuple[Told, ...]:
        """Return everything that was noted, oldest first."""
        return self._all

    def untold(self) -> list[tuple[Line, tuple[str, ...]]]:
        """Return the lines of the list that answers match and nobody was told of.

        For a clinician only what others entered counts: they know their own answers.
        """
        session = self._session
        answers = dict(session.answers)
        if session.role != "desk":
            theirs = session.confirmed.entered
            answers = {q: value for q, value in answers.items() if q in theirs}
        return session.clinic.tell_now.untold(answers, self._all)

    def note(self, to: str, at: datetime) -> None:
        """Note that somebody was told of every line that is shown."""
        for line, answers in self.untold():
            who, identity = self._session.who, str(uuid.uuid4())
            told = Told(identity, line.number, answers, to, who, at)
            self._all = (*self._all, told)
            self._keep(told)
        self.changed.emit()

    def take_in(self, stored: Sequence[Told]) -> None:
        """Show what somebody else noted meanwhile."""
        known = {one.id for one in stored}
        # What was noted here stays: whoever typed the answer has seen it.
        mine = (one for one in self._all if one.id not in known)
        found = (*self._to_be_seen(stored), *mine)
        if found != self._all:
            self._all = found
            self.changed.emit()

    def _to_be_seen(self, stored: Sequence[Told]) -> tuple[Told, ...]:
        """Return notes; to the desk none of an answer that only clinicians read."""
        asked = self._session.protocol.questions
        return tuple(
            one
            for one in stored
            if self._session.role != "desk"
            or all(q in asked and asked[q].who != "clinician" for q in one.questions)
        )
