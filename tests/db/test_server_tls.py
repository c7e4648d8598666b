"""Only a server that proves to be the one that was meant is spoken to."""

from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest

from db.server import make_server_engine
from db.server_address import ServerAddress, read_address
from db.store import store_on
from intake.errors import UserFacingError
from tests.db.made_up import patient
from tests.db.places import Server, ServerDatabase
from tests.db.tls_front import Authority, front

HOST = "db.example"


@pytest.fixture(scope="module")
def ours() -> Authority:
    return Authority.new()


@pytest.fixture
def database(server: Server) -> Iterator[ServerDatabase]:
    with server.database() as database:
        yield database


@pytest.fixture
def behind(server: Server) -> Path:
    """Return the server's own socket."""
    return Path(str(server.url.query["host"])) / ".s.PGSQL.5432"


def connect(address: ServerAddress, port: int) -> psycopg.Connection:
    """Connect to a name elsewhere; only the last step leads to this machine."""
    told = {**address.connect_arguments("secret"), "hostaddr": "127.0.0.1"}
    return psycopg.connect(**{**told, "port": port})


def address_of(database: ServerDatabase, roots: Path) -> ServerAddress:
    text = f"postgresql://worker@{HOST}/{database.owner.database}?sslrootcert={roots}"
    return read_address(text)[0]


def test_a_server_with_the_right_certificate_is_spoken_to(
    database: ServerDatabase, behind: Path, ours: Authority, tmp_path: Path
) -> None:
    """The control of the refusals below."""
    address = address_of(database, ours.write(tmp_path / "roots.pem"))
    with front(behind, ours.server(tmp_path, HOST)) as port:
        connection = connect(address, port)
        assert connection.pgconn.ssl_in_use
        assert connection.execute("SELECT 1").fetchone() == (1,)
        connection.close()


@pytest.mark.parametrize(
    ("host", "days_ago", "says"),
    [
        ("other.example", 0, "does not match host name"),
        ("127.0.0.1", 0, "does not match host name"),
        (HOST, 9, "certificate verify failed"),
        (HOST, -9, "certificate verify failed"),
    ],
    ids=["another name", "a number", "expired", "not valid yet"],
)
def test_a_server_with_another_certificate_is_refused(
    database: ServerDatabase,
    behind: Path,
    ours: Authority,
    tmp_path: Path,
    *,
    host: str,
    days_ago: int,
    says: str,
) -> None:
    address = address_of(database, ours.write(tmp_path / "roots.pem"))
    context = ours.server(tmp_path, host, days_ago=days_ago)
    with (
        front(behind, context) as port,
        pytest.raises(psycopg.OperationalError, match=says),
    ):
        connect(address, port)


def test_a_server_whose_authority_nobody_trusts_is_refused(
    database: ServerDatabase, behind: Path, ours: Authority, tmp_path: Path
) -> None:
    address = address_of(database, ours.write(tmp_path / "roots.pem"))
    context = Authority.new().server(tmp_path, HOST)
    with (
        front(behind, context) as port,
        pytest.raises(psycopg.OperationalError, match="certificate verify failed"),
    ):
        connect(address, port)


def test_without_roots_of_its_own_the_systems_are_asked(
    database: ServerDatabase, behind: Path, ours: Authority, tmp_path: Path
) -> None:
    address = read_address(f"postgresql://worker@{HOST}/{database.owner.database}")[0]
    context = ours.server(tmp_path, HOST)
    with (
        front(behind, context) as port,
        pytest.raises(psycopg.OperationalError, match="certificate"),
    ):
        connect(address, port)


def test_the_store_works_through_tls(
    database: ServerDatabase, behind: Path, ours: Authority, tmp_path: Path
) -> None:
    roots = ours.write(tmp_path / "roots.pem")
    with front(behind, ours.server(tmp_path, "localhost")) as port:
        text = (
            f"postgresql://worker@localhost:{port}/{database.owner.database}"
            f"?sslmode=verify-full&sslrootcert={roots}"
        )
        store = store_on(make_server_engine(*read_address(text)), None)
        store.register(patient())
        assert store.patient("p1") == patient()
        store.close()


def test_a_wrong_certificate_is_told_in_words(
    database: ServerDatabase, behind: Path, ours: Authority, tmp_path: Path
) -> None:
    roots = ours.write(tmp_path / "roots.pem")
    with front(behind, ours.server(tmp_path, "other.example")) as port:
        text = (
            f"postgresql://worker@localhost:{port}/{database.owner.database}"
            f"?sslmode=verify-full&sslrootcert={roots}"
        )
        with pytest.raises(UserFacingError) as told:
            store_on(make_server_engine(*read_address(text)), None)
    assert told.value.code == "server_without_tls"
