"""A clinic whose records are open: who comes in, backups, checks, a new key, a move."""

import threading
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from db import backup as backups
from db import in_use, keys
from db.attempts import NOBODY
from db.backup import SERVER_FILE
from db.caretaker import Caretaker
from db.engine import make_engine
from db.keys import KeyFile
from db.location import FILE_NAME
from db.move_to_server import WAY_IN, Target, fill
from db.new_key import NewKey
from db.open_keys import OpenKeys
from db.private_files import write_private
from db.store import Store
from intake.audit import AuditNote, Event
from intake.errors import UserFacingError
from intake.people import Person
from intake.waiting import Progress, step

if TYPE_CHECKING:
    from db.clinic import Clinic


class OpenClinic:
    """A clinic whose records are open. The key leaves this object in no other form."""

    def __init__(
        self, clinic: "Clinic", key: bytes, file: KeyFile, store: Store
    ) -> None:
        """Hold what `Clinic` opened."""
        self._clinic = clinic
        self._place = clinic.place(key, file)
        self._let_go = in_use.share(clinic.folder)
        #: Whoever reads the file beside the store must not meet it with another key.
        self._beside = threading.Lock()
        self._caretaker = Caretaker(self, clinic.folder, clinic.clock)
        self.store = store
        self.keys = OpenKeys(clinic, key, file, store, lambda: self._place.is_shared)
        self._new_key = NewKey(clinic, self.keys, self._place, store)

    def person(self, person_id: str) -> Person:
        """Return somebody who works here; KeyError if there is none."""
        return self.store.person(person_id)

    def takes_over(self, person_id: str, passphrase: str) -> Person:
        """Return who signs in while the records are open for somebody else.

        Raises:
            UserFacingError: wrong_passphrase, sign_in_wait, sign_in_locked or
                person_left.
        """
        self.confirm(person_id, passphrase)
        return self.admit(person_id)

    def confirm(self, person_id: str, passphrase: str) -> None:
        """Make sure that it is somebody's passphrase.

        Raises:
            UserFacingError: wrong_passphrase, sign_in_wait or sign_in_locked.
        """
        try:
            self._clinic.key_for(self.keys.latest(), person_id, passphrase)
        except UserFacingError:
            self.note_wrong_passphrases()
            raise
        # A wrong try between right ones must not add up over a day of signing.
        self._clinic.attempts.forget(person_id)

    def admit(self, person_id: str) -> Person:
        """Return who comes in with the right passphrase, and write it down.

        Raises:
            UserFacingError: (person_left) they do not work here any more.
        """
        self.note_wrong_passphrases()
        person = self.person(person_id)
        if not person.is_active:
            detail = {"why": "left"}
            self.note("sign_in_failed", "", subject=person_id, detail=detail)
            raise _left()
        self._clinic.attempts.forget(person_id)
        self.note("signed_in", person_id)
        return person

    def finish_what_was_begun(self) -> None:
        """Do what was broken off when somebody left, or was given another name."""
        people = {one.id: one for one in self.store.people()}
        theirs = [slot for slot in self.keys.file.slots if slot.owner in people]
        for slot in theirs:
            person = people[slot.owner]
            if person.is_active:
                if (slot.name, slot.is_owner) != _shown(person):
                    self.know(person)
                continue
            try:
                self.shut_out(person.id, by="")
            except UserFacingError as error:
                # Another window has the records open: the next sign-in tries again.
                if error.code != "records_in_use":
                    raise

    def know(self, person: Person) -> None:
        """Show somebody on the sign-in page as they are called now."""
        name, is_owner = _shown(person)
        self.keys.keep(self.keys.latest().with_name(person.id, name, is_owner=is_owner))

    def check_recovery_code(self, code: str) -> None:
        """Refuse a code that does not open the records; either is noted.

        Raises:
            UserFacingError: (wrong_passphrase) it does not.
        """
        try:
            self.keys.latest().opened_by(code)
        except UserFacingError as error:
            if error.code == "wrong_passphrase":
                self._clinic.attempts.count(NOBODY, self._clinic.clock.now())
            self.note_wrong_passphrases()
            raise
        self._clinic.attempts.forget(NOBODY)
        self.note("signed_in", "", detail={"way": "recovery code"})

    def give_passphrase(self, person: Person, passphrase: str, by: str) -> None:
        """Let somebody in from now on with a passphrase, instead of an older one.

        Raises:
            UserFacingError: (person_left) they do not work here any more.
        """
        if not person.is_active:
            raise _left()
        file = self.keys.latest().with_person(
            self.keys.key,
            passphrase,
            person.id,
            person.name,
            is_owner="owner" in person.roles,
        )
        self.keys.keep(file)
        self.note_wrong_passphrases()
        self._clinic.attempts.forget(person.id)
        event: Event = "passphrase_changed" if by == person.id else "passphrase_reset"
        self.note(event, by, subject=person.id)

    def new_recovery_code(self, by: str) -> str:
        """Return a recovery code that takes the place of the older one."""
        code = keys.new_recovery_code()
        self.keys.keep(self.keys.latest().with_recovery(self.keys.key, code))
        self.note("keys_renewed", by, detail={"what": "recovery code"})
        return code

    def shut_out(self, person_id: str, by: str) -> None:
        """Take away somebody's slot, and give the records a new key.

        The records are shut for a moment; whoever reads or writes waits. When this is
        broken off anywhere, the next sign-in finds records and key file that fit
        (`Clinic.sign_in`).

        Raises:
            UserFacingError: (records_in_use) another window or command has them open,
                which would not know the new key; (database_damaged). Nothing was
                changed.
        """
        if self._place.is_shared:
            file = self.keys.latest().without_slot(person_id)
            new, file = self.keys.with_new_key(file)
            self.keys.keep(file)
            self.keys.key = new
        else:
            with self._alone():
                self._new_key.give_without(person_id)
        self.note("keys_renewed", by, subject=person_id, detail={"what": "records"})

    def move_to(self, address: str, by: str) -> Mapping[str, int]:
        """Move the records to a server; return how many rows of what there are.

        The file is kept under another name. Broken off anywhere, the records are in
        the one place or the other, whole.

        Args:
            address: of an empty database, see `db.move_to_server.Target.of_text`.
            by: who does it.

        Raises:
            InputRefusedError: the address is none, or not safe.
            UserFacingError: (records_in_use) another window or command has them open;
                (already_on_server); or as `db.move_to_server.fill`.
        """
        if self._place.is_shared:
            raise UserFacingError(
                "already_on_server",
                "The records are on a server already.",
                "Nothing was changed.",
            )
        target = Target.of_text(address)
        with self._alone():
            rows = self._move(target)
        self.note("moved", by)
        return rows

    def _move(self, target: Target) -> Mapping[str, int]:
        clinic, file = self._clinic, self.keys.latest()
        records = clinic.folder / FILE_NAME
        source = make_engine(records, self.keys.key)
        try:
            log = clinic.log(self.keys.key, file)
            moved = fill(
                source,
                target,
                log,
                lambda word: file.with_secret(self.keys.key, WAY_IN, word).as_text(),
            )
        finally:
            source.dispose()
        file = KeyFile.of_text(moved.key_file)
        clinic.write_keys(file)
        # From here on the records are on the server.
        address = moved.address.as_text()
        write_private(clinic.folder / SERVER_FILE, address.encode())
        self._place = clinic.place(self.keys.key, file)
        self.store.go_on_as(clinic.store_with(self.keys.key, file))
        self.keys.file = file
        for left in clinic.folder.glob(f"{FILE_NAME}*"):
            at = f"{clinic.clock.now():%Y%m%dT%H%M%S}"
            if "-before-" not in left.name:
                left.replace(left.with_name(f"{left.name}-before-move-{at}"))
        return moved.rows

    def back_up(self, target: Path, by: str) -> None:
        """Write a backup, and note it.

        Raises:
            UserFacingError: backup_unsound, folder_not_writable; see `db.backup`.
        """
        with self._beside:
            backups.take_with(
                lambda copy: self._place.copy_to(copy, self.keys.key),
                self.keys.key,
                # As another window left it: a passphrase that was changed is gone.
                self.keys.latest().as_text().encode(),
                target,
                self._clinic.clock.now(),
            )
            self.note("backed_up", by)

    def rehearse(self, backup: Path) -> Sequence[str]:
        """Restore a backup of ours into a scratch folder; return what is wrong.

        Raises:
            UserFacingError: (backup_damaged).
        """
        if not self.keys.opens(backup):
            return ["Its key file does not belong to these records."]
        return backups.rehearse(backup, self.keys.key)

    def caretaking(self) -> Caretaker:
        """Return what looks after backups."""
        return self._caretaker

    def faults(self, progress: Progress = step) -> Sequence[str]:
        """Return what is wrong with the records; nothing when they are sound."""
        with self._beside:
            found = self._place.faults(self.keys.key, progress)
            self._clinic.note_damage(is_found=bool(found))
            self.note("checked", "", detail={"faults": len(found)})
        return found

    def opens(self, backup: Path) -> bool:
        """Return whether a backup has the key of today; see `OpenKeys.opens`."""
        return self.keys.opens(backup)

    def sealed(self, content: bytes) -> bytes:
        """Return content that may lie outside the records, such as a draft."""
        return self.keys.sealed(content)

    def unsealed(self, content: bytes) -> bytes:
        """Return what was sealed; ValueError when it is damaged or not ours."""
        return self.keys.unsealed(content)

    def note(
        self,
        event: Event,
        who: str,
        *,
        subject: str = "",
        detail: Mapping[str, str | int] | None = None,
    ) -> None:
        """Write down what happened outside the records."""
        at, role = self._clinic.clock.now(), self._roles_of(who)
        self.store.note([AuditNote(event, who, at, role, subject, detail or {})])

    def note_wrong_passphrases(self) -> None:
        """Write down the wrong passphrases of everybody since the last time.

        They were counted beside the records, which were shut. Written first and
        struck off then: broken off in between, they are told twice, not never.
        """
        counted = self._clinic.attempts.not_noted()
        for who, times in counted.items():
            way = "passphrase" if who else "recovery code"
            self.note(
                "sign_in_failed", "", subject=who, detail={"times": times, "way": way}
            )
        if counted:
            self._clinic.attempts.all_noted()

    def close(self) -> None:
        """Shut the records."""
        self.store.close()
        self._let_go()

    def _roles_of(self, who: str) -> str:
        """Return somebody's roles as the trail has them; none where nobody acted."""
        try:
            return "+".join(sorted(self.person(who).roles))
        except KeyError:
            return ""

    @contextmanager
    def _alone(self) -> Iterator[None]:
        """Have nobody else read or write the file, here or in another program."""
        folder = self._clinic.folder
        with self._beside:
            self._let_go()
            try:
                with in_use.alone(folder), self.store.asleep():
                    yield
            finally:
                self._let_go = in_use.share(folder)


def _shown(person: Person) -> tuple[str, bool]:
    """Return what the sign-in page has to know of a person."""
    return person.name, "owner" in person.roles


def _left() -> UserFacingError:
    return UserFacingError(
        "person_left",
        "This person does not work here any more.",
        "Choose another name; the records are untouched.",
    )
