"""The editor for a blood pressure: ``122/78`` and Enter."""

import re
from typing import Any

from intake.answers import Value
from intake.units import UNITS, Quantity
from ui.visit.editors import amounts_typed as typed
from ui.visit.editors.entry import EntryEditor, Misread

_PAIR = re.compile(r"(\d{1,3})\s*[/\s,.-]\s*(\d{1,3})")


class PairEditor(EntryEditor):
    """Systolic over diastolic."""

    def text_of(self, value: Value) -> str:
        """Return both numbers with a slash."""
        return f"{value['systolic']['value']:g}/{value['diastolic']['value']:g}"

    def beside(self, value: Value | None) -> str:
        """Return the unit."""
        unit = UNITS[self.question.units[0]].name
        return f"{unit}, {self.blank}" if value is None else unit

    def read(self, text: str) -> Value:
        """Read two numbers, the higher one first."""
        match = _PAIR.fullmatch(text)
        if match is None:
            raise Misread("Two numbers, such as 122/78")
        high, low = int(match[1]), int(match[2])
        unit = self.question.units[0]
        value: dict[str, Any] = {
            "systolic": {"value": high, "unit": unit},
            "diastolic": {"value": low, "unit": unit},
        }
        both = [Quantity(high, unit), Quantity(low, unit)]
        if not all(typed.is_possible(q, self.question) for q in both):
            raise Misread(f"{high}/{low} cannot be.")
        if low >= high:
            raise Misread(f"{low}/{high}? The higher one comes first.")
        if not all(typed.is_plausible(q, self.question) for q in both):
            raise Misread(f"Really {high}/{low}? Enter again keeps it.", value)
        return value
