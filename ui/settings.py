"""What the program remembers about itself; never anything about a patient."""

from PySide6.QtCore import QByteArray, QSettings

from ui.letters import PERCENTS
from ui.theme import LOOKS, Look


class Settings:
    """The window's place and size, its look, and who worked last."""

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
