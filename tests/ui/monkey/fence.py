"""What the monkey must not reach: other programs, other folders, the network."""

import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

from PySide6.QtCore import QUrl
from PySide6.QtGui import QDesktopServices
from PySide6.QtWidgets import QFileDialog

_OUTSIDE = ("subprocess.Popen", "os.system", "os.exec", "os.posix_spawn", "webbrowser")
_CHANGES = ("os.remove", "os.rename", "os.mkdir", "os.rmdir", "shutil.rmtree")
_DEVICES = ("/dev/", "/proc/")


def put_up(folder: Path, tell: Callable[[str], None]) -> None:
    """Keep this process inside a folder, and tell of everything that wants out.

    Nothing is opened outside: the dialogs that ask for a file choose one in the folder,
    and what would open a browser is told instead. Files changed by the database's own
    code are not seen; it is only ever given names that pass here.
    """
    inside = folder.resolve()

    def is_outside(path: object) -> bool:
        text = path.decode() if isinstance(path, bytes) else str(path)
        if isinstance(path, int) or text.startswith(_DEVICES):
            return False
        return not Path(text).resolve().is_relative_to(inside)

    def hook(event: str, arguments: tuple[Any, ...]) -> None:
        if event in _OUTSIDE or event == "socket.connect":
            tell(f"it wanted out: {event}")
        elif event == "open":
            path, mode, _ = arguments
            if mode and set("wax+") & set(mode) and is_outside(path):
                tell(f"it wrote outside its folder: {Path(str(path)).name}")
        elif event in _CHANGES and is_outside(arguments[0]):
            tell(f"it changed something outside its folder: {event}")

    sys.addaudithook(hook)
    _close_the_dialogs(inside, tell)


def _close_the_dialogs(folder: Path, tell: Callable[[str], None]) -> None:
    there = folder / "chosen"
    there.mkdir(exist_ok=True)

    def a_file(*_: object, **__: object) -> tuple[str, str]:
        return str(there / "chosen.file"), ""

    def open_nothing(_url: QUrl) -> bool:
        tell("it wanted to open something outside")
        return False

    for name in ("getSaveFileName", "getOpenFileName"):
        setattr(QFileDialog, name, staticmethod(a_file))
    folder_of = staticmethod(lambda *_, **__: str(there))
    QFileDialog.getExistingDirectory = folder_of  # type: ignore[method-assign]  # asks nobody
    QDesktopServices.openUrl = staticmethod(open_nothing)  # type: ignore[assignment,method-assign]  # the same
