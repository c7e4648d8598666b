"""The background writer: in order, acknowledged, and nothing lost."""

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from intake.answers import AnswerChange
from intake.errors import UserFacingError
from intake.ports import ConflictError
from intake.visit import Visit
from tests.ui.fakes import MemoryStore, someone_elses_change
from tests.ui.visits import NOW, TODAY, StoppedClock
from ui import draft
from ui.saving import Saver

LOCKED = UserFacingError("database_locked", "The records are locked.", "Wait.")


def _change(question: str, new: object, old: object = None) -> AnswerChange:
    at = datetime(2026, 11, 24, 10, 0, tzinfo=UTC)
    return AnswerChange(question, old, new, "Sam", "desk", at, "desk")


@pytest.fixture
def store() -> MemoryStore:
    """Return a store with one open visit."""
    store = MemoryStore()
    store.open_visit(Visit("v1", "p1", TODAY, NOW, "p", "1", "d"))
    return store


@pytest.fixture
def saver(store: MemoryStore, tmp_path: Path) -> Iterator[Saver]:
    """Return a writer that is closed again after the test."""
    saver = Saver(lambda: store, tmp_path, StoppedClock())
    yield saver
    store.failing = None
    saver.close()


def test_a_change_is_acknowledged_when_the_store_has_it(
    qtbot: QtBot, saver: Saver, store: MemoryStore
) -> None:
    """'Saved' must never be said before it is true."""
    heard: list[object] = []
    saver.saved.connect(
        lambda _time: heard.append(store.visits["v1"].answers.as_dict())
    )
    with qtbot.waitSignal(saver.saved, timeout=2000):
        saver.start()
        saver.save("v1", [_change("general.fever", "no")])
    qtbot.waitUntil(lambda: bool(heard))
    assert heard == [{"general.fever": "no"}]


def test_changes_typed_before_the_store_is_open_are_stored(
    qtbot: QtBot, saver: Saver, store: MemoryStore
) -> None:
    """The form is painted before the records are open."""
    for number in range(20):
        saver.save("v1", [_change("pain.now", number % 11)])
    with qtbot.waitSignal(saver.saved, timeout=2000):
        saver.start()
    assert len(store.changes_of("v1")) == 20
    assert store.visits["v1"].answers["pain.now"] == 19 % 11


def test_what_cannot_be_stored_is_tried_again_and_kept_as_a_draft(
    qtbot: QtBot, saver: Saver, store: MemoryStore, tmp_path: Path
) -> None:
    """A locked file is a pause, not a loss."""
    store.failing = LOCKED
    with qtbot.waitSignal(saver.failed, timeout=2000) as failed:
        saver.start()
        saver.save("v1", [_change("general.fever", "yes")])
    assert failed.args == [LOCKED]
    qtbot.waitUntil(lambda: bool(draft.read(tmp_path)))
    store.failing = None
    with qtbot.waitSignal(saver.saved, timeout=4000):
        pass
    assert store.visits["v1"].answers["general.fever"] == "yes"
    qtbot.waitUntil(lambda: draft.read(tmp_path) == [])


def test_a_draft_left_by_an_earlier_run_is_stored_first(
    qtbot: QtBot, store: MemoryStore, tmp_path: Path
) -> None:
    """The program was closed while the disk was full."""
    store.failing = LOCKED
    first = Saver(lambda: store, tmp_path, StoppedClock())
    with qtbot.waitSignal(first.failed, timeout=2000):
        first.start()
        first.save("v1", [_change("cancer.history", "yes")])
    first.close()
    store.failing = None
    second = Saver(lambda: store, tmp_path, StoppedClock())
    with qtbot.waitSignal(second.saved, timeout=2000):
        second.start()
    second.close()
    assert store.visits["v1"].answers["cancer.history"] == "yes"
    assert draft.read(tmp_path) == []


def test_the_draft_is_readable_by_its_owner_only(tmp_path: Path) -> None:
    """It holds answers of patients."""
    draft.write(tmp_path, [("v1", 0, [_change("general.fever", "yes")])])
    mode = (tmp_path / draft.FILE_NAME).stat().st_mode & 0o777
    assert mode == 0o600


def test_a_draft_comes_back_as_it_was(tmp_path: Path) -> None:
    """Every field of every change survives."""
    pending = [
        ("v1", 3, [_change("reason.in_patients_words", "\u00fc \U0001f600 <b>")])
    ]
    draft.write(tmp_path, pending)
    assert draft.read(tmp_path) == pending


def test_a_conflict_keeps_theirs_and_names_both(
    qtbot: QtBot, saver: Saver, store: MemoryStore
) -> None:
    """Nobody's answer disappears unseen; other answers of the batch are stored."""
    saver.know(store.visits["v1"])
    someone_elses_change(store, "v1", "general.fever")
    with qtbot.waitSignal(saver.conflicted, timeout=2000) as conflicted:
        saver.save(
            "v1", [_change("general.fever", "yes"), _change("general.fatigue", "no")]
        )
        saver.start()
    error = conflicted.args[0]
    assert isinstance(error, ConflictError)
    assert [(c.question, c.theirs, c.ours) for c in error.conflicts] == [
        ("general.fever", "no", "yes")
    ]
    qtbot.waitUntil(lambda: "general.fatigue" in store.visits["v1"].answers)
    assert store.visits["v1"].answers["general.fever"] == "no"


def test_a_store_that_cannot_be_opened_loses_nothing(
    qtbot: QtBot, tmp_path: Path
) -> None:
    """What is typed meanwhile ends in the draft."""

    def broken() -> MemoryStore:
        raise UserFacingError("database_damaged", "The file is damaged.", "Restore.")

    saver = Saver(broken, tmp_path, StoppedClock())
    with qtbot.waitSignal(saver.unavailable, timeout=2000):
        saver.start()
    saver.save("v1", [_change("general.fever", "yes")])
    saver.close()
    assert [batch[0] for batch in draft.read(tmp_path)] == ["v1"]


def test_closing_stores_what_waits(saver: Saver, store: MemoryStore) -> None:
    """The window is closed right after the last key."""
    saver.start()
    saver.save("v1", [_change("general.fever", "no")])
    saver.close()
    assert store.visits["v1"].answers["general.fever"] == "no"
    assert store.closed
