"""A clinic's folder: the encrypted records, and the key file that opens them.

`Clinic` knows the folder while it is shut; `sign_in` opens the records. A key is in
memory only, and only here. Beside the two lie the head of the audit trail and the
count of wrong passphrases, which hold nothing of a patient.
"""

import secrets
from collections.abc import Callable, Sequence
from pathlib import Path

from db import backup as backups
from db import in_use, kept_backups, keys, plain_records, unsafe_places
from db.attempts import NOBODY, AttemptsFile
from db.audit import AuditLog
from db.backup import SERVER_FILE
from db.keys import KeyFile
from db.location import FILE_NAME, not_writable
from db.move_to_server import WAY_IN
from db.new_key import NEXT_KEY_FILE
from db.open_clinic import OpenClinic
from db.private_files import write_private
from db.records_place import InFile, OnServer, RecordsPlace
from db.server_address import read_address
from db.store import Store
from intake.audit import AuditNote
from intake.caretaking import FoundBackup
from intake.errors import UserFacingError
from intake.people import Person
from intake.ports import Clock, Staff
from intake.waiting import to_the_end

KEY_FILE = "clinic.keys"
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
    ) -> tuple[OpenClinic, str]:
        """Make a clinic with its first person; return it open, and the recovery code.

        With `take_over`, records of an earlier version that lie there, not encrypted,
        become the clinic's; the old file is put aside.

        The key file comes last, so that a set-up that was broken off can be repeated.

        Raises:
            UserFacingError: (already_set_up) there is one, if only its records;
                (place_unsafe) the folder is on a network drive or synchronized;
                (records_in_use) somebody else sets one up in this moment.
        """
        unsafe_places.refuse(self.folder)
        with in_use.alone(self.folder, in_use.SET_UP_LOCK_FILE):
            return self._set_up(person, passphrase, take_over=take_over)

    def _set_up(
        self, person: Person, passphrase: str, *, take_over: bool
    ) -> tuple[OpenClinic, str]:
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

    def sign_in(self, person_id: str, passphrase: str) -> OpenClinic:
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
            opened.keys.catch_up(lambda file: file.opened_by(passphrase, person_id))
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
                if (self.folder / SERVER_FILE).exists():
                    raise _wrong_or_new() from None
            raise

    def recover(self, code: str) -> OpenClinic:
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
        opened.keys.catch_up(lambda file: file.opened_by(code))
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
            # From here it goes through, now or at the next start.
            with to_the_end():
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
    ) -> OpenClinic:
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

    def _note_restore(self, opened: OpenClinic) -> None:
        """Write down a restore in the records that were put back."""
        restored = self.folder / RESTORED_FILE
        if restored.exists():
            opened.note("restored", "")
            restored.unlink()

    def opened_with(
        self, key: bytes, file: KeyFile, *, is_new: bool = False
    ) -> OpenClinic:
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


def _keys_missing() -> UserFacingError:
    return UserFacingError(
        "keys_missing",
        "The records are here, but the key file that opens them is not.",
        "Put clinic.keys back, or restore a backup; the records are untouched.",
    )


def _wrong_or_new() -> UserFacingError:
    # The keys that the workstations share are fetched when somebody has signed in.
    return UserFacingError(
        "wrong_passphrase",
        "That passphrase does not open the records.",
        "Try again. If you got it on another computer, somebody else has to sign in on "
        "this one once before; the records are untouched.",
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
