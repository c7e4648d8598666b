"""A disk that loses power: what may be on it, given the calls a program made.

The promises a program has are few. What a file holds is on the disk once the file was
synced; a new, changed or removed name once its folder was. Of everything else each
sector of 512 bytes may be there or not, in any order. The names of a folder are changed
in the order of the calls, up to any one of them; other folders may be behind, as they
are where one lies on another disk.
"""

import random
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

from tests.faults.disk_log import Call

_SECTOR = 512
#: Shared memory, which every opening makes anew.
_NOT_KEPT = "-shm"


@dataclass(slots=True, eq=False)
class _File:
    synced: bytearray = field(default_factory=bytearray)
    #: Writes (place, bytes) and new sizes (size, None) since then.
    waiting: list[tuple[int, bytes | None]] = field(default_factory=list)

    def sync(self) -> None:
        for at, data in self.waiting:
            _do(self.synced, at, data)
        self.waiting.clear()

    def after_cut(self, chance: random.Random) -> bytearray:
        """Return what may be there when the power comes back."""
        content = bytearray(self.synced)
        fate = chance.choice(_FATES)
        for at, data in fate(self.waiting, chance):
            _do(content, at, data)
        return content


_Writes = list[tuple[int, bytes | None]]


@dataclass(frozen=True, slots=True, eq=False)
class _Renaming:
    """A name given to a new file, to one that had another (`old`), or taken away."""

    old: str
    new: str
    file: _File | None = None

    @property
    def folders(self) -> set[str]:
        """Return whose names it changes."""
        return {str(Path(path).parent) for path in (self.old, self.new) if path}

    def do(self, names: dict[str, _File]) -> None:
        """Change the names."""
        file = self.file or names.pop(self.old, None)
        if file is not None and self.new:
            names[self.new] = file


class Disk:
    """What the program sees, and what of it would survive."""

    def __init__(self, before: Path, seen_at: Path) -> None:
        """Begin with what is in a folder, all of it on the disk.

        Args:
            before: a copy of the folder as it was before the program began.
            seen_at: where the program saw it.
        """
        self._folder = seen_at.resolve()
        self._seen: dict[str, _File] = {
            str(self._folder / path.relative_to(before)): _File(
                bytearray(path.read_bytes())
            )
            for path in before.rglob("*")
            if path.is_file()
        }
        self._kept = dict(self._seen)
        self._waiting: list[_Renaming] = []
        self._open: dict[int, _File | str] = {}

    def follow(self, call: Call) -> None:
        """Take over what a call did."""
        {
            "o": self._opened,
            "D": self._opened_folder,
            "c": self._closed,
            "w": self._written,
            "t": self._sized,
            "s": self._synced,
            "r": self._renamed,
            "u": self._removed,
            "m": self._told,
        }[call.kind](call)

    def cut(self, chance: random.Random, target: Path) -> None:
        """Write to a new folder what may be there after a power cut now."""
        names = dict(self._kept)
        made = self._waiting[: chance.randint(0, len(self._waiting))]
        folders = sorted({folder for one in made for folder in one.folders})
        kept = set(chance.sample(folders, chance.randint(0, len(folders))))
        for one in _of(kept, made):
            one.do(names)
        # In the order of their names, for the same seed to give the same fates.
        for path, file in sorted(names.items()):
            if not path.endswith(_NOT_KEPT):
                place = target / Path(path).relative_to(self._folder)
                place.parent.mkdir(parents=True, exist_ok=True)
                place.write_bytes(file.after_cut(chance))

    def _opened(self, call: Call) -> None:
        if call.path not in self._seen:
            self._rename(_Renaming("", call.path, _File()))
        self._open[call.fd] = self._seen[call.path]

    def _told(self, call: Call) -> None:
        """Nothing: what a program says is not on this disk."""

    def _opened_folder(self, call: Call) -> None:
        self._open[call.fd] = call.path

    def _closed(self, call: Call) -> None:
        del self._open[call.fd]

    def _written(self, call: Call) -> None:
        self._file(call).waiting.append((call.at, call.data))

    def _sized(self, call: Call) -> None:
        self._file(call).waiting.append((call.at, None))

    def _synced(self, call: Call) -> None:
        of = self._open[call.fd]
        if isinstance(of, _File):
            of.sync()
            return
        for one in _of({of}, self._waiting):
            one.do(self._kept)
            self._waiting.remove(one)

    def _renamed(self, call: Call) -> None:
        self._rename(_Renaming(*call.names))

    def _removed(self, call: Call) -> None:
        self._rename(_Renaming(call.path, ""))

    def _rename(self, one: _Renaming) -> None:
        if not one.file and one.old not in self._seen:
            # A folder: it is there as long as something lies in it.
            return
        one.do(self._seen)
        self._waiting.append(one)

    def _file(self, call: Call) -> _File:
        file = self._open[call.fd]
        assert isinstance(file, _File)
        return file


def _of(folders: set[str], changes: list[_Renaming]) -> list[_Renaming]:
    """Return the changes of folders, with those of others that they rest on."""
    folders, found = set(folders), []
    for one in reversed(changes):
        if not one.folders.isdisjoint(folders):
            # A move from folder to folder happens in both or in none.
            folders |= one.folders
            found.append(one)
    return found[::-1]


def _do(content: bytearray, at: int, data: bytes | None) -> None:
    """Write, or where there is nothing to write, cut or lengthen to a size."""
    end = at + len(data or b"")
    if data is None:
        del content[at:]
    if len(content) < end:
        content.extend(bytes(end - len(content)))
    if data is not None:
        content[at:end] = data


# What may become of writes that were not synced.


def _none(_waiting: _Writes, _chance: random.Random) -> _Writes:
    return []


def _all(waiting: _Writes, _chance: random.Random) -> _Writes:
    return waiting


def _torn(waiting: _Writes, chance: random.Random) -> _Writes:
    """Keep some in order; of the last one, the first sectors."""
    if not waiting:
        return []
    count = chance.randrange(len(waiting))
    at, data = waiting[count]
    last = [] if data is None else [(at, data[: _some_sectors(at, data, chance)])]
    return [*waiting[:count], *last]


def _reordered(waiting: _Writes, chance: random.Random) -> _Writes:
    """Keep any sectors of any writes, whatever came before them."""
    kept: _Writes = []
    for at, data in waiting:
        if data is None:
            kept += [(at, None)] * chance.randint(0, 1)
            continue
        for start, piece in _sectors(at, data):
            if chance.random() < 0.5:
                kept.append((start, piece))
    return kept


def _some_sectors(at: int, data: bytes, chance: random.Random) -> int:
    starts = [start - at for start, _ in _sectors(at, data)]
    return chance.choice([*starts, len(data)])


def _sectors(at: int, data: bytes) -> list[tuple[int, bytes]]:
    """Return a write piece by piece, as the sectors of the disk divide it."""
    first = _SECTOR - at % _SECTOR
    starts = [0, *range(first, len(data), _SECTOR)]
    ends = [*starts[1:], len(data)]
    return [
        (at + start, data[start:end]) for start, end in zip(starts, ends, strict=True)
    ]


_FATES: tuple[Callable[[_Writes, random.Random], _Writes], ...] = (
    _none,
    _all,
    _torn,
    _reordered,
)
