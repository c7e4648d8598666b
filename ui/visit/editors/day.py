"""The editor for a date, also a partial one."""

from intake.answers import Value
from ui.visit.editors.days import read_day
from ui.visit.editors.entry import EntryEditor, Misread


class DayEditor(EntryEditor):
    """A date as people write it, stored as ISO 8601."""

    line_width = 140

    def text_of(self, value: Value) -> str:
        """Return the ISO date."""
        return str(value)

    def read(self, text: str) -> Value:
        """Read a day, a month or a year."""
        day = read_day(text, self.context.on)
        if day is None:
            raise Misread("A date until today: 2024, 5/2024, May 3 2024, 5/3/2024")
        return day
