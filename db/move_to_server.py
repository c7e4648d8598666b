"""Move a clinic's records from a file to a server.

Everything on the server happens in one transaction: role, tables, copy, comparison.
Broken off anywhere, there is nothing there, and the file is still the clinic.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Self

from sqlalchemy import Connection, Engine
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session

from db import check, failures, moving, server_tables
from db.audit import AuditLog
from db.server import make_server_engine
from db.server_address import ServerAddress, read_address
from db.tables import SettingRow
from intake.errors import InputRefusedError, Problem, UserFacingError

#: The setting under which the workstations share their key file.
SHARED_KEYS = "key_file"
#: The name of the secret with which people's role gets in.
WAY_IN = "server"
#: PostgreSQL cuts longer names off.
_LONGEST_NAME = 63
_NO_RIGHT = "42501"


@dataclass(frozen=True, slots=True)
class Target:
    """An empty database: as its owner sees it, and as people will.

    Without `worker` the owner makes a role for people.
    """

    owner: ServerAddress
    owner_password: str
    worker: ServerAddress | None = None
    worker_password: str = ""

    @classmethod
    def of_text(cls, text: str) -> Self:
        """Return what a file says: the owner's address, and perhaps the people's.

        Raises:
            InputRefusedError: one is no address, or would send data in the clear; or
                they are addresses of two databases.
        """
        lines = [line.strip() for line in text.splitlines()]
        lines = [line for line in lines if line and not line.startswith("#")]
        if len(lines) not in (1, 2):
            what = "It holds no address, or more than two."
            how = "The owner's address goes in the first line."
            raise InputRefusedError([Problem("server address", what, how)])
        owner, password = read_address(lines[0])
        if len(lines) == 1:
            return cls(owner, password)
        worker, worker_password = read_address(lines[1])
        if worker.role == owner.role or not _same_database(worker, owner):
            what = "The second address is not another role of the same database."
            raise InputRefusedError([Problem("server address", what)])
        return cls(owner, password, worker, worker_password)


@dataclass(frozen=True, slots=True)
class Moved:
    """Where the records are now, who gets in, and how many rows there are."""

    address: ServerAddress
    key_file: str
    rows: dict[str, int]


def fill(
    source: Engine, target: Target, log: AuditLog, key_file: Callable[[str], str]
) -> Moved:
    """Copy the records of a file that nobody else has open.

    Args:
        source: of the file.
        target: the empty database.
        log: checks the trail that arrives.
        key_file: returns the clinic's, with the password of people's role in it; the
            workstations share it from now on.

    Raises:
        UserFacingError: (server_not_empty, server_role_needed, move_failed) or what
            the surroundings did; nothing is on the server.
    """
    owner = make_server_engine(target.owner, target.owner_password)
    try:
        with (
            failures.told_plainly(),
            source.connect() as reading,
            owner.begin() as writing,
        ):
            if not server_tables.is_empty(writing):
                raise _not_empty()
            address, password = _people(writing, target)
            server_tables.make_tables(writing, address.role)
            moving.copy(reading, writing)
            _compare(reading, writing, log)
            text = key_file(password)
            # Records that were on a server once bring the key file of that time along.
            with Session(writing) as session:
                session.merge(SettingRow(name=SHARED_KEYS, value=text))
                session.flush()
            rows = {name: one.rows for name, one in moving.contents(writing).items()}
    finally:
        owner.dispose()
    return Moved(address, text, rows)


def _people(writing: Connection, target: Target) -> tuple[ServerAddress, str]:
    """Return the address in people's role, which is made where none was given."""
    if target.worker is not None:
        return target.worker, target.worker_password
    owner = target.owner
    role = f"{owner.database[: _LONGEST_NAME - len('_worker')]}_worker"
    try:
        password = server_tables.new_role(writing, role)
    except DBAPIError as error:
        if getattr(error.orig, "sqlstate", None) != _NO_RIGHT:
            raise
        raise UserFacingError(
            "server_role_needed",
            "The role in the file may not make the one that people work in.",
            "Have one made, and put its address into a second line; nothing was moved.",
        ) from None
    return (
        ServerAddress(owner.host, owner.port, owner.database, role, owner.tls),
        password,
    )


def _compare(reading: Connection, writing: Connection, log: AuditLog) -> None:
    with Session(writing) as session:
        found = [
            *moving.differences(reading, writing),
            *check.faults(writing),
            *log.faults(session),
        ]
    if found:
        raise UserFacingError(
            "move_failed",
            f"What arrived on the server is not what was sent: {found[0]}",
            "Check the records and try again; they are where they were.",
        )


def _same_database(one: ServerAddress, other: ServerAddress) -> bool:
    place = (one.host, one.port, one.database)
    return place == (other.host, other.port, other.database)


def _not_empty() -> UserFacingError:
    return UserFacingError(
        "server_not_empty",
        "The database on the server is not empty.",
        "Have an empty one made for this clinic; nothing was moved.",
    )
