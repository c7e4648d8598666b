"""Saving changes: merged with other questions, in conflict on the same one.

The machine plays several people on one visit against a model of a few lines.
"""

import pytest
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    invariant,
    rule,
    run_state_machine_as_test,
)

from db.store import Store
from db.tables import json_text
from intake.answers import AnswerChange, Answers, Value
from intake.ports import Conflict, ConflictError
from tests.db.made_up import change, folded_into_answers, patient, visit
from tests.db.places import Place

_PEOPLE = ("Ann", "Ben", "Cleo")
#: Among them values that Python calls equal, and that are different answers.
_VALUES: tuple[Value | None, ...] = (None, "yes", "no", 1, 1.0, True, [1], {"left": 1})


def test_changes_to_different_questions_are_merged(store: Store) -> None:
    store.record("v1", 0, [change("a", "yes", who="Ann")])
    merged = store.record("v1", 0, [change("b", "no", who="Ben")])
    assert merged.answers.as_dict() == {"a": "yes", "b": "no"}
    assert merged.revision == 2


def test_the_same_question_changed_by_two_is_a_conflict_with_both_values(
    store: Store,
) -> None:
    first = store.record("v1", 0, [change("a", "yes", who="Ann")])
    with pytest.raises(ConflictError) as conflict:
        store.record("v1", 0, [change("b", "no"), change("a", "no", who="Ben")])
    assert conflict.value.conflicts == (Conflict("a", theirs="yes", ours="no"),)
    assert conflict.value.stored == first
    assert store.visit("v1") == first, "nothing of the save is stored, not even b"
    assert store.changes_of("v1") == [change("a", "yes", who="Ann")]


def test_the_same_answer_by_two_is_no_conflict(store: Store) -> None:
    store.record("v1", 0, [change("a", "yes", who="Ann")])
    assert store.record("v1", 0, [change("a", "yes", who="Ben")]).revision == 2


def test_an_answer_taken_back_meanwhile_is_no_conflict(store: Store) -> None:
    store.record("v1", 0, [change("a", "yes", who="Ann")])
    store.record("v1", 1, [change("a", None, old="yes", who="Ann", second=1)])
    assert store.record("v1", 0, [change("a", "no", who="Ben")]).revision == 3


def test_after_a_conflict_the_chosen_answer_is_stored(store: Store) -> None:
    store.record("v1", 0, [change("a", "yes", who="Ann")])
    with pytest.raises(ConflictError) as conflict:
        store.record("v1", 0, [change("a", "no", who="Ben")])
    revision = conflict.value.stored.revision
    after = store.record("v1", revision, [change("a", "no", old="yes", who="Ben")])
    assert after.answers["a"] == "no"


def test_changes_sent_again_are_stored_once(store: Store) -> None:
    """A crash can come between storing a draft and removing it."""
    sent = [change("a", "yes"), change("b", "no", second=1)]
    stored = store.record("v1", 0, sent)
    assert store.record("v1", 0, sent) == stored
    more = [*sent, change("a", "no", old="yes", second=2)]
    assert store.record("v1", 0, more).answers["a"] == "no"
    assert store.changes_of("v1") == more


def test_a_change_is_kept_with_the_answer_it_replaced(store: Store) -> None:
    """The history reads as a chain, whatever the sender had last seen."""
    store.record("v1", 0, [change("a", "yes", who="Ann")])
    store.record("v1", 0, [change("a", "yes", old=None, who="Ben")])
    assert [(c.who, c.old) for c in store.changes_of("v1")] == [
        ("Ann", None),
        ("Ben", "yes"),
    ]


def test_several_changes_of_one_question_in_one_save_are_all_kept(
    store: Store,
) -> None:
    typed = [change("a", text, second=n) for n, text in enumerate(["s", "sh", "sharp"])]
    assert store.record("v1", 0, typed).answers["a"] == "sharp"
    assert [c.new for c in store.changes_of("v1")] == ["s", "sh", "sharp"]


def test_an_answer_is_replaced_by_one_that_only_python_calls_equal(
    store: Store,
) -> None:
    for revision, value in enumerate([1, True, 1.0]):
        store.record("v1", revision, [change("a", value, second=revision)])
        assert json_text(store.visit("v1").answers["a"]) == json_text(value)


class PeopleOnOneVisit(RuleBasedStateMachine):
    """Each remembers the visit as last seen; the model is one dictionary."""

    def __init__(self, place: Place) -> None:
        super().__init__()
        self._context = place.database()
        self.database = self._context.__enter__()
        self.store = self.database.open()
        self.store.register(patient())
        self.store.open_visit(visit())
        self.seen = dict.fromkeys(_PEOPLE, visit())
        self.answers = Answers()
        self.saves = 0
        self.clock = 0
        self.last_sent: tuple[str, int, list[AnswerChange]] | None = None

    def teardown(self) -> None:
        self.store.close()
        self._context.__exit__(None, None, None)

    @rule(
        who=st.sampled_from(_PEOPLE),
        wanted=st.dictionaries(
            st.sampled_from("abcd"), st.sampled_from(_VALUES), min_size=1, max_size=3
        ),
    )
    def save(self, who: str, wanted: dict[str, Value | None]) -> None:
        mine = self.seen[who]
        changes = []
        for question, new in wanted.items():
            self.clock += 1
            old = mine.answers.get(question)
            changes.append(change(question, new, old, who=who, second=self.clock))
        disputed = {
            question
            for question, new in wanted.items()
            if json_text(self.answers.get(question))
            not in (json_text(new), json_text(mine.answers.get(question)))
        }
        expected = {q: (self.answers.get(q), wanted[q]) for q in disputed}
        told = {}
        try:
            self.seen[who] = self.store.record("v1", mine.revision, changes)
        except ConflictError as error:
            self.seen[who] = error.stored
            told = {c.question: (c.theirs, c.ours) for c in error.conflicts}
        else:
            self.saves += 1
            self.last_sent = (who, mine.revision, changes)
            for question, new in wanted.items():
                self.answers = self.answers.changed(question, new)
        assert told == expected
        self.is_up_to_date(who)

    @rule()
    def send_the_last_again(self) -> None:
        if self.last_sent is not None:
            who, revision, changes = self.last_sent
            self.seen[who] = self.store.record("v1", revision, changes)
            self.is_up_to_date(who)

    @rule(who=st.sampled_from(_PEOPLE))
    def look(self, who: str) -> None:
        self.seen[who] = self.store.visit("v1")
        self.is_up_to_date(who)

    @rule()
    def restart(self) -> None:
        self.store.close()
        self.store = self.database.open()

    @invariant()
    def the_history_leads_to_the_answers(self) -> None:
        history = self.store.changes_of("v1")
        folded = folded_into_answers(history)
        assert json_text(folded.as_dict()) == json_text(self.answers.as_dict())

    @invariant()
    def the_history_is_a_chain(self) -> None:
        answers = Answers()
        for one in self.store.changes_of("v1"):
            assert json_text(one.old) == json_text(answers.get(one.question))
            answers = answers.changed(one.question, one.new)

    def is_up_to_date(self, who: str) -> None:
        mine = self.seen[who]
        assert mine.revision == self.saves
        assert json_text(mine.answers.as_dict()) == json_text(self.answers.as_dict())


def test_whatever_people_do_on_one_visit_nothing_is_lost(place: Place) -> None:
    run_state_machine_as_test(
        lambda: PeopleOnOneVisit(place)  # type: ignore[arg-type]  # a factory will do
    )
