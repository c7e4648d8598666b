"""The burden of the form, counted on the real screens (form_flow.md, 3.2 a).

A woman of 34 with ten days of ache between the shoulder blades. Handing over and
confirming come later and cost eleven more keys.
"""

from intake.answer_check import checked
from tests.ui.keyboard import type_keys
from tests.ui.visit.conftest import OpenPage

AT_THE_DESK = (
    " ab\n"  # begin to mark; between the shoulder blades, both sides
    "10d"
    "c"  # gradually
    "y"  # movement brings it on
    "4"
    "b\n"  # aching
    "nnn"  # breathless, sweating, faint
    "b"  # comes and goes
    "b"  # about the same
    "n"  # does not wake
    "a\n"  # worse sitting long
    "bc\n"  # eased by changing position and by moving
    "0"  # does not spread
    "nn"  # breathing in, stairs
    "00"  # nothing set it off, nothing tried
    "nnnnn"  # cancer, weight, tired, sweats, fever
    "nnnnnn"  # arms, legs, band, walking
    "00n00"  # no medicines, no allergies, no steroids, no illnesses, no spine surgery
    "0a"  # aorta none, never smoked
)
IN_THE_ROOM = (
    "n00"  # saddle, bladder, bowel
    "0ba"  # immune, pregnant no, injected drugs never
    "n72\n0122/78\n"  # looks ill no, pulse, pulses equal, pressure
    "0d\nbcd\n"  # skin, rounded shoulders, full but painful turning either way
    "a0"  # neck normal, midline none
    "a\na\n"  # muscles tender LEFT and RIGHT
    "4-6\n"  # stiff T4 to T6
    "yy"  # reproduced, explained
    "00"  # gait, no level
    "552222"  # legs, knees, ankles
    "aaaa"  # toes down, no clonus
    "0"  # own concern
)


def test_a_harmless_strain_is_typed_within_the_promised_burden(
    open_page: OpenPage,
) -> None:
    desk = open_page("desk")
    keys = type_keys(AT_THE_DESK)
    at_the_desk = desk.session.answers.as_dict()

    room = open_page("clinician", answers=at_the_desk)
    keys += type_keys(IN_THE_ROOM)

    session = room.session
    counted = [q for q in session.answers if session.protocol.questions[q].is_counted]
    assert session.assessment.core_done
    assert session.assessment.open_questions == ()
    assert keys == 96
    assert len(counted) <= 70


def test_what_was_typed_is_what_is_stored(open_page: OpenPage) -> None:
    open_page("desk")
    page = open_page("desk")
    type_keys(AT_THE_DESK)
    answers = page.session.answers

    assert answers["pain.sites"] == ["interscapular"]
    assert answers["pain.side"] == "both"
    assert answers["pain.duration"] == {"value": 10, "unit": "d"}
    assert answers["pain.eased_by"] == ["change_of_position", "movement"]
    assert answers["neuro.leg_weakness"] == {"left": "no", "right": "no"}
    assert answers["background.medicines"] == []
    assert answers["risk.smoking"] == "never"


def test_every_typed_value_is_one_that_the_core_accepts(open_page: OpenPage) -> None:
    desk = open_page("desk")
    type_keys(AT_THE_DESK)
    room = open_page(answers=desk.session.answers.as_dict())
    type_keys(IN_THE_ROOM)
    protocol = room.session.protocol

    for question, value in room.session.answers.items():
        assert checked(protocol, protocol.questions[question], value) == value
