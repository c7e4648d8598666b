"""Whoever lacks the key of the MACs cannot alter the trail unseen."""

import pytest

from tests.faults import tampering

_ROUNDS = 10
_SEED = 20261124


@pytest.mark.parametrize("way", tampering.WAYS)
def test_a_hand_in_the_trail_is_noticed(way: str) -> None:
    assert tampering.run(_ROUNDS, _SEED, [way]) == []


def test_without_key_and_head_outside_it_is_not() -> None:
    """Negative control: a harness that notices everything would notice nothing."""
    found = tampering.control(4, _SEED)

    assert any(fault.startswith("roll back") for fault in found)
    assert any(fault.startswith("rebuild") for fault in found)
