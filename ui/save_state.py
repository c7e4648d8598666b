"""What the person learns about saving: the status line, and disputes between two.

The line says "Saved" only when the database has everything; while saving fails, the
reason stays in view until it works again.
"""

from collections.abc import Callable

from PySide6.QtCore import QObject, Signal

from intake.answer_words import answer_in_words
from intake.errors import UserFacingError
from intake.ports import Conflict, ConflictError
from intake.protocol import Protocol
from intake.visit import Visit
from ui.main_window import MainWindow
from ui.messages import Teller, tell_error
from ui.saving import Saver
from ui.session import VisitSession


class SaveState(QObject):
    """Follows the writer and tells what it does.

    Args:
        window: its status line is written to.
        saver: the writer to follow.
        protocol: for the words of a disputed answer.
        teller: shows what needs more than the status line.
        open_session: returns the visit that is open, or None.
    """

    #: Whether the records can be read has changed; see `records`.
    records_changed = Signal()

    def __init__(
        self,
        window: MainWindow,
        saver: Saver,
        protocol: Protocol,
        teller: Teller,
        open_session: Callable[[], VisitSession | None],
    ) -> None:
        """Follow the writer."""
        super().__init__(window)
        self._line = window.save_state
        self._saver = saver
        self._protocol = protocol
        self._teller = teller
        self._open_session = open_session
        #: Why there are no records to show; empty when there are.
        self.records = "Opening the records\u2026"
        saver.opened.connect(self._opened)
        saver.saved.connect(self._saved)
        saver.waiting.connect(self._saving)
        saver.failed.connect(self._not_saved)
        saver.conflicted.connect(self._settle)
        saver.merged.connect(self._take_in)
        saver.unavailable.connect(self._unavailable)
        saver.noticed.connect(self._notice)
        saver.stopped.connect(self._stopped)

    def confirm(self, time: str) -> None:
        """Say once more that everything is saved, if it is."""
        if not self._saver.pending():
            self._line.setText(f"Everything is saved, {time}")

    def _opened(self) -> None:
        self.records = ""
        self.records_changed.emit()

    def _saved(self, time: str) -> None:
        self._line.setText(f"Saved {time}")

    def _saving(self) -> None:
        if not self._line.text().startswith("Not saved"):
            self._line.setText("Saving\u2026")

    def _not_saved(self, error: UserFacingError, is_kept: bool) -> None:
        kept = "What you typed is kept here."
        if not is_kept:
            kept = "What you typed is kept in this window: leave it open."
        self._line.setText(f"Not saved: {error.text} {kept}")

    def _stopped(self) -> None:
        self._line.setText(
            "Not saved: the program made a mistake. What you typed is kept; close "
            "the program and open it again."
        )

    def _unavailable(self, error: UserFacingError) -> None:
        self.records = f"{error.text} {error.action}"
        self.records_changed.emit()
        self._not_saved(error, is_kept=True)
        self._notice(error)

    def _notice(self, error: UserFacingError) -> None:
        tell_error(self._teller, error)

    def _session_of(self, visit_id: str) -> VisitSession | None:
        session = self._open_session()
        is_it = session is not None and session.visit.id == visit_id
        return session if is_it else None

    def _take_in(self, stored: Visit) -> None:
        """Show what somebody else answered in the open visit meanwhile."""
        session = self._session_of(stored.id)
        if session is not None:
            waiting = self._saver.backlog.changes_of(stored.id)
            asked = {*stored.answers, *session.answers}
            asked -= {change.question for change in waiting}
            session.take_in({q: stored.answers.get(q) for q in asked})

    def _settle(self, visit_id: str, error: ConflictError) -> None:
        """Show both answers to each question and let a person choose."""
        for conflict in error.conflicts:
            keep_ours = self._ask(conflict)
            if keep_ours is None:
                self._line.setText(
                    "Not saved: one answer waits for a choice. Both are kept."
                )
                continue
            self._saver.settle(visit_id, conflict.question, keep_ours=keep_ours)
            session = self._session_of(visit_id)
            if session is not None:
                kept = conflict.ours if keep_ours else conflict.theirs
                session.take_in({conflict.question: kept})

    def _ask(self, conflict: Conflict) -> bool | None:
        question = self._protocol.questions[conflict.question]
        theirs, ours = (
            answer_in_words(question, value) or "not asked"
            for value in (conflict.theirs, conflict.ours)
        )
        first, second = f"Stored: {theirs}", f"Typed here: {ours}"
        chosen = self._teller.choose(
            f"Someone else changed this answer meanwhile: {question.label}",
            first,
            second,
        )
        return {first: False, second: True}.get(chosen)
