"""Quantities and their units, by UCUM code.

Every unit belongs to a dimension and converts to that dimension's base unit:
``base = value * factor + offset``. Months and years are UCUM's mean Julian ones
(30.4375 d and 365.25 d). Conversion between mass and amount of a substance needs
the substance's molar mass, which the question carries.
"""

import re
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Unit:
    """A UCUM unit: what it measures and how it converts to the base unit."""

    code: str
    dimension: str
    factor: float = 1.0
    offset: float = 0.0
    label: str = ""
    one: str = ""

    @property
    def name(self) -> str:
        """Return the unit as people write it; a plain count has none."""
        return self.label or ("" if self.dimension == "count" else self.code)


UNITS = {
    unit.code: unit
    for unit in (
        Unit("1", "count"),
        Unit("h", "time", 1 / 24),
        Unit("d", "time"),
        Unit("wk", "time", 7, label="weeks", one="week"),
        Unit("mo", "time", 30.4375, label="months", one="month"),
        Unit("a", "time", 365.25, label="years", one="year"),
        Unit("min", "time", 1 / 1440),
        Unit("Cel", "temperature", label="°C"),
        Unit("[degF]", "temperature", 5 / 9, -160 / 9, label="°F"),
        Unit("/min", "rate"),
        Unit("/d", "rate", 1 / 1440, label="a day"),
        Unit("mm[Hg]", "pressure", label="mmHg"),
        Unit("%", "fraction"),
        Unit("kg", "mass"),
        Unit("[lb_av]", "mass", 0.45359237, label="lb"),
        Unit("cm", "length"),
        Unit("[in_i]", "length", 2.54, label="in"),
        Unit("deg", "angle", label="°"),
        Unit("{pack-years}", "tobacco", label="pack-years", one="pack-year"),
        Unit("mm/h", "sedimentation"),
        Unit("mg/L", "mass concentration"),
        Unit("mg/dL", "mass concentration", 10),
        Unit("g/L", "mass concentration", 1000),
        Unit("g/dL", "mass concentration", 10000),
        Unit("ng/mL", "mass concentration", 0.001),
        Unit("ug/L", "mass concentration", 0.001, label="µg/L"),
        Unit("mmol/L", "amount concentration"),
        Unit("umol/L", "amount concentration", 0.001, label="µmol/L"),
        Unit("10*9/L", "cell concentration", label="\u00d710⁹/L"),
        Unit("10*3/uL", "cell concentration", label="\u00d710³/µL"),
        Unit("U/L", "catalytic concentration"),
    )
}

#: Spellings taken on import, and the code that is stored.
ALIASES = {"lb": "[lb_av]", "in": "[in_i]", "pack-years": "{pack-years}"}

#: Places kept after conversion: finer than any reading, coarser than float noise.
_DIGITS = 12
_QUANTITY = re.compile(r"\s*(-?\d+(?:\.\d+)?)\s+(\S+)\s*")


@dataclass(frozen=True, slots=True)
class Quantity:
    """A value with its UCUM unit."""

    value: float
    unit: str

    @property
    def dimension(self) -> str:
        """Return what the quantity measures."""
        return UNITS[self.unit].dimension

    def in_base(self, molar_mass: float | None = None) -> float:
        """Return the value in the base unit of its dimension.

        With a molar mass (g/mol) an amount concentration (mmol/L) becomes a mass
        concentration (mg/L), so that both units of one analyte are comparable.
        """
        unit = UNITS[self.unit]
        # Rounded, or 100.4 °F would lie a hair above 38 °C.
        base = round(self.value * unit.factor + unit.offset, _DIGITS)
        if molar_mass is not None and unit.dimension == "amount concentration":
            return base * molar_mass
        return base

    def to(self, code: str, molar_mass: float | None = None) -> "Quantity":
        """Return the same quantity in another unit.

        Raises:
            ValueError: if the two units measure different things.
        """
        target = UNITS[code]
        base = self.in_base()
        if target.dimension != self.dimension:
            pair = {target.dimension, self.dimension}
            if molar_mass is None or pair != {
                "mass concentration",
                "amount concentration",
            }:
                msg = f"{self.unit} cannot be converted to {code}"
                raise ValueError(msg)
            to_mass = target.dimension == "mass concentration"
            base = base * molar_mass if to_mass else base / molar_mass
        return Quantity((base - target.offset) / target.factor, code)

    def __str__(self) -> str:
        """Return value and unit as people write them: ``38.2 °C``."""
        unit = UNITS[self.unit]
        name = unit.one if self.value == 1 and unit.one else unit.name
        return f"{self.value:g} {name}".strip()


def parse_quantity(text: str) -> Quantity | None:
    """Return the quantity written as ``"38 Cel"``, or None if it is not one."""
    match = _QUANTITY.fullmatch(text)
    if match is None or match[2] not in UNITS:
        return None
    return Quantity(float(match[1]), match[2])
