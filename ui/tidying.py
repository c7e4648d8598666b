"""Python's search for garbage, put off to moments in which nobody types.

While it looks through everything there is, nothing else happens: with the records open
and a few hundred searches behind it that takes a quarter of a second, in the middle of
a word. The young are still looked through as they come, which takes a millisecond.
"""

import gc
from collections.abc import Callable

from PySide6.QtCore import QObject

#: Python's own for the first two. The third would have everything looked through after
#: a few thousand changes of the second; so it is some ten million objects.
_THRESHOLDS = (700, 10, 1500)


class Tidying(QObject):
    """Looks through everything when it is told that nobody is at work.

    Args:
        parent: lives as long as this.
        collect: looks through everything.
    """

    def __init__(
        self, parent: QObject, collect: Callable[[], int] = gc.collect
    ) -> None:
        """Put it off from now on."""
        super().__init__(parent)
        self._collect = collect
        gc.set_threshold(*_THRESHOLDS)

    def now(self) -> None:
        """Look through everything."""
        self._collect()
