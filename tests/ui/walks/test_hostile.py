"""What somebody types is shown and stored as it is, or refused as a whole."""

from pathlib import Path

import pytest

from tests.ui.walks import hostile
from tests.ui.walks.hostile_strings import COUNT, WORST, hostile_strings


@pytest.mark.timeout(300)
def test_hostile_texts_are_shown_literally_wherever_they_appear(tmp_path: Path) -> None:
    """The full form, `python3 start.py faults hostile`, takes all five hundred."""
    faults, _ = hostile.walk(tmp_path, list(WORST))

    assert faults == []


def test_a_label_and_a_tooltip_in_rich_text_are_seen(tmp_path: Path) -> None:
    """Negative control."""
    assert hostile.is_rich_text_seen(tmp_path)


def test_no_two_texts_are_alike() -> None:
    texts = [text for _, text in hostile_strings()]

    assert len(set(texts)) == len(texts) == COUNT
