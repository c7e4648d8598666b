"""Where a clinic's server is, and whether what is sent there can be read on the way.

TLS with a checked certificate is required of every server but one on this machine.
That cannot be loosened by the address, and the environment's settings (PGHOSTADDR,
PGSSLMODE and the like) are overruled, because everything that decides is passed on.
"""

import ipaddress
from dataclasses import dataclass
from typing import Any

from sqlalchemy import URL, make_url
from sqlalchemy.exc import ArgumentError

from intake.errors import InputRefusedError, Problem

#: What an address may say besides server, database and role.
_ALLOWED = ("host", "sslmode", "sslrootcert", "sslcert", "sslkey")
#: The only mode that checks that the server is the one that was meant.
_CHECKED = "verify-full"
_LOCAL_MODES = ("disable", "allow", "prefer", "require", "verify-ca", _CHECKED)
#: The certificate authorities that the system trusts.
_SYSTEM_ROOTS = "system"
_PORT = 5432
_DRIVER = "postgresql+psycopg"
_SECONDS_TO_CONNECT = 10
#: How long an answer may stay out before the connection is given up.
_LOST_AFTER_MS = 15_000
_WHERE = "server address"
_LIKE = "Like postgresql://role@server.example/database."


@dataclass(frozen=True, slots=True)
class ServerAddress:
    """A PostgreSQL database as one role sees it; without a password."""

    host: str
    port: int
    database: str
    role: str
    tls: tuple[tuple[str, str], ...] = ()

    @property
    def is_here(self) -> bool:
        """Return whether nothing leaves this machine on the way to the server."""
        return is_this_machine(self.host)

    def as_text(self) -> str:
        """Return the address as `read_address` reads it."""
        is_name = not self.host.startswith(("/", "@"))
        query = dict(self.tls) if is_name else {**dict(self.tls), "host": self.host}
        url = URL.create(
            "postgresql",
            self.role,
            host=self.host if is_name else None,
            port=self.port,
            database=self.database,
            query=query,
        )
        return url.render_as_string(hide_password=False)

    def connect_arguments(self, password: str) -> dict[str, Any]:
        """Return everything that the driver is told; the environment adds nothing."""
        tls = {"sslmode": "prefer" if self.is_here else _CHECKED, **dict(self.tls)}
        if tls["sslmode"] == _CHECKED:
            tls.setdefault("sslrootcert", _SYSTEM_ROOTS)
        return {
            "host": self.host,
            # Empty counts as given: PGHOSTADDR would lead to another machine.
            "hostaddr": "",
            "port": self.port,
            "dbname": self.database,
            "user": self.role,
            "password": password,
            "options": "",
            "gssencmode": "disable",
            "target_session_attrs": "read-write",
            "connect_timeout": _SECONDS_TO_CONNECT,
            "tcp_user_timeout": _LOST_AFTER_MS,
            "application_name": "thoracic-intake",
            **tls,
        }

    def as_url(self, password: str) -> URL:
        """Return the address for SQLAlchemy; its text hides the password."""
        return URL.create(
            _DRIVER, self.role, password, self.host, self.port, self.database
        )


def is_this_machine(host: str) -> bool:
    """Return whether a host is a socket's folder, or a name of this machine.

    An address that is no loopback address is taken for another machine, also where it
    is this one's: who listens there is not for us to know.
    """
    if host.startswith(("/", "@")) or host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


def read_address(text: str) -> tuple[ServerAddress, str]:
    """Return the address in a text, and the password in it, which may be empty.

    Raises:
        InputRefusedError: it is none of ours, or would send patients' data where others
            can read them. The text itself is not repeated: it may hold a password.
    """
    try:
        url = make_url(text.strip())
        port = url.port or _PORT
    except (ArgumentError, ValueError):
        raise _refused("It is not the address of a database.", _LIKE) from None
    if url.drivername not in ("postgresql", "postgres", _DRIVER):
        raise _refused("It does not begin with postgresql://.", _LIKE)
    query = {name: str(value) for name, value in url.query.items()}
    if unknown := sorted(set(query) - set(_ALLOWED)):
        what = f"It sets {', '.join(unknown)}, which is not taken from an address."
        raise _refused(what, f"Only {', '.join(_ALLOWED)} can be set.")
    host = url.host or query.pop("host", "")
    if "host" in query:
        raise _refused("It names two servers.", "Name one.")
    if not host or "," in host:
        how = "Name one server, or the folder of its socket with ?host=/folder."
        raise _refused("It does not name one server.", how)
    if not url.username or not url.database:
        raise _refused("It names no role, or no database.", _LIKE)
    address = ServerAddress(
        host, port, url.database, url.username, tuple(sorted(query.items()))
    )
    _refuse_readable(address)
    return address, str(url.password or "")


def _refuse_readable(address: ServerAddress) -> None:
    mode = dict(address.tls).get("sslmode")
    if mode is None:
        return
    if mode not in _LOCAL_MODES:
        raise _refused("Its sslmode is none that there is.", f"Use {_CHECKED}.")
    if mode != _CHECKED and not address.is_here:
        what = f"With sslmode={mode} others could read or change what is sent."
        raise _refused(what, f"Leave it out, or use sslmode={_CHECKED}.")


def _refused(what: str, how: str) -> InputRefusedError:
    return InputRefusedError([Problem(_WHERE, what, how)])
