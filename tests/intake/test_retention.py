"""Old backups go, but a year can be looked back on."""

from datetime import UTC, datetime, timedelta

from intake.retention import to_keep

_NOW = datetime(2026, 11, 25, 18, tzinfo=UTC)


def hourly(days: int) -> list[datetime]:
    """Return a backup every hour, for so many days back."""
    return [_NOW - timedelta(hours=hours) for hours in range(days * 24)]


def test_everything_of_the_last_day_is_kept() -> None:
    kept = to_keep(hourly(3), _NOW)

    assert set(hourly(1)) <= kept


def test_after_two_years_there_are_days_weeks_and_months() -> None:
    kept = sorted(to_keep(hourly(730), _NOW))
    older = [at for at in kept if at <= _NOW - timedelta(days=1)]

    assert len({at.date() for at in kept if at > _NOW - timedelta(days=14)}) == 14
    assert len({(at.year, at.month) for at in kept}) == 12
    assert len(older) <= 14 + 8 + 12
    assert kept[0] >= _NOW - timedelta(days=366)


def test_a_lone_backup_is_never_thrown_away() -> None:
    old = _NOW - timedelta(days=2000)

    assert to_keep([old], _NOW) == {old}


def test_one_from_a_clock_that_ran_ahead_is_kept() -> None:
    ahead = _NOW + timedelta(days=3)

    assert ahead in to_keep([ahead, *hourly(2)], _NOW)
