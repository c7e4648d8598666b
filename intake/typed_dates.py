"""Dates as people type them, with every day that the text can mean.

``03/04/1958`` is March 4 to one desk and April 3 to the next. A search looks for both,
a form says which one it took; nothing here picks one in silence.
"""

import re
from datetime import date

from intake.answer_check import is_partial_date

MONTHS = (
    "January", "February", "March", "April", "May", "June", "July", "August",
    "September", "October", "November", "December",
)  # fmt: skip
_SHORT = tuple(month[:3].lower() for month in MONTHS)
_LAST_MONTH = 12
_LAST_DAY = 31
_Y = r"(?P<y>(?:18|19|20)\d\d)(?!\d)"
_NAME = rf"(?P<name>{'|'.join(_SHORT)})[a-z]*\.?"
#: The usual ways to write a date; a group is named for what it can be.
DATES = tuple(
    re.compile(pattern, re.IGNORECASE | re.ASCII)
    for pattern in (
        r"(?P<y>(?:18|19|20)\d\d)[-/.](?P<m>\d\d?)(?:[-/.](?P<d>\d\d?))?(?!\d)",
        r"(?P<y>(?:18|19|20)\d\d)(?P<m>\d\d)(?P<d>\d\d)(?!\d)",
        rf"(?P<a>\d\d?)[-/.] ?(?P<b>\d\d?)[-/.] ?{_Y}",
        r"(?P<a>\d\d?)[-/.](?P<b>\d\d?)[-/.](?P<yy>\d\d)(?!\d)",
        rf"(?P<m>\d\d?)[-/.]{_Y}",
        rf"(?P<d>\d\d?)(?:st|nd|rd|th)?\.?[ -]{_NAME},?[ -]{_Y}",
        rf"{_NAME}[ -](?P<d>\d\d?)(?:st|nd|rd|th)?,? {_Y}",
        rf"{_NAME}[ -]{_Y}",
        _Y,
    )
)


def birth_dates(text: str) -> frozenset[str]:
    """Return the ISO dates, whole or partial, that a text in a usual format means.

    Day and month in doubt (``03/04/1958``) give both, and so do the centuries of
    ``03/04/58``. A day that no month has (``2024-02-31``) is among them: somebody may
    have been registered so.
    """
    found = next((m for kind in DATES if (m := kind.fullmatch(text.strip()))), None)
    if found is None:
        return frozenset()
    part = found.groupdict()
    month, day = part.get("m"), part.get("d")
    if "name" in part:
        month = str(_SHORT.index(part["name"].lower()) + 1)
    pairs = [(month, day)]
    if "a" in part:
        pairs = [(part["a"], part["b"]), (part["b"], part["a"])]
    years = [f"19{part['yy']}", f"20{part['yy']}"] if "yy" in part else [part["y"]]
    return frozenset(_iso(y, m, d) for y in years for m, d in pairs if _can_be(m, d))


def readings(text: str, today: date) -> tuple[str, ...]:
    """Return the birth dates that a text can mean by a day, the likeliest first.

    Month before day is likelier than the other way round, as it is written in the
    United States, and the past of two centuries is the only one: nobody is born later.
    """
    possible = [one for one in birth_dates(text) if is_partial_date(one)]
    past = [one for one in possible if one <= today.isoformat()]
    past.sort(reverse=True)
    numbers = re.findall(r"\d+", text)
    first = numbers[0].zfill(2) if numbers else ""
    # Stable: of what has the same month first, the later year is the likelier.
    return tuple(sorted(past, key=lambda one: one[5:7] != first))


def date_in_words(iso: str) -> str:
    """Return a whole or partial ISO date so that nobody takes day for month."""
    year, *rest = iso.split("-")
    if not rest:
        return year
    month = MONTHS[int(rest[0]) - 1]
    return f"{month} {int(rest[1])}, {year}" if len(rest) > 1 else f"{month} {year}"


def swapped(iso: str) -> str:
    """Return a date with day and month changed for each other, where there is one."""
    parts = iso.split("-")
    if len(parts) != 3:  # noqa: PLR2004  (year, month, day)
        return ""
    other = "-".join((parts[0], parts[2], parts[1]))
    return other if other != iso and is_partial_date(other) else ""


def _can_be(month: str | None, day: str | None) -> bool:
    return (
        1 <= int(month or 1) <= _LAST_MONTH  # no month: the year alone
        and 1 <= int(day or 1) <= _LAST_DAY
    )


def _iso(year: str, month: str | None, day: str | None) -> str:
    return "-".join([year, *(part.zfill(2) for part in (month, day) if part)])
