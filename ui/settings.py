"""What the program remembers about itself; never anything about a patient."""

from PySide6.QtCore import QByteArray, QSettings


class Settings:
    """The window's place and size, and who worked last."""

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
