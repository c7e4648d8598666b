"""A clinic's folder: the encrypted records, and the key file that opens them.

`Clinic` knows the folder while it is shut; `sign_in` opens the records. A key is in
memory only, and only here. Beside the two lie the head of the audit trail and the
count of wrong passphrases, which hold nothing of a patient.
"""

import json
import os
import secrets
import threading
from collections.abc import Callable, Mapping, Sequence
from contextlib import closing
from datetime import datetime
from pathlib import Path

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from sqlcipher3 import dbapi2 as sqlcipher

from db import backup as backups
from db import failures, in_use, kept_backups, keys, plain_records, unsafe_places
from db.audit import AuditLog
from db.backup_file import key_text
from db.caretaker import Caretaker
from db.check import Progress
from db.keys import KeyFile
from db.location import FILE_NAME
from db.private_files import write_private
from db.store import Store, open_store
from intake.attempts import Attempts
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
#: Lies there from a check that found damage to one that finds none, or a restore.
DAMAGE_FILE = "damage-found"
#: The secret in the key file that holds the key of the audit trail.
_AUDIT = "audit"
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
        self._heads = (folder / HEAD_FILE, *heads)

    @property
    def is_set_up(self) -> bool:
        """Return whether there is a clinic in the folder."""
        return self._key_path.exists()

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
            UserFacingError: (already_set_up) there is one; (place_unsafe) the folder
                is on a network drive or synchronized.
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
        # What a set-up that was broken off left is under a key that nobody has. Records
        # whose key file was lost look the same: they are put aside, never removed.
        stamp = f"{self.clock.now():%Y%m%dT%H%M%S}"
        plain = plain_records.found(self.folder) if take_over else None
        if plain is not None:
            plain = plain_records.put_aside(plain, stamp)
        self._put_aside(f"before-setup-{stamp}")
        if plain is not None:
            plain_records.take_over(plain, key)
        opened = self.opened_with(key, file, is_new=True)
        now = self.clock.now()
        opened.store.add_person(person, [AuditNote("set_up", person.id, now)])
        self.write_keys(file)
        return opened, code

    def staff(self) -> Sequence[Staff]:
        """Return who can sign in, by name."""
        people = [Staff(s.owner, s.name) for s in self._keys().slots if s.owner]
        return sorted(people, key=lambda one: (one.name.casefold(), one.id))

    def sign_in(self, person_id: str, passphrase: str) -> "OpenClinic":
        """Open the records for somebody.

        Raises:
            UserFacingError: wrong_passphrase, sign_in_wait, sign_in_locked,
                keys_damaged, place_unsafe, or what `open_store` raises.
        """
        unsafe_places.refuse(self.folder)
        current = self._keys()
        key = self.key_for(current, person_id, passphrase)
        opened = self._open_either(
            current, key, lambda file: file.opened_by(passphrase, person_id)
        )
        opened.note_sign_in(person_id, self.forget_attempts(person_id))
        return opened

    def key_for(self, file: KeyFile, person_id: str, passphrase: str) -> bytes:
        """Return the records' key, counting wrong passphrases."""
        now = self.clock.now()
        counts = self._attempts()
        attempts = counts.get(person_id, Attempts())
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
                counts[person_id] = attempts.failed_at(now)
                self._write_attempts(counts)
            raise

    def recover(self, code: str) -> "OpenClinic":
        """Open the records with the recovery code; a new passphrase is set next."""
        unsafe_places.refuse(self.folder)
        current = self._keys()
        key = current.opened_by(code)
        opened = self._open_either(current, key, lambda file: file.opened_by(code))
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
        aside = f"before-restore-{self.clock.now():%Y%m%dT%H%M%S}"
        with in_use.alone(self.folder):
            backups.put_back(backup, self.folder, aside)
        for head in self._heads:
            head.unlink(missing_ok=True)
        write_private(self.folder / RESTORED_FILE, aside.encode())
        self.note_damage(is_found=False)

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

    def _put_aside(self, aside: str) -> None:
        for path in [*self.folder.glob(f"{FILE_NAME}*")]:
            if path.is_file() and "-before-" not in path.name:
                path.replace(path.with_name(f"{path.name}-{aside}"))

    @property
    def _key_path(self) -> Path:
        return self.folder / KEY_FILE

    def _open_either(
        self, current: KeyFile, key: bytes, opened_by: Callable[[KeyFile], bytes]
    ) -> "OpenClinic":
        """Open the records, also where giving them a new key was broken off.

        Until the new key file has taken its place, the old one is still there. The
        records are under the one key or the other, never under both.
        """
        waiting = self.folder / NEXT_KEY_FILE
        try:
            opened = self.opened_with(key, current)
        except UserFacingError as error:
            if error.code != "database_damaged" or not waiting.exists():
                raise
            following = KeyFile.of_text(waiting.read_text(encoding="utf-8"))
            opened = self.opened_with(opened_by(following), following)
            self.write_keys(following)
        waiting.unlink(missing_ok=True)
        self._note_restore(opened)
        return opened

    def _note_restore(self, opened: "OpenClinic") -> None:
        """Write down a restore in the records that were put back."""
        restored = self.folder / RESTORED_FILE
        if restored.exists():
            opened.note("restored", "")
            restored.unlink()

    def opened_with(
        self, key: bytes, file: KeyFile, *, is_new: bool = False
    ) -> "OpenClinic":
        """Return the records open under a key.

        Raises:
            UserFacingError: (records_missing) there is a key file and no records:
                a new, empty file would look as if all patients were gone.
        """
        records = self.folder / FILE_NAME
        if not is_new and not (records.is_file() and records.stat().st_size):
            raise UserFacingError(
                "records_missing",
                "The file with the records is not in the folder, or is empty.",
                "Put it back, or restore a backup; nothing was changed.",
            )
        return OpenClinic(self, key, file, self.store_with(key, file))

    def store_with(self, key: bytes, file: KeyFile) -> Store:
        """Return the records themselves, open under a key."""
        audit_key = file.secret(key, _AUDIT)
        if audit_key is None:
            raise keys.damaged()
        log = AuditLog(bytes.fromhex(audit_key), self._heads)
        return open_store(self.folder / FILE_NAME, key, log, file.as_text().encode())

    def _keys(self) -> KeyFile:
        try:
            text = self._key_path.read_text(encoding="utf-8")
        except FileNotFoundError:
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

    def forget_attempts(self, person_id: str) -> int:
        """Begin to count anew; return how many were wrong."""
        counts = self._attempts()
        wrong = counts.pop(person_id, Attempts()).failed
        if wrong:
            self._write_attempts(counts)
        return wrong

    def _attempts(self) -> dict[str, Attempts]:
        """Return the counts; a file that cannot be read counts nothing."""
        try:
            text = (self.folder / ATTEMPTS_FILE).read_text(encoding="utf-8")
            return {
                str(who): Attempts(int(n), datetime.fromisoformat(last))
                for who, (n, last) in json.loads(text).items()
            }
        except (OSError, ValueError, TypeError, AttributeError):
            return {}

    def _write_attempts(self, counts: dict[str, Attempts]) -> None:
        plain = {
            who: (one.failed, one.last.isoformat())
            for who, one in counts.items()
            if one.last is not None
        }
        write_private(self.folder / ATTEMPTS_FILE, json.dumps(plain).encode())


class OpenClinic:
    """A clinic whose records are open. The key leaves this object in no other form."""

    def __init__(self, clinic: Clinic, key: bytes, file: KeyFile, store: Store) -> None:
        """Hold what `Clinic` opened."""
        self._clinic = clinic
        self._key = key
        self._file = file
        self._let_go = in_use.share(clinic.folder)
        #: Whoever reads the file beside the store must not meet it with another key.
        self._beside = threading.Lock()
        self._caretaker = Caretaker(self, clinic.folder, clinic.clock)
        #: The records. Renewing the key puts another one in its place.
        self.store = store

    def person(self, person_id: str) -> Person:
        """Return somebody who works here; KeyError if there is none."""
        found = {one.id: one for one in self.store.people()}
        return found[person_id]

    def takes_over(self, person_id: str, passphrase: str) -> Person:
        """Return who signs in while the records are open for somebody else.

        Raises:
            UserFacingError: wrong_passphrase, sign_in_wait or sign_in_locked.
        """
        self._clinic.key_for(self._file, person_id, passphrase)
        self.note_sign_in(person_id, self._clinic.forget_attempts(person_id))
        return self.person(person_id)

    def give_passphrase(self, person: Person, passphrase: str, by: str) -> None:
        """Let somebody in from now on with a passphrase, instead of an older one."""
        file = self._file.with_person(
            self._key,
            passphrase,
            person.id,
            person.name,
            is_owner="owner" in person.roles,
        )
        self._keep(file)
        self._clinic.forget_attempts(person.id)
        event: Event = "passphrase_changed" if by == person.id else "passphrase_reset"
        self.note(event, by, subject=person.id)

    def new_recovery_code(self, by: str) -> str:
        """Return a recovery code that takes the place of the older one."""
        code = keys.new_recovery_code()
        self._keep(self._file.with_recovery(self._key, code))
        self.note("keys_renewed", by, detail={"what": "recovery code"})
        return code

    def shut_out(self, person_id: str, by: str) -> None:
        """Take away somebody's slot, and give the records a new key.

        The records are shut for a moment. When this is broken off anywhere, the next
        sign-in finds records and key file that fit (`Clinic.sign_in`).

        Raises:
            UserFacingError: (records_in_use) another program has the records open, and
                would go on with the old key; (database_damaged). Nothing was changed.
        """
        with self._beside:
            self._let_go()
            try:
                with in_use.alone(self._clinic.folder):
                    self._refuse_damaged()
                    self._renew_key(person_id)
            finally:
                self._let_go = in_use.share(self._clinic.folder)
        self.note("keys_renewed", by, subject=person_id, detail={"what": "records"})

    def _refuse_damaged(self) -> None:
        """An altered page is read as zeros; under a new key it would look sound."""
        records = self._clinic.folder / FILE_NAME
        if list(backups.page_faults_of(records, self._key)):
            raise failures.damaged()

    def _renew_key(self, person_id: str) -> None:
        new = keys.new_key()
        file = self._file.without_slot(person_id).with_new_key(self._key, new)
        waiting = self._clinic.folder / NEXT_KEY_FILE
        write_private(waiting, file.as_text().encode())
        self.store.close()
        try:
            _give_new_key(self._clinic.folder / FILE_NAME, self._key, new)
        except UserFacingError:
            waiting.unlink(missing_ok=True)
            self.store = self._clinic.store_with(self._key, self._file)
            raise
        self._clinic.write_keys(file)
        waiting.unlink(missing_ok=True)
        self.store = self._clinic.store_with(new, file)
        self._key, self._file = new, file

    def back_up(self, target: Path, by: str) -> None:
        """Write a backup, and note it.

        Raises:
            UserFacingError: backup_unsound, folder_not_writable; see `db.backup`.
        """
        records = self._clinic.folder / FILE_NAME
        with self._beside:
            text = self._file.as_text().encode()
            backups.take(records, self._key, text, target, self._clinic.clock.now())
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

    def faults(self, progress: Progress = lambda _done, _parts: None) -> Sequence[str]:
        """Return what is wrong with the records; nothing when they are sound."""
        records = self._clinic.folder / FILE_NAME
        with self._beside:
            found = list(backups.faults_of(records, self._key, progress))
            self._clinic.note_damage(is_found=bool(found))
            self.note("checked", "", detail={"faults": len(found)})
        return found

    def secret(self, name: str) -> str | None:
        """Return a secret kept in the key file, such as a server's password."""
        return self._file.secret(self._key, name)

    def keep_secret(self, name: str, value: str) -> None:
        """Keep a secret in the key file, locked with the records' key."""
        self._keep(self._file.with_secret(self._key, name, value))

    def sealed(self, content: bytes) -> bytes:
        """Return content that may lie outside the records, such as a draft."""
        nonce = os.urandom(_NONCE_BYTES)
        return nonce + self._outside().encrypt(nonce, content, None)

    def unsealed(self, content: bytes) -> bytes:
        """Return what was sealed; ValueError when it is damaged or not ours."""
        try:
            nonce, rest = content[:_NONCE_BYTES], content[_NONCE_BYTES:]
            return self._outside().decrypt(nonce, rest, None)
        except InvalidTag:
            raise ValueError("sealed with another key, or damaged") from None

    def note(
        self,
        event: Event,
        who: str,
        *,
        subject: str = "",
        detail: Mapping[str, str | int] | None = None,
    ) -> None:
        """Write down what happened outside the records."""
        at = self._clinic.clock.now()
        self.store.note([AuditNote(event, who, at, "", subject, detail or {})])

    def note_sign_in(self, person_id: str, failed_before: int) -> None:
        """Write down a sign-in, and the wrong passphrases before it."""
        if failed_before:
            detail = {"times": failed_before}
            self.note("sign_in_failed", "", subject=person_id, detail=detail)
        self.note("signed_in", person_id)

    def close(self) -> None:
        """Shut the records."""
        self.store.close()
        self._let_go()

    def _keep(self, file: KeyFile) -> None:
        self._clinic.write_keys(file)
        self._file = file

    def _outside(self) -> AESGCM:
        return AESGCM(keys.derived(self._key, "outside"))


def _give_new_key(path: Path, old: bytes, new: bytes) -> None:
    """Encrypt the whole file anew, in one transaction of SQLCipher's."""
    with failures.told_plainly(), closing(sqlcipher.connect(path)) as connection:
        connection.execute("PRAGMA cipher_log_level=NONE")
        connection.execute(f"PRAGMA key=\"x'{old.hex()}'\"")
        connection.execute("PRAGMA synchronous=FULL")
        connection.execute(f"PRAGMA rekey=\"x'{new.hex()}'\"")
