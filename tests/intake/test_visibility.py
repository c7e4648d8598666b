"""Which questions are asked, which answers are set aside, and when it is done."""

from collections.abc import Collection
from typing import Any

import pytest

from intake.answers import Answers
from intake.facts import Facts
from intake.visibility import Visibility, look
from tests.intake.small import ON, quantity, small_protocol


def looked(
    answers: dict[str, Any] | None = None,
    *,
    sex: str = "male",
    age: tuple[float, float] = (50.0, 50.0),
    opened: Collection[str] = (),
) -> tuple[Visibility, Facts]:
    """Return what is visible for a man of 50, unless told otherwise."""
    return look(
        small_protocol(),
        Answers(answers or {}),
        on=ON,
        age=age,
        sex_at_birth=sex,
        opened=opened,
    )


def opens(question: str, answers: dict[str, Any] | None = None, **more: Any) -> bool:  # noqa: ANN401  (handed on)
    return question in looked(answers, **more)[0].open


def test_core_questions_are_open_from_the_start_and_others_are_not() -> None:
    visibility, _ = looked()
    classes = {q: small_protocol().questions[q].question_class for q in visibility.open}
    assert {"pain.now", "general.fever", "exam.explains"} <= set(classes)
    # men.flow is a detail that opens for a man
    assert {q for q, c in classes.items() if c != "core"} == {"men.flow"}


def test_open_questions_stand_in_the_order_of_the_form() -> None:
    visibility, _ = looked({"skin.rash": "no", "cancer.history": "yes"})
    order = list(small_protocol().questions)
    assert list(visibility.open) == sorted(visibility.open, key=order.index)


@pytest.mark.parametrize(
    ("answers", "expected"),
    [
        ({}, False),
        ({"cancer.history": "no"}, False),
        ({"cancer.history": "unsure"}, True),
        ({"cancer.history": "yes"}, True),
    ],
)
def test_a_detail_opens_when_its_parent_is_yes_or_unsure(
    answers: dict[str, Any], expected: bool
) -> None:
    """Unknown does not open, unsure does."""
    assert opens("cancer.types", answers) is expected


def test_a_negated_reason_waits_for_its_answer() -> None:
    """`not_mechanical` is unknown, not true, while nobody asked about movement."""
    assert opens("general.tired") is False
    assert opens("general.tired", {"pain.with_movement": "unsure"}) is True
    assert opens("general.tired", {"pain.with_movement": "no"}) is True
    assert opens("general.tired", {"pain.with_movement": "yes"}) is False


def test_a_detail_stays_open_and_read_once_answered() -> None:
    """Only a reason to ask went away; the answer is as true as before."""
    answers = {
        "general.tired": "yes",
        "general.fever": "no",
        "general.weight_loss": "no",
    }
    visibility, facts = looked({**answers, "pain.with_movement": "yes"})
    assert "general.tired" in visibility.open
    assert visibility.hidden == frozenset()
    assert facts.answer("general.tired") == "yes"


def test_an_extra_opens_by_hand_only() -> None:
    assert opens("skin.rash") is False
    assert opens("skin.rash", opened=("skin.rash",)) is True


def test_an_extra_that_holds_an_answer_is_open() -> None:
    """Else a recorded answer would be on no screen."""
    assert opens("skin.rash", {"skin.rash": "no"}) is True


def test_a_detail_can_be_opened_by_hand() -> None:
    assert opens("vitals.temperature") is False
    assert opens("vitals.temperature", opened=("vitals.temperature",)) is True


@pytest.mark.parametrize(
    ("sex", "age", "expected"),
    [
        ("female", (40.0, 40.0), True),
        ("female", (59.0, 60.0), True),
        ("female", (0.0, 130.0), True),
        ("female", (60.0, 60.0), False),
        ("male", (40.0, 40.0), False),
        ("unknown", (40.0, 40.0), True),
    ],
)
def test_a_core_question_is_asked_of_everyone_it_applies_to(
    sex: str, age: tuple[float, float], expected: bool
) -> None:
    """Sex or age not known at registration is unsure, not a no."""
    assert opens("pregnancy.status", sex=sex, age=age) is expected


def test_a_sex_specific_answer_is_read_whatever_the_registration_says() -> None:
    """A given answer is never thrown away for a field at the desk."""
    visibility, facts = looked({"pregnancy.status": "pregnant"}, sex="male")
    assert visibility.hidden == frozenset()
    assert facts.answer("pregnancy.status") == "pregnant"
    assert "pregnancy.status" in visibility.open


# true children


def test_a_true_child_is_hidden_when_its_parent_excludes_it() -> None:
    """Kept by the visit, read by no rule, not on the screen."""
    visibility, facts = looked({"cancer.history": "no", "cancer.types": ["breast"]})
    assert visibility.hidden == {"cancer.types"}
    assert "cancer.types" not in visibility.open
    assert "cancer.types" not in facts.answers
    assert facts.answer("cancer.types") == []


def test_a_child_that_its_parent_excludes_is_read_as_a_no() -> None:
    """Who never had cancer has none of any type; nobody is asked, nothing is kept."""
    visibility, facts = looked({"cancer.history": "no"})
    assert facts.answer("cancer.types") == []
    assert "cancer.types" not in facts.answers
    assert "cancer.types" not in visibility.open


@pytest.mark.parametrize("parent", [{}, {"cancer.history": "unsure"}])
def test_a_child_without_an_answer_is_unknown_while_its_parent_may_be_yes(
    parent: dict[str, Any],
) -> None:
    """Unknown is not no."""
    _, facts = looked(parent)
    assert facts.answer("cancer.types") is None


@pytest.mark.parametrize("parent", [None, "unsure", "yes"])
def test_a_true_child_is_read_unless_its_parent_excludes_it(parent: str | None) -> None:
    """Not asked and unsure exclude nothing."""
    answers: dict[str, Any] = {"cancer.types": ["breast"]}
    if parent:
        answers["cancer.history"] = parent
    visibility, facts = looked(answers)
    assert visibility.hidden == frozenset()
    assert facts.answer("cancer.types") == ["breast"]


def test_a_hidden_child_comes_back_with_its_parent() -> None:
    """Nothing typed is lost by a slip of the key."""
    before = {"cancer.history": "no", "cancer.types": ["breast"]}
    after = {**before, "cancer.history": "yes"}
    assert looked(before)[0].hidden == {"cancer.types"}
    assert looked(after)[1].answer("cancer.types") == ["breast"]


def test_a_child_opened_by_hand_stays_hidden_while_its_parent_excludes_it() -> None:
    """Opening is for seeing; what the parent excludes is read by no rule."""
    visibility, facts = looked(
        {"cancer.history": "no", "cancer.types": ["breast"]}, opened=("cancer.types",)
    )
    assert "cancer.types" not in facts.answers
    assert visibility.hidden == {"cancer.types"}


@pytest.mark.parametrize("treatments", [["none"], ["surgery"]])
def test_the_child_of_a_hidden_child_is_hidden_too(treatments: list[str]) -> None:
    """Without cancer there is no treatment, and no day on which it ended."""
    visibility, facts = looked(
        {
            "cancer.history": "no",
            "cancer.treatments": treatments,
            "cancer.treatment_ended": "2025",
        }
    )
    assert visibility.hidden == {"cancer.treatments", "cancer.treatment_ended"}
    assert facts.answer("cancer.treatment_ended") is None


def test_the_last_of_a_chain_is_read_while_the_first_is_not_asked() -> None:
    """An answer typed from a letter counts before anybody asked its parents."""
    visibility, facts = looked({"cancer.treatment_ended": "2025"})
    assert visibility.hidden == frozenset()
    assert facts.answer("cancer.treatment_ended") == "2025"


def test_a_derived_number_does_not_rest_on_hidden_answers() -> None:
    """Someone who never smoked has no pack-years, whatever was typed before."""
    numbers = {
        "risk.smoking_years": quantity(30, "a"),
        "risk.cigarettes": quantity(20, "/d"),
    }
    _, read = looked({**numbers, "risk.smoking": "former"})
    _, hidden = looked({**numbers, "risk.smoking": "never"})
    assert read.number("risk.pack_years", "", None) == (30.0, 30.0)
    assert hidden.number("risk.pack_years", "", None) == (float("-inf"), float("inf"))


# done


ALL_CORE: dict[str, Any] = {
    "pain.sites": ["neck"],
    "pain.quality": ["dull"],
    "pain.onset": "gradual",
    "pain.duration": quantity(2, "wk"),
    "pain.now": 3,
    "pain.with_movement": "yes",
    "pain.visits": quantity(0, "1"),
    "cancer.history": "no",
    "general.fever": "no",
    "general.weight_loss": "no",
    "neuro.leg_weakness": {"left": "no", "right": "no"},
    "neuro.arm_numb": {"left": "no", "right": "no"},
    "neuro.bladder": ["none"],
    "risk.smoking": "never",
    "men.flow": "no",
    "vitals.bp_left": {
        "systolic": quantity(120, "mm[Hg]"),
        "diastolic": quantity(80, "mm[Hg]"),
    },
    "exam.percussion": "negative",
    "exam.explains": "yes",
}


def test_it_is_done_when_every_core_question_and_open_detail_is_answered() -> None:
    """Free text, extras, and what another answer stands for do not hold it up."""
    visibility, _ = looked(ALL_CORE)
    assert visibility.missing == ()
    assert visibility.core_done is True


@pytest.mark.parametrize("question", sorted(set(ALL_CORE) - {"pain.sites"}))
def test_each_core_question_holds_it_up_while_it_is_not_answered(question: str) -> None:
    answers = {q: value for q, value in ALL_CORE.items() if q != question}
    expected = {question}
    if question == "pain.duration":
        expected.add("pain.onset_date")
    assert set(looked(answers)[0].missing) == expected


def test_an_open_detail_holds_it_up() -> None:
    visibility, _ = looked({**ALL_CORE, "cancer.history": "yes"})
    assert set(visibility.missing) == {"cancer.types", "cancer.treatments"}


def test_an_extra_opened_by_hand_does_not_hold_it_up() -> None:
    assert looked(ALL_CORE, opened=("skin.rash",))[0].missing == ()


def test_a_cell_of_the_grid_may_stay_blank() -> None:
    """form_flow 1.2: blank cells of the strength grid do not hold up "done"."""
    weak = {**ALL_CORE, "neuro.leg_weakness": {"left": "yes", "right": "no"}}
    visibility, _ = looked(weak)
    assert "exam.strength.hip" in visibility.open
    assert visibility.missing == ("neuro.progressing",)


def test_one_of_two_ways_to_answer_is_enough() -> None:
    """The list of places stands for the chart, the date for the duration."""
    answers = {q: v for q, v in ALL_CORE.items() if q != "pain.duration"}
    assert looked({**answers, "pain.onset_date": "2026-11"})[0].missing == ()


def test_unsure_is_an_answer() -> None:
    """The question was asked; nobody is held up by not knowing."""
    visibility, _ = looked({**ALL_CORE, "risk.smoking": "never", "men.flow": "unsure"})
    assert visibility.core_done is True
