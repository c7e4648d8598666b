"""What the records need from time to time, and what a person must be told of it.

Backups every hour in which something changed, copies of them in a second place, and a
rehearsal each week. Here is decided; `db.caretaker` does it.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Literal

from intake.retention import to_keep

BACKUP_EVERY = timedelta(hours=1)
REHEARSE_EVERY = timedelta(days=7)
#: So long may the second place be without the newest backup.
COPY_WITHIN = timedelta(days=1)
#: So long is told that backups are gone or were changed.
TOLD_FOR = timedelta(days=7)
_UNITS = ((86_400, "day"), (3600, "hour"), (60, "minute"))


#: Notes in the audit trail of what leaves the records as they were.
QUIET_EVENTS = frozenset(
    {"audit_read", "audit_verified", "backed_up", "checked", "locked", "rehearsed"}
    | {"signed_in", "signed_out"}
)


@dataclass(frozen=True, slots=True)
class FoundBackup:
    """A backup that lies in the clinic's folder, as anybody can see it.

    `schema` is the revision of its tables; `is_automatic` is not so for one that was
    taken before a migration, which is kept for ever.
    """

    path: Path
    at: datetime
    size: int
    state: Literal["sound", "not checked", "damaged"]
    is_automatic: bool
    schema: str = ""


@dataclass(frozen=True, slots=True)
class KeptBackup:
    """A backup as the records remember it; sound when it was made.

    `mark` is how far the records had come, `edges` a digest by which the file is known
    again, and `copied` whether it lies in the second place, too.
    """

    name: str
    at: datetime
    mark: int
    edges: str
    copied: bool = False


@dataclass(frozen=True, slots=True)
class CareState:
    """What was done, as the records remember it."""

    kept: Sequence[KeptBackup] = ()
    rehearsed_at: datetime | None = None
    #: What the last rehearsal found.
    rehearsal_faults: Sequence[str] = ()
    second_place: str = ""
    #: Names that are gone here and have still to go there.
    to_remove: Sequence[str] = ()
    #: When the second place last got the newest backup, or was named.
    copied_at: datetime | None = None
    #: When backups were last found gone or changed, and how many.
    lost_at: datetime | None = None
    lost: int = 0
    #: The note of the last restore that this state reckons with.
    restored: int = 0
    #: Why the last attempt to make a backup, or to copy one, did not work.
    backup_problem: str = ""
    copy_problem: str = ""

    @property
    def newest(self) -> KeptBackup | None:
        """Return the latest backup."""
        return max(self.kept, key=lambda one: one.at, default=None)


def is_backup_due(state: CareState, mark: int, now: datetime) -> bool:
    """Return whether something changed and the last backup is an hour old.

    One from the future says that a clock was wrong: then the hour is not known.
    """
    newest = state.newest
    if newest is None:
        return True
    return mark != newest.mark and not _is_within(newest.at, BACKUP_EVERY, now)


def is_rehearsal_due(state: CareState, now: datetime) -> bool:
    """Return whether a week went by since a backup was restored to try it.

    After one that could not be, the next backup is tried at once.
    """
    if state.newest is None:
        return False
    last = state.rehearsed_at
    if last is not None and state.rehearsal_faults and state.newest.at > last:
        return True
    return last is None or not _is_within(last, REHEARSE_EVERY, now)


def to_thin(
    kept: Iterable[KeptBackup], unsound: Iterable[str], now: datetime
) -> Sequence[KeptBackup]:
    """Return which backups may go.

    Only sound ones stand for their hour, day, week and month, and the latest of them
    never goes. One that was changed stays where it is, for a person to look at.

    Args:
        kept: all of them.
        unsound: the names of those that are not as they were made.
        now: the present time.
    """
    changed = frozenset(unsound)
    sound = [one for one in kept if one.name not in changed]
    stay = to_keep((one.at for one in sound), now)
    latest = max((one.at for one in sound), default=None)
    return [one for one in sound if one.at not in stay and one.at != latest]


def warnings(state: CareState, now: datetime) -> Sequence[str]:
    """Return what a person must be told, each with what to do; the gravest first."""
    told = []
    if state.rehearsal_faults:
        told.append(
            "The newest backup could not be restored when that was tried. Have the "
            "records and the disk checked today; nothing was changed."
        )
    if state.backup_problem:
        told.append(
            f"No backup could be made: {state.backup_problem} It is tried again by "
            "itself."
        )
    if state.lost_at is not None and _is_within(state.lost_at, TOLD_FOR, now):
        told.append(
            f"{_backups(state.lost)} went missing or changed without this program. "
            "Look for harmful software, and keep the second place unplugged until then."
        )
    told += _second_place_warnings(state, now)
    return told


def age_in_words(at: datetime, now: datetime) -> str:
    """Return how long ago something was, in its largest unit."""
    seconds = (now - at).total_seconds()
    for size, unit in _UNITS:
        if (count := int(seconds // size)) >= 1:
            return f"{count} {unit}{'s' if count > 1 else ''} ago"
    return "just now" if seconds > -_UNITS[-1][0] else "in the future"


def _second_place_warnings(state: CareState, now: datetime) -> Iterable[str]:
    newest = state.newest
    if newest is None or newest.copied:
        return
    since = state.copied_at or min(one.at for one in state.kept)
    if _is_within(since, COPY_WITHIN, now):
        return
    if state.second_place:
        why = state.copy_problem or "The copy was not made."
        yield (
            f"No backup reached the second place for a day. {why} Plug it in or "
            "connect it; the copy is then made by itself."
        )
    else:
        yield (
            "The backups lie on this computer only. The owner names a second place: "
            "a stick or a shared folder."
        )


def _is_within(moment: datetime, span: timedelta, now: datetime) -> bool:
    return timedelta(0) <= now - moment < span


def _backups(count: int) -> str:
    return "1 backup" if count == 1 else f"{count} backups"
