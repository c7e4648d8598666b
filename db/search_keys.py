"""The keys that a patient is found by, kept beside the registration.

A search goes along an index to what begins as somebody typed it, which works alike on
every database. So what can be looked for from its middle has a key for each place to
begin at: each word of a name, and each digit of a telephone number.
"""

from collections.abc import Iterator

from db.tables import SearchKeyRow
from intake.folding import compact, folded
from intake.patient import Patient
from intake.phone import national

NAME, TURNED, CHART, PHONE = "name", "turned", "chart", "phone"
#: Bytes of a key; PostgreSQL refuses a row of which an index would hold 2704.
_LONGEST_KEY = 400
_MOST_DIGITS = 24
#: Words by which somebody is found whose name nobody knew.
_NAMELESS = "unknown name not recorded"
#: Fewer digits at the end of a number are not looked for.
_FEWEST_DIGITS = 3


def keys_of(patient: Patient) -> set[tuple[str, str]]:
    """Return kind and key of everything a patient is found by."""
    return set(_keys(patient))


def rows_of(patient: Patient) -> list[SearchKeyRow]:
    """Return the keys as rows, for this revision of the registration."""
    return [
        SearchKeyRow(
            kind=kind, key=key, patient_id=patient.id, revision=patient.revision
        )
        for kind, key in sorted(keys_of(patient))
    ]


def cut(text: str) -> str:
    """Return as much of a text as a key holds."""
    return text.encode()[:_LONGEST_KEY].decode(errors="ignore")


def _keys(patient: Patient) -> Iterator[tuple[str, str]]:
    names = (patient.family_name, patient.given_name, patient.preferred_name)
    for word in (folded(" ".join(names)) or _NAMELESS).split():
        yield NAME, cut(word)
        yield TURNED, cut(word[::-1])
    if chart := compact(patient.chart_number):
        yield CHART, cut(chart)
    number = national(patient.phone)[:_MOST_DIGITS]
    for start in range(len(number) - _FEWEST_DIGITS + 1):
        yield PHONE, number[start:]
