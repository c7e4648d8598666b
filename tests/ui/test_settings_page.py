"""The clinic's settings in the window: by keys alone, saved whole, nothing lost."""

import base64
from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING, cast

import pytest
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtGui import QWheelEvent
from PySide6.QtWidgets import QApplication, QFileDialog, QMainWindow
from pytestqt.qtbot import QtBot

from db.store import Store
from intake.call_backs import CallBack
from intake.clinic_settings import (
    LONGEST_IDLE,
    ClinicSettings,
    Section,
    Settled,
    in_force,
    values_of,
)
from intake.errors import UserFacingError
from intake.patient import Patient
from intake.protocol import Protocol, Tier
from intake.tell_now import tell_now
from intake.visit import Visit
from intake.worklist import WorklistEntry
from reports.files import write_atomically
from tests.ui.fakes import TextDocuments
from tests.ui.keyboard import ENTER, press, type_keys
from tests.ui.settling import KIM, PICTURE, PlainStationery, SettledHouse
from tests.ui.test_entrance import House as Window
from tests.ui.test_entrance import open_house, protocol, set_up
from tests.ui.visits import NOW, TODAY, StoppedClock, session_of
from ui.home import Home
from ui.setting_editors import (
    ChoiceEditor,
    Editor,
    LineEditor,
    LinesEditor,
    LogoEditor,
    NumberEditor,
    SwitchEditor,
)
from ui.settings_page import SettingsPage
from ui.settings_section import SettingsSection
from ui.visit.emergency_banner import EmergencyBanner
from ui.visit.tell_bar import TellBar

if TYPE_CHECKING:
    from intake.house import House

__all__ = ["open_house", "protocol"]

_HOSTILE = '<img src=x onerror="alert(1)">'
_TEARING = {
    "pain.sites": ["upper_thoracic", "chest_front"],
    "pain.duration": {"value": 2, "unit": "h"},
    "pain.onset": "sudden_seconds",
    "pain.now": 9,
    "pain.quality": ["tearing_or_ripping"],
}
_NUMBERS = {
    "emergency_department.phone": "(904) 555-0199",
    "emergency_department.name": _HOSTILE,
    "laboratory.phone": "(904) 555-0177",
}


class Who:
    """Who works now."""

    id = "sam"


@pytest.fixture
def house() -> SettledHouse:
    return SettledHouse()


@pytest.fixture
def who() -> Who:
    return Who()


@pytest.fixture
def page(qtbot: QtBot, house: SettledHouse, who: Who) -> Iterator[SettingsPage]:
    """Return the page, in front, with the keys."""
    page = SettingsPage(
        lambda: cast("House", house),
        lambda: who.id,
        PlainStationery(),
        StoppedClock(),
        write_atomically,
    )
    window = QMainWindow()
    window.setCentralWidget(page)
    qtbot.addWidget(window)
    window.resize(1366, 740)
    window.show()
    window.activateWindow()
    qtbot.waitUntil(window.isActiveWindow)
    page.start()
    yield page
    # Held until here: with the window would go the page.
    window.close()


def go_to(page: SettingsPage, section: Section) -> SettingsSection:
    """Go to a section."""
    page.list.setCurrentRow(list(page.sections).index(section))
    return page.shown


def editor(one: SettingsSection, name: str, kind: type[Editor]) -> Editor:
    """Return the field of a name, which is of a kind."""
    found = one.fields.editors[name]
    assert isinstance(found, kind)
    return found


def line(one: SettingsSection, name: str) -> LineEditor:
    """Return a line to type in."""
    return cast("LineEditor", editor(one, name, LineEditor))


def retype(one: SettingsSection, name: str, text: str) -> None:
    """Type something else into a line."""
    field = line(one, name)
    field.setFocus()
    field.selectAll()
    type_keys(text)


def wait_for(qtbot: QtBot, one: SettingsSection, words: str) -> None:
    """Wait until a section says something."""
    qtbot.waitUntil(lambda: words in one.said.text(), timeout=5_000)


def services(*, more: dict[str, str] | None = None) -> Settled:
    """Return local numbers as they are stored."""
    return Settled("services", 1, {**_NUMBERS, **(more or {})})


# by keys


def test_a_letterhead_is_typed_and_saved_by_keys_alone(
    qtbot: QtBot, page: SettingsPage, house: SettledHouse
) -> None:
    type_keys(ENTER)
    one = page.shown
    assert line(one, "name").hasFocus()
    line(one, "name").selectAll()
    type_keys("Ocean Clinic")
    assert page.list.item(0).text() == "Letterhead, not saved"
    press(Qt.Key.Key_Tab)
    assert editor(one, "address", LinesEditor).hasFocus()
    press(Qt.Key.Key_Tab)
    type_keys(ENTER)

    wait_for(qtbot, one, "Saved.")
    assert in_force(house.settings()).letterhead.name == "Ocean Clinic"
    assert page.list.item(0).text() == "Letterhead"
    assert "Changed last by Sam, 2026-11-24" in one.who.text()
    type_keys("\x1b")
    assert page.list.hasFocus()
    press(Qt.Key.Key_Down)
    assert page.shown.section == "logo"


def test_every_field_of_every_section_is_reached_by_tab(page: SettingsPage) -> None:
    for section, one in page.sections.items():
        go_to(page, section)
        one.begin()
        reached = []
        for _ in range(40):
            reached.append(QApplication.focusWidget())
            press(Qt.Key.Key_Tab)
        for field in one.fields.editors.values():
            assert (field.focusProxy() or field) in reached


def test_a_wheel_that_passes_over_changes_nothing(page: SettingsPage) -> None:
    one = go_to(page, "lock")
    number = cast("NumberEditor", editor(one, "desk", NumberEditor))
    paper = go_to(page, "paper")
    choice = cast("ChoiceEditor", editor(paper, "page", ChoiceEditor))
    for field in (number, choice):
        field.setFocus()
        QApplication.sendEvent(
            field,
            QWheelEvent(
                QPointF(5, 5),
                field.mapToGlobal(QPointF(5, 5)),
                QPoint(),
                QPoint(0, -120),
                Qt.MouseButton.NoButton,
                Qt.KeyboardModifier.NoModifier,
                Qt.ScrollPhase.NoScrollPhase,
                False,
            ),
        )
    assert (number.stored, choice.value) == (5, "letter")


# what is refused


def test_an_error_stands_at_its_field_and_nothing_is_stored(
    qtbot: QtBot, page: SettingsPage, house: SettledHouse
) -> None:
    before = house.settings()
    one = go_to(page, "letterhead")
    retype(one, "phone", "call us")
    retype(one, "name", "x" * 61)
    type_keys(ENTER)

    wait_for(qtbot, one, "Nothing was saved.")
    assert "at least 3 digits" in one.fields.wrong["phone"].text()
    assert one.fields.wrong["name"].isVisible()
    assert not one.fields.wrong["fax"].isVisible()
    assert line(one, "name").hasFocus(), "the first of them"
    assert house.settings() == before
    retype(one, "name", "Lake")
    retype(one, "phone", "(904) 555-0100")
    type_keys(ENTER)
    wait_for(qtbot, one, "Saved.")
    assert not one.fields.wrong["name"].isVisible()


def test_what_paper_cannot_show_is_told_before_it_is_stored(
    page: SettingsPage, house: SettledHouse
) -> None:
    one = go_to(page, "letterhead")
    retype(one, "name", "Lake \U0001f600")
    type_keys(ENTER)
    assert "U+1F600" in one.fields.wrong["name"].text()
    assert in_force(house.settings()).letterhead.name == "Lake Chiropractic & Spine"


def test_records_that_cannot_be_read_or_written_are_told(
    qtbot: QtBot, page: SettingsPage, house: SettledHouse
) -> None:
    one = go_to(page, "letterhead")
    retype(one, "name", "Ocean Clinic")
    house.failing = UserFacingError("database_locked", "It is locked.", "Close it.")
    type_keys(ENTER)
    wait_for(qtbot, one, "It is locked. Close it.")
    one.before.click()
    assert one.said.text() == "It is locked. Close it."
    page.start()
    assert page.said.text() == "It is locked. Close it."
    assert line(one, "name").text() == "Ocean Clinic"


# two people


def test_who_was_quicker_is_told_and_theirs_can_be_taken(
    qtbot: QtBot, page: SettingsPage, house: SettledHouse
) -> None:
    one = go_to(page, "lock")
    number = cast("NumberEditor", editor(one, "desk", NumberEditor))
    number.setValue(7)
    house.by = KIM.id
    house.settle("lock", 0, {"desk": 3, "clinician": 3})
    one.save.click()

    wait_for(qtbot, one, "Kim Achterberg-Okonkwo changed this meanwhile")
    assert number.stored == 7, "it still stands here"
    assert one.theirs.hasFocus()
    one.theirs.click()
    assert number.stored == 3
    assert not one.is_unsaved
    assert "Kim" in one.who.text()
    assert len(house.kept["lock"]) == 1


def test_who_was_quicker_can_be_overruled_knowingly(
    qtbot: QtBot, page: SettingsPage, house: SettledHouse
) -> None:
    one = go_to(page, "letterhead")
    retype(one, "name", "Ocean Clinic")
    theirs = {**house.settings()[0].values, "name": "Theirs"}
    house.settle("letterhead", 1, theirs)
    type_keys(ENTER)
    wait_for(qtbot, one, "changed this meanwhile")
    line(one, "name").setFocus()
    type_keys(ENTER)
    assert len(house.kept["letterhead"]) == 2, "Enter is no answer to it"
    one.mine.click()

    wait_for(qtbot, one, "Saved.")
    names = [settled.values["name"] for settled in house.kept["letterhead"]]
    assert names[1:] == ["Theirs", "Ocean Clinic"]
    assert not one.mine.isVisible()
    assert one.save.isVisible()


def test_the_last_change_is_taken_back(
    qtbot: QtBot, page: SettingsPage, house: SettledHouse
) -> None:
    one = go_to(page, "letterhead")
    retype(one, "name", "Ocean Clinic")
    type_keys(ENTER)
    wait_for(qtbot, one, "Saved.")
    one.before.click()
    assert line(one, "name").text() == "Lake Chiropractic & Spine"
    assert "Save it to take that change back" in one.said.text()
    assert in_force(house.settings()).letterhead.name == "Ocean Clinic"
    one.drop.click()
    assert line(one, "name").text() == "Ocean Clinic"
    one.before.click()
    one.save.click()
    wait_for(qtbot, one, "Saved.")
    assert in_force(house.settings()).letterhead.name == "Lake Chiropractic & Spine"


def test_what_is_not_saved_stays_for_who_typed_it_and_nobody_else(
    page: SettingsPage, who: Who
) -> None:
    one = go_to(page, "letterhead")
    retype(one, "name", "Ocean Clinic")
    page.hide()
    page.show()
    page.start()
    assert line(one, "name").text() == "Ocean Clinic"
    who.id = KIM.id
    page.start()
    assert line(one, "name").text() == "Lake Chiropractic & Spine"


def test_a_section_nobody_touched_shows_what_others_settled_meanwhile(
    page: SettingsPage, house: SettledHouse
) -> None:
    house.settle("lock", 0, {"desk": 3, "clinician": LONGEST_IDLE})
    page.start()
    number = editor(go_to(page, "lock"), "clinician", NumberEditor)
    assert cast("NumberEditor", number).stored == LONGEST_IDLE


def test_markup_is_shown_as_it_is_typed(
    qtbot: QtBot, page: SettingsPage, house: SettledHouse
) -> None:
    one = go_to(page, "letterhead")
    retype(one, "name", _HOSTILE)
    type_keys(ENTER)
    wait_for(qtbot, one, "Saved.")
    assert in_force(house.settings()).letterhead.name == _HOSTILE
    assert line(one, "name").text() == _HOSTILE


# the logo


def test_a_logo_is_chosen_from_a_file_and_taken_out_again(
    qtbot: QtBot, page: SettingsPage, house: SettledHouse, tmp_path: Path
) -> None:
    house.settle("logo", 1, {"png": ""})
    page.start()
    one = go_to(page, "logo")
    logo = cast("LogoEditor", editor(one, "png", LogoEditor))
    assert logo.picture.accessibleName() == "No logo"
    file = tmp_path / "logo.png"
    file.write_bytes(base64.b64decode(PICTURE))
    logo.take(file)
    assert not logo.picture.pixmap().isNull()
    assert one.is_unsaved
    one.save.click()
    wait_for(qtbot, one, "Saved.")
    assert in_force(house.settings()).letterhead.logo == file.read_bytes()
    logo.remove.click()
    assert logo.picture.accessibleName() == "No logo"
    assert logo.choose.hasFocus(), "the button that was pressed is off"


def test_a_picture_that_is_none_leaves_the_logo_as_it_is(
    page: SettingsPage, tmp_path: Path
) -> None:
    one = go_to(page, "logo")
    logo = cast("LogoEditor", editor(one, "png", LogoEditor))
    (tmp_path / "bad.png").write_bytes(b"<svg/>")
    logo.take(tmp_path / "bad.png")
    assert "This is none. Choose another." in logo.said.text()
    logo.take(tmp_path / "missing.png")
    assert "cannot be read" in logo.said.text()
    assert logo.value == PICTURE
    assert not one.is_unsaved
    logo.show_value(base64.b64encode(b"no picture").decode())
    assert logo.picture.accessibleName() == "This logo cannot be read"


# in use


def test_the_page_is_the_owners_and_what_is_saved_counts(
    qtbot: QtBot, open_house: Callable[[], Window]
) -> None:
    """Through the door, the workflow and the records, as it is in a clinic."""
    opened = open_house()
    set_up(qtbot, opened)
    window, office = opened.window, opened.office
    idle = office.presence.idle_lock
    assert idle._limit == 600
    window.activateWindow()
    qtbot.waitUntil(window.isActiveWindow)
    press(Qt.Key.Key_Comma, Qt.KeyboardModifier.ControlModifier)
    page = window.pages.currentWidget()
    assert isinstance(page, SettingsPage)
    assert line(page.shown, "name").text() == "Spine & Co", "as at the set-up"

    one = go_to(page, "lock")
    cast("NumberEditor", editor(one, "clinician", NumberEditor)).setValue(2)
    one.save.click()
    wait_for(qtbot, one, "Saved.")
    paper = go_to(page, "paper")
    choice = cast("ChoiceEditor", editor(paper, "page", ChoiceEditor))
    choice.setCurrentIndex(1)
    paper.save.click()
    wait_for(qtbot, paper, "Saved.")
    assert "Ann Ash" in paper.who.text()
    assert office.works.clinic.settings.page == "a4"
    office.works.enter_anew()
    assert idle._limit == 120

    page.list.setFocus()
    type_keys("\x1b")
    assert window.pages.currentWidget() is office.home
    office.lock()
    assert not window._actions["show_settings"].isEnabled()


def test_the_emergency_banner_has_the_numbers_for_an_emergency(
    qtbot: QtBot, protocol: Protocol
) -> None:
    quiet = session_of(protocol, answers=_TEARING)
    quiet.clinic = in_force([services()])
    banner = EmergencyBanner(quiet)
    qtbot.addWidget(banner)
    words = banner.text.text()
    assert f"Emergency department ({_HOSTILE}): (904) 555-0199" in words
    assert "555-0177" not in words, "the laboratory is none"
    assert banner.text.textFormat() is Qt.TextFormat.PlainText


def test_a_line_that_is_switched_off_is_not_told_at_the_desk(
    qtbot: QtBot, page: SettingsPage, house: SettledHouse, protocol: Protocol
) -> None:
    one = go_to(page, "tell_now")
    worst, tearing, *_others = tell_now().lines
    cast("SwitchEditor", editor(one, f"{worst.id}.on", SwitchEditor)).click()
    retype(one, f"{tearing.id}.words", _HOSTILE)
    type_keys(ENTER)
    wait_for(qtbot, one, "Saved.")
    desk = session_of(
        protocol,
        role="desk",
        answers={**_TEARING, "pain.severity": "worst_ever"},
    )
    desk.clinic = in_force(house.settings())
    bar = TellBar(desk)
    qtbot.addWidget(bar)
    assert f"line 2: {_HOSTILE}." in bar.text.text()
    assert "line 1" not in bar.text.text()
    assert bar.text.textFormat() is Qt.TextFormat.PlainText


def test_the_list_to_post_is_the_clinics_own(
    page: SettingsPage,
    house: SettledHouse,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    first, second, *_others = tell_now().lines
    values = {**values_of(Settled("tell_now")), f"{first.id}.on": False}
    house.settle("tell_now", 0, {**values, f"{second.id}.words": "Tears"})
    page.start()
    one = go_to(page, "tell_now")
    file = tmp_path / "list.txt"
    chosen = ["", str(file), str(tmp_path / "no" / "list.txt")]
    monkeypatch.setattr(
        QFileDialog,
        "getSaveFileName",
        lambda *_of: (chosen.pop(0), ""),
    )
    page.post.click()
    assert not file.exists(), "nobody named a file"
    page.post.click()
    assert " 2  Tears" in file.read_text("utf-8")
    assert first.text not in file.read_text("utf-8")
    assert str(file) in one.said.text()

    def fail(_path: Path, _content: bytes) -> None:
        raise UserFacingError("export_failed", "It was not written.", "Try again.")

    page._write = fail
    page.post.click()
    assert one.said.text() == "It was not written. Try again."


def test_whom_to_call_stands_below_the_day_while_somebody_is_to_be_called(
    qtbot: QtBot,
) -> None:
    home = Home(lambda: None, StoppedClock())
    qtbot.addWidget(home)
    home.show()
    visit = Visit("v1", "p1", TODAY, NOW, "p", "1", "0")
    patient = Patient("p1", "Moreno", "Ana")
    call = CallBack("c1", "v1", TODAY - timedelta(days=1), NOW)
    numbers = in_force([services()]).services
    for call_back, is_shown in ((None, False), (call, True)):
        entry = WorklistEntry(visit, patient, Tier.MONITOR, call_back, (), (), "", NOW)
        home.show_day([entry], frozenset(), is_clinicians=True)
        home.show_numbers(numbers)
        assert home.numbers.isVisible() is is_shown
    assert "(904) 555-0199" in home.numbers.text()
    home.show_numbers(())
    assert not home.numbers.isVisible()
    home.show_numbers(numbers)
    home.forget()
    assert not home.numbers.isVisible()


def test_whom_to_call_stands_where_the_day_is_closed(
    qtbot: QtBot, open_house: Callable[[], Window]
) -> None:
    opened = open_house()
    set_up(qtbot, opened)
    office = opened.office
    office.works.clinic.settings = in_force([services()])
    qtbot.waitUntil(lambda: office.records.store is not None, timeout=5_000)
    opened.window.show_close_of_day.emit()
    table = office.end_of_day.page.table
    items = [table.item(row, 1) for row in range(table.rowCount())]
    told = [item.text() for item in items if item is not None]
    assert any("(904) 555-0199" in words for words in told)
    assert not any("555-0177" in words for words in told), "the laboratory is none"


def test_settings_that_cannot_be_read_keep_nobody_from_working(
    qtbot: QtBot, open_house: Callable[[], Window], monkeypatch: pytest.MonkeyPatch
) -> None:
    """What was known before holds, and the lock goes on."""
    opened = open_house()
    set_up(qtbot, opened)
    clinic = opened.office.works.clinic
    store = opened.door.records.store if opened.door.records is not None else None
    assert isinstance(store, Store)
    store.settle_section(Settled("lock", 1, {"desk": 2, "clinician": 3}, "x", NOW))
    assert clinic.read().idle_minutes["clinician"] == 3

    def fail() -> None:
        raise UserFacingError("database_locked", "It is locked.", "Close it.")

    monkeypatch.setattr(store, "settled", fail)
    assert clinic.read().idle_minutes["clinician"] == 3
    opened.office.works.enter_anew()
    assert opened.office.presence.idle_lock._limit == 180


def test_documents_are_made_as_the_clinic_settled_them(
    qtbot: QtBot, open_house: Callable[[], Window], monkeypatch: pytest.MonkeyPatch
) -> None:
    """What another computer settled a moment ago is on the next document."""
    opened = open_house()
    set_up(qtbot, opened)
    made: list[ClinicSettings] = []

    def remember(self: TextDocuments, **settled: object) -> None:
        made.append(cast("ClinicSettings", settled["clinic"]))

    monkeypatch.setattr(TextDocuments, "__init__", remember)
    assert opened.door.records is not None
    stored = opened.door.records.store
    assert isinstance(stored, Store)
    opened.office.register(Patient("p1", "Moreno", "Ana", birth_date="1992-03-14"))
    qtbot.waitUntil(lambda: bool(stored.visits_of("p1")), timeout=5_000)
    stored.settle_section(Settled("paper", 1, {"page": "a4"}, "x", NOW))
    opened.office.show_documents()
    assert [settings.page for settings in made] == ["a4"]
