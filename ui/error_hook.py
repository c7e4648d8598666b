"""Our own mistakes end here: save the draft first, then say so.

Neither the message nor the log holds patient data: only the kind of the error and
where in the code it happened.
"""

import logging
import sys
import threading
import traceback
from collections.abc import Callable
from types import TracebackType

from PySide6.QtCore import QObject, Qt, Signal

from ui.messages import Teller

_LOG = logging.getLogger("thoracic_intake")


class ErrorHook(QObject):
    """Catches what nothing else caught, in any thread.

    Args:
        keep_draft: keeps what is not stored yet.
        teller: shows the message, always in the thread of the window.
        interrupt: takes what is being typed, so that the draft holds it, too.
    """

    _caught = Signal(str)

    def __init__(
        self,
        keep_draft: Callable[[], None],
        teller: Teller,
        interrupt: Callable[[], None] = lambda: None,
    ) -> None:
        """Catch nothing yet; see `install`."""
        super().__init__()
        self._interrupt = interrupt
        self._keep_draft = keep_draft
        self._teller = teller
        self._caught.connect(self._tell, Qt.ConnectionType.QueuedConnection)

    def install(self) -> None:
        """Catch from now on."""
        sys.excepthook = self.handle
        threading.excepthook = self._in_thread

    def handle(
        self,
        kind: type[BaseException],
        error: BaseException,
        trace: TracebackType | None,
    ) -> None:
        """Keep the draft, write the log, and have the person told."""
        kept = "What you typed is kept."
        if threading.current_thread() is threading.main_thread():
            self._take_typed()
        try:
            self._keep_draft()
        except OSError:
            kept = "What you typed is still on the screen; do not close the program."
        _LOG.error("%s at %s", kind.__name__, _places(trace))
        self._caught.emit(kept)

    def _take_typed(self) -> None:
        """Take what is being typed; the mistake may be in there, so that it fails."""
        try:
            self._interrupt()
        except Exception as error:  # noqa: BLE001  (our own mistake, told once already)
            _LOG.error("%s at %s", type(error).__name__, _places(error.__traceback__))

    def _in_thread(self, arguments: threading.ExceptHookArgs) -> None:
        if arguments.exc_value is not None:
            self.handle(
                arguments.exc_type, arguments.exc_value, arguments.exc_traceback
            )

    def _tell(self, kept: str) -> None:
        self._teller.tell(
            "The program made a mistake.",
            f"{kept} You can go on; if it happens again, close and open the program.",
        )


def _places(trace: TracebackType | None) -> str:
    """Return files and lines without the values that stood there."""
    frames = traceback.extract_tb(trace)
    return " < ".join(f"{f.name}:{f.lineno}" for f in reversed(frames[-6:]))
