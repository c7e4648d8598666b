"""The 13 source attributes: all there, and not contradicted by the rules."""

from datetime import date
from pathlib import Path

import pytest

from intake.errors import ProtocolError
from intake.protocol_loader import default_protocol, load_protocol
from intake.source_attributes import USES
from tests.intake.small import copied, small_protocol, spoilt

HEAD = "protocol.toml"
PLACE = "protocol.toml, source_attributes"
ATTRIBUTES = ["citation", "developer", "funding", "dates", *USES]


def problems(folder: Path) -> list[str]:
    """Return what is wrong with a folder, in words."""
    with pytest.raises(ProtocolError) as refused:
        load_protocol(folder)
    return [str(problem) for problem in refused.value.problems]


def without_line(folder: Path, key: str) -> None:
    """Take one line out of `protocol.toml`."""
    path = folder / HEAD
    lines = path.read_text(encoding="utf-8").splitlines(keepends=True)
    kept = [line for line in lines if not line.startswith(f"{key} =")]
    assert len(kept) == len(lines) - 1, f"{key} is not there to be taken out"
    path.write_text("".join(kept), encoding="utf-8")


def test_there_are_thirteen() -> None:
    assert len(ATTRIBUTES) == 13


def test_the_protocol_that_comes_with_the_program_declares_them() -> None:
    attributes = default_protocol().source_attributes
    assert attributes.citation
    assert attributes.developer
    assert attributes.funding
    assert attributes.released == default_protocol().effective
    used = {name for name, use in attributes.uses.items() if use.is_used}
    assert used == {"sex", "date_of_birth", "health_status"}
    assert all(use.how for use in attributes.uses.values())


def test_dates_of_revision_are_read() -> None:
    assert small_protocol().source_attributes.revised == (date(2026, 2, 1),)


@pytest.mark.parametrize("attribute", ATTRIBUTES)
def test_a_missing_one_is_named(attribute: str, tmp_path: Path) -> None:
    folder = copied(tmp_path)
    without_line(folder, attribute)
    assert f"{PLACE}: {attribute} is missing." in problems(folder)


@pytest.mark.parametrize(
    ("old", "new", "words"),
    [
        ("[source_attributes]", "[source]", "protocol.toml: source_attributes is miss"),
        (
            'citation = "One',
            'religion = "One',
            f'{PLACE}: "religion" is not a key here',
        ),
        ("race = { used = false, ", "race = { ", f"{PLACE}, race: used is missing."),
        ("used = false, ", 'used = "no", ', f"{PLACE}, race: used has to be true or f"),
        (', how = "Not asked."', "", f"{PLACE}, race: how is missing."),
        ("revised = [2026-02-01]", 'revised = ["May"]', f"{PLACE}, dates: revised has"),
        ("released = 2026-01-01, ", "", f"{PLACE}, dates: released is missing."),
        ('"risk.pack_years"', '"risk.packs"', "health_status: There is no question"),
        (
            '"risk.pack_years"',
            '"pain.map"',
            "health_status: used is true, but nothing reads pain.map.",
        ),
        (', questions = ["risk.pack_years"]', "", "Name the questions that tell it."),
    ],
)
def test_a_mistake_is_named(old: str, new: str, words: str, tmp_path: Path) -> None:
    folder = copied(tmp_path)
    spoilt(folder, HEAD, old, new)
    assert [problem for problem in problems(folder) if words in problem]


@pytest.mark.parametrize("name", ["sex", "date_of_birth", "health_status"])
def test_a_fact_that_is_read_cannot_be_declared_unused(
    name: str, tmp_path: Path
) -> None:
    """Whoever asks must not be told that a rule ignores what it reads."""
    folder = copied(tmp_path)
    spoilt(folder, HEAD, f"{name} = {{ used = true", f"{name} = {{ used = false")
    (problem,) = problems(folder)
    assert problem.startswith(f"{PLACE}, {name}: used is false, but ")
    assert problem.endswith(" reads it.")


def test_a_fact_that_nothing_reads_cannot_be_declared_used(tmp_path: Path) -> None:
    folder = copied(tmp_path)
    for sex in ("female", "male"):
        spoilt(folder, "questions/story.toml", f'sex_at_birth == "{sex}"', "unwell")
    assert problems(folder) == [f"{PLACE}, sex: used is true, but nothing reads sex."]


@pytest.mark.parametrize(
    ("name", "when"),
    [
        ("sex", 'sex_at_birth != "male"'),
        ("date_of_birth", "age >= 5"),
        ("date_of_birth", "not (unwell and age < 50)"),
        ("date_of_birth", "highest(age, pain.visits) > 50"),
    ],
)
@pytest.mark.parametrize(
    ("file", "old"),
    [
        ("concerns/cord_compression.toml", "cancer.history and cord"),
        ("concerns/spinal_malignancy.toml", "exam.explains and pain.with_movement"),
        ("concerns/cord_compression.toml", "exam.explains"),
        ("findings.toml", "leg_nerve or sphincter"),
        ("red_flags.toml", "sphincter"),
        ("not_suggested.toml", None),
        ("manual_therapy.toml", None),
        ("scope.toml", "age < 18"),
        ("questions/story.toml", "cancer.history"),
    ],
)
def test_reading_it_in_any_place_is_noticed(
    name: str, when: str, file: str, old: str | None, tmp_path: Path
) -> None:
    """The negative control: with no other reader left, one place is enough."""
    folder = copied(tmp_path)
    _read_by_nothing(folder)
    path = folder / file
    text = path.read_text(encoding="utf-8")
    first = text.index("when = '" if file[0] != "q" else "opens = '")
    if old is not None and f"= '{old}'" in text:
        first = text.index(f"= '{old}'")
    begin = text.index("'", first)
    end = text.index("'", begin + 1)
    path.write_text(f"{text[:begin]}'{when}{text[end:]}", encoding="utf-8")
    found = problems(folder)
    assert [p for p in found if p.startswith(f"{PLACE}, {name}: used is false, but ")]


def _read_by_nothing(folder: Path) -> None:
    """Let nothing read sex and age, and say so."""
    for sex in ("female", "male"):
        spoilt(folder, "questions/story.toml", f'sex_at_birth == "{sex}"', "unwell")
    spoilt(folder, "questions/story.toml", " and age < 60", "")
    spoilt(folder, "scope.toml", "age < 18", "unwell")
    for name in ("sex", "date_of_birth"):
        spoilt(folder, HEAD, f"{name} = {{ used = true", f"{name} = {{ used = false")
    load_protocol(folder)
