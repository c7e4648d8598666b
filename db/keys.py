"""The key to the records, and who can open it.

The records are encrypted with one random key of 32 bytes. It is never written down;
the key file beside the records holds it once for each *slot*: one slot a person, one
for the recovery code. A slot has a pair of X25519 keys. Its private half is locked with
a key made from the passphrase (argon2id: RFC 9106), and the records' key is sealed to
its public half. So a new key for the records can be sealed to everybody who stays,
without asking anybody for a passphrase.

The file also holds a check value, so that a wrong passphrase and damaged records can be
told apart, and secrets (a server's password) locked with the records' key.
"""

import base64
import hmac
import json
import os
import secrets
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass, replace
from hashlib import sha256
from typing import Any, Literal, Self

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric.x25519 import (
    X25519PrivateKey,
    X25519PublicKey,
)
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.kdf.argon2 import Argon2id
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from intake.errors import UserFacingError

KEY_BYTES = 32
FORMAT = 1
#: Of RFC 9106, section 4: the second recommended option, for memory that is scarce.
_MEMORY_KIB = 64 * 1024
_PASSES = 3
_LANES = 4
_SALT_BYTES = 16
_NONCE_BYTES = 12
#: Without I, L, O and U, which are misread (Crockford's base 32).
_LETTERS = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
_MISREAD = str.maketrans({"I": "1", "L": "1", "O": "0"})
_CODE_LETTERS = 28
_GROUP = 4

SlotKind = Literal["person", "recovery"]


@dataclass(frozen=True, slots=True)
class Slot:
    """One way to open the records.

    `owner` is a person's id, empty for recovery. `name` and `is_owner` are for the
    sign-in page, which cannot read the records yet; what somebody may do stands there.
    """

    id: str
    kind: SlotKind
    owner: str
    name: str
    is_owner: bool
    salt: bytes
    public: bytes
    private: bytes
    sealed: bytes


@dataclass(frozen=True, slots=True)
class KeyFile:
    """Everything in the key file; changed by making a new one."""

    clinic_id: str
    check: bytes
    slots: tuple[Slot, ...] = ()
    secrets: Mapping[str, bytes] | None = None

    @classmethod
    def for_key(cls, key: bytes) -> Self:
        """Return a key file without slots for a new records' key."""
        return cls(secrets.token_hex(16), _check_value(key))

    def fits(self, key: bytes) -> bool:
        """Return whether a key is the one these slots hold."""
        return hmac.compare_digest(self.check, _check_value(key))

    def with_person(
        self,
        key: bytes,
        passphrase: str,
        owner: str,
        name: str = "",
        *,
        is_owner: bool = False,
    ) -> "KeyFile":
        """Return the file with a person's passphrase, instead of an older one."""
        slot = _new_slot(key, passphrase, "person", owner)
        return self._with(key, replace(slot, name=name, is_owner=is_owner))

    def with_recovery(self, key: bytes, code: str) -> "KeyFile":
        """Return the file with a recovery code, instead of an older one."""
        slot = _new_slot(key, _code_as_printed(code), "recovery", "")
        return self._with(key, slot)

    def _with(self, key: bytes, slot: Slot) -> "KeyFile":
        self._refuse_other(key)
        same = (slot.kind, slot.owner)
        kept = (s for s in self.slots if (s.kind, s.owner) != same)
        return replace(self, slots=(*kept, slot))

    def with_name(self, owner: str, name: str, *, is_owner: bool) -> "KeyFile":
        """Return the file with what the sign-in page shows of a person put right."""
        slots = tuple(
            replace(s, name=name, is_owner=is_owner)
            if (s.kind, s.owner) == ("person", owner)
            else s
            for s in self.slots
        )
        return replace(self, slots=slots)

    def without_slot(self, owner: str) -> "KeyFile":
        """Return the file without a person's slot; the old key still opens a copy."""
        kept = (s for s in self.slots if s.kind != "person" or s.owner != owner)
        return replace(self, slots=tuple(kept))

    def opened_by(self, passphrase: str, owner: str | None = None) -> bytes:
        """Return the records' key.

        Args:
            passphrase: or the recovery code, as it was typed.
            owner: whose slot to open; None tries recovery alone.

        Raises:
            UserFacingError: (wrong_passphrase) it opens no such slot;
                (keys_damaged) it does, but what the slot holds is not the key.
        """
        kind = "recovery" if owner is None else "person"
        text = passphrase if owner is not None else _code_as_printed(passphrase)
        for slot in self.slots:
            if slot.kind != kind or slot.owner != (owner or ""):
                continue
            private = _unlocked(slot, text)
            if private is None:
                continue
            key = _unsealed(slot, private)
            if key is None or not self.fits(key):
                raise damaged()
            return key
        raise wrong_passphrase() if owner is not None else wrong_code()

    def with_new_key(self, old: bytes, new: bytes) -> "KeyFile":
        """Return the file for a new records' key: same slots, same passphrases."""
        self._refuse_other(old)
        slots = tuple(
            replace(s, sealed=_sealed(s.public, new, s.id)) for s in self.slots
        )
        hidden = {
            name: _hide(new, name, _shown(old, name, value))
            for name, value in (self.secrets or {}).items()
        }
        return replace(self, check=_check_value(new), slots=slots, secrets=hidden)

    def with_secret(self, key: bytes, name: str, value: str) -> "KeyFile":
        """Return the file with a secret that only the records' key opens."""
        self._refuse_other(key)
        hidden = {**(self.secrets or {}), name: _hide(key, name, value)}
        return replace(self, secrets=hidden)

    def secret(self, key: bytes, name: str) -> str | None:
        """Return a secret, or None if there is none of this name."""
        hidden = (self.secrets or {}).get(name)
        return None if hidden is None else _shown(key, name, hidden)

    def as_text(self) -> str:
        """Return the file's text."""
        table = {
            "format": FORMAT,
            "clinic": self.clinic_id,
            "check": _text(self.check),
            "slots": [
                {
                    "id": slot.id,
                    "kind": slot.kind,
                    "owner": slot.owner,
                    "name": slot.name,
                    "is_owner": slot.is_owner,
                    "salt": _text(slot.salt),
                    "public": _text(slot.public),
                    "private": _text(slot.private),
                    "sealed": _text(slot.sealed),
                }
                for slot in self.slots
            ],
            "secrets": {n: _text(v) for n, v in (self.secrets or {}).items()},
        }
        return json.dumps({**table, "sum": _sum_of(table)}, indent=1)

    @classmethod
    def of_text(cls, text: str) -> Self:
        """Return what a text holds.

        Raises:
            UserFacingError: (keys_damaged) it is no key file;
                (database_newer) a newer program wrote it.
        """
        try:
            table = json.loads(text)
            form = table["format"]
            if not isinstance(form, int):
                raise damaged()
            if form > FORMAT:
                raise newer()
            file = cls(
                str(table["clinic"]),
                _bytes(table["check"]),
                tuple(map(_slot_of, table["slots"])),
                {str(n): _bytes(v) for n, v in table["secrets"].items()},
            )
            _refuse_another_form(table, text, file.as_text())
        except (ValueError, KeyError, TypeError, AttributeError, RecursionError):
            raise damaged() from None
        return file

    def _refuse_other(self, key: bytes) -> None:
        if not self.fits(key):
            raise damaged()


def new_key() -> bytes:
    """Return a new random key for records."""
    return os.urandom(KEY_BYTES)


def new_recovery_code() -> str:
    """Return a recovery code of 140 random bits, in groups that can be copied."""
    letters = "".join(secrets.choice(_LETTERS) for _ in range(_CODE_LETTERS))
    return "-".join(letters[at : at + _GROUP] for at in range(0, _CODE_LETTERS, _GROUP))


def derived(key: bytes, purpose: str) -> bytes:
    """Return a key for one purpose (the audit's), made from the records' key."""
    return HKDF(hashes.SHA256(), KEY_BYTES, None, purpose.encode()).derive(key)


def wrong_passphrase() -> UserFacingError:
    """Return the error for a passphrase that opens nothing."""
    return UserFacingError(
        "wrong_passphrase",
        "That passphrase does not open the records.",
        "Try again, or use the recovery sheet; the records are untouched.",
    )


def wrong_code() -> UserFacingError:
    """Return the error for a recovery code that opens nothing."""
    return UserFacingError(
        "wrong_passphrase",
        "That recovery code does not open the records.",
        "Compare it with the latest sheet, letter by letter; the records are "
        "untouched.",
    )


def damaged() -> UserFacingError:
    """Return the error for a key file that is damaged."""
    return UserFacingError(
        "keys_damaged",
        "The key file beside the records is damaged.",
        "Restore the newest backup, which holds one; the records are untouched.",
    )


def newer() -> UserFacingError:
    """Return the error for a key file of a newer program."""
    return UserFacingError(
        "database_newer",
        "The key file was written by a newer version of this program.",
        "Install that version; the records are untouched.",
    )


def _new_slot(key: bytes, passphrase: str, kind: SlotKind, owner: str) -> Slot:
    pair = X25519PrivateKey.generate()
    public = pair.public_key().public_bytes_raw()
    identity = secrets.token_hex(8)
    salt = os.urandom(_SALT_BYTES)
    lock = _from_passphrase(passphrase, salt)
    bound = _bound(identity, kind, owner, public)
    return Slot(
        id=identity,
        kind=kind,
        owner=owner,
        name="",
        is_owner=False,
        salt=salt,
        public=public,
        private=_locked(lock, pair.private_bytes_raw(), bound),
        sealed=_sealed(public, key, identity),
    )


def _unlocked(slot: Slot, passphrase: str) -> X25519PrivateKey | None:
    """Return a slot's private half, or None where the passphrase is another one."""
    lock = _from_passphrase(passphrase, slot.salt)
    bound = _bound(slot.id, slot.kind, slot.owner, slot.public)
    try:
        raw = _opened(lock, slot.private, bound)
    except InvalidTag:
        return None
    return X25519PrivateKey.from_private_bytes(raw)


def _sealed(public: bytes, key: bytes, slot_id: str) -> bytes:
    """Return the records' key as only the holder of the private half can read it."""
    once = X25519PrivateKey.generate()
    shared = once.exchange(X25519PublicKey.from_public_bytes(public))
    ours = once.public_key().public_bytes_raw()
    lock = _between(shared, ours, public)
    return ours + _locked(lock, key, slot_id.encode())


def _unsealed(slot: Slot, private: X25519PrivateKey) -> bytes | None:
    theirs, sealed = slot.sealed[:KEY_BYTES], slot.sealed[KEY_BYTES:]
    try:
        shared = private.exchange(X25519PublicKey.from_public_bytes(theirs))
        return _opened(_between(shared, theirs, slot.public), sealed, slot.id.encode())
    except (InvalidTag, ValueError):
        return None


def _between(shared: bytes, ours: bytes, theirs: bytes) -> bytes:
    return HKDF(hashes.SHA256(), KEY_BYTES, None, b"slot" + ours + theirs).derive(
        shared
    )


def _bound(identity: str, kind: str, owner: str, public: bytes) -> bytes:
    """Return what a slot's lock is bound to, so that no part can be swapped."""
    return json.dumps([identity, kind, owner, public.hex()]).encode()


def _from_passphrase(passphrase: str, salt: bytes) -> bytes:
    # The same passphrase may be typed in composed or in separate characters.
    text = unicodedata.normalize("NFKC", passphrase).encode(errors="surrogatepass")
    kdf = Argon2id(
        salt=salt,
        length=KEY_BYTES,
        iterations=_PASSES,
        lanes=_LANES,
        memory_cost=_MEMORY_KIB,
    )
    return kdf.derive(text)


def _locked(lock: bytes, what: bytes, bound: bytes) -> bytes:
    nonce = os.urandom(_NONCE_BYTES)
    return nonce + AESGCM(lock).encrypt(nonce, what, bound)


def _opened(lock: bytes, what: bytes, bound: bytes) -> bytes:
    return AESGCM(lock).decrypt(what[:_NONCE_BYTES], what[_NONCE_BYTES:], bound)


def _hide(key: bytes, name: str, value: str) -> bytes:
    return _locked(derived(key, "secrets"), value.encode(), name.encode())


def _shown(key: bytes, name: str, value: bytes) -> str:
    try:
        return _opened(derived(key, "secrets"), value, name.encode()).decode()
    except (InvalidTag, ValueError):
        raise damaged() from None


def _check_value(key: bytes) -> bytes:
    return hmac.digest(derived(key, "check"), b"records", sha256)


def _code_as_printed(typed: str) -> str:
    """Return a recovery code without what does not matter: case, groups, misreading."""
    code = "".join(c for c in typed.upper() if c.isalnum()).translate(_MISREAD)
    return "-".join(code[at : at + _GROUP] for at in range(0, len(code), _GROUP))


def _sum_of(table: Mapping[str, Any]) -> str:
    """Return what shows a flipped bit where no lock does, as in a name."""
    return sha256(json.dumps(table, sort_keys=True).encode()).hexdigest()


def _refuse_another_form(table: Mapping[str, Any], text: str, as_written: str) -> None:
    """Raise ValueError unless a text is, byte by byte, as we write it.

    The files of earlier versions have no sum, and nothing else that is not ours.
    """
    if "sum" in table and text != as_written:
        raise ValueError("not as it was written")
    if set(table) - {"format", "clinic", "check", "slots", "secrets", "sum"}:
        raise ValueError("an entry that is not ours")


def _slot_of(table: Mapping[str, Any]) -> Slot:
    kind = table["kind"]
    if kind not in ("person", "recovery"):
        raise ValueError(kind)
    return Slot(
        str(table["id"]),
        kind,
        str(table["owner"]),
        str(table["name"]),
        table["is_owner"] is True,
        _bytes(table["salt"]),
        _bytes(table["public"]),
        _bytes(table["private"]),
        _bytes(table["sealed"]),
    )


def _text(value: bytes) -> str:
    return base64.b64encode(value).decode()


def _bytes(text: str) -> bytes:
    return base64.b64decode(text, validate=True)
