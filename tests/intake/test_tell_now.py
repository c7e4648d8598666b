"""The desk's list: single answers, the same words every time, nothing computed."""

from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from intake.errors import InputRefusedError, ProtocolError
from intake.protocol import Protocol
from intake.protocol_loader import default_protocol
from intake.tell_now import FILE, Told, checked_name, in_words, read_list, tell_now

AT = datetime(2026, 11, 24, 10, tzinfo=UTC)


@pytest.fixture(scope="module")
def protocol() -> Protocol:
    return default_protocol()


def lines_of(answers: dict[str, Any]) -> list[int]:
    return [line.number for line, _ in tell_now().untold(answers, ())]


def test_every_answer_on_the_list_is_one_that_its_question_has(
    protocol: Protocol,
) -> None:
    for line in tell_now().lines:
        for question_id, value in line.answers:
            question = protocol.questions[question_id]
            assert value in (question.options or ("yes", "no", "unsure"))


@pytest.mark.parametrize(
    ("number", "answers"),
    [
        (1, {"pain.severity": "worst_ever"}),
        (2, {"pain.quality": ["aching", "tearing_or_ripping"]}),
        (3, {"chest.breathless_at_rest": "unsure"}),
        (4, {"heart.faint_or_collapse": "yes"}),
        (5, {"pain.radiates_to": ["jaw"]}),
        (6, {"gut.black_or_bloody_stool": "yes"}),
        (7, {"risk.aorta": ["recent_aortic_procedure"]}),
        (8, {"neuro.leg_weakness": {"left": "no", "right": "yes"}}),
        (9, {"neuro.progressing": "over_days"}),
        (10, {"neuro.bladder": ["reduced_sensation"]}),
        (11, {"general.rigors": "yes"}),
        (12, {"trauma.recent": "high_energy"}),
    ],
)
def test_each_line_shows_for_its_answers(number: int, answers: dict[str, Any]) -> None:
    assert lines_of(answers) == [number]


@pytest.mark.parametrize(
    "answers",
    [
        {},
        {"pain.now": 10, "pain.onset": "sudden_seconds"},
        {"general.fever": "unsure"},
        {"neuro.leg_weakness": {"left": "no", "right": "unsure"}},
        {"neuro.bladder": ["none"]},
        {"cancer.history": "yes"},
    ],
)
def test_everything_else_shows_none(answers: dict[str, Any]) -> None:
    assert lines_of(answers) == []


def test_a_line_that_was_told_comes_back_for_another_of_its_answers(
    protocol: Protocol,
) -> None:
    answers: dict[str, Any] = {"neuro.leg_weakness": {"left": "yes", "right": "no"}}
    ((line, matched),) = tell_now().untold(answers, ())
    told = [Told("t1", line.number, matched, "Dr. Kim", "Dee", AT)]
    assert tell_now().untold(answers, told) == []

    answers["neuro.leg_weakness"] = {"left": "yes", "right": "yes"}
    ((again, new),) = tell_now().untold(answers, told)
    assert again.number == 8
    assert [in_words(one, protocol.questions) for one in new] == [
        "Weak leg, RIGHT: yes"
    ]


def test_the_list_ends_with_what_to_do_alone() -> None:
    assert tell_now().below == (
        "No clinician within a minute: call 911 and stay with the patient."
    )


def test_an_option_is_told_in_its_own_words(protocol: Protocol) -> None:
    words = in_words("pain.quality=tearing_or_ripping", protocol.questions)
    assert words == "What it feels like: Tearing or ripping"
    assert in_words("gone.now=yes", protocol.questions) == "gone.now=yes"


@pytest.mark.parametrize("name", ["", " \n ", "x" * 101, "\ud800"])
def test_a_name_that_is_none_is_refused(name: str) -> None:
    with pytest.raises(InputRefusedError):
        checked_name(name)


@pytest.mark.parametrize(
    "text",
    [
        "",
        'above = "a"\nbelow = "b"\n',
        FILE.read_text("utf-8").replace("number = 2", "number = 3"),
        FILE.read_text("utf-8").replace('is = ["worst_ever"]', "is = []"),
        FILE.read_text("utf-8").replace("text =", "words ="),
    ],
    ids=["empty", "no line", "a gap", "no answer", "no words"],
)
def test_a_list_that_is_none_is_refused(tmp_path: Path, text: str) -> None:
    path = tmp_path / "tell_now.toml"
    path.write_text(text, "utf-8")
    with pytest.raises(ProtocolError):
        read_list(path)
