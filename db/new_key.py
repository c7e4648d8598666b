"""Give records in a file another key, whatever breaks off in between.

The new key file waits beside the old one until the records are read with the new key
from end to end. So they are always under a key that one of the two files holds, and the
next sign-in finds out which (`db.clinic`).
"""

from typing import TYPE_CHECKING

from db import failures
from db.keys import KeyFile
from db.open_keys import OpenKeys
from db.private_files import write_private
from db.records_place import RecordsPlace
from db.store import Store
from intake.errors import UserFacingError

if TYPE_CHECKING:
    from db.clinic import Clinic

NEXT_KEY_FILE = "clinic.keys.next"


class NewKey:
    """Takes a slot out of the key file, and gives the records a new key.

    Args:
        clinic: whose folder it is; nobody else has the records open.
        keys: of the records.
        place: where they are: a file.
        store: the records, asleep.
    """

    def __init__(
        self, clinic: "Clinic", keys: OpenKeys, place: RecordsPlace, store: Store
    ) -> None:
        """Nothing is done yet."""
        self._clinic = clinic
        self._keys = keys
        self._place = place
        self._store = store
        #: The key that the records may be under already, when giving it was broken off.
        self._next: tuple[bytes, KeyFile] | None = None

    def give_without(self, person_id: str) -> None:
        """Give the records a key that somebody's passphrase does not open.

        Raises:
            UserFacingError: (database_damaged) or what the disk did; the records are
                under the old key or the new one, and another try goes on from there.
        """
        self._finish()
        self._refuse_damaged()
        self._renew(self._keys.latest().without_slot(person_id))

    def _refuse_damaged(self) -> None:
        """An altered page is read as zeros; under a new key it would look sound."""
        if self._place.page_faults(self._keys.key):
            raise failures.damaged()

    def _renew(self, file: KeyFile) -> None:
        new, file = self._keys.with_new_key(file)
        self._next = new, file
        waiting = self._clinic.folder / NEXT_KEY_FILE
        write_private(waiting, file.as_text().encode())
        self._place.give_new_key(self._keys.key, new)
        self._take(new, file)

    def _finish(self) -> None:
        """Make sure that the records are under our key before they get another.

        They may have got one although giving it was told to have failed. Then only
        the key file that waits holds it, and must not be written over.
        """
        try:
            self._place.read_with(self._keys.key)
        except UserFacingError as error:
            if error.code != "database_damaged" or self._next is None:
                raise
            self._take(*self._next)

    def _take(self, key: bytes, file: KeyFile) -> None:
        """Go on with the records under a new key, once the whole file is read with it.

        A disk that fails in the middle of giving it is not always told by the library;
        with the key file replaced then, nothing would open the records.
        """
        if self._place.faults(key):
            raise failures.failing_disk()
        self._clinic.write_keys(file)
        (self._clinic.folder / NEXT_KEY_FILE).unlink(missing_ok=True)
        self._store.go_on_as(self._clinic.store_with(key, file))
        self._keys.key, self._keys.file = key, file
        self._next = None
