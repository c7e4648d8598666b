"""Red flags go one by one; only a row in which nothing stands out takes one key."""

from collections.abc import Mapping
from datetime import UTC, date, datetime
from typing import Any

import pytest

from intake.answers import AnswerChange, Answers, Way
from intake.confirmations import (
    Confirmation,
    confirmation_json,
    confirmation_of,
    entered,
    entered_json,
    entered_of,
    unconfirmed,
)
from intake.confirming import Unit, unit_words, units
from intake.protocol import Protocol
from intake.protocol_loader import default_protocol
from intake.visibility import look

AT = datetime(2026, 11, 24, 9, tzinfo=UTC)
#: A harmless strain: form_flow.md, 3.2 a.
STRAIN: dict[str, Any] = {
    "pain.sites": ["interscapular"],
    "pain.side": "both",
    "pain.duration": {"value": 10, "unit": "d"},
    "pain.onset": "gradual",
    "pain.with_movement": "yes",
    "pain.now": 4,
    "pain.quality": ["aching"],
    "chest.breathless": "no",
    "heart.sweating": "no",
    "heart.faint_or_collapse": "no",
    "pain.pattern": "comes_and_goes",
    "pain.course": "same",
    "pain.wakes_at_night": "no",
    "pain.worse_with": ["sitting_long"],
    "pain.eased_by": ["movement"],
    "pain.radiates_to": ["none"],
    "pain.pleuritic": "no",
    "pain.exertional": "no",
    "pain.onset_event": ["none"],
    "care.tried": ["none"],
    "cancer.history": "no",
    "general.weight_loss": "no",
    "general.fatigue": "no",
    "general.night_sweats": "no",
    "general.fever": "no",
    "neuro.arm_weakness": {"left": "no", "right": "no"},
    "neuro.arm_numb_tingling": {"left": "no", "right": "no"},
    "neuro.leg_weakness": {"left": "no", "right": "no"},
    "neuro.leg_numb_tingling": {"left": "no", "right": "no"},
    "neuro.trunk_band_numb": "no",
    "neuro.walking_or_balance": "no",
    "background.medicines": [],
    "background.allergies": [],
    "background.conditions": [],
    "risk.steroid_long": "no",
    "risk.spine_surgery_or_injection": "none",
    "risk.aorta": ["none"],
    "risk.smoking": "never",
}


@pytest.fixture(scope="module")
def protocol() -> Protocol:
    return default_protocol()


def changes(answers: Mapping[str, Any], way: Way = "desk") -> list[AnswerChange]:
    return [
        AnswerChange(q, None, v, "Dee", "desk", AT, way) for q, v in answers.items()
    ]


def waiting(protocol: Protocol, answers: Mapping[str, Any]) -> tuple[Unit, ...]:
    """Return what is to be confirmed of what the desk answered, at 34."""
    visibility, facts = look(
        protocol,
        Answers(answers),
        on=date(2026, 11, 24),
        age=(34.0, 34.0),
        sex_at_birth="female",
    )
    return units(protocol, facts, visibility, entered(changes(answers), ()))


def test_a_harmless_strain_takes_ten_keys(protocol: Protocol) -> None:
    found = waiting(protocol, STRAIN)
    assert len(found) == 10
    assert [one.is_red_flag for one in found] == [True] * 7 + [False] * 3
    asked = [one.question for unit in found for one in unit.answers]
    assert sorted(asked) == sorted(STRAIN), "each answer is in exactly one"


@pytest.mark.parametrize(
    ("question", "value", "row"),
    [
        ("general.fever", "yes", "Weight, tiredness, sweats, fever"),
        ("general.fever", "unsure", "Weight, tiredness, sweats, fever"),
        ("general.fever", None, "Weight, tiredness, sweats, fever"),
        ("neuro.leg_weakness", {"left": "no", "right": "yes"}, "Arms, legs"),
        ("neuro.leg_weakness", {"left": "no", "right": "unsure"}, "Arms, legs"),
        ("pain.duration", {"value": 3, "unit": "wk"}, "Lasting"),
        ("pain.course", "rapidly_worse", "Lasting"),
        ("pain.pattern", "constant", "Constant"),
        ("pain.now", 7, "Constant"),
        ("pain.onset", "sudden_seconds", "Sudden"),
        ("pain.with_movement", "no", "Sudden"),
        ("pain.quality", ["tearing_or_ripping"], "Sudden"),
        ("pain.radiates_to", ["jaw"], "Heart"),
        ("chest.breathless", "yes", "Heart"),
    ],
)
def test_a_row_that_is_not_quiet_falls_apart(
    protocol: Protocol, question: str, value: object, row: str
) -> None:
    """With a yes, an unsure or a gap every answer of it is confirmed by itself."""
    answers = {**STRAIN, question: value}
    if value is None:
        del answers[question]
    mine = [one for one in waiting(protocol, answers) if one.title.startswith(row)]
    assert len(mine) > 1
    assert all(len(one.answers) == 1 for one in mine)


def test_an_injury_is_confirmed_by_itself(protocol: Protocol) -> None:
    """Whatever else is quiet in its row."""
    answers = {**STRAIN, "pain.onset_event": ["fall"], "trauma.recent": "minor"}
    answers["risk.known_spondyloarthritis"] = "no"
    titles = [one.title for one in waiting(protocol, answers)]
    assert titles.count("Sudden, tearing, unlike a strain, injury") > 1


def test_what_is_not_no_stands_first_in_its_section(protocol: Protocol) -> None:
    answers = {**STRAIN, "risk.smoking": "current"}
    section = waiting(protocol, answers)[-1]
    loud, quiet = unit_words(protocol, section)
    assert [words.partition(":")[0] for words in loud] == ["Smoking"]
    assert len(quiet) == 6


def test_a_hidden_answer_waits_for_nothing(protocol: Protocol) -> None:
    answers = {**STRAIN, "cancer.types": ["breast"]}
    asked = {
        one.question for unit in waiting(protocol, answers) for one in unit.answers
    }
    assert "cancer.types" not in asked


@pytest.mark.parametrize(
    "way", ["desk", "paper", "import", "all_others_no", "re_entered"]
)
def test_what_no_clinician_asked_is_marked(way: Way) -> None:
    assert list(entered(changes({"pain.now": 4}, way), ())) == ["pain.now"]


def test_what_a_clinician_typed_is_not_marked() -> None:
    mine = AnswerChange("pain.now", 4, 5, "Dr. Kim", "clinician", AT, "clinician")
    assert entered([*changes({"pain.now": 4}), mine], ()) == {}


def test_the_newest_word_on_an_answer_counts() -> None:
    given = Confirmation("k1", "pain.now", 4, AT, "Dr. Kim", AT)
    back = Confirmation("k2", "pain.now", 4, AT, "Dr. Kim", AT, is_taken_back=True)
    late = Confirmation("k3", "pain.now", 4, AT, "Dr. Kim", AT, is_late=True)
    asked = changes({"pain.now": 4})
    assert unconfirmed(entered(asked, [given])) == ()
    assert len(unconfirmed(entered(asked, [given, back]))) == 1
    assert len(unconfirmed(entered(asked, [late]))) == 1
    assert unconfirmed(entered(asked, [given, back, given])) == ()


def test_a_confirmation_of_another_value_holds_nothing() -> None:
    other = Confirmation("k1", "pain.now", 5, AT, "Dr. Kim", AT)
    assert len(unconfirmed(entered(changes({"pain.now": 4}), [other]))) == 1


def test_both_come_back_from_json() -> None:
    one = Confirmation("k1", "pain.now", 4, AT, "Dr. Kim", AT, is_taken_back=True)
    assert confirmation_of(confirmation_json(one)) == one
    asked = entered(changes({"pain.now": 4, "pain.side": "left"}), [])
    assert list(map(entered_of, entered_json(asked.values()))) == list(asked.values())


def test_no_row_changes_an_assessment(protocol: Protocol) -> None:
    """What makes a row quiet is worked out beside the rules, never with them."""
    read = {id(expression) for _, expression in protocol.expressions}
    assert not read & {id(row.quiet) for row in protocol.confirm_rows if row.quiet}
