"""What the desk entered in one open visit, and what the clinician confirmed of it.

A confirmation is stored in the background as answers are, and is a step of its own for
undo: taking it back is kept, too. The desk has no marks.
"""

import uuid
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal

from intake.answers import AnswerChange
from intake.confirmations import Confirmation, Entered, entered, unconfirmed
from intake.confirming import Unit, units

if TYPE_CHECKING:
    from ui.session import VisitSession

Keep = Callable[[Sequence[Confirmation]], None]


def keep_nothing(_confirmations: Sequence[Confirmation]) -> None:
    """Keep no confirmation: where there is no store, and for the desk."""


class Confirmed(QObject):
    """Who entered each answer of a visit, and who confirmed it.

    Args:
        session: the visit.
        changes: of the visit, oldest first.
        kept: the confirmations there are, oldest first.
        keep: takes new ones, to store them in the background.
    """

    #: There are other marks now.
    changed = Signal()

    def __init__(
        self,
        session: "VisitSession",
        changes: Sequence[AnswerChange],
        kept: Sequence[Confirmation],
        keep: Keep,
    ) -> None:
        """Start from what is stored."""
        super().__init__(session)
        self._session = session
        self._last = {change.question: change for change in changes}
        self._all = tuple(kept)
        self._keep = keep
        self._found: dict[str, Entered] | None = None

    @property
    def entered(self) -> dict[str, Entered]:
        """Return the answers no clinician entered, by question, with both names."""
        if self._found is None:
            is_desk = self._session.role == "desk"
            last = () if is_desk else self._last.values()
            self._found = entered(last, self._all)
        return self._found

    def marked(self) -> dict[str, Entered]:
        """Return those that nobody has confirmed and that are not hidden now."""
        hidden = self._session.visibility.hidden
        found = unconfirmed(self.entered)
        return {one.question: one for one in found if one.question not in hidden}

    def units(self) -> tuple[Unit, ...]:
        """Return what is to be confirmed, each with one key."""
        session = self._session
        marked = self.marked()
        if not marked:
            return ()
        return units(session.protocol, session.facts, session.visibility, marked)

    def confirm(self, unit: Unit) -> None:
        """Confirm the answers of a unit, as they stand."""
        step = _Step(self, unit.answers)
        self._session.remember(step)
        step.redo()

    def learn(self, changes: Sequence[AnswerChange]) -> None:
        """Take in who changed answers; the session tells of it once it is through."""
        self._last |= {change.question: change for change in changes}
        self._found = None

    def take_in(
        self, changes: Sequence[AnswerChange], stored: Sequence[Confirmation]
    ) -> None:
        """Show what is stored, with what somebody else confirmed meanwhile."""
        last = {change.question: change for change in changes}
        if [one.id for one in stored] != [one.id for one in self._all] or (
            last != self._last
        ):
            self._last, self._all = last, tuple(stored)
            self._found = None
            self.changed.emit()

    def add(self, answers: Sequence[Entered], *, is_taken_back: bool) -> None:
        """Confirm answers, or take that back."""
        session = self._session
        made = [
            Confirmation(
                str(uuid.uuid4()),
                one.question,
                one.value,
                one.at,
                session.who,
                session.now(),
                is_taken_back,
            )
            for one in answers
        ]
        self._all = (*self._all, *made)
        self._found = None
        self._keep(made)
        self.changed.emit()


@dataclass(frozen=True, slots=True)
class _Step:
    """One confirmation as a step that can be undone."""

    confirmed: Confirmed
    answers: tuple[Entered, ...]

    def undo(self) -> None:
        """Take it back: the answers are marked again."""
        self.confirmed.add(self.answers, is_taken_back=True)

    def redo(self) -> None:
        """Confirm them once more."""
        self.confirmed.add(self.answers, is_taken_back=False)
