"""What single keys mean, apart from any widget."""

import pytest

from intake.protocol import Protocol
from ui.visit.editors.option_readers import ChoiceReader, ChoicesReader, levels_typed
from ui.visit.editors.readers import GradeReader, Press, ScaleReader


def typed(reader: object, keys: str, value: object = None) -> tuple[object, bool]:
    """Return the value after the keys, and whether the answer was complete."""
    done = False
    for key in keys:
        press: Press | None = reader.press("Enter" if key == "\n" else key, value)  # type: ignore[attr-defined]  # any reader
        if press is not None:
            value, done = press.value, press.is_done
    return value, done


@pytest.mark.parametrize(
    ("keys", "value", "is_done"),
    [
        ("0", 0, True),
        ("7", 7, True),
        ("1", 1, False),
        ("1\n", 1, True),
        ("10", 10, True),
        ("x", None, False),
    ],
)
def test_a_scale_waits_after_one_for_ten(
    protocol: Protocol, keys: str, value: int | None, is_done: bool
) -> None:
    reader = ScaleReader(protocol.questions["pain.now"])

    assert typed(reader, keys) == (value, is_done)


@pytest.mark.parametrize(
    ("keys", "value", "is_done"),
    [
        ("5", "5", True),
        ("4", "4", False),
        ("4\n", "4", True),
        ("4-", "4-", True),
        ("4+", "4+", True),
        ("6", None, False),
    ],
)
def test_a_grade_of_four_waits_for_plus_or_minus(
    protocol: Protocol, keys: str, value: str | None, is_done: bool
) -> None:
    reader = GradeReader(protocol.questions["exam.strength.hip_flexion"])

    assert typed(reader, keys) == (value, is_done)


def test_a_grade_ends_the_one_that_waits(protocol: Protocol) -> None:
    reader = GradeReader(protocol.questions["exam.strength.hip_flexion"])
    reader.press("4", None)

    assert reader.press("5", "4") == Press("4", is_done=True, rest="5")


def test_a_reflex_of_four_does_not_wait(protocol: Protocol) -> None:
    reader = GradeReader(protocol.questions["exam.reflex.knee"])

    assert typed(reader, "4") == ("4", True)


def test_one_letter_answers_a_choice(protocol: Protocol) -> None:
    reader = ChoiceReader(protocol.questions["pain.onset"])

    assert typed(reader, "c") == ("gradual", True)


def test_zero_is_the_option_for_none(protocol: Protocol) -> None:
    questions = protocol.questions

    assert typed(ChoicesReader(questions["care.tried"]), "0") == (["none"], True)
    assert typed(ChoicesReader(questions["pain.quality"]), "0") == ([], True)
    assert typed(ChoicesReader(questions["exam.gait"]), "0") == (["normal"], True)
    assert typed(ChoiceReader(questions["exam.sensory_level"]), "0") == ("none", True)


def test_several_letters_and_enter_answer_a_list_in_its_own_order(
    protocol: Protocol,
) -> None:
    reader = ChoicesReader(protocol.questions["pain.eased_by"])

    assert typed(reader, "cb\n") == (["change_of_position", "movement"], True)


def test_a_capital_takes_one_option_and_leaves(protocol: Protocol) -> None:
    reader = ChoicesReader(protocol.questions["pain.quality"])

    assert typed(reader, "B") == (["aching"], True)


def test_none_never_stands_beside_another_option(protocol: Protocol) -> None:
    reader = ChoicesReader(protocol.questions["care.tried"])

    assert typed(reader, "0") == (["none"], True)
    assert typed(reader, "a", ["none"]) == (["rest"], False)
    assert typed(reader, "0", ["rest"]) == (["none"], True)


def test_taking_away_the_last_option_is_not_asked_again(protocol: Protocol) -> None:
    reader = ChoicesReader(protocol.questions["pain.quality"])

    assert typed(reader, "bb") == (None, False)


def test_enter_on_an_unanswered_list_answers_nothing(protocol: Protocol) -> None:
    reader = ChoicesReader(protocol.questions["pain.quality"])

    assert typed(reader, "\n") == (None, True)


@pytest.mark.parametrize(
    ("text", "levels"),
    [
        ("4-6", ["T4", "T5", "T6"]),
        ("4,9-10", ["T4", "T9", "T10"]),
        ("12", ["T12"]),
        ("4-", ["T4"]),
        ("13", None),
        ("6-4", None),
        ("", None),
    ],
)
def test_levels_are_typed_as_numbers(
    protocol: Protocol, text: str, levels: list[str] | None
) -> None:
    assert levels_typed(text, protocol.questions["exam.segment_stiff"]) == levels


def test_one_level_is_a_choice_and_t1_waits_for_t10(protocol: Protocol) -> None:
    reader = ChoiceReader(protocol.questions["exam.sensory_level"])

    assert typed(reader, "4") == ("T4", True)
    assert typed(reader, "10") == ("T10", True)
