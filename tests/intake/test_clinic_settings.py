"""What a clinic settles: each field with its own error, and nothing half taken."""

import base64
from dataclasses import replace
from typing import Any

import pytest

from intake.clinic_settings import (
    FIELDS,
    LOGO_BYTES,
    LONGEST_IDLE,
    SECTIONS,
    FirstUnits,
    Section,
    Settled,
    checked_section,
    in_force,
    values_of,
)
from intake.errors import InputRefusedError, ProtocolError
from intake.local_services import roles_from, service_roles
from intake.tell_now import tell_now
from intake.units import UNITS

_HEAD = b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR"


def png(width: int, height: int, more: bytes = b"") -> str:
    """Return the head of a picture of a size, as base64."""
    size = width.to_bytes(4, "big") + height.to_bytes(4, "big")
    return base64.b64encode(_HEAD + size + more).decode()


def letterhead(**changed: object) -> dict[str, Any]:
    """Return a letterhead as it is typed."""
    typed: dict[str, Any] = {
        "name": "Lake Clinic",
        "address": ["12 Lake Road", "Jacksonville, FL 32202"],
        "phone": "(904) 555-0100",
        "fax": "(904) 555-0101",
        "licences": ["CH 4711"],
    }
    return {**typed, **changed}


def refused(section: Section, values: dict[str, Any]) -> list[str]:
    """Return the fields that are refused."""
    with pytest.raises(InputRefusedError) as told:
        checked_section(section, values)
    assert all(problem.what for problem in told.value.problems)
    return [problem.where for problem in told.value.problems]


def test_nothing_settled_is_as_it_was_before_there_were_settings() -> None:
    settings = in_force([])
    assert settings.letterhead.name == ""
    assert settings.page == "letter"
    assert settings.units == FirstUnits()
    assert settings.idle_minutes == {"desk": 5, "clinician": 10}
    assert settings.services == ()


@pytest.mark.parametrize("section", SECTIONS)
def test_what_is_usual_can_be_settled(section: Section) -> None:
    usual = values_of(Settled(section))
    assert checked_section(section, usual) == {
        name: list(value) if isinstance(value, tuple) else value
        for name, value in usual.items()
    }


def test_a_letterhead_is_taken_without_blanks_and_empty_lines() -> None:
    typed = letterhead(name="  Lake   Clinic ", address=["12 Lake Road", " ", ""])
    stored = checked_section("letterhead", typed)
    assert stored["name"] == "Lake Clinic"
    assert stored["address"] == ["12 Lake Road"]


def test_every_wrong_field_is_told_at_once() -> None:
    wrong = letterhead(name="x" * 61, address=["a"] * 5, phone="call us", fax=7)
    assert refused("letterhead", wrong) == ["name", "address", "phone", "fax"]


@pytest.mark.parametrize(
    "text", ["two\u202elines", "bell\a", "half\ud800", "nul\0", "\u2066x"]
)
def test_what_cannot_be_printed_or_turns_a_line_around_is_refused(text: str) -> None:
    assert refused("letterhead", letterhead(name=text, address=[text])) == [
        "name",
        "address",
    ]


def test_a_field_that_is_missing_or_none_of_ours_is_refused() -> None:
    typed = letterhead(motto="We care")
    del typed["fax"]
    assert refused("letterhead", typed) == ["motto", "fax"]


@pytest.mark.parametrize("value", ["letter ", "A4", "", None, 4, ["a4"]])
def test_a_paper_there_is_not_is_refused(value: object) -> None:
    assert refused("paper", {"page": value}) == ["page"]


@pytest.mark.parametrize("minutes", [0, -1, LONGEST_IDLE + 1, "5", 5.0, True, None])
def test_a_lock_that_never_comes_is_refused(minutes: object) -> None:
    assert refused("lock", {"desk": minutes, "clinician": 1}) == ["desk"]


def test_the_lock_may_come_soon_or_late() -> None:
    stored = checked_section("lock", {"desk": 1, "clinician": LONGEST_IDLE})
    settings = in_force([Settled("lock", 1, stored)])
    assert settings.idle_minutes == {"desk": 1, "clinician": LONGEST_IDLE}


@pytest.mark.parametrize(
    "picture",
    [
        "no base64!",
        base64.b64encode(b"GIF89a" + b"\0" * 40).decode(),
        base64.b64encode(_HEAD).decode(),
        png(0, 10),
        png(10, 0),
        png(801, 10),
        png(10, 401),
        png(0xFFFFFFFF, 0xFFFFFFFF),
        png(10, 10, b"\0" * LOGO_BYTES),
        "A" * (LOGO_BYTES * 3),
        None,
    ],
    ids=lambda text: str(text)[:12],
)
def test_a_picture_that_is_none_or_too_large_is_refused(picture: object) -> None:
    assert refused("logo", {"png": picture}) == ["png"]


def test_a_small_picture_is_taken() -> None:
    stored = checked_section("logo", {"png": png(800, 400)})
    logo = in_force([Settled("logo", 1, stored)]).letterhead.logo
    assert logo.startswith(_HEAD)
    assert checked_section("logo", {"png": ""}) == {"png": ""}


def test_units_come_in_the_order_of_the_clinic() -> None:
    units = FirstUnits("[degF]", "[lb_av]", "cm")
    assert units.in_order(("Cel", "[degF]")) == ["[degF]", "Cel"]
    assert units.of(("kg", "[lb_av]")) == "[lb_av]"
    assert units.of(("cm", "[in_i]")) == "cm"


def test_what_has_no_first_unit_stays_as_the_protocol_has_it() -> None:
    units = FirstUnits("[degF]", "[lb_av]", "[in_i]")
    assert units.in_order(("mg/dL", "mmol/L")) == ["mg/dL", "mmol/L"]
    # A distance between fingers and floor is asked in cm alone.
    assert units.of(("cm",)) == "cm"
    assert units.settled(("cm",)) == ""
    assert units.in_order(()) == []
    assert FirstUnits().in_order(("Cel", "[degF]")) == ["Cel", "[degF]"]


def test_each_measure_offers_units_of_one_kind() -> None:
    for name in FIELDS["units"]:
        choices = FIELDS["units"][name].options  # type: ignore[attr-defined]  # each is a choice
        assert len({UNITS[code].dimension for code in choices if code}) == 1


def test_numbers_are_told_in_the_order_of_the_list_and_empty_ones_are_not() -> None:
    roles = service_roles()
    typed: dict[str, Any] = dict.fromkeys(FIELDS["services"], "")
    for role in (roles[3], roles[1]):
        typed[f"{role.id}.phone"] = "904 555 0100"
    typed[f"{roles[2].id}.name"] = "without a number"
    stored = checked_section("services", typed)
    services = in_force([Settled("services", 1, stored)]).services
    assert [one.role for one in services] == [roles[1], roles[3]]
    assert str(services[0]) == f"{roles[1].label}: 904 555 0100"


def listed(**changed: object) -> Settled:
    """Return the list of the desk as it is settled, with some fields changed."""
    return Settled("tell_now", 1, {**values_of(Settled("tell_now")), **changed})


def test_a_line_of_the_desks_list_is_switched_off_or_said_in_own_words() -> None:
    first, second, *others = tell_now().lines
    settled = listed(**{f"{first.id}.on": False, f"{second.id}.words": "Tearing!"})
    kept = in_force([settled]).tell_now
    assert kept.lines == (replace(second, own_words="Tearing!"), *others)
    given: dict[str, Any] = {
        question: [answer] if question == "pain.quality" else answer
        for question, answer in (*first.answers, *second.answers)
    }
    assert [line.number for line, _ in kept.untold(given, ())] == [2]
    assert " 2  Tearing!\n" in kept.in_print
    assert first.text not in kept.in_print
    assert len(tell_now().untold(given, ())) == 2, "the list itself is as it was"


def test_a_line_about_other_answers_is_another_line() -> None:
    """Of a later list the fifth line may be about something else."""
    first = tell_now().lines[0]
    more = first.answers | {("pain.severity", "severe")}
    assert replace(first, number=5, text="Else").id == first.id
    assert replace(first, answers=more).id != first.id
    assert len({line.id for line in tell_now().lines}) == len(tell_now().lines)


@pytest.mark.parametrize("value", [None, 1, "yes", 0])
def test_what_is_neither_on_nor_off_is_refused_and_counts_as_on(value: object) -> None:
    name = f"{tell_now().lines[0].id}.on"
    settled = listed(**{name: value})
    assert refused("tell_now", dict(settled.values)) == [name]
    assert in_force([settled]).tell_now == tell_now()


def test_what_a_later_program_settled_keeps_nobody_from_working() -> None:
    """A field that is refused today holds what is usual; the others are kept."""
    settings = in_force(
        [
            Settled("lock", 4, {"desk": 0, "clinician": 20, "more": 1}),
            Settled("paper", 2, {"page": "a5"}),
            Settled("services", 1, {"gone.phone": "123"}),
        ]
    )
    assert settings.idle_minutes == {"desk": 5, "clinician": 20}
    assert settings.page == "letter"
    assert settings.services == ()


def test_the_list_of_services_is_sound_and_has_one_for_emergencies() -> None:
    roles = service_roles()
    assert any(role.is_for_emergencies for role in roles)
    assert any(role.is_for_calls for role in roles)


@pytest.mark.parametrize(
    "table",
    [
        {"service": [{"id": "a"}]},
        {"service": [{"id": "a", "label": "A"}, {"id": "a", "label": "B"}]},
        {"service": [{"id": "a", "label": "A", "urgent": True}]},
        {"services": []},
    ],
    ids=["no label", "twice", "a key of nobody", "another list"],
)
def test_a_list_of_services_with_a_mistake_is_told(table: dict[str, Any]) -> None:
    with pytest.raises(ProtocolError):
        roles_from(table)


def test_a_service_is_named_with_its_own_name() -> None:
    (role,) = roles_from({"service": [{"id": "a", "label": "Laboratory"}]})
    typed = Settled("services", 1, {"a.name": "Ox", "a.phone": "911"})
    assert not role.is_for_emergencies
    assert in_force([typed]).services == (), "not of this list"
