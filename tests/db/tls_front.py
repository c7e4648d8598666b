"""A server that speaks TLS, in front of one that does not, with certificates of ours.

The server that comes as a package has no TLS. This answers the client's request for
it, decrypts, and hands on; so the client's own checks of the certificate are real.
"""

import contextlib
import socket
import ssl
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

_PIECE = 65536
_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Authority:
    """Somebody who signs certificates."""

    key: ec.EllipticCurvePrivateKey
    certificate: x509.Certificate

    @classmethod
    def new(cls) -> "Authority":
        """Return one that nobody trusts yet."""
        key = ec.generate_private_key(ec.SECP256R1())
        name = _name(f"Tests {x509.random_serial_number()}")
        built = _begun(name, name, key.public_key(), datetime.now(UTC))  # noqa: TID251  (certificates are valid by the real clock)
        built = built.add_extension(x509.BasicConstraints(ca=True, path_length=0), True)
        return cls(key, built.sign(key, hashes.SHA256()))

    def write(self, path: Path) -> Path:
        """Write the certificate by which it is trusted."""
        path.write_bytes(self.certificate.public_bytes(serialization.Encoding.PEM))
        return path

    def server(self, folder: Path, host: str, *, days_ago: int = 0) -> ssl.SSLContext:
        """Return what a server of a name shows; its certificate lasts two days."""
        key = ec.generate_private_key(ec.SECP256R1())
        begins = datetime.now(UTC) - days_ago * _DAY  # noqa: TID251  (as above)
        built = _begun(
            _name(host), self.certificate.subject, key.public_key(), begins
        ).add_extension(x509.SubjectAlternativeName([x509.DNSName(host)]), False)
        signed = built.sign(self.key, hashes.SHA256())
        path = folder / f"{host}-{days_ago}.pem"
        path.write_bytes(
            key.private_bytes(
                serialization.Encoding.PEM,
                serialization.PrivateFormat.PKCS8,
                serialization.NoEncryption(),
            )
            + signed.public_bytes(serialization.Encoding.PEM)
        )
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(path)
        return context


@contextmanager
def front(behind: Path, context: ssl.SSLContext) -> Iterator[int]:
    """Give the port on this machine where a server's socket is reached by TLS."""
    listener = socket.create_server(("127.0.0.1", 0))

    def listen() -> None:
        while True:
            try:
                client, _ = listener.accept()
            except OSError:
                return
            threading.Thread(
                target=_serve, args=(client, context, behind), daemon=True
            ).start()

    threading.Thread(target=listen, daemon=True).start()
    try:
        yield listener.getsockname()[1]
    finally:
        listener.close()


def _serve(client: socket.socket, context: ssl.SSLContext, behind: Path) -> None:
    # A client that goes away, or trusts us not, ends its connection as it likes.
    with contextlib.suppress(OSError), client:
        client.recv(8)
        client.sendall(b"S")
        with (
            context.wrap_socket(client, server_side=True) as safe,
            socket.socket(socket.AF_UNIX) as server,
        ):
            server.connect(str(behind))
            there = threading.Thread(target=_hand_on, args=(safe, server), daemon=True)
            there.start()
            _hand_on(server, safe)
            there.join()


def _hand_on(source: socket.socket, target: socket.socket) -> None:
    with contextlib.suppress(OSError):
        while piece := source.recv(_PIECE):
            target.sendall(piece)
    with contextlib.suppress(OSError):
        target.shutdown(socket.SHUT_RDWR)


def _name(common: str) -> x509.Name:
    return x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, common)])


def _begun(
    subject: x509.Name,
    issuer: x509.Name,
    key: ec.EllipticCurvePublicKey,
    begins: datetime,
) -> x509.CertificateBuilder:
    return (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(issuer)
        .public_key(key)
        .serial_number(x509.random_serial_number())
        .not_valid_before(begins - _DAY)
        .not_valid_after(begins + _DAY)
    )
