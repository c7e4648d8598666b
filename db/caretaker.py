"""Goes round and does what is due: backups, their copies, thinning, the rehearsal.

What was done is remembered in the records themselves, where whoever can write the
folder with the backups cannot reach it: a backup that is gone or was changed is
noticed. `intake.caretaking` decides what is due.
"""

import json
from dataclasses import asdict, dataclass, replace
from datetime import datetime
from hashlib import sha256
from pathlib import Path
from typing import TYPE_CHECKING

from db import kept_backups as places
from intake.audit import AuditFilter
from intake.caretaking import (
    QUIET_EVENTS,
    CareState,
    KeptBackup,
    is_backup_due,
    is_rehearsal_due,
    to_thin,
)
from intake.errors import UserFacingError
from intake.ports import Clock
from intake.waiting import BrokenOffError

if TYPE_CHECKING:
    from db.open_clinic import OpenClinic

_LOOK_BACK = 200
_UNKNOWN = -1


@dataclass(slots=True)
class Caretaker:
    """Looks after one clinic's folder on one computer.

    Args:
        opened: the clinic.
        home: its folder.
        clock: tells when something is due.
    """

    opened: "OpenClinic"
    home: Path
    clock: Clock
    _has_looked: bool = False

    @property
    def folder(self) -> Path:
        """Return where the backups are kept."""
        return self.home / places.FOLDER

    def state(self) -> CareState:
        """Return what was done so far."""
        text = self.opened.store.setting(self._name)
        return _state_of(text) if isinstance(text, str) else CareState()

    def go_round(self, *, at_once: bool = False) -> CareState:
        """Do what is due and return what was done.

        Args:
            at_once: do not wait for an hour to go by since the last backup.

        Raises:
            UserFacingError: the records cannot be read or written; what is wrong with
                a backup or a copy is told in the state.
            BrokenOffError: whoever waited wants no more of it; nothing is half.
        """
        before = self.state()
        try:
            state = self._go_through(before, at_once=at_once)
        except BrokenOffError:
            # What was finished and not remembered is taken in by the next round.
            self._has_looked = False
            raise
        if state != before:
            self._remember(state)
        return state

    def _go_through(self, state: CareState, *, at_once: bool) -> CareState:
        state = self._adopt_unknown(self._after_restore(state))
        state = self._notice_losses(state)
        state = self._back_up(state, at_once=at_once)
        state = self._thin(state)
        state = self._copy(state)
        return self._rehearse(state)

    def choose_second_place(self, place: Path | None, by: str) -> CareState:
        """Keep copies in another folder from now on, or in none.

        Raises:
            UserFacingError: (second_place_unusable) it is not there, cannot be
                written, or lies in the clinic's own folder.
        """
        state = replace(self.state(), second_place="", copied_at=None, copy_problem="")
        if place is not None:
            if place.resolve().is_relative_to(self.home.resolve()):
                raise places.unusable("It lies beside the records.")
            places.claim(place)
            where, now = str(place.resolve()), self.clock.now()
            state = replace(state, second_place=where, copied_at=now)
        not_copied = tuple(replace(one, copied=False) for one in state.kept)
        state = replace(state, kept=not_copied)
        self._remember(state)
        self.opened.note("settled", by, subject="second place")
        return self.go_round()

    # one thing after the other

    def _after_restore(self, state: CareState) -> CareState:
        """Forget what is gone since the day that was restored: that is no loss."""
        notes = self.opened.store.audit_entries(AuditFilter("restored", limit=1))
        last = notes[0].number if notes else 0
        if last == state.restored:
            return state
        kept = (one for one in state.kept if self._is_as_made(self.folder, one))
        not_copied = tuple(replace(one, copied=False) for one in kept)
        return replace(state, kept=not_copied, restored=last)

    def _adopt_unknown(self, state: CareState) -> CareState:
        """Take in what lies there and is not remembered: after a restore, say."""
        if self._has_looked:
            return state
        self._has_looked = True
        places.tidy(self.folder, self.clock.now())
        known = {one.name for one in state.kept}
        more = tuple(
            KeptBackup(path.name, header.at, _UNKNOWN, places.edges_of(path))
            for path in places.automatic(self.folder)
            if path.name not in known and (header := places.header_of(path))
        )
        return replace(state, kept=(*state.kept, *more)) if more else state

    def _notice_losses(self, state: CareState) -> CareState:
        """Forget what is gone or was changed, here or in the second place."""
        here = [one for one in state.kept if self._is_as_made(self.folder, one)]
        lost = len(state.kept) - len(here)
        place = Path(state.second_place)
        if state.second_place and places.is_there(place):
            there = [
                replace(one, copied=one.copied and self._is_as_made(place, one))
                for one in here
            ]
            lost += sum(one.copied for one in here) - sum(one.copied for one in there)
            here = there
        if not lost:
            return state
        self.opened.note("checked", "", detail={"backups lost": lost})
        return replace(state, kept=tuple(here), lost=lost, lost_at=self.clock.now())

    def _back_up(self, state: CareState, *, at_once: bool) -> CareState:
        now, mark = self.clock.now(), self._mark(state)
        newest = state.newest
        is_changed = newest is None or newest.mark != mark
        is_wanted = is_backup_due(state, mark, now) or (at_once and is_changed)
        if not (is_wanted or self._is_of_an_older_key(state)):
            return state
        path = places.new_path(self.folder, now)
        try:
            self.opened.back_up(path, by="")
        except UserFacingError as error:
            return replace(state, backup_problem=error.text)
        one = KeptBackup(path.name, now, mark, places.edges_of(path))
        return replace(state, kept=(*state.kept, one), backup_problem="")

    def _thin(self, state: CareState) -> CareState:
        gone = {one.name for one in to_thin(state.kept, (), self.clock.now())}
        for name in gone:
            places.remove(self.folder, name)
        there, place = (*state.to_remove, *sorted(gone)), Path(state.second_place)
        if state.second_place and places.is_there(place):
            for name in there:
                places.remove(place, name)
            there = ()
        left = tuple(one for one in state.kept if one.name not in gone)
        return replace(state, kept=left, to_remove=there if state.second_place else ())

    def _copy(self, state: CareState) -> CareState:
        """Bring the second place up to date, the newest backup first."""
        waiting = [one for one in state.kept if not one.copied]
        if not state.second_place or not waiting:
            return state
        copied, problem = set(), ""
        for one in sorted(waiting, key=lambda one: one.at, reverse=True):
            try:
                places.copy_to(Path(state.second_place), self.folder / one.name)
            except UserFacingError as error:
                problem = error.text
                break
            copied.add(one.name)
        kept = tuple(
            replace(one, copied=one.copied or one.name in copied) for one in state.kept
        )
        at = state.copied_at if problem else self.clock.now()
        return replace(state, kept=kept, copy_problem=problem, copied_at=at)

    def _rehearse(self, state: CareState) -> CareState:
        """Restore the newest backup to try it, and read all the others whole."""
        now = self.clock.now()
        if state.newest is None or not is_rehearsal_due(state, now):
            return state
        try:
            faults = tuple(self.opened.rehearse(self.folder / state.newest.name))
        except UserFacingError as error:
            faults = (error.text,)
        self.opened.note("rehearsed", "", detail={"faults": len(faults)})
        state = replace(state, rehearsed_at=now, rehearsal_faults=faults)
        whole = tuple(
            one for one in state.kept if places.is_whole(self.folder / one.name)
        )
        if lost := len(state.kept) - len(whole):
            self.opened.note("checked", "", detail={"backups lost": lost})
            state = replace(state, kept=whole, lost=lost, lost_at=now)
        return state

    # how

    @property
    def _name(self) -> str:
        """Return the name of the setting: one for each folder that is looked after."""
        where = sha256(str(self.folder.resolve()).encode()).hexdigest()
        return f"care-{where[:16]}"

    def _is_of_an_older_key(self, state: CareState) -> bool:
        """Return whether the newest backup opens with another key, or with none."""
        newest = state.newest
        if newest is None:
            return False
        try:
            return not self.opened.opens(self.folder / newest.name)
        except UserFacingError:
            # Its key file cannot be read: another backup is wanted as much.
            return True

    def _mark(self, state: CareState) -> int:
        """Return how far the records have come: the last note of a change."""
        latest = self.opened.store.audit_entries(AuditFilter(limit=_LOOK_BACK))
        for entry in latest:
            if entry.note.event not in QUIET_EVENTS:
                return entry.number
        # Nothing but quiet ones: it changed last where it did before, if that is known.
        newest = state.newest
        return newest.mark if newest is not None else _UNKNOWN

    def _remember(self, state: CareState) -> None:
        self.opened.store.settle(self._name, _text_of(state))

    @staticmethod
    def _is_as_made(folder: Path, one: KeptBackup) -> bool:
        return places.edges_of(folder / one.name) == one.edges


def _text_of(state: CareState) -> str:
    return json.dumps(asdict(state), default=datetime.isoformat)


def _state_of(text: str) -> CareState:
    table = json.loads(text)
    kept = tuple(
        KeptBackup(**{**one, "at": datetime.fromisoformat(one["at"])})
        for one in table.pop("kept")
    )
    for name in ("rehearsed_at", "lost_at", "copied_at"):
        if table[name] is not None:
            table[name] = datetime.fromisoformat(table[name])
    for name in ("rehearsal_faults", "to_remove"):
        table[name] = tuple(table[name])
    return CareState(kept, **table)
