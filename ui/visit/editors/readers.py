"""How single keys become the value of a question, without any widget.

A reader holds what was typed and is not complete yet ("4" may become "4-", "1" may
become "10", "4-" may become T4 to T6). It is asked with a key and the stored value,
and says what the value is now and whether the answer is complete.
"""

import string
from abc import ABC, abstractmethod
from collections.abc import Sequence
from dataclasses import dataclass

from intake.answers import Value
from intake.protocol import Question
from intake.protocol_terms import GRADE_SCALES

LETTERS = string.ascii_lowercase


@dataclass(frozen=True, slots=True)
class Press:
    """What a key did.

    `value` is the new value (None: not asked), or the stored one again. `rest` is a
    key that already belongs to the next answer.
    """

    value: Value | None
    is_done: bool = False
    rest: str = ""


@dataclass(frozen=True, slots=True)
class Offer:
    """An option as it is offered: its key, its words, its id."""

    key: str
    words: str
    option: str


class Reader(ABC):
    """Reads the keys of one answer (or of one side of it)."""

    @property
    def keys_help(self) -> str:
        """Return what is special about its keys, or an empty text."""
        return ""

    def __init__(self, question: Question) -> None:
        """Start with nothing typed."""
        self.question = question
        self.typed = ""
        self.offers: tuple[Offer, ...] = self._offers()

    @abstractmethod
    def press(self, key: str, value: Value | None) -> Press | None:
        """Return what the key does to the value, or None: it means nothing here."""

    @abstractmethod
    def pick(self, option: str, value: Value | None) -> Press:
        """Return what choosing an option with the mouse does."""

    @abstractmethod
    def words(self, value: Value | None) -> str:
        """Return the value in words, empty when not asked."""

    @abstractmethod
    def has(self, option: str, value: Value | None) -> bool:
        """Return whether the value holds an option."""

    def shown(self, value: Value | None) -> str:
        """Return the value in words, and what was typed and may go on."""
        words = self.words(value)
        if not self.typed:
            return words
        said = "" if words == self.typed else f"{words}  "
        return f"{said}{self.typed}…"

    @property
    def half(self) -> str:
        """Return what was typed and is no value yet."""
        return self.typed

    def leave(self, value: Value | None) -> Press | None:
        """Return the value of what was typed so far, or None if nothing was."""
        return self.press("Enter", value) if self.typed else None

    def _offers(self) -> tuple[Offer, ...]:
        return ()

    def _reset(self) -> str:
        typed, self.typed = self.typed, ""
        return typed


class DigitReader(Reader):
    """Reads one of a few short codes: a scale of 0 to 10, a grade.

    A code that begins another one ("1", "4") waits for the next key.
    """

    def __init__(self, question: Question, codes: Sequence[str]) -> None:
        """Read these codes."""
        self._codes = tuple(codes)
        super().__init__(question)

    def press(self, key: str, value: Value | None) -> Press | None:
        """Take a digit or a sign; Enter or any other code ends a code that waits."""
        if key == "Delete":
            self._reset()
            return Press(None)
        if key == "Enter":
            typed = self._reset()
            return Press(self._value(typed) if typed else value, is_done=True)
        together = self.typed + key
        if self._begins_more(together):
            self.typed = together
            return Press(self._value(together) if together in self._codes else value)
        if together in self._codes:
            self._reset()
            return Press(self._value(together), is_done=True)
        if self.typed and (key in self._codes or self._begins_more(key)):
            return Press(self._value(self._reset()), is_done=True, rest=key)
        return None

    @property
    def half(self) -> str:
        """Return what was typed, unless it is a code by itself: that is stored."""
        return "" if self.typed in self._codes else self.typed

    def pick(self, option: str, value: Value | None) -> Press:
        """Take the code, or take it back when it was chosen already."""
        self._reset()
        new = self._value(option)
        return Press(None) if new == value else Press(new, is_done=True)

    def words(self, value: Value | None) -> str:
        """Return the code."""
        return "" if value is None else str(value)

    def has(self, option: str, value: Value | None) -> bool:
        """Return whether this is the code."""
        return value is not None and str(value) == option

    def _begins_more(self, text: str) -> bool:
        return any(code != text and code.startswith(text) for code in self._codes)

    def _value(self, code: str) -> Value:
        return code

    def _offers(self) -> tuple[Offer, ...]:
        return tuple(Offer("", code, code) for code in self._codes)


class ScaleReader(DigitReader):
    """Reads 0 to 10."""

    def __init__(self, question: Question) -> None:
        """Read eleven numbers."""
        super().__init__(question, [str(number) for number in range(11)])

    def _value(self, code: str) -> Value:
        return int(code)


class GradeReader(DigitReader):
    """Reads a grade of strength or of a reflex."""

    def __init__(self, question: Question) -> None:
        """Read the grades of the question's scale."""
        super().__init__(question, GRADE_SCALES[question.scale])
