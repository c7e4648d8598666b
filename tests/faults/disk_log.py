"""What a program did to the disk, read from the log of the shim."""

import struct
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

#: kind, file descriptor, place in the file, bytes that follow; see `shim.c`.
_ENTRY = struct.Struct("=iiqq")
#: In this order: open a file, open a folder, close, write, set the size, sync, rename,
#: remove a name, and tell what was done.
Kind = Literal["o", "D", "c", "w", "t", "s", "r", "u", "m"]


@dataclass(frozen=True, slots=True)
class Call:
    """One call. `data` is what was written or told, or the path."""

    kind: Kind
    fd: int
    at: int
    data: bytes

    @property
    def path(self) -> str:
        """Return the path of a file that is opened or removed."""
        return self.data.decode()

    @property
    def names(self) -> tuple[str, str]:
        """Return the old and the new path of a file that is renamed."""
        old, new = self.data.decode().split("\0")
        return old, new


def calls_in(log: Path) -> Iterator[Call]:
    """Give the calls in the order in which they were made."""
    content, at = log.read_bytes(), 0
    while at < len(content):
        kind, fd, place, size = _ENTRY.unpack_from(content, at)
        at += _ENTRY.size
        yield Call(chr(kind), fd, place, content[at : at + size])  # type: ignore[arg-type]  # the shim writes no other
        at += size


def told_in(calls: list[Call]) -> list[str]:
    """Return what the program had told by then, line by line."""
    text = b"".join(call.data for call in calls if call.kind == "m").decode()
    # A line without its end was not told.
    return text.split("\n")[:-1]
