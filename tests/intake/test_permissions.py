"""Who may do what: the whole matrix, as data beside the table it holds to account.

A cell is written down twice on purpose: here by hand, for people to read and review,
and in `intake.people`, for the program. Every line is a use case; d, c and o are the
front desk, the clinician and the owner.
"""

import inspect
from itertools import combinations

import pytest

from intake.people import (
    BESIDE_THE_RECORDS,
    PERMISSIONS,
    PERSON_ROLES,
    Person,
    PersonRole,
)
from intake.workflow import Workflow

_MATRIX = """
register               d c .
change_registration    d c .
find_patients          d c .
last_visits            d c .
earlier_registrations  d c .
earlier_visits         d c .
read_patient           d c .
open_visit             d c .
read_visit             d c .
visits_of              d c .
changes_of             d c .
list_visits            d c .
record_history         d c .
change_state           d c .
moves_of               d c .
worklist               d c .
close_of_day           d c .
moment                 d c o
call_backs             d c .
record_call            d c .
close_call_back        . c .
record_examination     . c .
decide                 . c .
decisions_of           . c .
settle_conflict        d c .
answers_set_aside      d c .
move_visit             d c .
preview_merge          d c .
merge_patients         d c .
merged_patients        d c .
merged_names           d c .
undo_merge             d c .
documents_of           d c .
mark_entered_in_error  . c .
re_enter_visit         . c .
sign                   . c .
add_addendum           . c .
addenda_of             . c .
confirm                . c .
confirmations_of       . c .
note_told              d c .
told_of                d c .
reassess               . c .
view_document          d c .
export_document        d c .
hand_over_visit        . c o
list_people            d c o
open_visits_of         . c o
read_audit             . . o
export_audit           . . o
verify_audit           . c o
add_person             . . o
change_person          . . o
remove_person          . . o
back_up                . c o
restore                . . o
choose_second_place    . . o
reset_passphrase       . . o
change_own_passphrase  d c o
new_recovery_code      . . o
move_records           . . o
upgrade_server         . . o
read_settings          d c o
settings_before        . . o
change_settings        . . o
"""
_LETTERS: dict[str, PersonRole] = {"d": "desk", "c": "clinician", "o": "owner"}
_ALLOWED = {
    words[0]: {_LETTERS[letter] for letter in words[1:] if letter != "."}
    for words in map(str.split, _MATRIX.strip().splitlines())
}
_SETS_OF_ROLES = [
    frozenset(roles)
    for count in range(len(PERSON_ROLES) + 1)
    for roles in combinations(PERSON_ROLES, count)
]


@pytest.mark.parametrize("is_active", [True, False], ids=["here", "left"])
@pytest.mark.parametrize("roles", _SETS_OF_ROLES, ids=lambda one: "+".join(sorted(one)))
@pytest.mark.parametrize("use_case", _ALLOWED)
def test_a_cell_of_the_matrix(
    use_case: str, roles: frozenset[PersonRole], is_active: bool
) -> None:
    person = Person("p", "Kim Lee", roles, is_active=is_active)
    allowed = is_active and bool(roles & _ALLOWED[use_case])

    assert person.may(use_case) is allowed


def test_the_matrix_has_every_use_case() -> None:
    assert _ALLOWED.keys() == PERMISSIONS.keys()


def use_cases_of(workflow: type) -> set[str]:
    """Return every way in: whatever can be called from outside, however it is made."""
    return {
        name
        for name, member in inspect.getmembers(workflow)
        if not name.startswith("_")
        and (callable(member) or isinstance(member, property))
    }


def test_every_way_into_the_records_is_in_the_table() -> None:
    """A use case that nobody thought about fails the build here."""
    methods = use_cases_of(Workflow) - {"require"}

    assert methods == PERMISSIONS.keys() - set(BESIDE_THE_RECORDS)


def test_a_new_way_in_would_be_seen() -> None:
    """However it is added: as a method, inherited, static, or as a property."""

    class _Mixin:
        def inherited(self) -> None: ...

    class _More(_Mixin, Workflow):
        def method(self) -> None: ...

        @staticmethod
        def static() -> None: ...

        @property
        def value(self) -> None: ...

    added = use_cases_of(_More) - use_cases_of(Workflow)
    assert added == {"method", "inherited", "static", "value"}


@pytest.mark.parametrize("use_case", sorted(_ALLOWED.keys() - set(BESIDE_THE_RECORDS)))
def test_a_use_case_asks_for_itself_first(use_case: str) -> None:
    """First it asks the table, under its own name, and goes on as who is stored."""
    source = inspect.getsource(getattr(Workflow, use_case))
    body = source.split('"""')[2].strip()

    assert body.startswith(f'by = self._allow(by, "{use_case}")')
