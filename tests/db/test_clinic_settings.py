"""The clinic's settings are kept whole, one revision after the other, for everybody."""

from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from db.audit import AuditLog
from db.store import Store
from intake.audit import AuditFilter
from intake.clinic_settings import Settled, in_force
from intake.errors import InputRefusedError, UserFacingError
from intake.people import NotPermittedError, Person
from intake.protocol import Protocol
from intake.protocol_loader import default_protocol
from intake.workflow import Workflow
from tests.db.made_up import MORNING, Morning
from tests.db.places import Database

OLU = Person("olu", "Olu", frozenset({"owner"}))
DEE = Person("dee", "Dee", frozenset({"desk"}))
A4 = Settled("paper", 1, {"page": "a4"}, "olu", MORNING)
MINUTES: dict[str, Any] = {"desk": 3, "clinician": 15}


@pytest.fixture(scope="module")
def protocol() -> Protocol:
    return default_protocol()


@pytest.fixture
def workflow(
    database: Database, protocol: Protocol, tmp_path: Path
) -> Iterator[Workflow]:
    with closing(database.open(AuditLog(b"a" * 32, [tmp_path / "head"]))) as store:
        store.add_person(OLU)
        store.add_person(DEE)
        yield Workflow(store, protocol, Morning())


def test_a_section_comes_back_as_it_was_settled(store: Store) -> None:
    store.settle_section(A4)
    later = replace(A4, revision=2, values={"page": "letter"}, at=MORNING)
    store.settle_section(later)
    assert store.settled() == [later]


def test_the_one_before_can_still_be_told(store: Store) -> None:
    store.settle_section(A4)
    store.settle_section(replace(A4, revision=2, values={"page": "letter"}))
    assert store.settled_before("paper", 2) == A4
    assert store.settled_before("paper", 1) is None
    assert store.settled_before("lock", 2) is None


@pytest.mark.parametrize("revision", [1, 3, 0])
def test_what_was_read_before_somebody_elses_change_is_refused(
    store: Store, revision: int
) -> None:
    store.settle_section(A4)
    with pytest.raises(UserFacingError) as told:
        store.settle_section(replace(A4, revision=revision, values={"page": "letter"}))
    assert told.value.code == "setting_changed"
    assert store.settled() == [A4]


def test_of_two_computers_at_once_the_second_is_refused(
    database: Database, store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Both read that there is none yet; the key of the table decides."""
    from db import settings_store

    with closing(database.open()) as other:
        other.settle_section(A4)
    monkeypatch.setattr(settings_store, "_newest_revision", lambda *_of: 0)
    with pytest.raises(UserFacingError) as told:
        store.settle_section(replace(A4, values={"page": "letter"}))
    assert told.value.code == "setting_changed"
    assert store.settled() == [A4]


def test_another_workstation_sees_it(database: Database, store: Store) -> None:
    before = store.moment()
    with closing(database.open()) as other:
        other.settle_section(A4)
    assert in_force(store.settled()).page == "a4"
    assert store.moment() > before


@pytest.mark.parametrize(
    "statement",
    ["UPDATE clinic_settings SET settled = '{}'", "DELETE FROM clinic_settings"],
)
def test_what_was_settled_is_never_altered(
    store: Store, database: Database, statement: str
) -> None:
    store.settle_section(A4)
    with pytest.raises(Exception, match="append-only"):
        database.by_hand(statement)
    assert store.settled() == [A4]


def test_the_owner_settles_and_everybody_reads(workflow: Workflow) -> None:
    made = workflow.change_settings(OLU, "lock", 0, MINUTES)
    assert (made.revision, made.who, made.at) == (1, "olu", Morning().now())
    read = workflow.read_settings(DEE)
    assert in_force(read).idle_minutes == MINUTES
    assert made in read


def test_the_desk_settles_nothing(workflow: Workflow) -> None:
    with pytest.raises(NotPermittedError):
        workflow.change_settings(DEE, "lock", 0, MINUTES)
    assert in_force(workflow.read_settings(DEE)) == in_force([])


def test_what_is_wrong_is_stored_nowhere(workflow: Workflow) -> None:
    with pytest.raises(InputRefusedError):
        workflow.change_settings(OLU, "lock", 0, {"desk": 0, "clinician": 15})
    assert workflow._store.settled() == []


def test_a_change_is_noted_without_what_it_says(workflow: Workflow) -> None:
    workflow.change_settings(OLU, "lock", 0, MINUTES)
    wanted = AuditFilter(event="settings_changed")
    (entry,) = workflow._store.audit_entries(wanted)
    assert entry.note.who == "olu"
    assert entry.note.detail == {"section": "lock", "revision": 1}
    assert workflow._store.audit_faults() == []


def test_the_change_before_is_shown_to_take_the_last_one_back(
    workflow: Workflow,
) -> None:
    workflow.change_settings(OLU, "lock", 0, MINUTES)
    workflow.change_settings(OLU, "lock", 1, {"desk": 9, "clinician": 9})
    before = workflow.settings_before(OLU, "lock", 2)
    assert before.values == MINUTES
    assert workflow.settings_before(OLU, "lock", 1) == Settled("lock")


def test_the_name_given_at_the_set_up_heads_the_letters(workflow: Workflow) -> None:
    workflow._store.settle("clinic_name", "Lake Clinic")
    assert in_force(workflow.read_settings(DEE)).letterhead.name == "Lake Clinic"
    typed = {"name": "", "address": [], "phone": "", "fax": "", "licences": []}
    workflow.change_settings(OLU, "letterhead", 0, typed)
    assert in_force(workflow.read_settings(DEE)).letterhead.name == ""


def test_a_time_belongs_to_it(store: Store) -> None:
    store.settle_section(replace(A4, at=MORNING + timedelta(hours=1)))
    (found,) = store.settled()
    assert found.at == MORNING + timedelta(hours=1)
    with pytest.raises(ValueError, match="some time"):
        store.settle_section(replace(A4, revision=2, at=None))
