"""A signed visit is final, its addenda follow one another, both can be checked."""

from dataclasses import replace

import pytest

from db.store import Store
from intake.errors import UserFacingError
from intake.people import Person
from intake.signing import Addendum, addendum, signature
from intake.visit import Signature
from tests.db.made_up import MORNING, change, patient
from tests.db.places import Database

DOCTOR = Person("doc", "Dr. Kim", frozenset({"clinician"}), licence="CH 1")


def signed(store: Store) -> Signature:
    """Sign visit v1 as it stands."""
    visit = store.visit("v1")
    one = signature(visit, patient(), {"tier": "monitor"}, DOCTOR, MORNING)
    store.sign("v1", visit.revision, one)
    return one


def added(store: Store, identity: str, **what: object) -> Addendum:
    """Add to the signed visit."""
    one = addendum(
        identity,
        store.visit("v1"),
        store.addenda_of("v1"),
        "result",
        DOCTOR,
        MORNING,
        **what,  # type: ignore[arg-type]  # text or answers
    )
    store.add_addendum(one)
    return one


def test_a_signature_comes_back_whole(store: Store) -> None:
    store.record("v1", 0, [change("pain.now", 7)])
    one = signed(store)

    back = store.visit("v1")
    assert back.signature == one
    assert back.state == "signed"
    assert one.is_whole
    assert not replace(one, content=one.content.replace("7", "3")).is_whole


def test_a_signed_visit_takes_no_answer(store: Store) -> None:
    signed(store)

    with pytest.raises(UserFacingError) as refused:
        store.record("v1", 1, [change("pain.now", 7)])
    assert refused.value.code == "visit_signed"
    assert store.visit("v1").answers.as_dict() == {}


def test_it_is_signed_once(store: Store) -> None:
    signed(store)

    with pytest.raises(UserFacingError) as refused:
        signed(store)
    assert refused.value.code == "visit_signed"


def test_what_came_in_after_reading_is_not_signed(store: Store) -> None:
    visit = store.visit("v1")
    one = signature(visit, patient(), {}, DOCTOR, MORNING)
    store.record("v1", 0, [change("pain.now", 7)])

    with pytest.raises(UserFacingError) as refused:
        store.sign("v1", visit.revision, one)
    assert refused.value.code == "visit_changed"
    assert store.visit("v1").signature is None


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE visits SET answers = '{}'",
        "UPDATE visits SET state = 'history', signed_at = NULL",
        "DELETE FROM visits",
        "UPDATE addenda SET content = '{}'",
        "DELETE FROM addenda",
        "DELETE FROM patients",
    ],
)
def test_no_hand_alters_it(store: Store, database: Database, statement: str) -> None:
    signed(store)
    added(store, "a1", text="The film is normal.")

    with pytest.raises(Exception, match=r"append-only|are kept|is final"):
        database.by_hand(statement)


def test_addenda_follow_one_another(store: Store) -> None:
    one = signed(store)
    first = added(store, "a1", text="The film is normal.")
    second = added(store, "a2", answers={"result.esr": {"value": 60, "unit": "mm/h"}})

    assert one.digest in first.content
    assert first.digest in second.content
    assert store.addenda_of("v1") == [first, second]
    assert [a.number for a in (first, second)] == [1, 2]
    assert first.text == "The film is normal."
    assert first.author == ("doc", "Dr. Kim")


def test_an_addendum_made_on_an_older_view_is_refused(store: Store) -> None:
    signed(store)
    late = addendum("a9", store.visit("v1"), [], "addendum", DOCTOR, MORNING, text="x")
    added(store, "a1", text="first")

    with pytest.raises(UserFacingError) as refused:
        store.add_addendum(late)
    assert refused.value.code == "visit_changed"


def test_results_go_over_the_signed_answers(store: Store) -> None:
    store.record("v1", 0, [change("pain.now", 7), change("general.fever", "no")])
    signed(store)
    added(store, "a1", answers={"general.fever": None, "result.hla_b27": "positive"})

    assert store.answers_now("v1").as_dict() == {
        "pain.now": 7,
        "result.hla_b27": "positive",
    }
    assert store.visit("v1").answers["general.fever"] == "no", "as it was signed"
