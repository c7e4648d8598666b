"""The clinic's settings: sections that are only added to, the newest of which counts.

Part of `db.store.Store`. The setting rows of `db.tables.SettingRow` are the program's
own and change in place; these are the clinic's, and every earlier one can be told.
"""

from collections.abc import Sequence
from contextlib import AbstractContextManager
from datetime import datetime
from typing import Protocol, cast

from sqlalchemy import func, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from db.tables import ClinicSettingRow
from intake.audit import AuditNote
from intake.clinic_settings import SECTIONS, Section, Settled
from intake.errors import UserFacingError

Notes = Sequence[AuditNote]


class _Sessions(Protocol):
    """What this part needs of the store."""

    def _read(self) -> AbstractContextManager[Session]: ...

    def _write(self, notes: Notes) -> AbstractContextManager[Session]: ...


class KeepsSettings:
    """Keeps the clinic's settings; an `intake.clinic_settings.SettingsStore`."""

    def settled(self: _Sessions) -> Sequence[Settled]:
        """Return the sections that were ever settled, each as it is now.

        A section of a newer program is none of this one's business.
        """
        with self._read() as session:
            found = [_newest(session, section) for section in SECTIONS]
            return [_settled(row) for row in found if row is not None]

    def settled_before(
        self: _Sessions, section: Section, revision: int
    ) -> Settled | None:
        """Return a section as it was just before a revision, or None."""
        with self._read() as session:
            row = session.get(ClinicSettingRow, (section, revision - 1))
            return None if row is None else _settled(row)

    def settle_section(self: _Sessions, settled: Settled, notes: Notes = ()) -> None:
        """Store a section as the revision that follows on the one it was read at.

        Raises:
            UserFacingError: (setting_changed) there is such a revision already.
        """
        if settled.at is None:
            raise ValueError("what is settled was settled at some time")
        row = ClinicSettingRow(
            section=settled.section,
            revision=settled.revision,
            settled=dict(settled.values),
            who=settled.who,
            at=settled.at.isoformat(),
        )
        with self._write(notes) as session:
            newest = _newest_revision(session, settled.section)
            if newest + 1 != settled.revision:
                raise setting_changed()
            session.add(row)
            try:
                session.flush()
            except IntegrityError:
                # Another computer was quicker between the two statements.
                raise setting_changed() from None


def setting_changed() -> UserFacingError:
    """Return the error for a setting that is not any more as it was read."""
    return UserFacingError(
        "setting_changed",
        "Someone else changed this meanwhile.",
        "Look at it again and repeat your change; theirs is stored, yours is not.",
    )


def _newest_revision(session: Session, section: str) -> int:
    highest = select(func.max(ClinicSettingRow.revision))
    return session.scalar(highest.where(ClinicSettingRow.section == section)) or 0


def _newest(session: Session, section: str) -> ClinicSettingRow | None:
    wanted = select(ClinicSettingRow).where(ClinicSettingRow.section == section)
    return session.scalar(wanted.order_by(ClinicSettingRow.revision.desc()).limit(1))


def _settled(row: ClinicSettingRow) -> Settled:
    return Settled(
        cast("Section", row.section),
        row.revision,
        row.settled,
        row.who,
        datetime.fromisoformat(row.at),
    )
