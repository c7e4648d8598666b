"""Characters that cannot be printed as they are, and what happens to them.

A missing glyph is never a box on paper: it is named, and once that is confirmed it is
printed as its code point. What has no shape at all (control characters, marks that
steer direction) is left out, so that it can neither break a layout nor disguise a name.
"""

import re
import unicodedata
from collections.abc import Collection, Iterable

from intake.errors import UserFacingError

#: Control characters, invisible format characters, surrogates.
_WITHOUT_SHAPE = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\x9f\u00ad\u061c\u180e\u200b-\u200f\u202a-\u202e"
    "\u2060-\u206f\ufe00-\ufe0f\ufeff\ufff9-\ufffb\ud800-\udfff]"
)
_SPACES = re.compile("[\t\xa0\u1680\u2000-\u200a\u202f\u205f\u3000]")
_SHOWN = 10


class UnprintableTextError(UserFacingError):
    """A text holds characters that no font here can draw."""

    exit_code = 2

    def __init__(self, characters: Iterable[str]) -> None:
        """Name the characters; never the text they stand in."""
        found = sorted(set(characters))
        names = ", ".join(name_of(character) for character in found[:_SHOWN])
        more = f" and {len(found) - _SHOWN} more" if len(found) > _SHOWN else ""
        super().__init__(
            "text_not_printable",
            f"The text holds characters that no font here can draw: {names}{more}.",
            "Correct the text, or confirm that they are printed as code points "
            f"({code_point(found[0])}; command line: --code-points). "
            "Nothing was written.",
        )
        self.characters = tuple(found)


def code_point(character: str) -> str:
    """Return a character as its code point: ``[U+1F600]``."""
    return f"[U+{ord(character):04X}]"


def name_of(character: str) -> str:
    """Return a character's code point and its name."""
    name = unicodedata.name(character, "no name")
    return f"U+{ord(character):04X} ({name.lower()})"


def cleaned(text: str) -> str:
    """Return text in composed form, without what has no shape; lines are kept."""
    if text.isascii() and text.isprintable():
        return text
    text = unicodedata.normalize("NFC", text.replace("\r\n", "\n").replace("\r", "\n"))
    return _WITHOUT_SHAPE.sub("", _SPACES.sub(" ", text))


def with_code_points(text: str, missing: Collection[str]) -> str:
    """Return text with every missing character as its code point."""
    if not missing:
        return text
    return "".join(code_point(c) if c in missing else c for c in text)
