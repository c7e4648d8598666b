"""Ends that nobody at the keyboard chose: the session ends, the system shuts down.

Whatever is typed is kept first, in the draft, which is quick and asks nobody; then the
window is closed in the usual way, as far as the system leaves time for it.
"""

import signal
import socket
import sys
from collections.abc import Callable
from contextlib import suppress
from types import FrameType

from PySide6.QtCore import QObject, QSocketNotifier, Qt
from PySide6.QtGui import QGuiApplication

#: What Unix sends before it ends a program: at shutdown, when a terminal is closed.
_SIGNALS = ("SIGTERM", "SIGHUP")


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
            self._notifier.setEnabled(False)
            signal.set_wakeup_fd(-1)
            for name in _SIGNALS:
                signal.signal(getattr(signal, name), signal.SIG_DFL)
            self._wakes.close()
            self._woken.close()

    def _listen_for_signals(self) -> None:
        """Have a signal wake the event loop: Python alone would wait for a key."""
        self._wakes, self._woken = socket.socketpair()
        for end in (self._wakes, self._woken):
            end.setblocking(False)
        signal.set_wakeup_fd(self._wakes.fileno(), warn_on_full_buffer=False)
        self._notifier = QSocketNotifier(
            self._woken.fileno(), QSocketNotifier.Type.Read, self
        )
        self._notifier.activated.connect(self._hear)
        for name in _SIGNALS:
            signal.signal(getattr(signal, name), _leave_it_to_the_loop)

    def _hear(self) -> None:
        heard = {signal.Signals(number).name for number in self._woken.recv(64)}
        if heard.intersection(_SIGNALS):
            self.keep()
            self._close()


def _leave_it_to_the_loop(_number: int, _frame: FrameType | None) -> None:
    """Do nothing here: `Endings` hears of it in the event loop."""
