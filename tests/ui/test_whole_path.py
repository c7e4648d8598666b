"""From a new patient to the exported summary and a restart, on a real database."""

import io
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import pypdf
import pytest
from PySide6.QtCore import QSettings, Qt
from pytestqt.qtbot import QtBot

from db.store import open_store
from intake.protocol_loader import default_protocol
from reports.documents import PdfDocuments
from reports.files import write_atomically
from tests.db.made_up import KEY, as_everybody, raw
from tests.ui.fakes import Recorder
from tests.ui.keyboard import press, type_keys
from tests.ui.visits import StoppedClock
from ui.main_window import MainWindow
from ui.office import Office, Tools
from ui.saving import Saver
from ui.session import VisitSession
from ui.settings import Settings
from ui.visit import documents as documents_page

HOSTILE = "<script>x</script>"


@dataclass
class Running:
    """The program on a folder of records."""

    window: MainWindow
    office: Office
    saver: Saver
    teller: Recorder


Start = Callable[[], Running]


@pytest.fixture
def start(qtbot: QtBot, tmp_path: Path) -> Iterator[Start]:
    """Return a function that starts the program on the same records each time."""
    windows: list[MainWindow] = []

    def start_it() -> Running:
        window, teller = MainWindow(StoppedClock()), Recorder()
        # A short wait for locks: the tests hold one on purpose.
        url = f"sqlite:///{tmp_path / 'records.db'}?timeout=0.2"
        protocol = default_protocol()
        saver = Saver(
            lambda: as_everybody(open_store(url, KEY), protocol),
            tmp_path,
            StoppedClock(),
        )
        ini = QSettings(str(tmp_path / "s.ini"), QSettings.Format.IniFormat)
        office = Office(
            window,
            Tools(
                protocol=protocol,
                clock=StoppedClock(),
                saver=saver,
                settings=Settings(ini),
                teller=teller,
                documents=PdfDocuments,
                write=write_atomically,
            ),
        )
        qtbot.addWidget(window)
        window.show()
        window.activateWindow()
        qtbot.waitUntil(window.isActiveWindow)
        office.lock()
        saver.start()
        windows.append(window)
        return Running(window, office, saver, teller)

    yield start_it
    for window in windows:
        window.close()


def _register(qtbot: QtBot, office: Office, family: str) -> VisitSession:
    """Register by keyboard, as the desk does, and return the visit."""
    assert office.session is None
    press(Qt.Key.Key_N, Qt.KeyboardModifier.ControlModifier)
    type_keys(family + "\nMar\u00eda\n\n3/14/1958\n")
    press(Qt.Key.Key_R, Qt.KeyboardModifier.AltModifier)
    # A button that is pressed by its letter stays down for a moment.
    qtbot.waitUntil(lambda: office.session is not None)
    return _session(office)


def _session(office: Office) -> VisitSession:
    assert office.session is not None
    return office.session


def test_a_visit_survives_from_the_first_key_to_the_pdf_and_the_restart(
    qtbot: QtBot, start: Start, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What the product is for, with a name that tries to be markup."""
    out = tmp_path / "summary.pdf"
    monkeypatch.setattr(documents_page, "ask_for_file", lambda *_args: str(out))
    first = start()
    first.office.begin("Dr. Rivera", "clinician")
    session = _register(qtbot, first.office, HOSTILE)
    workspace = first.office.workspace
    assert workspace is not None
    assert session.patient.family_name == HOSTILE
    assert session.patient.birth_date == "1958-03-14"
    assert first.window.identity.name.text() == f"{HOSTILE}, Mar\u00eda"
    workspace.page.go_to("general.fever")
    type_keys("y")
    workspace.page.go_to("cancer.history")
    type_keys("u")
    line = first.window.save_state
    qtbot.waitUntil(lambda: line.text() == "Saved 10:00:00")
    assert first.saver.pending() == []

    press(Qt.Key.Key_P, Qt.KeyboardModifier.ControlModifier)
    first.office.documents.save.click()
    assert first.teller.messages == []
    text = "".join(
        page.extract_text()
        for page in pypdf.PdfReader(io.BytesIO(out.read_bytes())).pages
    )
    assert HOSTILE in text
    assert "Visit summary" in text
    first.window.close()

    second = start()
    second.office.begin("Dr. Rivera", "clinician")
    home = second.office.home
    qtbot.waitUntil(lambda: len(home.worklist.entries()) == 1)
    home.search.setFocus()
    type_keys("\n")
    again = _session(second.office)
    assert again.patient == session.patient
    assert again.answers == session.answers
    assert again.answers["cancer.history"] == "unsure"


def test_a_patient_is_found_again_in_three_keystrokes(
    qtbot: QtBot, start: Start
) -> None:
    """Three letters and Enter: yesterday's patient is open again."""
    first = start()
    first.office.begin("Sam", "desk")
    for name in ("Moreno", "Okafor", "Silva"):
        wanted = _register(qtbot, first.office, name).patient
        first.office.visits.close()
    qtbot.waitUntil(lambda: first.saver.pending() == [])
    first.window.close()

    second = start()
    second.office.begin("Dr. Rivera", "clinician")
    home = second.office.home
    qtbot.waitUntil(lambda: len(home.worklist.entries()) == 3)
    qtbot.waitUntil(home.search.hasFocus)
    typed = type_keys("sil")
    qtbot.waitUntil(lambda: home.chosen_patient() == wanted)
    typed += type_keys("\n")

    assert typed == 4
    assert _session(second.office).patient == wanted
    assert second.window.identity.name.text() == wanted.name


def test_a_lock_held_by_another_program_is_a_pause(
    qtbot: QtBot, start: Start, tmp_path: Path
) -> None:
    """One line says why, nothing is lost, and it goes on by itself."""
    running = start()
    running.office.begin("Sam", "desk")
    session = _register(qtbot, running.office, "Moreno")
    qtbot.waitUntil(lambda: running.saver.pending() == [])
    other = raw(tmp_path / "records.db")
    other.execute("BEGIN IMMEDIATE")
    session.record("general.fever", "yes")
    line = running.window.save_state
    qtbot.waitUntil(lambda: line.text().startswith("Not saved: "))
    assert line.text().endswith("What you typed is kept here.")
    other.execute("ROLLBACK")
    other.close()
    qtbot.waitUntil(lambda: line.text() == "Saved 10:00:00", timeout=5000)
    assert running.saver.pending() == []
    assert running.teller.messages == []


def test_a_file_that_is_no_database_is_said_once_and_nothing_is_lost(
    qtbot: QtBot, start: Start, tmp_path: Path
) -> None:
    """The desk goes on; when the good copy is back, everything is in it."""
    good = tmp_path / "records.db"
    good.write_bytes(b"this is no database, but somebody's letter" * 100)
    running = start()
    running.office.begin("Sam", "desk")
    qtbot.waitUntil(lambda: bool(running.teller.messages))
    assert running.office.home.empty.text() == " ".join(running.teller.messages[0])
    session = _register(qtbot, running.office, "Moreno")
    session.record("general.fever", "yes")
    good.unlink()
    qtbot.waitUntil(lambda: running.saver.pending() == [], timeout=5000)
    assert len(running.teller.messages) == 1
    (visit,) = [visit for visit, _ in running.office.records.recent()]
    assert visit.answers["general.fever"] == "yes"


def test_a_full_disk_while_exporting_is_one_message(
    qtbot: QtBot, start: Start, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """No half-written PDF is left behind."""
    folder = tmp_path / "nowhere"
    monkeypatch.setattr(
        documents_page, "ask_for_file", lambda *_args: str(folder / "summary.pdf")
    )
    running = start()
    running.office.begin("Dr. Rivera", "clinician")
    _register(qtbot, running.office, "Moreno")
    running.office.show_documents()
    running.office.documents.save.click()
    ((text, action),) = running.teller.messages
    assert text.startswith("The document could not be written")
    assert action
    assert not folder.exists()
    assert running.office.documents.said.text() == ""
