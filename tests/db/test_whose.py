"""A visit has one living patient, whatever was merged, undone or moved."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from datetime import date
from itertools import count

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from db.store import Store
from intake.errors import UserFacingError
from intake.patient import Patient
from intake.signing import addendum, signature
from intake.visit import Visit
from intake.whose import PatientMerge, VisitLink
from tests.db.made_up import EVERYBODY, MORNING, change, patient, visit
from tests.db.places import Database

_PATIENTS, _VISITS = 5, 6
_RUNS = count()


def link(visit_id: str, to: str) -> VisitLink:
    """Return a move of a visit that somebody typed on the wrong patient."""
    return VisitLink(visit_id, to, "ann", MORNING, "typed on the wrong patient")


def merge(goes: str, into: str = "") -> PatientMerge:
    """Return a merge; into nobody, the word that takes one back."""
    return PatientMerge(goes, into, "ann", MORNING)


def two(store: Store, **known: object) -> tuple[Patient, Patient]:
    """Store a second patient, with one visit v2; return both."""
    other = patient("p2", **{"family_name": "Do", **known})
    store.register(other)
    store.open_visit(visit("v2", patient_id="p2"))
    return store.patient("p1"), other


def code_of(call: Callable[[], object]) -> str:
    """Return the code a call is refused with."""
    with pytest.raises(UserFacingError) as refused:
        call()
    return refused.value.code


def ids(visits: object) -> list[str]:
    """Return the ids of visits, in one order."""
    return sorted(one.id for one in visits)  # type: ignore[attr-defined]  # visits


def test_the_last_visit_follows_merges_and_moves(store: Store) -> None:
    first, other = two(store)
    store.open_visit(visit("v3", patient_id="p2", on=date(2026, 12, 1)))
    store.open_visit(
        visit("v4", patient_id="p2", on=date(2026, 12, 9), state="cancelled")
    )
    both = ["p1", "p2", "nobody"]
    assert store.last_visits(both) == {
        "p1": date(2026, 11, 24),
        "p2": date(2026, 12, 1),
    }

    store.move_visit(link("v3", "p1"), store.visit("v3").revision, "p2")
    assert store.last_visits(both) == {
        "p1": date(2026, 12, 1),
        "p2": date(2026, 11, 24),
    }

    store.merge(merge("p1", "p2"), first, other)
    assert store.last_visits(["p2"]) == {"p2": date(2026, 12, 1)}


class Model:
    """What should be: plain dictionaries."""

    def __init__(self, run: int) -> None:
        """Begin with some patients and visits of a run, none merged, none moved."""
        self.patients = [f"r{run}p{one}" for one in range(_PATIENTS)]
        self.visits = {
            f"r{run}v{one}": self.patients[one % _PATIENTS] for one in range(_VISITS)
        }
        self.into: dict[str, tuple[str, int]] = {}

    def now(self, patient_id: str) -> str:
        """Return who somebody is now."""
        while patient_id in self.into:
            patient_id = self.into[patient_id][0]
        return patient_id

    def owners(self) -> dict[str, str]:
        """Return whose each visit is."""
        return {one: self.now(whose) for one, whose in self.visits.items()}


def stored_owners(store: Store, model: Model) -> dict[str, str]:
    """Return whose each visit is in the records."""
    return {one: store.visit(one).patient_id for one in model.visits}


_STEPS = st.lists(
    st.tuples(
        st.sampled_from(["merge", "merge", "undo", "move", "and back"]),
        st.integers(0, 100),
        st.integers(0, 100),
    ),
    min_size=3,
    max_size=10,
)


def do(store: Store, model: Model, step: tuple[str, int, int]) -> None:
    """Do one step in the records and in the model, where it can be done."""
    what, one, other = step
    living = [p for p in model.patients if p not in model.into]
    goes, stays = living[one % len(living)], living[other % len(living)]
    if what in ("merge", "and back") and goes != stays:
        before = stored_owners(store, model)
        store.merge(merge(goes, stays), store.patient(goes), store.patient(stays))
        number = next(
            m.number for m in store.merged_into(stays) if m.patient_id == goes
        )
        model.into[goes] = (stays, number)
        if what == "and back":
            store.undo_merge(merge(goes), number)
            del model.into[goes]
            assert stored_owners(store, model) == before, "undo restores exactly"
    elif what == "undo" and model.into:
        goes = sorted(model.into)[one % len(model.into)]
        store.undo_merge(merge(goes), model.into.pop(goes)[1])
    elif what == "move":
        moved = sorted(model.visits)[one % _VISITS]
        store.move_visit(link(moved, stays), 0, model.owners()[moved])
        model.visits[moved] = stays


@settings(
    max_examples=15,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(_STEPS)
def test_every_visit_has_one_living_patient_whatever_was_done(
    store: Store, steps: list[tuple[str, int, int]]
) -> None:
    model = Model(next(_RUNS))
    for one in model.patients:
        store.register(patient(one))
    for one, whose in model.visits.items():
        store.open_visit(visit(one, patient_id=whose))
    for step in steps:
        do(store, model, step)

    expected = model.owners()
    assert stored_owners(store, model) == expected
    listed = {v.id: p.id for v, p in store.recent_visits(10_000)}
    assert {one: listed[one] for one in expected} == expected
    for one in model.patients:
        theirs = store.visits_of(one)
        now = model.now(one)
        assert store.living(one) == now
        assert ids(theirs) == sorted(v for v, whose in expected.items() if whose == now)
        assert all(v.patient_id == now for v in theirs)


def test_a_model_that_forgets_a_merge_is_not_what_is_stored(store: Store) -> None:
    """Negative control of the test above."""
    model = Model(next(_RUNS))
    for one in model.patients:
        store.register(patient(one))
    for one, whose in model.visits.items():
        store.open_visit(visit(one, patient_id=whose))
    do(store, model, ("merge", 0, 1))
    model.into.clear()

    assert stored_owners(store, model) != model.owners()


def test_who_went_into_another_is_found_as_that_one_by_both_names(
    store: Store,
) -> None:
    stays, goes = two(store, family_name="Zander", given_name="Zoe")
    store.merge(merge("p2", "p1"), goes, stays)

    assert store.find_patients("zander") == [stays]
    assert store.find_patients("doe") == [stays]


def test_everybody_who_went_into_somebody_is_told_straight_or_not_until_undone(
    store: Store,
) -> None:
    second, first = two(store)
    third = patient("p3", family_name="Abel")
    store.register(third)
    store.merge(merge("p3", "p2"), third, first)
    store.merge(merge("p2", "p1"), first, second)

    assert store.who_went_into(["p1"]) == {"p1": [third, first]}
    (standing,) = store.merged_into("p1")
    store.undo_merge(merge("p2"), standing.number)
    assert store.who_went_into(["p1"]) == {}
    assert store.who_went_into([]) == {}


def test_a_patient_who_matches_twice_is_found_once(store: Store) -> None:
    stays, goes = two(store, family_name="Doe")
    store.merge(merge("p2", "p1"), goes, stays)

    assert [one.id for one in store.find_patients("doe")] == ["p1"]
    assert len(store.find_patients("")) == 1


def test_a_visit_of_who_was_merged_is_no_longer_theirs_until_that_is_undone(
    store: Store,
) -> None:
    stays, goes = two(store)
    store.merge(merge("p2", "p1"), goes, stays)
    assert ids(store.visits_of("p1")) == ["v1", "v2"]
    (done,) = store.merged_into("p1")
    store.undo_merge(merge("p2"), done.number)

    assert ids(store.visits_of("p1")) == ["v1"]
    assert ids(store.visits_of("p2")) == ["v2"]
    assert store.merged_into("p1") == []


def test_a_visit_opened_meanwhile_for_who_was_merged_goes_where_they_went(
    store: Store,
) -> None:
    stays, goes = two(store)
    store.merge(merge("p2", "p1"), goes, stays)
    store.open_visit(visit("v3", patient_id="p2"))

    assert store.visit("v3").patient_id == "p1"
    assert store.record("v3", 0, [change("a", "yes")]).patient_id == "p1"


def test_who_was_merged_is_neither_merged_again_nor_changed(store: Store) -> None:
    stays, goes = two(store)
    store.register(patient("p3"))
    store.merge(merge("p2", "p1"), goes, stays)
    third = store.patient("p3")

    for call in (
        lambda: store.merge(merge("p2", "p3"), goes, third),
        lambda: store.merge(merge("p3", "p2"), third, goes),
        lambda: store.merge(merge("p1", "p2"), stays, goes),
        lambda: store.update_patient(goes),
        lambda: store.move_visit(link("v1", "p2"), 0, "p1"),
    ):
        assert code_of(call) == "patient_merged"
    assert ids(store.visits_of("p1")) == ["v1", "v2"]


def test_a_merge_of_registrations_that_were_changed_since_is_refused(
    store: Store,
) -> None:
    stays, goes = two(store)
    store.update_patient(patient(phone="1"))

    assert code_of(lambda: store.merge(merge("p2", "p1"), goes, stays)) == (
        "registration_changed"
    )
    assert store.living("p2") == "p2"


def test_a_merge_is_undone_once(store: Store) -> None:
    stays, goes = two(store)
    store.merge(merge("p2", "p1"), goes, stays)
    (first,) = store.merged_into("p1")
    store.undo_merge(merge("p2"), first.number)

    assert code_of(lambda: store.undo_merge(merge("p2"), first.number)) == (
        "merge_changed"
    )
    store.merge(merge("p2", "p1"), goes, stays)
    assert code_of(lambda: store.undo_merge(merge("p2"), first.number)) == (
        "merge_changed"
    ), "nor is a later one undone by somebody who saw the first"


def test_of_two_people_who_merge_at_once_one_is_told(database: Database) -> None:
    """Each into the other: both would leave two patients who are nobody."""
    with closing(database.open()) as one, closing(database.open()) as other:
        one.register(patient())
        stays, goes = two_of(one)
        calls = (
            lambda: one.merge(merge("p2", "p1"), goes, stays),
            lambda: other.merge(merge("p1", "p2"), stays, goes),
        )
        with ThreadPoolExecutor(2) as pool:
            told = list(pool.map(refused_with, calls))

        assert sorted(told) == ["", "patient_merged"]
        assert one.living("p1") == other.living("p2")


def two_of(store: Store) -> tuple[Patient, Patient]:
    """Store p2 beside p1, and return both."""
    store.register(patient("p2"))
    return store.patient("p1"), store.patient("p2")


def refused_with(call: Callable[[], object]) -> str:
    """Return the code a call was refused with; nothing when it was done."""
    try:
        call()
    except UserFacingError as error:
        return error.code
    return ""


def test_a_visit_is_moved_and_keeps_its_answers(store: Store) -> None:
    two(store)
    store.record("v1", 0, [change("a", "yes")])
    moved = store.move_visit(link("v1", "p2"), 1, "p1")

    assert (moved.patient_id, moved.revision) == ("p2", 1)
    assert store.visit("v1") == moved
    assert store.links_of("v1") == [link("v1", "p2")]
    assert store.opened_for("v1") == "p1"
    assert ids(store.visits_of("p1")) == []
    assert store.record("v1", 1, [change("b", "no")]).patient_id == "p2"


def test_a_visit_is_moved_only_as_it_was_read(store: Store) -> None:
    two(store)
    store.register(patient("p3"))
    store.record("v1", 0, [change("a", "yes")])

    assert code_of(lambda: store.move_visit(link("v1", "p2"), 0, "p1")) == (
        "visit_changed"
    )
    store.move_visit(link("v1", "p2"), 1, "p1")
    assert (
        code_of(lambda: store.move_visit(link("v1", "p3"), 1, "p1"))
        == "visit_of_another"
    )
    assert store.visit("v1").patient_id == "p2"


def signed(store: Store) -> Visit:
    """Return v1 signed."""
    mark = signature(store.visit("v1"), patient(), {}, EVERYBODY, MORNING)
    return store.sign("v1", 0, mark)


def test_a_signed_visit_stays_where_it_was_signed(store: Store) -> None:
    two(store)
    signed(store)

    assert code_of(lambda: store.move_visit(link("v1", "p2"), 0, "p1")) == (
        "visit_signed"
    )
    assert store.links_of("v1") == []


def test_a_signed_visit_goes_along_with_a_merge_and_its_text_does_not_change(
    store: Store,
) -> None:
    stays, goes = two(store)
    before = signed(store)
    store.merge(merge("p1", "p2"), stays, goes)

    after = store.visit("v1")
    assert after.patient_id == "p2"
    assert after.signature == before.signature


def test_what_was_read_as_somebody_elses_is_not_signed(store: Store) -> None:
    two(store)
    mark = signature(store.visit("v1"), patient(), {}, EVERYBODY, MORNING)
    store.move_visit(link("v1", "p2"), 0, "p1")

    assert code_of(lambda: store.sign("v1", 0, mark, seen="p1")) == "visit_of_another"
    assert store.visit("v1").signature is None


def test_a_visit_marked_as_entered_in_error_says_so_wherever_it_is_read(
    store: Store,
) -> None:
    visit_, at = signed(store), MORNING
    mark = addendum("x", visit_, [], "entered_in_error", EVERYBODY, at, text="wrong")
    assert not store.visit("v1").is_in_error
    store.add_addendum(mark)

    assert store.visit("v1").is_in_error
    assert store.visits_of("p1")[0].is_in_error
    assert store.recent_visits()[0][0].is_in_error


def test_a_visit_is_opened_with_its_first_answers_once(store: Store) -> None:
    changes = [change("a", "yes"), change("b", 7)]
    opened = store.open_with_answers(visit("new"), changes)

    assert store.visit("new") == opened
    assert store.changes_of("new") == changes
    again = code_of(lambda: store.open_with_answers(visit("new"), changes))
    assert again == "visit_re_entered"
    assert store.changes_of("new") == changes
    assert store.open_with_answers(visit("empty"), []).revision == 0


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE visit_links SET patient_id = 'p1'",
        "DELETE FROM visit_links",
        "UPDATE patient_merges SET into_id = NULL",
        "DELETE FROM patient_merges",
    ],
)
def test_a_link_or_merge_is_never_altered(
    store: Store, database: Database, statement: str
) -> None:
    """Not even by hand, with another program."""
    stays, goes = two(store)
    store.move_visit(link("v1", "p2"), 0, "p1")
    store.merge(merge("p2", "p1"), goes, stays)

    with pytest.raises(Exception, match="append-only"):
        database.by_hand(statement)
    assert store.visit("v1").patient_id == "p1"
