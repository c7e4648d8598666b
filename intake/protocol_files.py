"""The files of a protocol folder, each read once, all of them in the digest."""

import hashlib
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import tomli

from intake.errors import Problem
from intake.toml_entry import Entry


@dataclass
class ProtocolFiles:
    """Reads the files of one folder; `problems` grows as it goes."""

    folder: Path
    problems: list[Problem] = field(default_factory=list)
    _digest: Any = field(default_factory=hashlib.sha256)

    @property
    def digest(self) -> str:
        """Return the SHA-256 over names and contents of the files read so far."""
        return str(self._digest.hexdigest())

    def file(self, name: str) -> Entry:
        """Return a file as one entry; a missing or unreadable one is a problem."""
        path = self.folder / name
        table: dict[str, Any] = {}
        try:
            content = path.read_bytes()
            self._digest.update(f"{name}\0{len(content)}\0".encode() + content)
            table = tomli.loads(content.decode("utf-8-sig"))
        except FileNotFoundError:
            self.problems.append(Problem(name, "The file is missing."))
        except (OSError, UnicodeDecodeError) as error:
            what = getattr(error, "strerror", None) or "it is not UTF-8"
            self.problems.append(Problem(name, f"The file cannot be read: {what}."))
        except tomli.TOMLDecodeError as error:
            self.problems.append(Problem(name, f"This is not TOML: {error}."))
        except (RecursionError, ValueError):
            # Nested too deep, or a number of thousands of digits.
            self.problems.append(Problem(name, "This is not TOML that can be read."))
        return Entry(table, name, self.problems)

    def entries(self, name: str, key: str) -> list[Entry]:
        """Return the `[[key]]` entries of a file, each named by its id."""
        file = self.file(name)
        entries = list(file.entries(key, named(key)))
        file.done()
        seen: set[str] = set()
        for entry in entries:
            self.note_twin(entry, seen, key)
        return entries

    def note_twin(self, entry: Entry, seen: set[str], what: str) -> None:
        """Note an entry whose id was seen before."""
        identity = entry.raw("id")
        if not isinstance(identity, str):
            return
        if identity in seen:
            entry.problem(f"There is another {what} with this id.")
        seen.add(identity)


def named(kind: str) -> Callable[[int, Any], str]:
    """Return how an entry of a list is named in messages: by its id."""
    return lambda number, table: f"{kind} {table.get('id', number)}"


def numbered(kind: str) -> Callable[[int, Any], str]:
    """Return how an entry of a list is named in messages: by its number."""
    return lambda number, _table: f"{kind} {number}"
