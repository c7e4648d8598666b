"""Whether somebody is there: hides the records when not, and remembers where they were.

Hiding comes before everything else, and nothing that was begun may bring a page back.
"""

import logging
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QTimer
from PySide6.QtWidgets import QWidget

from intake.answers import Role
from intake.errors import UserFacingError
from ui.clinic_now import ClinicNow
from ui.idle_lock import IdleLock
from ui.main_window import MainWindow
from ui.traces import Copies, close_what_is_open_over

if TYPE_CHECKING:
    from ui.door import Door

_LOG = logging.getLogger("thoracic_intake")


class Presence(QObject):
    """The idle lock, and what happens to the window when somebody leaves.

    Args:
        window: is hidden and shown.
        clinic: settles after how long it locks.
        door: writes a lock down; None in the demonstration.
    """

    def __init__(
        self, window: MainWindow, clinic: ClinicNow, door: "Door | None"
    ) -> None:
        """Nobody is there yet."""
        super().__init__(window)
        self._window = window
        self._clinic = clinic
        self._door = door
        self.idle_lock = IdleLock(self)
        self.idle_lock.warned.connect(self._warn)
        self._copies = Copies(self)
        self._left: tuple[str, Role, QWidget] | None = None

    def begin(self, role: Role) -> None:
        """Let pages be shown: somebody is there."""
        self._window.is_locked = False
        self.idle_lock.start(self._clinic.read().idle_minutes[role] * 60)

    def hide(self, person_id: str, role: Role) -> None:
        """Hide everything, for a moment or for good (no id: nobody was there yet)."""
        self.idle_lock.stop()
        page = self._window.pages.currentWidget()
        # Hidden before it is locked: the page left is the one that was hidden.
        if person_id and page is not None and not self._window.is_locked:
            self._left = (person_id, role, page)
        self._window.is_locked = True
        close_what_is_open_over(self._window)
        self._window.identity.show_nobody()
        self._window.strip.show_names(())
        self._window.ask_bar.put_away()
        self._window.news.setText("")
        self._window.idle.setText("")

    def end(self, person_id: str, role: Role) -> None:
        """Hide everything: the person left."""
        self.hide(person_id, role)
        self._copies.clear()
        self._window.user.setText("Nobody signed in")
        if person_id:
            # Hidden first: writing it down may have to wait for another program.
            QTimer.singleShot(0, self._note)

    def page_left_by(self, person_id: str, role: Role) -> QWidget | None:
        """Return where this person was, if nobody else came in between."""
        left, self._left = self._left, None
        return left[2] if left is not None and left[:2] == (person_id, role) else None

    def _note(self) -> None:
        if self._door is None:
            return
        try:
            self._door.note_lock()
        except UserFacingError as error:
            # The screen is locked all the same; nobody is there to be told.
            _LOG.warning("A lock could not be noted: %s", error.code)

    def _warn(self, seconds: int) -> None:
        words = f"Locks in {seconds} s: any key keeps it open." if seconds else ""
        self._window.idle.setText(words)
        # For those seconds it comes first: the status bar has not room for all.
        self._window.care.setVisible(not words)
