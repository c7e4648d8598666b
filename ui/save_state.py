"""What the person learns about saving: the status line.

The line says "Saved" only when the database has everything; while saving fails, the
reason stays in view until it works again. An answer that waits for a choice is said
beside it; see `ui.disputes`.
"""

from collections.abc import Callable

from PySide6.QtCore import QObject, Signal

from intake.errors import UserFacingError
from intake.visit import Visit
from ui.disputes import Disputes
from ui.main_window import MainWindow
from ui.messages import Teller, tell_error
from ui.saving import Saver
from ui.session import VisitSession


class SaveState(QObject):
    """Follows the writer and tells what it does.

    Args:
        window: its status line is written to.
        saver: the writer to follow.
        disputes: what waits for a choice.
        teller: shows what needs more than the status line.
        session_of: returns the open session of a visit (its id), or None.
    """

    #: Whether the records can be read has changed; see `records`.
    records_changed = Signal()

    def __init__(
        self,
        window: MainWindow,
        saver: Saver,
        disputes: Disputes,
        teller: Teller,
        session_of: Callable[[str], VisitSession | None],
    ) -> None:
        """Follow the writer."""
        super().__init__(window)
        self._line = window.save_state
        self._saver = saver
        self._disputes = disputes
        self._told = self._line.text()
        self._teller = teller
        self._session_of = session_of
        #: Why there are no records to show; empty when there are.
        self.records = "Opening the records\u2026"
        saver.opened.connect(self._opened)
        saver.saved.connect(self._saved)
        saver.waiting.connect(self._saving)
        saver.failed.connect(self._not_saved)
        disputes.changed.connect(self._say_again)
        saver.merged.connect(self._take_in)
        saver.unavailable.connect(self._unavailable)
        saver.noticed.connect(self._notice)
        saver.stopped.connect(self._stopped)

    def confirm(self, time: str) -> None:
        """Say once more that everything is saved, if it is."""
        if not self._saver.pending():
            self._say(f"Everything is saved, {time}")

    def _opened(self) -> None:
        self.records = ""
        self.records_changed.emit()

    def _saved(self, time: str) -> None:
        self._say(f"Saved {time}")

    def _saving(self) -> None:
        if not self._told.startswith("Not saved"):
            self._say("Saving\u2026")

    def _not_saved(self, error: UserFacingError, is_kept: bool) -> None:
        kept = "What you typed is kept here."
        if not is_kept:
            kept = "What you typed is kept in this window: leave it open."
        self._say(f"Not saved: {error.text} {kept}")

    def _stopped(self) -> None:
        self._say(
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

    def _take_in(self, merged: Visit) -> None:
        """Show what somebody else answered in an open visit meanwhile.

        More may have been stored since this was said: the latest counts.
        """
        taken = self._saver.backlog.take_merged(merged.id)
        session = self._session_of(merged.id)
        if taken is not None and session is not None:
            stored, waiting = taken
            asked = {*stored.answers, *session.answers} - waiting
            session.take_in({q: stored.answers.get(q) for q in asked})

    def _say(self, words: str) -> None:
        self._told = words
        self._say_again()

    def _say_again(self) -> None:
        """Show what was said last, and how many answers wait for a choice."""
        count = len(self._disputes.all())
        waits = "1 answer waits" if count == 1 else f"{count} answers wait"
        more = f" {waits} for a choice: Ctrl+K." if count else ""
        self._line.setText(f"{self._told.rstrip('.')}.{more}" if more else self._told)
