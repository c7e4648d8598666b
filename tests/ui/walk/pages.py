"""Every page the program has, with what makes it; a page that is missing fails a test.

A new page is added to `PAGES`: its class, and a function that shows it in the window as
a person would meet it, with something in it.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import timedelta
from pathlib import Path
from typing import Any, Literal, TypeVar, cast

from PySide6.QtCore import QSettings
from PySide6.QtWidgets import QApplication, QWidget

from intake.answers import AnswerChange, Answers
from intake.audit import LATEST, AuditEntry, AuditFilter, AuditNote
from intake.call_backs import CallBack
from intake.caretaking import CareState, FoundBackup, KeptBackup
from intake.close_of_day import left_over
from intake.errors import InputRefusedError, Problem
from intake.house import House
from intake.outcome_json import assessment_json
from intake.patient import Patient
from intake.people import Person
from intake.ports import Conflict, ConflictError, Staff
from intake.protocol import Protocol
from intake.signing import signature
from intake.visit import Visit, VisitState
from intake.worklist import WorklistEntry
from tests.ui.fakes import SAM, MemoryStore, Recorder, TextDocuments
from tests.ui.settling import PlainStationery, SettledHouse
from tests.ui.visits import NOW, StoppedClock, by_the_desk
from tests.ui.walk.whose_pages import ANNA, show_merge, show_step
from ui.audit_page import AuditPage
from ui.backups_page import BackupsPage
from ui.change_registration import ChangeRegistration
from ui.close_of_day import CloseOfDay
from ui.draft import Changes
from ui.home import Home
from ui.main_window import MainWindow
from ui.merge_page import MergePage
from ui.move_visit_page import MoveVisitPage
from ui.office import Office, Tools
from ui.passphrase_page import PassphrasePage
from ui.people_page import PeoplePage
from ui.registration import Registration
from ui.restore_page import RestorePage
from ui.saving import Saver
from ui.set_up_page import RecoveryPage, SetUpPage
from ui.settings import Settings
from ui.settings_page import SettingsPage
from ui.shade import ShadePage
from ui.sign_in import SignIn
from ui.sign_in_page import SignInPage
from ui.visit.addendum_page import AddendumPage
from ui.visit.documents import DocumentsPage
from ui.visit.editors.body_map import BodyMapEditor
from ui.visit.review_page import ReviewPage
from ui.visit.signed_page import SignedPage
from ui.visit.workspace import Workspace

_Page = TypeVar("_Page", bound=QWidget)
_WARNING = (
    "The rules have not been reviewed by a licensed clinician: not for real patients."
)
_STATES: tuple[Literal["sound", "not checked", "damaged"], ...] = (
    "sound",
    "not checked",
    "damaged",
)
_NOOR = Person("noor", "Noor Achterberg-Okonkwo", frozenset({"desk"}), "")
_GONE = replace(SAM, id="gone", name="Kim Lee", is_active=False)
#: An emergency, so that the banner stands above the form.
_TEARING: dict[str, Any] = {
    "pain.sites": ["upper_thoracic", "chest_front"],
    "pain.duration": {"value": 2, "unit": "h"},
    "pain.onset": "sudden_seconds",
    "pain.now": 9,
    "pain.quality": ["tearing_or_ripping"],
    "background.allergies": ["penicillin: rash"],
}


class FakeHouse:
    """Answers as the house does, from memory."""

    def people(self) -> Sequence[Person]:
        """Return three people, one of whom left."""
        return (SAM, _NOOR, _GONE)

    def open_visits_of(self, _person: str) -> int:
        """Return that something is to be handed over."""
        return 3

    def read_audit(self, _wanted: AuditFilter = LATEST) -> Sequence[AuditEntry]:
        """Return one entry."""
        note = AuditNote("answers_recorded", "sam", NOW, "clinician", "p1", {"n": 2})
        return (AuditEntry(1, note, b""),)


@dataclass
class Stage:
    """A window with an office behind it, and a house of cards beside."""

    office: Office
    protocol: Protocol

    @property
    def window(self) -> MainWindow:
        """Return the window."""
        return self.office.window

    def house(self) -> House:
        """Return the house."""
        return cast("House", FakeHouse())

    def show(self, page: _Page, *, outside: bool = False) -> _Page:
        """Show a page that the office has no part in."""
        self.window.identity.show_nobody()
        self.window.show_page(page, outside=outside)
        return page


def stage(folder: Path, protocol: Protocol) -> Stage:
    """Return a window with one visit open, as the clinician."""
    window = MainWindow(StoppedClock())
    settings = QSettings(str(folder / "s.ini"), QSettings.Format.IniFormat)
    tools = Tools(
        protocol=protocol,
        clock=StoppedClock(),
        saver=Saver(MemoryStore, folder, StoppedClock()),
        settings=Settings(settings),
        teller=Recorder(),
        documents=TextDocuments,
        write=lambda _path, _content: None,
    )
    office = Office(window, tools)
    window.show()
    office.begin("Dr. Rivera", "clinician")
    office.register(Patient("p1", "Moreno", "Ana", birth_date="1992-03-14"))
    return Stage(office, protocol)


def _sign_in(on: Stage) -> None:
    on.office.lock()
    on.office.sign_in.ask(_WARNING, "Dr. Rivera")


def _sign_in_page(on: Stage) -> None:
    page = on.show(SignInPage(), outside=True)
    page.ask(_WARNING, [Staff("sam", "Sam"), Staff("noor", _NOOR.name)], "Sam")
    page.recovery.click()
    page.offer_restore()


def _set_up(on: Stage) -> None:
    page = on.show(SetUpPage(_WARNING), outside=True)
    page.offer_to_take_over()
    page.clinic.setFocus()


def _recovery(on: Stage) -> None:
    page = on.show(RecoveryPage("ABCDE-FGHJK-MNPQR-STVWX-YZ234"), outside=True)
    page.say_saved("/home/clinic/Documents/recovery-sheet.pdf")


def _restore(on: Stage) -> None:
    kept = [
        FoundBackup(Path(f"{n}.backup"), NOW - timedelta(hours=n), 9, state, n < 2)
        for n, state in enumerate(_STATES)
    ]
    on.show(RestorePage(), outside=True).offer(kept, NOW)


def _shade(on: Stage) -> None:
    on.office.works.hide()


def _home(on: Stage) -> None:
    on.office.show_home()
    on.office.home.warn("The last backup is three days old. Name a second place.")


def _close_of_day(on: Stage) -> None:
    """Show the page with something in each of its parts."""
    on.office.end_of_day.show()
    visit = Visit("v", "p", NOW.date(), NOW, "p", "1", "d", state="left_before_seen")
    asked = CallBack("c", "v", NOW.date(), NOW)
    states: tuple[VisitState, ...] = ("to_sign", "ready_for_clinician", "history")
    visits = [visit, *(replace(visit, id=state, state=state) for state in states)]
    entries = [
        WorklistEntry(
            one, ANNA, None, asked if one is visit else None, (), (), SAM.name, NOW
        )
        for one in visits
    ]
    parts = left_over(entries, lambda _: "Emergency now. Pain like tearing.")
    page = on.office.end_of_day.page
    page.read = lambda: parts
    page.start()


def _registration(on: Stage) -> None:
    on.office.show_registration()


def _change_registration(on: Stage) -> None:
    on.office.show_visit()
    on.office.changes.show()


def _visit(on: Stage) -> None:
    session = on.office.session
    assert session is not None
    for question, value in _TEARING.items():
        session.record(question, value)
    on.office.show_visit()


def _body_chart(on: Stage) -> None:
    """Mark two places on the body chart."""
    on.office.show_visit()
    assert on.office.workspace is not None
    page = on.office.workspace.page
    page.go_to("pain.map")
    editor = page.form.rows["pain.map"].editor
    assert isinstance(editor, BodyMapEditor)
    for key in (" ", "i", "h"):
        editor.press(key)


def _desk(on: Stage) -> None:
    on.office.lock()
    on.office.begin("Noor", "desk")
    on.office.show_visit()


def _told(on: Stage) -> None:
    """Show the desk what to tell and what was told, while it types a paper in."""
    _desk(on)
    session, workspace = on.office.session, on.office.workspace
    assert session is not None
    assert workspace is not None
    session.set_paper(True)
    session.record("general.fever", "yes")
    session.told.note("Dr. Kim", NOW)
    session.record("neuro.leg_weakness", {"left": "yes", "right": "no"})
    workspace.tell.take_keys()


def _confirm(on: Stage) -> None:
    """Have what the desk entered wait."""
    session, workspace = on.office.session, on.office.workspace
    assert session is not None
    assert workspace is not None
    answers = {"general.fever": "yes", "pain.pattern": "constant", "pain.now": 4}
    session.take_in(answers, by_the_desk(answers, "Noor Achterberg-Okonkwo"))
    workspace.resume()


def _documents(on: Stage) -> None:
    on.office.show_documents()


def _dispute(on: Stage) -> None:
    """Have two answers to one question wait for a choice."""
    session, saver = on.office.session, on.office._tools.saver
    assert session is not None
    at = StoppedClock().now()
    theirs = AnswerChange("pain.now", None, 3, "Kim", "desk", at, "desk")
    entry = Changes(session.visit.id, 0, [replace(theirs, new=4, who="Sam")])
    saver.backlog.add_first([entry])
    saver.backlog.hold(entry, {"pain.now"})
    conflict = Conflict("pain.now", 3, 4, theirs)
    saver.conflicted.emit(session.visit.id, ConflictError([conflict], session.visit))
    on.office.show_dispute()


def _review(on: Stage) -> None:
    on.office.review_and_sign()


def _signed(on: Stage) -> None:
    """Show a visit that was signed without the store."""
    session = on.office.session
    assert session is not None
    told = assessment_json(session.assessment)
    at = StoppedClock().now()
    visit = replace(session.visit, answers=Answers({"pain.now": 4}))
    mark = signature(visit, session.patient, told, SAM, at)
    visit = replace(visit, state="signed", signature=mark)
    on.office.signing.signed.emit(visit, session.patient)


def _signed_in_error(on: Stage) -> None:
    """Show one that is marked, of somebody who was registered anew since."""
    _signed(on)
    shown = on.office.signing.shown
    assert shown is not None
    on.office.signing.show(replace(shown[0], is_in_error=True), ANNA)


def _addendum(on: Stage) -> None:
    _signed(on)
    on.office.signing.show_addendum()


def _people(
    open_form: Callable[[PeoplePage], None] = lambda _page: None,
) -> Callable[[Stage], None]:
    def show_people(on: Stage) -> None:
        page = on.show(PeoplePage(on.house, lambda: "noor"))
        page.start()
        open_form(page)

    return show_people


def _audit(on: Stage) -> None:
    page = AuditPage(on.house, StoppedClock(), lambda _path, _content: None)
    on.show(page).start()


def _settings(section: int, *, wrong: bool = False) -> Callable[[Stage], None]:
    """Show a section of the settings, with everything it can have to say."""

    def show_settings(on: Stage) -> None:
        house = cast("House", SettledHouse())
        page = SettingsPage(
            lambda: house,
            lambda: "sam",
            PlainStationery(),
            StoppedClock(),
            lambda _path, _content: None,
        )
        on.show(page).start()
        page.list.setCurrentRow(section)
        one = page.shown
        if wrong:
            problems = [Problem(name, "It is too long.") for name in one.fields.editors]
            one.refuse(InputRefusedError(problems))
            one.show_conflict(one.settled, _NOOR.name)

    return show_settings


def _passphrase(on: Stage) -> None:
    on.show(PassphrasePage(on.house)).start()


def _backups(on: Stage) -> None:
    kept = [KeptBackup(f"{n}", NOW - timedelta(hours=n), n, "") for n in range(3)]
    page = on.show(BackupsPage())
    page.allow(back_up=True, choose=True)
    page.show_state(CareState(kept, second_place="/mnt/stick/backups"), NOW)
    page.say("A backup is made and checked.")


#: Name in the test, class of the page, and what shows it.
PAGES: dict[str, tuple[type[QWidget], Callable[[Stage], None]]] = {
    "sign in to the demonstration": (SignIn, _sign_in),
    "sign in": (SignInPage, _sign_in_page),
    "set up": (SetUpPage, _set_up),
    "recovery code": (RecoveryPage, _recovery),
    "restore": (RestorePage, _restore),
    "hidden": (ShadePage, _shade),
    "home": (Home, _home),
    "close of the day": (CloseOfDay, _close_of_day),
    "registration": (Registration, _registration),
    "changed registration": (ChangeRegistration, _change_registration),
    "visit": (Workspace, _visit),
    "visit, body chart": (Workspace, _body_chart),
    "visit at the desk": (Workspace, _desk),
    "visit with a dispute": (Workspace, _dispute),
    "visit to confirm": (Workspace, _confirm),
    "visit, tell the clinician": (Workspace, _told),
    "documents": (DocumentsPage, _documents),
    "review": (ReviewPage, _review),
    "signed": (SignedPage, _signed),
    "signed in error": (SignedPage, _signed_in_error),
    "merge": (MergePage, show_merge),
    "wrong patient, move": (MoveVisitPage, show_step("move")),
    "wrong patient, mark": (MoveVisitPage, show_step("mark")),
    "wrong patient, call back": (MoveVisitPage, show_step("call_back")),
    "addendum": (AddendumPage, _addendum),
    "people": (PeoplePage, _people()),
    "people, taking in": (PeoplePage, _people(lambda page: page.add.click())),
    "people, changing": (PeoplePage, _people(lambda page: page.change.click())),
    "people, passphrase": (PeoplePage, _people(lambda page: page.reset.click())),
    "people, leaving": (PeoplePage, _people(lambda page: page.remove.click())),
    "people, new code": (PeoplePage, _people(lambda page: page.code.click())),
    "audit": (AuditPage, _audit),
    "letterhead, refused": (SettingsPage, _settings(0, wrong=True)),
    "logo": (SettingsPage, _settings(1)),
    "lock": (SettingsPage, _settings(4)),
    "local numbers": (SettingsPage, _settings(5)),
    "tell the clinician now": (SettingsPage, _settings(6)),
    "passphrase": (PassphrasePage, _passphrase),
    "backups": (BackupsPage, _backups),
}


def show(on: Stage, name: str) -> QWidget:
    """Show a page as a person would meet it, and return it."""
    PAGES[name][1](on)
    # Words wrap anew once a page has its size, and so the rows below move.
    for _ in range(3):
        QApplication.processEvents()
    page = on.window.pages.currentWidget()
    assert page is not None
    return page
