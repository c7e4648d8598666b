"""A program that does one operation while its n-th call to the disk fails.

``python -m tests.faults.failing FOLDER OPERATION MODE ERROR [N..]`` under the shim. It
tries every n from 1 until the operation does not get as far any more, or only those
given, each on the clinic of the folder as it was, and prints what is wrong and at last
how many tries there were. One program for all: starting it takes longer than a try.
"""

import ctypes
import errno
import shutil
import sys
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from itertools import count
from pathlib import Path

from db.clinic import Clinic
from db.location import not_writable
from db.open_clinic import OpenClinic
from intake.errors import UserFacingError
from intake.workflow import Workflow
from tests.db.made_up import change, visit
from tests.faults import operations
from tests.faults.house import (
    ANN,
    ANNS,
    BOB,
    VISIT,
    backup_in,
    cheap_passphrases,
    clinic_in,
    signed_in,
)
from tests.faults.operations import KEPT, protocol
from tests.faults.soundness import (
    faults_after,
    faults_of_new_clinic,
    faults_of_restored_clinic,
)

_SHIM = ctypes.CDLL(None)
ONCE, FOR_EVER = "once", "for-ever"
#: Where the clinic that is tried on lies, in the folder.
PREPARED, TRIED, LEFT = "prepared", "tried", "left"


@dataclass(frozen=True, slots=True)
class Try:
    """A clinic, and one thing to do with it while the disk fails.

    `act` returns what is told once it is done. `done` is the code of the refusal where
    it is asked for again and was done, though nothing was told.
    """

    clinic: Clinic
    opened: OpenClinic | None
    act: Callable[[], str]
    done: str = ""
    check: Callable[[Clinic, Path, Sequence[str]], list[str]] = faults_after
    is_new: bool = False


def main() -> None:
    """Try, and print what is wrong."""
    folder, operation, mode, error, *wanted = sys.argv[1:]
    tries = 0
    with cheap_passphrases():
        protocol()
        for n in map(int, wanted) if wanted else count(1):
            is_reached, faults = _tried(
                Path(folder),
                OPERATIONS[operation],
                n,
                mode == FOR_EVER,
                getattr(errno, error),
            )
            for fault in faults:
                print(f"call {n}: {fault}")
            if not is_reached:
                break
            tries += 1
    print(tries)


def _tried(
    folder: Path,
    prepare: Callable[[Path], Try],
    n: int,
    for_ever: bool,
    error: int,
) -> tuple[bool, list[str]]:
    """Do it once with a fault; return whether it came that far, and what is wrong."""
    shutil.rmtree(folder / TRIED, ignore_errors=True)
    shutil.copytree(folder / PREPARED, folder / TRIED)
    one = prepare(folder / TRIED)
    _SHIM.faults_arm(ctypes.c_long(n), int(for_ever), error)
    told, faults = _done(one)
    is_reached = _SHIM.faults_disarm() >= n
    if not told:
        faults += _as_left(one, folder)
        # The disk is well again, and the person asks for it once more.
        told, more = _done(one)
        faults += more if told else [*more, "it cannot be done any more"]
    if one.opened is not None:
        one.opened.close()
    return is_reached, faults + one.check(
        clinic_in(folder / TRIED, 2), folder / TRIED, told
    )


def _as_left(one: Try, folder: Path) -> list[str]:
    """Return what is wrong with a copy of what the failure left."""
    copy = folder / LEFT
    shutil.rmtree(copy, ignore_errors=True)
    shutil.copytree(folder / TRIED, copy)
    clinic = clinic_in(copy, 2)
    if not clinic.is_set_up:
        # So it is asked for again; see there.
        return []
    faults = faults_of_new_clinic if one.is_new else faults_after
    return [f"as left, {fault}" for fault in faults(clinic, copy, [])]


def _done(one: Try) -> tuple[list[str], list[str]]:
    """Return what was told, and what is wrong with the way it ended."""
    try:
        return [one.act()], []
    except UserFacingError as error:
        return ["done before"] if error.code == one.done else [], []
    except Exception as error:  # noqa: BLE001  (any other end is what is looked for)
        return [], [f"it crashed with {error!r}"]


# What is done. Each opens the clinic first, on a disk that is well.


def _save(folder: Path) -> Try:
    clinic = clinic_in(folder, 1)
    opened = signed_in(clinic)
    number = opened.store.visit(VISIT).revision + 1

    def act() -> str:
        operations.save(opened, clinic, number)
        return f"saved {number}"

    return Try(clinic, opened, act)


def _sign(folder: Path) -> Try:
    clinic = clinic_in(folder, 1)
    opened = signed_in(clinic)
    workflow = Workflow(opened.store, protocol(), clinic.clock)
    workflow.open_visit(ANN, visit("s1"))
    workflow.record_examination(ANN, "s1", 0, [change("pain.now", 7)])

    def act() -> str:
        mark = workflow.sign(ANN, "s1", 1).signature
        assert mark is not None
        return f"signed s1 {mark.digest}"

    return Try(clinic, opened, act, done="visit_signed")


def _backup(folder: Path) -> Try:
    """Take one where an older one lies."""
    clinic = clinic_in(folder, 1)
    opened = signed_in(clinic)

    def act() -> str:
        opened.back_up(backup_in(folder, KEPT), ANN.id)
        return f"backed-up {KEPT} {operations.KEPT_SAVES}"

    return Try(clinic, opened, act)


def _broken_backup(folder: Path) -> Try:
    """Write over the older one as a simpler program would: the control."""
    clinic = clinic_in(folder, 1)
    opened = signed_in(clinic)
    content = backup_in(folder, KEPT).read_bytes()

    def act() -> str:
        try:
            with backup_in(folder, KEPT).open("wb") as file:
                for at in range(0, len(content), 4096):
                    file.write(content[at : at + 4096])
                    file.flush()
        except OSError as error:
            raise not_writable() from error
        return f"backed-up {KEPT} {operations.KEPT_SAVES}"

    return Try(clinic, opened, act)


def _set_up(folder: Path) -> Try:
    shutil.rmtree(folder)
    clinic = clinic_in(folder, 1)

    def act() -> str:
        clinic.set_up(ANN, ANNS)[0].close()
        return "set up"

    return Try(clinic, None, act, "already_set_up", faults_of_new_clinic, is_new=True)


def _sign_in(folder: Path) -> Try:
    clinic = clinic_in(folder, 1)

    def act() -> str:
        signed_in(clinic).close()
        return "in"

    return Try(clinic, None, act)


def _restore(folder: Path) -> Try:
    clinic = clinic_in(folder, 1)

    def act() -> str:
        clinic.restore(backup_in(folder, KEPT))
        return "restored"

    return Try(clinic, None, act, check=faults_of_restored_clinic)


def _rekey(folder: Path) -> Try:
    clinic = clinic_in(folder, 1)
    opened = signed_in(clinic)

    def act() -> str:
        opened.shut_out(BOB.id, ANN.id)
        return "shut out"

    return Try(clinic, opened, act)


OPERATIONS: Mapping[str, Callable[[Path], Try]] = {
    "save": _save,
    "sign": _sign,
    "backup": _backup,
    "set-up": _set_up,
    "sign-in": _sign_in,
    "restore": _restore,
    "rekey": _rekey,
    "broken-backup": _broken_backup,
}

if __name__ == "__main__":
    main()
