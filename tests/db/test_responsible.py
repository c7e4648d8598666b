"""Who is responsible for a visit, and how it is handed to somebody else."""

import re
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from alembic import command
from alembic.config import Config
from sqlalchemy import event
from sqlcipher3 import dbapi2 as sqlcipher

from db.engine import WRITES, make_engine
from db.migrate import MIGRATIONS
from db.store import Store, open_store
from intake.audit import AuditFilter, AuditNote
from intake.errors import InputRefusedError, UserFacingError
from intake.people import Person, PersonRole
from intake.workflow import Workflow
from tests.db.made_up import KEY, MORNING, change, raw, visit
from tests.db.test_workflow import (
    DESK,
    DOCTOR,
    EVERYTHING,
    EXAMINATION,
    HISTORY,
    OWNER,
    protocol,
    records,
    workflow,
)

__all__ = ["protocol", "records", "workflow"]


def test_a_clinician_who_opens_a_visit_is_responsible(
    workflow: Workflow, records: Store
) -> None:
    workflow.open_visit(DOCTOR, visit("v2"))
    workflow.open_visit(DESK, visit("v3"))

    assert records.visit("v2").responsible == "doc"
    assert records.visit("v3").responsible == ""


def test_nobody_opens_a_visit_in_anothers_name(
    workflow: Workflow, records: Store
) -> None:
    workflow.open_visit(DESK, visit("v2", responsible="doc"))

    assert records.visit("v2").responsible == ""


def test_who_examines_first_is_responsible(workflow: Workflow, records: Store) -> None:
    workflow.open_visit(DESK, visit("v2"))
    workflow.record_history(DESK, "v2", 0, HISTORY)
    assert records.visit("v2").responsible == ""
    stored = workflow.record_examination(DOCTOR, "v2", 1, EXAMINATION)
    assert stored.responsible == "doc"
    again = change("exam.looks_unwell", "no", "yes", second=9)
    workflow.record_examination(EVERYTHING, "v2", 2, [again])

    assert records.visit("v2").responsible == "doc", "the first one stays"


def test_handing_over_is_a_note_of_its_own(workflow: Workflow, records: Store) -> None:
    workflow.hand_over_visit(OWNER, "v1", "all")

    assert records.visit("v1").responsible == "all"
    (entry,) = records.audit_entries(AuditFilter(event="handed_over"))
    assert entry.note.subject == "v1"
    assert entry.note.detail == {"giver": "doc", "taker": "all"}


@pytest.mark.parametrize("to", ["", "dee", "own", "nobody"])
def test_only_a_clinician_who_is_here_takes_over(
    workflow: Workflow, records: Store, to: str
) -> None:
    with pytest.raises(InputRefusedError):
        workflow.hand_over_visit(DOCTOR, "v1", to)

    assert records.visit("v1").responsible == "doc"


def test_a_signed_visit_is_not_handed_over(workflow: Workflow) -> None:
    workflow.sign(DOCTOR, "v1", 0)

    with pytest.raises(UserFacingError) as refused:
        workflow.hand_over_visit(OWNER, "v1", "all")
    assert refused.value.code == "visit_signed"


def test_a_visit_that_somebody_else_took_meanwhile_is_not_taken_back(
    records: Store,
) -> None:
    records.hand_over("v1", "doc", "all")

    with pytest.raises(UserFacingError) as refused:
        records.hand_over("v1", "doc", "own")
    assert refused.value.code == "visit_changed"
    assert records.visit("v1").responsible == "all"


def test_answers_and_handing_over_do_not_undo_each_other(
    workflow: Workflow, records: Store
) -> None:
    workflow.hand_over_visit(OWNER, "v1", "all")
    stored = workflow.record_history(DESK, "v1", 0, HISTORY)

    assert stored.responsible == "all"
    assert records.visit("v1").answers["pain.now"] == 6


def test_who_leaves_hands_every_open_visit_to_somebody_named(
    workflow: Workflow, records: Store
) -> None:
    for number in range(5):
        workflow.open_visit(DOCTOR, visit(f"d{number}"))
    workflow.sign(DOCTOR, "d0", 0)
    workflow.remove_person(OWNER, "doc", "all")

    assert records.open_visits_of("doc") == []
    assert records.visit("d0").responsible == "doc", "a signed visit does not change"
    assert sorted(records.open_visits_of("all")) == ["d1", "d2", "d3", "d4", "v1"]
    notes = records.audit_entries(AuditFilter(event="handed_over"))
    assert len(notes) == 5, "one for each"
    assert records.audit_faults() == []


@pytest.mark.parametrize("to", ["", "doc", "dee"])
def test_who_leaves_stays_until_the_visits_have_somebody(
    workflow: Workflow, records: Store, to: str
) -> None:
    with pytest.raises(InputRefusedError):
        workflow.remove_person(OWNER, "doc", to)

    assert records.person("doc").is_active


def test_who_has_no_open_visits_just_leaves(workflow: Workflow, records: Store) -> None:
    workflow.remove_person(OWNER, "dee")

    assert not records.person("dee").is_active


@pytest.fixture
def statements(records: Store) -> Iterator[list[str]]:
    """Return every statement that is sent from now on."""
    sent: list[str] = []

    def remember(_connection: object, _cursor: object, sql: str, *_: Any) -> None:  # noqa: ANN401  (SQLAlchemy's own)
        sent.append(" ".join(sql.split()))

    event.listen(records._engine, "before_cursor_execute", remember)
    yield sent
    event.remove(records._engine, "before_cursor_execute", remember)


#: As either database's driver writes its parameters.
_AT_ITS_REVISION = re.compile(
    r"WHERE visits\.id = \S+ AND visits\.revision = \S+$", re.ASCII
)


def test_visits_are_handed_over_one_at_a_time_at_their_revision(
    workflow: Workflow, statements: list[str]
) -> None:
    """What the database is told: never an UPDATE of many."""
    for number in range(3):
        workflow.open_visit(DOCTOR, visit(f"d{number}"))
    statements.clear()
    workflow.remove_person(OWNER, "doc", "all")

    updates = [sql for sql in statements if sql.startswith("UPDATE visits")]
    assert len(updates) == 4
    for sql in updates:
        assert _AT_ITS_REVISION.search(sql)


_ROLES: list[frozenset[PersonRole]] = [frozenset({"desk"}), frozenset()]


@pytest.mark.parametrize("roles", _ROLES, ids=["desk", "none"])
def test_a_role_taken_away_counts_from_the_next_action(
    workflow: Workflow, records: Store, roles: frozenset[PersonRole]
) -> None:
    """The window still holds the person as they signed in."""
    workflow.record_examination(DOCTOR, "v1", 0, EXAMINATION)
    records.change_person(Person("doc", "Dr. Kim", roles))

    with pytest.raises(UserFacingError) as refused:
        workflow.sign(DOCTOR, "v1", 1)
    assert refused.value.code == "not_permitted"
    (entry,) = records.audit_entries(AuditFilter(event="refused"))
    assert entry.note.role == "+".join(roles), "and the note tells what they are now"


def test_somebody_the_records_do_not_know_may_do_nothing(workflow: Workflow) -> None:
    stranger = Person("eve", "Eve", frozenset({"desk", "clinician", "owner"}))

    with pytest.raises(UserFacingError) as refused:
        workflow.find_patients(stranger, "doe")
    assert refused.value.code == "not_permitted"


def test_a_signed_visit_of_an_earlier_version_is_as_it_was(file: Path) -> None:
    """Brought up to date with its signature, its triggers, and not one byte more."""
    engine = make_engine(file, KEY)
    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS))
    with engine.execution_options(**{WRITES: True}).begin() as connection:
        config.attributes["connection"] = connection
        command.upgrade(config, "0002")
    engine.dispose()
    columns = (
        "id, patient_id, on_day, opened_at, opened_utc, protocol_id, protocol_version, "
        "protocol_digest, revision, state, answers, signed_at, signed_by, signed_name, "
        "signed_content, signed_digest"
    )
    at = MORNING.isoformat()
    with closing(raw(file)) as old:
        empty = "'', " * 11
        old.execute(
            "INSERT INTO patients SELECT 'p1', 'Doe', 'Jane', '', '1990', NULL, "
            f"'female', {empty}'', 'doe jane', '', '', 0"
        )
        old.execute(
            f"INSERT INTO visits ({columns}) VALUES (?, 'p1', '2026-11-24', '{at}', "  # noqa: S608  (constants)
            f"'{at}', 'upper_back_pain', '0.1.0', 'd', 1, 'signed', '{{}}', '{at}', "
            "'doc', 'Dr. Kim', '{\"a\":1}', 'digest')",
            ("v1",),
        )
        before = old.execute(f"SELECT {columns} FROM visits").fetchall()  # noqa: S608  (a constant)
    open_store(file, KEY).close()

    with closing(raw(file)) as new:
        assert new.execute(f"SELECT {columns} FROM visits").fetchall() == before  # noqa: S608  (a constant)
        assert new.execute("SELECT responsible FROM visits").fetchall() == [("",)]
        with pytest.raises(sqlcipher.IntegrityError, match="final"):
            new.execute("UPDATE visits SET responsible = 'eve'")
        with pytest.raises(sqlcipher.IntegrityError, match="kept"):
            new.execute("DELETE FROM visits")


def test_a_note_that_fails_hands_nothing_over(
    records: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("db.audit.entry_after", lambda *_: 1 / 0)
    note = AuditNote("handed_over", "own", MORNING, subject="v1")

    with pytest.raises(ZeroDivisionError):
        records.hand_over("v1", "doc", "all", [note])
    assert records.visit("v1").responsible == "doc"
