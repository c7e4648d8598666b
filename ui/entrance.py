"""What stands before the records: setting up, the recovery sheet, signing in."""

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Qt, Signal
from PySide6.QtWidgets import QFileDialog

from intake.caretaking import FoundBackup
from intake.errors import UserFacingError
from intake.people import Person
from ui.main_window import MainWindow
from ui.messages import tell_error
from ui.restore_page import RestorePage
from ui.set_up_page import RecoveryPage, SetUpPage
from ui.sign_in_page import SignInPage

if TYPE_CHECKING:
    from intake.ports import Staff
    from ui.door import Door
    from ui.tools import Tools

_SHEET = "recovery-sheet.pdf"


class Entrance(QObject):
    """Shows the page that is due, and lets in whoever the door let in."""

    #: Somebody may begin to work (a Person).
    entered = Signal(object)

    def __init__(self, window: MainWindow, tools: "Tools") -> None:
        """Show nothing yet; see `ask`."""
        super().__init__(window)
        self._window = window
        self._tools = tools
        if tools.door is None:
            raise ValueError("the demonstration has no entrance")
        self._door: Door = tools.door
        self.sign_in = SignInPage()
        self.set_up: SetUpPage | None = None
        self.recovery: RecoveryPage | None = None
        self.restore: RestorePage | None = None
        self._clinic_name = ""
        self._is_setting_up = False
        self.sign_in.asked.connect(self._door.sign_in)
        self.sign_in.recovering.connect(self._door.recover)
        self.sign_in.restoring.connect(self.offer_backups)
        # The door works in a thread of its own.
        queued = Qt.ConnectionType.QueuedConnection
        self._door.signed_in.connect(self._let_in, queued)
        self._door.refused.connect(self._refuse, queued)
        self._door.made.connect(self._show_code, queued)
        self._door.backups_found.connect(self._show_backups, queued)
        self._door.restored.connect(self._after_restore, queued)
        self._door.not_restored.connect(self._not_restored, queued)

    def ask(self) -> None:
        """Ask who works, or for a new clinic where there is none."""
        warning = self._tools.protocol.warning
        if not self._door.is_set_up:
            self.set_up = SetUpPage(warning)
            self.set_up.wanted.connect(self._set_up)
            self.set_up.restoring.connect(self.offer_backups)
            if self._door.has_plain_records:
                self.set_up.offer_to_take_over()
            self._window.show_page(self.set_up, outside=True)
            self.set_up.clinic.setFocus()
            return
        refused: UserFacingError | None = None
        staff: Sequence[Staff] = ()
        try:
            staff = self._door.staff()
        except UserFacingError as error:
            refused = error
        self.sign_in.ask(warning, staff, self._tools.settings.last_user)
        if self._door.may_restore:
            self.sign_in.offer_restore()
        self._window.show_page(self.sign_in, outside=True)
        self.sign_in.passphrase.setFocus()
        if refused is not None:
            self.sign_in.refuse(refused)

    def offer_backups(self) -> None:
        """Look for backups, and show them when they are found."""
        line = self._window.progress
        self._door.look_for_backups(
            line.begin("Looking at the backups \u2026", is_in_front=True)
        )

    def _restore(self, backup: Path) -> None:
        line = self._window.progress
        self._door.restore(
            backup, line.begin("Restoring the backup \u2026", is_in_front=True)
        )

    def _show_backups(self, backups: Sequence[FoundBackup]) -> None:
        if self.restore is None:
            self.restore = RestorePage()
            self.restore.wanted.connect(self._restore)
            self.restore.back.connect(self._back_from_restore)
        self._window.show_page(self.restore, outside=True)
        self.restore.offer(backups, self._tools.clock.now())

    def _back_from_restore(self) -> None:
        """Ask who works again, and go on offering what helps."""
        self.ask()
        self.sign_in.restore.setVisible(True)

    def _after_restore(self) -> None:
        self.ask()
        self.sign_in.say("The backup is in its place. Sign in with its passphrase.")

    def _not_restored(self, error: UserFacingError) -> None:
        if self.restore is not None:
            self.restore.refuse(error)

    def _set_up(self, clinic: str, name: str, passphrase: str) -> None:
        self._clinic_name = clinic
        self._is_setting_up = True
        take_over = self.set_up is not None and self.set_up.take_over.isChecked()
        self._door.set_up(clinic, name, passphrase, take_over=take_over)

    def _show_code(self, code: str) -> None:
        page = RecoveryPage(code)
        page.sheet_wanted.connect(lambda: self._save_sheet(page, code))
        page.done.connect(self._go_on)
        self.recovery = page
        self._window.show_page(page, outside=True)
        page.sheet.setFocus()

    def show_new_code(self, clinic: str, code: str) -> RecoveryPage:
        """Show a code that took the place of an older one; return the page."""
        self._clinic_name = clinic
        page = RecoveryPage(code)
        page.go_on.setText("I have &kept it")
        page.sheet_wanted.connect(lambda: self._save_sheet(page, code))
        page.done.connect(lambda: self._window.drop_page(page))
        self._window.show_page(page)
        page.sheet.setFocus()
        return page

    def _save_sheet(self, page: RecoveryPage, code: str) -> None:
        make = self._tools.recovery_sheet
        name, _ = QFileDialog.getSaveFileName(
            self._window, "Save the recovery sheet", _SHEET, "PDF (*.pdf)"
        )
        if not name or make is None:
            return
        try:
            self._tools.write(Path(name), make(self._clinic_name, code))
        except UserFacingError as error:
            tell_error(self._tools.teller, error)
            return
        page.say_saved(name)

    def _let_in(self, person: Person) -> None:
        # A new clinic's code has to be kept first, and then `_go_on` lets in.
        if self._is_setting_up:
            self._is_setting_up = False
            return
        self.entered.emit(person)

    def _go_on(self) -> None:
        """Drop the page with the code, and begin."""
        if self.recovery is not None:
            self._window.drop_page(self.recovery)
            self.recovery = None
        self.entered.emit(self._door.whoever_is_in())

    def _refuse(self, error: UserFacingError) -> None:
        self._is_setting_up = False
        if self.set_up is not None and not self._door.is_set_up:
            self.set_up.refuse(error)
        else:
            self.sign_in.refuse(error)
