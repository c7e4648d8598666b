"""The program on an encrypted clinic of its own, with its owner signed in.

For walks that also run outside of pytest. Boxes are answered by a recorder, nothing is
written but in the folder.
"""

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from PySide6.QtCore import QCoreApplication, QEvent, QSettings

from db.clinic import Clinic
from db.store import Store
from intake.acting import Acting
from intake.protocol import Protocol
from intake.workflow import Workflow
from reports.documents import PdfDocuments
from tests.faults.house import cheap_passphrases
from tests.faults.made_up_clinic import ANN, DEE, PASSPHRASES
from tests.ui.fakes import Recorder
from tests.ui.settling import PlainStationery
from tests.ui.visits import StoppedClock
from tests.ui.walks.application import application, show
from ui.door import Door
from ui.draft import Seal
from ui.main_window import MainWindow
from ui.office import Office, Tools
from ui.saving import Saver
from ui.settings import Settings

_PATIENCE = 20_000


@dataclass(frozen=True, slots=True)
class OpenHouse:
    """The window, what stands behind it, and what it told."""

    window: MainWindow
    office: Office
    saver: Saver
    door: Door
    teller: Recorder

    @property
    def store(self) -> Store:
        """Return the records themselves."""
        assert self.door.records is not None
        store = self.door.records.store
        assert isinstance(store, Store)
        return store

    def wait_until(self, done: Callable[[], bool], what: str) -> None:
        """Let the program go on until something is so."""
        running = application()
        for _ in range(_PATIENCE):
            running.processEvents()
            if done():
                return
            # Nothing is awaited but other threads: let them have their turn.
            time.sleep(0.001)
        raise TimeoutError(what)

    def wait_until_stored(self) -> None:
        """Wait until nothing waits to be stored."""
        self.wait_until(lambda: not self.saver.pending(), "it is not stored")


@contextmanager
def open_house(folder: Path, protocol: Protocol) -> Iterator[OpenHouse]:
    """Make a clinic in a folder, and open it for its owner, who is a clinician too."""
    application()
    with cheap_passphrases():
        clinic = Clinic(folder / "clinic", StoppedClock(), [folder / "head"])
        opened, _ = clinic.set_up(ANN, PASSPHRASES["ann"])
        workflow = Workflow(opened.store, protocol, StoppedClock())
        workflow.add_person(ANN, DEE)
        opened.give_passphrase(DEE, PASSPHRASES["dee"], by="ann")
        opened.close()
        house = _house(folder, clinic, protocol)
        show(house.window)
        house.office.lock()
        sign_in(house, ANN.id)
        try:
            yield house
        finally:
            house.window.close()
            house.window.deleteLater()
            let_go()


def sign_in(house: OpenHouse, who: str) -> None:
    """Let somebody in at the door."""
    page = house.office.entrance.sign_in
    page.person.setCurrentIndex(page.person.findData(who))
    page.passphrase.setText(PASSPHRASES[who])
    page.go_on.click()
    works = house.office.works
    house.wait_until(lambda: works.person_id == who and bool(works.name), "no sign-in")


def let_go() -> None:
    """Let widgets go that are on their way."""
    QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)


def _house(folder: Path, clinic: Clinic, protocol: Protocol) -> OpenHouse:
    door = Door(clinic)
    clock = StoppedClock()

    def records() -> Acting:
        assert door.records is not None
        workflow = Workflow(door.records.store, protocol, clock)
        return Acting(workflow, door.whoever_is_in, door.records.close, door.named)

    saver = Saver(records, folder / "clinic", clock)

    def begin(_person: object) -> None:
        if door.records is not None and saver.seal == Seal():
            saver.seal = Seal(door.records.sealed, door.records.unsealed)
            saver.start()

    door.signed_in.connect(begin)
    window, teller = MainWindow(clock), Recorder()
    settings = QSettings(str(folder / "s.ini"), QSettings.Format.IniFormat)
    tools = Tools(
        protocol=protocol,
        clock=clock,
        saver=saver,
        settings=Settings(settings),
        teller=teller,
        documents=PdfDocuments,
        write=lambda _path, _content: None,
        door=door,
        stationery=PlainStationery(),
        recovery_sheet=lambda _clinic, _code: b"",
    )
    return OpenHouse(window, Office(window, tools), saver, door, teller)
