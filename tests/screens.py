"""Take a picture of every page in every look that people choose most.

``python3 start.py screenshots`` writes them to docs/screens, light and dark, with
letters of 100 and 150 per cent, beside the pictures of the README. What is a page
stands in `tests/ui/walk/pages.py`: a page that is missing there fails the tests.
"""

import os
import tempfile
from collections.abc import Iterator
from pathlib import Path

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

from PySide6.QtGui import QImage
from PySide6.QtWidgets import QApplication, QWidget

from intake.protocol import Protocol
from intake.protocol_loader import default_protocol
from tests.screenshots import Photographer
from tests.ui.walk.pages import PAGES, show, stage
from ui import theme
from ui.letters import Letters
from ui.palettes import PaletteName

SCREENS = Path(__file__).parents[1] / "docs" / "screens"
LOOKS: tuple[PaletteName, ...] = ("light", "dark")
PERCENTS = (100, 150)
_SIZE = (1366, 768)
#: The photographer shows these with more in them.
_BETTER_ELSEWHERE = (
    "home",
    "registration",
    "visit",
    "visit at the desk",
    "documents",
    "sign in to the demonstration",
)
#: For WebP, Qt's word for "lose nothing".
_LOSSLESS = 100


def take_all(application: QApplication, folder: Path) -> None:
    """Take every picture into a folder for each look and size."""
    letters, protocol = Letters(application), default_protocol()
    for look in LOOKS:
        theme.dress(application, look)
        for percent in PERCENTS:
            letters.make(percent)
            place = folder / f"{look}-{percent}"
            place.mkdir(parents=True, exist_ok=True)
            _take_pages(place, protocol)
            with tempfile.TemporaryDirectory() as records:
                Photographer(place, Path(records), save).take_all()
    (folder / "README.md").write_text("\n".join(_index(folder)) + "\n", "utf-8")


def save(picture: QImage, place: Path, name: str) -> None:
    """Write a picture without losing any of it, in little room."""
    path = place / f"{name}.webp"
    picture.convertTo(QImage.Format.Format_RGB888)
    if not picture.save(str(path), quality=_LOSSLESS):
        msg = f"{path} could not be written."
        raise OSError(msg)


def _take_pages(place: Path, protocol: Protocol) -> None:
    for name in PAGES:
        if name in _BETTER_ELSEWHERE:
            continue
        with tempfile.TemporaryDirectory() as records:
            on = stage(Path(records), protocol)
            on.window.resize(*_SIZE)
            show(on, name)
            save(_grabbed(on.window), place, _file_name(name))
            on.window.may_close = lambda: True
            on.window.close()
            on.window.deleteLater()
            QApplication.processEvents()


def _grabbed(window: QWidget) -> QImage:
    QApplication.processEvents()
    return window.grab().toImage()


def _file_name(name: str) -> str:
    return name.replace(",", "").replace(" ", "-")


def _index(folder: Path) -> Iterator[str]:
    """Yield a page that shows each screen four times."""
    variants = [f"{look}-{percent}" for look in LOOKS for percent in PERCENTS]
    yield "# Every screen"
    yield ""
    yield "Taken from the running program by `python3 start.py screenshots`."
    for picture in sorted((folder / variants[0]).glob("*.webp")):
        yield ""
        yield f"## {picture.stem.replace('-', ' ').capitalize()}"
        yield ""
        yield (
            "| " + " | ".join(f"{one.replace('-', ', ')} %" for one in variants) + " |"
        )
        yield "| " + " | ".join("---" for _ in variants) + " |"
        cells = (
            f"[![{picture.stem}, {one}]({one}/{picture.name})]({one}/{picture.name})"
            for one in variants
        )
        yield "| " + " | ".join(cells) + " |"
