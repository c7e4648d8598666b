"""A number that grows with every write, so that others see that something changed.

The length of the audit trail is such a number, which each noted write moves on anyway.
A write without notes, as in records without a trail, is counted among the settings.
"""

from sqlalchemy import select, text
from sqlalchemy.orm import Session

from db.tables import AuditHeadRow, SettingRow

_UNNOTED = "writes_without_notes"
#: One statement, so that no two writers make the row at once.
_COUNT = text(
    "INSERT INTO settings (name, value) VALUES (:name, '1') ON CONFLICT (name) "
    "DO UPDATE SET value = CAST(CAST(settings.value AS INTEGER) + 1 AS TEXT)"
)


def count_unnoted(session: Session) -> None:
    """Count a write of which nothing is noted, in its own transaction."""
    session.flush()
    session.execute(_COUNT, {"name": _UNNOTED})


def moment(session: Session) -> int:
    """Return the number; it is asked once a second, and costs two rows."""
    noted = session.scalar(select(AuditHeadRow.count))
    unnoted = session.scalar(
        select(SettingRow.value).where(SettingRow.name == _UNNOTED)
    )
    return (noted or 0) + (unnoted or 0)
