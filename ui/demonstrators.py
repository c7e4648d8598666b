"""Who works in the demonstration: whoever types a name, in the role they choose."""

import threading
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    # The first paint shows nobody, and has no need of the records' classes.
    from intake.people import Person, PersonRole
    from intake.ports import RecordStore


class Demonstrators:
    """Takes people in by their id, which is role and name: there is no passphrase."""

    def __init__(self, store: "RecordStore") -> None:
        """Know nobody yet; `store` is asked from several threads."""
        self._store = store
        self._known: dict[str, Person] = {}
        self._taking_in = threading.Lock()

    def named(self, person_id: str) -> "Person":
        """Return somebody, taken in when first named."""
        from intake.people import Person

        with self._taking_in:
            if person_id not in self._known:
                role, _, name = person_id.partition("/")
                works_as: PersonRole = "clinician" if role == "clinician" else "desk"
                person = Person(person_id, name, frozenset({works_as}))
                self._store.add_person(person)
                self._known[person_id] = person
            return self._known[person_id]
