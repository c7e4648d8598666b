"""The key file: who can open the records, and what a stranger cannot change."""

import json

import pytest

from db.keys import KeyFile, derived, new_key, new_recovery_code
from intake.errors import UserFacingError

_PASSPHRASE = "blue kettle on the stove"  # noqa: S105  (made up, opens nothing)


@pytest.fixture(scope="module")
def key() -> bytes:
    return new_key()


@pytest.fixture(scope="module")
def file(key: bytes) -> KeyFile:
    return KeyFile.for_key(key).with_person(key, _PASSPHRASE, "ann")


def _code(error: pytest.ExceptionInfo[UserFacingError]) -> str:
    return error.value.code


def test_a_passphrase_opens_its_own_slot(file: KeyFile, key: bytes) -> None:
    assert file.opened_by(_PASSPHRASE, "ann") == key


def test_a_passphrase_may_be_typed_in_separate_characters(key: bytes) -> None:
    file = KeyFile.for_key(key).with_person(key, "caf\u00e9 au lait", "ann")

    assert file.opened_by("cafe\u0301 au lait", "ann") == key


@pytest.mark.parametrize(
    ("passphrase", "owner"), [("another one", "ann"), (_PASSPHRASE, "bob")]
)
def test_nothing_else_opens_it(file: KeyFile, passphrase: str, owner: str) -> None:
    with pytest.raises(UserFacingError) as error:
        file.opened_by(passphrase, owner)

    assert _code(error) == "wrong_passphrase"


def test_a_recovery_code_opens_it_however_it_is_typed(
    file: KeyFile, key: bytes
) -> None:
    code = new_recovery_code()
    file = file.with_recovery(key, code)

    assert file.opened_by(code) == key
    assert file.opened_by(code.replace("-", " ").lower().replace("0", "o")) == key


def test_a_person_has_one_slot(file: KeyFile, key: bytes) -> None:
    changed = file.with_person(key, "a newer passphrase", "ann")

    assert changed.opened_by("a newer passphrase", "ann") == key
    with pytest.raises(UserFacingError):
        changed.opened_by(_PASSPHRASE, "ann")


def test_who_leaves_cannot_open_the_new_key(file: KeyFile, key: bytes) -> None:
    both = file.with_person(key, "soup of the day", "bob")
    new = new_key()
    left = both.without_slot("bob").with_new_key(key, new)

    assert left.opened_by(_PASSPHRASE, "ann") == new
    with pytest.raises(UserFacingError) as error:
        left.opened_by("soup of the day", "bob")
    assert _code(error) == "wrong_passphrase"


def test_a_secret_follows_the_key(file: KeyFile, key: bytes) -> None:
    new = new_key()
    hidden = file.with_secret(key, "server", "s3cret").with_new_key(key, new)

    assert hidden.secret(new, "server") == "s3cret"
    assert "s3cret" not in hidden.as_text()
    assert hidden.secret(new, "other") is None


def test_it_is_read_as_it_was_written(file: KeyFile) -> None:
    assert KeyFile.of_text(file.as_text()).as_text() == file.as_text()


@pytest.mark.parametrize("part", ["id", "owner", "salt", "public", "private"])
def test_a_changed_part_opens_nothing(file: KeyFile, key: bytes, part: str) -> None:
    table = json.loads(file.as_text())
    # As whoever means it would, or an earlier version.
    del table["sum"]
    other = json.loads(
        KeyFile.for_key(key).with_person(key, "of somebody else", "eve").as_text()
    )
    table["slots"][0][part] = other["slots"][0][part]
    owner = table["slots"][0]["owner"]

    with pytest.raises(UserFacingError) as error:
        KeyFile.of_text(json.dumps(table)).opened_by(_PASSPHRASE, owner)

    assert _code(error) in ("wrong_passphrase", "keys_damaged")


def test_a_flipped_bit_anywhere_is_damage(file: KeyFile) -> None:
    """Also where no lock is: in a name, in another's slot, in a space."""
    text = file.as_text().encode()
    for at in range(len(text)):
        flipped = text[:at] + bytes([text[at] ^ 1 << at % 7]) + text[at + 1 :]
        with pytest.raises(UserFacingError) as told:
            KeyFile.of_text(flipped.decode())
        assert told.value.code in ("keys_damaged", "database_newer")


def test_a_file_of_an_earlier_version_without_a_sum_is_read(file: KeyFile) -> None:
    table = json.loads(file.as_text())
    del table["sum"]
    assert KeyFile.of_text(json.dumps(table)).as_text() == file.as_text()


def test_another_sealed_key_is_damage_not_a_wrong_passphrase(file: KeyFile) -> None:
    table = json.loads(file.as_text())
    # As whoever means it would, or an earlier version.
    del table["sum"]
    other = new_key()
    foreign = KeyFile.for_key(other).with_person(other, "x" * 12, "eve")
    table["slots"][0]["sealed"] = json.loads(foreign.as_text())["slots"][0]["sealed"]

    with pytest.raises(UserFacingError) as error:
        KeyFile.of_text(json.dumps(table)).opened_by(_PASSPHRASE, "ann")

    assert _code(error) == "keys_damaged"


@pytest.mark.parametrize(
    "text",
    ["", "{}", "[]", '{"format": "1"}', '{"format": 1, "clinic": "x"}', "[" * 9999],
)
def test_what_is_no_key_file_is_damaged(text: str) -> None:
    with pytest.raises(UserFacingError) as error:
        KeyFile.of_text(text)

    assert _code(error) == "keys_damaged"


def test_a_newer_file_is_left_alone(file: KeyFile) -> None:
    table = json.loads(file.as_text()) | {"format": 2}

    with pytest.raises(UserFacingError) as error:
        KeyFile.of_text(json.dumps(table))

    assert _code(error) == "database_newer"


def test_a_key_for_one_purpose_says_nothing_about_another(key: bytes) -> None:
    assert len({derived(key, "audit"), derived(key, "secrets"), key}) == 3


def test_recovery_codes_differ() -> None:
    assert len({new_recovery_code() for _ in range(100)}) == 100
