"""PySide6 must count references right on this Python.

6.12.0 on Python 3.11 drops one reference to True, False or None with every signal and
every call that returns None, until the interpreter aborts (docs/dependencies.md). A
moved pin must not bring that back. Each probe runs in a process of its own, since an
abort would take the test run along.
"""

import subprocess
import sys

import pytest

EMITS = """
from PySide6.QtCore import QObject, Signal

class Source(QObject):
    switched = Signal(bool)
    changed = Signal(object)

source = Source()
seen = []
source.switched.connect(seen.append)
source.changed.connect(seen.append)
for _ in range(5_000):
    source.switched.emit(True)
    source.switched.emit(False)
    source.changed.emit(True)
    source.changed.emit(None)
assert len(seen) == 20_000, len(seen)
"""

CLICKS = """
from PySide6.QtWidgets import QApplication, QPushButton

application = QApplication([])
button = QPushButton("yes")
button.setCheckable(True)
clicks = 0

def count(checked):
    global clicks
    clicks += 1

button.clicked.connect(count)
for _ in range(20_000):
    button.click()
assert clicks == 20_000, clicks
"""

# Counted too, because a fresh interpreter holds enough references to survive a while.
# From Python 3.12 on None is immortal and its count stands still by design.
NONE_RETURNS = """
import sys
from PySide6.QtWidgets import QApplication, QLabel

application = QApplication([])
label = QLabel()
before = sys.getrefcount(None)
for _ in range(5_000):
    label.setText("a")
    label.parent()
    application.processEvents()
lost = before - sys.getrefcount(None)
assert abs(lost) < 100, lost
"""


@pytest.mark.parametrize(
    "script",
    [
        pytest.param(EMITS, id="signals"),
        pytest.param(CLICKS, id="clicks"),
        pytest.param(NONE_RETURNS, id="calls returning None"),
    ],
)
def test_long_use_leaves_the_interpreter_alive(script: str) -> None:
    probe = subprocess.run(
        [sys.executable, "-c", script],
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    assert (probe.returncode, probe.stderr) == (0, "")
