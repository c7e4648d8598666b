"""The short list of reasons to decline, read from a file that a clinician can edit."""

from dataclasses import dataclass
from functools import cache
from pathlib import Path

from intake.errors import Problem, ProtocolError
from intake.protocol_files import ProtocolFiles

FILE = Path(__file__).with_name("decline_reasons.toml")
#: Each is chosen by one digit.
_MOST = 9


@dataclass(frozen=True, slots=True)
class DeclineReason:
    """One reason, as it is chosen and as it is kept."""

    id: str
    text: str


def read_reasons(path: Path) -> tuple[DeclineReason, ...]:
    """Return the reasons of a file, in their order.

    Raises:
        ProtocolError: with every problem of the file.
    """
    files = ProtocolFiles(path.parent)
    entries = files.entries(path.name, "reason")
    reasons = tuple(DeclineReason(e.text("id"), e.text("text")) for e in entries)
    for entry in entries:
        entry.done()
    if not 0 < len(reasons) <= _MOST:
        what = f"There have to be 1 to {_MOST} reasons, one a digit."
        files.problems.append(Problem(path.name, what))
    if files.problems:
        raise ProtocolError(files.problems)
    return reasons


@cache
def decline_reasons() -> tuple[DeclineReason, ...]:
    """Return the reasons that come with the program."""
    return read_reasons(FILE)
