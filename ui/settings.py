"""What the program remembers about itself; never anything about a patient."""

from collections.abc import Mapping

from PySide6.QtCore import QByteArray, QSettings

from ui.letters import PERCENTS
from ui.theme import LOOKS, Look

#: In the open, at the desk, sooner than behind the door of a treatment room.
_IDLE_MINUTES: Mapping[str, float] = {"desk": 5.0, "clinician": 10.0}
_SHORTEST = 1.0
_LONGEST = 60.0


class Settings:
    """The window's place and size, its look, who worked last, when the screen locks."""

    def __init__(self, store: QSettings) -> None:
        """Read from and write to `store`."""
        self._store = store

    @property
    def geometry(self) -> QByteArray:
        """Return the window's place and size, or nothing."""
        value = self._store.value("window/geometry")
        return value if isinstance(value, QByteArray) else QByteArray()

    @geometry.setter
    def geometry(self, value: QByteArray) -> None:
        self._store.setValue("window/geometry", value)

    @property
    def last_user(self) -> str:
        """Return the name that was signed in last."""
        return str(self._store.value("sign_in/name", ""))

    @last_user.setter
    def last_user(self, value: str) -> None:
        self._store.setValue("sign_in/name", value)

    @property
    def look(self) -> Look:
        """Return the look that was chosen on this workstation."""
        value = str(self._store.value("looks/look", "system"))
        return next((look for look in LOOKS if look == value), "system")

    @look.setter
    def look(self, value: Look) -> None:
        self._store.setValue("looks/look", value)

    @property
    def letters(self) -> int:
        """Return how large the letters are, in per cent of the system's."""
        value = str(self._store.value("looks/letters", PERCENTS[0]))
        return next((n for n in PERCENTS if str(n) == value), PERCENTS[0])

    @letters.setter
    def letters(self, percent: int) -> None:
        self._store.setValue("looks/letters", percent)

    def idle_minutes(self, role: str) -> float:
        """Return after how many minutes without a touch the screen locks."""
        usual = _IDLE_MINUTES[role]
        value = self._store.value(f"idle_lock/{role}_minutes", usual)
        try:
            minutes = float(str(value))
        except ValueError:
            return usual
        return minutes if _SHORTEST <= minutes <= _LONGEST else usual

    def set_idle_minutes(self, role: str, minutes: float) -> None:
        """Lock later or sooner in a role; from a minute to an hour."""
        self._store.setValue(f"idle_lock/{role}_minutes", minutes)
