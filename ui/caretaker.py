"""Has the records looked after in the background, from the first sign-in to the end.

First the whole file is checked, then what is due is done, and again every few minutes.
Nothing of it happens on the thread of the window.
"""

import logging
import threading
from collections.abc import Callable, Sequence

from PySide6.QtCore import QObject, QTimer, Signal

from intake.caretaking import warnings
from intake.errors import UserFacingError
from intake.ports import Clock, OpenRecords

_LOG = logging.getLogger("thoracic_intake")
_EVERY_MS = 10 * 60 * 1000
#: So long may closing wait for what is under way.
_CLOSING_SECONDS = 3.0


class Caretaker(QObject):
    """Looks after open records.

    Args:
        clock: for what is due.
        parent: the window.
    """

    #: What a person must be told now, each with what to do; nothing when all is well.
    warned = Signal(object)
    #: How far the check is: parts done, and how many there are.
    checking = Signal(int, int)
    #: The check is through: what it found.
    checked = Signal(object)
    #: A round is through.
    went_round = Signal()

    def __init__(self, clock: Clock, parent: QObject | None = None) -> None:
        """Do nothing yet; see `begin`."""
        super().__init__(parent)
        self._clock = clock
        self._records: OpenRecords | None = None
        self._working = threading.Lock()
        self._is_closing = threading.Event()
        self._damage: tuple[str, ...] = ()
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

    def check(self) -> None:
        """Check the whole file once more, in the background."""
        self._in_background(self._check, self._round)

    def finish(self) -> None:
        """Make a last backup if one is due; called before the records are shut.

        Not in the thread of the window. What is under way is waited for shortly: what
        is not done now is due at the next start.
        """
        self._is_closing.set()
        if self._records is None or not self._working.acquire(timeout=_CLOSING_SECONDS):
            return
        try:
            self._records.caretaking().go_round()
        except UserFacingError as error:
            _LOG.warning("No last backup: %s", error.code)
        finally:
            self._working.release()

    # in the background

    def _in_background(self, *work: Callable[[OpenRecords], None]) -> None:
        records = self._records
        if records is None or self._is_closing.is_set():
            return

        def run() -> None:
            # One after the other: a round while another is under way comes later.
            with self._working:
                for one in work:
                    if not self._is_closing.is_set():
                        one(records)

        threading.Thread(target=run, name="caretaker", daemon=True).start()

    def _check(self, records: OpenRecords) -> None:
        try:
            found = tuple(records.faults(self._tell_progress))
        except UserFacingError as error:
            found = (error.text,)
        self._damage = found
        if not self._is_closing.is_set():
            self.checked.emit(found)

    def _round(self, records: OpenRecords) -> None:
        told: Sequence[str]
        try:
            told = warnings(records.caretaking().go_round(), self._clock.now())
        except UserFacingError as error:
            told = (f"The backups cannot be looked after: {error.text} {error.action}",)
        if not self._is_closing.is_set():
            self.warned.emit((*_damage_in_words(self._damage), *told))
            self.went_round.emit()

    def _tell_progress(self, done: int, parts: int) -> None:
        if not self._is_closing.is_set():
            self.checking.emit(done, parts)


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
