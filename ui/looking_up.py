"""Asks the records something in the background while somebody types.

Only the newest question counts: what an older one finds is thrown away, and one that
was not begun is never asked. So the window never waits for the database, and nobody
sees the answer to what they typed before.
"""

import threading
from collections.abc import Callable

from PySide6.QtCore import QObject, Qt, Signal
from shiboken6 import isValid

from intake.errors import UserFacingError
from intake.ports import VisitRecords

Question = Callable[[VisitRecords], object]
_ENDING_SECONDS = 2.0


class LookingUp(QObject):
    """One line of questions, of which the newest is answered.

    Args:
        parent: lives as long as this.
        records: returns the records on behalf of whoever works; None while shut.
    """

    #: What was found.
    found = Signal(object)
    #: Why nothing can be (a UserFacingError).
    failed = Signal(object)
    _ended = Signal(int, object, object)

    def __init__(
        self, parent: QObject, records: Callable[[], VisitRecords | None]
    ) -> None:
        """Ask nothing yet."""
        super().__init__(parent)
        self._records = records
        self._lock = threading.Lock()
        self._number = 0
        self._next: tuple[int, VisitRecords, Question] | None = None
        self._thread: threading.Thread | None = None
        self._is_open = False
        self._ended.connect(self._tell, Qt.ConnectionType.QueuedConnection)

    @property
    def is_open(self) -> bool:
        """Return whether the newest question waits for its answer."""
        return self._is_open

    def ask(self, question: Question) -> None:
        """Ask something instead of all that was asked before.

        Of records that are shut nothing is asked, and nothing found.
        """
        self.drop()
        records = self._records()
        if records is None:
            return
        self._is_open = True
        with self._lock:
            self._next = (self._number, records, question)
            if self._thread is None:
                self._thread = threading.Thread(
                    target=self._work, name="looking up", daemon=True
                )
                self._thread.start()

    def drop(self) -> None:
        """Ask for nothing any more, and throw away what is still found."""
        self._number += 1
        self._is_open = False
        with self._lock:
            self._next = None

    def end(self) -> None:
        """Return when nothing is asked any more: the records are about to be shut."""
        self.drop()
        with self._lock:
            thread = self._thread
        if thread is not None:
            thread.join(_ENDING_SECONDS)

    def _tell(self, number: int, found: object, error: object) -> None:
        if number != self._number:
            return
        self._is_open = False
        if error is None:
            self.found.emit(found)
        else:
            self.failed.emit(error)

    # in the background

    def _work(self) -> None:
        while (due := self._take()) is not None:
            self._answer(*due)

    def _take(self) -> tuple[int, VisitRecords, Question] | None:
        """Return the newest question; None ends the thread until there is another."""
        with self._lock:
            due, self._next = self._next, None
            if due is None:
                self._thread = None
            return due

    def _answer(self, number: int, records: VisitRecords, question: Question) -> None:
        found, error = None, None
        try:
            found = question(records)
        except UserFacingError as told:
            error = told
        except BaseException:
            # A mistake of ours goes to the error hook; the next question is asked.
            with self._lock:
                self._thread = None
            raise
        # The window may have gone meanwhile.
        if isValid(self):
            self._ended.emit(number, found, error)
