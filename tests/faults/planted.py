"""Look for what was typed in everything the program leaves on the disk.

A round is the life of one program (`tests.faults.typist`): fifty words typed wherever
something can be typed, then the end by a kill or by an exception that holds patient
data. Its home, its folder for temporary files, its working folder and all it said are
searched for each word and for the recovery code, in the usual encodings; so is the text
of the audit trail. The PDF that was exported is left out: it is what was asked for.
"""

import base64
import os
import subprocess
import sys
from collections.abc import Iterable, Iterator
from contextlib import closing
from pathlib import Path
from tempfile import TemporaryDirectory

from db.clinic import Clinic
from db.location import FILE_NAME
from db.store import open_store
from intake.audit import AuditFilter
from tests.db.made_up import change, patient, visit
from tests.faults.made_up_clinic import TickingClock
from tests.faults.planted_words import CRASHED, words
from ui import draft

_ROOT = Path(__file__).parents[2]
_EXPORTED = "exported.pdf"
_ENDINGS = ("killed", CRASHED)


def run(rounds: int, seed: int) -> list[str]:
    """Live so many lives; return where something typed was found."""
    return [
        f"seed {seed}, round {number}, {_ENDINGS[number % 2]}: {fault}"
        for number in range(rounds)
        for fault in _life(f"{seed}.{number}", _ENDINGS[number % 2])
    ]


def control(rounds: int, seed: int) -> list[str]:
    """Store the same words in the clear, where they have to be found."""
    with TemporaryDirectory() as place:
        home, typed = Path(place), words(f"{seed}")
        with closing(open_store(home / FILE_NAME, None)) as store:
            store.register(patient(family_name=typed[0], phone=typed[1]))
            store.open_visit(visit())
            changes = [change(f"q{n}", word) for n, word in enumerate(typed[2:40])]
            store.record("v1", 0, changes)
            waiting = [change(f"q{n}", word) for n, word in enumerate(typed[40:])]
            draft.write(home, [draft.Changes("v1", 1, waiting)])
            # While it is open: the write-ahead log is there.
            return list(_found_in(home, typed))


def _life(seed: str, ending: str) -> Iterator[str]:
    typed = words(seed)
    with TemporaryDirectory() as place:
        home = Path(place)
        code, how = _lived(home, seed, ending)
        if how >= 0:
            yield f"the program ended by itself, with {how}"
            return
        for name in (draft.FILE_NAME, f"{FILE_NAME}-wal", FILE_NAME):
            if not (home / "data" / name).exists():
                yield f"nothing was searched: {name} is not there"
        if not (home / "backup").exists() or not (home / _EXPORTED).exists():
            yield "nothing was searched: there is no backup or no export"
        yield from _found_in(home, [*typed, code, code.replace("-", "")])
        yield from _told_by_the_audit(home, typed)


def _lived(home: Path, seed: str, ending: str) -> tuple[str, int]:
    """Run the program in a home of its own; return the recovery code and its end."""
    places = {name: home / name for name in ("tmp", "state", "config", "cache", "here")}
    for place in places.values():
        place.mkdir()
    environment = {
        **os.environ,
        "HOME": str(home),
        "TMPDIR": str(places["tmp"]),
        "XDG_STATE_HOME": str(places["state"]),
        "XDG_CONFIG_HOME": str(places["config"]),
        "XDG_CACHE_HOME": str(places["cache"]),
        "PYTHONPATH": str(_ROOT),
        "QT_QPA_PLATFORM": "offscreen",
    }
    command = [sys.executable, "-m", "tests.faults.typist", str(home), seed, ending]
    with (home / "said").open("wb") as said:
        done = subprocess.run(
            command,
            env=environment,
            cwd=places["here"],
            stdout=subprocess.PIPE,
            stderr=said,
            text=True,
            timeout=120,
            check=False,
        )
    return done.stdout.strip(), done.returncode


def _found_in(home: Path, typed: Iterable[str]) -> Iterator[str]:
    """Give each file that a word stands in, and its name."""
    files = [p for p in home.rglob("*") if p.name != _EXPORTED]
    contents = {p: p.read_bytes() for p in files if p.is_file()}
    for number, word in enumerate(typed):
        for path, content in contents.items():
            if word in path.name or any(form in content for form in _forms(word)):
                yield f"word {number} stands in {path.relative_to(home)}"


def _forms(word: str) -> Iterator[bytes]:
    """Give a word as it could be written down."""
    yield word.encode()
    yield word.lower().encode()
    for encoding in ("utf-16-le", "utf-16-be"):
        yield word.encode(encoding)
    yield word.encode().hex().encode()
    # In the middle of other text: without the ends, which depend on what is around.
    for before in range(3):
        yield base64.b64encode(b" " * before + word.encode())[4:-4]


def _told_by_the_audit(home: Path, typed: list[str]) -> Iterator[str]:
    """Sign in with the passphrase, which was the word typed first, and look."""
    clinic = Clinic(home / "data", TickingClock())
    (owner,) = clinic.staff()
    with closing(clinic.sign_in(owner.id, typed[-1])) as opened:
        told = repr(opened.store.audit_entries(AuditFilter(limit=10_000)))
        if "sign_in_failed" not in told or "registered" not in told:
            yield "nothing was searched: the audit trail tells of nothing"
        for number, word in enumerate(typed):
            if word in told:
                yield f"word {number} stands in the audit trail"
