"""The published imaging criteria: how each study is rated in each situation."""

from intake.imaging_criteria import Criterion, ImagingCriteria
from reports.protocol_page.markup import (
    Html,
    bullets,
    joined,
    link,
    list_table,
    small,
    tag,
)
from reports.protocol_page.words import Teller, identity


def imaging_part(teller: Teller) -> Html:
    """Return every situation with its ratings, and every study; nothing without any."""
    imaging = teller.protocol.imaging
    if not imaging.criteria:
        return Html()
    rows = [_situation(imaging, row) for row in imaging.criteria.values()]
    head = ("Situation", "Ratings", "From", "For whom")
    situations = list_table("", head, rows)
    return joined((situations, _studies(teller)))


def _situation(imaging: ImagingCriteria, row: Criterion) -> tuple[str, ...]:
    rated: dict[str, list[str]] = {}
    for study, category in row.ratings.items():
        mark = " (the panel disagreed)" if study in row.disputed else ""
        mark += " (name not read, not verified)" if study in row.completed else ""
        label = f"{imaging.studies[study].label}{mark}"
        rated.setdefault(category.replace("_", " "), []).append(label)
    year = row.year or "edition not noted"
    where = (f"{row.by} {year}, {row.topic}, {row.variant} [{row.verified}], ",
             link(f"source-{row.source}", row.source), f" {row.document}")  # fmt: skip
    return (
        row.situation,
        bullets(
            (f"{c}: {'; '.join(studies)}" for c, studies in rated.items()), "plain"
        ),
        joined((*where, " ", identity(row.id))),
        joined((row.population, tag("p", small(row.note)) if row.note else "")),
    )


def _studies(teller: Teller) -> Html:
    rows = [
        (
            study.label,
            teller.action(study.action) if study.action else "",
            bullets(map(teller.action, study.part_of), "plain"),
            f"{study.radiation} [{study.radiation_source}]" if study.radiation else "",
            identity(study.id),
        )
        for study in teller.protocol.imaging.studies.values()
    ]
    head = ("Study", "Suggested as", "Part of", "Radiation", "Entry")
    return list_table("Studies that are rated", head, rows)
