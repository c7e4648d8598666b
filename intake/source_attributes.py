"""The 13 source attributes of evidence-based decision support.

Whoever relies on decision support may ask where it comes from and which facts about a
person it uses. US certification rules name 13 answers (45 CFR 170.315(b)(11)(iv)(A),
from HTI-1): citation, developer, funding, dates, and nine uses. `protocol.toml` gives
them; `source_attribute_checks` holds them against the rules.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from intake.toml_entry import Entry

#: The nine facts about a person, by their key in `protocol.toml`.
USES: Mapping[str, str] = {
    "race": "Race",
    "ethnicity": "Ethnicity",
    "language": "Language",
    "sexual_orientation": "Sexual orientation",
    "gender_identity": "Gender identity",
    "sex": "Sex",
    "date_of_birth": "Date of birth",
    "social_determinants": "Social determinants of health",
    "health_status": "Health status assessments",
}
PLACE = "source_attributes"


@dataclass(frozen=True, slots=True)
class Use:
    """Whether one fact about a person is used, how, and by which questions."""

    is_used: bool
    how: str
    questions: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class SourceAttributes:
    """Where a protocol comes from, and which facts about a person it uses."""

    citation: str
    developer: str
    funding: str
    released: date
    revised: tuple[date, ...]
    uses: Mapping[str, Use]


def read_source_attributes(head: Entry) -> SourceAttributes:
    """Return what `protocol.toml` declares; each of the 13 has to be there."""
    entry = head.table(PLACE)
    if entry is None:
        head.problem(f"{PLACE} is missing.", "docs/protocol-format.md lists all 13.")
        return SourceAttributes("", "", "", date.min, (), {})
    released, revised = _dates(entry)
    attributes = SourceAttributes(
        citation=entry.text("citation"),
        developer=entry.text("developer"),
        funding=entry.text("funding"),
        released=released,
        revised=revised,
        uses={name: _use(entry, name) for name in USES},
    )
    entry.done()
    return attributes


def _dates(entry: Entry) -> tuple[date, tuple[date, ...]]:
    dates = _table(entry, "dates")
    if dates is None:
        return date.min, ()
    released = dates.day("released")
    revised = dates.raw("revised") if dates.has("revised") else []
    if not isinstance(revised, list) or not all(isinstance(d, date) for d in revised):
        dates.problem("revised has to be a list of dates.")
        revised = []
    dates.done()
    return released, tuple(revised)


def _use(entry: Entry, name: str) -> Use:
    table = _table(entry, name)
    if table is None:
        return Use(is_used=False, how="")
    if not table.has("used"):
        table.problem("used is missing.", "Write true or false.")
    use = Use(table.yes_no("used"), table.text("how"), table.texts("questions"))
    table.done()
    return use


def _table(entry: Entry, key: str) -> Entry | None:
    if not entry.has(key):
        entry.problem(f"{key} is missing.")
    return entry.table(key)
