"""Who works here, and what each of them may do.

The table is the rule: the workflow asks it before every use case, and what is not in
it may be done by nobody. That a button is hidden is a courtesy beside it.
"""

import secrets
from collections.abc import Container, Mapping
from dataclasses import dataclass
from typing import Literal, get_args

from intake.errors import Problem, UserFacingError

PersonRole = Literal["desk", "clinician", "owner"]
PERSON_ROLES: tuple[PersonRole, ...] = get_args(PersonRole)

_EVERYBODY: frozenset[PersonRole] = frozenset(PERSON_ROLES)
_DESK_OR_CLINICIAN: frozenset[PersonRole] = frozenset({"desk", "clinician"})
_CLINICIAN: frozenset[PersonRole] = frozenset({"clinician"})
_OWNER: frozenset[PersonRole] = frozenset({"owner"})
_CLINICIAN_OR_OWNER = _CLINICIAN | _OWNER

#: Use case, a method of `intake.workflow.Workflow`, to the roles that may.
PERMISSIONS: Mapping[str, frozenset[PersonRole]] = {
    # registration and history
    "register": _DESK_OR_CLINICIAN,
    "change_registration": _DESK_OR_CLINICIAN,
    "find_patients": _DESK_OR_CLINICIAN,
    "last_visits": _DESK_OR_CLINICIAN,
    "earlier_registrations": _DESK_OR_CLINICIAN,
    "read_patient": _DESK_OR_CLINICIAN,
    "open_visit": _DESK_OR_CLINICIAN,
    "read_visit": _DESK_OR_CLINICIAN,
    "visits_of": _DESK_OR_CLINICIAN,
    "changes_of": _DESK_OR_CLINICIAN,
    "earlier_visits": _DESK_OR_CLINICIAN,
    "list_visits": _DESK_OR_CLINICIAN,
    "record_history": _DESK_OR_CLINICIAN,
    "settle_conflict": _DESK_OR_CLINICIAN,
    "answers_set_aside": _DESK_OR_CLINICIAN,
    # the day; which states are the clinician's, see `intake.moves`
    "change_state": _DESK_OR_CLINICIAN,
    "moves_of": _DESK_OR_CLINICIAN,
    "worklist": _DESK_OR_CLINICIAN,
    "close_of_day": _DESK_OR_CLINICIAN,
    "moment": _EVERYBODY,
    "call_backs": _DESK_OR_CLINICIAN,
    "record_call": _DESK_OR_CLINICIAN,
    "close_call_back": _CLINICIAN,
    # whose visit it is: see `intake.whose_visit`
    "move_visit": _DESK_OR_CLINICIAN,
    "preview_merge": _DESK_OR_CLINICIAN,
    "merge_patients": _DESK_OR_CLINICIAN,
    "merged_patients": _DESK_OR_CLINICIAN,
    "merged_names": _DESK_OR_CLINICIAN,
    "undo_merge": _DESK_OR_CLINICIAN,
    "documents_of": _DESK_OR_CLINICIAN,
    "mark_entered_in_error": _CLINICIAN,
    "re_enter_visit": _CLINICIAN,
    # who was told of an answer at once: see `intake.tell_now`
    "note_told": _DESK_OR_CLINICIAN,
    "told_of": _DESK_OR_CLINICIAN,
    # examination, assessment, the clinician's word
    "record_examination": _CLINICIAN,
    "decide": _CLINICIAN,
    "decisions_of": _CLINICIAN,
    "confirm": _CLINICIAN,
    "confirmations_of": _CLINICIAN,
    "sign": _CLINICIAN,
    "add_addendum": _CLINICIAN,
    "addenda_of": _CLINICIAN,
    "reassess": _CLINICIAN,
    # to the desk, of signed visits the letter alone: see `Workflow.view_document`
    "view_document": _DESK_OR_CLINICIAN,
    "export_document": _DESK_OR_CLINICIAN,
    "hand_over_visit": _CLINICIAN_OR_OWNER,
    # the house
    "list_people": _EVERYBODY,
    "open_visits_of": _CLINICIAN_OR_OWNER,
    "read_audit": _OWNER,
    "export_audit": _OWNER,
    "verify_audit": _CLINICIAN_OR_OWNER,
    "add_person": _OWNER,
    "change_person": _OWNER,
    "remove_person": _OWNER,
    # beside the records: see `Workflow.require`
    "back_up": _CLINICIAN_OR_OWNER,
    "choose_second_place": _OWNER,
    "restore": _OWNER,
    "reset_passphrase": _OWNER,
    "change_own_passphrase": _EVERYBODY,
    "new_recovery_code": _OWNER,
    "move_records": _OWNER,
    "upgrade_server": _OWNER,
    # the clinic's own settings
    "read_settings": _EVERYBODY,
    "settings_before": _OWNER,
    "change_settings": _OWNER,
}
#: What is no method of the workflow, but asks it first.
BESIDE_THE_RECORDS = (
    "back_up",
    "choose_second_place",
    "restore",
    "reset_passphrase",
    "change_own_passphrase",
    "new_recovery_code",
    "move_records",
    "upgrade_server",
)

#: Shorter ones are guessed too fast once somebody has the file.
_SHORTEST_PASSPHRASE = 12
_FEWEST_DIFFERENT = 5
_LONGEST_NAME = 100
#: For one that is made up: without letters and digits that are misread.
_LETTERS = "abcdefghjkmnpqrstvwxyz23456789"
_MADE_UP = 16


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody who signs in. One person may have several roles."""

    id: str
    name: str
    roles: frozenset[PersonRole]
    licence: str = ""
    is_active: bool = True

    def may(self, use_case: str) -> bool:
        """Return whether this person may do something; unknown use cases: nobody."""
        allowed = PERMISSIONS.get(use_case, frozenset())
        return self.is_active and not self.roles.isdisjoint(allowed)


class NotPermittedError(UserFacingError):
    """Somebody asked for what their role may not do; nothing was done."""

    def __init__(self, person: Person, use_case: str) -> None:
        """Say who may; the name of the use case goes to the audit."""
        allowed = PERMISSIONS.get(use_case, frozenset())
        who = " or ".join(role for role in PERSON_ROLES if role in allowed)
        super().__init__(
            "not_permitted",
            f"This is for the {who or 'nobody'}; nothing was done.",
            "Ask somebody with that role to sign in.",
        )
        self.person = person
        self.use_case = use_case


def person_problems(person: Person, taken: Container[str]) -> list[Problem]:
    """Return why a person cannot be taken in like this; nothing when they can.

    Args:
        person: as they would be stored.
        taken: the names of the others who work here, folded: a name is all that the
            sign-in page shows.
    """
    problems = []
    name = person.name.strip()
    if not name or not name.isprintable() or len(name) > _LONGEST_NAME:
        what = f"A name has 1 to {_LONGEST_NAME} characters that can be printed."
        problems.append(Problem("name", what))
    elif name.casefold() in taken:
        what = "Somebody of this name works here already."
        problems.append(Problem("name", what, "Add a middle name or a letter."))
    if not person.roles:
        problems.append(Problem("roles", "There is none.", "Choose at least one."))
    return problems


def made_up_passphrase(name: str) -> str:
    """Return a passphrase for somebody's first day, of 78 random bits."""
    while True:
        letters = "".join(secrets.choice(_LETTERS) for _ in range(_MADE_UP))
        groups = [letters[at : at + 4] for at in range(0, _MADE_UP, 4)]
        if not passphrase_problem(made := "-".join(groups), name):
            return made


def passphrase_problem(passphrase: str, name: str) -> str:
    """Return why a passphrase will not do, or nothing when it will.

    Length is what counts; a rule for digits and signs makes them worse (NIST
    SP 800-63B, section 3.1.1.2).
    """
    text = passphrase.strip()
    if not passphrase.isprintable():
        return "Use letters, digits, signs and plain spaces; others cannot be typed."
    if len(text) < _SHORTEST_PASSPHRASE:
        return f"Use at least {_SHORTEST_PASSPHRASE} characters; four words do well."
    if len(set(text.casefold())) < _FEWEST_DIFFERENT:
        return "Use more different characters."
    if name.strip() and name.strip().casefold() in text.casefold():
        return "Leave your name out of it."
    return ""
