"""Which backups to keep: the latest of each of the last days, weeks and months."""

from collections.abc import Callable, Iterable
from datetime import datetime, timedelta

_HOURLY_FOR = timedelta(days=1)
_DAYS = 14
_WEEKS = 8
_MONTHS = 12

#: How one kind of period is told from the next.
_Period = Callable[[datetime], tuple[int, ...]]
_KINDS: tuple[tuple[int, _Period], ...] = (
    (_DAYS, lambda at: (at.year, at.month, at.day)),
    (_WEEKS, lambda at: tuple(at.isocalendar()[:2])),
    (_MONTHS, lambda at: (at.year, at.month)),
)


def to_keep(taken: Iterable[datetime], now: datetime) -> frozenset[datetime]:
    """Return which backups stay.

    All of the last day; and of each of the last 14 days, 8 weeks and 12 months that
    have one, the latest. One with a time in the future (a clock was wrong) stays.
    """
    times = sorted(taken, reverse=True)
    kept = {at for at in times if at > now - _HOURLY_FOR}
    for count, period in _KINDS:
        latest: dict[tuple[int, ...], datetime] = {}
        for at in times:
            latest.setdefault(period(at), at)
        kept.update(list(latest.values())[:count])
    return frozenset(kept)
