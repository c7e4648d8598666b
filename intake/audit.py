"""The audit trail: what happened, who did it, and that nobody altered it since.

Each entry carries a MAC over itself and the one before, made with a key that only the
open records know. Somebody without the key can neither edit, insert nor reorder; that
the end was cut off, or an older copy put in place, shows against the *head*, which is
kept outside the database. No entry holds clinical text.
"""

import hmac
import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta, tzinfo
from hashlib import sha256
from typing import Literal, get_args

from intake.answer_check import is_storable
from intake.errors import InputRefusedError, Problem
from intake.waiting import counted

Event = Literal[
    "set_up", "settled", "opened", "signed_in", "sign_in_failed", "signed_out",
    "locked",
    "registered", "registration_changed", "patient_read", "searched",
    "visit_opened", "visit_read", "answers_recorded", "conflict_settled",
    "signed", "addendum_added", "document_viewed", "document_printed",
    "document_exported", "refused", "person_added", "person_changed",
    "person_removed", "passphrase_reset", "passphrase_changed", "keys_renewed",
    "backed_up", "rehearsed", "restored", "checked", "audit_read", "audit_verified",
    "protocol_outdated", "moved", "handed_over", "audit_exported",
    "state_changed", "call_back_asked", "called", "call_back_closed",
    "decided",
    "visit_moved", "patients_merged", "merge_undone", "marked_in_error",
    "visit_re_entered", "upgraded", "settings_changed", "confirmed", "told",
]  # fmt: skip
EVENTS: tuple[Event, ...] = get_args(Event)

#: What the trail can be sorted by; nothing else reaches the database.
AuditColumn = Literal["number", "at", "event", "who", "role", "subject"]
AUDIT_COLUMNS: tuple[AuditColumn, ...] = get_args(AuditColumn)
_MOST = 10_000


@dataclass(frozen=True, slots=True)
class AuditNote:
    """What is to be written down. `subject` is an id; `detail` holds no clinical text.

    `who` is a person's id, or empty where the program acted by itself.
    """

    event: Event
    who: str
    at: datetime
    role: str = ""
    subject: str = ""
    detail: Mapping[str, str | int] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class AuditEntry:
    """A note with its place in the chain."""

    number: int
    note: AuditNote
    mac: bytes


@dataclass(frozen=True, slots=True)
class AuditFilter:
    """Which entries to read, and in which order; without anything, the latest.

    `since` belongs to it, `before` does not. `start` counts the entries to pass over,
    for the pages after the first.

    Raises:
        InputRefusedError: the order is none there is, or too much is asked for.
    """

    event: str | None = None
    who: str | None = None
    subject: str | None = None
    since: datetime | None = None
    before: datetime | None = None
    order: AuditColumn = "number"
    is_descending: bool = True
    start: int = 0
    limit: int = 500

    def __post_init__(self) -> None:
        """Refuse what is not on the list."""
        if self.order not in AUDIT_COLUMNS:
            one_of = f"One of {', '.join(AUDIT_COLUMNS)}."
            raise InputRefusedError([Problem("order", "There is no such.", one_of)])
        for name in ("event", "who", "subject"):
            # PostgreSQL would call it an error; no entry has one.
            if not is_storable(getattr(self, name) or ""):
                raise InputRefusedError([Problem(name, "It holds a broken character.")])
        if self.start < 0 or not 0 < self.limit <= _MOST:
            what = f"Between 1 and {_MOST} entries can be read at once."
            raise InputRefusedError([Problem("limit", what)])


def moments_of(
    first: date | None, last: date | None, zone: tzinfo | None
) -> tuple[datetime | None, datetime | None]:
    """Return when days begin, and when the day after the last one begins.

    The first and last days of the calendar count as their neighbours: no zone may
    lead beyond it.
    """
    least, most = date.min + timedelta(days=1), date.max - timedelta(days=2)

    def begin(day: date | None, later: int) -> datetime | None:
        if day is None:
            return None
        day = min(max(day, least), most) + timedelta(days=later)
        return datetime.combine(day, time(), zone)

    return begin(first, 0), begin(last, 1)


#: The latest entries of everything.
LATEST = AuditFilter()


@dataclass(frozen=True, slots=True)
class Head:
    """How long the chain is, and the MAC of its last entry."""

    count: int = 0
    mac: bytes = b""


def mac_of(key: bytes, before: bytes, number: int, note: AuditNote) -> bytes:
    """Return the MAC of an entry: over itself, its number, and the MAC before."""
    content = json.dumps(
        [
            number, note.event, note.who, note.at.isoformat(), note.role,
            note.subject, dict(note.detail),
        ],
        sort_keys=True,
    )  # fmt: skip
    return hmac.digest(key, before + content.encode(), sha256)


def entry_after(key: bytes, head: Head, note: AuditNote) -> AuditEntry:
    """Return a note as the next entry of a chain."""
    number = head.count + 1
    return AuditEntry(number, note, mac_of(key, head.mac, number, note))


def faults(
    key: bytes, entries: Iterable[AuditEntry], anchor: Head | None
) -> Iterator[str]:
    """Say what is wrong with a chain, in words for the owner; nothing when sound.

    Args:
        key: of the audit.
        entries: in the order of their numbers.
        anchor: the head kept outside; None where it was never written.
    """
    before, number, at_anchor = b"", 0, b""
    for entry in counted(entries, 0 if anchor is None else anchor.count):
        number += 1
        if entry.number != number:
            yield f"Entry {number} is missing or out of place."
            return
        expected = mac_of(key, before, number, entry.note)
        if not hmac.compare_digest(expected, entry.mac):
            yield f"Entry {number} was altered, or the one before it was taken away."
            return
        before = entry.mac
        if anchor is not None and number == anchor.count:
            at_anchor = before
    if anchor is None:
        yield "The head that is kept outside the records is missing."
    elif number < anchor.count:
        yield f"{anchor.count - number} entries are missing at the end."
    elif anchor.count and not hmac.compare_digest(at_anchor, anchor.mac):
        yield "The records are not the ones whose head was kept outside."
