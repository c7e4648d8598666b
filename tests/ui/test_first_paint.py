"""The window stands on the screen before anything slow is loaded."""

import subprocess
import sys
from pathlib import Path

_SLOW = ("sqlalchemy", "alembic", "reportlab", "pypdfium2", "intake.protocol", "db")

_SCRIPT = f"""
import sys
from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QApplication
from ui import app
from ui.main_window import MainWindow
def at_first_paint(self):
    print([name for name in {_SLOW!r} if name in sys.modules], flush=True)
    QTimer.singleShot(0, QApplication.exit)
app.Opening.begin = at_first_paint
app.run(["--data", sys.argv[1]])
"""


def test_nothing_slow_is_imported_before_the_first_paint(tmp_path: Path) -> None:
    """Each of them costs more than showing the window."""
    done = subprocess.run(
        [sys.executable, "-c", _SCRIPT, str(tmp_path)],
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
        cwd=Path(__file__).parents[2],
    )
    assert done.stdout.splitlines()[:1] == ["[]"], done.stderr
