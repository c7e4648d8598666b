"""A clinic's folder: the encrypted records, and the key file that opens them.

`Clinic` knows the folder while it is shut; `sign_in` opens the records. A key is in
memory only, and only here. Beside the two lie the head of the audit trail and the
count of wrong passphrases, which hold nothing of a patient.
"""

import os
import secrets
import threading
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from pathlib import Path

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from db import backup as backups
from db import failures, in_use, kept_backups, keys, plain_records, unsafe_places
from db.attempts import NOBODY, AttemptsFile
from db.audit import AuditLog
from db.backup import SERVER_FILE
from db.backup_file import key_text
from db.caretaker import Caretaker
from db.check import Progress, nobody_waits
from db.engine import make_engine
from db.keys import KeyFile
from db.location import FILE_NAME, not_writable
from db.move_to_server import SHARED_KEYS, WAY_IN, Target, fill
from db.private_files import write_private
from db.records_place import InFile, OnServer, RecordsPlace
from db.server_address import read_address
from db.store import Store
from intake.audit import AuditNote, Event
from intake.caretaking import FoundBackup
from intake.errors import UserFacingError
from intake.people import Person
from intake.ports import Clock, Staff

KEY_FILE = "clinic.keys"
NEXT_KEY_FILE = "clinic.keys.next"
HEAD_FILE = "audit-head"
ATTEMPTS_FILE = "sign-in-attempts"
#: Lies there from a restore to the next sign-in.
RESTORED_FILE = "restored"
#: Lies there while a clinic is set up: what it finds is from a set-up broken off.
SETTING_UP_FILE = "setting-up"
#: Lies there from a check that found damage to one that finds none, or a restore.
DAMAGE_FILE = "damage-found"
#: The secret in the key file that holds the key of the audit trail.
_AUDIT = "audit"
#: The secret that opens what was sealed before the records got their present key.
_OUTSIDE_BEFORE = "outside before"
_NONCE_BYTES = 12


class Clinic:
    """The folder of one clinic.

    Args:
        folder: where the records are.
        clock: tells when things happen.
        heads: further places for the head of the audit trail, best on another disk.
    """

    def __init__(self, folder: Path, clock: Clock, heads: Sequence[Path] = ()) -> None:
        """Nothing is read yet."""
        self.folder = folder
        self.clock = clock
        self.attempts = AttemptsFile(folder / ATTEMPTS_FILE)
        self._heads = (folder / HEAD_FILE, *heads)

    @property
    def is_set_up(self) -> bool:
        """Return whether there is a clinic in the folder, if only its records."""
        return (
            self._key_path.exists()
            or self._has_records_alone
            or backups.is_ready(self.folder)
        )

    @property
    def has_plain_records(self) -> bool:
        """Return whether records of an earlier version wait to be taken over."""
        return not self.is_set_up and plain_records.found(self.folder) is not None

    def set_up(
        self, person: Person, passphrase: str, *, take_over: bool = False
    ) -> tuple["OpenClinic", str]:
        """Make a clinic with its first person; return it open, and the recovery code.

        With `take_over`, records of an earlier version that lie there, not encrypted,
        become the clinic's; the old file is put aside.

        The key file comes last, so that a set-up that was broken off can be repeated.

        Raises:
            UserFacingError: (already_set_up) there is one, if only its records;
                (place_unsafe) the folder is on a network drive or synchronized.
        """
        unsafe_places.refuse(self.folder)
        if self.is_set_up:
            raise UserFacingError(
                "already_set_up",
                "There is a clinic in this folder already.",
                "Sign in, or choose another folder; nothing was changed.",
            )
        key = keys.new_key()
        code = keys.new_recovery_code()
        file = KeyFile.for_key(key).with_person(
            key, passphrase, person.id, person.name, is_owner="owner" in person.roles
        )
        file = file.with_recovery(key, code)
        # A key of its own: the trail outlives a new key for the records.
        file = file.with_secret(key, _AUDIT, secrets.token_hex(keys.KEY_BYTES))
        write_private(self.folder / SETTING_UP_FILE, b"")
        stamp = f"{self.clock.now():%Y%m%dT%H%M%S}"
        plain = plain_records.found(self.folder) if take_over else None
        if plain is not None:
            plain = plain_records.put_aside(plain, stamp)
        self._put_aside_what_was_left()
        if plain is not None:
            plain_records.take_over(plain, key)
        opened = self.opened_with(key, file, is_new=True)
        now = self.clock.now()
        opened.store.add_person(person, [AuditNote("set_up", person.id, now)])
        self.write_keys(file)
        (self.folder / SETTING_UP_FILE).unlink(missing_ok=True)
        return opened, code

    def staff(self) -> Sequence[Staff]:
        """Return who can sign in, by name."""
        people = [Staff(s.owner, s.name) for s in self.keys().slots if s.owner]
        return sorted(people, key=lambda one: (one.name.casefold(), one.id))

    def sign_in(self, person_id: str, passphrase: str) -> "OpenClinic":
        """Open the records for somebody.

        Raises:
            UserFacingError: wrong_passphrase, sign_in_wait, sign_in_locked,
                keys_damaged, place_unsafe, or what `open_store` raises; (person_left)
                they do not work here any more.
        """
        unsafe_places.refuse(self.folder)
        current = self.keys()
        key = self.key_for(current, person_id, passphrase)
        opened = self._open_either(
            current, key, lambda file: file.opened_by(passphrase, person_id)
        )
        try:
            opened.catch_up(lambda file: file.opened_by(passphrase, person_id))
            opened.admit(person_id)
            opened.finish_what_was_begun()
        except BaseException:
            opened.close()
            raise
        return opened

    def key_for(self, file: KeyFile, person_id: str, passphrase: str) -> bytes:
        """Return the records' key, counting wrong passphrases."""
        now = self.clock.now()
        attempts = self.attempts.of(person_id)
        owners = [slot for slot in file.slots if slot.is_owner]
        is_last_owner = [slot.owner for slot in owners] == [person_id]
        if attempts.is_locked(is_last_owner=is_last_owner):
            raise UserFacingError(
                "sign_in_locked",
                "There were too many wrong passphrases for this name.",
                "Ask the owner to give a new passphrase; the records are untouched.",
            )
        if wait := attempts.wait_at(now):
            raise UserFacingError(
                "sign_in_wait",
                "There were several wrong passphrases for this name.",
                f"Try again in {round(wait.total_seconds())} seconds; nothing is lost.",
            )
        try:
            return file.opened_by(passphrase, person_id)
        except UserFacingError as error:
            if error.code == "wrong_passphrase":
                self.attempts.count(person_id, now)
            raise

    def recover(self, code: str) -> "OpenClinic":
        """Open the records with the recovery code; a new passphrase is set next."""
        unsafe_places.refuse(self.folder)
        current = self.keys()
        try:
            key = current.opened_by(code)
        except UserFacingError as error:
            if error.code == "wrong_passphrase":
                self.attempts.count(NOBODY, self.clock.now())
            raise
        opened = self._open_either(current, key, lambda file: file.opened_by(code))
        opened.catch_up(lambda file: file.opened_by(code))
        opened.note_wrong_passphrases()
        self.attempts.forget(NOBODY)
        opened.note("signed_in", "", detail={"way": "recovery code"})
        return opened

    def restore(self, backup: Path) -> None:
        """Put the records and key file of a backup in the place of what is here.

        What was here is put aside. The audit trail is anchored anew at the first
        sign-in, which is noted.

        Raises:
            UserFacingError: (backup_damaged, records_in_use, place_unsafe) nothing was
                changed.
        """
        unsafe_places.refuse(self.folder)
        with in_use.alone(self.folder):
            backups.make_ready(backup, self.folder, self._aside("restore"))
            self._finish_restore()

    @property
    def is_damaged(self) -> bool:
        """Return whether the last check found damage."""
        return (self.folder / DAMAGE_FILE).exists()

    def note_damage(self, *, is_found: bool) -> None:
        """Remember for the next start whether a check found damage."""
        if is_found:
            write_private(self.folder / DAMAGE_FILE, b"")
        else:
            (self.folder / DAMAGE_FILE).unlink(missing_ok=True)

    def backups(self) -> Sequence[FoundBackup]:
        """Return the backups that the program keeps, the newest first."""
        return kept_backups.found(self.folder / kept_backups.FOLDER)

    # what lies in the folder

    @property
    def _key_path(self) -> Path:
        return self.folder / KEY_FILE

    @property
    def _has_records_alone(self) -> bool:
        """Return whether there are records, here or on a server, without a key file."""
        if (self.folder / SERVER_FILE).exists():
            return not self._key_path.exists()
        records = self.folder / FILE_NAME
        is_there = records.is_file() and records.stat().st_size > 0
        is_broken_off = (self.folder / SETTING_UP_FILE).exists()
        is_ours = is_there and not is_broken_off and not self._key_path.exists()
        return is_ours and plain_records.found(self.folder) is None

    def _open_either(
        self, current: KeyFile, key: bytes, opened_by: Callable[[KeyFile], bytes]
    ) -> "OpenClinic":
        """Open the records, also where giving them a new key was broken off.

        Until the new key file has taken its place, the old one is still there. The
        records are under the one key or the other, never under both. They may also get
        another one between reading the key file and opening them, by another command.
        """
        waiting = self.folder / NEXT_KEY_FILE
        try:
            opened = self.opened_with(key, current)
        except UserFacingError as error:
            if error.code != "database_damaged":
                raise
            following = self._following()
            if following.fits(key):
                raise
            opened = self.opened_with(opened_by(following), following)
            self.write_keys(following)
        waiting.unlink(missing_ok=True)
        (self.folder / SETTING_UP_FILE).unlink(missing_ok=True)
        self._note_restore(opened)
        return opened

    def _following(self) -> KeyFile:
        """Return the key file that waits for its place, or the one that took it."""
        try:
            text = (self.folder / NEXT_KEY_FILE).read_text(encoding="utf-8")
        except FileNotFoundError:
            return self.keys()
        except (OSError, UnicodeDecodeError):
            raise keys.damaged() from None
        return KeyFile.of_text(text)

    def _finish_restore(self) -> None:
        """Put in its place what is ready, also where that was broken off."""
        write_private(self.folder / RESTORED_FILE, b"")
        try:
            for head in self._heads:
                head.unlink(missing_ok=True)
        except OSError as error:
            raise not_writable() from error
        backups.finish_put_back(self.folder)
        self.note_damage(is_found=False)

    def _put_aside_what_was_left(self) -> None:
        """Make room for new records.

        A broken-off set-up leaves some under a key that nobody has. Nothing is ever
        removed all the same: a backup may still hold the key of what looks like it.
        """
        try:
            backups.put_aside(self.folder, FILE_NAME, self._aside("set-up"))
            for head in self._heads:
                head.unlink(missing_ok=True)
        except OSError as error:
            raise not_writable() from error

    def _aside(self, what: str) -> str:
        return f"before-{what}-{self.clock.now():%Y%m%dT%H%M%S}"

    def _note_restore(self, opened: "OpenClinic") -> None:
        """Write down a restore in the records that were put back."""
        restored = self.folder / RESTORED_FILE
        if restored.exists():
            opened.note("restored", "")
            restored.unlink()

    def opened_with(
        self, key: bytes, file: KeyFile, *, is_new: bool = False
    ) -> "OpenClinic":
        """Return the records open under a key; see `store_with`."""
        store = self.store_with(key, file, is_new=is_new)
        try:
            return OpenClinic(self, key, file, store)
        except BaseException:
            store.close()
            raise

    def store_with(self, key: bytes, file: KeyFile, *, is_new: bool = False) -> Store:
        """Return the store open under a key.

        Raises:
            UserFacingError: as `place` and `RecordsPlace.open`.
        """
        return self.place(key, file).open(key, self.log(key, file), is_new=is_new)

    def place(self, key: bytes, file: KeyFile) -> RecordsPlace:
        """Return where the records are.

        Raises:
            UserFacingError: the server's address cannot be read, or is not safe.
        """
        path = self.folder / SERVER_FILE
        if not path.exists():
            return InFile(self.folder / FILE_NAME, file.as_text().encode())
        # Asked anew each time: an address that was edited is as safe as a new one.
        address, _ = read_address(_text_of(path))
        return OnServer(address, file.secret(key, WAY_IN) or "")

    def log(self, key: bytes, file: KeyFile) -> AuditLog:
        """Return the audit trail's keeper."""
        audit_key = file.secret(key, _AUDIT)
        if audit_key is None:
            raise keys.damaged()
        return AuditLog(
            bytes.fromhex(audit_key),
            self._heads,
            may_begin=any(
                (self.folder / name).exists() for name in (RESTORED_FILE, SERVER_FILE)
            ),
        )

    def keys(self) -> KeyFile:
        """Return the key file as it is now.

        Raises:
            UserFacingError: (not_set_up, keys_damaged) there is none to read.
        """
        if backups.is_ready(self.folder):
            with in_use.alone(self.folder):
                self._finish_restore()
        try:
            text = self._key_path.read_text(encoding="utf-8")
        except FileNotFoundError:
            if self._has_records_alone:
                raise _keys_missing() from None
            raise UserFacingError(
                "not_set_up",
                "There is no clinic in this folder yet.",
                "Set one up first, or restore a backup.",
            ) from None
        except (OSError, UnicodeDecodeError):
            raise keys.damaged() from None
        return KeyFile.of_text(text)

    def write_keys(self, file: KeyFile) -> None:
        """Put a key file in the place of the older one."""
        write_private(self._key_path, file.as_text().encode())


class OpenClinic:
    """A clinic whose records are open. The key leaves this object in no other form."""

    def __init__(self, clinic: Clinic, key: bytes, file: KeyFile, store: Store) -> None:
        """Hold what `Clinic` opened."""
        self._clinic = clinic
        self._key = key
        self._file = file
        self._place = clinic.place(key, file)
        self._let_go = in_use.share(clinic.folder)
        #: The key that the records may be under already, when giving it was broken off.
        self._next: tuple[bytes, KeyFile] | None = None
        #: Whoever reads the file beside the store must not meet it with another key.
        self._beside = threading.Lock()
        self._caretaker = Caretaker(self, clinic.folder, clinic.clock)
        #: The records. Renewing the key puts another one in its place.
        self.store = store

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
            self._clinic.key_for(self._latest(), person_id, passphrase)
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
        theirs = [slot for slot in self._file.slots if slot.owner in people]
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
        self._keep(self._latest().with_name(person.id, name, is_owner=is_owner))

    def check_recovery_code(self, code: str) -> None:
        """Refuse a code that does not open the records; either is noted.

        Raises:
            UserFacingError: (wrong_passphrase) it does not.
        """
        try:
            self._latest().opened_by(code)
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
        file = self._latest().with_person(
            self._key,
            passphrase,
            person.id,
            person.name,
            is_owner="owner" in person.roles,
        )
        self._keep(file)
        self.note_wrong_passphrases()
        self._clinic.attempts.forget(person.id)
        event: Event = "passphrase_changed" if by == person.id else "passphrase_reset"
        self.note(event, by, subject=person.id)

    def new_recovery_code(self, by: str) -> str:
        """Return a recovery code that takes the place of the older one."""
        code = keys.new_recovery_code()
        self._keep(self._latest().with_recovery(self._key, code))
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
            new, file = self._with_new_key(self._latest().without_slot(person_id))
            self._keep(file)
            self._key = new
        else:
            self._shut_out_of_file(person_id)
        self.note("keys_renewed", by, subject=person_id, detail={"what": "records"})

    def _shut_out_of_file(self, person_id: str) -> None:
        folder = self._clinic.folder
        with self._beside:
            self._let_go()
            try:
                with in_use.alone(folder), self.store.asleep():
                    self._finish_new_key()
                    self._refuse_damaged()
                    self._renew_key(self._latest().without_slot(person_id))
            finally:
                self._let_go = in_use.share(folder)

    def _refuse_damaged(self) -> None:
        """An altered page is read as zeros; under a new key it would look sound."""
        if self._place.page_faults(self._key):
            raise failures.damaged()

    def _with_new_key(self, file: KeyFile) -> tuple[bytes, KeyFile]:
        new = keys.new_key()
        # A draft may still wait that was sealed with the old one.
        before = keys.derived(self._key, "outside").hex()
        file = file.with_secret(self._key, _OUTSIDE_BEFORE, before)
        return new, file.with_new_key(self._key, new)

    def _renew_key(self, file: KeyFile) -> None:
        new, file = self._with_new_key(file)
        self._next = new, file
        waiting = self._clinic.folder / NEXT_KEY_FILE
        write_private(waiting, file.as_text().encode())
        self._place.give_new_key(self._key, new)
        self._take_key(new, file)

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
        target, folder = Target.of_text(address), self._clinic.folder
        with self._beside:
            self._let_go()
            try:
                with in_use.alone(folder), self.store.asleep():
                    rows = self._move(target)
            finally:
                self._let_go = in_use.share(folder)
        self.note("moved", by)
        return rows

    def _move(self, target: Target) -> Mapping[str, int]:
        clinic, file = self._clinic, self._latest()
        records = clinic.folder / FILE_NAME
        source = make_engine(records, self._key)
        try:
            log = clinic.log(self._key, file)
            moved = fill(
                source,
                target,
                log,
                lambda word: file.with_secret(self._key, WAY_IN, word).as_text(),
            )
        finally:
            source.dispose()
        file = KeyFile.of_text(moved.key_file)
        clinic.write_keys(file)
        # From here on the records are on the server.
        address = moved.address.as_text()
        write_private(clinic.folder / SERVER_FILE, address.encode())
        self._place = clinic.place(self._key, file)
        self.store.go_on_as(clinic.store_with(self._key, file))
        self._file = file
        for left in clinic.folder.glob(f"{FILE_NAME}*"):
            at = f"{clinic.clock.now():%Y%m%dT%H%M%S}"
            if "-before-" not in left.name:
                left.replace(left.with_name(f"{left.name}-before-move-{at}"))
        return moved.rows

    def _finish_new_key(self) -> None:
        """Make sure that the records are under our key before they get another.

        They may have got one although giving it was told to have failed. Then only
        the key file that waits holds it, and must not be written over.
        """
        try:
            self._place.read_with(self._key)
        except UserFacingError as error:
            if error.code != "database_damaged" or self._next is None:
                raise
            self._take_key(*self._next)

    def _take_key(self, key: bytes, file: KeyFile) -> None:
        """Go on with the records under a new key, once the whole file is read with it.

        A disk that fails in the middle of giving it is not always told by the library;
        with the key file replaced then, nothing would open the records.
        """
        if self._place.faults(key):
            raise failures.failing_disk()
        self._clinic.write_keys(file)
        (self._clinic.folder / NEXT_KEY_FILE).unlink(missing_ok=True)
        self.store.go_on_as(self._clinic.store_with(key, file))
        self._key, self._file = key, file
        self._next = None

    def back_up(self, target: Path, by: str) -> None:
        """Write a backup, and note it.

        Raises:
            UserFacingError: backup_unsound, folder_not_writable; see `db.backup`.
        """
        with self._beside:
            backups.take_with(
                lambda copy: self._place.copy_to(copy, self._key),
                self._key,
                # As another window left it: a passphrase that was changed is gone.
                self._latest().as_text().encode(),
                target,
                self._clinic.clock.now(),
            )
            self.note("backed_up", by)

    def rehearse(self, backup: Path) -> Sequence[str]:
        """Restore a backup of ours into a scratch folder; return what is wrong.

        Raises:
            UserFacingError: (backup_damaged).
        """
        if not self.opens(backup):
            return ["Its key file does not belong to these records."]
        return backups.rehearse(backup, self._key)

    def opens(self, backup: Path) -> bool:
        """Return whether a backup has the key of today; one before a new key has not.

        Raises:
            UserFacingError: backup_damaged, keys_damaged.
        """
        return KeyFile.of_text(key_text(backup)).fits(self._key)

    def caretaking(self) -> Caretaker:
        """Return what looks after backups."""
        return self._caretaker

    def faults(self, progress: Progress = nobody_waits) -> Sequence[str]:
        """Return what is wrong with the records; nothing when they are sound."""
        with self._beside:
            found = self._place.faults(self._key, progress)
            self._clinic.note_damage(is_found=bool(found))
            self.note("checked", "", detail={"faults": len(found)})
        return found

    def secret(self, name: str) -> str | None:
        """Return a secret kept in the key file, such as a server's password."""
        return self._file.secret(self._key, name)

    def keep_secret(self, name: str, value: str) -> None:
        """Keep a secret in the key file, locked with the records' key."""
        self._keep(self._latest().with_secret(self._key, name, value))

    def sealed(self, content: bytes) -> bytes:
        """Return content that may lie outside the records, such as a draft."""
        nonce = os.urandom(_NONCE_BYTES)
        return nonce + self._outside().encrypt(nonce, content, None)

    def unsealed(self, content: bytes) -> bytes:
        """Return what was sealed; ValueError when it is damaged or not ours."""
        nonce, rest = content[:_NONCE_BYTES], content[_NONCE_BYTES:]
        before = self.secret(_OUTSIDE_BEFORE)
        older = [AESGCM(bytes.fromhex(before))] if before is not None else []
        for lock in (self._outside(), *older):
            with suppress(InvalidTag):
                return lock.decrypt(nonce, rest, None)
        raise ValueError("sealed with another key, or damaged")

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

    def _latest(self) -> KeyFile:
        """Return the key file with what others changed in it.

        Raises:
            UserFacingError: (keys_renewed_elsewhere) the records have another key now.
        """
        file = self._shared() or self._clinic.keys()
        if file.fits(self._key):
            self._file = file
        elif self._place.is_shared:
            raise UserFacingError(
                "keys_renewed_elsewhere",
                "The keys were renewed on another computer.",
                "Start the program again and sign in; nothing is lost.",
            )
        return self._file

    def catch_up(self, opened_by: Callable[[KeyFile], bytes]) -> None:
        """Take over the key file that the workstations share, where there is one.

        Args:
            opened_by: returns the records' key, with what was typed at sign-in.
        """
        file = self._shared()
        if file is not None:
            self._key = opened_by(file)
            self._file = file

    def _shared(self) -> KeyFile | None:
        """Return the key file on the server, and keep it here for the next sign-in."""
        if not self._place.is_shared:
            return None
        text = self.store.setting(SHARED_KEYS)
        if not isinstance(text, str):
            return None
        file = KeyFile.of_text(text)
        if file.clinic_id != self._file.clinic_id:
            # An address that leads elsewhere must not cost the keys that are here.
            raise _another_clinic()
        if text != self._clinic.keys().as_text():
            self._clinic.write_keys(file)
        return file

    def _keep(self, file: KeyFile) -> None:
        if self._place.is_shared:
            before, after = self._file.as_text(), file.as_text()
            self.store.replace_setting(SHARED_KEYS, before, after)
        self._clinic.write_keys(file)
        self._file = file

    def _outside(self) -> AESGCM:
        return AESGCM(keys.derived(self._key, "outside"))


def _shown(person: Person) -> tuple[str, bool]:
    """Return what the sign-in page has to know of a person."""
    return person.name, "owner" in person.roles


def _keys_missing() -> UserFacingError:
    return UserFacingError(
        "keys_missing",
        "The records are here, but the key file that opens them is not.",
        "Put clinic.keys back, or restore a backup; the records are untouched.",
    )


def _another_clinic() -> UserFacingError:
    return UserFacingError(
        "other_clinic",
        "The records on the server are another clinic's.",
        "Copy clinic.server from another workstation; nothing was changed.",
    )


def _left() -> UserFacingError:
    return UserFacingError(
        "person_left",
        "This person does not work here any more.",
        "Choose another name; the records are untouched.",
    )


def _text_of(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError):
        raise UserFacingError(
            "file_unreadable",
            "The file with the server's address cannot be read.",
            "Copy it from another workstation; the records are untouched.",
        ) from None
