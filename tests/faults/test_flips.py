"""A damaged file is found, and shows nothing but what is stored."""

import random
from pathlib import Path

import pytest

from tests.faults import damage, flips

_FILES = 50
_CONTENT = random.Random(1).randbytes(4 * damage.PAGE)


def test_damage_is_found_and_never_shown(tmp_path: Path) -> None:
    """With its controls: a whole file, and a check that is switched off."""
    report = flips.run(tmp_path, _FILES, random.Random(1))
    assert report.faults == []
    assert set(report.controls.values()) == {True}


@pytest.mark.parametrize("kind", damage.KINDS.values(), ids=damage.KINDS)
def test_each_kind_of_damage_changes_a_file(kind: damage.Damage) -> None:
    for seed in range(50):
        assert kind(_CONTENT, random.Random(seed)) != _CONTENT


def test_a_replayed_page_is_of_the_older_file() -> None:
    older = _CONTENT[: damage.PAGE] + bytes(damage.PAGE) + _CONTENT[2 * damage.PAGE :]
    assert damage.replayed(_CONTENT, older, random.Random(1)) == older
