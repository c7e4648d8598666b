"""Type made-up words into the real window, until the program ends badly.

``python -m tests.faults.typist HOME SEED killed|crashed``: sets a clinic up, mistypes a
passphrase, registers, searches, answers, exports, takes a backup; then another program
locks the records, so that what is typed next goes to the draft; then it is killed, or
falls over with patient data in the exception first. Tells the recovery code, nothing
else, on standard output.
"""

import os
import signal
import sys
import threading
import time
from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QApplication

from db import engine
from db.location import FILE_NAME
from intake.patient import Patient
from tests.db.made_up import raw
from tests.faults.planted_words import CRASHED, words
from ui.app import Opening
from ui.clock import SystemClock
from ui.draft import FILE_NAME as DRAFT
from ui.main_window import MainWindow
from ui.office import Office

_FIELDS = (
    "family_name", "given_name", "preferred_name", "gender", "chart_number", "phone",
    "email", "address", "language", "interpreter", "emergency_contact",
    "primary_care_provider", "insurer", "member_id", "occupation",
)  # fmt: skip
_TEXTS = (
    "reason.in_patients_words", "reason.patients_concern", "work.posture_notes",
    "work.sport_which", "exam.chaperone", "suspicion.note",
)  # fmt: skip
_STAFF = "Ann Ash"


def main() -> None:
    """Type, and end badly."""
    home, seed, ending = Path(sys.argv[1]), sys.argv[2], sys.argv[3]
    # Another program's lock is not waited for long here.
    engine.BUSY_SECONDS = 0.05
    application = QApplication(sys.argv[:1])
    window = MainWindow(SystemClock())
    opening = Opening(window, str(home / "data"), sample=False, demo=False)
    window.show()
    opening.begin()
    office = window.findChild(Office)
    assert office is not None
    left = words(seed)
    _type(application, office, home, left)
    draft = home / "data" / DRAFT
    assert office._tools.door is not None
    assert office._tools.door.records is not None
    # The port shows no keys: they are the clinic's own business.
    key: bytes = office._tools.door.records.keys.key  # type: ignore[attr-defined]
    other = raw(home / "data" / FILE_NAME, key)
    other.execute("BEGIN EXCLUSIVE")
    assert office.session is not None
    for number, question in enumerate(_TEXTS):
        office.session.record(question, left.pop() if number else f"{left.pop()} now")
    _until(application, draft.exists)
    if ending == CRASHED:
        _fall_over(application, left)
    os.kill(os.getpid(), signal.SIGKILL)


def _type(
    application: QApplication, office: Office, home: Path, left: list[str]
) -> None:
    """Do a morning's work; each word is typed once."""
    passphrase = left.pop()
    page = office.entrance.set_up
    assert page is not None
    page.clinic.setText(left.pop())
    page.name.setText(_STAFF)
    page.passphrase.setText(passphrase)
    page.again.setText(passphrase)
    page.go_on.click()
    _until(application, lambda: office.entrance.recovery is not None)
    recovery = office.entrance.recovery
    assert recovery is not None
    print(recovery.code.text(), flush=True)
    recovery.go_on.click()
    _until(application, lambda: _STAFF in office.window.user.text())
    office.lock()
    door = office.entrance.sign_in
    for typed in (left.pop(), left.pop()):
        door.passphrase.setText(typed)
        door.go_on.click()
        _until(application, lambda: door.isEnabled() and bool(door.said.text()))
    door.passphrase.setText(passphrase)
    door.go_on.click()
    _until(application, lambda: _STAFF in office.window.user.text())
    office.home.search.setText(left.pop())
    typed_in = {name: left.pop() for name in _FIELDS}
    office.register(Patient("p1", birth_date="1958-04-12", **typed_in))  # type: ignore[arg-type]  # all are text
    assert office.session is not None
    for question in _TEXTS:
        office.session.record(question, left.pop())
    state = office.window.save_state
    _until(application, lambda: state.text().startswith("Saved"))
    office.show_documents()
    export = home / "exported.pdf"
    office._tools.write(export, office.documents._bytes)
    office.show_visit()
    records = office._tools.door.records if office._tools.door else None
    assert records is not None
    records.back_up(home / "backup", by="")
    office.home.search.setText(left.pop())


def _fall_over(application: QApplication, left: list[str]) -> None:
    """Raise patient data, in the window's thread and in another one."""

    def fail(word: str) -> None:
        raise ValueError(word)

    for word in (left.pop(), left.pop()):
        QTimer.singleShot(0, lambda word=word: fail(word))
    thread = threading.Thread(target=fail, args=(left.pop(),))
    thread.start()
    thread.join()
    # The message that tells of it has an event loop of its own, and ends here.
    QTimer.singleShot(300, lambda: os.kill(os.getpid(), signal.SIGKILL))
    _until(application, lambda: False)


def _until(application: QApplication, done: Callable[[], bool]) -> None:
    end = time.monotonic() + 30
    while not done():
        application.processEvents()
        time.sleep(0.005)
        if time.monotonic() > end:
            raise TimeoutError


if __name__ == "__main__":
    main()
