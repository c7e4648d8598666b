"""Has the records looked after in the background, from the first sign-in to the end.

First the whole file is checked, then what is due is done, and again every few minutes.
Nothing of it happens on the thread of the window.
"""

import logging
import threading
import time
from collections.abc import Callable, Sequence
from pathlib import Path

from PySide6.QtCore import QObject, QTimer, Signal

from intake.caretaking import CareState, warnings
from intake.errors import UserFacingError
from intake.people import Person
from intake.ports import Clock, OpenRecords
from intake.waiting import BrokenOffError, step, waited_for
from ui.progress_line import Waited

_LOG = logging.getLogger("thoracic_intake")
_EVERY_MS = 10 * 60 * 1000
#: So long may closing take for the sake of a backup.
_CLOSING_SECONDS = 3.0


class Caretaker(QObject):
    """Looks after open records.

    Args:
        clock: for what is due.
        require: refuses what a person's role may not do, and writes that down.
        parent: the window.
    """

    #: What a person must be told now, each with what to do; nothing when all is well.
    warned = Signal(object)
    #: How far the check is: parts done, and how many there are.
    checking = Signal(int, int)
    #: The check is through: what it found.
    checked = Signal(object)
    #: A round is through: the CareState.
    went_round = Signal(object)
    #: Something that was asked for was refused: the error.
    refused = Signal(object)
    #: Something that was asked for was broken off.
    broken_off = Signal()

    def __init__(
        self,
        clock: Clock,
        require: Callable[[OpenRecords, Person, str], None],
        parent: QObject | None = None,
    ) -> None:
        """Do nothing yet; see `begin`."""
        super().__init__(parent)
        self._require = require
        self._clock = clock
        self._records: OpenRecords | None = None
        self._working = threading.Lock()
        self._is_closing = threading.Event()
        self._damage: tuple[str, ...] = ()
        self._broken_off: tuple[str, ...] = ()
        #: How long the longest round took, in seconds.
        self._longest = 0.0
        self._timer = QTimer(self)
        self._timer.setInterval(_EVERY_MS)
        self._timer.timeout.connect(self.go_round)

    def begin(self, records: OpenRecords) -> None:
        """Check the records that were opened, and look after them from now on."""
        if self._records is not None:
            return
        self._records = records
        self._timer.start()
        self._in_background(self._check, self._round)

    def go_round(self) -> None:
        """Do what is due, in the background."""
        self._in_background(self._round)

    def check(self, waited: Waited) -> None:
        """Check the whole file once more, in the background."""
        self._in_background(self._check, self._round, waited=waited)

    def back_up_now(self, by: Person, waited: Waited) -> None:
        """Make a backup without waiting for the hour."""

        def work(records: OpenRecords) -> None:
            self._require(records, by, "back_up")
            self._tell(records.caretaking().go_round(at_once=True))

        self._asked_for(work, waited)

    def choose_second_place(self, place: Path, by: Person, waited: Waited) -> None:
        """Keep copies in another folder from now on."""

        def work(records: OpenRecords) -> None:
            self._require(records, by, "choose_second_place")
            self._tell(records.caretaking().choose_second_place(place, by.id))

        self._asked_for(work, waited)

    def finish(self) -> None:
        """Make a last backup if one is due; called before the records are shut.

        Not in the thread of the window. What is under way is waited for shortly, and
        where a round takes long none is begun: it is due at the next start.
        """
        self._is_closing.set()
        if self._records is None or self._longest > _CLOSING_SECONDS:
            return
        if not self._working.acquire(timeout=_CLOSING_SECONDS):
            return
        try:
            self._records.caretaking().go_round()
        except UserFacingError as error:
            _LOG.warning("No last backup: %s", error.code)
        finally:
            self._working.release()

    # in the background

    def _in_background(
        self, *work: Callable[[OpenRecords], None], waited: Waited | None = None
    ) -> None:
        records = self._records
        if waited is None:
            waited = Waited("", may_break_off=False, is_in_front=False)
        if records is None or self._is_closing.is_set():
            waited.end()
            return

        def run() -> None:
            # One after the other: a round while another is under way comes later.
            try:
                with self._working, waited_for(waited.step):
                    for one in work:
                        if not self._is_closing.is_set():
                            one(records)
            except BrokenOffError:
                if not self._is_closing.is_set():
                    self.broken_off.emit()
            finally:
                waited.end()

        threading.Thread(target=run, name="caretaker", daemon=True).start()

    def _check(self, records: OpenRecords) -> None:
        try:
            found = tuple(records.faults(self._tell_progress))
        except UserFacingError as error:
            if error.code != "database_damaged":
                # A server that is away, a full disk: nothing is known of the records.
                self._broken_off = (
                    f"The check broke off: {error.text} {error.action}",
                )
                self._warn()
                return
            found = (error.text,)
        self._damage, self._broken_off = found, ()
        if not self._is_closing.is_set():
            self.checked.emit(found)

    def _round(self, records: OpenRecords) -> None:
        begun = time.perf_counter()
        try:
            self._tell(records.caretaking().go_round())
            self._longest = max(self._longest, time.perf_counter() - begun)
        except UserFacingError as error:
            self._warn(
                f"The backups cannot be looked after: {error.text} {error.action}"
            )

    def _asked_for(self, work: Callable[[OpenRecords], None], waited: Waited) -> None:
        def told(records: OpenRecords) -> None:
            try:
                work(records)
            except UserFacingError as error:
                if not self._is_closing.is_set():
                    self.refused.emit(error)

        self._in_background(told, waited=waited)

    def _tell(self, state: CareState) -> None:
        self._warn(*warnings(state, self._clock.now()))
        if not self._is_closing.is_set():
            self.went_round.emit(state)

    def _warn(self, *told: str) -> None:
        if not self._is_closing.is_set():
            damage = _damage_in_words(self._damage)
            self.warned.emit((*damage, *self._broken_off, *told))

    def _tell_progress(self, done: int, parts: int) -> None:
        if not self._is_closing.is_set():
            self.checking.emit(done, parts)
        step(done, parts)


def _damage_in_words(found: Sequence[str]) -> Sequence[str]:
    if not found:
        return ()
    return (
        (
            f"The records are damaged: {' '.join(found)} Nothing wrong is shown; what "
            "cannot be read is missing. Write down what you need, close the program, "
            "start it again and restore a backup from its first page."
        ),
    )
