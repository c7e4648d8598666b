"""Every way out of a form, and what is typed when it comes; see `test_ways_out`.

The records are real and encrypted, the draft is sealed; what a way out leaves behind is
read from a copy of the folder, as the next start of the program would find it.
"""

import shutil
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from cryptography.fernet import Fernet
from PySide6.QtCore import QSettings
from PySide6.QtWidgets import QLabel, QLineEdit
from pytestqt.qtbot import QtBot

from db.store import Store, open_store
from intake.answers import Value
from intake.body_chart import REGIONS
from intake.patient import Patient
from intake.ports import VisitRecords
from intake.protocol import Protocol
from tests.db.made_up import KEY, as_everybody
from tests.ui.fakes import Recorder, TextDocuments
from tests.ui.keyboard import type_keys
from tests.ui.visits import StoppedClock
from ui import draft
from ui.draft import Changes, Seal, Typed
from ui.main_window import MainWindow
from ui.office import Office, Tools
from ui.saving import Saver
from ui.settings import Settings
from ui.unfinished import in_visit
from ui.visit.editors.body_map import REGION_KEYS

RECORDS = "records.db"
_DRAFT_KEY = Fernet(b"A" * 43 + b"=")
SEAL = Seal(_DRAFT_KEY.encrypt, _DRAFT_KEY.decrypt)
_NEEDS_SIDE = next(r.id for r in REGIONS if not r.side and r.shapes)


@dataclass(frozen=True)
class Typing:
    """Keys typed into one question and not ended, and what must not be lost of them.

    Args:
        half: the text to be put back, in `part` of the question; or
        answer: the answer it is already.
        is_seen: the text itself stands in the editor.
    """

    question: str
    keys: str
    half: str = ""
    part: str = ""
    answer: Value | None = None
    is_seen: bool = True

    @property
    def field(self) -> str:
        return f"{self.question}/{self.part}" if self.part else self.question


#: One for each kind of editor, and for each way to stop in the middle of it.
TYPINGS = {
    "number that asks for its unit": Typing("pain.duration", "10", "10"),
    "number that cannot be": Typing("vitals.pulse", "722", "722"),
    "half a number": Typing("vitals.pulse", "7", "7"),
    "number on a side": Typing("exam.rom.rotation", "3", "3", "left"),
    "half a pair": Typing("vitals.bp_right", "12", "12"),
    "half a date": Typing("pain.onset_date", "2026-1", "2026-1"),
    "no date": Typing("cancer.year", "last winter", "last winter"),
    "half an activity": Typing("function.psfs", "lifting", "lifting"),
    "scale that goes on": Typing("pain.now", "1", answer=1),
    "grade that goes on": Typing(
        "exam.strength.leg_overall", "4", answer={"left": "4"}
    ),
    "half a range of levels": Typing("pain.levels", "4-", "4-"),
    "yes without its side": Typing("neuro.arm_weakness", "y", "yes", is_seen=False),
    "text": Typing("reason.in_patients_words", "a kni", answer="a kni"),
    "row": Typing("background.medicines", "ibup", answer=["ibup"]),
    "option of an open list": Typing("pain.quality", "b", answer=["aching"]),
    "flag": Typing("chest.breathless", "y", answer="yes"),
    "mark without its side": Typing(
        "pain.map", f" {REGION_KEYS[_NEEDS_SIDE]}", half=_NEEDS_SIDE, is_seen=False
    ),
}


@dataclass
class Running:
    """The program on a folder of records, with a visit open."""

    folder: Path
    window: MainWindow
    office: Office
    saver: Saver
    teller: Recorder

    @property
    def visit_id(self) -> str:
        assert self.office.session is not None
        return self.office.session.visit.id


def start(
    qtbot: QtBot,
    folder: Path,
    protocol: Protocol,
    store_of: Callable[[Store], VisitRecords] | None = None,
) -> Running:
    """Start the program on the records of a folder, which may be empty."""
    folder.mkdir(exist_ok=True)
    url = f"sqlite:///{folder / RECORDS}?timeout=0.05"
    wrapped = store_of or (lambda store: as_everybody(store, protocol))
    saver = Saver(lambda: wrapped(open_store(url, KEY)), folder, StoppedClock())
    saver.seal = SEAL
    window, teller = MainWindow(StoppedClock()), Recorder()
    ini = QSettings(str(folder / "s.ini"), QSettings.Format.IniFormat)
    tools = Tools(
        protocol=protocol,
        clock=StoppedClock(),
        saver=saver,
        settings=Settings(ini),
        teller=teller,
        documents=TextDocuments,
        write=lambda _path, _content: None,
    )
    office = Office(window, tools)
    qtbot.addWidget(window)
    window.show()
    window.activateWindow()
    qtbot.waitUntil(window.isActiveWindow)
    with qtbot.waitSignal(saver.opened, timeout=5000):
        saver.start()
    return Running(folder, window, office, saver, teller)


def open_new_visit(qtbot: QtBot, running: Running, patient_id: str) -> None:
    """Register somebody as a clinician, and open a visit."""
    office = running.office
    if office.session is None:
        office.begin("Dr. Rivera", "clinician")
    office.register(Patient(patient_id, f"Moreno {patient_id}"))
    qtbot.waitUntil(lambda: running.saver.pending() == [], timeout=5000)


def type_in(running: Running, typing: Typing) -> None:
    """Type into the question, as far as it goes."""
    assert running.office.workspace is not None
    running.office.workspace.page.go_to(typing.question)
    type_keys(typing.keys)


@dataclass(frozen=True)
class Remains:
    """What is left of a visit: answers, stored or in the draft, and jottings."""

    answers: Mapping[str, Value]
    jottings: Mapping[str, Any]

    def lacks(self, typing: Typing) -> str:
        """Return what is missing of what was typed; nothing when it is all there."""
        if typing.answer is not None:
            found = self.answers.get(typing.question)
            return "" if found == typing.answer else f"{found} is stored"
        if typing.question == "pain.map" and self.answers.get("pain.map"):
            # Marked, its side not asked: as much as was said.
            return ""
        kept = self.jottings.get(typing.field)
        if typing.question in self.answers:
            return f"taken for an answer: {self.answers[typing.question]}"
        return "" if kept == typing.half else f"{kept!r} is kept"


def remains(folder: Path, visit_id: str, scratch: Path) -> Remains:
    """Return what the next start would find, from a copy made at this moment."""
    copy = scratch / "copy"
    shutil.rmtree(copy, ignore_errors=True)
    # What is being written this moment is not there yet for the next start.
    shutil.copytree(folder, copy, ignore=shutil.ignore_patterns("*.new"))
    answers: dict[str, Value] = {}
    if (copy / RECORDS).exists():
        store = open_store(copy / RECORDS, KEY)
        answers.update(store.visit(visit_id).answers)
        store.close()
    jottings: dict[str, Any] = {}
    for kept in draft.read(copy, SEAL):
        if isinstance(kept, Typed) and kept.place == in_visit(visit_id):
            jottings = kept.fields
        if isinstance(kept, Changes) and kept.visit_id == visit_id:
            answers.update({one.question: one.new for one in kept.changes})
    return Remains(answers, jottings)


def shown(running: Running, typing: Typing) -> str:
    """Return every word that the editor of a question shows when it is gone to."""
    assert running.office.workspace is not None
    page = running.office.workspace.page
    page.go_to(typing.question)
    editor = page.form.rows[typing.question].editor
    words = [line.text() for line in editor.findChildren(QLineEdit)]
    words += [label.text() for label in editor.findChildren(QLabel)]
    return " ".join([*words, editor.accessibleName()])


def in_view(running: Running) -> Remains:
    """Return what the open session holds."""
    session = running.office.session
    assert session is not None
    return Remains(session.answers, session.jottings.fields())
