"""Wrong passphrases cost time; the last owner can always try again."""

from datetime import UTC, datetime, timedelta

import pytest

from intake.attempts import Attempts

_NOON = datetime(2026, 11, 25, 12, tzinfo=UTC)


def after(failed: int) -> Attempts:
    """Return the count after so many wrong passphrases at noon."""
    attempts = Attempts()
    for _ in range(failed):
        attempts = attempts.failed_at(_NOON)
    return attempts


@pytest.mark.parametrize(
    ("failed", "seconds"),
    [(0, 0), (4, 0), (5, 30), (6, 60), (9, 480), (10, 900), (500, 900)],
)
def test_the_wait_doubles_up_to_a_quarter_of_an_hour(failed: int, seconds: int) -> None:
    assert after(failed).wait_at(_NOON) == timedelta(seconds=seconds)


def test_the_wait_passes() -> None:
    assert after(5).wait_at(_NOON + timedelta(seconds=20)) == timedelta(seconds=10)
    assert after(5).wait_at(_NOON + timedelta(hours=1)) == timedelta(0)


def test_a_clock_set_back_ends_it() -> None:
    """It would last until the clock is there again: a year, of a wrong clock."""
    assert after(5).wait_at(_NOON) == timedelta(seconds=30)
    assert after(5).wait_at(_NOON - timedelta(days=1)) == timedelta(0)


def test_twenty_wrong_ones_lock_but_never_the_last_owner() -> None:
    assert not after(19).is_locked(is_last_owner=False)
    assert after(20).is_locked(is_last_owner=False)
    assert not after(2000).is_locked(is_last_owner=True)
