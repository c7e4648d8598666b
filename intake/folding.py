"""Text as it is searched: no case, no accents, no punctuation."""

import unicodedata

#: Letters that Unicode does not take apart, as people type them without the key.
_PLAIN = {
    "LATIN SMALL LETTER L WITH STROKE": "l",
    "LATIN SMALL LETTER O WITH STROKE": "o",
    "LATIN SMALL LETTER D WITH STROKE": "d",
    "LATIN SMALL LETTER H WITH STROKE": "h",
    "LATIN SMALL LETTER ETH": "d",
    "LATIN SMALL LETTER THORN": "th",
    "LATIN SMALL LETTER AE": "ae",
    "LATIN SMALL LIGATURE OE": "oe",
    "LATIN SMALL LETTER DOTLESS I": "i",
}
#: What stands inside a name and is often left out: O'Brien, Hawai'i.
_LEFT_OUT = (
    "APOSTROPHE",
    "RIGHT SINGLE QUOTATION MARK",
    "LEFT SINGLE QUOTATION MARK",
    "MODIFIER LETTER APOSTROPHE",
    "MODIFIER LETTER TURNED COMMA",
    "GRAVE ACCENT",
    "SOFT HYPHEN",
    "ZERO WIDTH JOINER",
    "ZERO WIDTH NON-JOINER",
)
_TABLE = str.maketrans(
    {unicodedata.lookup(name): plain for name, plain in _PLAIN.items()}
    | {unicodedata.lookup(name): "" for name in _LEFT_OUT}
)


def folded(text: str) -> str:
    """Return words without case, marks and apostrophes, one space between them."""
    apart = unicodedata.normalize("NFKD", text).casefold()
    # Again: some letters are only taken apart once they are small.
    apart = unicodedata.normalize("NFKD", apart).casefold()
    bare = "".join(c for c in apart if unicodedata.category(c) != "Mn")
    plain = bare.translate(_TABLE)
    return " ".join("".join(c if _is_letter(c) else " " for c in plain).split())


def compact(text: str) -> str:
    """Return folded text without spaces, for chart numbers."""
    return folded(text).replace(" ", "")


def digits(text: str) -> str:
    """Return the digits of a text, whatever script they are in, as 0 to 9."""
    return "".join(str(unicodedata.decimal(c)) for c in text if c.isdecimal())


def _is_letter(character: str) -> bool:
    return character.isalnum() or unicodedata.category(character) == "Mc"
