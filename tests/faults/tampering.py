"""Alter the audit trail by hand, and look whether the program says so.

The hand has the records' key (every slot of the key file gives it) and the file with
its triggers gone, but neither the key of the MACs nor the head outside the folder. Each
trial then signs in, since the program does, verifies, works on, and verifies again:
no note of the program may cover the hand's traces up.

What cannot be seen: an older copy of the whole folder together with an older head
outside. Whoever can write there, too, has rolled back everything there is to compare.
"""

import json
import random
import shutil
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import closing
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from db.clinic import HEAD_FILE, KEY_FILE, Clinic
from db.head_files import write_head
from db.keys import KeyFile, derived
from db.location import FILE_NAME
from intake.audit import AuditNote, Head, entry_after
from intake.errors import UserFacingError
from intake.workflow import Workflow
from tests.db.made_up import raw
from tests.faults.made_up_clinic import (
    ANN,
    DEE,
    KIM,
    TickingClock,
    answer,
    new_house,
    protocol,
)

_COPIES = 6
_COLUMNS = ("event", "who", "role", "at", "at_utc", "subject", "detail", "mac")
_HAND_WRITTEN = (
    "", "bob", "signed", "2026-11-24T09:31:00+00:00", "2026-11-25T09:00:09Z", "null",
    "[]", '{"x":', '{"x": 1}', "no hexadecimal", "00" * 32, "[" * 5000, b"\x00\xff",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Scene:
    """A clinic's folder as it is now, older copies of it, and what the hand knows."""

    folder: Path
    outside: Path
    older: tuple[Path, ...]
    key: bytes
    keys: KeyFile

    @property
    def audit_key(self) -> bytes:
        """Return what the hand does not know, but in the control."""
        return bytes.fromhex(self.keys.secret(self.key, "audit") or "")


#: A connection of another program's; the driver tells no types.
Hand = Any
Tamper = Callable[[random.Random, Hand, Scene], None]


def run(rounds: int, seed: int, ways: Iterable[str] | None = None) -> list[str]:
    """Tamper so often in each way, or in some; return what was not noticed."""
    return [
        fault for way in ways or WAYS for fault in _tried(way, WAYS[way], rounds, seed)
    ]


def control(rounds: int, seed: int) -> list[str]:
    """Tamper where it cannot be noticed: nothing outside, or the MACs' key known."""
    ways: Mapping[str, Tamper] = {"roll back": _roll_back, "rebuild": _rebuild_knowing}
    return [
        fault
        for way in ways
        for fault in _tried(way, ways[way], rounds, seed, has_outside=False)
    ]


def _tried(
    way: str, tamper: Tamper, rounds: int, seed: int, *, has_outside: bool = True
) -> Iterator[str]:
    chance = random.Random(f"{seed} {way}")
    with TemporaryDirectory() as place:
        scene = _scene(Path(place))
        for number in range(rounds):
            trial = Path(place) / "trial"
            shutil.rmtree(trial, ignore_errors=True)
            here = Scene(
                trial / "clinic", trial / "head", scene.older, scene.key, scene.keys
            )
            shutil.copytree(scene.folder, here.folder)
            shutil.copy(scene.outside, here.outside)
            with closing(raw(here.folder / FILE_NAME, scene.key)) as hand:
                for act in ("update", "delete"):
                    hand.execute(f"DROP TRIGGER audit_no_{act}")
                tamper(chance, hand, here)
            if fault := _noticed(here, has_outside=has_outside):
                yield f"{way}, seed {seed}, trial {number}: {fault}"


def _noticed(scene: Scene, *, has_outside: bool) -> str:
    """Sign in, verify, work, verify; return what went wrong with noticing."""
    heads = [scene.outside] if has_outside else []
    clinic = Clinic(scene.folder, TickingClock(), heads)
    try:
        # As `Clinic.sign_in` does it, but for the slow look at the passphrase.
        opened = clinic.opened_with(scene.key, scene.keys)
    except UserFacingError:
        return ""
    try:
        opened.admit(ANN.id)
        workflow = Workflow(opened.store, protocol(), clinic.clock)
        if not workflow.verify_audit(ANN):
            return "not noticed"
        work = AuditNote("patient_read", DEE.id, clinic.clock.now(), "desk", "p1")
        for _ in range(3):
            opened.store.note([work] * 20)
        if not workflow.verify_audit(ANN):
            return "covered up by working on"
        workflow.read_audit(ANN)
    except Exception as error:  # noqa: BLE001  (any is a finding)
        return f"the program fell over: {type(error).__name__}"
    finally:
        opened.close()
    return ""


def _scene(place: Path) -> Scene:
    """Make a clinic in use, and copies of its folder from earlier in its life."""
    folder, outside = place / "clinic", place / "head"
    house = new_house(folder, outside)
    key, older = house.opened.keys.key, []
    keys = KeyFile.of_text((folder / KEY_FILE).read_text())
    house.opened.close()
    for copy in range(_COPIES):
        shutil.copytree(folder, place / f"older{copy}")
        older.append(place / f"older{copy}")
        clinic = Clinic(folder, house.clinic.clock, [outside])
        opened = clinic.opened_with(key, keys)
        workflow = Workflow(opened.store, protocol(), clinic.clock)
        workflow.read_visit(DEE, "v2")
        change = answer("pain.now", copy, KIM, 100 + copy)
        workflow.record_history(KIM, "v1", 2 + copy, [change])
        opened.close()
    return Scene(folder, outside, tuple(older), key, keys)


# the hand's ways


def _length(hand: Hand) -> int:
    return int(hand.execute("SELECT max(number) FROM audit").fetchone()[0])


def _set_head(hand: Hand, count: int) -> None:
    """Make the head in the file fit what is left, as whoever knows it would."""
    (mac,) = hand.execute("SELECT mac FROM audit WHERE number = ?", [count]).fetchone()
    hand.execute("UPDATE audit_head SET count = ?, mac = ?", [count, mac])


def _move(hand: Hand, first: int, by: int) -> None:
    """Renumber all from an entry on; by way of the negative, as numbers are unique."""
    hand.execute("UPDATE audit SET number = -number - ? WHERE number >= ?", [by, first])
    hand.execute("UPDATE audit SET number = -number WHERE number < 0")


def _edit(chance: random.Random, hand: Hand, scene: Scene) -> None:
    column, number = chance.choice(_COLUMNS), chance.randint(1, _length(hand))
    others = hand.execute(f"SELECT {column} FROM audit")  # noqa: S608  (of our own)
    values = [*_HAND_WRITTEN, *(value for (value,) in others)]
    query = (
        f"UPDATE audit SET {column} = ?1 "  # noqa: S608  (of our own)
        f"WHERE number = ?2 AND {column} <> ?1"
    )
    while not hand.execute(query, [chance.choice(values), number]).rowcount:
        pass


def _delete(chance: random.Random, hand: Hand, scene: Scene) -> None:
    number = chance.randint(1, _length(hand))
    hand.execute("DELETE FROM audit WHERE number = ?", [number])
    if chance.random() < 0.5 and number < _length(hand):
        _move(hand, number + 1, -1)
        _set_head(hand, _length(hand))


def _insert(chance: random.Random, hand: Hand, scene: Scene) -> None:
    number = chance.randint(1, _length(hand) + 1)
    _move(hand, number, 1)
    like = chance.choice([n for n in range(1, _length(hand) + 1) if n != number])
    mac = chance.choice([None, chance.randbytes(32).hex(), ""])
    hand.execute(
        "INSERT INTO audit SELECT ?, event, 'kim', role, at, at_utc, subject, detail, "
        "coalesce(?, mac) FROM audit WHERE number = ?",
        [number, mac, like],
    )
    if chance.random() < 0.5:
        _set_head(hand, _length(hand))


def _reorder(chance: random.Random, hand: Hand, scene: Scene) -> None:
    one, other = chance.sample(range(1, _length(hand) + 1), 2)
    for before, after in ((one, -1), (other, one), (-1, other)):
        hand.execute("UPDATE audit SET number = ? WHERE number = ?", [after, before])
    if chance.random() < 0.5:
        _set_head(hand, _length(hand))


def _truncate(chance: random.Random, hand: Hand, scene: Scene) -> None:
    left = chance.randint(0, _length(hand) - 1)
    hand.execute("DELETE FROM audit WHERE number > ?", [left])
    if left == 0:
        hand.execute("DELETE FROM audit_head")
    elif chance.random() < 0.7:
        _set_head(hand, left)


def _rebuild_guessing(chance: random.Random, hand: Hand, scene: Scene) -> None:
    guesses = [
        scene.key, derived(scene.key, "audit"), b"", b"\0" * 32, chance.randbytes(32),
    ]  # fmt: skip
    _rebuild(chance, hand, scene, chance.choice(guesses))


def _rebuild_knowing(chance: random.Random, hand: Hand, scene: Scene) -> None:
    _rebuild(chance, hand, scene, scene.audit_key)


def _rebuild(chance: random.Random, hand: Hand, scene: Scene, key: bytes) -> None:
    """Edit one entry, chain all from there anew, and make the heads at hand fit."""
    first = chance.randint(1, _length(hand))
    hand.execute("UPDATE audit SET who = 'bob' WHERE number = ?", [first])
    before = hand.execute("SELECT mac FROM audit WHERE number = ?", [first - 1])
    (mac,) = before.fetchone() or ("",)
    head = Head(first - 1, bytes.fromhex(mac))
    rows = hand.execute(
        "SELECT event, who, at, role, subject, detail FROM audit WHERE number >= ? "
        "ORDER BY number",
        [first],
    ).fetchall()
    for event, who, at, role, subject, detail in rows:
        moment = datetime.fromisoformat(at)
        note = AuditNote(event, who, moment, role, subject, json.loads(detail))
        entry = entry_after(key, head, note)
        head = Head(entry.number, entry.mac)
        hand.execute(
            "UPDATE audit SET mac = ? WHERE number = ?", [entry.mac.hex(), entry.number]
        )
    _set_head(hand, head.count)
    (scene.folder / HEAD_FILE).unlink()
    write_head(scene.folder / HEAD_FILE, head)


def _roll_back(chance: random.Random, hand: Hand, scene: Scene) -> None:
    older = chance.choice(scene.older)
    hand.close()
    if chance.random() < 0.5:
        shutil.rmtree(scene.folder)
        shutil.copytree(older, scene.folder)
    else:
        shutil.copy(older / FILE_NAME, scene.folder / FILE_NAME)


WAYS: Mapping[str, Tamper] = {
    "edit": _edit,
    "delete": _delete,
    "insert": _insert,
    "reorder": _reorder,
    "truncate": _truncate,
    "rebuild": _rebuild_guessing,
    "roll back": _roll_back,
}
