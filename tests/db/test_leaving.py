"""People come, forget passphrases and leave; broken off anywhere, nothing is wrong."""

import itertools
import pkgutil
import threading
from collections.abc import Callable
from contextlib import suppress
from datetime import timedelta

import pytest

from db.clinic import KEY_FILE, Clinic
from db.keys import KeyFile
from db.open_clinic import OpenClinic
from db.store import Store
from intake.audit import AuditEntry, AuditFilter, Event
from intake.errors import InputRefusedError, UserFacingError
from intake.house import House
from intake.people import Person, PersonRole
from intake.protocol import Protocol
from intake.workflow import Workflow
from tests.db.made_up import patient, visit
from tests.db.test_clinic import ANN, ANNS, BOB, BOBS, SetClock, clinic, clock, opened
from tests.db.test_workflow import protocol

__all__ = ["clinic", "clock", "opened", "protocol"]

KIMS = "nine rivers of moss"
KIM = Person("kim", "Dr. Kim", frozenset({"clinician"}))


@pytest.fixture
def house(opened: OpenClinic, protocol: Protocol, clock: SetClock) -> House:
    """Return the house with Ann signed in, and Kim working in it."""
    opened.store.add_person(KIM)
    opened.give_passphrase(KIM, KIMS, by="ann")
    return house_of(opened, protocol, clock)


def house_of(
    opened: OpenClinic, protocol: Protocol, clock: SetClock, by: Person = ANN
) -> House:
    """Return the house with somebody signed in."""
    return House(opened, Workflow(opened.store, protocol, clock), lambda: by)


def noted(store: Store, event: Event) -> list[AuditEntry]:
    """Return the entries of an event."""
    return list(store.audit_entries(AuditFilter(event=event)))


def slots(clinic: Clinic) -> set[str]:
    """Return whose passphrases the key file holds."""
    text = (clinic.folder / KEY_FILE).read_text()
    return {slot.owner for slot in KeyFile.of_text(text).slots if slot.owner}


def code_of(call: pytest.ExceptionInfo[UserFacingError]) -> str:
    return call.value.code


def test_somebody_new_can_sign_in(house: House, clinic: Clinic) -> None:
    noor = house.take_in(" Noor ", frozenset({"desk"}), "", "stones in a warm wall")

    assert noor.name == "Noor"
    other = clinic.sign_in(noor.id, "stones in a warm wall")
    assert other.person(noor.id) == noor
    other.close()


_DESK: frozenset[PersonRole] = frozenset({"desk"})
_NONE: frozenset[PersonRole] = frozenset()


@pytest.mark.parametrize(
    ("given", "where"),
    [
        (("", _DESK, "", KIMS), "name"),
        (("a\nb", _DESK, "", KIMS), "name"),
        (("ann ASH", _DESK, "", KIMS), "name"),
        (("Noor", _NONE, "", KIMS), "roles"),
        (("Noor", _DESK, "", "short"), "passphrase"),
        (("Noor Noor", _DESK, "", "noor noor is here"), "passphrase"),
    ],
)
def test_who_will_not_do_is_not_taken_in(
    house: House,
    opened: OpenClinic,
    clinic: Clinic,
    given: tuple[str, frozenset[PersonRole], str, str],
    where: str,
) -> None:
    with pytest.raises(InputRefusedError) as refused:
        house.take_in(*given)

    assert [problem.where for problem in refused.value.problems] == [where]
    assert len(opened.store.people()) == 3
    assert slots(clinic) == {"ann", "bob", "kim"}


def test_a_new_name_stands_on_the_sign_in_page(house: House, clinic: Clinic) -> None:
    house.change("bob", "Bob Beech", frozenset({"desk", "owner"}), "DC 1")

    assert [one.name for one in clinic.staff()] == ["Ann Ash", "Bob Beech", "Dr. Kim"]
    text = (clinic.folder / KEY_FILE).read_text()
    owners = {slot.owner for slot in KeyFile.of_text(text).slots if slot.is_owner}
    assert owners == {"ann", "bob"}


def test_a_new_name_that_was_broken_off_is_put_right_at_the_next_sign_in(
    opened: OpenClinic, clinic: Clinic
) -> None:
    opened.store.change_person(Person("bob", "Bob Beech", frozenset({"desk"})))
    assert "Bob Beech" not in [one.name for one in clinic.staff()]
    clinic.sign_in("ann", ANNS).close()

    assert "Bob Beech" in [one.name for one in clinic.staff()]


def test_a_new_passphrase_ends_a_lock(
    house: House, opened: OpenClinic, clinic: Clinic, clock: SetClock
) -> None:
    for _ in range(20):
        clock.at += timedelta(hours=1)
        with pytest.raises(UserFacingError):
            clinic.sign_in("bob", "guess after guess")
    clock.at += timedelta(hours=1)
    with pytest.raises(UserFacingError) as locked:
        clinic.sign_in("bob", BOBS)
    assert code_of(locked) == "sign_in_locked"
    house.reset_passphrase("bob", "stones in a warm wall")

    other = clinic.sign_in("bob", "stones in a warm wall")
    (failed,) = noted(other.store, "sign_in_failed")
    assert failed.note.detail["times"] == 20
    (reset,) = [e for e in noted(other.store, "passphrase_reset") if e.note.at > _NINE]
    assert (reset.note.who, reset.note.subject) == ("ann", "bob")
    other.close()


_NINE = SetClock().at


def test_ones_own_passphrase_takes_the_old_one(
    opened: OpenClinic, clinic: Clinic, protocol: Protocol, clock: SetClock
) -> None:
    bobs = house_of(opened, protocol, clock, by=BOB)
    with pytest.raises(UserFacingError) as refused:
        bobs.change_own_passphrase("guess after guess", "stones in a warm wall")
    assert code_of(refused) == "wrong_passphrase"
    clinic.sign_in("bob", BOBS).close()
    bobs.change_own_passphrase(BOBS, "stones in a warm wall")

    clinic.sign_in("bob", "stones in a warm wall").close()
    with pytest.raises(UserFacingError):
        clinic.sign_in("bob", BOBS)


def test_the_owner_does_not_reset_their_own(house: House, clinic: Clinic) -> None:
    """Whoever finds the owner's screen open would have the house."""
    with pytest.raises(InputRefusedError):
        house.reset_passphrase("ann", "stones in a warm wall")

    clinic.sign_in("ann", ANNS).close()


@pytest.mark.parametrize("by", [BOB, KIM], ids=["desk", "clinician"])
def test_the_house_is_the_owners(
    house: House,
    opened: OpenClinic,
    protocol: Protocol,
    clock: SetClock,
    clinic: Clinic,
    by: Person,
) -> None:
    theirs = house_of(opened, protocol, clock, by=by)
    before = (clinic.folder / KEY_FILE).read_text()
    for attempt in (
        lambda: theirs.take_in("Noor", _DESK, "", "stones in a warm wall"),
        lambda: theirs.change(by.id, by.name, frozenset({"owner"}), ""),
        lambda: theirs.reset_passphrase("ann", "stones in a warm wall"),
        lambda: theirs.remove("ann", "kim"),
        theirs.new_recovery_code,
        theirs.read_audit,
        theirs.export_audit,
    ):
        with pytest.raises(UserFacingError) as refused:
            attempt()
        assert code_of(refused) == "not_permitted"

    assert (clinic.folder / KEY_FILE).read_text() == before
    assert len(noted(opened.store, "refused")) == 7


def test_who_leaves_is_shut_out_and_their_visits_have_somebody(
    house: House, opened: OpenClinic, clinic: Clinic
) -> None:
    opened.store.open_visit(visit("v2", responsible="kim"))
    house.remove("kim", successor="ann")

    assert opened.store.visit("v2").responsible == "ann"
    assert not opened.person("kim").is_active
    assert slots(clinic) == {"ann", "bob"}
    assert opened.store.audit_faults() == []
    opened.close()
    with pytest.raises(UserFacingError) as refused:
        clinic.sign_in("kim", KIMS)
    assert code_of(refused) == "wrong_passphrase"
    clinic.sign_in("ann", ANNS).close()


def test_who_left_and_still_has_a_slot_cannot_sign_in_and_it_is_noted(
    house: House, opened: OpenClinic, clinic: Clinic
) -> None:
    """Broken off before the key was renewed."""
    opened.store.change_person(Person("kim", "Dr. Kim", KIM.roles, is_active=False))
    assert "kim" in slots(clinic)
    for enter in (clinic.sign_in, opened.takes_over):
        with pytest.raises(UserFacingError) as refused:
            enter("kim", KIMS)
        assert code_of(refused) == "person_left"

    entries = noted(opened.store, "sign_in_failed")
    assert [e.note.detail for e in entries] == [{"why": "left"}] * 2
    with pytest.raises(UserFacingError):
        house.reset_passphrase("kim", "stones in a warm wall")


def test_the_next_sign_in_finishes_what_was_broken_off(
    house: House, opened: OpenClinic, clinic: Clinic
) -> None:
    opened.store.change_person(Person("kim", "Dr. Kim", KIM.roles, is_active=False))
    opened.close()
    again = clinic.sign_in("bob", BOBS)

    assert slots(clinic) == {"ann", "bob"}
    (renewed,) = noted(again.store, "keys_renewed")
    assert (renewed.note.who, renewed.note.subject) == ("", "kim")
    assert again.store.visit("v1") == visit()
    again.close()
    clinic.sign_in("ann", ANNS).close()


def test_while_another_window_is_open_the_key_stays_and_is_renewed_later(
    house: House, opened: OpenClinic, clinic: Clinic
) -> None:
    """The other one would not know the new key, and what it saves would be lost."""
    other = clinic.sign_in("bob", BOBS)
    with pytest.raises(UserFacingError) as told:
        house.remove("kim", "ann")
    assert code_of(told) == "key_not_renewed"
    assert not opened.person("kim").is_active
    other.store.register(patient("p7"))
    assert opened.store.patient("p7") == patient("p7")
    other.close()
    opened.close()

    clinic.sign_in("ann", ANNS).close()
    assert slots(clinic) == {"ann", "bob"}


def test_what_is_saved_while_the_key_is_renewed_waits_and_is_there(
    house: House, opened: OpenClinic
) -> None:
    """The window goes on with the store it was given."""
    store, errors = opened.store, []
    stop = threading.Event()
    stored: list[str] = []

    def save() -> None:
        while not stop.is_set():
            identity = f"n{len(stored)}"
            try:
                store.register(patient(identity))
                store.patient(identity)
            except UserFacingError as error:
                errors.append(error)
                return
            stored.append(identity)

    thread = threading.Thread(target=save)
    thread.start()
    house.remove("kim")
    stop.set()
    thread.join()

    assert errors == []
    assert opened.store is store
    assert [store.patient(one).id for one in stored] == stored
    assert store.audit_faults() == []


def test_a_draft_sealed_before_somebody_left_can_be_read_after(
    house: House, opened: OpenClinic, clinic: Clinic
) -> None:
    sealed = opened.sealed(b"an answer")
    house.remove("kim")
    assert opened.unsealed(sealed) == b"an answer"
    opened.close()
    again = clinic.sign_in("ann", ANNS)

    assert again.unsealed(sealed) == b"an answer"
    again.close()


def test_two_windows_do_not_undo_each_others_keys(
    house: House, opened: OpenClinic, clinic: Clinic
) -> None:
    other = clinic.sign_in("bob", BOBS)
    noor = house.take_in("Noor", frozenset({"desk"}), "", "stones in a warm wall")
    other.new_recovery_code(by="ann")

    assert other.takes_over(noor.id, "stones in a warm wall") == noor
    other.close()
    clinic.sign_in(noor.id, "stones in a warm wall").close()


def test_wrong_passphrases_are_told_when_anybody_signs_in_and_once(
    opened: OpenClinic, clinic: Clinic
) -> None:
    opened.close()
    for _ in range(3):
        with pytest.raises(UserFacingError):
            clinic.sign_in("bob", "guess after guess")
    for _ in range(2):
        again = clinic.sign_in("ann", ANNS)
        (failed,) = noted(again.store, "sign_in_failed")
        assert (failed.note.subject, failed.note.detail["times"]) == ("bob", 3)
        again.close()
    with pytest.raises(UserFacingError):
        clinic.sign_in("bob", "guess after guess")

    again = clinic.sign_in("ann", ANNS)
    assert [e.note.detail["times"] for e in noted(again.store, "sign_in_failed")] == [
        1,
        3,
    ]
    again.close()


def test_wrong_recovery_codes_are_told_too(opened: OpenClinic, clinic: Clinic) -> None:
    with pytest.raises(UserFacingError):
        clinic.recover("0000-0000-0000-0000-0000-0000-0000")
    again = clinic.sign_in("ann", ANNS)

    (failed,) = noted(again.store, "sign_in_failed")
    assert failed.note.detail == {"times": 1, "way": "recovery code"}
    again.close()


def test_a_wrong_passphrase_while_the_records_are_open_is_told_at_once(
    opened: OpenClinic,
) -> None:
    with pytest.raises(UserFacingError):
        opened.takes_over("bob", "guess after guess")

    assert len(noted(opened.store, "sign_in_failed")) == 1


class _BrokenOffError(BaseException):
    """The program ends here."""


def _break(after: int) -> Callable[..., None]:
    """Return what lets a number of calls through, and then ends the program."""
    calls = itertools.count(1)

    def count(*_: object) -> None:
        if next(calls) > after:
            raise _BrokenOffError

    return count


@pytest.mark.parametrize("renewing", [False, True], ids=["records", "keys"])
@pytest.mark.parametrize("after", range(6))
def test_leaving_broken_off_anywhere_leaves_nothing_wrong(
    house: House,
    opened: OpenClinic,
    clinic: Clinic,
    monkeypatch: pytest.MonkeyPatch,
    after: int,
    renewing: bool,
) -> None:
    """After each transaction, and at each file that the new key touches."""
    for number in range(3):
        opened.store.open_visit(visit(f"k{number}", responsible="kim"))
    place = ("db.clinic.write_private", "db.store.AuditLog.append")[not renewing]
    stops, real = _break(after), _found(place)

    def broken(*arguments: object) -> object:
        stops()
        return real(*arguments)

    with monkeypatch.context() as patch:
        patch.setattr(place, broken)
        with suppress(_BrokenOffError):
            house.remove("kim", successor="ann")
    opened.close()

    again = clinic.sign_in("ann", ANNS)
    has_left = not again.person("kim").is_active
    theirs = again.store.open_visits_of("kim")
    assert not is_left_alone(again.store)
    waiting = [*theirs, *again.store.open_visits_of("ann")]
    assert sorted(waiting) == ["k0", "k1", "k2"], "none is lost"
    assert ("kim" in slots(clinic)) is not has_left, "and the slot went with them"
    assert again.store.audit_faults() == []
    assert len(noted(again.store, "handed_over")) == 3 - len(theirs)
    again.close()


def is_left_alone(store: Store) -> bool:
    """Return whether a visit waits for somebody who is not there."""
    gone = (one.id for one in store.people() if not one.is_active)
    return any(store.open_visits_of(person) for person in gone)


def test_the_other_order_would_be_caught(house: House, opened: OpenClinic) -> None:
    """The control: gone first, and broken off before the visits are handed over."""
    opened.store.open_visit(visit("k0", responsible="kim"))
    opened.store.change_person(Person("kim", "Dr. Kim", KIM.roles, is_active=False))

    assert is_left_alone(opened.store)


def _found(place: str) -> Callable[..., object]:
    found: Callable[..., object] = pkgutil.resolve_name(place)
    return found
