"""The loader: a whole protocol, or every mistake in it by file, entry and name."""

import re
from datetime import date, timedelta
from pathlib import Path

import pytest

from intake.errors import Problem, ProtocolError
from intake.protocol import KINDS, Tier
from intake.protocol_loader import default_protocol, load_protocol
from tests.intake.bad_protocols import MISTAKES, TWENTY, Mistake
from tests.intake.small import FOLDER, copied, small_protocol, spoilt


def problems(folder: Path) -> list[Problem]:
    """Return what is wrong with a folder."""
    with pytest.raises(ProtocolError) as refused:
        load_protocol(folder)
    return refused.value.problems


# what is read


def test_every_entry_of_the_small_protocol_is_read() -> None:
    protocol = small_protocol()
    assert [s.id for s in protocol.sections] == ["story", "exam", "results"]
    assert set(protocol.findings) == {
        "unwell", "not_mechanical", "fever", "sphincter", "leg_nerve", "cord",
    }  # fmt: skip
    assert sorted(protocol.concerns) == [
        "cord_compression", "mechanical", "spinal_infection", "spinal_malignancy",
    ]  # fmt: skip
    assert {q.kind for q in protocol.questions.values()} == set(KINDS)
    assert len(protocol.rules) == 10


def test_a_rule_is_read_with_all_it_has() -> None:
    (rule,) = [r for r in small_protocol().rules if r.id == "malignancy.history"]
    assert (rule.tier, rule.strength, rule.number) == (
        Tier.WITHIN_14_DAYS,
        "strong",
        "R01",
    )
    assert rule.when.text == 'cancer.history and pain.duration >= "4 wk"'
    assert rule.unless is not None
    assert rule.unless.text == "exam.explains and pain.with_movement"
    assert [step.action for step in rule.steps] == [
        "imaging.mri",
        "referral.specialist",
    ]
    assert [(c.source, c.verified, c.says) for c in rule.sources] == [
        ("BOOK", "V", "MRI")
    ]


def test_each_writes_one_question_for_each_name() -> None:
    strength = {q for q in small_protocol().questions if q.startswith("exam.strength")}
    assert strength == {"exam.strength.hip", "exam.strength.knee"}
    assert small_protocol().questions["exam.strength.hip"].label == "Strength hip"


def test_the_digest_changes_with_any_file_and_only_then(tmp_path: Path) -> None:
    """A visit remembers which protocol it was assessed with."""
    folder = copied(tmp_path)
    before = load_protocol(folder).digest
    assert before == small_protocol().digest
    assert re.fullmatch(r"[0-9a-f]{64}", before)
    spoilt(folder, "concerns/mechanical.toml", "Nothing urgent", "Nothing  urgent")
    assert load_protocol(folder).digest != before


def test_a_byte_order_mark_is_allowed(tmp_path: Path) -> None:
    """Editors on Windows write one."""
    folder = copied(tmp_path)
    path = folder / "findings.toml"
    path.write_bytes(b"\xef\xbb\xbf" + path.read_bytes())
    assert load_protocol(folder).findings.keys() == small_protocol().findings.keys()


def test_a_finding_may_stand_before_those_it_uses(tmp_path: Path) -> None:
    """Clinicians sort by meaning, not by what the machine has to know first."""
    folder = copied(tmp_path)
    path = folder / "findings.toml"
    blocks = path.read_text(encoding="utf-8").split("\n\n")
    path.write_text("\n\n".join(reversed(blocks)), encoding="utf-8")
    assert load_protocol(folder).findings.keys() == small_protocol().findings.keys()


def test_the_protocol_that_comes_with_the_program_loads() -> None:
    protocol = default_protocol()
    assert protocol.id == "upper_back_pain"
    assert protocol.warning == (
        "Rules not reviewed by a licensed clinician, not for real patients."
    )


def test_the_warning_goes_when_somebody_has_reviewed(tmp_path: Path) -> None:
    folder = copied(tmp_path)
    reviewer = '[{ name = "A B", licence = "1", date = 2026-02-01 }]'
    spoilt(folder, "protocol.toml", "reviewers = []", f"reviewers = {reviewer}")
    assert load_protocol(folder).warning == ""


def test_a_reviewed_rule_says_who_reviewed_it_and_when(tmp_path: Path) -> None:
    folder = copied(tmp_path)
    file = "concerns/cord_compression.toml"
    reviewed = 'status = "reviewed"\nreviewer = "A B, DC"'
    spoilt(folder, file, 'status = "proposed"', reviewed)
    assert any("reviewer and date" in str(p) for p in problems(folder))
    spoilt(folder, file, reviewed, f"{reviewed}\ndate = 2026-12-01")
    rule = load_protocol(folder).concerns["cord_compression"].rules[0]
    assert (rule.reviewer, rule.reviewed_on) == ("A B, DC", date(2026, 12, 1))


def test_rules_are_out_of_date_from_the_day_after_the_review_by_date() -> None:
    protocol = small_protocol()
    last = date(2027, 1, 1)
    assert protocol.outdated(last) == ""
    assert protocol.outdated(last + timedelta(days=1)) == (
        "Rules out of date: they were to be reviewed by 2027-01-01."
    )


def test_every_warning_of_a_day_is_given() -> None:
    protocol = small_protocol()
    assert protocol.warnings(date(2027, 1, 1)) == (protocol.warning,)
    day = date(2027, 1, 2)
    assert protocol.warnings(day) == (protocol.warning, protocol.outdated(day))


# what is refused


@pytest.mark.parametrize(
    "mistake", MISTAKES, ids=[f"{m.where}: {m.words}" for m in MISTAKES]
)
def test_a_mistake_is_named_with_file_entry_and_words(
    mistake: Mistake, tmp_path: Path
) -> None:
    folder = copied(tmp_path)
    spoilt(folder, mistake.file, mistake.old, mistake.new)
    found = problems(folder)
    assert [
        str(p) for p in found if p.where == mistake.where and mistake.words in str(p)
    ]


def test_twenty_mistakes_in_one_folder_are_named_at_once(tmp_path: Path) -> None:
    """Whoever edits corrects a folder once, not twenty times."""
    assert len(TWENTY) == 20
    folder = copied(tmp_path)
    for mistake in TWENTY:
        spoilt(folder, mistake.file, mistake.old, mistake.new)
    found = problems(folder)
    missed = [
        mistake
        for mistake in TWENTY
        if not any(p.where == mistake.where and mistake.words in str(p) for p in found)
    ]
    assert missed == []


def test_no_problem_is_named_twice(tmp_path: Path) -> None:
    folder = copied(tmp_path)
    for mistake in TWENTY:
        spoilt(folder, mistake.file, mistake.old, mistake.new)
    spoilt(folder, "findings.toml", 'id = "cord"', 'id = "leg_nerve"')
    found = [str(p) for p in problems(folder)]
    assert len(found) == len(set(found))


@pytest.mark.parametrize(
    "name", sorted(str(p.relative_to(FOLDER)) for p in FOLDER.rglob("*.toml"))
)
def test_a_missing_or_unreadable_file_is_named(name: str, tmp_path: Path) -> None:
    folder = copied(tmp_path)
    path = folder / name
    path.write_bytes(b"\xff\xfe\x00")
    assert any(
        p.where == name and p.what == "The file cannot be read: it is not UTF-8."
        for p in problems(folder)
    )
    path.unlink()
    path.mkdir()
    assert any(p.where == name and "cannot be read" in p.what for p in problems(folder))
    path.rmdir()
    if not name.startswith("concerns"):
        assert Problem(name, "The file is missing.") in problems(folder)


def test_a_protocol_without_concerns_is_refused(tmp_path: Path) -> None:
    """It would send every patient home."""
    folder = copied(tmp_path)
    for path in (folder / "concerns").iterdir():
        path.unlink()
    assert Problem(
        "concerns", "There is no concern: every patient would be at monitor."
    ) in problems(folder)


def test_a_folder_that_is_not_there_is_refused(tmp_path: Path) -> None:
    """Said once, not file by file."""
    nowhere = tmp_path / "nowhere"
    assert problems(nowhere) == [Problem(str(nowhere), "There is no such folder.")]


@pytest.mark.parametrize(
    ("section", "step", "most"), [("story", "history", 40), ("exam", "examination", 20)]
)
def test_too_many_core_questions_are_refused(
    section: str, step: str, most: int, tmp_path: Path
) -> None:
    """form.md: nobody answers 300 questions."""
    folder = copied(tmp_path)
    path = folder / "questions" / f"{section}.toml"
    more = "".join(
        f'\n[[question]]\nid = "more.q{n}"\nkind = "flag"\nclass = "core"\n'
        f'label = "More"\nwho = "desk"\n'
        for n in range(most + 1)
    )
    path.write_text(path.read_text(encoding="utf-8") + more, encoding="utf-8")
    assert any(
        p.where == "questions"
        and f"in the {step}, at most {most} are allowed" in p.what
        for p in problems(folder)
    )


@pytest.mark.parametrize(
    "when",
    [
        'cancer.history and (fever or "neck" in pain.sites)',
        'at_least(1, cancer.history, "neck" in pain.sites)',
        'general.fever and "none" not in neuro.bladder',
        'not ("none" in neuro.bladder)',
        "count(neuro.bladder) >= 1",
        "possible(general.fever) and not pain.with_movement",
    ],
)
def test_what_only_looks_like_a_mistake_loads(when: str, tmp_path: Path) -> None:
    """A check that refuses sound rules would be switched off."""
    folder = copied(tmp_path)
    spoilt(
        folder,
        "concerns/cord_compression.toml",
        "when = 'cancer.history and cord'",
        f"when = '{when}'",
    )
    load_protocol(folder)
