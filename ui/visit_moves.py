"""Moves visits from state to state in the background, once everything typed is stored.

A move is refused where somebody else moved the visit meanwhile; nothing typed is lost
by that.
"""

import threading
from collections.abc import Callable
from dataclasses import dataclass

from PySide6.QtCore import QObject, Qt, Signal

from intake.errors import UserFacingError
from intake.moves import state_before_end
from intake.ports import VisitRecords
from intake.visit import Visit, VisitState
from ui.records import Records
from ui.saving import Saver


@dataclass(frozen=True, slots=True)
class Move:
    """What somebody wants: which visit, as it was read at a revision, to which state.

    `to` is None where an end is taken back: to where the visit was before. `by` is the
    person's id.
    """

    visit_id: str
    revision: int
    to: VisitState | None
    by: str
    reason: str = ""


class _Voice(QObject):
    """What a thread speaks through: the window may go while it works."""

    moved = Signal(object)
    refused = Signal(object)
    done = Signal()


class VisitMoves(QObject):
    """Makes moves, one after the other.

    Args:
        parent: lives as long as this.
        saver: what waits to be stored.
        records: where the store is.
    """

    #: It is moved: the Visit as it is stored now.
    moved = Signal(object)
    #: It is not: the error.
    refused = Signal(object)
    #: Something else was written, as it was wanted.
    done = Signal()

    def __init__(self, parent: QObject, saver: Saver, records: Records) -> None:
        """Move nothing yet."""
        super().__init__(parent)
        self._saver = saver
        self._records = records
        self._waiting: list[Move] = []
        self._busy = threading.Lock()
        saver.saved.connect(self._go_on)
        self._voice = _Voice()
        self._voice.moved.connect(self._end, Qt.ConnectionType.QueuedConnection)
        self._voice.refused.connect(self.refused)
        self._voice.done.connect(self.done)

    def move(self, wanted: Move) -> bool:
        """Move a visit, at once or when it is stored; return whether it is at once."""
        is_stored = not self._saver.backlog.waits_for(wanted.visit_id)
        if is_stored and self._records.store is not None:
            self._make(wanted)
            return True
        self._waiting.append(wanted)
        return False

    def write(self, by: str, act: Callable[[VisitRecords], object]) -> None:
        """Have something else written on behalf of a person, in the background."""
        store = self._records.store
        if store is not None:
            self._in_background(store, by, act, lambda _: self._voice.done.emit())

    def _go_on(self) -> None:
        """Make the moves that waited for the store."""
        waiting, self._waiting = self._waiting, []
        for wanted in waiting:
            self.move(wanted)

    def _make(self, wanted: Move) -> None:
        # What was typed here since it was read raised the revision, and is no reason
        # to refuse.
        known = self._saver.backlog.known_revision(wanted.visit_id)
        revision = max(known, wanted.revision)

        def act(acting: VisitRecords) -> Visit:
            visit_id, to = wanted.visit_id, wanted.to
            if to is None:
                to = state_before_end(acting.moves_of(visit_id))
            return acting.change_state(visit_id, revision, to, wanted.reason)

        store = self._records.store
        if store is not None:
            self._in_background(store, wanted.by, act, self._voice.moved.emit)

    def _in_background(
        self,
        store: VisitRecords,
        by: str,
        act: Callable[[VisitRecords], object],
        then: Callable[[object], object],
    ) -> None:
        def run() -> None:
            with self._busy:
                try:
                    then(act(store.on_behalf_of(by)))
                except UserFacingError as error:
                    self._voice.refused.emit(error)

        threading.Thread(target=run, name="moves", daemon=True).start()

    def _end(self, visit: Visit) -> None:
        self._saver.backlog.know(visit)
        self.moved.emit(visit)
