"""Three published cases typed by keyboard, ending in a PDF that says what was found."""

import io
import json
from pathlib import Path
from typing import Any

import pypdf
import pytest
from PySide6.QtCore import QSettings
from pytestqt.qtbot import QtBot

from intake.outcome_json import assessment_json
from intake.patient import Patient
from intake.protocol_loader import default_protocol
from reports.documents import PdfDocuments
from reports.files import write_atomically
from tests.cases.scoring import mistakes
from tests.ui.fakes import MemoryStore, Recorder
from tests.ui.typing_cases import type_case
from tests.ui.visits import TODAY, StoppedClock
from ui.main_window import MainWindow
from ui.office import Office, Tools
from ui.saving import Saver
from ui.settings import Settings
from ui.visit import documents as documents_page

PUBLISHED = Path(__file__).parents[1] / "cases" / "published"
#: What a physician has to be able to read in the summary.
EXPECTED = {
    "mets-breast-37f": (
        "Urgent: within 7 days",
        "cancer in the spine",
        "History of cancer",
        "MRI of the whole spine",
    ),
    "aortic-61m": (
        "Emergency now",
        "acute aortic syndrome",
        "Call 911",
        "160/100 mmHg",
    ),
    "ben-cervical-39f": ("Nothing urgent in what was asked so far", "not asked"),
}


def _patient(case: dict[str, Any]) -> Patient:
    born = TODAY.year - case["patient"]["age"]
    return Patient(
        id="p1",
        family_name="Typed",
        given_name="Case",
        birth_date=f"{born}-01-01",
        sex_at_birth=case["patient"]["sex_at_birth"],
    )


@pytest.mark.parametrize("name", sorted(EXPECTED))
def test_a_published_case_typed_by_keyboard_ends_in_a_readable_pdf(
    name: str, qtbot: QtBot, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The whole chain on real widgets: keys, assessment, store, document."""
    case = json.loads((PUBLISHED / f"{name}.json").read_text(encoding="utf-8"))
    store = MemoryStore()
    saver = Saver(lambda: store, tmp_path, StoppedClock())
    window = MainWindow(StoppedClock())
    qtbot.addWidget(window)
    settings = QSettings(str(tmp_path / "s.ini"), QSettings.Format.IniFormat)
    teller = Recorder()
    office = Office(
        window,
        Tools(
            protocol=default_protocol(),
            clock=StoppedClock(),
            saver=saver,
            settings=Settings(settings),
            teller=teller,
            documents=PdfDocuments,
            write=write_atomically,
        ),
    )
    with qtbot.waitExposed(window):
        window.show()
    window.activateWindow()
    qtbot.waitUntil(window.isActiveWindow)
    saver.start()
    office.begin("Dr. Rivera", "clinician")
    office.register(_patient(case))
    workspace, session = office.workspace, office.session
    assert workspace is not None
    assert session is not None

    type_case(workspace.page, case["answers"])
    workspace.page.flush()

    assert case["answers"].keys() <= session.answers.keys()
    assert mistakes(case, assessment_json(session.assessment)) == []
    qtbot.waitUntil(lambda: saver.pending() == [])
    (visit,) = store.visits.values()
    assert visit.answers == session.answers

    out = tmp_path / "summary.pdf"
    monkeypatch.setattr(documents_page, "ask_for_file", lambda *_args: str(out))
    office.show_documents()
    office.documents.save.click()
    assert teller.messages == []
    pages = pypdf.PdfReader(io.BytesIO(out.read_bytes())).pages
    text = " ".join(" ".join(page.extract_text() for page in pages).split())
    assert [words for words in EXPECTED[name] if words not in text] == []
    window.close()
