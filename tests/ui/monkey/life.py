"""One life of the program in the hands of a monkey.

``python -m tests.ui.monkey.life FOLDER SEED EVENTS WHO [planted]``: makes a clinic in
the folder, starts the real program on it, signs somebody in, and does random things.
Whenever the screen is locked somebody is let in again, mostly the same person. Each
fault is a line of JSON on standard output; so are the figures, last.

With `planted` three things are broken on purpose, one after the other.
"""

import faulthandler
import json
import logging
import random
import sys
import threading
import time
import warnings
from collections import Counter
from datetime import datetime, timedelta
from pathlib import Path
from types import TracebackType

from PySide6.QtCore import QMessageLogContext, QTimer, QtMsgType, qInstallMessageHandler
from PySide6.QtWidgets import QApplication

from db.clinic import Clinic
from db.location import head_files
from intake.patient import Patient
from tests.db.made_up import visit
from tests.faults.house import cheap_passphrases
from tests.faults.made_up_clinic import ANN, DEE, KIM, PASSPHRASES, House, answer
from tests.ui.monkey.fence import put_up
from tests.ui.monkey.gaps import Watch, small_work
from tests.ui.monkey.hand import Hand
from tests.ui.walks.hostile_strings import hostile_strings
from ui import draft, theme
from ui.app import Opening
from ui.clock import SystemClock
from ui.error_hook import _places
from ui.main_window import MainWindow
from ui.office import Office
from ui.shade import ShadePage

_PLANTED_SECONDS = 0.3
#: So long may storing take in the end, on a disk that others use as well.
_PATIENCE_SECONDS = 60
_NAMES = (
    "Moreno",
    "Nguy\u1ec5n",
    "O'Brien & Sons",
    "<b>Bold</b>",
    "\u05e9\u05dc\u05d5\u05dd",
)
#: Qt's own words about this platform, which has no window manager.
_KNOWN = ("This plugin does not support", "propagateSizeHints")
#: At the door, one try in so many is somebody else's or wrong.
_OTHERS = 6


def _raise(_watch: Watch) -> None:
    raise ValueError("planted")


def _wait(_watch: Watch) -> None:
    time.sleep(_PLANTED_SECONDS)


def _work(watch: Watch) -> None:
    """Do as much as takes so long where nobody else works."""
    for _ in range(round(_PLANTED_SECONDS / watch.pace.best)):
        small_work()


#: After so many events: what is broken on purpose.
_PLANTED = {150: _raise, 160: _wait, 170: _work}


class _DayAfter(SystemClock):
    """The day after: whoever typed wrong passphrases has waited long enough."""

    def now(self) -> datetime:
        """Return the present time of tomorrow."""
        return super().now() + timedelta(days=1)


def _are_documents_ready() -> bool:
    is_importing = any(one.name == "documents" for one in threading.enumerate())
    return "reports.summary" in sys.modules and not is_importing


class Life:
    """The program, from its start to its end.

    Args:
        folder: everything of it; nothing else is touched.
        seed: decides every event.
        events: how many.
        who: the id of whoever works.
        planted: whether something is broken on purpose.
    """

    def __init__(
        self, folder: Path, seed: str, events: int, who: str, *, planted: bool
    ) -> None:
        """Make the clinic; see `live`."""
        self._folder = folder
        self._left = self._events = events
        self._who = who
        self._planted = planted
        self._chance = random.Random(seed)
        self._done: Counter[str] = Counter()
        self._pages: Counter[str] = Counter()
        self._last = ""
        self._is_over = False
        self._ended = 0.0
        self._application = QApplication(sys.argv[:1])
        theme.apply(self._application)
        self._window = MainWindow(SystemClock())
        words = [text for _, text in hostile_strings() if len(text) < 1000]
        self._hand = Hand(self._window, self._chance, words, _NAMES)

    def live(self) -> None:
        """Open the program, and let events happen until none is left."""
        self._listen()
        opening = Opening(self._window, str(self._data), sample=False, demo=False)
        self._window.resize(1366, 740)
        self._window.show()
        self._window.activateWindow()
        opening.begin()
        self._hear_exceptions()
        office = self._window.findChild(Office)
        assert office is not None
        self._office = office
        put_up(self._folder, self._tell)
        self._watch = Watch()
        QTimer.singleShot(0, self._tick)
        self._application.exec()
        self._watch.end()

    @property
    def _data(self) -> Path:
        return self._folder / "data"

    def set_up(self) -> None:
        """Make a clinic with an owner, a clinician, the desk, and a few patients."""
        clock = SystemClock()
        clinic = Clinic(self._data, clock, head_files(self._data))
        opened, code = clinic.set_up(ANN, PASSPHRASES["ann"])
        house = House(clinic, opened, code)
        for one in (KIM, DEE):
            house.workflow.add_person(ANN, one)
            opened.give_passphrase(one, PASSPHRASES[one.id], by="ann")
        for number, name in enumerate(_NAMES):
            patient = Patient(
                f"p{number}", name, "Ana", birth_date=f"19{number}2-03-01"
            )
            house.workflow.register(DEE, patient)
            day = {"on": clock.today(), "opened_at": clock.now()}
            made = visit(f"v{number}", patient_id=patient.id, **day)
            house.workflow.open_visit(DEE, made)
            typed = [answer("pain.now", number, DEE, number)]
            house.workflow.record_history(DEE, made.id, 0, typed)
        opened.close()

    def faults_left(self) -> None:
        """Look at the records afterwards, as at the next start."""
        clinic = Clinic(self._data, _DayAfter(), head_files(self._data))
        opened = clinic.sign_in(ANN.id, PASSPHRASES["ann"])
        for fault in [*opened.faults(), *opened.store.audit_faults()]:
            self._tell(f"the records: {fault}")
        opened.close()

    def figures(self) -> dict[str, object]:
        """Return what happened, for a person to read."""
        return {
            "events": self._events - self._left,
            "longest": round(self._watch.longest, 3),
            "pages": dict(self._pages.most_common()),
        }

    # events

    def _tick(self) -> None:
        """Do one thing each time the event loop comes round, inside of boxes too."""
        self._watch.look()
        for gap in self._watch.frozen:
            self._tell(f"frozen for {gap.seconds:.3f} s at {gap.place}")
        self._watch.frozen.clear()
        if self._is_over:
            return
        if self._left == 0:
            self._ended = self._ended or time.monotonic()
            self._end()
            return
        # Before it is done: it may open a box, which has a loop of its own.
        QTimer.singleShot(0, self._tick)
        if self._is_locked() and not QApplication.activeModalWidget():
            self._come_in()
            return
        self._left -= 1
        self._note_page()
        self._break_on_purpose()
        is_hidden = isinstance(self._window.pages.currentWidget(), ShadePage)
        # It takes every key, so that most of a life would pass under it.
        if is_hidden and self._chance.random() < 1 / 4:
            self._hand.show_again()
            return
        self._last = self._hand.act()
        self._done[self._last] += 1

    def _note_page(self) -> None:
        page = self._window.pages.currentWidget()
        self._pages[type(page).__name__] += 1

    def _is_locked(self) -> bool:
        door = self._office.entrance.sign_in
        return door.isVisible() and self._chance.random() < 1 / 2

    def _come_in(self) -> None:
        """Sign somebody in: mostly whoever it was."""
        door = self._office.entrance.sign_in
        if not (door.isEnabled() and _are_documents_ready()):
            # It is being looked at in the background; and nobody types a passphrase
            # before what makes documents is imported, which begins at the door.
            time.sleep(0.001)
            return
        if door.recovery.isChecked():
            door.recovery.setChecked(False)
        is_other = self._chance.randrange(_OTHERS) == 0
        who = self._chance.choice([ANN, KIM, DEE]).id if is_other else self._who
        # An event like others: whoever is locked out does not try for ever.
        self._left -= 1
        door.person.setCurrentIndex(max(0, door.person.findData(who)))
        door.passphrase.setText(PASSPHRASES[who])
        door.go_on.click()

    def _end(self) -> None:
        """Close whatever is open, then the window."""
        box = QApplication.activeModalWidget() or QApplication.activePopupWidget()
        if box is not None:
            box.close()
            QTimer.singleShot(0, self._tick)
            return
        waiting = self._office._tools.saver.pending()
        if waiting and time.monotonic() < self._ended + _PATIENCE_SECONDS:
            time.sleep(0.001)
            QTimer.singleShot(0, self._tick)
            return
        if waiting:
            self._tell(f"not stored: {', '.join(map(_in_short, waiting))}")
        self._is_over = True
        if not self._window.close():
            self._tell("the window does not close")
        self._application.quit()

    # what is broken on purpose

    def _break_on_purpose(self) -> None:
        strike = _PLANTED.get(self._events - self._left) if self._planted else None
        if strike is not None:
            QTimer.singleShot(0, lambda: strike(self._watch))

    # what is heard

    def _tell(self, fault: str) -> None:
        done = self._events - self._left
        page = type(self._window.pages.currentWidget()).__name__
        where = f"after {done} events ({self._last}, on {page})"
        print(json.dumps({"fault": f"{fault}, {where}"}), flush=True)

    def _listen(self) -> None:
        """Hear what Qt complains of, and warnings."""

        def heard(kind: QtMsgType, _where: QMessageLogContext, text: str) -> None:
            if kind is not QtMsgType.QtDebugMsg and not text.startswith(_KNOWN):
                self._tell(f"Qt says: {text}")

        qInstallMessageHandler(heard)
        warnings.simplefilter("error")
        logging.getLogger("thoracic_intake").addHandler(logging.NullHandler())

    def _hear_exceptions(self) -> None:
        """Hear what nothing caught, before the program's own hook does."""
        program, in_thread = sys.excepthook, threading.excepthook

        def heard(
            kind: type[BaseException],
            error: BaseException,
            trace: TracebackType | None,
        ) -> None:
            self._tell(f"{kind.__name__} at {_places(trace)}")
            program(kind, error, trace)

        def heard_in_thread(arguments: threading.ExceptHookArgs) -> None:
            name = arguments.exc_type.__name__
            self._tell(f"{name} in a thread at {_places(arguments.exc_traceback)}")
            in_thread(arguments)

        def heard_unraisable(arguments: object) -> None:
            self._tell(f"unraisable: {arguments!r}")

        sys.excepthook = heard
        threading.excepthook = heard_in_thread
        sys.unraisablehook = heard_unraisable


def _in_short(entry: draft.Entry) -> str:
    if isinstance(entry, draft.Changes):
        asked = " ".join(change.question for change in entry.changes)
        return f"answers of {entry.by} ({asked})"
    return type(entry).__name__


def main() -> None:
    """Live, and tell what was wrong."""
    faulthandler.enable()
    folder, seed, events, who = Path(sys.argv[1]), *sys.argv[2:5]
    with cheap_passphrases():
        life = Life(folder, seed, int(events), who, planted="planted" in sys.argv)
        life.set_up()
        life.live()
        life.faults_left()
    print(json.dumps(life.figures()), flush=True)


if __name__ == "__main__":
    main()
