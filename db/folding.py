"""Text as it is searched: no case, no accents, no punctuation."""

import unicodedata

#: Letters that Unicode does not take apart, as people type them without the key.
_PLAIN = str.maketrans(
    {"ł": "l", "ø": "o", "đ": "d", "ð": "d", "þ": "th", "æ": "ae", "œ": "oe"}
    | {"ı": "i", "ħ": "h", "'": "", "’": "", "ʼ": "", "`": ""}
)


def folded(text: str) -> str:
    """Return words without case, marks and apostrophes, one space between them."""
    apart = unicodedata.normalize("NFKD", unicodedata.normalize("NFKD", text).casefold())
    plain = "".join(c for c in apart if unicodedata.category(c) != "Mn")
    plain = plain.translate(_PLAIN)
    return " ".join("".join(c if _is_letter(c) else " " for c in plain).split())


def compact(text: str) -> str:
    """Return folded text without spaces, for chart numbers."""
    return folded(text).replace(" ", "")


def digits(text: str) -> str:
    """Return the digits of a text, whatever script they are in, as 0 to 9."""
    return "".join(str(unicodedata.decimal(c)) for c in text if c.isdecimal())


def _is_letter(character: str) -> bool:
    return character.isalnum() or unicodedata.category(character) == "Mc"
