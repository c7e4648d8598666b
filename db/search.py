"""Find a patient by whatever the desk was told.

The text is cut into terms: dates, telephone numbers, words. Every term has to be
found, in whichever field and in whichever order. LIKE's wildcards are escaped.
"""

import re
from collections.abc import Iterator

from sqlalchemy import ColumnElement, Select, case, or_, select
from sqlalchemy.orm import InstrumentedAttribute

from db.folding import compact, digits, folded
from db.tables import PatientRow

#: What is typed beyond this is not looked at; SQLite takes no endless conditions.
_LONGEST = 200
#: Fewer digits than this are not looked for in telephone numbers.
_PHONE_DIGITS = 3
#: A number with a country code is also found by its last digits.
_NATIONAL_DIGITS = 8
_MONTHS = (
    "jan", "feb", "mar", "apr", "may", "jun",
    "jul", "aug", "sep", "oct", "nov", "dec",
)  # fmt: skip
_LAST_MONTH = 12
_LAST_DAY = 31
_Y = r"(?P<y>(?:18|19|20)\d\d)(?!\d)"
_NAME = rf"(?P<name>{'|'.join(_MONTHS)})[a-z]*\.?"
#: The usual ways to write a date; a group is named for what it can be.
_DATES = tuple(
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
_PHONE = re.compile(r"\+?\(?\d[\d\s()./-]{4,}\d")
_WORD = re.compile(r"[^\s,;]+")
_GAP = re.compile(r"[\s,;]+")
#: No database takes half of a surrogate pair, nor NUL, not even to look for it.
_NEVER_STORED = re.compile("[\0\ud800-\udfff]")


def patients_matching(text: str, limit: int) -> Select[PatientRow]:
    """Return the query for patients that match; all patients for an empty text.

    Whose name begins with the first term comes first, then whose other names do.
    """
    terms = list(
        _terms(_NEVER_STORED.sub("\N{REPLACEMENT CHARACTER}", text[:_LONGEST]))
    )
    wanted = select(PatientRow).where(*(_found(term) for term in terms))
    name = PatientRow.search_name
    if terms and (first := folded(terms[0])):
        wanted = wanted.order_by(
            case(
                (name.startswith(first, autoescape=True), 0),
                (name.contains(f" {first}", autoescape=True), 1),
                else_=2,
            )
        )
    return wanted.order_by(name, PatientRow.id).limit(limit)


def birth_dates(text: str) -> frozenset[str]:
    """Return the ISO dates, whole or partial, that a text in a usual format means.

    Day and month in doubt (``03/04/1958``) give both, and so do the centuries of
    ``03/04/58``.
    """
    found = next((m for kind in _DATES if (m := kind.fullmatch(text.strip()))), None)
    if found is None:
        return frozenset()
    part = found.groupdict()
    month, day = part.get("m"), part.get("d")
    if "name" in part:
        month = str(_MONTHS.index(part["name"].lower()) + 1)
    pairs = [(month, day)]
    if "a" in part:
        pairs = [(part["a"], part["b"]), (part["b"], part["a"])]
    years = [f"19{part['yy']}", f"20{part['yy']}"] if "yy" in part else [part["y"]]
    return frozenset(_iso(y, m, d) for y in years for m, d in pairs if _can_be(m, d))


def _can_be(month: str | None, day: str | None) -> bool:
    return (
        1 <= int(month or 1) <= _LAST_MONTH  # no month: the year alone
        and 1 <= int(day or 1) <= _LAST_DAY
    )


def _iso(year: str, month: str | None, day: str | None) -> str:
    return "-".join([year, *(part.zfill(2) for part in (month, day) if part)])


def _terms(text: str) -> Iterator[str]:
    at = 0
    while at < len(text):
        if gap := _GAP.match(text, at):
            at = gap.end()
            continue
        kinds = (*_DATES, _PHONE, _WORD)
        found = next(m for kind in kinds if (m := _whole(kind, text, at)))
        yield found.group()
        at = found.end()


def _whole(kind: re.Pattern[str], text: str, at: int) -> re.Match[str] | None:
    """Return a match that ends where a word ends."""
    found = kind.match(text, at)
    if found is None or (found.end() < len(text) and not _GAP.match(text, found.end())):
        return None
    return found


def _found(term: str) -> ColumnElement[bool]:
    """Return the condition that a term is found in one of the fields."""
    words = folded(term)
    if not words:
        # Nothing is left of it ("%"): it is looked for as it was typed.
        return or_(
            _holds(PatientRow.family_name, term),
            _holds(PatientRow.given_name, term),
            _holds(PatientRow.preferred_name, term),
        )
    return or_(
        _holds(PatientRow.search_name, words),
        _holds(PatientRow.search_chart, compact(term)),
        *(_born(day) for day in sorted(birth_dates(term))),
        *(_holds(PatientRow.search_phone, number) for number in _dialled(term)),
    )


def _holds(column: InstrumentedAttribute[str], text: str) -> ColumnElement[bool]:
    return column.contains(text, autoescape=True)


def _born(day: str) -> ColumnElement[bool]:
    """Return the condition for a birth date; a partial one stands for its days."""
    year, *rest = day.split("-")
    wider = [year, "-".join([year, *rest[:1]])]
    return or_(
        PatientRow.birth_date.startswith(day, autoescape=True),
        PatientRow.birth_date.in_(wider),
    )


def _dialled(term: str) -> Iterator[str]:
    """Return the digits to look for: as dialled, without a trunk zero or country."""
    dialled = digits(term)
    if len(dialled) < _PHONE_DIGITS or any(c.isalpha() for c in term):
        return
    yield dialled.lstrip("0") or dialled
    if len(dialled) > _NATIONAL_DIGITS and term.startswith(("+", "00")):
        yield dialled[-_NATIONAL_DIGITS:]
