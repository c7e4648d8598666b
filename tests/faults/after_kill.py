"""What must hold after a killed restore, new key or migration."""

import shutil
from collections.abc import Iterator, Sequence
from contextlib import closing
from pathlib import Path

from db import backup, kept_backups
from db.location import FILE_NAME
from db.migrate import HEAD
from db.store import open_store
from tests.db.made_up import KEY, raw
from tests.faults.house import BOB, VISIT, clinic_in, signed_in
from tests.faults.operations import KEPT_SAVES
from tests.faults.soundness import faults_after, half_saves

_LATER = 1000
#: The answers in the records of the first version.
_OLD_ANSWERS = ["no", "yes", 7, "stabbing, “like a knife”"]


def faults_of_restores(folder: Path, told: Sequence[str]) -> list[str]:
    """The records are the old ones or those put back; what was saved is in either."""
    clinic = clinic_in(folder, _LATER)
    faults = faults_after(clinic, folder, [])
    if faults:
        return faults
    opened = signed_in(clinic)
    saves, key = opened.store.visit(VISIT).revision, opened.keys.key
    opened.close()
    if saves not in (KEPT_SAVES, KEPT_SAVES + 1):
        faults.append(f"there are {saves} saves")
    if told and told[-1].startswith("saved") and saves == KEPT_SAVES:
        # The next restore has put them aside.
        named = clinic.folder.glob("clinic.db-before-restore-*")
        aside = max(path for path in named if path.name[-1].isdigit())
        store = open_store(aside, key)
        if store.visit(VISIT).revision <= KEPT_SAVES:
            faults.append("a save was told and is not in what was put aside")
        faults += half_saves(store)
        store.close()
    return faults


def faults_of_new_keys(folder: Path, told: Sequence[str]) -> list[str]:
    """The records open with the key file there is; who was shut out stays out."""
    clinic = clinic_in(folder, _LATER)
    faults = faults_after(clinic, folder, told)
    if told[-1] == "shut out" and BOB.id in [one.id for one in clinic.staff()]:
        faults.append("who was shut out is still let in")
    return faults


def faults_of_migrations(folder: Path, told: Sequence[str]) -> list[str]:
    """Every file is of the old version or of ours, and holds what it held."""
    promised = [line.split()[1] for line in told]
    faults = [
        f"{name} was told to be migrated and is not"
        for name in promised
        if _revision(folder / name / "clinic.db") != HEAD
    ]
    # Once more, from the oldest: what was killed is migrated now.
    for file in sorted(folder.glob("*-*/clinic.db")):
        faults += _wrong_with(file)
        for kept in (file.parent / kept_backups.FOLDER).glob("*.backup"):
            again = file.parent / f"again-{kept.stem}"
            if backup.put_back(kept, again, "before").schema == HEAD:
                faults.append("the backup is not of what was before")
            faults += _wrong_with(again / FILE_NAME)
        shutil.rmtree(file.parent)
    return faults


def _wrong_with(file: Path) -> Iterator[str]:
    store = open_store(file, KEY)
    (found,) = store.find_patients("lopez")
    (visit,) = store.visits_of(found.id)
    if [change.new for change in store.changes_of(visit.id)] != _OLD_ANSWERS:
        yield f"{file.name} does not hold what it held"
    if visit.answers["pain.now"] != _OLD_ANSWERS[2]:
        yield f"the answers in {file.name} are others"
    store.close()
    if _revision(file) != HEAD:
        yield f"{file.name} was not migrated"


def _revision(file: Path) -> str:
    with closing(raw(file)) as plain:
        (revision,) = plain.execute(
            "SELECT version_num FROM alembic_version"
        ).fetchone()
        return str(revision)
