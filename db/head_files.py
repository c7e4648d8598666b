"""The head of the audit trail in a small file, written anew at every save.

Two lines of a fixed length take turns, each written in its place: a write that is cut
off spoils one line, whose sum tells, and the other is the head before. Nothing is
synced here, for the price of a save would be many times higher: what a power cut takes
away is the head's last steps, and a head that is behind is no fault. The entries
themselves are synced.
"""

from pathlib import Path
from zlib import crc32

from db.location import not_writable
from db.private_files import write_private
from intake.audit import Head

_LINES = 2
#: Room for count, MAC and sum, with some to spare.
_LENGTH = 160


def read_head(file: Path) -> Head | None:
    """Return the further head of a file; None where there is none to read."""
    try:
        content = file.read_bytes()
    except OSError:
        return None
    lines = (content[at : at + _LENGTH] for at in range(0, len(content), _LENGTH))
    heads = [head for line in lines if (head := _head(line))]
    return max(heads, key=lambda head: head.count, default=None)


def write_head(file: Path, head: Head) -> None:
    """Keep a head in the place of the one before the last.

    Raises:
        UserFacingError: (folder_not_writable) it cannot be written.
    """
    line = _line(head)
    if not file.exists():
        write_private(file, line * _LINES)
        return
    try:
        with file.open("r+b") as opened:
            opened.seek(head.count % _LINES * _LENGTH)
            opened.write(line)
    except OSError as error:
        raise not_writable() from error


def _line(head: Head) -> bytes:
    text = f"{head.count} {head.mac.hex()}"
    return f"{text} {_sum(text)}".ljust(_LENGTH - 1).encode() + b"\n"


def _head(line: bytes) -> Head | None:
    try:
        count, mac, told = line.decode("ascii").split()
        head = Head(int(count), bytes.fromhex(mac))
    except ValueError:
        return None
    return head if told == _sum(f"{count} {mac}") else None


def _sum(text: str) -> str:
    """Return what tells a line that was cut off; it keeps nobody out."""
    return f"{crc32(text.encode()):08x}"
