"""Who comes in: sets a clinic up, opens its records, lets the next person take over.

Opening takes a good part of a second, most of it on purpose (the key derivation makes
guessing slow), so it happens in the background.
"""

import threading
import uuid
from collections.abc import Callable, Sequence
from contextlib import suppress
from pathlib import Path

from PySide6.QtCore import QObject, Signal

from intake.errors import UserFacingError
from intake.people import Person
from intake.ports import ClinicFolder, OpenRecords, Staff
from intake.waiting import BrokenOffError, waited_for
from ui.errands import broken_off
from ui.progress_line import Waited, ended


class Door(QObject):
    """Opens one clinic's folder.

    Args:
        clinic: the folder, shut.
    """

    #: Somebody is in (a Person); the records are open.
    signed_in = Signal(object)
    #: It did not work: the error.
    refused = Signal(object)
    #: A clinic was set up: its recovery code, shown once.
    made = Signal(str)
    #: The backups beside the records were looked at: a list of FoundBackup.
    backups_found = Signal(object)
    #: A backup was put in the place of the records.
    restored = Signal()
    #: It was not: the error.
    not_restored = Signal(object)

    def __init__(self, clinic: ClinicFolder, parent: QObject | None = None) -> None:
        """Nothing is open yet."""
        super().__init__(parent)
        self._clinic = clinic
        self._busy = threading.Lock()
        #: The records, once somebody is in.
        self.records: OpenRecords | None = None
        #: Who is in; the last one, while the next is asked for.
        self.person: Person | None = None

    @property
    def is_set_up(self) -> bool:
        """Return whether there is a clinic to open."""
        return self._clinic.is_set_up

    @property
    def may_restore(self) -> bool:
        """Return whether the last check found damage, and nobody is in yet."""
        return self.records is None and self._clinic.is_damaged

    def staff(self) -> Sequence[Staff]:
        """Return who can be chosen."""
        return self._clinic.staff()

    @property
    def has_plain_records(self) -> bool:
        """Return whether records of an earlier version wait to be taken over."""
        return self._clinic.has_plain_records

    def set_up(
        self, clinic_name: str, name: str, passphrase: str, *, take_over: bool = False
    ) -> None:
        """Make a clinic; its first person is owner and clinician."""
        first = Person(str(uuid.uuid4()), name, frozenset({"owner", "clinician"}))
        codes: list[str] = []

        def work() -> Person:
            self.records, code = self._clinic.set_up(
                first, passphrase, take_over=take_over
            )
            self.records.store.settle("clinic_name", clinic_name)
            codes.append(code)
            return first

        # Whoever sees the code may go on at once, so nothing is under way any more.
        self._in_background(work, lambda: self.made.emit(codes[0]))

    def sign_in(self, person_id: str, passphrase: str) -> None:
        """Let somebody in, also while the records are open for somebody else."""

        def work() -> Person:
            if self.records is not None:
                return self.records.takes_over(person_id, passphrase)
            self.records = self._clinic.sign_in(person_id, passphrase)
            return self.records.person(person_id)

        self._in_background(work)

    def recover(self, code: str, person_id: str, passphrase: str) -> None:
        """Open with the recovery code, and give somebody a new passphrase."""

        def work() -> Person:
            if self.records is None:
                self.records = self._clinic.recover(code)
            else:
                self.records.check_recovery_code(code)
            person = self.records.person(person_id)
            self.records.give_passphrase(person, passphrase, by="")
            return person

        self._in_background(work)

    def look_for_backups(self, waited: Waited) -> None:
        """Look which backups there are; the newest ones are read whole."""

        def run() -> None:
            with ended(waited), suppress(BrokenOffError), waited_for(waited.step):
                self.backups_found.emit(self._clinic.backups())

        self._start(run)

    def restore(self, backup: Path, waited: Waited) -> None:
        """Put a backup in the place of the records, which nobody has open."""

        def run() -> None:
            try:
                with ended(waited), waited_for(waited.step):
                    self._clinic.restore(backup)
            except BrokenOffError:
                self.not_restored.emit(broken_off())
            except UserFacingError as error:
                self.not_restored.emit(error)
            else:
                self.restored.emit()

        self._start(run)

    def note_lock(self) -> None:
        """Write down that the screen was locked."""
        if self.records is not None and self.person is not None:
            self.records.note("locked", self.person.id)

    def whoever_is_in(self) -> Person:
        """Return who is in; the last one while nobody is."""
        if self.person is None:
            raise RuntimeError("nobody has signed in yet")
        return self.person

    def named(self, person_id: str) -> Person | None:
        """Return somebody who works here, or None; who left is nobody."""
        if self.records is None:
            return None
        found = {one.id: one for one in self.records.store.people() if one.is_active}
        return found.get(person_id)

    def _in_background(
        self, work: Callable[[], Person], then: Callable[[], None] = lambda: None
    ) -> None:
        """Do one thing at a time; a second press of the button is no second try."""
        if not self._busy.acquire(blocking=False):
            return

        def run() -> None:
            try:
                person = work()
            except UserFacingError as error:
                self._busy.release()
                self.refused.emit(error)
                return
            except BaseException:
                self._busy.release()
                raise
            self.person = person
            self._busy.release()
            then()
            self.signed_in.emit(person)

        self._start(run)

    @staticmethod
    def _start(run: Callable[[], None]) -> None:
        threading.Thread(target=run, name="door", daemon=True).start()
