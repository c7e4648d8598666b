"""Dates as people type them, also partial ones; no widget here."""

import re
from datetime import date, timedelta

_MONTHS = (
    "jan",
    "feb",
    "mar",
    "apr",
    "may",
    "jun",
    "jul",
    "aug",
    "sep",
    "oct",
    "nov",
    "dec",
)
_MONTH = r"(?P<name>[a-z]{3,9})\.?"
_FORMS = tuple(
    re.compile(form)
    for form in (
        r"(?P<year>\d{4})",
        r"(?P<year>\d{4})[-/.](?P<month>\d{1,2})",
        r"(?P<year>\d{4})[-/.](?P<month>\d{1,2})[-/.](?P<day>\d{1,2})",
        r"(?P<month>\d{1,2})/(?P<year>\d{4})",
        r"(?P<month>\d{1,2})[-/](?P<day>\d{1,2})[-/](?P<year>\d{4}|\d{2})",
        r"(?P<month>\d{1,2})/(?P<day>\d{1,2})",
        rf"{_MONTH}\s+(?P<year>\d{{4}})",
        rf"{_MONTH}\s+(?P<day>\d{{1,2}})(?:,?\s+(?P<year>\d{{4}}))?",
        rf"(?P<day>\d{{1,2}})\s+{_MONTH}(?:\s+(?P<year>\d{{4}}))?",
    )
)
_CENTURY = 100


def read_day(text: str, today: date) -> str | None:
    """Return the ISO date (``2024``, ``2024-05``, ``2024-05-03``) or None.

    Numbers with slashes are month, day, year. A day without a year is the last one
    before today. What does not exist or lies ahead is not a date here.
    """
    text = text.strip().lower()
    if text in ("today", "yesterday"):
        return (today - timedelta(days=text == "yesterday")).isoformat()
    for form in _FORMS:
        match = form.fullmatch(text)
        if match is not None:
            return _checked(match.groupdict(), today)
    return None


def looks_like_day(text: str) -> bool:
    """Return whether a text is meant as a date and not as a length of time."""
    text = text.strip().lower()
    return bool(
        re.search(r"\d[-/]\d|\b(today|yesterday)\b|\b\d{4}\b", text)
        or any(re.search(rf"\b{month}", text) for month in _MONTHS)
    )


def _checked(parts: dict[str, str | None], today: date) -> str | None:
    month = _month(parts)
    if month is None and (parts.get("name") or parts.get("day")):
        return None
    year = _year(parts, month, today)
    try:
        first = date(year, month or 1, int(parts.get("day") or 1))
    except ValueError:
        return None
    if first > today or year < today.year - 130:
        return None
    if month is None:
        return f"{year:04d}"
    if not parts.get("day"):
        return f"{year:04d}-{month:02d}"
    return first.isoformat()


def _month(parts: dict[str, str | None]) -> int | None:
    name = parts.get("name")
    if name:
        begins = name[:3]
        return _MONTHS.index(begins) + 1 if begins in _MONTHS else None
    number = parts.get("month")
    return int(number) if number else None


def _year(parts: dict[str, str | None], month: int | None, today: date) -> int:
    text = parts.get("year")
    if text is None:
        day = (month or 1, int(parts.get("day") or 1))
        return today.year if day <= (today.month, today.day) else today.year - 1
    year = int(text)
    if year < _CENTURY:
        year += today.year // _CENTURY * _CENTURY
        return year if year <= today.year else year - _CENTURY
    return year
