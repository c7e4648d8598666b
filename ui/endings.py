"""Ends that nobody at the keyboard chose: the session ends, the system shuts down.

Whatever is typed is kept first, in the draft, which is quick and asks nobody; then the
window is closed in the usual way, as far as the system leaves time for it.
"""

import signal
import sys
from collections.abc import Callable
from contextlib import suppress
from types import FrameType

from PySide6.QtCore import QObject, Qt, QTimer
from PySide6.QtGui import QGuiApplication

#: What Unix sends before it ends a program: at shutdown, when a terminal is closed.
_SIGNALS = ("SIGTERM", "SIGHUP")
_BEAT_MS = 500


class Endings(QObject):
    """Hears of the end before it comes.

    Args:
        keep: keeps everything typed; OSError when the disk does not take it.
        close: closes the window.
    """

    def __init__(
        self,
        keep: Callable[[], None],
        close: Callable[[], object],
        parent: QObject | None = None,
    ) -> None:
        """Listen from now on."""
        super().__init__(parent)
        self._keep = keep
        self._close = close
        application = QGuiApplication.instance()
        if isinstance(application, QGuiApplication):
            # At once: when the slot returns the system may end the program.
            application.commitDataRequest.connect(
                self.keep, Qt.ConnectionType.DirectConnection
            )
            application.aboutToQuit.connect(self.keep)
        if sys.platform != "win32":
            self._listen_for_signals()

    def keep(self) -> None:
        """Keep what is typed; where the disk does not take it, closing says so."""
        with suppress(OSError):
            self._keep()

    def stop(self) -> None:
        """Listen no more."""
        application = QGuiApplication.instance()
        if isinstance(application, QGuiApplication):
            application.commitDataRequest.disconnect(self.keep)
            application.aboutToQuit.disconnect(self.keep)
        if sys.platform != "win32":
            self._beat.stop()
            for name in _SIGNALS:
                signal.signal(getattr(signal, name), signal.SIG_DFL)

    def _listen_for_signals(self) -> None:
        """Hear of signals between two events, wherever the event loop may be."""
        # Python looks for signals only while it runs: now and then it has to.
        self._beat = QTimer(self)
        self._beat.timeout.connect(lambda: None)
        self._beat.start(_BEAT_MS)
        for name in _SIGNALS:
            signal.signal(getattr(signal, name), self._hear)

    def _hear(self, _number: int, _frame: FrameType | None) -> None:
        """Leave what is being done to its end; then keep, then close."""
        QTimer.singleShot(0, self._end)

    def _end(self) -> None:
        self.keep()
        self._close()
