"""The kinds of fields that a clinic's settings are made of: what each can hold.

Each kind has `usual`, what holds while nothing is settled, and `checked`, which returns
a value as it is stored. Values are what JSON holds.
"""

import base64
import binascii
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Protocol

from intake.answer_check import is_storable

_SIGNATURE = b"\x89PNG\r\n\x1a\n"
_HEAD = 24
_FEWEST_DIGITS = 3


class FieldRefusedError(ValueError):
    """A value that a field cannot hold: what is wrong, and what to write."""

    def __init__(self, what: str, suggestion: str = "") -> None:
        """Keep both sentences."""
        super().__init__(f"{what} {suggestion}".strip())
        self.what = what
        self.suggestion = suggestion


class Field(Protocol):
    """One field of a section."""

    @property
    def label(self) -> str:
        """Return what it is called."""

    @property
    def usual(self) -> Any:  # noqa: ANN401  (of the field's own kind)
        """Return what holds while nothing is settled."""

    def checked(self, value: object) -> Any:  # noqa: ANN401  (of the field's own kind)
        """Return the value as it is stored; FieldRefusedError says why it is none."""


@dataclass(frozen=True, slots=True)
class Line:
    """A line of text, which may be empty."""

    label: str
    longest: int = 80
    usual: str = ""

    def checked(self, value: object) -> str:
        """Return the line without blanks around it."""
        text = " ".join(_text(value).split())
        if len(text) > self.longest:
            raise FieldRefusedError(
                f"This is longer than {self.longest} characters.", "Shorten it."
            )
        if not text.isprintable() or not is_storable(text):
            raise FieldRefusedError(
                "It holds a character that cannot be printed.", "Type it again."
            )
        return text


@dataclass(frozen=True, slots=True)
class Lines:
    """Some lines of text, without the empty ones."""

    label: str
    most: int = 4
    usual: tuple[str, ...] = ()

    def checked(self, value: object) -> list[str]:
        """Return the lines that hold something."""
        if not isinstance(value, list | tuple):
            raise FieldRefusedError("This is no list of lines.")
        lines = [line for one in value if (line := Line(self.label).checked(one))]
        if len(lines) > self.most:
            raise FieldRefusedError(
                f"There is room for {self.most} lines.", "Put some of them together."
            )
        return lines


@dataclass(frozen=True, slots=True)
class Phone:
    """A telephone number as people write it, which may be empty."""

    label: str
    usual: str = ""

    def checked(self, value: object) -> str:
        """Return the number as it was typed: words such as "text or call" may stay."""
        text = Line(self.label, 40).checked(value)
        if text and sum(one.isdecimal() for one in text) < _FEWEST_DIGITS:
            raise FieldRefusedError(
                f"A telephone number has at least {_FEWEST_DIGITS} digits.",
                "Write it as it is dialed here, or leave it empty.",
            )
        return text


@dataclass(frozen=True, slots=True)
class Choice:
    """One of a few, each with its words; the first is usual."""

    label: str
    options: Mapping[str, str]

    @property
    def usual(self) -> str:
        """Return the first option."""
        return next(iter(self.options))

    def checked(self, value: object) -> str:
        """Return the option."""
        if not isinstance(value, str) or value not in self.options:
            raise FieldRefusedError(
                "There is no such choice.",
                f"One of {', '.join(self.options.values())}.",
            )
        return value


@dataclass(frozen=True, slots=True)
class Whole:
    """A whole number between two others."""

    label: str
    least: int
    most: int
    usual: int

    def checked(self, value: object) -> int:
        """Return the number."""
        if not isinstance(value, int) or isinstance(value, bool):
            raise FieldRefusedError("This is no whole number.")
        if not self.least <= value <= self.most:
            raise FieldRefusedError(f"It lies between {self.least} and {self.most}.")
        return value


@dataclass(frozen=True, slots=True)
class Switch:
    """On or off; on is usual."""

    label: str
    usual: bool = True

    def checked(self, value: object) -> bool:
        """Return which."""
        if not isinstance(value, bool):
            raise FieldRefusedError("This is neither on nor off.")
        return value


@dataclass(frozen=True, slots=True)
class Picture:
    """A small PNG as base64, which may be empty; only its head is looked at here."""

    label: str
    widest: int
    highest: int
    most_bytes: int
    usual: str = ""

    def checked(self, value: object) -> str:
        """Return the picture, when its head says that it is one and small enough."""
        text = _text(value)
        if len(text) > self.most_bytes * 2:
            raise self._too_large()
        try:
            content = base64.b64decode(text, validate=True)
        except (binascii.Error, ValueError):
            raise FieldRefusedError("This is no picture.") from None
        if not content:
            return ""
        if not content.startswith(_SIGNATURE) or len(content) < _HEAD:
            raise FieldRefusedError("This is no picture.")
        width, height = (int.from_bytes(content[at : at + 4]) for at in (16, 20))
        fits = 0 < width <= self.widest and 0 < height <= self.highest
        if not fits or len(content) > self.most_bytes:
            raise self._too_large()
        return text

    def _too_large(self) -> FieldRefusedError:
        return FieldRefusedError(
            f"A logo has at most {self.widest} \u00d7 {self.highest} points.",
            "Choose a smaller one.",
        )


def _text(value: object) -> str:
    if not isinstance(value, str):
        raise FieldRefusedError("This is no text.")
    return value
