"""What was typed and is no record yet: half a number, a form that was not sent.

No rule reads it and no document shows it. It is kept by place (a visit, somebody's
registration, an addendum) and field, in memory and in the sealed draft, and put back
where it was typed, marked as not finished. Passphrases are never kept.
"""

import threading
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    # The window is painted before the records' classes are needed.
    from ui.draft import Typed


def in_visit(visit_id: str) -> str:
    """Return the place of a visit's form: whoever opens it next finds it there."""
    return f"visit/{visit_id}"


def in_registration(person_id: str) -> str:
    """Return the place of somebody's registration form: nobody else's business."""
    return f"registration/{person_id}"


def in_changed_registration(person_id: str, patient_id: str) -> str:
    """Return the place of what somebody changes of a patient's registration."""
    return f"changed registration/{person_id}/{patient_id}"


def in_addendum(person_id: str, visit_id: str) -> str:
    """Return the place of somebody's addendum to a visit."""
    return f"addendum/{person_id}/{visit_id}"


def in_question(person_id: str, visit_id: str) -> str:
    """Return the place of what somebody is asked about a visit: why it ended."""
    return f"asked/{person_id}/{visit_id}"


def in_move(person_id: str, visit_id: str) -> str:
    """Return the place of why somebody moves a visit, or marks it."""
    return f"moved/{person_id}/{visit_id}"


class Jottings:
    """What is unfinished in one place, by field."""

    def __init__(
        self,
        fields: Mapping[str, Any] | None = None,
        keep: Callable[[Mapping[str, Any]], None] = lambda _fields: None,
    ) -> None:
        """Begin with what was kept; `keep` is handed what changes."""
        self._fields = dict(fields or {})
        self._keep = keep

    def __getitem__(self, field: str) -> Any:  # noqa: ANN401  (text, or what a form holds)
        """Return what is unfinished in a field; an empty text where nothing is."""
        return self._fields.get(field, "")

    def fields(self) -> dict[str, Any]:
        """Return everything that is unfinished here."""
        return dict(self._fields)

    def keep(self, fields: Mapping[str, Any]) -> None:
        """Keep what was typed in some fields; what is empty is forgotten."""
        self._fields = _merged(self._fields, fields)
        self._keep(fields)

    def forget(self) -> None:
        """Forget everything here: it was recorded, or thrown away on purpose."""
        self.keep(dict.fromkeys(self._fields, ""))


class Unfinished:
    """Everything that is unfinished, by place; read by the writer of drafts, too.

    It is no object of Qt: whichever thread lets go of it last may end it.
    """

    def __init__(self, changed: Callable[[], None] = lambda: None) -> None:
        """Start empty, see `take_over`; `changed` is called when it has to be kept."""
        self._places: dict[str, dict[str, Any]] = {}
        self._lock = threading.Lock()
        self._changed = changed

    def at(self, place: str) -> Jottings:
        """Return what is unfinished in a place, to be gone on with."""
        return Jottings(self.of(place), lambda fields: self.keep(place, fields))

    def of(self, place: str) -> dict[str, Any]:
        """Return what is unfinished in a place."""
        with self._lock:
            return dict(self._places.get(place, {}))

    def keep(self, place: str, fields: Mapping[str, Any]) -> None:
        """Keep what was typed in some fields of a place; empty ones are forgotten."""
        with self._lock:
            before = self._places.get(place, {})
            now = _merged(before, fields)
            if now == before:
                return
            self._places[place] = now
            if not now:
                del self._places[place]
        self._changed()

    def forget(self, place: str) -> None:
        """Forget a place: what was typed there is recorded now."""
        self.keep(place, dict.fromkeys(self.of(place), ""))

    def everything(self) -> "list[Typed]":
        """Return all of it, for the draft."""
        from ui.draft import Typed

        with self._lock:
            return [Typed(place, dict(f)) for place, f in self._places.items()]

    def take_over(self, kept: "list[Typed]") -> None:
        """Take what an earlier run left; what was typed since is newer."""
        with self._lock:
            for typed in kept:
                newer = self._places.get(typed.place, {})
                self._places[typed.place] = {**typed.fields, **newer}


def _merged(before: Mapping[str, Any], new: Mapping[str, Any]) -> dict[str, Any]:
    return {field: text for field, text in {**before, **new}.items() if text}
