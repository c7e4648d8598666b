"""The store under test, in each place where records can lie."""

from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from db.store import Store, open_store
from tests.db.made_up import KEY, patient, visit
from tests.db.places import Database, Files, Place, Server


@pytest.fixture(scope="session", params=["file", "server"])
def place(request: pytest.FixtureRequest) -> Place:
    """Return a file's place, then a server's."""
    if request.param == "file":
        return Files()
    server: Server = request.getfixturevalue("server")
    return server


@pytest.fixture
def database(place: Place) -> Iterator[Database]:
    """Return a database without records."""
    with place.database() as database:
        yield database


@pytest.fixture
def store(database: Database) -> Iterator[Store]:
    """Return a store with patient p1 and visit v1, in either place."""
    with closing(database.open()) as store:
        store.register(patient())
        store.open_visit(visit())
        yield store


@pytest.fixture
def file(tmp_path: Path) -> Path:
    """Return where the records lie; nothing is there yet."""
    return tmp_path / "clinic.db"


@pytest.fixture
def file_store(file: Path) -> Iterator[Store]:
    """Return the same store in that file, for what only a file has."""
    with closing(open_store(file, KEY)) as store:
        store.register(patient())
        store.open_visit(visit())
        yield store
