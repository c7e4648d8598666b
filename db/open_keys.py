"""The keys of a clinic whose records are open, and the file that holds them.

On a server the workstations share one key file through the records; it is kept beside
the records of each as well, since it has to be read before anything can be opened.
"""

import os
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from db import keys
from db.backup_file import key_text
from db.keys import KeyFile
from db.move_to_server import SHARED_KEYS
from db.store import Store
from intake.errors import UserFacingError

if TYPE_CHECKING:
    from db.clinic import Clinic

#: The secret that opens what was sealed before the records got their present key.
_OUTSIDE_BEFORE = "outside before"
_NONCE_BYTES = 12


class OpenKeys:
    """The records' key, which leaves `db` in no form, and the key file as last seen.

    Args:
        clinic: whose folder it is.
        key: of the records.
        file: holds it for each person.
        store: the records.
        is_shared: tells whether other computers work with them.
    """

    def __init__(
        self,
        clinic: "Clinic",
        key: bytes,
        file: KeyFile,
        store: Store,
        is_shared: Callable[[], bool],
    ) -> None:
        """Hold what opened the records."""
        self._clinic = clinic
        self._store = store
        self._is_shared = is_shared
        self.key = key
        self.file = file

    def latest(self) -> KeyFile:
        """Return the key file with what others changed in it.

        Raises:
            UserFacingError: (keys_renewed_elsewhere) the records have another key now.
        """
        file = self._shared() or self._clinic.keys()
        if file.fits(self.key):
            self.file = file
        elif self._is_shared():
            raise UserFacingError(
                "keys_renewed_elsewhere",
                "The keys were renewed on another computer.",
                "Start the program again and sign in; nothing is lost.",
            )
        return self.file

    def keep(self, file: KeyFile) -> None:
        """Put a key file in the place of the one that was seen last.

        Raises:
            UserFacingError: (setting_changed) another computer was quicker.
        """
        if self._is_shared():
            before, after = self.file.as_text(), file.as_text()
            self._store.replace_setting(SHARED_KEYS, before, after)
        self._clinic.write_keys(file)
        self.file = file

    def catch_up(self, opened_by: Callable[[KeyFile], bytes]) -> None:
        """Take over the key file that the workstations share, where there is one.

        Args:
            opened_by: returns the records' key, with what was typed at sign-in.
        """
        file = self._shared()
        if file is not None:
            self.key = opened_by(file)
            self.file = file

    def secret(self, name: str) -> str | None:
        """Return a secret kept in the key file, such as a server's password."""
        return self.file.secret(self.key, name)

    def keep_secret(self, name: str, value: str) -> None:
        """Keep a secret in the key file, locked with the records' key."""
        self.keep(self.latest().with_secret(self.key, name, value))

    def with_new_key(self, file: KeyFile) -> tuple[bytes, KeyFile]:
        """Return a new key for the records, and the key file that holds it."""
        new = keys.new_key()
        # A draft may still wait that was sealed with the old one.
        before = keys.derived(self.key, "outside").hex()
        file = file.with_secret(self.key, _OUTSIDE_BEFORE, before)
        return new, file.with_new_key(self.key, new)

    def opens(self, backup: Path) -> bool:
        """Return whether a backup has the key of today; one before a new key has not.

        Raises:
            UserFacingError: backup_damaged, keys_damaged.
        """
        return KeyFile.of_text(key_text(backup)).fits(self.key)

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

    def _shared(self) -> KeyFile | None:
        """Return the key file on the server, and keep it here for the next sign-in."""
        if not self._is_shared():
            return None
        text = self._store.setting(SHARED_KEYS)
        if not isinstance(text, str):
            return None
        file = KeyFile.of_text(text)
        if file.clinic_id != self.file.clinic_id:
            # An address that leads elsewhere must not cost the keys that are here.
            raise _another_clinic()
        if text != self._clinic.keys().as_text():
            self._clinic.write_keys(file)
        return file

    def _outside(self) -> AESGCM:
        return AESGCM(keys.derived(self.key, "outside"))


def _another_clinic() -> UserFacingError:
    return UserFacingError(
        "other_clinic",
        "The records on the server are another clinic's.",
        "Copy clinic.server from another workstation; nothing was changed.",
    )
