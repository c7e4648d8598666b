"""Somebody at the desk tries to get at what is the clinician's or the owner's.

Each attempt has to fail and to be written down: as `refused` in the audit trail, or,
where it fails at the door, in the count of wrong passphrases. What the desk may read
is looked through for what it may not. The control makes the same calls as the owner,
who is a clinician too, and gets through.

What cannot be tried here: a program of one's own with a passphrase in hand reads the
whole file (docs/decisions/0009-keys.md). And a key file from before a passphrase was
changed takes the older one, until somebody is shut out, which renews the records' key.
"""

import json
import random
from collections.abc import Callable, Iterator, Mapping
from contextlib import closing
from dataclasses import dataclass, replace
from datetime import timedelta
from functools import partial
from hashlib import sha256
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, get_args

from db.clinic import ATTEMPTS_FILE, KEY_FILE
from db.location import FILE_NAME
from intake.answers import Answers
from intake.audit import AuditFilter
from intake.errors import UserFacingError
from intake.people import PERMISSIONS, NotPermittedError, Person, PersonRole
from intake.ports import ConflictError
from intake.signing import AddendumKind
from intake.visit import Signature
from intake.workflow import Workflow
from tests.db.made_up import MORNING, raw, visit
from tests.faults.made_up_clinic import (
    ANN,
    DEE,
    KIM,
    PASSPHRASES,
    House,
    TickingClock,
    answer,
    new_house,
    protocol,
)  # fmt: skip

LEE = Person("lee", "Lee Low", frozenset({"desk"}))
_LEES = "a bicycle in the rain"
#: What the clinician found, in words that stand nowhere else.
_FOUND = "QUITEUNWELL"
_ROLES: tuple[frozenset[PersonRole], ...] = (
    frozenset({"clinician"}), frozenset({"owner"}), frozenset({"desk", "clinician"}),
)  # fmt: skip
_IDS = ("v1", "v2", "", "v1' OR 1=1 --", "p1", "nobody", "%", "V1", "v1\0", "\ud800")
_SEARCHES = (
    "%", "_", "' OR '1'='1", "doe' UNION SELECT answers FROM visits --", "\\", "\0",
    '"; DROP TABLE visits; --', _FOUND, "exam.chaperone", "((((", "%' ESCAPE '", "*",
    "\ud800", "a" * 5000, "doe " * 300, "1 1 1 1 1 1 1 1", "0001-01-01", "\u202e",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Try:
    """One attempt: who makes it, where, and by which chances."""

    house: House
    by: Person
    chance: random.Random
    old_keys: bytes

    @property
    def folder(self) -> Path:
        return self.house.clinic.folder


Attempt = Callable[[Try], str]


def run(rounds: int, seed: int) -> list[str]:
    """Make so many attempts at the desk; return those that got through or unseen."""
    return list(_tried(rounds, seed, DEE, ATTEMPTS))


def control(rounds: int, seed: int) -> list[str]:
    """Make the same calls as the owner; return those that got through."""
    return list(_tried(rounds, seed, ANN, ATTEMPTS_ON_RECORDS))


def _tried(
    rounds: int, seed: int, by: Person, attempts: Mapping[str, Attempt]
) -> Iterator[str]:
    chance = random.Random(seed)
    with TemporaryDirectory() as place:
        house, old_keys = _prepared(Path(place))
        for number in range(rounds):
            name = list(attempts)[number % len(attempts)]
            one = Try(house, by, chance, old_keys)
            before = _stored(one)
            fault = attempts[name](one)
            if not fault and _stored(one) != before:
                fault = "the records are not what they were"
            if fault:
                yield f"{name}, seed {seed}, attempt {number}: {fault}"
        if faults := house.opened.store.audit_faults():
            yield f"the audit trail: {faults[0]}"
        house.opened.close()


def _prepared(place: Path) -> tuple[House, bytes]:
    """Return a house, and its key file from before Lee was shut out."""
    house = new_house(place / "clinic", place / "head")
    workflow, opened = house.workflow, house.opened
    found = [answer("exam.chaperone", _FOUND, KIM, 9)]
    workflow.record_examination(KIM, "v1", 2, found)
    workflow.add_person(ANN, LEE)
    opened.give_passphrase(LEE, _LEES, by="ann")
    old_keys = (place / "clinic" / KEY_FILE).read_bytes()
    workflow.remove_person(ANN, LEE.id)
    opened.shut_out(LEE.id, by="ann")
    return house, old_keys


def _stored(one: Try) -> str:
    """Return a digest of everything but the audit trail."""
    path, digest = one.folder / FILE_NAME, sha256()
    with closing(raw(path, one.house.opened.keys.key)) as records:
        for table in ("patients", "visits", "answer_changes", "addenda", "people"):
            rows = records.execute(f"SELECT * FROM {table}")  # noqa: S608  (of our own)
            digest.update(repr(rows.fetchall()).encode())
    return digest.hexdigest()


def _refused(one: Try, call: Callable[[], object]) -> str:
    """Return what is wrong when a call is not refused, or not written down."""
    store = one.house.opened.store
    before = len(store.audit_entries(AuditFilter(event="refused", limit=10_000)))
    try:
        call()
    except NotPermittedError:
        after = store.audit_entries(AuditFilter(event="refused", limit=10_000))
        return "" if len(after) == before + 1 else "refused, and not written down"
    except (UserFacingError, KeyError, ValueError) as error:
        return f"not refused, but {type(error).__name__}"
    return "done"


# the use cases that are not the desk's, with anything


def _use_case(one: Try) -> str:
    flow, by = one.house.workflow, one.by
    name = one.chance.choice(_IDS)
    revision = one.chance.randint(-1, 5)
    everything: frozenset[PersonRole] = frozenset({"owner", "clinician"})
    kinds: tuple[AddendumKind, ...] = get_args(AddendumKind)
    kind = one.chance.choice(kinds)
    change = [answer("pain.now", 1, by, 50)]
    calls: list[Callable[[], object]] = [
        lambda: flow.record_examination(by, name, revision, change),
        lambda: flow.sign(by, name, revision),
        lambda: flow.add_addendum(by, name, kind, text="x", answers={"pain.now": 0}),
        lambda: flow.read_audit(by, AuditFilter(subject=name)),
        lambda: flow.verify_audit(by),
        lambda: flow.add_person(by, Person(name, "Eve", everything)),
        lambda: flow.change_person(by, replace(DEE, roles=everything)),
        lambda: flow.remove_person(by, KIM.id),
        *(
            partial(flow.require, by, wanted)
            for wanted, roles in PERMISSIONS.items()
            if "desk" not in roles
        ),
    ]
    if by is not DEE:
        calls = calls[:5]
    return _refused(one, one.chance.choice(calls))


def _disguised(one: Try) -> str:
    """Record the examination as history: as it is, among history, or misspelt."""
    asked = protocol().questions
    # A yes fits these: where it gets through, the control goes on with sound answers.
    flags = [q for q in asked.values() if q.kind == "flag"]
    theirs = [q.id for q in flags if q.who == "clinician"]
    question = one.chance.choice(theirs)
    shapes = (
        question, question.upper(), f" {question}", f"{question}.left",
        f"{question}\0", question.replace("e", "\u0435"), f"pain.now/{question}", "",
    )  # fmt: skip
    shape = question if one.by is not DEE else one.chance.choice(shapes)
    if shape in asked and asked[shape].who != "clinician":
        shape = question
    changes = [
        answer("pain.now", one.chance.randint(0, 10), one.by, 60),
        answer(shape, "yes", one.by, 61),
    ]
    one.chance.shuffle(changes)
    changes = changes[: 1 + one.chance.randrange(2)]
    if all(change.question != shape for change in changes):
        changes = [answer(shape, "yes", one.by, 62)]
    name, revision = one.chance.choice(("v1", "v2")), one.chance.randint(0, 5)
    flow = one.house.workflow
    return _refused(one, lambda: flow.record_history(one.by, name, revision, changes))


def _made_up_person(one: Try) -> str:
    """Claim more roles than are stored, in a name of one's own or of nobody."""
    roles = one.chance.choice(_ROLES)
    claimed = one.chance.choice(
        (
            replace(one.by, roles=roles),
            Person("nobody", "Nobody", roles),
            Person("", "", roles),
            replace(LEE, roles=roles, is_active=True),
        )
    )
    claimed = one.by if one.by is not DEE else claimed
    flow = one.house.workflow
    change = [answer("exam.looks_unwell", "no", claimed, 70)]
    calls: tuple[Callable[[], object], ...] = (
        lambda: flow.sign(claimed, "v1", 3),
        lambda: flow.record_history(claimed, "v1", 3, change),
        lambda: flow.read_audit(claimed),
        lambda: flow.add_person(claimed, replace(LEE, id=f"eve{one.chance.random()}")),
    )
    return _refused(one, one.chance.choice(calls))


def _full_visit(one: Try) -> str:
    """Open a visit that has answers or a signature already."""
    mark = Signature("{}", sha256(b"{}").hexdigest(), "kim", "Dr. Kim", MORNING)
    brought: dict[str, Any] = one.chance.choice(
        (
            {"answers": Answers({"exam.looks_unwell": "no"})},
            {"answers": Answers({"pain.now": 1})},
            {"signature": mark},
            {"signature": mark, "state": "signed"},
            {"state": "signed"},
            {"revision": 7},
        )
    )
    new = visit(f"new{one.chance.random()}", **(brought if one.by is DEE else {}))
    return _refused(one, lambda: one.house.workflow.open_visit(one.by, new))


# reading


def _reading(one: Try) -> str:
    """Read everything the desk may, and look for what the clinician found."""
    flow, by = one.house.workflow, one.by

    def in_conflict() -> object:
        try:
            return flow.record_history(by, "v1", 0, [answer("pain.now", 2, by, 80)])
        except ConflictError as error:
            return error.stored, error.conflicts
        except UserFacingError as error:
            return error.text

    name = one.chance.choice(("v1", "v2"))
    calls: tuple[Callable[[], object], ...] = (
        lambda: flow.read_visit(by, name),
        lambda: flow.visits_of(by, "p1"),
        lambda: flow.changes_of(by, name),
        lambda: flow.list_visits(by),
        lambda: flow.read_patient(by, "p1"),
        lambda: flow.record_history(by, name, 0, []),
        in_conflict,
    )
    told = repr(_plainly(one.chance.choice(calls)()))
    seen = [word for word in (_FOUND, "exam.", "tier", "signer") if word in told]
    return f"tells of {seen}" if seen else ""


def _plainly(told: object) -> object:
    """Return what was read with the answers spelt out; their own repr shows none."""
    if isinstance(told, list | tuple):
        return [_plainly(part) for part in told]
    answers = getattr(told, "answers", None)
    return (told, answers.as_dict()) if isinstance(answers, Answers) else told


def _search(one: Try) -> str:
    text = one.chance.choice(_SEARCHES)
    found = one.house.workflow.find_patients(one.by, text, one.chance.randint(0, 9))
    strange = [patient for patient in found if patient.id != "p1"]
    return "finds what is no patient" if strange else ""


# at the door


def _locked_out(one: Try, who: str, passphrase: str) -> str:
    """Return what is wrong unless a sign-in fails and is counted."""
    clock = one.house.clinic.clock
    assert isinstance(clock, TickingClock)
    # Past every wait: each try is to reach the key file.
    clock.at += timedelta(minutes=16)
    before = _counted(one, who)
    try:
        one.house.clinic.sign_in(who, passphrase).close()
    except UserFacingError as error:
        counted = _counted(one, who) > before
        if error.code == "wrong_passphrase" and not counted:
            return "failed, and not counted"
        return ""
    return f"signed in as {who}"


def _counted(one: Try, who: str) -> int:
    file = one.folder / ATTEMPTS_FILE
    return int(json.loads(file.read_text()).get(who, [0])[0]) if file.exists() else 0


def _others_slot(one: Try) -> str:
    who = one.chance.choice(("kim", "ann", "nobody", "", "lee", "dee "))
    return _locked_out(one, who, PASSPHRASES["dee"])


def _edited_keys(one: Try) -> str:
    """Edit the key file so that one's own passphrase should open another's slot."""
    file = one.folder / KEY_FILE
    text = file.read_text()
    table = json.loads(text)
    slots = {slot["owner"]: slot for slot in table["slots"]}
    mine, theirs = slots["dee"], slots[one.chance.choice(("kim", "ann"))]
    who = theirs["owner"]
    how = one.chance.choice(("owner", "lock", "private", "copy", "kind"))
    if how == "owner":
        mine["owner"], theirs["owner"] = who, "dee"
    elif how == "lock":
        theirs.update({k: mine[k] for k in ("salt", "private")})
    elif how == "private":
        theirs.update({k: mine[k] for k in ("salt", "private", "public", "sealed")})
    elif how == "copy":
        table["slots"].insert(0, {**mine, "owner": who, "is_owner": True})
    else:
        mine.update(kind="recovery", owner="")
    _write_by_hand(file, table)
    try:
        return _locked_out(one, who, PASSPHRASES["dee"])
    finally:
        file.write_text(text)


def _write_by_hand(file: Path, table: dict[str, object]) -> None:
    """Write a key file without its sum, which shows damage and no hand."""
    file.write_text(json.dumps({k: v for k, v in table.items() if k != "sum"}))


def _renamed_slot(one: Try) -> str:
    """Call oneself owner, or by another's name, in the key file: it gives no role."""
    file = one.folder / KEY_FILE
    text = file.read_text()
    table = json.loads(text)
    for slot in table["slots"]:
        if slot["owner"] == "dee":
            slot.update(is_owner=True, name=one.chance.choice(("Ann Ash", "Dr. Kim")))
    _write_by_hand(file, table)
    try:
        opened = one.house.clinic.sign_in("dee", PASSPHRASES["dee"])
    finally:
        file.write_text(text)
    with closing(opened):
        person = opened.person("dee")
        flow = Workflow(opened.store, protocol(), one.house.clinic.clock)
        return _refused(one, lambda: flow.sign(person, "v1", 3))


def _old_keys(one: Try) -> str:
    """Put the key file back that still had somebody's slot who left."""
    file = one.folder / KEY_FILE
    now = file.read_bytes()
    file.write_bytes(one.old_keys)
    try:
        return _locked_out(one, "lee", _LEES)
    finally:
        file.write_bytes(now)


ATTEMPTS_ON_RECORDS: Mapping[str, Attempt] = {
    "a use case of others": _use_case,
    "examination as history": _disguised,
    "a made-up person": _made_up_person,
    "a visit that is not new": _full_visit,
    "reading": _reading,
}
ATTEMPTS: Mapping[str, Attempt] = {
    **ATTEMPTS_ON_RECORDS,
    "a search": _search,
    "another's slot": _others_slot,
    "an edited key file": _edited_keys,
    "a renamed slot": _renamed_slot,
    "an old key file": _old_keys,
}
