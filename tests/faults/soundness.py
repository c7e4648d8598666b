"""What must hold of a clinic after anything that was done to its program or disk."""

from collections.abc import Iterator, Sequence
from pathlib import Path
from tempfile import TemporaryDirectory

from db import backup_file
from db.backup import faults_of
from db.clinic import KEY_FILE, Clinic
from db.keys import KeyFile
from db.location import FILE_NAME
from db.open_clinic import OpenClinic
from db.store import Store, open_store
from intake.answers import Answers
from intake.audit import AuditFilter
from intake.errors import UserFacingError
from tests.faults.house import ANN, ANNS, BACKUPS, VISIT, backup_in, signed_in
from tests.faults.operations import CHANGES, KEPT_SAVES, changes_of_save

#: In every fault that tells of something promised and lost.
LOST = "was told and is not there"


def faults_after(clinic: Clinic, folder: Path, told: Sequence[str]) -> list[str]:
    """Open a clinic as its owner would, and return what is wrong with it.

    Args:
        clinic: with its programs ended.
        folder: everything of it.
        told: what was said to be done, in order.
    """
    try:
        opened = signed_in(clinic)
    except UserFacingError as error:
        return [f"it does not open: {error.code}"]
    try:
        return [*_wrong(opened, folder, told)]
    except UserFacingError as error:
        return [f"it cannot be read: {error.code}"]
    finally:
        opened.close()


def faults_of_new_clinic(
    clinic: Clinic, folder: Path, told: Sequence[str]
) -> list[str]:
    """Return what is wrong with a clinic that was just set up, without patients."""
    opened = signed_in(clinic)
    try:
        return [*opened.faults(), *opened.store.audit_faults()]
    finally:
        opened.close()


def faults_of_restored_clinic(
    clinic: Clinic, folder: Path, told: Sequence[str]
) -> list[str]:
    """Return what is wrong with a clinic in whose place a backup was put."""
    faults = faults_after(clinic, folder, [])
    opened = signed_in(clinic)
    if opened.store.visit(VISIT).revision != KEPT_SAVES:
        faults.append("what was put back is not what is there")
    if not opened.store.audit_entries(AuditFilter(event="restored")):
        faults.append("that it was put back is not noted")
    opened.close()
    return faults


def _wrong(opened: OpenClinic, folder: Path, told: Sequence[str]) -> Iterator[str]:
    store = opened.store
    yield from opened.faults()
    yield from store.audit_faults()
    yield from half_saves(store)
    yield from _half_signatures(store)
    yield from _not_noted(store)
    saved = [int(line.split()[1]) for line in told if line.startswith("saved")]
    if saved and store.visit(VISIT).revision < saved[-1]:
        yield f"save {saved[-1]} {LOST}"
    yield from _lost_signatures(store, told)
    yield from _lost_backups(folder, told)


def half_saves(store: Store) -> Iterator[str]:
    """Say which saves are there in part."""
    visit, changes = store.visit(VISIT), store.changes_of(VISIT)
    if len(changes) != CHANGES * visit.revision:
        yield f"{len(changes)} changes in {visit.revision} saves"
    expected = [
        (change.question, change.new)
        for number in range(1, visit.revision + 1)
        for change in changes_of_save(number)
    ]
    if [(change.question, change.new) for change in changes] != expected:
        yield "the changes are not those that were made"
    folded = Answers()
    for change in changes:
        if change.old != folded.get(change.question):
            yield "a change does not begin where the one before it ended"
        folded = folded.changed(change.question, change.new)
    if folded.as_dict() != visit.answers.as_dict():
        yield "the changes do not add up to the answers"


def _half_signatures(store: Store) -> Iterator[str]:
    noted = {
        entry.note.subject: entry.note.detail["digest"]
        for entry in store.audit_entries(AuditFilter(event="signed", limit=10_000))
    }
    for visit in store.visits_of("p1"):
        mark = visit.signature
        if (mark is None) != (visit.state != "signed"):
            yield f"visit {visit.id} is half signed"
        if mark is not None and not mark.is_whole:
            yield f"the signature under {visit.id} is not whole"
        if (mark and mark.digest) != noted.get(visit.id):
            yield f"the audit trail and visit {visit.id} tell of other signatures"


def _not_noted(store: Store) -> Iterator[str]:
    noted = store.audit_entries(
        AuditFilter(event="answers_recorded", subject=VISIT, limit=10_000)
    )
    if len(noted) != (saves := store.visit(VISIT).revision):
        yield f"{saves} saves, of which {len(noted)} are noted"


def _lost_signatures(store: Store, told: Sequence[str]) -> Iterator[str]:
    stored = {visit.id: visit for visit in store.visits_of("p1")}
    for line in told:
        if line.startswith("signed "):
            _, name, digest = line.split()
            found = stored.get(name)
            mark = found.signature if found else None
            if mark is None or mark.digest != digest:
                yield f"the signature under {name} {LOST}"


def _lost_backups(folder: Path, told: Sequence[str]) -> Iterator[str]:
    """Say which backups are not there, and which are there and are none."""
    lines = [line.split() for line in told if line.startswith("backed-up")]
    promised = {name: int(saves) for _, name, saves in lines}
    for name in promised:
        if not backup_in(folder, name).exists():
            yield f"backup {name} {LOST}"
    for file in sorted((folder / BACKUPS).glob("*.backup")):
        for fault in _wrong_with_backup(file, promised.get(file.stem, 0)):
            yield f"{file.name} is there: {fault}"


def _wrong_with_backup(backup: Path, saves: int) -> Iterator[str]:
    """Open a backup as on a new computer: with its own keys and a passphrase."""
    with TemporaryDirectory(dir=backup.parent) as scratch:
        keys, records = Path(scratch) / KEY_FILE, Path(scratch) / FILE_NAME
        backup_file.unpack(backup, keys, records)
        key = KeyFile.of_text(keys.read_text()).opened_by(ANNS, ANN.id)
        yield from faults_of(records, key)
        store = open_store(records, key)
        try:
            yield from half_saves(store)
            if store.visit(VISIT).revision < saves:
                yield f"it was told to hold {saves} saves and does not"
        finally:
            store.close()
