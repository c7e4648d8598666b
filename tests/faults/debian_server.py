"""A clinic on Debian's own PostgreSQL, with its real TLS: moved to, and worked with.

The server that the tests bring has no TLS. Debian's has, and is the one that a clinic
is likely to have: ``apt install postgresql``.
"""

import os
import random
import secrets
import socket
import subprocess
from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager
from pathlib import Path
from shutil import chown

from db.engine import make_engine
from db.open_clinic import OpenClinic
from intake.audit import AuditNote
from intake.errors import UserFacingError
from tests.db.made_up import MORNING, change, patient, visit
from tests.db.tls_front import Authority
from tests.faults.house import ANN, cheap_passphrases, clinic_in
from tests.faults.report import Report

_PLACES = "/usr/lib/postgresql"
_USER = "postgres"
_WORDS = "four words do well"


class NoServerError(Exception):
    """Debian's PostgreSQL is not installed; the text says what to do."""


class DebianServer:
    """A server of its own, in a folder that goes away."""

    def __init__(self, folder: Path) -> None:
        """Make the files of a server, and a database with its owner."""
        found = sorted(Path(_PLACES).glob("*/bin/initdb"))
        if not found:
            raise NoServerError(
                "Debian's PostgreSQL is missing: apt install postgresql"
            )
        self._bin = found[-1].parent
        self._folder = folder
        self.password = secrets.token_hex(8)
        with socket.create_server(("127.0.0.1", 0)) as free:
            self.port: int = free.getsockname()[1]
        (folder / "password").write_text(self.password)
        self._give_away(folder)
        self._run(
            "initdb", "--auth=scram-sha-256", "--username=owner", "--encoding=utf8",
            f"--pwfile={folder / 'password'}", "-D", str(folder / "data"),
        )  # fmt: skip

    @contextmanager
    def running(self, *settings: str) -> Iterator[None]:
        """Run it with some settings."""
        options = f"-p {self.port} -k {self._folder} -c listen_addresses=127.0.0.1"
        options += "".join(f" -c {one}" for one in settings)
        data, log = str(self._folder / "data"), str(self._folder / "log")
        self._run("pg_ctl", "-w", "-D", data, "-l", log, "-o", options, "start")
        try:
            yield
        finally:
            self._run("pg_ctl", "-w", "-D", data, "-m", "fast", "stop")

    def certified(self, authority: Authority, host: str) -> Sequence[str]:
        """Return the settings for TLS with a certificate for a host."""
        authority.server(self._folder, host)
        file = self._folder / f"{host}-0.pem"
        file.chmod(0o600)
        self._give_away(file)
        return ("ssl=on", f"ssl_cert_file={file}", f"ssl_key_file={file}")

    def address(self, query: str, password: str = "") -> str:
        """Return the owner's address on it."""
        word = password or self.password
        return f"postgresql://owner:{word}@localhost:{self.port}/postgres?{query}"

    def _run(self, program: str, *arguments: str) -> None:
        command = [str(self._bin / program), *arguments]
        if os.geteuid() == 0:
            command = ["runuser", "-u", _USER, "--", *command]
        subprocess.run(command, check=True, capture_output=True)

    @staticmethod
    def _give_away(path: Path) -> None:
        # It refuses to work as root.
        if os.geteuid() == 0:
            chown(path, _USER, _USER)


def run(scratch: Path, rounds: int, chance: random.Random) -> Report:
    """Be refused in each way, move there, and make so many saves through TLS."""
    scratch.chmod(0o755)
    folder = scratch / "server"
    folder.mkdir()
    ours, other = Authority.new(), Authority.new()
    checked, wrong = (
        f"sslmode=verify-full&sslrootcert={one.write(scratch / name)}"
        for one, name in ((ours, "ours.pem"), (other, "other.pem"))
    )
    server, faults = DebianServer(folder), list[str]()
    with cheap_passphrases():
        clinic = clinic_in(scratch / "clinic")
        opened, _ = clinic.set_up(ANN, _WORDS)
        with closing(opened):
            opened.store.register(patient())
            opened.store.open_visit(visit())
            with server.running("ssl=off"):
                address = server.address(checked)
                faults += _not_refused(opened, address, "server_without_tls", "no TLS")
            with server.running(*server.certified(ours, "localhost")):
                address = server.address(wrong)
                faults += _not_refused(opened, address, "server_without_tls", "another")
                address = server.address(checked, secrets.token_hex(4))
                faults += _not_refused(opened, address, "server_refused", "a password")
                # No certificate is looked at: the server is there all the same.
                is_reached = _answers(server.address("sslmode=require"))
                opened.move_to(server.address(checked), by=ANN.id)
                faults += _worked(opened, rounds, chance)
    figures = [f"{rounds} saves through TLS after a move", "3 ways of being refused"]
    return Report(faults, figures, {"a weaker mode reaches it": is_reached})


def _not_refused(
    opened: OpenClinic, address: str, code: str, what: str
) -> Iterator[str]:
    try:
        opened.move_to(address, by=ANN.id)
    except UserFacingError as error:
        if error.code != code:
            yield f"{what}: told as {error.code}"
        return
    yield f"{what}: moved all the same"


def _answers(address: str) -> bool:
    engine = make_engine(address, None)
    try:
        with engine.connect() as connection:
            return connection.exec_driver_sql("SELECT 1").scalar() == 1
    finally:
        engine.dispose()


def _worked(opened: OpenClinic, rounds: int, chance: random.Random) -> Iterator[str]:
    for number in range(rounds):
        edit = change(f"q{chance.randrange(9)}", number, second=number)
        note = AuditNote("answers_recorded", ANN.id, MORNING)
        opened.store.record("v1", number, [edit], [note])
    if len(opened.store.changes_of("v1")) != rounds:
        yield "not every save is there"
    yield from opened.store.audit_faults()
    yield from opened.faults()
