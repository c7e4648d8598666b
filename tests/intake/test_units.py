"""Quantities: both ways between units, and what cannot be converted."""

import pytest

from intake.units import ALIASES, UNITS, Quantity, parse_quantity

CALCIUM, CREATININE = 40.078, 113.12


@pytest.mark.parametrize(
    ("value", "unit", "other_value", "other", "molar_mass"),
    [
        (38.0, "Cel", 100.4, "[degF]", None),
        (0.0, "Cel", 32.0, "[degF]", None),
        (-40.0, "Cel", -40.0, "[degF]", None),
        (1.0, "[lb_av]", 0.45359237, "kg", None),
        (1.0, "[in_i]", 2.54, "cm", None),
        (1.0, "mg/dL", 10.0, "mg/L", None),
        (1.0, "g/dL", 10.0, "g/L", None),
        (1.0, "ng/mL", 1.0, "ug/L", None),
        (1.0, "10*9/L", 1.0, "10*3/uL", None),
        (1.0, "wk", 7.0, "d", None),
        (1.0, "mo", 30.4375, "d", None),
        (1.0, "a", 12.0, "mo", None),
        (1.0, "a", 365.25, "d", None),
        (2.0, "d", 48.0, "h", None),
        (1.0, "h", 60.0, "min", None),
        (10.0, "mg/dL", 2.495, "mmol/L", CALCIUM),
        (1.0, "mg/dL", 88.4, "umol/L", CREATININE),
    ],
)
def test_a_quantity_converts_both_ways(
    value: float, unit: str, other_value: float, other: str, molar_mass: float | None
) -> None:
    """Published factors, not ours: a slip here moves every threshold."""
    there = Quantity(value, unit).to(other, molar_mass)
    assert there.value == pytest.approx(other_value, rel=1e-3)
    assert there.unit == other
    back = there.to(unit, molar_mass)
    assert back.value == pytest.approx(value, rel=1e-9, abs=1e-9)


@pytest.mark.parametrize("tenths", range(350, 431))
def test_a_reading_in_fahrenheit_lies_where_it_lies_in_celsius(tenths: int) -> None:
    """100.4 °F is 38 °C exactly: no comparison may depend on how floats round."""
    celsius = tenths / 10
    fahrenheit = round(celsius * 9 / 5 + 32, 2)
    assert (
        Quantity(fahrenheit, "[degF]").in_base() == Quantity(celsius, "Cel").in_base()
    )


@pytest.mark.parametrize(
    ("unit", "other"), [("kg", "cm"), ("Cel", "/min"), ("mm[Hg]", "%"), ("d", "1")]
)
def test_unlike_units_are_not_converted(unit: str, other: str) -> None:
    with pytest.raises(ValueError, match="cannot be converted"):
        Quantity(1, unit).to(other)


def test_mass_and_amount_need_the_molar_mass() -> None:
    """Without it mmol/L and mg/dL have nothing to do with each other."""
    with pytest.raises(ValueError, match="cannot be converted"):
        Quantity(2.5, "mmol/L").to("mg/dL")


def test_every_alias_stands_for_a_unit_of_another_name() -> None:
    assert {"[lb_av]", "[in_i]", "{pack-years}"} == set(ALIASES.values())
    assert set(ALIASES).isdisjoint(UNITS)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("38 Cel", Quantity(38.0, "Cel")),
        ("  38.5   [degF] ", Quantity(38.5, "[degF]")),
        ("-5 Cel", Quantity(-5.0, "Cel")),
        ("20 {pack-years}", Quantity(20.0, "{pack-years}")),
        ("38", None),
        ("38Cel", None),
        ("38 C", None),
        ("lots Cel", None),
        ("1e3 d", None),
        ("", None),
    ],
)
def test_a_written_quantity_is_read(text: str, expected: Quantity | None) -> None:
    assert parse_quantity(text) == expected


@pytest.mark.parametrize(
    ("quantity", "expected"),
    [
        (Quantity(38.2, "Cel"), "38.2 °C"),
        (Quantity(3, "1"), "3"),
        (Quantity(5, "wk"), "5 weeks"),
    ],
)
def test_a_quantity_reads_as_people_write_it(quantity: Quantity, expected: str) -> None:
    assert str(quantity) == expected
