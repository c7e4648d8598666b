"""Take the pictures of the README from the running program.

``python -m tests.screenshots [FOLDER]`` opens the real window on made-up patients in a
folder of its own, uses it, and writes what the README shows to docs/images and every
page in several looks to docs/screens; or every page, once, to FOLDER.
"""

import os
import sys
import tempfile
from collections.abc import Callable
from datetime import UTC, date, datetime
from importlib.resources import files
from pathlib import Path
from typing import Any

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

from PySide6.QtCore import QEventLoop, QSettings, QTimer
from PySide6.QtGui import QImage
from PySide6.QtWidgets import QApplication

from db.store import open_store
from intake.answers import Answers
from intake.case_file import read_case
from intake.patient import Patient
from intake.protocol_loader import default_protocol
from reports.documents import PdfDocuments
from reports.files import write_atomically
from tests.db.made_up import KEY, as_everybody
from tests.ui.fakes import Recorder
from ui import theme
from ui.main_window import MainWindow
from ui.office import Office, Tools
from ui.saving import Saver
from ui.settings import Settings

IMAGES = Path(__file__).parents[1] / "docs" / "images"
_SIZE = (1366, 768)
#: For PNG, Qt's "quality" is how much room it may take; no colour is lost.
_SMALLEST = 0
#: Pages to look at that the README does not show.
_NOT_IN_README = ("sign-in-to-the-demonstration", "desk", "registration")
_PATIENCE_MS = 10_000

#: Made-up patients; 555-01xx numbers belong to nobody.
_TEARING = Patient(
    "demo-2",
    "Delacroix-Obi",
    "Samuel",
    birth_date="1965-07-02",
    sex_at_birth="male",
    chart_number="DEMO-0002",
    phone="(904) 555-0117",
)
_TEARING_ANSWERS: dict[str, Any] = {
    "pain.sites": ["upper_thoracic", "chest_front"],
    "pain.duration": {"value": 2, "unit": "h"},
    "pain.onset": "sudden_seconds",
    "pain.with_movement": "no",
    "pain.now": 9,
    "pain.severity": "worst_ever",
    "pain.quality": ["tearing_or_ripping"],
    "chest.breathless": "no",
    "heart.sweating": "yes",
    "heart.faint_or_collapse": "no",
    "background.allergies": [],
}
_STRAIN = Patient(
    "demo-3",
    "O\u02bcBrien",
    "Aoife",
    birth_date="1992-03-14",
    sex_at_birth="female",
    chart_number="DEMO-0003",
    phone="(904) 555-0163",
)
_STRAIN_ANSWERS: dict[str, Any] = {
    "pain.sites": ["mid_thoracic"],
    "pain.duration": {"value": 9, "unit": "d"},
    "pain.onset": "gradual",
    "pain.with_movement": "yes",
    "pain.now": 4,
}


Save = Callable[[QImage, Path, str], None]


class _Clock:
    def now(self) -> datetime:
        return datetime(2026, 11, 24, 10, 42, 3, tzinfo=UTC)

    def today(self) -> date:
        return self.now().date()


class Photographer:
    """Uses the program and takes pictures on the way."""

    def __init__(self, folder: Path, records: Path, save: Save) -> None:
        """Open the window on empty records; `save` writes a picture of a name."""
        self._folder = folder
        self._save = save
        self._window = MainWindow(_Clock())
        self._protocol = default_protocol()
        self._saver = Saver(
            lambda: as_everybody(open_store(records / "r.db", KEY), self._protocol),
            records,
            _Clock(),
        )
        self._teller = Recorder()
        ini = QSettings(str(records / "settings.ini"), QSettings.Format.IniFormat)
        self._office = Office(
            self._window,
            Tools(
                protocol=self._protocol,
                clock=_Clock(),
                saver=self._saver,
                settings=Settings(ini),
                teller=self._teller,
                documents=PdfDocuments,
                write=write_atomically,
            ),
        )
        self._window.resize(*_SIZE)
        self._window.show()
        self._saver.start()

    def take_all(self) -> None:
        """Take every picture."""
        self._sign_in()
        self._fill_records()
        self._office.show_home()
        self._take("worklist")
        self._registration()
        self._emergency()
        self._visit()
        self._window.close()
        if self._teller.messages:
            raise RuntimeError(self._teller.messages)

    def _sign_in(self) -> None:
        self._office.lock()
        self._take("sign-in-to-the-demonstration")
        self._office.begin("Front desk", "desk")

    def _fill_records(self) -> None:
        self._office.open_filled_visit(_STRAIN, Answers(_STRAIN_ANSWERS))
        self._take("desk")
        self._office.lock()
        self._office.begin("Dr. Rivera", "clinician")
        content = (files("intake") / "samples" / "sample_visit.json").read_bytes()
        case = read_case(content, self._protocol, today=_Clock().today())
        self._office.open_filled_visit(case.patient, case.answers)
        self._office.open_filled_visit(_TEARING, Answers(_TEARING_ANSWERS))
        self._wait(lambda: not self._saver.pending())

    def _registration(self) -> None:
        self._office.show_registration()
        fields = self._office.registration.fields
        fields["family_name"].setText("OBrien")
        fields["given_name"].setText("Aoife")
        fields["birth_date"].setText("3/14/1992")
        # Those who may be the same are looked for in the background.
        self._wait(lambda: not self._office.registration.likely.looking.is_open)
        self._take("registration")

    def _emergency(self) -> None:
        self._office.open_new_visit(_TEARING)
        self._go_to("pain.quality")
        self._take("emergency")

    def _visit(self) -> None:
        (sample,) = self._office.records.find("Nguyen")
        self._office.open_new_visit(sample)
        self._go_to("cancer.history")
        self._take("visit")
        self._go_to("pain.map")
        self._take("body-chart")
        self._go_to("exam.strength.leg_overall")
        self._take("nerve-examination")
        self._office.show_documents()
        self._take("summary")

    def _go_to(self, question: str) -> None:
        if self._office.workspace is not None:
            self._office.workspace.page.go_to(question)

    def _take(self, name: str) -> None:
        if self._folder == IMAGES and name in _NOT_IN_README:
            return
        self._wait(lambda: True)
        QApplication.processEvents()
        self._save(self._window.grab().toImage(), self._folder, name)

    def _wait(self, is_done: Callable[[], bool]) -> None:
        """Let the window work until something is so."""
        loop, timer = QEventLoop(), QTimer()
        timer.setInterval(10)
        timer.timeout.connect(lambda: loop.quit() if is_done() else None)
        timer.start()
        QTimer.singleShot(_PATIENCE_MS, loop.quit)
        loop.exec()
        if not is_done():
            msg = "The program took too long."
            raise RuntimeError(msg)


def save_as_png(picture: QImage, folder: Path, name: str) -> None:
    """Write a picture in the form that every reader shows."""
    path = folder / f"{name}.png"
    picture.convertTo(QImage.Format.Format_RGB888)
    if not picture.save(str(path), quality=_SMALLEST):
        msg = f"{path} could not be written."
        raise OSError(msg)
    print(path)


def main(arguments: list[str]) -> int:
    """Take the pictures into the folder named, or into docs/images."""
    folder = Path(arguments[0]) if arguments else IMAGES
    folder.mkdir(parents=True, exist_ok=True)
    application = QApplication.instance() or QApplication(sys.argv[:1])
    if isinstance(application, QApplication):
        theme.apply(application, "light")
    with tempfile.TemporaryDirectory() as records:
        Photographer(folder, Path(records), save_as_png).take_all()
    if not arguments and isinstance(application, QApplication):
        from tests.screens import SCREENS, take_all

        take_all(application, SCREENS)
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
