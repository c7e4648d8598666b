"""The first start, signing in and taking over, in the window."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path

import pytest
from PySide6.QtCore import QSettings, Qt
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from db.clinic import Clinic
from intake.acting import Acting
from intake.audit import AuditFilter
from intake.people import Person
from intake.protocol import Protocol
from intake.protocol_loader import default_protocol
from intake.workflow import Workflow
from tests.db.test_plain_records import leave_plain_records
from tests.ui.fakes import Recorder, TextDocuments
from tests.ui.settling import PlainStationery
from tests.ui.visits import StoppedClock
from ui.door import Door
from ui.draft import Seal
from ui.entrance import Entrance
from ui.main_window import MainWindow
from ui.office import Office, Tools
from ui.saving import Saver
from ui.settings import Settings

_PASSPHRASE = "kettle moss river nine"  # noqa: S105  (made up, opens nothing)
_BOBS = "lamp under the stairs"


@dataclass
class House:
    """A window before its records are open."""

    office: Office
    door: Door
    folder: Path
    window: MainWindow
    written: dict[str, bytes]

    @property
    def entrance(self) -> Entrance:
        return self.office.entrance


@pytest.fixture(scope="module")
def protocol() -> Protocol:
    return default_protocol()


@pytest.fixture
def open_house(
    qtbot: QtBot, tmp_path: Path, protocol: Protocol
) -> Iterator[Callable[[], House]]:
    """Return how to start the program on one and the same folder."""
    windows = []

    def start() -> House:
        folder = tmp_path / "clinic"
        door = Door(Clinic(folder, StoppedClock(), [tmp_path / "head"]))

        def records() -> Acting:
            assert door.records is not None
            workflow = Workflow(door.records.store, protocol, StoppedClock())
            return Acting(workflow, door.whoever_is_in, door.records.close, door.named)

        saver = Saver(records, folder, StoppedClock())

        def begin(_person: object) -> None:
            if door.records is not None and saver.seal == Seal():
                saver.seal = Seal(door.records.sealed, door.records.unsealed)
                saver.start()

        door.signed_in.connect(begin)
        window = MainWindow(StoppedClock())
        written: dict[str, bytes] = {}
        settings = QSettings(str(tmp_path / "s.ini"), QSettings.Format.IniFormat)
        tools = Tools(
            protocol=protocol,
            clock=StoppedClock(),
            saver=saver,
            settings=Settings(settings),
            teller=Recorder(),
            documents=TextDocuments,
            write=lambda path, content: written.update({path.name: content}),
            door=door,
            recovery_sheet=lambda clinic, code: f"{clinic} {code}".encode(),
            stationery=PlainStationery(),
        )
        office = Office(window, tools)
        qtbot.addWidget(window)
        window.show()
        office.lock()
        windows.append(window)
        return House(office, door, folder, window, written)

    yield start
    for window in windows:
        window.close()


def set_up(qtbot: QtBot, house: House) -> str:
    """Fill the first page in; return the code."""
    page = house.entrance.set_up
    assert page is not None
    page.clinic.setText("Spine & Co")
    page.name.setText("Ann Ash")
    page.passphrase.setText(_PASSPHRASE)
    page.again.setText(_PASSPHRASE)
    page.go_on.click()
    qtbot.waitUntil(lambda: house.entrance.recovery is not None, timeout=10_000)
    assert house.entrance.recovery is not None
    assert house.window.focusWidget() is house.entrance.recovery.sheet
    code = house.entrance.recovery.code.text()
    house.entrance.recovery.go_on.click()
    qtbot.waitUntil(lambda: "Ann Ash" in house.window.user.text())
    return code


def sign_in(qtbot: QtBot, house: House, name: str, passphrase: str) -> None:
    """Choose a name and type a passphrase; wait for what comes of it."""
    page = house.entrance.sign_in
    page.person.setCurrentText(name)
    page.passphrase.setText(passphrase)
    page.go_on.click()
    qtbot.waitUntil(lambda: page.isEnabled() or not page.isVisible(), timeout=9_000)


def test_a_first_start_leads_to_work(
    qtbot: QtBot, open_house: Callable[[], House]
) -> None:
    house = open_house()
    code = set_up(qtbot, house)

    assert house.window.user.text() == "Ann Ash, clinician"
    assert len(code) == 34
    assert (house.folder / "clinic.keys").exists()


def test_when_the_code_is_shown_the_door_is_free(
    qtbot: QtBot, open_house: Callable[[], House]
) -> None:
    """Else a sign-in of that moment is dropped, and its page waits for ever."""
    house = open_house()
    busy: list[bool] = []
    house.door.made.connect(
        lambda _code: busy.append(house.door._busy.locked()),
        Qt.ConnectionType.DirectConnection,
    )
    set_up(qtbot, house)

    assert busy == [False]


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"clinic": ""}, "name of the clinic"),
        ({"name": " "}, "name of the clinic"),
        ({"again": "something else"}, "differ"),
        ({"passphrase": "short", "again": "short"}, "12 characters"),
    ],
)
def test_what_is_missing_is_said_and_nothing_is_made(
    open_house: Callable[[], House], change: dict[str, str], words: str
) -> None:
    house = open_house()
    page = house.entrance.set_up
    assert page is not None
    filled = {
        "clinic": "Spine",
        "name": "Ann",
        "passphrase": _PASSPHRASE,
        "again": _PASSPHRASE,
    }
    for field, text in {**filled, **change}.items():
        getattr(page, field).setText(text)
    page.go_on.click()

    assert words in page.said.text()
    assert not (house.folder / "clinic.keys").exists()


def test_enter_leads_through_the_set_up(open_house: Callable[[], House]) -> None:
    house = open_house()
    page = house.entrance.set_up
    assert page is not None
    fields = (page.clinic, page.name, page.passphrase, page.again)
    for field, following in pairwise(fields):
        field.returnPressed.emit()
        assert house.window.focusWidget() is following
    page.again.returnPressed.emit()

    assert "name of the clinic" in page.said.text()


def test_a_wrong_passphrase_is_said_beside_the_field(
    qtbot: QtBot, open_house: Callable[[], House]
) -> None:
    house = open_house()
    set_up(qtbot, house)
    house.office.lock()
    sign_in(qtbot, house, "Ann Ash", "guess after guess")

    page = house.entrance.sign_in
    assert "does not open" in page.said.text()
    assert page.passphrase.text() == ""
    assert house.window.user.text() == "Nobody signed in"


def test_the_next_start_asks_for_the_passphrase(
    qtbot: QtBot, open_house: Callable[[], House]
) -> None:
    first = open_house()
    set_up(qtbot, first)
    first.window.close()
    second = open_house()
    sign_in(qtbot, second, "Ann Ash", _PASSPHRASE)

    qtbot.waitUntil(lambda: second.window.user.text() == "Ann Ash, clinician")


def test_the_recovery_code_gives_a_new_passphrase(
    qtbot: QtBot, open_house: Callable[[], House]
) -> None:
    first = open_house()
    code = set_up(qtbot, first)
    first.window.close()
    second = open_house()
    page = second.entrance.sign_in
    page.recovery.click()
    page.code.setText(code.lower())
    page.passphrase.setText("a passphrase after that")
    page.go_on.click()

    qtbot.waitUntil(
        lambda: second.window.user.text() == "Ann Ash, clinician", timeout=10_000
    )


def test_who_takes_over_works_in_their_own_role(
    qtbot: QtBot, open_house: Callable[[], House]
) -> None:
    house = open_house()
    set_up(qtbot, house)
    bob = Person("bob", "Bob Birch", frozenset({"desk"}))
    assert house.door.records is not None
    house.door.records.store.add_person(bob)
    house.door.records.give_passphrase(bob, _BOBS, by="")
    house.office.lock()
    sign_in(qtbot, house, "Bob Birch", _BOBS)

    qtbot.waitUntil(lambda: house.window.user.text() == "Bob Birch, front desk")


def test_a_made_up_code_opens_nothing_at_a_locked_screen(
    qtbot: QtBot, open_house: Callable[[], House]
) -> None:
    """The records are open behind it, so the code has to be asked for all the same."""
    house = open_house()
    code = set_up(qtbot, house)
    house.office.lock()
    page = house.entrance.sign_in
    page.recovery.click()
    for typed, is_right in (("0000-0000", False), ("", False), (code, True)):
        page.code.setText(typed)
        page.passphrase.setText("a passphrase after that")
        page.go_on.click()
        qtbot.waitUntil(lambda: page.isEnabled() or not page.isVisible(), timeout=9_000)
        assert page.isVisible() is not is_right
        if not is_right:
            assert "recovery code" in page.said.text()
    qtbot.waitUntil(lambda: house.window.user.text() == "Ann Ash, clinician")
    assert house.door.records is not None
    failed = house.door.records.store.audit_entries(AuditFilter("sign_in_failed"))
    assert len(failed) == 2


def test_a_hurried_hand_is_told_what_is_missing(
    qtbot: QtBot, open_house: Callable[[], House]
) -> None:
    """And is led on by Enter; what was said of one way is gone in the other."""
    house = open_house()
    set_up(qtbot, house)
    house.office.lock()
    page = house.entrance.sign_in
    page.go_on.click()
    assert "Type the passphrase" in page.said.text()
    page.recovery.click()
    assert page.said.text() == ""
    assert house.window.focusWidget() is page.code
    page.code.returnPressed.emit()
    assert house.window.focusWidget() is page.passphrase


def test_a_lost_key_file_is_said_on_the_page(
    qtbot: QtBot, open_house: Callable[[], House]
) -> None:
    first = open_house()
    set_up(qtbot, first)
    first.window.close()
    (first.folder / "clinic.keys").unlink()
    page = open_house().entrance.sign_in

    assert page.isVisible()
    assert "key file" in page.said.text()


def leave(qtbot: QtBot, house: House) -> None:
    """Close the program once its records are open, so that they are shut then."""
    qtbot.waitUntil(lambda: house.office._save_state.records == "", timeout=10_000)
    house.window.close()


def spoil(house: House) -> None:
    """Damage the first page of records that are shut."""
    file = house.folder / "clinic.db"
    content = bytearray(file.read_bytes())
    content[100] ^= 1
    file.write_bytes(content)


def test_damaged_records_lead_to_a_backup_and_back_to_work(
    qtbot: QtBot, open_house: Callable[[], House]
) -> None:
    first = open_house()
    set_up(qtbot, first)
    assert first.door.records is not None
    first.door.records.caretaking().go_round()
    leave(qtbot, first)
    spoil(first)
    second = open_house()
    page = second.entrance.sign_in
    assert page.restore.isHidden()
    sign_in(qtbot, second, "Ann Ash", _PASSPHRASE)
    qtbot.waitUntil(page.restore.isVisible)
    assert "damaged" in page.said.text()

    page.restore.click()
    qtbot.waitUntil(lambda: second.entrance.restore is not None)
    offered = second.entrance.restore
    assert offered is not None
    assert offered.list.count() == 1
    assert offered.list.currentRow() == 0
    QTest.keyClick(offered.list, Qt.Key.Key_Escape)
    assert second.window.pages.currentWidget() is page
    page.restore.click()
    qtbot.waitUntil(lambda: second.window.pages.currentWidget() is offered)
    offered.go_on.click()
    qtbot.waitUntil(lambda: second.window.pages.currentWidget() is page, timeout=10_000)
    assert "backup is in its place" in page.said.text()
    sign_in(qtbot, second, "Ann Ash", _PASSPHRASE)
    qtbot.waitUntil(lambda: second.window.user.text() == "Ann Ash, clinician")


def test_a_wrong_passphrase_offers_no_backup(
    qtbot: QtBot, open_house: Callable[[], House]
) -> None:
    first = open_house()
    set_up(qtbot, first)
    leave(qtbot, first)
    second = open_house()
    sign_in(qtbot, second, "Ann Ash", "guess after guess")

    assert second.entrance.sign_in.restore.isHidden()


@pytest.mark.parametrize("harm", ["keys", "records"])
def test_what_is_gone_or_damaged_has_its_own_words(
    qtbot: QtBot, open_house: Callable[[], House], harm: str
) -> None:
    first = open_house()
    set_up(qtbot, first)
    leave(qtbot, first)
    if harm == "keys":
        (first.folder / "clinic.keys").write_bytes(b"{}")
    else:
        (first.folder / "clinic.db").unlink()
    second = open_house()
    page = second.entrance.sign_in
    if harm == "records":
        sign_in(qtbot, second, "Ann Ash", _PASSPHRASE)
    qtbot.waitUntil(page.restore.isVisible)
    expected = {"keys": "key file", "records": "not in the folder"}

    assert expected[harm] in page.said.text()


def test_a_new_computer_goes_on_from_a_backup(
    qtbot: QtBot, open_house: Callable[[], House], tmp_path: Path
) -> None:
    first = open_house()
    set_up(qtbot, first)
    assert first.door.records is not None
    first.door.records.back_up(tmp_path / "b.backup", by="")
    leave(qtbot, first)
    first.folder.rename(tmp_path / "old computer")
    second = open_house()
    page = second.entrance.set_up
    assert page is not None
    page.restore.click()
    qtbot.waitUntil(lambda: second.entrance.restore is not None)
    offered = second.entrance.restore
    assert offered is not None
    assert not offered.go_on.isEnabled()
    assert "no backup" in offered.said.text()
    offered.wanted.emit(tmp_path / "b.backup")
    shown = second.entrance.sign_in
    qtbot.waitUntil(
        lambda: second.window.pages.currentWidget() is shown, timeout=10_000
    )
    sign_in(qtbot, second, "Ann Ash", _PASSPHRASE)
    qtbot.waitUntil(lambda: second.window.user.text() == "Ann Ash, clinician")


def test_damage_that_a_check_found_is_told_at_the_next_start(
    qtbot: QtBot, open_house: Callable[[], House]
) -> None:
    first = open_house()
    set_up(qtbot, first)
    leave(qtbot, first)
    (first.folder / "damage-found").touch()
    second = open_house()

    page = second.entrance.sign_in
    assert page.restore.isVisible()
    assert "last check found damage" in page.said.text()


def test_records_of_an_earlier_version_are_offered_to_be_taken_over(
    qtbot: QtBot, open_house: Callable[[], House], tmp_path: Path
) -> None:
    leave_plain_records(tmp_path / "clinic")
    house = open_house()
    page = house.entrance.set_up
    assert page is not None
    assert page.take_over.isVisible()
    assert page.take_over.isChecked()
    set_up(qtbot, house)

    assert house.door.records is not None
    assert house.door.records.store.find_patients("lopez")


def test_without_such_records_nothing_is_offered(
    open_house: Callable[[], House],
) -> None:
    page = open_house().entrance.set_up
    assert page is not None
    assert page.take_over.isHidden()
    assert not page.take_over.isChecked()
