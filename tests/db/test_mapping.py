"""Values of intake go into the database and come back as they were."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta, timezone
from typing import Any, get_args

import pytest
from hypothesis import given
from hypothesis import strategies as st

from db.tables import json_text
from intake.answers import AnswerChange, Answers, Role, Way
from intake.errors import InputRefusedError
from intake.patient import Patient, SexAtBirth
from intake.visit import Visit, VisitState
from tests.db.made_up import change, patient, visit
from tests.db.places import Place, new_store

_NO_TEXTS = (
    "id", "stated_age", "age_margin", "birth_date", "sex_at_birth", "revision",
)  # fmt: skip

#: What can be typed, with what breaks programs: quotes, markup, all scripts.
texts = st.text(
    st.characters(exclude_categories=["Cs"], exclude_characters="\0")
) | st.sampled_from(
    [
        "Robert'); DROP TABLE patients;--",
        "<script>x",
        "100% _ \\",
        "NULL",
        "1e3",
        "😀 ى\u0308\u202e",
    ]
)
patients = st.builds(
    Patient,
    id=st.just("hostile"),
    stated_age=st.none() | st.integers(0, 130),
    age_margin=st.integers(0, 130),
    birth_date=st.just("") | st.dates().map(date.isoformat),
    sex_at_birth=st.sampled_from(get_args(SexAtBirth)),
    revision=st.just(0),
    **{name: texts for name in Patient.__dataclass_fields__ if name not in _NO_TEXTS},
)
zones = st.integers(-14 * 60, 14 * 60).map(lambda m: timezone(timedelta(minutes=m)))
moments = st.datetimes(
    datetime(1990, 1, 1),  # noqa: DTZ001  (the zone comes from `timezones`)
    datetime(2100, 1, 1),  # noqa: DTZ001  (the zone comes from `timezones`)
    timezones=zones,
)
#: Whatever JSON holds: also numbers that a column of numbers would change.
values = st.recursive(
    st.booleans()
    | st.integers()
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.text()
    | st.sampled_from(["1.0", "1e5", "0012", "null"]),
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3)
    ),
    max_leaves=6,
)
changes = st.builds(
    AnswerChange,
    question=texts,
    old=st.none(),
    new=st.none() | values,
    who=texts,
    role=st.sampled_from(get_args(Role)),
    at=moments,
    way=st.sampled_from(get_args(Way)),
    declined=st.booleans(),
)
visits = st.builds(
    Visit,
    id=st.just("hostile"),
    patient_id=st.just("p1"),
    on=st.dates(),
    opened_at=moments,
    protocol_id=texts,
    protocol_version=texts,
    protocol_digest=texts,
    revision=st.integers(0, 10**9),
    state=st.sampled_from(get_args(VisitState)),
    answers=st.dictionaries(texts, values, max_size=4).map(Answers),
)


@given(patients)
def test_a_patient_comes_back_as_registered(place: Place, hostile: Patient) -> None:
    with new_store(place) as store:
        store.register(hostile)
        assert store.patient("hostile") == hostile


@given(patients)
def test_a_changed_registration_comes_back_as_changed(
    place: Place, hostile: Patient
) -> None:
    with new_store(place) as store:
        store.register(patient("hostile", address="before"))
        changed = store.update_patient(hostile)
        assert changed == replace(hostile, revision=1)
        assert store.patient("hostile") == changed


@given(visits)
def test_a_visit_comes_back_as_opened(place: Place, hostile: Visit) -> None:
    with new_store(place) as store:
        store.open_visit(hostile)
        back = store.visit("hostile")
        assert back == hostile
        # 1, 1.0 and True are equal to Python, and different answers.
        assert json_text(back.answers.as_dict()) == json_text(hostile.answers.as_dict())


@given(changes)
def test_a_change_comes_back_as_made(place: Place, made: AnswerChange) -> None:
    with new_store(place) as store:
        store.record("v1", 0, [made])
        (back,) = store.changes_of("v1")
        assert back == made
        assert json_text(back.new) == json_text(made.new)
        assert back.at.utcoffset() == made.at.utcoffset()


def test_a_moment_keeps_the_zone_it_was_told_in(place: Place) -> None:
    """A letter says the clinic's own time, also when it is read elsewhere."""
    opened = datetime(2026, 11, 24, 9, 30, tzinfo=timezone(timedelta(hours=1)))
    with new_store(place) as store:
        store.open_visit(visit("v2", opened_at=opened))
        assert store.visit("v2").opened_at.isoformat() == "2026-11-24T09:30:00+01:00"


def test_a_moment_without_its_zone_is_our_mistake(place: Place) -> None:
    naive = datetime(2026, 11, 24, 9, 30, tzinfo=UTC).replace(tzinfo=None)
    with new_store(place) as store, pytest.raises(ValueError, match="zone"):
        store.open_visit(visit("v2", opened_at=naive))


@pytest.mark.parametrize("field", ["family_name", "phone", "address"])
@pytest.mark.parametrize("what", ["\ud83d", "\0"], ids=["half a character", "NUL"])
def test_what_no_database_holds_is_refused_without_quoting_it(
    place: Place, field: str, what: str
) -> None:
    """A paste can hold half of an emoji; UTF-8, and so the file, cannot."""
    broken: dict[str, Any] = {field: f"Secret {what}"}
    with new_store(place) as store:
        with pytest.raises(InputRefusedError) as refused:
            store.register(patient("broken", **broken))
        assert [problem.where for problem in refused.value.problems] == [field]
        assert "Secret" not in str(refused.value.problems[0])
        with pytest.raises(KeyError):
            store.patient("broken")


def test_half_a_character_in_an_answer_is_kept(place: Place) -> None:
    """An answer must not be lost for it; JSON can write it."""
    with new_store(place) as store:
        store.record("v1", 0, [change("pain.words", "sharp \ud83d")])
        assert store.visit("v1").answers["pain.words"] == "sharp \ud83d"
