"""The window as people use it, with a store in memory."""

import logging
import threading
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import timedelta
from pathlib import Path

import pytest
from PySide6.QtCore import QSettings, Qt
from PySide6.QtWidgets import QLabel, QWidget
from pytestqt.qtbot import QtBot

from intake.errors import UserFacingError
from intake.patient import Patient
from intake.protocol import Protocol
from intake.protocol_loader import default_protocol
from intake.record import Record
from intake.visit import Visit
from tests.ui.fakes import MemoryStore, Recorder, someone_elses_change
from tests.ui.visits import NOW, TODAY, StoppedClock
from ui.main_window import MainWindow
from ui.office import Office, Tools
from ui.saving import Saver
from ui.settings import Settings
from ui.visit import documents as documents_page

NASTY = "<script>alert(1)</script><b>x"


class FakeDocuments:
    """Gives bytes without ReportLab."""

    def __init__(self, **settled: object) -> None:
        self.settled = settled

    def summary(self, record: Record) -> bytes:
        return f"summary of {record.patient.name}".encode()

    def letter(self, record: Record) -> bytes:
        text = f"A character of {type(record).__name__}."
        raise UserFacingError("export_failed", text, "Write it.")


@dataclass
class Desk:
    """An office with what it was handed."""

    office: Office
    store: MemoryStore
    saver: Saver
    teller: Recorder
    written: dict[str, bytes]


@pytest.fixture(scope="module")
def protocol() -> Protocol:
    return default_protocol()


def _office(
    saver: Saver,
    folder: Path,
    protocol: Protocol,
    teller: Recorder,
    written: dict[str, bytes],
) -> tuple[Office, MainWindow]:
    window = MainWindow(StoppedClock())
    settings = QSettings(str(folder / "s.ini"), QSettings.Format.IniFormat)
    tools = Tools(
        protocol=protocol,
        clock=StoppedClock(),
        saver=saver,
        settings=Settings(settings),
        teller=teller,
        documents=FakeDocuments,
        write=lambda path, content: written.update({path.name: content}),
    )
    return Office(window, tools), window


@pytest.fixture
def desk(qtbot: QtBot, tmp_path: Path, protocol: Protocol) -> Iterator[Desk]:
    """Return an office whose store is open."""
    store, teller, written = MemoryStore(), Recorder(), dict[str, bytes]()
    saver = Saver(lambda: store, tmp_path, StoppedClock())
    office, window = _office(saver, tmp_path, protocol, teller, written)
    qtbot.addWidget(window)
    window.show()
    with qtbot.waitSignal(saver.opened, timeout=2000):
        saver.start()
    yield Desk(office, store, saver, teller, written)
    store.failing = None
    window.close()


def _register(desk: Desk, family: str = "Moreno") -> None:
    desk.office.show_registration()
    fields = desk.office.registration.fields
    fields["family_name"].setText(family)
    fields["birth_date"].setText("3/14/1992")
    desk.office.registration.register.click()


def test_the_warning_stands_on_the_first_page(desk: Desk, protocol: Protocol) -> None:
    """Until a clinician has reviewed the rules, everyone is told."""
    desk.office.lock()
    assert protocol.warning
    assert desk.office.sign_in.warning.text() == protocol.warning
    assert desk.office.sign_in.warning.isVisible()


def test_past_the_review_by_date_the_first_page_says_so_and_it_is_logged(
    desk: Desk, protocol: Protocol, caplog: pytest.LogCaptureFixture
) -> None:
    """Not on the day itself, from the day after; the log says nothing of a patient."""
    for late in (False, True):
        old = replace(protocol, review_by=TODAY - timedelta(days=late))
        desk.office.works._tools = replace(desk.office._tools, protocol=old)
        with caplog.at_level(logging.WARNING):
            desk.office.lock()
        assert ("out of date" in desk.office.sign_in.warning.text()) is late
        assert ("past its review-by date 2026-11-23" in caplog.text) is late


def test_nobody_is_signed_in_without_a_role(desk: Desk) -> None:
    """Nothing is preselected: the role decides what is shown."""
    desk.office.lock()
    desk.office.sign_in.name.setText("Sam")
    assert not desk.office.sign_in.go_on.isEnabled()
    desk.office.sign_in.desk.setChecked(True)
    desk.office.sign_in.go_on.click()
    assert desk.office.window.user.text() == "Sam, front desk"
    desk.office.lock()
    assert not desk.office.sign_in.desk.isChecked()
    assert not desk.office.sign_in.go_on.isEnabled()


def test_a_registered_patient_has_an_open_visit(qtbot: QtBot, desk: Desk) -> None:
    """From the name to the first question without a detour."""
    desk.office.begin("Sam", "desk")
    _register(desk)
    assert desk.office.session is not None
    assert desk.office.window.identity.name.text() == "Moreno"
    assert "1992-03-14 (34 years)" in desk.office.window.identity.facts.text()
    qtbot.waitUntil(lambda: len(desk.store.visits) == 1)


def test_an_answer_is_stored_and_there_after_opening_again(
    qtbot: QtBot, desk: Desk
) -> None:
    """Nothing has to be saved by hand."""
    desk.office.begin("Dr. Rivera", "clinician")
    _register(desk)
    assert desk.office.session is not None
    desk.office.session.record("general.fever", "yes")
    qtbot.waitUntil(lambda: desk.saver.pending() == [])
    visit, patient = desk.store.recent_visits()[0]
    assert visit.answers["general.fever"] == "yes"
    _register(desk, "Okafor")
    desk.office.open_visit(visit, patient)
    assert desk.office.session.patient.name == "Moreno"
    assert desk.office.session.answers["general.fever"] == "yes"


def test_visits_appear_as_soon_as_the_records_are_open(
    qtbot: QtBot, tmp_path: Path, protocol: Protocol
) -> None:
    """Somebody signs in faster than the database opens; no key should be needed."""
    may_open, store = threading.Event(), MemoryStore()
    store.register(Patient("p1", family_name="Moreno"))
    store.open_visit(Visit("v1", "p1", TODAY, NOW, "p", "1", "d"))

    def slow() -> MemoryStore:
        may_open.wait(5)
        return store

    saver = Saver(slow, tmp_path, StoppedClock())
    office, window = _office(saver, tmp_path, protocol, Recorder(), {})
    qtbot.addWidget(window)
    window.show()
    saver.start()
    office.begin("Sam", "desk")
    assert office.home.empty.text() == "Opening the records\u2026"
    may_open.set()
    qtbot.waitUntil(lambda: len(office.home.worklist.entries()) == 1)
    assert not office.home.empty.isVisible()
    window.close()


def test_choosing_a_patient_twice_goes_on_with_the_visit_of_today(
    qtbot: QtBot, desk: Desk
) -> None:
    """An interrupted desk looks the patient up again; one visit must not become two."""
    desk.office.begin("Sam", "desk")
    _register(desk)
    assert desk.office.session is not None
    desk.office.session.record("general.fever", "yes")
    patient = desk.office.session.patient
    _register(desk, "Okafor")
    desk.office.open_new_visit(patient)
    assert desk.office.session.answers["general.fever"] == "yes"
    qtbot.waitUntil(lambda: desk.saver.pending() == [])
    assert len(desk.store.visits) == 2


def test_a_visit_that_could_not_be_stored_yet_can_be_found_and_opened(
    qtbot: QtBot, desk: Desk
) -> None:
    """While the disk is full the next patient comes in, and the first comes back."""
    desk.office.begin("Sam", "desk")
    desk.store.failing = UserFacingError("disk_full", "The disk is full.", "Free it.")
    _register(desk)
    assert desk.office.session is not None
    desk.office.session.record("general.fever", "unsure", declined=True)
    _register(desk, "Okafor")
    desk.office.show_home()
    worklist = desk.office.home.worklist
    names = [one.patient.name for one in worklist.entries()]
    assert names == ["Okafor", "Moreno"]
    worklist.table.cellActivated.emit(2, 1)
    assert desk.office.session.patient.name == "Moreno"
    assert desk.office.session.answers["general.fever"] == "unsure"
    assert desk.office.session.is_declined("general.fever")
    desk.store.failing = None
    qtbot.waitUntil(lambda: desk.saver.pending() == [], timeout=4000)
    assert len(desk.store.visits) == 2


@pytest.mark.parametrize(("pick", "kept"), [(1, "no"), (2, "yes")])
def test_of_two_answers_a_person_chooses(
    qtbot: QtBot, desk: Desk, pick: int, kept: str
) -> None:
    """Both are shown in words; the one chosen is on the screen and stored."""
    desk.office.begin("Dr. Rivera", "clinician")
    _register(desk)
    session = desk.office.session
    assert session is not None
    qtbot.waitUntil(lambda: desk.saver.pending() == [])
    someone_elses_change(desk.store, session.visit.id, "general.fever")
    with qtbot.waitSignal(desk.office.disputes.changed, timeout=2000):
        session.record("general.fever", "yes")
    assert desk.office.workspace is not None
    bar = desk.office.workspace.disputes
    assert bar is not None
    assert bar.isVisible()
    texts = "\n".join(label.text() for label in bar.findChildren(QLabel))
    assert "Stored: no (Kim, " in texts
    assert "Typed here: yes (Dr. Rivera, " in texts
    line = desk.office.window.save_state.text()
    assert "1 answer waits for a choice" in line
    desk.office.show_dispute()
    (row,) = bar.rows
    assert row.theirs.hasFocus()
    asked = desk.office.workspace.page.active_question
    (row.theirs, row.ours)[pick - 1].click()
    assert not bar.isVisible()
    shown = desk.office.workspace.page.form.rows[asked].editor
    assert shown.hasFocus(), "the keys are back where the form was left"
    qtbot.waitUntil(lambda: desk.saver.pending() == [])
    assert session.answers["general.fever"] == kept
    stored = desk.store.visits[session.visit.id]
    assert stored.answers["general.fever"] == kept


def test_what_somebody_else_answered_meanwhile_appears(
    qtbot: QtBot, desk: Desk
) -> None:
    """Two windows on the same records: the later save brings the other's answer."""
    desk.office.begin("Dr. Rivera", "clinician")
    _register(desk)
    session = desk.office.session
    assert session is not None
    qtbot.waitUntil(lambda: desk.saver.pending() == [])
    someone_elses_change(desk.store, session.visit.id, "general.fever")
    with qtbot.waitSignal(desk.saver.merged, timeout=2000):
        session.record("general.fatigue", "yes")
    assert session.answers["general.fever"] == "no"
    assert session.answers["general.fatigue"] == "yes"


def test_an_answer_stored_before_the_window_heard_of_anothers_stays(
    qtbot: QtBot, desk: Desk
) -> None:
    """Typed quickly: what is merged is older than what was stored since."""
    desk.office.begin("Dr. Rivera", "clinician")
    _register(desk)
    session = desk.office.session
    assert session is not None
    qtbot.waitUntil(lambda: desk.saver.pending() == [])
    stored, straight = threading.Semaphore(0), Qt.ConnectionType.DirectConnection
    desk.saver.saved.connect(lambda _time: stored.release(), straight)
    someone_elses_change(desk.store, session.visit.id, "general.fever")
    with qtbot.waitSignal(desk.saver.merged, timeout=2000):
        for question in ("general.fatigue", "general.night_sweats"):
            session.record(question, "yes")
            # The window is busy: it hears of neither before both are stored.
            assert stored.acquire(timeout=2)
    assert session.answers["general.fever"] == "no"
    assert session.answers["general.night_sweats"] == "yes"


def test_the_window_stays_open_when_nothing_can_be_kept(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A full disk and no draft: closing would lose what was typed."""

    def full(seconds: float = 0.0) -> None:
        raise OSError

    desk.office.begin("Sam", "desk")
    with monkeypatch.context() as patch:
        patch.setattr(desk.saver, "close", full)
        assert not desk.office.window.close()
    assert desk.office.window.isVisible()
    ((text, _),) = desk.teller.messages
    assert "stored nowhere" in text


def test_the_demonstration_says_that_it_has_no_backups(desk: Desk) -> None:
    desk.office.begin("Sam", "desk")
    desk.office.window.show_backups.emit()

    ((text, action),) = desk.teller.messages
    assert "no backups" in text
    assert "a clinic of your own" in action


def test_the_desk_sees_nothing_computed(desk: Desk) -> None:
    """No panel, no banner, no tier in any label."""
    desk.office.begin("Sam", "desk")
    _register(desk)
    workspace, session = desk.office.workspace, desk.office.session
    assert workspace is not None
    assert session is not None
    for question, value in (
        ("pain.onset", "sudden_seconds"),
        ("pain.quality", ["tearing_or_ripping"]),
        ("pain.now", 10),
    ):
        session.record(question, value)
    assert session.assessment.tier.code == "emergency_now"
    assert workspace.panel is None
    assert workspace.banner is None
    texts = [label.text().lower() for label in workspace.findChildren(QLabel)]
    assert not [t for t in texts if "emergency" in t or "suspected" in t]


def test_an_emergency_is_pinned_for_the_clinician_until_set_aside(desk: Desk) -> None:
    """It cannot be clicked away without a reason, and the reason is recorded."""
    desk.office.begin("Dr. Rivera", "clinician")
    _register(desk)
    workspace, session = desk.office.workspace, desk.office.session
    assert workspace is not None
    assert session is not None
    banner = workspace.banner
    assert banner is not None
    assert not banner.isVisible()
    session.record("pain.onset", "sudden_seconds")
    session.record("pain.now", 10)
    assert banner.isVisible()
    assert "911" in banner.text.text()
    assert not banner.aside.isEnabled()
    banner.reason.setText("seen by the emergency physician")
    banner.aside.click()
    assert not banner.isVisible()
    (kept,) = session.decided.all
    assert (kept.choice, kept.who) == ("set_aside", "Dr. Rivera")
    assert kept.words == "seen by the emergency physician"
    assert "suspicion.note" not in session.answers, "it is no answer of the form"
    assert session.assessment.tier.code == "emergency_now"


def test_the_role_can_change_without_losing_the_visit(qtbot: QtBot, desk: Desk) -> None:
    """The desk hands over at the same computer."""
    desk.office.begin("Sam", "desk")
    _register(desk)
    assert desk.office.session is not None
    desk.office.session.record("general.fever", "no")
    desk.office.lock()
    assert desk.office.window.identity.name.text() == "No patient open"
    desk.office.begin("Dr. Rivera", "clinician")
    assert desk.office.session.answers["general.fever"] == "no"
    assert desk.office.workspace is not None
    assert desk.office.workspace.panel is not None
    desk.office.session.record("general.fatigue", "no")
    qtbot.waitUntil(lambda: desk.saver.pending() == [])
    (visit,) = desk.store.visits.values()
    assert visit.answers["general.fatigue"] == "no"


def _shown(widget: QWidget) -> list[QLabel]:
    return [label for label in widget.findChildren(QLabel) if NASTY in label.text()]


def test_a_name_that_looks_like_html_is_shown_as_it_is(
    qtbot: QtBot, desk: Desk
) -> None:
    """Qt would take it for markup and show nothing."""
    desk.office.begin("Dr. Rivera", "clinician")
    _register(desk, NASTY)
    assert desk.office.session is not None
    desk.office.session.record("background.allergies", [NASTY])
    labels = _shown(desk.office.window)
    assert len(labels) == 2
    assert all(x.textFormat() is Qt.TextFormat.PlainText for x in labels)
    qtbot.waitUntil(lambda: desk.saver.pending() == [])
    desk.office.show_home()
    table = desk.office.home.worklist.table
    qtbot.waitUntil(lambda: table.item(1, 1) is not None)
    item = table.item(1, 1)
    assert item is not None
    assert NASTY in item.text()


def test_registration_asks_for_what_it_cannot_do_without(desk: Desk) -> None:
    """A birth date that cannot be read stores nothing."""
    desk.office.begin("Sam", "desk")
    desk.office.show_registration()
    registration = desk.office.registration
    registration.register.click()
    assert "name" in registration.hint.text()
    registration.fields["family_name"].setText("Moreno")
    registration.fields["birth_date"].setText("sometime")
    registration.register.click()
    assert "birth date" in registration.hint.text()
    registration.fields["birth_date"].setText("2030-01-01")
    registration.register.click()
    assert "future" in registration.hint.text()
    assert desk.store.patients == {}


def test_a_full_disk_is_said_in_the_status_line(qtbot: QtBot, desk: Desk) -> None:
    """What happened, and that what was typed is kept; no box pops up."""
    desk.office.begin("Dr. Rivera", "clinician")
    _register(desk)
    assert desk.office.session is not None
    qtbot.waitUntil(lambda: len(desk.store.visits) == 1)
    desk.store.failing = UserFacingError("disk_full", "The disk is full.", "Free it.")
    with qtbot.waitSignal(desk.saver.failed, timeout=2000):
        desk.office.session.record("general.fever", "yes")
    text = desk.office.window.save_state.text()
    assert text == "Not saved: The disk is full. What you typed is kept here."
    assert desk.office.session.answers["general.fever"] == "yes"
    assert desk.teller.messages == []
    desk.store.failing = None
    with qtbot.waitSignal(desk.saver.saved, timeout=4000):
        pass


def test_a_document_that_cannot_be_made_is_said_once(desk: Desk) -> None:
    """And nothing can be saved then."""
    desk.office.begin("Dr. Rivera", "clinician")
    _register(desk)
    desk.office.documents.kind.setCurrentIndex(1)
    desk.office.show_documents()
    assert desk.teller.messages == [("A character of Record.", "Write it.")]
    assert not desk.office.documents.save.isEnabled()


def test_the_bytes_shown_are_the_bytes_saved(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Preview and file must not differ."""
    pictures: list[bytes] = []

    def remember(content: bytes) -> list[object]:
        pictures.append(content)
        return []

    monkeypatch.setattr(documents_page, "_pictures", remember)
    monkeypatch.setattr(
        documents_page,
        "ask_for_file",
        lambda _parent, _name: "/tmp/a.pdf",  # noqa: S108  (never written)
    )
    desk.office.begin("Dr. Rivera", "clinician")
    _register(desk)
    desk.office.show_documents()
    desk.office.documents.save.click()
    assert desk.written == {"a.pdf": pictures[-1]}


def test_every_action_has_a_method_and_its_own_keys(desk: Desk) -> None:
    """The list that F1 shows is the list of what works."""
    from ui.actions import ACTIONS

    window = desk.office.window
    assert all(hasattr(window, spec.name) for spec in ACTIONS)
    assert len({spec.keys for spec in ACTIONS}) == len(ACTIONS)


def test_a_key_goes_from_one_question_worth_asking_to_the_next(desk: Desk) -> None:
    """The clinician need not read the panel to know where to go on."""
    desk.office.begin("Dr. Rivera", "clinician")
    _register(desk)
    workspace, session = desk.office.workspace, desk.office.session
    assert workspace is not None
    assert session is not None
    asked = [a.question for a in session.assessment.ask_next if a.is_open]
    desk.office.ask_next()
    first = workspace.page.active_question
    desk.office.ask_next()
    second = workspace.page.active_question
    assert first in asked
    assert second in asked
    assert first != second


def test_a_key_goes_to_the_reasons(desk: Desk) -> None:
    """From there Enter opens an evidence card; the desk has none."""
    desk.office.show_reasons()
    desk.office.begin("Dr. Rivera", "clinician")
    _register(desk)
    workspace, session = desk.office.workspace, desk.office.session
    assert workspace is not None
    assert workspace.panel is not None
    assert session is not None
    session.record("cancer.history", "yes")
    desk.office.show_reasons()
    assert workspace.panel.view.textCursor().selectedText() == "Why"


def test_another_patients_document_does_not_stay(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whatever goes wrong while a document is made, the old one must be gone."""
    monkeypatch.setattr(documents_page, "_pictures", lambda _content: [])
    desk.office.begin("Dr. Rivera", "clinician")
    _register(desk, "Alice")
    desk.office.show_documents()
    assert desk.office.documents.save.isEnabled()

    def broken(_self: object, _record: object) -> bytes:
        raise RuntimeError

    monkeypatch.setattr(FakeDocuments, "summary", broken)
    _register(desk, "Bob")
    with pytest.raises(RuntimeError):
        desk.office.show_documents()
    assert not desk.office.documents.save.isEnabled()
    assert desk.office.documents._bytes == b""
