"""One thing at a time in the background, while a page waits for what comes of it.

Making a key from a passphrase takes a good part of a second, and giving the records a
new key or checking a long audit trail takes longer.
"""

import threading
from collections.abc import Callable
from typing import Any

from PySide6.QtCore import QObject, Qt, Signal
from PySide6.QtWidgets import QWidget
from shiboken6 import isValid

from intake.errors import InputRefusedError, UserFacingError
from intake.waiting import BrokenOffError, waited_for
from ui.progress_line import Waited, line_of

Then = Callable[[Any], None]


class Errands(QObject):
    """Does what takes long for a page, which takes no keys meanwhile.

    Args:
        page: is the page's own again, with the keys where they were, when it is over.
    """

    #: Something begins, or is over.
    begun = Signal()
    over = Signal()
    _ended = Signal(object, object)

    def __init__(self, page: QWidget) -> None:
        """Do nothing yet."""
        super().__init__(page)
        self._page = page
        self._focus: QWidget | None = None
        self._is_busy = False
        self._ended.connect(self._end, Qt.ConnectionType.QueuedConnection)

    def run(
        self,
        work: Callable[[], object],
        then: Then,
        refuse: Then,
        *,
        words: str = "One moment \u2026",
        may_break_off: bool = False,
    ) -> None:
        """Do some work, then go on with its result, or with the error that was told.

        A second press of a button, while one thing is being done, is no second try.

        Args:
            work: what is done, in the background.
            then: what follows, with its result.
            refuse: what follows otherwise, with the error.
            words: what is being done, where it takes longer than a moment.
            may_break_off: it changes nothing before its end.
        """
        if self._is_busy:
            return
        self._is_busy = True
        self._focus = self._page.focusWidget()
        self._page.setEnabled(False)
        self.begun.emit()
        waited = self._begin(words, may_break_off=may_break_off)

        def do() -> None:
            # A mistake of ours goes to the error hook, and the page is freed.
            follow: Then = _go_no_further
            told: object = None
            try:
                with waited_for(waited.step):
                    told, follow = work(), then
            except BrokenOffError:
                told, follow = broken_off(), refuse
            except UserFacingError as error:
                told, follow = error, refuse
            finally:
                waited.end()
                self._ended.emit(follow, told)

        threading.Thread(target=do, name="errand", daemon=True).start()

    def _begin(self, words: str, *, may_break_off: bool) -> Waited:
        line = line_of(self._page)
        if line is None:
            return Waited(words, may_break_off=may_break_off, is_in_front=True)
        return line.begin(words, may_break_off=may_break_off, is_in_front=True)

    def _end(self, follow: Then, told: object) -> None:
        self._is_busy = False
        self._page.setEnabled(True)
        # A lock may have taken the form away meanwhile.
        if self._focus is not None and isValid(self._focus):
            self._focus.setFocus()
        self.over.emit()
        follow(told)


def broken_off() -> UserFacingError:
    """Return what is told to whoever broke something off."""
    return UserFacingError(
        "broken_off",
        "Broken off, as you wished.",
        "What was finished stays; nothing is half.",
    )


def in_words(error: UserFacingError) -> str:
    """Return an error as the sentences that stand beside a form."""
    if isinstance(error, InputRefusedError):
        return " ".join(
            f"{one.what} {one.suggestion}".strip() for one in error.problems
        )
    return f"{error.text} {error.action}"


def _go_no_further(_told: object) -> None:
    pass
