"""What is not the desk's, the desk does not get, and asking is written down."""

from tests.faults import bypass

_ROUNDS = 30
_SEED = 20261124


def test_no_attempt_of_the_desk_succeeds_or_goes_unseen() -> None:
    assert bypass.run(_ROUNDS, _SEED) == []


def test_the_owner_gets_through_with_the_same_calls() -> None:
    """Negative control: calls that nobody gets through with would show nothing."""
    found = bypass.control(_ROUNDS, _SEED)

    for attempt in bypass.ATTEMPTS_ON_RECORDS:
        assert any(fault.startswith(attempt) for fault in found)
