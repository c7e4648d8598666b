"""Python looks for garbage when nobody types, and hardly ever else."""

import gc
from collections.abc import Iterator

import pytest
from PySide6.QtCore import QObject

from ui.tidying import Tidying


class Ring:
    """Something that only a search for garbage lets go of."""

    def __init__(self) -> None:
        self.itself = self


@pytest.fixture
def tidying() -> Iterator[Tidying]:
    before = gc.get_threshold()
    parent = QObject()
    yield Tidying(parent)
    gc.set_threshold(*before)


def test_nothing_old_is_looked_through_while_somebody_types(tidying: Tidying) -> None:
    before = gc.get_stats()[2]["collections"]

    kept = [[Ring()] for _ in range(200_000)]

    assert gc.get_stats()[2]["collections"] == before
    assert len(kept) == 200_000


def test_all_is_looked_through_in_a_pause(tidying: Tidying) -> None:
    for _ in range(100):
        Ring()
    gc.collect(1)
    Ring()

    before = gc.get_stats()[2]["collections"]
    tidying.now()

    assert gc.get_stats()[2]["collections"] == before + 1
    assert gc.collect() == 0
