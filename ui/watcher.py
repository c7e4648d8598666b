"""Asks in the background, once a second, whether anybody wrote anything.

Only then is the list read again, on behalf of one person and for nobody else. So two
workstations see each other's changes, and the window never waits for the database.
"""

import threading
from datetime import date

from PySide6.QtCore import QObject, Signal
from shiboken6 import isValid

from intake.errors import UserFacingError
from intake.people import NotPermittedError
from intake.ports import Clock, VisitRecords

EVERY_SECONDS = 1.0
_ENDING_SECONDS = 2.0


class _Voice(QObject):
    """What the thread speaks through: it lives as long as the thread needs it.

    The watcher goes with the window, at any moment, and what is gone cannot speak.
    """

    listed = Signal(str, object)
    failed = Signal(str, object)


class Watcher(QObject):
    """Follows the records for whoever works.

    Args:
        parent: lives as long as this.
        clock: a new day is a new list.
        seconds: how often it asks.
    """

    #: A person's id, and the list (WorklistEntry) as they may see it.
    listed = Signal(str, object)
    #: A person's id, and why there is no list now: the error.
    failed = Signal(str, object)

    def __init__(
        self, parent: QObject, clock: Clock, seconds: float = EVERY_SECONDS
    ) -> None:
        """Ask nothing yet; see `begin` and `watch`."""
        super().__init__(parent)
        self._clock = clock
        self._seconds = seconds
        self._changed = threading.Condition()
        self._store: VisitRecords | None = None
        self._person = ""
        self._is_poked = False
        self._is_over = False
        self._thread: threading.Thread | None = None
        self._voice = _Voice()
        self._voice.listed.connect(self.listed)
        self._voice.failed.connect(self.failed)

    def begin(self, store: VisitRecords) -> None:
        """Follow these records from now on."""
        with self._changed:
            self._store = store
            self._is_over = False
            self._poke()
        if self._thread is None or not self._thread.is_alive():
            self._thread = threading.Thread(
                target=self._work, name="watcher", daemon=True
            )
            self._thread.start()

    def watch(self, person_id: str) -> None:
        """Follow for one person (an id); for nobody (empty) nothing is asked."""
        with self._changed:
            self._person = person_id
            self._poke()

    def look_now(self) -> None:
        """Read the list again, whatever was written."""
        with self._changed:
            self._poke()

    def end(self) -> None:
        """Ask no more: the records are about to be closed."""
        with self._changed:
            self._is_over = True
            self._poke()
        if self._thread is not None:
            self._thread.join(_ENDING_SECONDS)

    def _poke(self) -> None:
        self._is_poked = True
        self._changed.notify_all()

    # in the background

    def _work(self) -> None:
        known: tuple[str, int, date] | None = None
        while (due := self._next()) is not None:
            store, person, is_poked = due
            if person:
                known = self._look(store, person, None if is_poked else known)

    def _next(self) -> tuple[VisitRecords, str, bool] | None:
        """Wait a second, or until somebody wants to know; None when it is over."""
        with self._changed:
            if not self._is_poked:
                self._changed.wait(self._seconds)
            # The window may go without anybody ending this.
            if self._is_over or self._store is None or not isValid(self):
                return None
            is_poked, self._is_poked = self._is_poked, False
            return self._store, self._person, is_poked

    def _look(
        self, store: VisitRecords, person: str, known: tuple[str, int, date] | None
    ) -> tuple[str, int, date] | None:
        """Read the list if it may have changed; return what it was read at."""
        try:
            acting = store.on_behalf_of(person)
            now = (person, acting.moment(), self._clock.today())
            if now != known:
                self._voice.listed.emit(person, acting.worklist())
        except NotPermittedError:
            # A refusal is written down itself: asking on would go on for ever.
            with self._changed:
                if self._person == person:
                    self._person = ""
            return None
        except UserFacingError as error:
            self._voice.failed.emit(person, error)
            return None
        return now
