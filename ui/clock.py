"""The one clock of the window."""

from datetime import date, datetime


class SystemClock:
    """Tells the computer's time, with its zone."""

    def now(self) -> datetime:
        """Return the present time."""
        return datetime.now().astimezone()  # noqa: TID251  (this is the clock port)

    def today(self) -> date:
        """Return the present day."""
        return self.now().date()
