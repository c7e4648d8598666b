"""No address, and nothing around it, sends patients' data where others can read it."""

import os
import socket
import threading
from collections.abc import Iterator
from contextlib import closing

import psycopg
import pytest
from hypothesis import given
from hypothesis import strategies as st

from db.server import make_server_engine
from db.server_address import ServerAddress, is_this_machine, read_address
from db.store import store_on
from intake.errors import InputRefusedError, UserFacingError
from tests.db.places import Server

HERE = ["localhost", "127.0.0.1", "127.8.9.1", "[::1]"]
ELSEWHERE = [
    "db.example",
    "10.0.0.5",
    "192.168.1.7",
    "0.0.0.0",  # noqa: S104  (nobody listens: it is refused)
    "localhost.example",
    "127.0.0.1.example",
    "[fe80::1]",
    "[::ffff:10.0.0.1]",
]
WEAKER = ["disable", "allow", "prefer", "require", "verify-ca"]


@pytest.mark.parametrize("host", HERE)
@pytest.mark.parametrize("mode", [*WEAKER, "verify-full"])
def test_on_this_machine_any_mode_will_do(host: str, mode: str) -> None:
    address, _ = read_address(f"postgresql://r@{host}/d?sslmode={mode}")
    assert address.is_here
    assert address.connect_arguments("")["sslmode"] == mode


@pytest.mark.parametrize("host", ELSEWHERE)
def test_elsewhere_the_certificate_is_checked_without_being_asked(host: str) -> None:
    address, _ = read_address(f"postgresql://r@{host}/d")
    told = address.connect_arguments("")
    assert told["sslmode"] == "verify-full"
    assert told["sslrootcert"] == "system"
    assert told["gssencmode"] == "disable"


@pytest.mark.parametrize("host", ELSEWHERE)
@pytest.mark.parametrize("mode", WEAKER)
def test_elsewhere_nothing_weaker_is_taken(host: str, mode: str) -> None:
    with pytest.raises(InputRefusedError):
        read_address(f"postgresql://r@{host}/d?sslmode={mode}")


@pytest.mark.parametrize(
    "text",
    [
        "",
        "no address",
        "mysql://r@localhost/d",
        "sqlite:///clinic.db",
        "postgresql://localhost/d",
        "postgresql://r@localhost",
        "postgresql://r@/d",
        "postgresql://r@one,two/d",
        "postgresql://r@localhost/d?host=elsewhere.example",
        "postgresql://r@localhost/d?hostaddr=10.0.0.5",
        "postgresql://r@localhost/d?service=other",
        "postgresql://r@localhost/d?options=-cfsync%3Doff",
        "postgresql://r@localhost/d?sslmode=maybe",
        "postgresql://r@localhost/d?passfile=/tmp/x",
        "postgresql://r@localhost:port/d",
        "postgresql+asyncpg://r@localhost/d",
    ],
)
def test_what_is_no_address_of_ours_is_refused(text: str) -> None:
    with pytest.raises(InputRefusedError):
        read_address(text)


def test_a_refusal_does_not_repeat_the_password() -> None:
    with pytest.raises(InputRefusedError) as refused:
        read_address("postgresql://r:hunter2hunter2@db.example/d?sslmode=disable")
    assert "hunter2" not in f"{refused.value}{refused.value.problems}"


@given(st.text())
def test_any_text_is_an_address_or_is_refused(text: str) -> None:
    try:
        address, _ = read_address(text)
    except InputRefusedError:
        return
    assert address.is_here or address.connect_arguments("")["sslmode"] == "verify-full"


@pytest.mark.parametrize(
    "text",
    [
        "postgresql://r@localhost:5433/clinic",
        "postgresql://r%40x@/clinic?host=/run/sockets",
        "postgresql://r@db.example/clinic?sslrootcert=/etc/ours.pem",
        "postgresql://r@[::1]/clinic",
    ],
)
def test_an_address_written_down_is_read_again(text: str) -> None:
    address, _ = read_address(text)
    assert read_address(address.as_text())[0] == address


@pytest.mark.parametrize(
    ("host", "is_here"),
    [
        ("/run/postgresql", True),
        ("@abstract", True),
        ("localhost", True),
        ("::1", True),
        ("127.0.0.1", True),
        ("LOCALHOST.", False),
        ("", False),
        ("127.1", False),
    ],
)
def test_what_is_this_machine(host: str, *, is_here: bool) -> None:
    assert is_this_machine(host) is is_here


# What goes over the wire


class _WithoutTls:
    """Listens, says that it speaks no TLS, and remembers everything it is sent."""

    def __init__(self) -> None:
        self._socket = socket.create_server(("127.0.0.1", 0))
        self.port: int = self._socket.getsockname()[1]
        self.heard = b""
        threading.Thread(target=self._listen, daemon=True).start()

    def _listen(self) -> None:
        while True:
            try:
                client, _ = self._socket.accept()
            except OSError:
                return
            with client:
                client.settimeout(2)
                self.heard += client.recv(8)
                client.sendall(b"N")
                try:
                    self.heard += client.recv(1000)
                except OSError:
                    continue

    def close(self) -> None:
        self._socket.close()


@pytest.fixture
def without_tls() -> Iterator[_WithoutTls]:
    stub = _WithoutTls()
    yield stub
    stub.close()


def connected(address: ServerAddress, port: int) -> None:
    """Connect as to a server elsewhere; only the last step leads to this machine."""
    told = {**address.connect_arguments("secret word"), "hostaddr": "127.0.0.1"}
    psycopg.connect(**{**told, "port": port})


def test_a_server_that_refuses_tls_is_told_nothing(without_tls: _WithoutTls) -> None:
    address, _ = read_address("postgresql://role@db.example/clinic")
    with pytest.raises(psycopg.OperationalError, match="SSL"):
        connected(address, without_tls.port)

    # The request for TLS, and nothing else: neither role nor database.
    assert without_tls.heard == bytes.fromhex("00000008 04d2162f")


def test_the_stub_hears_who_speaks_without_tls(without_tls: _WithoutTls) -> None:
    """The control: what the test above would see if the mode were weaker."""
    address = ServerAddress("db.example", 1, "clinic", "role", (("sslmode", "prefer"),))
    with pytest.raises(psycopg.OperationalError):
        connected(address, without_tls.port)

    assert b"role" in without_tls.heard


def test_without_tls_is_told_in_words(without_tls: _WithoutTls) -> None:
    text = f"postgresql://r@localhost:{without_tls.port}/d?sslmode=verify-full"
    with pytest.raises(UserFacingError) as told:
        store_on(make_server_engine(*read_address(text)), None)
    assert told.value.code == "server_without_tls"


def test_nobody_there_is_told_in_words() -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
    address, _ = read_address(f"postgresql://r@127.0.0.1:{port}/d")
    with pytest.raises(UserFacingError) as told:
        store_on(make_server_engine(address, ""), None)
    assert told.value.code == "server_unreachable"


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("PGHOSTADDR", "127.0.0.77"),
        ("PGHOST", "elsewhere.example"),
        ("PGPORT", "1"),
        ("PGUSER", "nobody"),
        ("PGDATABASE", "nothing"),
        ("PGOPTIONS", "-c fsync=off"),
        ("PGSSLMODE", "verify-full"),
    ],
)
def test_the_environment_changes_nothing(
    server: Server, monkeypatch: pytest.MonkeyPatch, name: str, value: str
) -> None:
    monkeypatch.setitem(os.environ, name, value)
    with server.database() as database:
        database.open().close()


# What the server promises


def test_what_a_database_sets_for_itself_is_overruled(server: Server) -> None:
    with server.database() as database:
        name = database.owner.database
        database.by_hand(
            f"ALTER DATABASE {name} SET synchronous_commit TO off",
            f"ALTER ROLE worker IN DATABASE {name} SET lock_timeout TO 0",
        )
        with (
            closing(database.open()) as store,
            store._engine.connect() as connection,
        ):
            shown = connection.exec_driver_sql("SHOW synchronous_commit").scalar()
            waits = connection.exec_driver_sql("SHOW lock_timeout").scalar()
    assert (shown, waits) == ("on", "5s")


def test_a_database_in_another_encoding_is_refused(server: Server) -> None:
    """It could not hold every name."""
    with server.database(
        "template0 ENCODING 'LATIN1' LC_COLLATE 'C' LC_CTYPE 'C'"
    ) as database:
        with pytest.raises(UserFacingError) as refused:
            database.open()
        assert refused.value.code == "database_unsafe"


def test_a_database_without_records_is_told(server: Server) -> None:
    with server.database("template1") as database:
        with pytest.raises(UserFacingError) as told:
            database.open()
        assert told.value.code == "server_empty"


def test_older_and_newer_tables_are_told_and_left_alone(server: Server) -> None:
    for revision, code in (("0001", "server_outdated"), ("9999", "database_newer")):
        with server.database() as database:
            stamp = f"UPDATE alembic_version SET version_num = '{revision}'"  # noqa: S608  (ours)
            database.by_hand(stamp)
            with pytest.raises(UserFacingError) as told:
                database.open()
            assert told.value.code == code
