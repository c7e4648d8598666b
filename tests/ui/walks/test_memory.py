"""Opening and closing visits leaves nothing behind."""

import random
from pathlib import Path

from tests.ui.walks import memory

#: The full form, `python3 start.py faults memory`, opens a thousand.
_VISITS = 20


def test_what_lives_is_level_while_visits_come_and_go(tmp_path: Path) -> None:
    counts = memory.open_and_close(tmp_path, _VISITS, random.Random(1))

    assert len(counts) >= 8
    assert memory.too_much(counts) == []


def test_a_widget_that_is_left_behind_is_seen(tmp_path: Path) -> None:
    """Negative control."""
    assert memory.is_leak_seen(tmp_path, 12)


def test_memory_that_grows_by_a_visit_is_told() -> None:
    level = [memory.Counts(n, 100, 600, 50_000, 200_000) for n in range(0, 1000, 100)]
    rising = [
        memory.Counts(n, 100, 600, 50_000, 200_000 + 50 * n)
        for n in range(0, 1000, 100)
    ]

    assert memory.too_much(level) == []
    assert memory.too_much(rising) == ["each visit leaves 50.00 kib"]
