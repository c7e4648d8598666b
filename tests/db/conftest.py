"""The store under test, in a folder of its own."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from db.store import Store, open_store
from tests.db.made_up import KEY, patient, visit


@pytest.fixture
def file(tmp_path: Path) -> Path:
    """Return where the records lie; nothing is there yet."""
    return tmp_path / "clinic.db"


@pytest.fixture
def store(file: Path) -> Iterator[Store]:
    """Return a store with patient p1 and visit v1."""
    store = open_store(file, KEY)
    store.register(patient())
    store.open_visit(visit())
    yield store
    store.close()
