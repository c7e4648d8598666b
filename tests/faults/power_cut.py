"""Cut the power while the program saves, signs, backs up or gives a new key.

A program works on the real, encrypted records under the shim, which logs every call.
From the log, the disk as it may be after a cut is rebuilt again and again and opened
with the real program. This shows a sync that is missing or comes too late, which a
killed program cannot show. It cannot show a disk that lies about a sync.
"""

import random
import shutil
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

from tests.faults import shim
from tests.faults.disk import Disk
from tests.faults.disk_log import Call, calls_in, told_in
from tests.faults.house import cheap_passphrases, clinic_in, set_up
from tests.faults.report import Report
from tests.faults.soundness import LOST, faults_after
from tests.faults.worker import UNSYNCED

_ROOT = Path(__file__).parents[2]
#: How much each operation tells before its program ends; a write-ahead log is emptied
#: in between by the longest.
WORDS = {"save": 150, "sign": 16, "backup": 16, "rekey": 12}
_CONTROL_CUTS = 40


@dataclass(frozen=True, slots=True)
class Recording:
    """What a program did to the disk. `before` holds the folder as it was."""

    before: Path
    folder: Path
    calls: list[Call]


def record(
    library: Path, scratch: Path, operation: str, words: int, *, unsynced: bool = False
) -> Recording:
    """Let a program work under the shim, in a new folder below `scratch`."""
    name = f"{operation}-{UNSYNCED}" if unsynced else operation
    folder, before = scratch / name, scratch / f"{name}-before"
    with cheap_passphrases():
        set_up(folder)
    shutil.copytree(folder, before)
    log = scratch / f"{name}.log"
    switches = [UNSYNCED] if unsynced else []
    subprocess.run(
        [
            *(sys.executable, "-P", "-m", "tests.faults.worker"),
            *(str(folder), operation, str(words), *switches),
        ],
        env=shim.environment(library, folder, log),
        cwd=_ROOT,
        check=True,
        stdout=subprocess.DEVNULL,
    )
    calls = list(calls_in(log))
    assert len(told_in(calls)) == words
    # As if the program had worked in the copy: the disk is rebuilt from there.
    return Recording(before, folder, calls)


def cuts(recording: Recording, count: int, chance: random.Random) -> Iterator[str]:
    """Cut the power so many times; give what is wrong after each, in one line."""
    moments = sorted(chance.randrange(len(recording.calls) + 1) for _ in range(count))
    disk = Disk(recording.before, seen_at=recording.folder)
    at = 0
    for moment in moments:
        for call in recording.calls[at:moment]:
            disk.follow(call)
        at = moment
        told = told_in(recording.calls[:moment])
        with TemporaryDirectory() as image, cheap_passphrases():
            disk.cut(chance, Path(image))
            found = faults_after(clinic_in(Path(image), 2), Path(image), told)
        yield f"cut at call {moment}: {'; '.join(found)}" if found else ""


def run(scratch: Path, count: int, chance: random.Random) -> Report:
    """Cut the power `count` times, and then without syncs until something is lost."""
    library = shim.built_in(scratch)
    faults: list[str] = []
    figures: list[str] = []
    for operation, words in WORDS.items():
        recording = record(library, scratch, operation, words)
        share = -(-count // len(WORDS))
        found = [line for line in cuts(recording, share, chance) if line]
        faults += [f"{operation}, {line}" for line in found]
        figures.append(
            f"{operation}: {share} cuts among {len(recording.calls)} calls, "
            f"{len(found)} with a fault"
        )
    broken = record(library, scratch, "save", WORDS["save"], unsynced=True)
    lost = [line for line in cuts(broken, _CONTROL_CUTS, chance) if LOST in line]
    figures.append(
        f"without syncs: {len(lost)} of {_CONTROL_CUTS} cuts lost a save that was told"
    )
    return Report(faults, figures, {"synchronous=OFF": bool(lost)})
