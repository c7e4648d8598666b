"""What the program remembers about itself; never anything about a patient."""

from collections.abc import Mapping

from PySide6.QtCore import QByteArray, QSettings

#: In the open, at the desk, sooner than behind the door of a treatment room.
_IDLE_MINUTES: Mapping[str, float] = {"desk": 5.0, "clinician": 10.0}
_SHORTEST = 1.0
_LONGEST = 60.0


class Settings:
    """The window's place and size, who worked last, and when the screen locks."""

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
