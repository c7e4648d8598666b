"""Visits are moved in the background, after everything typed in them is stored."""

import threading
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from PySide6.QtCore import QObject
from pytestqt.qtbot import QtBot

from intake.answers import AnswerChange
from intake.errors import UserFacingError
from intake.patient import Patient
from intake.visit import Visit
from tests.ui.fakes import MemoryStore, Recorder
from tests.ui.visits import NOW, TODAY, StoppedClock
from ui.records import Records
from ui.saving import Saver
from ui.visit_moves import Move, VisitMoves


@dataclass
class Bench:
    """Moves with what they stand on; the store is not open yet."""

    moves: VisitMoves
    saver: Saver
    store: MemoryStore
    records: Records


@pytest.fixture
def bench(qtbot: QtBot, tmp_path: Path) -> Iterator[Bench]:
    store = MemoryStore()
    saver = Saver(lambda: store, tmp_path, StoppedClock())
    records = Records(saver.backlog, StoppedClock(), Recorder())
    saver.opened.connect(records.use)
    moves = VisitMoves(saver, saver, records)
    yield Bench(moves, saver, store, records)
    store.failing = None
    saver.close()


def _visit(bench: Bench) -> None:
    bench.saver.register(Patient("p1"), "sam")
    bench.saver.open_visit(Visit("v1", "p1", TODAY, NOW, "p", "1", "d"), "sam")


def _open(qtbot: QtBot, bench: Bench) -> None:
    with qtbot.waitSignal(bench.saver.saved, timeout=5000):
        bench.saver.start()
    qtbot.waitUntil(lambda: bench.records.store is not None)


def test_a_stored_visit_is_moved_on_behalf_of_who_wanted_it(
    qtbot: QtBot, bench: Bench
) -> None:
    _visit(bench)
    _open(qtbot, bench)
    with qtbot.waitSignal(bench.moves.moved, timeout=5000) as told:
        assert bench.moves.move(Move("v1", 0, "ready_for_clinician", "kim"))
    (visit,) = told.args
    assert visit.state == "ready_for_clinician"
    assert bench.store.by[-1] == "kim"


def test_a_move_waits_until_everything_typed_is_stored(
    qtbot: QtBot, bench: Bench
) -> None:
    _visit(bench)
    change = AnswerChange("a", None, "yes", "Sam", "desk", NOW, "desk")
    bench.saver.save("v1", [change], "sam")
    assert not bench.moves.move(Move("v1", 0, "cancelled", "sam", "ill"))
    assert bench.store.moves == {}
    with qtbot.waitSignal(bench.moves.moved, timeout=5000) as told:
        _open(qtbot, bench)
    (visit,) = told.args
    assert visit.answers["a"] == "yes"
    assert (visit.state, visit.revision) == ("cancelled", 2)


def test_what_was_typed_here_is_no_reason_to_refuse(qtbot: QtBot, bench: Bench) -> None:
    """The list was read before the answer: its revision is one behind."""
    _visit(bench)
    _open(qtbot, bench)
    change = AnswerChange("a", None, "yes", "Sam", "desk", NOW, "desk")
    with qtbot.waitSignal(bench.saver.saved, timeout=5000):
        bench.saver.save("v1", [change], "sam")
    with qtbot.waitSignal(bench.moves.moved, timeout=5000):
        bench.moves.move(Move("v1", 0, "ready_for_clinician", "sam"))


def test_a_refusal_is_told_and_the_next_move_is_made(
    qtbot: QtBot, bench: Bench
) -> None:
    _visit(bench)
    _open(qtbot, bench)
    bench.store.failing = UserFacingError("visit_moved", "Moved.", "Look again.")
    with qtbot.waitSignal(bench.moves.refused, timeout=5000) as told:
        bench.moves.move(Move("v1", 0, "cancelled", "sam"))
    (error,) = told.args
    assert error.code == "visit_moved"
    bench.store.failing = None
    with qtbot.waitSignal(bench.moves.moved, timeout=5000):
        bench.moves.move(Move("v1", 0, "cancelled", "sam"))


def test_something_else_is_written_for_somebody(qtbot: QtBot, bench: Bench) -> None:
    _visit(bench)
    _open(qtbot, bench)
    with qtbot.waitSignal(bench.moves.done, timeout=5000):
        bench.moves.write("kim", lambda acting: acting.moment())
    assert bench.store.by[-1] == "kim"


def test_after_a_move_the_next_answer_is_stored_from_its_revision(
    qtbot: QtBot, bench: Bench
) -> None:
    _visit(bench)
    _open(qtbot, bench)
    with qtbot.waitSignal(bench.moves.moved, timeout=5000):
        bench.moves.move(Move("v1", 0, "ready_for_clinician", "sam"))
    assert bench.saver.backlog.known_revision("v1") == 1


def test_a_move_that_ends_when_the_window_is_gone_hurts_nobody(
    qtbot: QtBot, bench: Bench
) -> None:
    """A thread that fails fails the test."""
    _visit(bench)
    _open(qtbot, bench)
    moving, may_end = threading.Event(), threading.Event()

    def act(_acting: object) -> None:
        moving.set()
        may_end.wait(10)

    window = QObject()
    moves = VisitMoves(window, bench.saver, bench.records)
    moves.write("sam", act)
    assert moving.wait(5)
    with qtbot.waitSignal(window.destroyed, timeout=5000):
        window.deleteLater()
    (thread,) = [one for one in threading.enumerate() if one.name == "moves"]
    may_end.set()
    thread.join(5)
    assert not thread.is_alive()
