"""How long to wait after wrong passphrases, and when to lock.

The wait stops somebody at the keyboard. Against somebody with the file only the
passphrase's own strength helps; see `db.keys`.
"""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta

_FREE = 5
_FIRST_WAIT = timedelta(seconds=30)
_LONGEST_WAIT = timedelta(minutes=15)
_ENOUGH_DOUBLINGS = 8
_LOCKED_AFTER = 20


@dataclass(frozen=True, slots=True)
class Attempts:
    """The wrong passphrases of one person in a row, and when the last was."""

    failed: int = 0
    last: datetime | None = None
    #: How many of them the audit trail tells of.
    noted: int = 0

    def failed_at(self, moment: datetime) -> "Attempts":
        """Return the count after one more."""
        return replace(self, failed=self.failed + 1, last=moment)

    def is_locked(self, *, is_last_owner: bool) -> bool:
        """Return whether only the owner can help; the last owner is never locked."""
        return self.failed >= _LOCKED_AFTER and not is_last_owner

    def wait_at(self, moment: datetime) -> timedelta:
        """Return how long to wait before the next try; zero when none is due.

        A clock set back ends the wait: else it would last until the clock is there
        again, for the last owner, too. Whoever sets clocks can set them forward.
        """
        if self.failed < _FREE or self.last is None:
            return timedelta(0)
        doublings = min(self.failed - _FREE, _ENOUGH_DOUBLINGS)
        full = min(_FIRST_WAIT * (1 << doublings), _LONGEST_WAIT)
        if moment < self.last:
            return timedelta(0)
        return max(self.last + full - moment, timedelta(0))
