"""From spawning the process to the painted visit form, and how much memory that takes.

The floor is a process that shows a bare QMainWindow. Both are spawned in turn, both
paint offscreen, both say the time of their first paint on a clock that all processes
share. For the worklist of a real clinic somebody signs in the moment the page asks, and
the floor makes a key from the passphrase, too: it is slow on purpose.
"""

import json
import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from tests.benchmarks.measure import Timing, line

_ROUNDS = 9

#: Waits for the paint of one widget class, says when, how much memory, and leaves.
_WATCH = """
import json, resource, sys, time
from PySide6.QtCore import QEvent, QObject, QTimer
from PySide6.QtWidgets import QApplication
class Watch(QObject):
    seen = False
    def eventFilter(self, watched, event):
        if (not self.seen and event.type() == QEvent.Type.Paint
                and type(watched).__name__ == WANTED and watched.isVisible()):
            self.seen = True
            QTimer.singleShot(0, self.report)
        return False
    def report(self):
        # The paint event has been delivered, children included.
        peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
        print(json.dumps({"at": time.monotonic_ns(), "peak": peak}), flush=True)
        QTimer.singleShot(0, QApplication.closeAllWindows)
application = QApplication(sys.argv[:1])
watch = Watch()
application.installEventFilter(watch)
"""

_BARE = (
    'WANTED = "QMainWindow"\n'
    + _WATCH
    + """
from PySide6.QtWidgets import QMainWindow
window = QMainWindow()
window.resize(1366, 768)
window.show()
application.exec()
"""
)

_FLOOR_OF_A_CLINIC = (
    'WANTED = "QMainWindow"\n'
    + _WATCH
    + """
from PySide6.QtWidgets import QMainWindow
window = QMainWindow()
window.resize(1366, 768)
window.show()
QApplication.processEvents()
from pathlib import Path
from db.keys import KeyFile
text = (Path(sys.argv[1]) / "clinic.keys").read_text(encoding="utf-8")
KeyFile.of_text(text).opened_by(PASSPHRASE, "ann")
print(json.dumps({"at": time.monotonic_ns(), "peak": 0}), flush=True)
"""
)

_WORKLIST = (
    'WANTED = "Home"\n'
    + _WATCH
    + """
from ui import app
class Person(QObject):
    def eventFilter(self, watched, event):
        if (event.type() == QEvent.Type.Show
                and type(watched).__name__ == "SignInPage"):
            QTimer.singleShot(0, lambda: self.sign_in(watched))
        return False
    def sign_in(self, page):
        page.passphrase.setText(PASSPHRASE)
        page.go_on.click()
person = Person()
application.installEventFilter(person)
app.run(["--data", sys.argv[1]])
"""
)
_SET_UP = """
import json, sys
from pathlib import Path
from db.clinic import Clinic
from db.location import head_files
from intake.people import Person
from ui.clock import SystemClock
folder = Path(sys.argv[1])
ann = Person("ann", "Ann Ash", frozenset({"owner", "clinician"}))
Clinic(folder, SystemClock(), head_files(folder)).set_up(ann, PASSPHRASE)[0].close()
print(json.dumps({"at": 0, "peak": 0}))
"""
_PASSPHRASE = "kettle moss river nine"  # noqa: S105  (made up, opens nothing)

_FORM = (
    'WANTED = "VisitPage"\n'
    + _WATCH
    + """
from ui import app
app.run(["--data", sys.argv[1], "--open-sample"])
"""
)


def lines() -> list[str]:
    """Return the rows: time to the painted form, and peak memory."""
    return [*_form_lines(), _worklist_line()]


def _worklist_line() -> str:
    said = f"PASSPHRASE = {_PASSPHRASE!r}\n"
    with tempfile.TemporaryDirectory() as folder:
        _spawn(said + _SET_UP, folder)
        _spawn(said + _WORKLIST, folder)
        runs = [
            (
                _spawn(said + _WORKLIST, folder)[0],
                _spawn(said + _FLOOR_OF_A_CLINIC, folder)[0],
            )
            for _ in range(_ROUNDS)
        ]
    ours, floor = (Timing(list(column)) for column in zip(*runs, strict=True))
    return line(
        "process start to a clinic's worklist",
        f"{ours.median:.0f} ms",
        f"bare window and key {floor.median:.0f} ms",
        f"{ours.median / floor.median:.2f}x",
        "target 1.6x",
    )


def _form_lines() -> list[str]:
    with tempfile.TemporaryDirectory() as folder:
        _spawn(_FORM, folder)  # creates the database, so that later starts do not
        runs = [(_spawn(_FORM, folder), _spawn(_BARE, folder)) for _ in range(_ROUNDS)]
    form = Timing([ours[0] for ours, _ in runs])
    bare = Timing([floor[0] for _, floor in runs])
    ours_peak = max(ours[1] for ours, _ in runs) / 1024
    bare_peak = max(floor[1] for _, floor in runs) / 1024
    return [
        line(
            "process start to visit form painted",
            f"{form.median:.0f} ms",
            f"bare window {bare.median:.0f} ms",
            f"{form.median / bare.median:.2f}x",
        ),
        line(
            "peak memory with the visit form open",
            f"{ours_peak:.0f} MB",
            f"bare window {bare_peak:.0f} MB",
            f"{ours_peak / bare_peak:.2f}x",
        ),
    ]


def _spawn(script: str, folder: str) -> tuple[float, float]:
    """Return seconds from spawn to paint, and peak memory in KiB."""
    environment = {
        **os.environ,
        "QT_QPA_PLATFORM": "offscreen",
        # Where the head of the audit trail is kept: not beside a real one.
        "XDG_STATE_HOME": os.path.join(folder, "state"),  # noqa: PTH118  (as the environment has it)
    }
    start = time.monotonic_ns()
    done = subprocess.run(
        [sys.executable, "-c", script, folder],
        env=environment,
        cwd=Path(__file__).parents[2],
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    reports = [row for row in done.stdout.splitlines() if row.startswith("{")]
    if not reports:
        msg = f"The program did not paint the form: {done.stderr[-2000:]}"
        raise RuntimeError(msg)
    said = json.loads(reports[0])
    return (said["at"] - start) / 1e9, said["peak"]
