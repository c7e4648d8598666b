"""Nothing that was typed lies on the disk in the clear, however the program ends."""

from tests.faults import planted
from tests.faults.planted_words import WORDS

_SEED = 20261124


def test_nothing_typed_is_found_after_a_kill_or_an_exception() -> None:
    assert planted.run(2, _SEED) == []


def test_it_is_found_where_nothing_is_encrypted() -> None:
    """Negative control."""
    found = planted.control(1, _SEED)

    for number in range(WORDS):
        assert any(fault.startswith(f"word {number} ") for fault in found)
