"""On a server two workstations see each other's changes within two seconds."""

from collections.abc import Iterator
from contextlib import ExitStack, closing

import pytest
from PySide6.QtCore import QObject
from pytestqt.qtbot import QtBot

from intake.acting import Acting
from intake.protocol_loader import default_protocol
from intake.worklist import WorklistEntry
from tests.db.made_up import EVERYBODY, as_everybody, change, patient, visit
from tests.db.places import Server
from tests.ui.visits import StoppedClock
from ui.watcher import Watcher

_TWO_SECONDS = 2_000


class Workstation:
    """A computer of the clinic: its records, and what its window is told."""

    def __init__(self, records: Acting) -> None:
        self.records = records
        self._window = QObject()
        self.watcher = Watcher(self._window, StoppedClock())
        self.list: list[WorklistEntry] = []
        self.watcher.listed.connect(self._take)

    def begin(self) -> None:
        """Follow the records as the window does, as often as the window does."""
        self.watcher.begin(self.records)
        self.watcher.watch(EVERYBODY.id)

    def _take(self, _person: str, entries: list[WorklistEntry]) -> None:
        self.list = entries

    def states(self) -> dict[str, str]:
        return {one.visit.id: one.visit.state for one in self.list}


@pytest.fixture
def both(qtbot: QtBot, server: Server) -> Iterator[tuple[Workstation, Workstation]]:
    """Return two workstations that follow the same records, with a visit in them."""
    with ExitStack() as stack:
        database = stack.enter_context(server.database())
        stations = []
        for _ in range(2):
            store = stack.enter_context(closing(database.open()))
            stations.append(Workstation(as_everybody(store, default_protocol())))
            stack.callback(stations[-1].watcher.end)
        stations[0].records.register(patient())
        stations[0].records.open_visit(visit())
        for one in stations:
            one.begin()
        qtbot.waitUntil(lambda: all(one.list for one in stations), timeout=10_000)
        yield stations[0], stations[1]


def test_each_sees_what_the_other_does(
    qtbot: QtBot, both: tuple[Workstation, Workstation]
) -> None:
    """Handing over, an answer that changes how urgent it is, somebody new."""
    here, there = both
    with qtbot.waitSignal(there.watcher.listed, timeout=_TWO_SECONDS):
        here.records.change_state("v1", 0, "ready_for_clinician")
    assert there.states() == {"v1": "ready_for_clinician"}

    before = here.list[0].tier
    with qtbot.waitSignal(here.watcher.listed, timeout=_TWO_SECONDS):
        there.records.record("v1", 1, [change("neuro.saddle_numb", "yes")])
    qtbot.waitUntil(lambda: here.list[0].tier != before, timeout=_TWO_SECONDS)

    here.records.register(patient("p2"))
    here.records.open_visit(visit("v2", patient_id="p2"))
    qtbot.waitUntil(lambda: set(there.states()) == {"v1", "v2"}, timeout=_TWO_SECONDS)
