"""Says how the records are: in the status bar, and in full on the first page."""

from collections.abc import Callable, Sequence
from pathlib import Path

from PySide6.QtCore import QObject, Qt

from intake.caretaking import CareState
from intake.close_of_day import last_backup_in_words
from intake.errors import UserFacingError
from intake.people import Person
from intake.ports import Clock
from ui.backups_page import BackupsPage
from ui.caretaker import Caretaker
from ui.errands import broken_off
from ui.main_window import MainWindow
from ui.progress_line import Waited


class CareNotice(QObject):
    """Follows the caretaker and puts what it does into words; never in a box.

    Args:
        window: its status bar is written to.
        caretaker: to follow.
        show: shows the warnings on the first page, or none.
        person: who is in.
        clock: for ages.
    """

    def __init__(
        self,
        window: MainWindow,
        caretaker: Caretaker,
        show: Callable[[str], None],
        person: Callable[[], Person],
        clock: Clock,
    ) -> None:
        """Follow the caretaker."""
        super().__init__(window)
        self._window = window
        self._caretaker = caretaker
        self._person = person
        self._clock = clock
        self._state = CareState()
        #: A round has told the state.
        self._is_known = False
        self.page: BackupsPage | None = None
        self._line = window.care
        self._show = show
        self._is_sound = False
        #: What is wrong, as it was told last.
        self._told = ""
        self._wanted = ""
        # The caretaker works in threads of its own.
        queued = Qt.ConnectionType.QueuedConnection
        caretaker.checking.connect(self._checking, queued)
        caretaker.checked.connect(self._checked, queued)
        caretaker.warned.connect(self._warn, queued)
        caretaker.went_round.connect(self._take, queued)
        caretaker.refused.connect(self._refuse, queued)
        caretaker.broken_off.connect(self._break_off, queued)
        window.show_backups.connect(self.show_page)

    def last_backup(self) -> str:
        """Return when the last good backup was made, as far as it is known yet."""
        if not self._is_known:
            return "The backups are being looked at."
        return last_backup_in_words(self._state, self._clock.now())

    def show_page(self) -> None:
        """Show the page with the backups."""
        if self.page is None:
            page = self.page = BackupsPage()
            page.back_up.connect(self._back_up)
            page.check.connect(self._check)
            page.second_place_chosen.connect(self._choose)
        by = self._person()
        self.page.allow(back_up=by.may("back_up"), choose=by.may("choose_second_place"))
        self.page.say(self._told)
        self.page.show_state(self._state, self._clock.now())
        self._window.identity.show_nobody()
        self._window.show_page(self.page)
        self.page.take_keys()

    def _back_up(self) -> None:
        self._wanted = "A backup is made and checked."
        self._caretaker.back_up_now(self._person(), self._begin("Backing up \u2026"))

    def _check(self) -> None:
        self._wanted = "Every page of the records was looked at: they are sound."
        self._caretaker.check(self._begin("Checking the records \u2026"))

    def _choose(self, place: Path) -> None:
        self._wanted = "The backups are copied there."
        waited = self._begin("Copying to the second place \u2026")
        self._caretaker.choose_second_place(place, self._person(), waited)

    def _begin(self, words: str) -> Waited:
        self._say(words)
        return self._window.progress.begin(words)

    def _take(self, state: CareState) -> None:
        self._state, self._is_known = state, True
        if self.page is not None:
            self.page.show_state(state, self._clock.now())
            self._say(self._told or self._wanted)
        self._wanted = ""

    def _refuse(self, error: UserFacingError) -> None:
        self._wanted = ""
        self._say(f"{error.text} {error.action}")

    def _break_off(self) -> None:
        self._line.setText("")
        self._refuse(broken_off())

    def _say(self, words: str) -> None:
        if self.page is not None:
            self.page.say(words)

    def _checking(self, done: int, parts: int) -> None:
        if done < parts:
            self._line.setText(f"Checking the records: {done} of {parts}")

    def _checked(self, found: Sequence[str]) -> None:
        self._is_sound = not found
        self._line.setText("Records checked: sound" if not found else "Records damaged")

    def _warn(self, told: Sequence[str]) -> None:
        if told:
            things = "1 warning" if len(told) == 1 else f"{len(told)} warnings"
            self._line.setText(f"{things} about the records: Ctrl+F")
        elif self._is_sound:
            self._line.setText("Records checked: sound")
        self._told = "\n".join(told)
        self._show(self._told)
        self._say(self._told)
