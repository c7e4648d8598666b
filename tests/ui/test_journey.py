"""From the first key at the desk to the summary as a file, by keyboard alone.

The window, the clinic's folder and its encryption are the real ones. Nothing is done to
the program but pressing keys; it is only looked at to know when it is so far.
"""

import io
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pypdf
import pytest
from PySide6.QtCore import QSettings, Qt, QTimer
from PySide6.QtWidgets import QApplication, QFileDialog, QLineEdit
from pytestqt.qtbot import QtBot

from db.clinic import Clinic
from intake.acting import Acting
from intake.people import Person
from intake.protocol_loader import default_protocol
from intake.workflow import Workflow
from reports.documents import PdfDocuments
from reports.files import write_atomically
from tests.ui.fakes import Recorder
from tests.ui.keyboard import ENTER, press, type_keys
from tests.ui.visit.test_worked_patient import AT_THE_DESK, IN_THE_ROOM
from tests.ui.visits import StoppedClock
from ui.door import Door
from ui.draft import Seal
from ui.main_window import MainWindow
from ui.office import Office, Tools
from ui.saving import Saver
from ui.settings import Settings

_CTRL, _ALT = Qt.KeyboardModifier.ControlModifier, Qt.KeyboardModifier.AltModifier
_ANNS = "kettle moss river nine"
_NOORS = "stones in a warm wall"
_MOST_SECONDS = 25
#: In milliseconds; longer than any step takes on a busy machine.
_PATIENCE = 20_000
_MOST_TO_CONFIRM = 30
#: What stands on paper at the end, from each part of the way.
_ON_PAPER = (
    "born Mar 14, 1992",
    "34 years, female",
    "Site: between the shoulder blades",
    "Duration: 10 days",
    "smoking: never",
    "Stiff segments: T4, T5, T6",
    "Blood pressure, RIGHT arm: 122/78 mmHg",
    "Monitor: recheck on a fixed date.",
    "Accepted (Ann Ash",
    "Adapted: in four weeks, by phone (Ann Ash",
    "Keep moving; stretch and strengthen [Declined: Done already",
    "Signed by Ann Ash, Nov 24, 2026, 10:00 UTC",
)
_NOT_ON_PAPER = ("DRAFT", "Not decided", "likely", "all clear", "%")


@dataclass
class Running:
    """The program in front of somebody, and where its files go.

    `deaf_to` is a key that does nothing: the step, and its number there.
    """

    qtbot: QtBot
    window: MainWindow
    office: Office
    teller: Recorder
    out: Path
    deaf_to: tuple[str, int] = ("", 0)
    step: str = ""
    keys_of: dict[str, int] = field(default_factory=dict)
    patience: int = _PATIENCE

    def type(self, text: str) -> None:
        """Type a text, to whatever has the keyboard."""
        for key in text:
            if self._is_heard():
                type_keys(key)

    def command(self, key: Qt.Key, modifier: Qt.KeyboardModifier = _CTRL) -> None:
        """Press a key that commands."""
        if self._is_heard():
            press(key, modifier)

    def wait(self, is_so: Callable[[], bool]) -> None:
        """Wait until the program is so far."""
        self.qtbot.waitUntil(is_so, timeout=self.patience)

    def _is_heard(self) -> bool:
        number = self.keys_of[self.step] = self.keys_of.get(self.step, 0) + 1
        return (self.step, number) != self.deaf_to


#: The box for the file's name is Qt's own; on a screen that is none its list of names
#: can neither be raised nor take the keys.
pytestmark = pytest.mark.qt_log_ignore("This plugin does not support", extend=True)


@pytest.fixture
def running(qtbot: QtBot, tmp_path: Path) -> Iterator[Running]:
    """Return the program on a clinic where two people work; nobody is in."""
    folder, heads = tmp_path / "clinic", [tmp_path / "head"]
    ann = Person("ann", "Ann Ash", frozenset({"owner", "clinician"}))
    opened, _code = Clinic(folder, StoppedClock(), heads).set_up(ann, _ANNS)
    noor = Person("noor", "Noor", frozenset({"desk"}))
    opened.store.add_person(noor)
    opened.give_passphrase(noor, _NOORS, by="")
    opened.close()

    protocol, door = default_protocol(), Door(Clinic(folder, StoppedClock(), heads))

    def records() -> Acting:
        assert door.records is not None
        workflow = Workflow(door.records.store, protocol, StoppedClock())
        return Acting(workflow, door.whoever_is_in, door.records.close, door.named)

    saver = Saver(records, folder, StoppedClock())

    def begin(_person: object) -> None:
        if door.records is not None and saver.seal == Seal():
            saver.seal = Seal(door.records.sealed, door.records.unsealed)
            saver.start()

    door.signed_in.connect(begin)
    window, teller = MainWindow(StoppedClock()), Recorder()
    ini = QSettings(str(tmp_path / "s.ini"), QSettings.Format.IniFormat)
    tools = Tools(
        protocol=protocol,
        clock=StoppedClock(),
        saver=saver,
        settings=Settings(ini),
        teller=teller,
        documents=PdfDocuments,
        write=write_atomically,
        door=door,
    )
    office = Office(window, tools)
    qtbot.addWidget(window)
    window.resize(1366, 740)
    window.show()
    window.activateWindow()
    qtbot.waitUntil(window.isActiveWindow)
    office.lock()
    yield Running(qtbot, window, office, teller, tmp_path / "summary.pdf")
    window.close()


def _sign_in(running: Running, name: str, passphrase: str, who: str) -> None:
    running.command(Qt.Key.Key_N, _ALT)
    running.type(name)
    running.command(Qt.Key.Key_P, _ALT)
    running.type(passphrase + ENTER)
    running.wait(lambda: running.window.user.text() == who)


def _take_the_history(running: Running) -> None:
    _sign_in(running, "N", _NOORS, "Noor, front desk")
    running.command(Qt.Key.Key_N)
    running.type("Moreno\nAna\n\n3/14/1992\n\nf")
    running.command(Qt.Key.Key_R, _ALT)
    # A button that is pressed by its letter stays down for a moment.
    running.wait(lambda: running.office.session is not None)
    running.type(AT_THE_DESK)


def _hand_over(running: Running) -> None:
    running.command(Qt.Key.Key_Return)
    running.wait(lambda: running.office.session is None)
    running.command(Qt.Key.Key_L)


def _examine(running: Running) -> None:
    _sign_in(running, "A", _ANNS, "Ann Ash, clinician")
    running.wait(lambda: "Ready for you: " in running.window.news.text())
    running.type(ENTER)
    running.wait(lambda: running.office.session is not None)
    session = running.office.session
    assert session is not None
    for _ in range(_MOST_TO_CONFIRM):
        if session.confirmed.marked():
            running.type(" ")
    running.type(IN_THE_ROOM)


def _decide(running: Running) -> None:
    running.command(Qt.Key.Key_G)
    running.type("a")
    running.type("ein four weeks, by phone" + ENTER)
    running.type("d2" + ENTER)
    running.type("aaaaaaa")


def _sign(running: Running) -> None:
    running.command(Qt.Key.Key_R)
    running.wait(lambda: running.office.signing.review.revision is not None)
    running.type(f"am92{ENTER}{_ANNS}{ENTER}")
    running.wait(lambda: running.office.signing.is_open)


def _make_the_summary(running: Running) -> None:
    running.command(Qt.Key.Key_P)
    running.wait(running.office.documents.isVisible)
    asking = QTimer(running.window)

    def name_the_file() -> None:
        box, line = QApplication.activeModalWidget(), QApplication.focusWidget()
        if isinstance(box, QFileDialog) and isinstance(line, QLineEdit):
            asking.stop()
            running.type(f"{running.out}{ENTER}")

    asking.timeout.connect(name_the_file)
    asking.start(50)
    running.command(Qt.Key.Key_S, _ALT)
    running.wait(running.out.exists)


_STEPS = (_take_the_history, _hand_over, _examine, _decide, _sign, _make_the_summary)


def go(running: Running) -> list[str]:
    """Go the whole way; return what is wrong on the paper at its end."""
    for step in _STEPS:
        running.step = step.__name__
        step(running)
    pages = pypdf.PdfReader(io.BytesIO(running.out.read_bytes())).pages
    text = " ".join(" ".join(page.extract_text() for page in pages).split())
    missing = [words for words in _ON_PAPER if words not in text]
    return missing + [f"not: {words}" for words in _NOT_ON_PAPER if words in text]


def test_a_visit_goes_from_the_desk_to_paper_by_keyboard_alone(
    running: Running, capsys: pytest.CaptureFixture[str]
) -> None:
    began = time.process_time()
    wrong = go(running)
    took = time.process_time() - began
    with capsys.disabled():
        sys.stdout.write(
            f"\n{sum(running.keys_of.values())} keys, {took:.1f} s of machine time\n"
        )

    assert wrong == []
    assert running.teller.messages == []
    assert took < _MOST_SECONDS


_WITHOUT = {
    "an answer": ("_take_the_history", 60),
    "handing over": ("_hand_over", 1),
    "declining": ("_decide", 28),
}


@pytest.mark.parametrize("name", _WITHOUT)
def test_a_key_that_does_nothing_is_noticed(running: Running, name: str) -> None:
    """Negative control of the journey."""
    running.deaf_to, running.patience = _WITHOUT[name], 2_000
    try:
        wrong = go(running)
    except (AssertionError, running.qtbot.TimeoutError):
        return
    assert wrong != []
