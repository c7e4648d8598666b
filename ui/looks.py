"""Choosing the look and the size of the letters, for this workstation.

By the menu or by keys, signed in or not: who cannot read the page where one signs in
has to be able to change it there. What is chosen counts at once, and after the next
start.
"""

from collections.abc import Callable, Iterable
from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject
from PySide6.QtGui import QAction, QActionGroup
from PySide6.QtWidgets import QMenu

from ui.letters import PERCENTS, Letters
from ui.settings import Settings
from ui.theme import LOOKS, Dresser, Look

if TYPE_CHECKING:
    from ui.main_window import MainWindow

_WORDS: dict[Look, str] = {
    "system": "As the system says",
    "light": "Light",
    "dark": "Dark",
    "contrast_light": "High contrast, light",
    "contrast_dark": "High contrast, dark",
}


class Looks(QObject):
    """What is worn, what may be chosen, and the menus for it."""

    def __init__(
        self,
        window: "MainWindow",
        dresser: Dresser,
        letters: Letters,
        settings: Settings,
    ) -> None:
        """Wear what was chosen last, and listen to the window."""
        super().__init__(window)
        self._dresser = dresser
        self._letters = letters
        self._settings = settings
        self._looks = _menu(
            window.menu.addMenu("Loo&k"),
            [(_WORDS[look], partial(self.wear, look)) for look in LOOKS],
        )
        self._sizes = _menu(
            window.menu.addMenu("&Size of the letters"),
            [(f"{n} %", partial(self.make_letters, n)) for n in PERCENTS],
        )
        window.next_look.connect(self._wear_next)
        window.larger_letters.connect(lambda: self._step(1))
        window.smaller_letters.connect(lambda: self._step(-1))
        window.usual_letters.connect(lambda: self.make_letters(PERCENTS[0]))
        self.wear(settings.look)
        self.make_letters(settings.letters)

    def wear(self, look: Look) -> None:
        """Put a look on and keep it."""
        if look != self._dresser.look:
            self._dresser.wear(look)
        self._settings.look = look
        self._looks[LOOKS.index(look)].setChecked(True)

    def make_letters(self, percent: int) -> None:
        """Make the letters a size and keep it."""
        self._letters.make(percent)
        self._settings.letters = percent
        self._sizes[PERCENTS.index(percent)].setChecked(True)

    def _wear_next(self) -> None:
        place = LOOKS.index(self._dresser.look)
        self.wear(LOOKS[(place + 1) % len(LOOKS)])

    def _step(self, by: int) -> None:
        place = PERCENTS.index(self._letters.percent) + by
        if 0 <= place < len(PERCENTS):
            self.make_letters(PERCENTS[place])


def _menu(
    menu: QMenu, choices: Iterable[tuple[str, Callable[[], None]]]
) -> list[QAction]:
    """Fill a menu with choices of which one holds."""
    group = QActionGroup(menu)
    actions = []
    for words, choose in choices:
        action = QAction(words, menu)
        action.setCheckable(True)
        action.triggered.connect(lambda _on=False, choose=choose: choose())
        group.addAction(action)
        menu.addAction(action)
        actions.append(action)
    return actions
