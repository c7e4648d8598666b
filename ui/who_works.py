"""Who works: signing in, locking, and beginning again in one's own role.

It knows nothing of visits: it says when somebody leaves and when somebody begins, and
the office takes what is typed and shows what is theirs.
"""

import logging
from functools import cached_property
from typing import TYPE_CHECKING, cast

from PySide6.QtCore import QObject, Signal

from intake.answers import Role
from ui.addenda import SignedInPerson
from ui.clinic_now import ClinicNow
from ui.main_window import MainWindow
from ui.presence import Presence
from ui.shade import Shade, ShadePage
from ui.tools import Tools
from ui.words import isolated

if TYPE_CHECKING:
    from intake.people import Person
    from ui.entrance import Entrance
    from ui.sign_in import SignIn

_LOG = logging.getLogger("thoracic_intake")
_NAME_ROOM = 32
_ROLES: dict[Role, str] = {"desk": "front desk", "clinician": "clinician"}


def in_short(name: str) -> str:
    """Return a name that leaves the rest of the status bar its room."""
    is_long = len(name) > _NAME_ROOM
    return isolated(f"{name[:_NAME_ROOM]}\u2026" if is_long else name)


class WhoWorks(QObject):
    """One signed-in person at a time.

    Args:
        window: shows the pages that ask who works, and who it is.
        tools: what the office was handed.
    """

    #: Somebody leaves; what they are typing is still there to be taken.
    leaving = Signal()
    #: Somebody works now, or nobody any more.
    changed = Signal()
    #: Who comes in has no business with visits.
    visits_not_theirs = Signal()
    #: Whoever hid the screen has it back: the page (QWidget) that was in view.
    shown_again = Signal(object)
    #: Somebody begins: the page (QWidget) they left, or None where another was between.
    began = Signal(object)

    def __init__(self, window: MainWindow, tools: Tools) -> None:
        """Nobody works yet."""
        super().__init__(window)
        self._window = window
        self._tools = tools
        self.name = ""
        self.role: Role = "desk"
        #: Whoever works, or worked last.
        self.person_id = ""
        self.clinic = ClinicNow(tools)
        self.presence = Presence(window, self.clinic, tools.door)
        self.presence.idle_lock.idle.connect(self.lock)
        self.presence.idle_lock.hide_over_box.connect(self.hide)
        self.shade = Shade(self)
        self.shade.overdue.connect(self._lock_hidden)
        self._hidden_from = ""

    @cached_property
    def sign_in(self) -> "SignIn":
        """Return the page of the demonstration that asks who works."""
        from ui.sign_in import SignIn

        page = SignIn()
        page.signed_in.connect(self.begin)
        return page

    @cached_property
    def entrance(self) -> "Entrance":
        """Return what stands before the records: set-up, sign-in, recovery."""
        from ui.entrance import Entrance

        entrance = Entrance(self._window, self._tools)
        entrance.entered.connect(self._enter)
        return entrance

    @cached_property
    def shade_page(self) -> ShadePage:
        """Return what is shown while the screen is hidden."""
        page = ShadePage()
        page.back.connect(self.show_again)
        return page

    @property
    def is_somebody_in(self) -> bool:
        """Return whether somebody is signed in."""
        return bool(self.name)

    @property
    def is_owner(self) -> bool:
        """Return whether an owner of the clinic is signed in."""
        door = self._tools.door
        return bool(door and door.person and "owner" in door.person.roles)

    @property
    def sees_patients(self) -> bool:
        """Return whether patients are whoever works' business: not an owner's alone."""
        person = self._tools.door.person if self._tools.door is not None else None
        return person is None or person.may("find_patients")

    def person(self) -> SignedInPerson:
        """Return whoever works, with the role they work in."""
        return SignedInPerson(self.person_id, self.name, self.role)

    @property
    def licence(self) -> str:
        """Return the license number of whoever works; empty in the demonstration."""
        door = self._tools.door
        return door.whoever_is_in().licence if door is not None else ""

    def id_at_door(self) -> str:
        """Return the id of whoever the door let in; empty in the demonstration."""
        door = self._tools.door
        return door.whoever_is_in().id if door is not None else ""

    def lock(self) -> None:
        """Hide the data and ask who works now; what was typed is kept."""
        self.leaving.emit()
        left, self.name = self.person_id if self.name else "", ""
        self.presence.end(left, self.role)
        self.changed.emit()
        if self._tools.door is not None:
            self.entrance.ask()
            return
        self.sign_in.ask(self._warnings(), self._tools.settings.last_user)
        self._window.show_page(self.sign_in, outside=True)

    def hide(self) -> None:
        """Hide the data until the same key; nobody is asked for anything yet."""
        if not self.name:
            return
        self.leaving.emit()
        self._hidden_from, self.name = self.name, ""
        self.presence.hide(self.person_id, self.role)
        self.changed.emit()
        self._window.show_page(self.shade_page, outside=True)
        self.shade_page.setFocus()
        self.shade.draw()

    def show_again(self) -> None:
        """Give the screen back to whoever hid it, where it was not too long ago."""
        if not self.shade.is_down:
            return
        if not self.shade.lift():
            self._lock_hidden()
            return
        who, self._hidden_from = self._hidden_from, ""
        self.know(who, self.role, self.person_id)
        self.shown_again.emit(self.presence.page_left_by(self.person_id, self.role))

    def _lock_hidden(self) -> None:
        """Make a lock of a screen that was hidden too long."""
        self.name, self._hidden_from = self._hidden_from, ""
        self.lock()

    def begin(self, who: str, role: str, person_id: str = "") -> None:
        """Start working as somebody.

        Whoever comes back goes on where they were. Somebody else finds the open visit
        in their own role (the desk hands over), and nothing else of who left.
        """
        self.know(who, cast("Role", role), person_id)
        self.began.emit(self.presence.page_left_by(self.person_id, self.role))

    def know(self, who: str, role: Role, person_id: str = "") -> None:
        """Remember who works and in which role; nothing is shown yet."""
        self.name, self.role = who, role
        # In the demonstration a role and a name are somebody.
        self.person_id = person_id or f"{role}/{who}"
        self._tools.settings.last_user = who
        works_as = _ROLES[role] if self.sees_patients else "owner"
        self._window.user.setText(f"{in_short(who)}, {works_as}")
        self.presence.begin(role)
        self.changed.emit()

    def enter_anew(self) -> None:
        """Go on in the roles somebody has now; lock where they have left."""
        door = self._tools.door
        if door is None or door.records is None or not self.name:
            # Locked meanwhile: whoever comes in next is read anew.
            return
        door.person = door.records.person(door.whoever_is_in().id)
        if door.person.is_active:
            self._enter(door.person)
        else:
            self.lock()

    def _enter(self, person: "Person") -> None:
        """Start working as a person; who may examine works as clinician."""
        if not person.may("read_visit"):
            self.visits_not_theirs.emit()
        role = "clinician" if "clinician" in person.roles else "desk"
        self.begin(person.name, role, person.id)

    def _warnings(self) -> str:
        """Return what must be said of the rules today; log that they are too old."""
        protocol, today = self._tools.protocol, self._tools.clock.today()
        if protocol.outdated(today):
            _LOG.warning(
                "Protocol %s %s is past its review-by date %s",
                protocol.id,
                protocol.version,
                protocol.review_by,
            )
        return "\n".join(protocol.warnings(today))
