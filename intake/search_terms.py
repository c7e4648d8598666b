"""What somebody typed into a search, cut into dates, telephone numbers and words."""

import re
from collections.abc import Iterator

from intake.typed_dates import DATES

_PHONE = re.compile(r"\+?\(?\d[\d\s()./-]{4,}\d")
_WORD = re.compile(r"[^\s,;]+")
_GAP = re.compile(r"[\s,;]+")


def search_terms(text: str) -> Iterator[str]:
    """Give the terms of a text in order; each of them has to be found."""
    at = 0
    while at < len(text):
        if gap := _GAP.match(text, at):
            at = gap.end()
            continue
        kinds = (*DATES, _PHONE, _WORD)
        found = next(m for kind in kinds if (m := _whole(kind, text, at)))
        yield found.group()
        at = found.end()


def _whole(kind: re.Pattern[str], text: str, at: int) -> re.Match[str] | None:
    """Return a match that ends where a word ends."""
    found = kind.match(text, at)
    if found is None or (found.end() < len(text) and not _GAP.match(text, found.end())):
        return None
    return found
