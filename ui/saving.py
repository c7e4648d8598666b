"""Store every change in the background, in order, and say so only when it is stored.

One thread opens the store and writes to it; nobody else writes. A batch that cannot be
stored stays at the head of the queue and is tried again; what waits is also kept in a
draft file, so that ending the program loses nothing.
"""

import threading
from collections import deque
from collections.abc import Callable, Sequence
from pathlib import Path

from PySide6.QtCore import QObject, Signal

from intake.answers import AnswerChange
from intake.errors import UserFacingError
from intake.ports import Clock, ConflictError, RecordStore
from intake.visit import Visit
from ui import draft

_RETRY_SECONDS = 1.0
Job = Callable[[RecordStore], object]


class Saver(QObject):
    """The background writer.

    Args:
        open_store: opens the store, in the background, as the first thing.
        folder: where a draft is kept.
        clock: for the time shown beside "Saved".
    """

    #: The store is open (a RecordStore); only reading is for others.
    opened = Signal(object)
    #: Something was stored and acknowledged; the time as text.
    saved = Signal(str)
    #: Something waits to be stored.
    waiting = Signal()
    #: Storing failed for now: the error. What was typed is kept.
    failed = Signal(object)
    #: Somebody else changed the same answer: a ConflictError.
    conflicted = Signal(object)
    #: The store could not be opened: the error.
    unavailable = Signal(object)

    def __init__(
        self,
        open_store: Callable[[], RecordStore],
        folder: Path,
        clock: Clock,
        parent: QObject | None = None,
    ) -> None:
        """Start nothing yet; see `start`."""
        super().__init__(parent)
        self._open_store = open_store
        self._folder = folder
        self._clock = clock
        self._queue: deque[tuple[str, int, list[AnswerChange]] | Job] = deque()
        self._changed = threading.Condition()
        self._closing = False
        self._failing = False
        self._revisions: dict[str, int] = {}
        self._thread = threading.Thread(target=self._work, name="saver", daemon=True)

    def start(self) -> None:
        """Open the store in the background and begin."""
        self._thread.start()

    def know(self, visit: Visit) -> None:
        """Remember the revision an opened visit stands at."""
        with self._changed:
            self._revisions.setdefault(visit.id, visit.revision)

    def save(self, visit_id: str, changes: Sequence[AnswerChange]) -> None:
        """Queue changes of one visit."""
        with self._changed:
            last = self._queue[-1] if self._queue else None
            if isinstance(last, tuple) and last[0] == visit_id and len(self._queue) > 1:
                last[2].extend(changes)
            else:
                self._queue.append(
                    (visit_id, self._revisions.get(visit_id, 0), list(changes))
                )
            self._changed.notify()
        self.waiting.emit()

    def do(self, job: Job) -> None:
        """Queue another piece of writing, in order with the changes."""
        with self._changed:
            self._queue.append(job)
            self._changed.notify()

    def pending(self) -> list[tuple[str, int, list[AnswerChange]]]:
        """Return the changes that are not stored yet."""
        with self._changed:
            return [item for item in self._queue if isinstance(item, tuple)]

    def keep_draft(self) -> None:
        """Write what is not stored yet to the draft file; see `draft.write`."""
        draft.write(self._folder, self.pending())

    def close(self, seconds: float = 5.0) -> None:
        """Store what waits, or keep it as a draft, and let go of the store."""
        with self._changed:
            self._closing = True
            self._changed.notify()
        if self._thread.is_alive():
            self._thread.join(seconds)
        self.keep_draft()

    # in the background

    def _work(self) -> None:
        try:
            store = self._open_store()
            self._take_over_draft()
        except UserFacingError as error:
            self.unavailable.emit(error)
            return
        self.opened.emit(store)
        while (item := self._next()) is not None:
            if self._stored(store, item):
                with self._changed:
                    self._queue.popleft()
                    empty = not self._queue
                if empty:
                    self._acknowledge()
            elif self._closing:
                break
        store.close()

    def _take_over_draft(self) -> None:
        """Put what an earlier run could not store at the head of the queue."""
        kept = draft.read(self._folder)
        with self._changed:
            self._queue.extendleft(reversed(kept))

    def _next(self) -> tuple[str, int, list[AnswerChange]] | Job | None:
        with self._changed:
            while not self._queue:
                if self._closing:
                    return None
                self._changed.wait()
            return self._queue[0]

    def _stored(
        self, store: RecordStore, item: tuple[str, int, list[AnswerChange]] | Job
    ) -> bool:
        """Try to store the head of the queue; wait a little when it fails."""
        try:
            if isinstance(item, tuple):
                self._store_changes(store, item)
            else:
                item(store)
        except UserFacingError as error:
            self._failing = True
            self.failed.emit(error)
            self.keep_draft()
            with self._changed:
                if not self._closing:
                    self._changed.wait(_RETRY_SECONDS)
            return False
        return True

    def _store_changes(
        self, store: RecordStore, item: tuple[str, int, list[AnswerChange]]
    ) -> None:
        visit_id, first_revision, changes = item
        revision = self._revisions.get(visit_id, first_revision)
        try:
            visit = store.record(visit_id, revision, changes)
        except ConflictError as error:
            # Theirs stays; ours is kept for a person to choose, the rest is stored.
            self.conflicted.emit(error)
            disputed = {conflict.question for conflict in error.conflicts}
            rest = [c for c in changes if c.question not in disputed]
            visit = error.stored
            if rest:
                visit = store.record(visit_id, visit.revision, rest)
        with self._changed:
            self._revisions[visit_id] = visit.revision

    def _acknowledge(self) -> None:
        if self._failing:
            self._failing = False
            self.keep_draft()
        elif (self._folder / draft.FILE_NAME).exists():
            self.keep_draft()
        self.saved.emit(f"{self._clock.now():%H:%M:%S}")
