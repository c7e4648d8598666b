"""The desktop entry: plugs db, reports and ui together.

The window is painted first; the protocol is read after that, and the records are
opened in the background. Neither SQLAlchemy nor ReportLab is imported before the first
paint.
"""

import argparse
import gc
import sys
import uuid
from collections.abc import Sequence
from importlib.resources import files
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QSettings, Qt, QTimer
from PySide6.QtWidgets import QApplication

from ui import theme
from ui.clock import SystemClock
from ui.demonstrators import Demonstrators
from ui.main_window import MainWindow

if TYPE_CHECKING:
    from intake.clinic_settings import ClinicSettings
    from intake.people import Person
    from intake.ports import Documents, OpenRecords, RecordStore, VisitRecords
    from ui.caretaker import Caretaker
    from ui.door import Door
    from ui.messages import Teller
    from ui.office import Office, Tools
    from ui.saving import Saver

_UNPAINTED_MS = 1000
#: The first page is painted by then, and the passphrase is still being typed.
_READY_MS = 300
_SAMPLE_USER = "Sample clinician"


def run(argv: Sequence[str]) -> int:
    """Open the window and return the exit code when it is closed."""
    parser = argparse.ArgumentParser(prog="thoracic-intake")
    parser.add_argument("--data", metavar="FOLDER")
    parser.add_argument("--open-sample", action="store_true")
    parser.add_argument("--demo", action="store_true")
    arguments = parser.parse_args(list(argv))
    # Nothing made while it starts goes away: looking for it takes a tenth of the time.
    gc.disable()
    existing = QApplication.instance()
    application = (
        existing if isinstance(existing, QApplication) else QApplication(sys.argv[:1])
    )
    application.setApplicationName("thoracic-intake")
    application.setApplicationDisplayName("Thoracic Intake")
    dresser = theme.apply(application)
    window = MainWindow(SystemClock())
    opening = Opening(
        window,
        arguments.data,
        sample=arguments.open_sample,
        demo=arguments.demo or arguments.open_sample,
        dresser=dresser,
    )
    window.painted.connect(opening.begin)
    # A window that starts minimized is not painted; the records open all the same.
    QTimer.singleShot(_UNPAINTED_MS, opening.begin)
    window.show()
    return application.exec()


class Opening(QObject):
    """Everything that happens after the first paint."""

    def __init__(
        self,
        window: MainWindow,
        data: str | None,
        *,
        sample: bool,
        demo: bool,
        dresser: theme.Dresser | None = None,
    ) -> None:
        """Remember where the records are.

        The demonstration needs no clinic: its records are under a key that is
        forgotten, in a folder that goes away.
        """
        super().__init__(window)
        self._dresser = dresser
        self._demo = demo
        self._scratch: TemporaryDirectory[str] | None = None
        self._window = window
        self._data = data
        self._sample = sample
        self._has_begun = False
        self._is_storing = False
        self._care: Caretaker | None = None

    def begin(self) -> None:
        """Read the protocol, start the background writer, show the first page; once."""
        if self._has_begun:
            return
        self._has_begun = True
        from intake.errors import UserFacingError
        from ui.messages import MessageBoxes, tell_error

        teller = MessageBoxes(self._window)
        try:
            self._open_office(teller)
        except UserFacingError as error:
            gc.enable()
            tell_error(teller, error)
            self._window.close()

    def _open_office(self, teller: "Teller") -> None:
        from intake.protocol_loader import default_protocol
        from ui.endings import Endings
        from ui.error_hook import ErrorHook
        from ui.letters import Letters
        from ui.looks import Looks
        from ui.office import Office, Tools
        from ui.saving import Saver
        from ui.settings import Settings
        from ui.tidying import Tidying

        clock = SystemClock()
        folder = self._folder()
        door = None if self._demo else self._door(folder, clock)
        self._protocol = default_protocol()
        caretaker = None if door is None else self._caretaker(clock)
        saver = Saver(lambda: self._opened(folder), folder, clock, self._window)
        settings = Settings(
            QSettings(str(folder / "settings.ini"), QSettings.Format.IniFormat)
        )
        application = QApplication.instance()
        if self._dresser is not None and isinstance(application, QApplication):
            letters = Letters(application)
            self._looks = Looks(self._window, self._dresser, letters, settings)
        tools = Tools(
            protocol=self._protocol,
            clock=clock,
            saver=saver,
            settings=settings,
            teller=teller,
            documents=_documents,
            write=_write,
            door=door,
            recovery_sheet=_recovery_sheet,
            caretaker=caretaker,
            stationery=None if door is None else _Stationery(),
        )
        if not settings.geometry.isEmpty():
            self._window.restoreGeometry(settings.geometry)
        office = self._office = Office(self._window, tools)
        self._hook = ErrorHook(saver.keep_draft, teller, office.interrupt)
        self._hook.install()
        self._endings = Endings(office.keep_typed, self._window.close, self)
        self._door_in = door
        # The protocol lives as long as the program: the collector need not walk it.
        gc.freeze()
        gc.enable()
        tidying = Tidying(self._window)
        office.presence.idle_lock.quiet.connect(tidying.now)
        if self._sample:
            self._open_sample(office, tools)
        else:
            office.lock()
        if door is None:
            # Let the page be painted before the thread begins to import.
            QTimer.singleShot(0, saver.start)
            return
        QTimer.singleShot(_READY_MS, self, _make_documents_ready)
        door.signed_in.connect(
            lambda _person: self._start(saver, door), Qt.ConnectionType.QueuedConnection
        )

    def _start(self, saver: "Saver", door: "Door") -> None:
        """Begin to store, once the first person is in."""
        if door.records is None or self._is_storing:
            return
        from ui.draft import Seal

        self._is_storing = True
        saver.seal = Seal(door.records.sealed, door.records.unsealed)
        saver.start()
        if self._care is not None:
            self._care.begin(door.records)

    def _caretaker(self, clock: SystemClock) -> "Caretaker":
        from ui.caretaker import Caretaker

        self._care = Caretaker(clock, self._require, self._window)
        return self._care

    def _require(self, records: "OpenRecords", by: "Person", use_case: str) -> None:
        from intake.workflow import Workflow

        workflow = Workflow(records.store, self._protocol, SystemClock())
        workflow.require(by, use_case)

    def _door(self, folder: Path, clock: SystemClock) -> "Door":
        from db.clinic import Clinic
        from db.location import head_files
        from ui.door import Door

        return Door(Clinic(folder, clock, head_files(folder)), self._window)

    def _opened(self, folder: Path) -> "VisitRecords":
        """Open the records for whoever works, as the background writer begins."""
        from intake.acting import Acting
        from intake.workflow import Workflow

        door, office = self._door_in, self._office
        if door is None:
            store = _demo_store(folder)
            workflow = Workflow(store, self._protocol, SystemClock())
            people = Demonstrators(store)
            return Acting(
                workflow,
                lambda: people.named(office.person_id),
                store.close,
                people.named,
            )
        if door.records is None:
            raise RuntimeError("the records are opened before they are used")
        records = door.records
        workflow = Workflow(records.store, self._protocol, SystemClock())
        return Acting(
            workflow, door.whoever_is_in, lambda: self._shut(records), door.named
        )

    def _shut(self, records: "OpenRecords") -> None:
        """Make a last backup if one is due, and shut the records."""
        if self._care is not None:
            self._care.finish()
        records.close()

    def _folder(self) -> Path:
        from db.location import data_folder

        if self._data:
            return Path(self._data)
        if self._demo:
            self._scratch = TemporaryDirectory(prefix="thoracic-intake-demo-")
            return Path(self._scratch.name)
        return data_folder()

    def _open_sample(self, office: "Office", tools: "Tools") -> None:
        """Open the bundled visit as a clinician, in the data folder given."""
        from dataclasses import replace

        from intake.case_file import read_case

        content = (files("intake") / "samples" / "sample_visit.json").read_bytes()
        case = read_case(content, tools.protocol, today=tools.clock.today())
        office.know_who(_SAMPLE_USER, "clinician")
        patient = replace(case.patient, id=str(uuid.uuid4()))
        office.open_filled_visit(patient, case.answers)


def _demo_store(folder: Path) -> "RecordStore":
    import os

    from db.store import open_store

    # Under a key that nobody has any more.
    for left in folder.glob("demo.db*"):
        left.unlink()
    return open_store(folder / "demo.db", os.urandom(32))


def _recovery_sheet(clinic: str, code: str) -> bytes:
    from reports.recovery_sheet import recovery_sheet

    return recovery_sheet(clinic, code)


def _documents(*, code_points: bool = False, clinic: "ClinicSettings") -> "Documents":
    from reports.documents import PdfDocuments

    return PdfDocuments(code_points=code_points, clinic=clinic)


class _Stationery:
    """The stationery of `reports`, imported when it is first asked."""

    def logo(self, content: bytes) -> bytes:
        from reports.stationery import PaperStationery

        return PaperStationery().logo(content)

    def unprintable(self, text: str) -> str:
        from reports.stationery import PaperStationery

        return PaperStationery().unprintable(text)


def _make_documents_ready() -> None:
    """Import what makes documents beside the work; else the first one would wait."""
    from threading import Thread

    from reports.documents import make_ready

    Thread(target=make_ready, name="documents", daemon=True).start()


def _write(path: Path, content: bytes) -> None:
    from reports.files import write_atomically

    write_atomically(path, content)
