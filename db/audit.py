"""The audit trail in the database, and its head outside.

An entry is written in the transaction of what it tells of. The head goes to a file of
its own after the commit: when the program ends in between, the file is a step behind,
which is no fault (`intake.audit.faults`). A head outside moves on only along the trail
it belongs to; else the next note, a sign-in, would cover up an older copy put in place.
"""

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, cast

from sqlalchemy import Select, func, select
from sqlalchemy.orm import InstrumentedAttribute, Session

from db.head_files import read_head, write_head
from db.tables import AuditHeadRow, AuditRow, json_text
from intake.audit import (
    AuditColumn,
    AuditEntry,
    AuditFilter,
    AuditNote,
    Event,
    Head,
    entry_after,
    faults,
)

_THE_HEAD = 1
_AT_ONCE = 500
#: The only columns the trail is ever sorted by, whatever is asked for.
_SORTED_BY: Mapping[AuditColumn, InstrumentedAttribute[Any]] = {
    "number": AuditRow.number,
    "at": AuditRow.at_utc,
    "event": AuditRow.event,
    "who": AuditRow.who,
    "role": AuditRow.role,
    "subject": AuditRow.subject,
}
#: Of an entry whose own time a hand made unreadable.
_UNKNOWN = datetime.min.replace(tzinfo=UTC)


class AuditLog:
    """Appends to the trail of one clinic.

    Args:
        key: of the MACs, made from the records' key.
        head_files: outside the database, one on another disk where there is one.
        may_begin: whether there need be no head yet, in a trail that goes on: after a
            restore, and at a new workstation of a server.
    """

    def __init__(
        self, key: bytes, head_files: Sequence[Path], *, may_begin: bool = False
    ) -> None:
        """Nothing is read or written yet."""
        self._key = key
        self._head_files = tuple(head_files)
        self._may_begin = may_begin
        self._may_move_on = False

    def append(self, session: Session, notes: Iterable[AuditNote]) -> Head:
        """Add notes to the trail, in the session's transaction; return the new head.

        The row of the head is locked first, so that writers take turns.
        """
        row = session.get(AuditHeadRow, _THE_HEAD, with_for_update=True)
        if row is None:
            row = AuditHeadRow(id=_THE_HEAD, count=0, mac="")
            session.add(row)
        # A hand may have set the row back: no number is given twice.
        last = session.scalar(select(func.max(AuditRow.number))) or 0
        head = Head(max(row.count, last), _bytes(row.mac))
        self._may_move_on = self._follows_on_the_heads(session, head)
        for note in notes:
            entry = entry_after(self._key, head, note)
            session.add(_row(entry))
            head = Head(entry.number, entry.mac)
        row.count, row.mac = head.count, head.mac.hex()
        return head

    def anchor(self, head: Head) -> None:
        """Keep the head outside; to be called once its entries are committed.

        Where the trail is not the one that the heads outside belong to, they stay as
        they are: they are the proof.
        """
        if not self._may_move_on:
            return
        for file in self._head_files:
            write_head(file, head)

    def _follows_on_the_heads(self, session: Session, head: Head) -> bool:
        known = [one for file in self._head_files if (one := read_head(file))]
        if not known:
            return head.count == 0 or self._may_begin
        return all(one == head or _has_passed(session, one) for one in known)

    def anchored(self) -> Head | None:
        """Return the furthest head kept outside; None where there is none to read."""
        heads = [head for file in self._head_files if (head := read_head(file))]
        return max(heads, key=lambda head: head.count, default=None)

    def faults(self, session: Session) -> list[str]:
        """Return what is wrong with the whole trail; nothing when it is sound."""
        return list(faults(self._key, _entries(session), self.anchored()))


def notes_matching(wanted: AuditFilter) -> Select[AuditRow]:
    """Return the statement for the entries that match; all values are bound."""
    found = select(AuditRow)
    for column, value in (
        (AuditRow.event, wanted.event),
        (AuditRow.who, wanted.who),
        (AuditRow.subject, wanted.subject),
    ):
        if value is not None:
            found = found.where(column == value)
    if wanted.since is not None:
        found = found.where(AuditRow.at_utc >= _utc(wanted.since))
    if wanted.before is not None:
        found = found.where(AuditRow.at_utc < _utc(wanted.before))
    # The number last: entries that are equal otherwise stay in the order of the trail.
    order = (_SORTED_BY[wanted.order], AuditRow.number)
    directed = [one.desc() if wanted.is_descending else one.asc() for one in order]
    return found.order_by(*directed).limit(wanted.limit).offset(wanted.start)


def entries_of(rows: Iterable[AuditRow]) -> Sequence[AuditEntry]:
    """Return rows as entries."""
    return [_entry(row) for row in rows]


def _has_passed(session: Session, head: Head) -> bool:
    """Return whether the trail has the entry that a head tells of."""
    wanted = select(AuditRow.mac).where(AuditRow.number == head.count)
    return head.count == 0 or session.scalar(wanted) == head.mac.hex()


def _entries(session: Session) -> Iterator[AuditEntry]:
    rows = session.scalars(select(AuditRow).order_by(AuditRow.number))
    return map(_entry, rows.yield_per(_AT_ONCE))


def _utc(at: datetime) -> str:
    return at.astimezone(UTC).isoformat(timespec="microseconds")


def _row(entry: AuditEntry) -> AuditRow:
    note = entry.note
    return AuditRow(
        number=entry.number,
        event=note.event,
        who=note.who,
        role=note.role,
        at=note.at.isoformat(),
        at_utc=_utc(note.at),
        subject=note.subject,
        detail=json_text(dict(note.detail)),
        mac=entry.mac.hex(),
    )


def _entry(row: AuditRow) -> AuditEntry:
    """Return a row as an entry; one that is not as we write it has no MAC of ours."""
    event, who, role, subject = map(str, (row.event, row.who, row.role, row.subject))
    note = AuditNote(cast("Event", event), who, _UNKNOWN, role, subject)
    try:
        at, detail = datetime.fromisoformat(row.at), dict(json.loads(row.detail))
        note = replace(note, at=at, detail=detail)
        entry = AuditEntry(row.number, note, bytes.fromhex(row.mac))
        if _cells(_row(entry)) == _cells(row):
            return entry
    except (ValueError, TypeError, AttributeError, RecursionError):
        # What a hand left here is shown as far as it can be read.
        pass
    return AuditEntry(row.number, note, b"")


def _cells(row: AuditRow) -> list[object]:
    return [getattr(row, column.key) for column in AuditRow.__table__.columns]


def _bytes(text: str) -> bytes:
    try:
        return bytes.fromhex(text)
    except (ValueError, TypeError):
        return b""
