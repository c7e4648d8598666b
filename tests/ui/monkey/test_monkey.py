"""No event may raise, freeze the window or end the program, wherever it strikes."""

import pytest

from tests.ui.monkey.lives import PLANTED, WHO, lived, seen

_SEED = "20261125"
#: A hundredth of the full form, `python3 start.py faults monkey`.
_EVENTS = 500


@pytest.mark.parametrize("who", WHO)
def test_random_events_break_nothing(who: str) -> None:
    life = lived(_SEED, _EVENTS, who)

    assert life.faults == []
    assert life.figures["events"] == _EVENTS
    assert {"Home", "Workspace", "Registration"} <= life.figures["pages"].keys()


def test_what_is_broken_on_purpose_is_seen() -> None:
    """Negative control."""
    assert seen(_SEED) == dict.fromkeys(PLANTED, True)
