"""Make the pictures of the README from the real program.

``python3 start.py screenshots [FOLDER]``; the folder is docs/images unless named.
"""

import os
import sys
import tempfile
from dataclasses import replace
from datetime import UTC, date, datetime
from importlib.resources import files
from pathlib import Path
from typing import Any

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

from PySide6.QtCore import QSettings
from PySide6.QtWidgets import QApplication, QWidget
from reports.documents import PdfDocuments

from db.store import open_store
from intake.case_file import read_case
from intake.protocol_loader import default_protocol
from reports.files import write_atomically
from ui import theme
from ui.main_window import MainWindow
from ui.messages import MessageBoxes
from ui.office import Office, Tools
from ui.saving import Saver
from ui.settings import Settings

_SIZE = (1366, 740)
_DAY = date(2026, 11, 24)
_EMERGENCY: dict[str, Any] = {
    "pain.sites": ["interscapular"],
    "pain.duration": {"value": 1, "unit": "h"},
    "pain.onset": "sudden_seconds",
    "pain.with_movement": "no",
    "pain.now": 10,
    "pain.quality": ["tearing_or_ripping"],
}


class _Clock:
    """Tuesday morning, so that the pictures do not change from day to day."""

    def now(self) -> datetime:
        return datetime(2026, 11, 24, 10, 42, 3, tzinfo=UTC)

    def today(self) -> date:
        return _DAY


def main(folder: Path) -> int:
    """Walk through the program and take a picture of each page."""
    application = QApplication.instance()
    if not isinstance(application, QApplication):
        application = QApplication(sys.argv[:1])
    theme.apply(application)
    folder.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as records:
        _walk(application, Path(records), folder)
    return 0


def _walk(application: QApplication, records: Path, folder: Path) -> None:
    protocol = default_protocol()
    window = MainWindow(_Clock())
    window.resize(*_SIZE)
    window.show()
    saver = Saver(lambda: open_store(records / "records.db"), records, _Clock())
    settings = QSettings(str(records / "s.ini"), QSettings.Format.IniFormat)
    office = Office(
        window,
        Tools(
            protocol=protocol,
            clock=_Clock(),
            saver=saver,
            settings=Settings(settings),
            teller=MessageBoxes(window),
            documents=PdfDocuments,
            write=write_atomically,
        ),
    )

    def picture(name: str, of: QWidget = window) -> None:
        for _ in range(5):
            application.processEvents()
        path = folder / f"{name}.png"
        of.grab().save(str(path))
        print(path)

    saver.start()
    office.lock()
    picture("sign-in")
    office.begin("Dr. Rivera", "clinician")
    sample = (files("intake") / "samples" / "sample_visit.json").read_bytes()
    case = read_case(sample, protocol, today=_DAY)
    office.open_filled_visit(replace(case.patient, id="sample"), case.answers)
    assert office.session is not None
    assert office.workspace is not None
    picture("body-chart")
    office.workspace.page.go_to("pain.course")
    picture("visit")
    office.workspace.page.go_to("exam.reflex.knee")
    picture("nerve-examination")
    office.show_documents()
    picture("summary")
    office.open_new_visit(
        replace(case.patient, id="second", family_name="Moreno", given_name="Luis")
    )
    office.session.record_many(_EMERGENCY)
    office.workspace.page.go_to("pain.migrating")
    picture("emergency")
    window.close()


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1] if len(sys.argv) > 1 else "docs/images")))
