"""Read `criteria.toml`: the studies, and how each criterion rates them."""

from collections.abc import Mapping
from types import MappingProxyType

from intake.imaging_criteria import (
    VERIFIED_WORDS,
    Category,
    Criterion,
    ImagingCriteria,
    Study,
)
from intake.protocol import Source
from intake.protocol_files import ProtocolFiles, named
from intake.spelling import did_you_mean
from intake.toml_entry import Entry

_RADIATION = ("none", "under 0.1 mSv", "1 to 10 mSv", "10 to 30 mSv")
_CATEGORIES: tuple[tuple[str, Category], ...] = (
    ("appropriate", "usually_appropriate"),
    ("may", "may_be_appropriate"),
    ("not_appropriate", "usually_not_appropriate"),
)


def read_criteria(
    files: ProtocolFiles, sources: Mapping[str, Source]
) -> ImagingCriteria:
    """Return the studies and criteria; every problem is noted in `files`."""
    file = files.file("criteria.toml")
    by = file.text("by")
    studies: dict[str, Study] = {}
    criteria: dict[str, Criterion] = {}
    seen: set[str] = set()
    for entry in file.entries("study", named("study")):
        files.note_twin(entry, seen, "study")
        study = _study(entry)
        studies[study.id] = study
    seen = set()
    for entry in file.entries("criterion", named("criterion")):
        files.note_twin(entry, seen, "criterion")
        criterion = _criterion(entry, by, studies, sources)
        criteria[criterion.id] = criterion
    file.done()
    return ImagingCriteria(MappingProxyType(studies), MappingProxyType(criteria))


def _study(entry: Entry) -> Study:
    radiation = entry.one_of("radiation", _RADIATION) if entry.has("radiation") else ""
    study = Study(
        entry.text("id"),
        entry.text("label"),
        entry.text("action", ""),
        entry.texts("part_of"),
        radiation,
        entry.text("radiation_source", ""),
    )
    if radiation and not study.radiation_source:
        entry.problem("radiation_source is missing.")
    entry.done()
    return study


def _criterion(
    entry: Entry, by: str, studies: Mapping[str, Study], sources: Mapping[str, Source]
) -> Criterion:
    source = entry.text("source")
    criterion = Criterion(
        id=entry.text("id"),
        by=by,
        source=source,
        document=entry.text("document", ""),
        year=sources[source].year if source in sources else 0,
        topic=entry.text("topic"),
        variant=entry.text("variant"),
        situation=entry.text("situation"),
        population=entry.text("population"),
        verified=entry.one_of("verified", VERIFIED_WORDS),
        ratings=_ratings(entry, studies),
        disputed=frozenset(entry.texts("disputed")),
        completed=frozenset(entry.texts("completed")),
        note=entry.text("note", ""),
    )
    for study in sorted((criterion.disputed | criterion.completed) - set(studies)):
        entry.problem(f'There is no study "{study}".', did_you_mean(study, studies))
    entry.done()
    return criterion


def _ratings(entry: Entry, studies: Mapping[str, Study]) -> Mapping[str, Category]:
    ratings: dict[str, Category] = {}
    for key, category in _CATEGORIES:
        for study in entry.texts(key):
            if study in ratings:
                entry.problem(f"{study} is rated twice.")
            elif study in studies:
                ratings[study] = category
            else:
                hint = did_you_mean(study, studies)
                entry.problem(f'There is no study "{study}".', hint)
    if not ratings:
        entry.problem("No study is rated.")
    return MappingProxyType(ratings)
