"""A case file: what is taken, what is refused, and that every problem is named.

The contract is docs/command-line.md. A file comes from outside: whatever stands in
it, the answer is a case or a list of problems, never a crash.
"""

import json
from contextlib import suppress
from datetime import date
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from intake.case_file import Case, read_case
from intake.errors import InputRefusedError
from tests.intake.small import ON, pressure, quantity, small_protocol

TODAY = date(2026, 11, 24)


def read(
    answers: object = None,
    *,
    patient: object = None,
    on: object = "2026-11-22",
    more: object = None,
) -> Case:
    """Return the case written from these parts."""
    table = {"patient": patient or {}, "on": on, "answers": answers or {}}
    if more is not None:
        table["anwsers"] = more
    return read_text(json.dumps(table))


def read_text(text: str | bytes) -> Case:
    """Return the case written in this text."""
    content = text.encode() if isinstance(text, str) else text
    return read_case(content, small_protocol(), today=TODAY)


def refusals(
    answers: object = None,
    *,
    patient: object = None,
    on: object = "2026-11-22",
    more: object = None,
) -> list[str]:
    """Return the problems of a file made from these parts, as lines."""
    with pytest.raises(InputRefusedError) as refused:
        read(answers, patient=patient, on=on, more=more)
    return [str(problem) for problem in refused.value.problems]


def text_refusals(text: str | bytes) -> list[str]:
    """Return the problems of a file with this text, as lines."""
    with pytest.raises(InputRefusedError) as refused:
        read_text(text)
    return [str(problem) for problem in refused.value.problems]


# what is taken


def test_a_file_is_read_whole() -> None:
    case = read(
        {"cancer.history": "yes"},
        patient={
            "birth_date": "1958-03-14",
            "sex_at_birth": "female",
            "language": "es",
        },
    )
    assert case.on == ON
    assert case.answers.as_dict() == {"cancer.history": "yes"}
    assert case.patient.age_on(case.on) == (68.0, 68.0)
    assert (case.patient.sex_at_birth, case.patient.language) == ("female", "es")


def test_a_byte_order_mark_is_allowed() -> None:
    """Windows editors write one; the contract says it is no problem."""
    text = json.dumps({"patient": {}, "answers": {"cancer.history": "no"}})
    assert read_text(b"\xef\xbb\xbf" + text.encode()).answers["cancer.history"] == "no"


def test_a_visit_without_a_day_is_today() -> None:
    assert read_text('{"patient": {}, "answers": {}}').on == TODAY


def test_today_is_not_the_future() -> None:
    assert read(on="2026-11-24").on == TODAY


def test_a_patient_may_be_unknown() -> None:
    """Neither birth date nor age: the age is unknown, not refused."""
    case = read_text('{"answers": {}}')
    assert case.patient.age_on(case.on) == (0.0, 130.0)
    assert case.patient.sex_at_birth == "unknown"


@pytest.mark.parametrize(
    ("birth_date", "expected"),
    [
        ("1958-11-22", (68.0, 68.0)),
        ("1958-11-23", (67.0, 67.0)),
        ("1958-11", (67.0, 68.0)),
        ("1958", (67.0, 68.0)),
        ("2026-11-22", (0.0, 0.0)),
    ],
)
def test_a_partial_birth_date_leaves_a_span_of_ages(
    birth_date: str, expected: tuple[float, float]
) -> None:
    case = read(patient={"birth_date": birth_date})
    assert case.patient.age_on(case.on) == expected


@pytest.mark.parametrize(
    ("birth_date", "age"),
    [("1958-03-14", 68), ("1958", 67), ("1958", 68), ("1958-11", 67)],
)
def test_an_age_that_agrees_with_the_birth_date_is_taken(
    birth_date: str, age: int
) -> None:
    """A partial birth date agrees with each age it leaves open."""
    read(patient={"birth_date": birth_date, "age": age})


TAKEN: list[tuple[str, Any, Any]] = [
    ("vitals.weight", quantity(150, "lb"), quantity(150, "[lb_av]")),
    ("vitals.height", quantity(70, "in"), quantity(70, "[in_i]")),
    ("risk.pack_years", quantity(20, "pack-years"), quantity(20, "{pack-years}")),
    ("vitals.weight", quantity(150, "[lb_av]"), quantity(150, "[lb_av]")),
    ("vitals.temperature", quantity(44, "Cel"), quantity(44, "Cel")),
    ("exam.strength.hip", {"left": 4, "right": "4-"}, {"left": "4", "right": "4-"}),
    ("exam.reflex.knee", {"right": 0}, {"right": "0"}),
    ("neuro.bladder", [], ["none"]),
    ("neuro.bladder", ["none"], ["none"]),
    ("pain.sites", [], []),
    ("pain.sites", ["neck", "neck"], ["neck"]),
    ("neuro.leg_weakness", {"left": "unsure"}, {"left": "unsure"}),
    ("neuro.arm_numb_where", {"left": ["inner"]}, {"left": ["inner"]}),
    ("cancer.treatment_ended", "2024", "2024"),
    ("cancer.treatment_ended", "2024-05", "2024-05"),
    ("cancer.treatment_ended", "2024-02-29", "2024-02-29"),
    ("result.esr", quantity(62, "mm/h", low=0, high=20),
     quantity(62, "mm/h", low=0, high=20)),
    ("result.esr", quantity(62, "mm/h"), quantity(62, "mm/h")),
    ("result.esr", {"value": 62, "unit": "mm/h", "low": None}, quantity(62, "mm/h")),
    ("vitals.bp_left", pressure(128, 82), pressure(128, 82)),
    ("pain.now", 0, 0),
    ("pain.now", 10, 10),
    ("story.words", "Łukasz, Nguyễn 😀 <b>", "Łukasz, Nguyễn 😀 <b>"),
    ("story.medicines", [], []),
    ("function.psfs", [{"activity": "dig", "score": 4}],
     [{"activity": "dig", "score": 4}]),
    ("pain.map", [{"region": "neck", "view": "back", "x": 0.5, "y": 1}],
     [{"region": "neck", "view": "back", "x": 0.5, "y": 1}]),
    ("pain.map",
     [{"region": "neck", "view": "back", "x": 0, "y": 0, "quality": "numb",
       "levels": ["T4"]}],
     [{"region": "neck", "view": "back", "x": 0, "y": 0, "quality": "numb",
       "levels": ["T4"]}]),
]  # fmt: skip


@pytest.mark.parametrize(("question", "given", "stored"), TAKEN)
def test_an_answer_is_brought_into_its_stored_shape(
    question: str, given: object, stored: object
) -> None:
    """Aliases, whole-number grades and empty lists are read as form.md says."""
    assert read({question: given}).answers[question] == stored


# what is refused

NUMBER = "This question takes a number with its unit."
REFUSED: list[tuple[str, Any, str]] = [
    ("general.fever", "maybe", 'Write "yes", "no" or "unsure".'),
    ("general.fever", True, "This is a yes/no question."),
    ("general.fever", None, "This is a yes/no question."),
    ("general.fever", ["yes"], "This is a yes/no question."),
    ("general.fever", {"left": "yes"}, "This is a yes/no question."),
    ("pain.onset", "suden", 'Did you mean "sudden"?'),
    ("pain.onset", "xyz", "Options: sudden, gradual, unknown."),
    ("pain.onset", 3, "An option has to be a text in quotes."),
    ("pain.onset", ["sudden"], "An option has to be a text in quotes."),
    ("pain.sites", "neck", "This question takes a list."),
    ("pain.sites", ["nek"], 'Did you mean "neck"?'),
    ("pain.sites", [["neck"]], "An option has to be a text in quotes."),
    ("neuro.bladder", ["none", "retention"], "cannot stand beside another option"),
    ("vitals.weight", 70, NUMBER),
    ("vitals.weight", "70 kg", NUMBER),
    ("vitals.weight", {"value": 70}, NUMBER),
    ("vitals.weight", {"value": "70", "unit": "kg"}, NUMBER),
    ("vitals.weight", {"value": True, "unit": "kg"}, NUMBER),
    ("vitals.weight", {"value": 70, "unit": ["kg"]}, NUMBER),
    ("vitals.weight", quantity(70, "stone"), "Use kg or [lb_av]."),
    ("vitals.weight", quantity(70, "cm"), 'The unit "cm" is wrong here.'),
    ("vitals.weight", quantity(70, "kg", hihg=3), "A number has no hihg."),
    ("vitals.weight", quantity(70, "kg", high=3), "A number has no high."),
    ("vitals.weight", quantity(0.5, "kg"), "Possible is 1 to 400 kg."),
    ("vitals.weight", quantity(1000, "lb"), "1000 lb cannot be."),
    ("vitals.temperature", quantity(382, "Cel"), "382 °C cannot be."),
    ("vitals.temperature", quantity(38, "[degF]"), "38 °F cannot be."),
    ("pain.visits", quantity(-1, "1"), "-1 cannot be. Possible is 0 to 99."),
    ("result.esr", {"value": 5, "unit": "mm/h", "high": "20"}, "has to be a number"),
    ("result.esr", quantity(5, "mm/h", low=20, high=0), "low limit is above"),
    ("pain.now", 11, "Write a whole number, 0 to 10."),
    ("pain.now", -1, "This is a scale."),
    ("pain.now", 5.5, "This is a scale."),
    ("pain.now", "5", "This is a scale."),
    ("pain.now", True, "This is a scale."),
    ("exam.strength.hip", "5", 'Write {"left": …, "right": …}.'),
    ("exam.strength.hip", {"left": "6"}, "Use one of 0, 1, 2, 3, 4-, 4, 4+, 5."),
    ("exam.strength.hip", {"left": 6}, "This is not a grade."),
    ("exam.strength.hip", {"left": True}, "This is not a grade."),
    ("exam.strength.hip", {"left": 4.0}, "This is not a grade."),
    ("exam.strength.hip", {"left": ["4"]}, "This is not a grade."),
    ("exam.reflex.knee", {"left": "4+"}, "Use one of 0, 1, 2, 3, 4."),
    ("neuro.leg_weakness", "yes", "This question has sides."),
    ("neuro.leg_weakness", {}, "This question has sides."),
    ("neuro.leg_weakness", {"left": "yes", "rigth": "no"}, "This question has sides."),
    ("neuro.leg_weakness", {"left": None}, "This is a yes/no question."),
    ("vitals.bp_left", {"systolic": quantity(120, "mm[Hg]")}, "takes a pair"),
    ("vitals.bp_left", quantity(120, "mm[Hg]"), "takes a pair"),
    ("vitals.bp_left", {"systolic": 120, "diastolic": 80}, NUMBER),
    ("vitals.bp_left", pressure(80, 120), "The systolic value is below"),
    ("vitals.bp_left", pressure(400, 80), "400 mmHg cannot be."),
    ("cancer.treatment_ended", "last year", "This is not a date."),
    ("cancer.treatment_ended", "2024-13", "This is not a date."),
    ("cancer.treatment_ended", "2023-02-29", "This is not a date."),
    ("cancer.treatment_ended", "24-05-01", "This is not a date."),
    ("cancer.treatment_ended", "2024-05-01T00:00", "This is not a date."),
    ("cancer.treatment_ended", "0000", "This is not a date."),
    ("cancer.treatment_ended", "\uff12\uff10\uff12\uff14", "This is not a date."),
    ("cancer.treatment_ended", 2024, "This is not a date."),
    ("pain.onset_date", "2026-11-23", "It lies after the day of the visit."),
    ("pain.onset_date", "2027", "It lies after the day of the visit."),
    ("story.words", ["a"], "takes a text in quotes"),
    ("story.words", "a\0b", "a character that cannot be stored"),
    ("story.medicines", "aspirin", "takes a list of texts"),
    ("story.medicines", [1], "takes a list of texts"),
    ("function.psfs", "dig", "takes a list of activities"),
    ("function.psfs", [{"activity": "dig"}], "An activity is not complete."),
    ("function.psfs", [{"activity": "dig", "score": 11}], "An activity is not"),
    ("function.psfs", [{"activity": "dig", "score": True}], "An activity is not"),
    ("function.psfs", [{"activity": "d", "score": 1, "x": 1}], "An activity is not"),
    ("function.psfs", [{"activity": "d", "score": 1}] * 6, "up to five"),
    ("pain.map", {"region": "neck"}, "takes a list of marks"),
    ("pain.map", ["neck"], "A mark has region, view"),
    ("pain.map", [{"region": "nekc", "view": "back", "x": 0, "y": 0}], '"neck"?'),
    ("pain.map", [{"region": [], "view": "back", "x": 0, "y": 0}], "not a region"),
    ("pain.map", [{"region": "neck", "view": "top", "x": 0, "y": 0}], "front or back"),
    ("pain.map", [{"region": "neck", "view": "back", "x": 1.1, "y": 0}], "x of a mark"),
    ("pain.map", [{"region": "neck", "view": "back", "x": 0}], "has to be a number"),
    ("pain.map",
     [{"region": "neck", "view": "back", "x": 0, "y": 0, "quality": "burn"}],
     '"burn" is not a quality.'),
    ("pain.map",
     [{"region": "neck", "view": "back", "x": 0, "y": 0, "quality": ["burning"]}],
     "is not a quality."),
    ("pain.map",
     [{"region": "neck", "view": "back", "x": 0, "y": 0, "levels": ["T99"]}],
     "A level of a mark is not known."),
    ("pain.map",
     [{"region": "neck", "view": "back", "x": 0, "y": 0, "levels": [["T4"]]}],
     "A level of a mark is not known."),
    ("pain.map",
     [{"region": "neck", "view": "back", "x": 0, "y": 0, "levels": 4}],
     "A level of a mark is not known."),
    ("pain.map",
     [{"region": "neck", "view": "back", "x": 0, "y": 0, "levels": None}],
     "A level of a mark is not known."),
    ("pain.map", [{"region": "neck", "view": "back", "x": 0, "y": 0, "z": 0}],
     "nothing else"),
    ("pian.now", 5, 'There is no such question. Did you mean "pain.now"?'),
    ("", 5, "There is no such question."),
]  # fmt: skip


@pytest.mark.parametrize(("question", "given", "words"), REFUSED)
def test_an_answer_of_the_wrong_shape_is_refused_by_name(
    question: str, given: object, words: str
) -> None:
    """One problem, with the question's id and what to write instead."""
    problems = refusals({question: given})
    assert len(problems) == 1
    assert problems[0].startswith(f"{question}: ")
    assert words in problems[0]


def test_every_kind_of_question_has_its_refusals() -> None:
    """A kind without a case here could take anything."""
    kinds = {
        small_protocol().questions[question].kind
        for question, _, _ in REFUSED
        if question in small_protocol().questions
    }
    assert {q.kind for q in small_protocol().questions.values()} - kinds == set()


PATIENTS: list[tuple[Any, str]] = [
    ({"birthdate": "1958"}, "patient.birthdate: It is not known here. Did you mean"),
    ({"insurer": "x"}, "patient.insurer: It is not known here."),
    ({"birth_date": "14.3.1958"}, "patient.birth_date: This is not a date."),
    ({"birth_date": ""}, "patient.birth_date: This is not a date."),
    ({"birth_date": 1958}, "patient.birth_date: This is not a date."),
    ({"birth_date": "2026-11-23"}, "patient.birth_date: It lies after the visit."),
    ({"age": "68"}, "patient.age: It has to be whole years, 0 to 130."),
    ({"age": 68.5}, "patient.age: It has to be whole years"),
    ({"age": True}, "patient.age: It has to be whole years"),
    ({"age": -1}, "patient.age: It has to be whole years"),
    ({"age": 131}, "patient.age: It has to be whole years"),
    ({"age": [68]}, "patient.age: It has to be whole years"),
    (
        {"birth_date": "1958-03-14", "age": 67},
        "patient: The age and the birth date do not agree.",
    ),
    ({"birth_date": "1958", "age": 66}, "do not agree"),
    ({"sex_at_birth": "woman"}, "Use one of female, male, unknown."),
    ({"sex_at_birth": ["female"]}, "patient.sex_at_birth: It is not known."),
    ({"sex_at_birth": None}, "patient.sex_at_birth: It is not known."),
    ({"family_name": 5}, "patient.family_name: It has to be a text."),
    ({"family_name": "a\0b"}, "patient.family_name: It has to be a text."),
    (["x"], "patient: It has to be an object."),
    ("x", "patient: It has to be an object."),
]


@pytest.mark.parametrize(("patient", "words"), PATIENTS)
def test_a_patient_that_cannot_be_is_refused(patient: object, words: str) -> None:
    problems = refusals(patient=patient)
    assert len(problems) == 1
    assert words in problems[0]


def test_no_message_repeats_when_somebody_was_born() -> None:
    """errors.py: no text holds patient data; these lines end up in logs and mails."""
    problems = refusals(patient={"birth_date": "1958-03-14", "age": 12})
    assert "1958" not in "".join(problems)


@pytest.mark.parametrize(
    ("day", "words"),
    [
        ("2026-11-25", "on: The day of the visit lies in the future."),
        ("2026-11", 'Write "2026-11-22".'),
        ("22.11.2026", 'Write "2026-11-22".'),
        ("20261122", 'Write "2026-11-22".'),
        ("2026-W47-7", 'Write "2026-11-22".'),
        ("", "on: This is not a date."),
        (20261122, "on: This is not a date."),
        (["2026-11-22"], "on: This is not a date."),
    ],
)
def test_a_day_that_cannot_be_is_refused(day: object, words: str) -> None:
    problems = refusals(on=day)
    assert len(problems) == 1
    assert words in problems[0]


def test_a_key_that_is_not_known_is_refused() -> None:
    assert refusals(more={}) == [
        'anwsers: It is not known here. Did you mean "answers"?'
    ]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("", "line 1: This is not JSON."),
        ("{\n'answers': 1}", "line 2: This is not JSON."),
        ('{"answers": {}} trailing', "line 1: This is not JSON."),
        ("[]", "file: It has to be one object with patient and answers."),
        ("null", "file: It has to be one object with patient and answers."),
        ('"text"', "file: It has to be one object with patient and answers."),
        ("{}", "answers: They are missing."),
        ('{"answers": null}', "answers: They are missing."),
        ('{"answers": []}', "answers: They have to be an object."),
        ('{"patient": null, "answers": {}}', "patient: It has to be an object."),
        ('{"answers": {}, "answers": {}}', "answers: It is given twice."),
        (
            '{"answers": {"general.fever": "yes", "general.fever": "no"}}',
            "general.fever: It is given twice.",
        ),
        (
            '{"patient": {"age": 5, "age": 50}, "answers": {}}',
            "age: It is given twice.",
        ),
        (
            '{"answers": {"neuro.leg_weakness": {"left": "yes", "left": "no"}}}',
            "left: It is given twice.",
        ),
        (b"\xff\xfe{}", "file: It is not UTF-8."),
        ('{"answers": {}}'.encode("utf-16"), "file: It is not UTF-8."),
    ],
)
def test_a_file_that_is_no_case_is_refused(text: str | bytes, expected: str) -> None:
    """Twin keys too: JSON would silently keep the last of two answers."""
    assert text_refusals(text) == [expected]


HOSTILE = [
    '{"answers": {"vitals.weight": {"value": NaN, "unit": "kg"}}}',
    '{"answers": {"vitals.weight": {"value": Infinity, "unit": "kg"}}}',
    '{"answers": {"vitals.height": {"value": -Infinity, "unit": "cm"}}}',
    '{"answers": {"vitals.height": {"value": 1e999, "unit": "cm"}}}',
    '{"answers": {"vitals.height": {"value": 1' + "0" * 400 + ', "unit": "cm"}}}',
    '{"answers": {"vitals.height": {"value": 1' + "0" * 5000 + ', "unit": "cm"}}}',
    '{"answers": {"result.esr": {"value": 5, "unit": "mm/h", "high": NaN}}}',
    '{"answers": {"result.esr": {"value": 5, "unit": "mm/h", "high": 1'
    + "0" * 400
    + "}}}",
    '{"answers": {"pain.now": 1' + "0" * 400 + "}}",
    '{"answers": {"pain.now": NaN}}',
    '{"answers": {"exam.strength.hip": {"left": 1' + "0" * 400 + "}}}",
    '{"answers": {"function.psfs": [{"activity": "a", "score": 1' + "0" * 400 + "}]}}",
    '{"answers": {"pain.map": [{"region": "neck", "view": "back", "x": NaN, "y": 0}]}}',
    '{"answers": {"pain.map": [{"region": "neck", "view": "back", "x": 1'
    + "0" * 400
    + ', "y": 0}]}}',
    '{"patient": {"age": NaN}, "answers": {}}',
    '{"patient": {"age": 1' + "0" * 400 + ', "birth_date": "1958"}, "answers": {}}',
    '{"patient": {"family_name": "\\ud800"}, "answers": {}}',
    '{"answers": {"story.words": "\\ud800"}}',
    '{"answers": {"story.medicines": ["\\udfff"]}}',
    '{"answers": {"\\ud800": "yes"}}',
    '{"answers": {"function.psfs": [{"activity": "\\ud800", "score": 1}]}}',
    "[" * 100_000,
    '{"answers": ' * 5000 + "{}" + "}" * 5000,
    '{"answers": {"story.medicines": ' + "[" * 500 + "]" * 500 + "}}",
]


@pytest.mark.parametrize("text", HOSTILE, ids=range(len(HOSTILE)))
def test_hostile_json_is_refused_and_does_not_crash(text: str) -> None:
    """Numbers that are none, endless nesting, broken characters: no trace."""
    assert text_refusals(text) != []


def test_every_problem_of_a_file_is_named_at_once() -> None:
    """Whoever types a file in corrects it once, not once a mistake."""
    problems = refusals(
        {
            "general.fever": "maybe",
            "pain.onset": "suden",
            "pian.now": 3,
            "vitals.weight": quantity(70, "stone"),
            "pain.now": 11,
        },
        patient={"age": 200, "sex_at_birth": "x", "zip": 1},
        on="2030-01-01",
        more=1,
    )
    assert [line.split(": ")[0] for line in problems] == [
        "anwsers",
        "on",
        "patient.zip",
        "patient.sex_at_birth",
        "patient.age",
        "general.fever",
        "pain.onset",
        "pian.now",
        "vitals.weight",
        "pain.now",
    ]


_JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3)
        | st.fixed_dictionaries({"value": inner, "unit": inner})
        | st.fixed_dictionaries({"left": inner})
        | st.fixed_dictionaries({"systolic": inner, "diastolic": inner})
        | st.fixed_dictionaries(dict.fromkeys(("region", "view", "x", "y"), inner))
    ),
    max_leaves=8,
)  # fmt: skip


@given(
    st.dictionaries(st.sampled_from(sorted(small_protocol().questions)), _JSON),
    st.dictionaries(st.sampled_from(["birth_date", "age", "email"]), _JSON),
    _JSON,
)
def test_whatever_stands_in_a_file_it_is_read_or_refused(
    answers: dict[str, Any], patient: dict[str, Any], on: object
) -> None:
    """Any other exception would be a trace in front of a person at the desk."""
    text = json.dumps({"patient": patient, "on": on, "answers": answers})
    with suppress(InputRefusedError):
        read_text(text)


def test_a_text_of_the_registration_is_as_long_as_its_field_takes() -> None:
    assert read(patient={"address": "x" * 300}).patient.address == "x" * 300
    (problem,) = refusals(patient={"address": "x" * 301})
    assert problem == ("patient.address: It is longer than 300 characters. Shorten it.")
