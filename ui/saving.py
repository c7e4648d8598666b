"""Store everything in the background, in order, and say so only when it is stored.

One thread opens the store and writes to it; nobody else writes. What cannot be stored
stays at the head of the queue and is tried again; what waits is also kept in a draft
file, so that ending the program loses nothing.
"""

import threading
from collections.abc import Callable, Sequence
from pathlib import Path

from PySide6.QtCore import QObject, Signal

from intake.answers import AnswerChange
from intake.confirmations import Confirmation
from intake.decisions import Decision
from intake.errors import InputRefusedError, UserFacingError
from intake.patient import Patient
from intake.people import NotPermittedError
from intake.ports import Clock, ConflictError, VisitRecords
from intake.tell_now import Told
from intake.visit import Visit
from ui import draft
from ui.backlog import Backlog
from ui.draft import (
    Changes,
    Entry,
    NewConfirmations,
    NewDecision,
    NewPatient,
    NewTold,
    NewVisit,
    SetAside,
    Typed,
)
from ui.unfinished import Unfinished

_RETRY_SECONDS = 1.0
_CLOSING_SECONDS = 7.0
#: At most so long after a key, what was typed and not finished is on the disk.
_PAUSE_SECONDS = 0.5
_UNKNOWN_VISIT = (
    "visit_unknown",
    "Answers were kept for a visit that is not in these records.",
    "They stay in the draft file beside the records.",
)
#: What the store says of a visit that takes no more answers, and what is told then.
_CLOSED_MEANWHILE = {
    "visit_signed": (
        "signed_meanwhile",
        "The visit was signed before the last answers to it were stored.",
        "They are kept with the visit as answers set aside; write an addendum.",
    ),
    "visit_ended": (
        "ended_meanwhile",
        "The visit ended before the last answers to it were stored.",
        "They are kept with the visit as answers set aside; take its end back.",
    ),
}
_DECIDED_LATE = (
    "decided_late",
    "The visit was signed before a decision on it was stored.",
    "It is kept beside what was signed; write an addendum.",
)
_CONFIRMED_LATE = (
    "confirmed_late",
    "The visit was signed before a confirmation of its answers was stored.",
    "It is kept beside what was signed; write an addendum.",
)


class Saver(QObject):
    """The background writer.

    Everything is stored on behalf of whoever did it (a person's id), also when somebody
    else has signed in meanwhile.

    Args:
        open_store: opens the store, in the background, as the first thing.
        folder: where a draft is kept.
        clock: for the time shown beside "Saved".
    """

    #: The store is open (a VisitRecords); only reading is for others.
    opened = Signal(object)
    #: Everything is stored and acknowledged; the time as text.
    saved = Signal(str)
    #: Something waits to be stored.
    waiting = Signal()
    #: Storing failed for now: the error, and whether a draft is on the disk.
    failed = Signal(object, bool)
    #: Somebody else changed the same answer: visit id, a ConflictError. Ours is held
    #: until it is let go of; see `ui.disputes`.
    conflicted = Signal(str, object)
    #: A save met changes of somebody else to other questions: the Visit as stored.
    merged = Signal(object)
    #: A decision is stored, perhaps beside others that came first: the visit's id.
    decided = Signal(str)
    #: Confirmations are stored, perhaps beside others that came first: the visit's id.
    confirmed = Signal(str)
    #: The store could not be opened: the error. It is tried again.
    unavailable = Signal(object)
    #: Something a person should hear of once: the error.
    noticed = Signal(object)
    #: A mistake of ours ended the writer; what waits goes to the draft.
    stopped = Signal()

    def __init__(
        self,
        open_store: Callable[[], VisitRecords],
        folder: Path,
        clock: Clock,
        parent: QObject | None = None,
    ) -> None:
        """Start nothing yet; see `start`."""
        super().__init__(parent)
        self._open_store = open_store
        self._folder = folder
        self._clock = clock
        #: How a draft is sealed; told before `start`.
        self.seal = draft.UNSEALED
        #: What waits to be stored.
        self.backlog = Backlog()
        #: What was typed and is no record yet; kept in the same draft.
        self.unfinished = Unfinished(lambda: self.keep_draft_soon(_PAUSE_SECONDS))
        self._drafting = threading.Lock()
        self._draft_read = False
        self._draft_written = False
        #: Whether the draft holds what is stored by now.
        self._draft_is_old = False
        self._thread: threading.Thread | None = None
        self._scheduling = threading.Lock()
        #: The next draft, and those that are being written.
        self._soon: threading.Timer | None = None
        self._writers: list[threading.Timer] = []
        #: The store while it is open, also from one thread to the next.
        self._store: VisitRecords | None = None

    def start(self) -> None:
        """Open the store in the background and begin."""
        self.backlog.set_closing(False)
        self._thread = threading.Thread(target=self._work, name="saver", daemon=True)
        self._thread.start()

    def register(self, patient: Patient, by: str = "") -> None:
        """Store a new patient."""
        self._add(NewPatient(patient, by))

    def open_visit(self, visit: Visit, by: str = "") -> None:
        """Store a new visit."""
        self._add(NewVisit(visit, by))

    def save(
        self, visit_id: str, changes: Sequence[AnswerChange], by: str = ""
    ) -> None:
        """Store changes of one visit."""
        self.backlog.add_changes(visit_id, changes, by)
        self.waiting.emit()

    def set_aside(self, visit_id: str, loser: AnswerChange, by: str = "") -> None:
        """Keep an answer that somebody did not choose."""
        self._add(SetAside(visit_id, loser, by))

    def decide(self, visit_id: str, decision: Decision, by: str = "") -> None:
        """Store what somebody decided on a suggestion."""
        self._add(NewDecision(visit_id, decision, by))

    def confirm(
        self, visit_id: str, confirmations: Sequence[Confirmation], by: str = ""
    ) -> None:
        """Store what a clinician confirmed with one key."""
        self._add(NewConfirmations(visit_id, list(confirmations), by))

    def note_told(self, visit_id: str, told: Told, by: str = "") -> None:
        """Store whom somebody told of an answer."""
        self._add(NewTold(visit_id, told, by))

    def pending(self) -> list[Entry]:
        """Return what is not stored."""
        return self.backlog.everything()

    def keep_draft(self) -> None:
        """Write what is not stored or not finished to the draft; see `draft.write`."""
        with self._drafting:
            if self._draft_read:
                pending = self.pending()
                kept = [*pending, *self.unfinished.everything()]
                if not kept and not self._draft_written:
                    # A file that is there is another program's: its answers wait in it.
                    return
                draft.write(self._folder, kept, self.seal)
                self._draft_written = bool(kept)
                self._draft_is_old = bool(pending)

    def keep_draft_soon(self, pause: float = 0.0) -> None:
        """Write the draft in the background: a slow disk must not stop the typing."""
        with self._scheduling:
            if self._soon is None:
                self._soon = threading.Timer(pause, self._keep_draft_now)
                self._soon.daemon = True
                self._writers = [one for one in self._writers if one.is_alive()]
                self._writers.append(self._soon)
                self._soon.start()

    def _keep_draft_now(self) -> None:
        with self._scheduling:
            # What is typed from now on is for the next one.
            self._soon = None
        self._try_draft()

    def _end_drafts(self) -> None:
        """Let nothing be written after the last draft."""
        with self._scheduling:
            writers, self._writers, self._soon = self._writers, [], None
        for one in writers:
            one.cancel()
            one.join()

    def close(self, seconds: float = _CLOSING_SECONDS) -> None:
        """Store what waits, or keep it as a draft, and let go of the store.

        Raises:
            OSError: it can be kept nowhere; the writer goes on trying.
        """
        self.backlog.set_closing(True)
        self._end_drafts()
        if self._thread is None:
            return
        self._thread.join(seconds)
        try:
            self._take_over_draft()
            self.keep_draft()
        except OSError:
            self.start()
            raise

    def _add(self, entry: Entry) -> None:
        self.backlog.add(entry)
        self.waiting.emit()

    # in the background

    def _work(self) -> None:
        self._take_over_draft()
        store = self._store or self._opened_store()
        if store is None:
            return
        if self._store is None:
            self._store = store
            self.opened.emit(store)
        is_sound = False
        try:
            while (entry := self.backlog.head()) is not None:
                if self._stored(store, entry):
                    self._acknowledge()
                elif self.backlog.is_closing:
                    break
            is_sound = True
        finally:
            # Where nothing can be kept the window stays open, and so does the store:
            # backups go on, and nobody else gives the records a new key meanwhile.
            if self._try_draft():
                self._store = None
                store.close()
            if not is_sound:
                self.stopped.emit()

    def _take_over_draft(self) -> None:
        """Put what an earlier run could not store at the head of the queue."""
        if self._draft_read:
            return
        kept: list[draft.Kept] = []
        try:
            kept = draft.read(self._folder, self.seal)
        except UserFacingError as error:
            self.noticed.emit(error)
        self.unfinished.take_over([one for one in kept if isinstance(one, Typed)])
        waiting = [one for one in kept if not isinstance(one, Typed)]
        self.backlog.add_first(waiting)
        self._draft_read = True
        self._draft_written = bool(kept)
        self._draft_is_old = bool(waiting)

    def _opened_store(self) -> VisitRecords | None:
        """Open the store, however often that takes; None when closing."""
        told = ""
        while True:
            try:
                return self._open_store()
            except UserFacingError as error:
                if error.code != told:
                    told = error.code
                    self.unavailable.emit(error)
            self._try_draft()
            self.backlog.rest(_RETRY_SECONDS)
            if self.backlog.is_closing:
                return None

    def _stored(self, store: VisitRecords, entry: Entry) -> bool:
        """Try to store the head of the queue; wait a little when that fails."""
        try:
            acting = store.on_behalf_of(entry.by)
            if isinstance(entry, Changes):
                self._store_changes(acting, entry)
            elif isinstance(entry, NewDecision):
                self._store_decision(acting, entry)
            elif isinstance(entry, NewConfirmations):
                self._store_confirmations(acting, entry)
            else:
                entry.store_in(acting)
                self.backlog.drop_head()
        except KeyError:
            self.backlog.hold_whole()
            self.noticed.emit(UserFacingError(*_UNKNOWN_VISIT))
        except (NotPermittedError, InputRefusedError) as error:
            # Trying again is in vain, and everything behind it must not wait.
            self.backlog.hold_whole()
            self.noticed.emit(error)
        except UserFacingError as error:
            kept = self._try_draft()
            self.failed.emit(error, kept)
            self.backlog.rest(_RETRY_SECONDS)
            return False
        return True

    def _store_changes(self, store: VisitRecords, entry: Changes) -> None:
        """Store changes; where some are disputed the rest of them is next."""
        revision = self.backlog.revision_of(entry)
        try:
            visit = store.record(entry.visit_id, revision, entry.changes)
        except ConflictError as error:
            self._hold_disputed(entry, error)
            return
        except UserFacingError as error:
            if error.code not in _CLOSED_MEANWHILE:
                raise
            self._keep_beside(entry, error.code)
            return
        is_merged = visit.revision > revision + 1
        self.backlog.stored(visit, is_merged=is_merged)
        self.backlog.drop_head()
        if is_merged:
            self.merged.emit(visit)

    def _store_decision(self, store: VisitRecords, entry: NewDecision) -> None:
        """Store a decision; the revision that answers are stored from stays.

        It may stand behind answers of somebody else, which ours still have to meet.
        """
        visit = entry.store_in(store)
        self.backlog.drop_head()
        self.decided.emit(entry.visit_id)
        if visit.state == "signed":
            self.noticed.emit(UserFacingError(*_DECIDED_LATE))

    def _store_confirmations(
        self, store: VisitRecords, entry: NewConfirmations
    ) -> None:
        """Store confirmations; with the revision of answers it is as with decisions."""
        visit = entry.store_in(store)
        self.backlog.drop_head()
        self.confirmed.emit(entry.visit_id)
        if visit.state == "signed":
            self.noticed.emit(UserFacingError(*_CONFIRMED_LATE))

    def _hold_disputed(self, entry: Changes, error: ConflictError) -> None:
        """Theirs stays stored; ours is held until somebody decides."""
        self.backlog.hold(entry, {conflict.question for conflict in error.conflicts})
        self.backlog.stored(error.stored, is_merged=True)
        self._try_draft()
        self.merged.emit(error.stored)
        self.conflicted.emit(entry.visit_id, error)

    def _keep_beside(self, entry: Changes, code: str) -> None:
        """Keep the last answer to each question beside a visit that takes no more."""
        last = {change.question: change for change in entry.changes}
        self.backlog.put_for_head(
            [SetAside(entry.visit_id, change, entry.by) for change in last.values()]
        )
        self.noticed.emit(UserFacingError(*_CLOSED_MEANWHILE[code]))

    def _acknowledge(self) -> None:
        if not self.backlog.is_empty():
            return
        if self._draft_is_old or self.pending():
            self._try_draft()
        self.saved.emit(f"{self._clock.now():%H:%M:%S}")

    def _try_draft(self) -> bool:
        """Keep a draft if the disk allows; what waits is in memory all the same."""
        try:
            self.keep_draft()
        except OSError:
            return False
        return True
