"""Two answers of two people: both are shown, one is chosen, none is lost."""

from datetime import UTC, datetime
from pathlib import Path

import pytest
from PySide6.QtCore import QObject
from pytestqt.qtbot import QtBot

from intake.answers import AnswerChange
from intake.visit import Visit
from tests.ui.fakes import MemoryStore, someone_elses_change
from tests.ui.visits import NOW, TODAY, StoppedClock
from ui import draft
from ui.disputes import Disputes
from ui.saving import Saver


def _change(question: str, new: object) -> AnswerChange:
    at = datetime(2026, 11, 24, 9, 0, tzinfo=UTC)
    return AnswerChange(question, None, new, "Sam", "desk", at, "desk")


@pytest.fixture
def store() -> MemoryStore:
    """Return a store with one open visit."""
    store = MemoryStore()
    store.open_visit(Visit("v1", "p1", TODAY, NOW, "p", "1", "d"))
    return store


@pytest.fixture
def parent() -> QObject:
    return QObject()


def disputed(
    qtbot: QtBot, store: MemoryStore, folder: Path, parent: QObject
) -> tuple[Saver, Disputes]:
    """Return a writer whose answer to the fever question met another one."""
    saver = Saver(lambda: store, folder, StoppedClock())
    disputes = Disputes(saver, StoppedClock(), lambda: "sam", parent)
    saver.backlog.know(store.visits["v1"])
    someone_elses_change(store, "v1", "general.fever")
    with qtbot.waitSignal(disputes.changed, timeout=2000):
        saver.save("v1", [_change("general.fever", "yes")])
        saver.start()
    return saver, disputes


@pytest.mark.parametrize("keep_ours", [True, False])
def test_whichever_is_chosen_the_other_is_kept(
    qtbot: QtBot, store: MemoryStore, tmp_path: Path, parent: QObject, keep_ours: bool
) -> None:
    kept, loser, whose = ("yes", "no", "Kim") if keep_ours else ("no", "yes", "Sam")
    saver, disputes = disputed(qtbot, store, tmp_path, parent)
    (one,) = disputes.of("v1")
    assert (one.theirs.new, one.theirs.who) == ("no", "Kim")
    assert (one.ours.new, one.ours.who) == ("yes", "Sam")

    assert disputes.settle(one, keep_ours=keep_ours).new == kept
    saver.close()
    assert store.visits["v1"].answers["general.fever"] == kept
    (aside,) = store.answers_set_aside("v1")
    assert (aside.new, aside.who) == (loser, whose)
    assert disputes.all() == []
    assert draft.read(tmp_path) == []


def test_what_nobody_decided_waits_over_a_restart(
    qtbot: QtBot, store: MemoryStore, tmp_path: Path, parent: QObject
) -> None:
    """Ours is in the draft until somebody has chosen."""
    first, _ = disputed(qtbot, store, tmp_path, parent)
    first.close()
    second = Saver(lambda: store, tmp_path, StoppedClock())
    disputes = Disputes(second, StoppedClock(), lambda: "sam", parent)
    with qtbot.waitSignal(disputes.changed, timeout=2000):
        second.start()
    (one,) = disputes.of("v1")
    assert (one.theirs.new, one.ours.new) == ("no", "yes")

    disputes.settle(one, keep_ours=False)
    second.close()
    assert draft.read(tmp_path) == []
    assert store.visits["v1"].answers["general.fever"] == "no"
    assert [loser.new for loser in store.answers_set_aside("v1")] == ["yes"]


def test_a_new_answer_in_the_form_is_the_choice(
    qtbot: QtBot, store: MemoryStore, tmp_path: Path, parent: QObject
) -> None:
    """Theirs is kept, though nobody pressed a key for it."""
    saver, disputes = disputed(qtbot, store, tmp_path, parent)
    saver.save("v1", [_change("general.fever", "unsure")])

    assert disputes.all() == []
    saver.close()
    assert store.visits["v1"].answers["general.fever"] == "unsure"
    assert [loser.new for loser in store.answers_set_aside("v1")] == ["no"]


def test_two_new_answers_at_once_are_two_choices(
    qtbot: QtBot, store: MemoryStore, tmp_path: Path, parent: QObject
) -> None:
    """One key ("all others no") answers several disputed questions at once."""
    saver = Saver(lambda: store, tmp_path, StoppedClock())
    disputes = Disputes(saver, StoppedClock(), lambda: "sam", parent)
    saver.backlog.know(store.visits["v1"])
    for question in ("general.fever", "general.fatigue"):
        someone_elses_change(store, "v1", question)
    both = [_change(q, "yes") for q in ("general.fever", "general.fatigue")]
    with qtbot.waitSignal(disputes.changed, timeout=2000):
        saver.save("v1", both)
        saver.start()
    assert len(disputes.all()) == 2
    saver.save("v1", [_change(one.question, "unsure") for one in both])

    assert disputes.all() == []
    saver.close()
    assert [loser.new for loser in store.answers_set_aside("v1")] == ["no", "no"]


def test_other_visits_have_no_dispute(
    qtbot: QtBot, store: MemoryStore, tmp_path: Path, parent: QObject
) -> None:
    saver, disputes = disputed(qtbot, store, tmp_path, parent)

    assert disputes.of("v2") == []
    assert len(disputes.all()) == 1
    saver.close()
