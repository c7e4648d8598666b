"""A disk that fails at any call is told in one message, and leaves nothing half."""

import random
from pathlib import Path

from tests.faults import nth_failure

_CALLS = 4


def test_a_failing_call_leaves_the_old_state_or_the_new_one(tmp_path: Path) -> None:
    """With its control: a backup that is written in place has to be caught."""
    report = nth_failure.run(tmp_path, _CALLS, random.Random(1))
    assert report.faults == []
    assert report.controls == {"a backup written in place": True}
