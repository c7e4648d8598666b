"""Go on with the same records at another address, or with another password.

For the day a server gets a new name or people's role a new password: the present
address opens nothing then, so nobody can sign in first. Who it is shows at the server
itself, and that it is the same clinic shows in its audit trail.
"""

from contextlib import closing

from db.backup import SERVER_FILE
from db.clinic import Clinic
from db.keys import KeyFile
from db.move_to_server import SHARED_KEYS, WAY_IN
from db.private_files import write_private
from db.records_place import OnServer
from db.server_address import read_address
from intake.audit import AuditNote
from intake.errors import UserFacingError
from intake.people import NotPermittedError

_USE_CASE = "move_records"


def follow(clinic: Clinic, person_id: str, passphrase: str, text: str) -> None:
    """Remember another address and password of people's role on the server.

    Args:
        clinic: whose folder it is, shut.
        person_id: an owner.
        passphrase: theirs.
        text: the address with the password, see `db.server_address`.

    Raises:
        InputRefusedError: it is no address, or not safe.
        NotPermittedError: for owners; nothing was changed.
        UserFacingError: (not_on_server, other_clinic, wrong_passphrase) or what the
            server said; nothing was changed.
    """
    if not (clinic.folder / SERVER_FILE).exists():
        raise not_on_server()
    address, password = read_address(text)
    here = clinic.keys()
    key = clinic.key_for(here, person_id, passphrase)
    log = clinic.log(key, here)
    with closing(OnServer(address, password).open(key, log, is_new=False)) as store:
        if store.audit_faults():
            raise other_clinic()
        person = store.person(person_id)
        if not person.may(_USE_CASE):
            raise NotPermittedError(person, _USE_CASE)
        shared = store.setting(SHARED_KEYS)
        latest = KeyFile.of_text(shared) if isinstance(shared, str) else here
        latest_key = latest.opened_by(passphrase, person_id)
        after = latest.with_secret(latest_key, WAY_IN, password)
        note = AuditNote("moved", person.id, clinic.clock.now(), subject="server")
        store.replace_setting(SHARED_KEYS, shared, after.as_text(), [note])
    clinic.write_keys(after)
    write_private(clinic.folder / SERVER_FILE, address.as_text().encode())


def not_on_server() -> UserFacingError:
    """Return the error for a clinic whose records are in a file."""
    return UserFacingError(
        "not_on_server",
        "The records of this folder are in a file.",
        "Move them to a server first; nothing was changed.",
    )


def other_clinic() -> UserFacingError:
    """Return the error for an address that leads to other records than these."""
    return UserFacingError(
        "other_clinic",
        "What is there is another clinic, or an altered or older copy of this one.",
        "Check the address; nothing was changed.",
    )
