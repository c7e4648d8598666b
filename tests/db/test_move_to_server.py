"""A clinic moves to a server whole, and several computers work with it there."""

from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path

import pytest

from db.clinic import Clinic
from db.follow_server import follow
from db.move_to_server import Target
from db.open_clinic import OpenClinic
from db.records_place import OnServer
from db.server_address import read_address
from intake.audit import AuditFilter
from intake.errors import InputRefusedError, UserFacingError
from intake.people import NotPermittedError, Person
from tests.db.made_up import change, patient, visit
from tests.db.places import Server, ServerDatabase

OLU = Person("olu", "Olu", frozenset({"owner", "clinician"}))
DEE = Person("dee", "Dee", frozenset({"desk"}))
WORDS = "four words do well"
OTHERS = "quite another sentence"


class _Morning:
    def now(self) -> datetime:
        return datetime(2026, 11, 25, 9, tzinfo=UTC)

    def today(self) -> object:
        return self.now().date()


def clinic_in(folder: Path) -> Clinic:
    return Clinic(folder, _Morning())  # type: ignore[arg-type]  # a day is enough


@pytest.fixture
def empty(server: Server) -> Iterator[ServerDatabase]:
    """Return a database that somebody made for the clinic."""
    with server.database(template="template1") as database:
        yield database


@pytest.fixture
def opened(tmp_path: Path) -> Iterator[OpenClinic]:
    """Return a clinic in a file, with a patient and a visit."""
    opened, _ = clinic_in(tmp_path / "here").set_up(OLU, WORDS)
    opened.store.register(patient(family_name="Đặng \U0001f600"))
    opened.store.open_visit(visit())
    opened.store.record("v1", 0, [change("pain.now", 7.0), change("a", "x" * 3000)])
    yield opened
    opened.close()


def target(database: ServerDatabase) -> str:
    return database.owner.render_as_string(hide_password=False)


def test_everything_is_there_afterwards(
    opened: OpenClinic, empty: ServerDatabase, tmp_path: Path
) -> None:
    before = opened.store.visit("v1"), opened.store.changes_of("v1")
    rows = opened.move_to(target(empty), by="olu")

    assert rows["patients"] == rows["visits"] == 1
    opened.store.record("v1", 1, [change("b", "yes")])
    opened.close()
    with closing(clinic_in(tmp_path / "here").sign_in("olu", WORDS)) as again:
        assert again.store.patient("p1").family_name == "Đặng \U0001f600"
        assert again.store.changes_of("v1")[:2] == before[1]
        assert again.store.visit("v1").answers["b"] == "yes"
        assert again.store.audit_faults() == []
        assert again.faults() == []
        assert len(again.store.audit_entries(AuditFilter("moved"))) == 1


def test_the_file_is_kept_and_not_used_any_more(
    opened: OpenClinic, empty: ServerDatabase, tmp_path: Path
) -> None:
    opened.move_to(target(empty), by="olu")

    names = sorted(path.name for path in (tmp_path / "here").glob("clinic.db*"))
    assert names == ["clinic.db-before-move-20261125T090000"]


def test_neither_the_address_nor_the_key_file_tells_the_password(
    opened: OpenClinic, empty: ServerDatabase, tmp_path: Path
) -> None:
    opened.move_to(target(empty), by="olu")

    password = opened.keys.secret("server")
    assert password
    for path in (tmp_path / "here").iterdir():
        assert password.encode() not in path.read_bytes()


def test_a_server_that_holds_something_is_left_alone(
    opened: OpenClinic, empty: ServerDatabase
) -> None:
    empty.by_hand("CREATE TABLE music (title text)")
    with pytest.raises(UserFacingError) as refused:
        opened.move_to(target(empty), by="olu")

    assert refused.value.code == "server_not_empty"
    opened.store.record("v1", 1, [change("b", "yes")])
    assert opened.store.visit("v1").answers["b"] == "yes", "the file goes on"


def test_what_arrives_changed_is_no_move(
    opened: OpenClinic, empty: ServerDatabase, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The control: a copy that loses a row is noticed, and nothing stays there."""
    from db import moving

    def careless(source: object, target: object) -> None:
        copy(source, target)  # type: ignore[arg-type]
        target.exec_driver_sql(  # type: ignore[attr-defined]
            "ALTER TABLE patients DISABLE TRIGGER ALL; "
            "UPDATE patients SET family_name = 'D'"
        )

    copy = moving.copy
    monkeypatch.setattr(moving, "copy", careless)
    with pytest.raises(UserFacingError) as failed:
        opened.move_to(target(empty), by="olu")
    assert failed.value.code == "move_failed"
    monkeypatch.undo()
    opened.move_to(target(empty), by="olu")


def test_nobody_else_may_have_the_records_open(
    opened: OpenClinic, empty: ServerDatabase, tmp_path: Path
) -> None:
    with closing(clinic_in(tmp_path / "here").sign_in("olu", WORDS)):
        with pytest.raises(UserFacingError) as refused:
            opened.move_to(target(empty), by="olu")
        assert refused.value.code == "records_in_use"
    assert opened.store.visit("v1").revision == 1


def test_a_role_that_may_make_none_says_so(
    opened: OpenClinic, empty: ServerDatabase, server: Server
) -> None:
    empty.by_hand(
        "DROP ROLE IF EXISTS plain",
        "CREATE ROLE plain LOGIN",
        f"ALTER DATABASE {empty.owner.database} OWNER TO plain",
    )
    plain = empty.owner.set(username="plain").render_as_string(hide_password=False)
    with pytest.raises(UserFacingError) as refused:
        opened.move_to(plain, by="olu")
    assert refused.value.code == "server_role_needed"

    worker = empty.worker.render_as_string(hide_password=False)
    opened.move_to(f"# made by hand\n{plain}\n\n{worker}\n", by="olu")
    assert opened.store.patient("p1").id == "p1"


# Several computers


@pytest.fixture
def second(opened: OpenClinic, empty: ServerDatabase, tmp_path: Path) -> Clinic:
    """Return another computer, to which three files of the first were copied."""
    opened.move_to(target(empty), by="olu")
    there = tmp_path / "there"
    there.mkdir()
    for name in ("clinic.keys", "clinic.server", "audit-head"):
        (there / name).write_bytes((tmp_path / "here" / name).read_bytes())
    return clinic_in(there)


def test_what_one_computer_stores_the_other_reads(
    opened: OpenClinic, second: Clinic
) -> None:
    with closing(second.sign_in("olu", WORDS)) as there:
        there.store.record("v1", 1, [change("b", "yes")])
        assert opened.store.visit("v1").answers["b"] == "yes"
        assert there.store.audit_faults() == opened.store.audit_faults() == []


def test_who_comes_new_on_one_computer_is_known_on_the_other(
    opened: OpenClinic, second: Clinic
) -> None:
    """From the next sign-in of anybody there: their key file is fetched then."""
    opened.store.add_person(DEE)
    opened.give_passphrase(DEE, OTHERS, by="olu")
    second.sign_in("olu", WORDS).close()

    assert [one.name for one in second.staff()] == ["Dee", "Olu"]
    with closing(second.sign_in("dee", OTHERS)) as there:
        assert there.person("dee") == DEE


def test_who_left_on_one_computer_is_shut_out_on_the_other(
    opened: OpenClinic, second: Clinic
) -> None:
    opened.store.add_person(DEE)
    opened.give_passphrase(DEE, OTHERS, by="olu")
    second.sign_in("olu", WORDS).close()
    opened.shut_out("dee", by="olu")

    with pytest.raises(UserFacingError) as refused:
        second.sign_in("dee", OTHERS)
    assert refused.value.code == "wrong_passphrase"
    assert "somebody else has to sign in" not in str(refused.value)
    assert [one.name for one in second.staff()] == ["Olu"]
    second.sign_in("olu", WORDS).close()


def test_a_passphrase_given_elsewhere_asks_for_somebody_to_sign_in_first(
    opened: OpenClinic, second: Clinic
) -> None:
    opened.store.add_person(DEE)
    opened.give_passphrase(DEE, OTHERS, by="olu")
    second.sign_in("olu", WORDS).close()
    opened.give_passphrase(DEE, "a third sentence now", by="olu")
    with pytest.raises(UserFacingError, match="somebody else has to sign in"):
        second.sign_in("dee", "a third sentence now")
    second.sign_in("olu", WORDS).close()
    second.sign_in("dee", "a third sentence now").close()


def test_a_computer_whose_keys_are_old_says_so(
    opened: OpenClinic, second: Clinic
) -> None:
    """It is open, and does not know the key that the other made."""
    opened.store.add_person(DEE)
    opened.give_passphrase(DEE, OTHERS, by="olu")
    with closing(second.sign_in("olu", WORDS)) as there:
        opened.shut_out("dee", by="olu")
        with pytest.raises(UserFacingError) as old:
            there.give_passphrase(OLU, OTHERS, by="olu")
        assert old.value.code == "keys_renewed_elsewhere"


def test_two_owners_do_not_overwrite_each_other(
    opened: OpenClinic, second: Clinic
) -> None:
    with closing(second.sign_in("olu", WORDS)) as there:
        opened.store.add_person(DEE)
        opened.give_passphrase(DEE, OTHERS, by="olu")
        there.new_recovery_code(by="olu")
        opened.confirm("dee", OTHERS)
        there.confirm("dee", OTHERS)


# Backups of a server


def test_a_backup_of_a_server_opens_on_a_new_computer(
    opened: OpenClinic, second: Clinic, tmp_path: Path
) -> None:
    """As records in a file: nobody needs the server to read it."""
    backup = tmp_path / "kept.backup"
    opened.back_up(backup, by="olu")
    assert opened.rehearse(backup) == []

    new = clinic_in(tmp_path / "new")
    new.restore(backup)
    with closing(new.sign_in("olu", WORDS)) as there:
        assert there.store.visit("v1").answers["pain.now"] == 7.0
        assert there.faults() == []


def test_after_a_restore_the_records_are_in_the_file(
    opened: OpenClinic, second: Clinic, tmp_path: Path
) -> None:
    backup = tmp_path / "kept.backup"
    opened.back_up(backup, by="olu")
    second.restore(backup)

    with closing(second.sign_in("olu", WORDS)) as there:
        there.store.record("v1", 1, [change("b", "only here")])
    assert "b" not in opened.store.visit("v1").answers


def test_what_was_restored_moves_to_another_server(
    opened: OpenClinic, second: Clinic, server: Server, tmp_path: Path
) -> None:
    """The way to a new password of the server's (docs/how-to/work-on-a-server.md)."""
    backup = tmp_path / "kept.backup"
    opened.back_up(backup, by="olu")
    new = clinic_in(tmp_path / "new")
    new.restore(backup)

    with (
        server.database(template="template1") as other,
        closing(new.sign_in("olu", WORDS)) as there,
    ):
        there.move_to(target(other), by="olu")
        assert there.keys.secret("server") != opened.keys.secret("server")
        there.store.add_person(DEE)
        there.give_passphrase(DEE, OTHERS, by="olu")
        assert there.store.audit_faults() == []


@pytest.mark.parametrize(
    "text",
    [
        "",
        "# nothing",
        "postgresql://a@h/d\npostgresql://b@h/d\npostgresql://c@h/d",
        "postgresql://a@h/d\npostgresql://a@h/d",
        "postgresql://a@h/d\npostgresql://b@h/other",
        "postgresql://a@h/d\npostgresql://b@elsewhere/d",
    ],
)
def test_a_file_that_names_no_target_is_refused(text: str) -> None:
    with pytest.raises(InputRefusedError):
        Target.of_text(text)


def test_a_server_that_is_away_is_no_damage(
    opened: OpenClinic, second: Clinic, tmp_path: Path
) -> None:
    """It would lead to a restore at the next start."""
    with closing(second.sign_in("olu", WORDS)) as there:
        nowhere, _ = read_address("postgresql://olu@localhost:1/records")
        there._place = OnServer(nowhere, "")
        with pytest.raises(UserFacingError) as away:
            there.faults()
        assert away.value.code == "server_unreachable"
    assert not second.is_damaged


def test_an_address_that_leads_to_another_clinic_costs_no_keys(
    opened: OpenClinic, second: Clinic, server: Server, tmp_path: Path
) -> None:
    other, _ = clinic_in(tmp_path / "other").set_up(OLU, OTHERS)
    with server.database(template="template1") as elsewhere, closing(other):
        other.move_to(target(elsewhere), by="olu")
        there = tmp_path / "there"
        right = (there / "clinic.server").read_bytes()
        wrong = (tmp_path / "other" / "clinic.server").read_text()
        # Where the server asks for no password, or it is the same one.
        (there / "clinic.server").write_text(wrong)
        with pytest.raises(UserFacingError) as refused:
            second.sign_in("olu", WORDS)
        assert refused.value.code == "other_clinic"
        assert other.store.audit_faults() == []

    (there / "clinic.server").write_bytes(right)
    second.sign_in("olu", WORDS).close()


def test_no_set_up_goes_into_the_records_on_a_server(
    opened: OpenClinic, second: Clinic, tmp_path: Path
) -> None:
    """Where the key file is gone and the address is still there."""
    (tmp_path / "there" / "clinic.keys").unlink()
    with pytest.raises(UserFacingError) as refused:
        second.set_up(DEE, OTHERS)
    assert refused.value.code == "already_set_up"
    with pytest.raises(UserFacingError) as missing:
        second.sign_in("olu", WORDS)
    assert missing.value.code == "keys_missing"
    assert [one.id for one in opened.store.people()] == ["olu"]
    assert opened.store.audit_faults() == []


def test_an_address_that_was_loosened_by_hand_is_refused(
    opened: OpenClinic, second: Clinic, tmp_path: Path
) -> None:
    (tmp_path / "there" / "clinic.server").write_text(
        "postgresql://worker@elsewhere.example/records?sslmode=disable"
    )
    with pytest.raises(InputRefusedError):
        second.sign_in("olu", WORDS)
    assert read_address("postgresql://worker@elsewhere.example/records")


# The server at another address


def renewed(database: ServerDatabase) -> str:
    """Give people's role another password, as who looks after the server does."""
    role = f"{database.owner.database}_worker"
    database.by_hand(f"ALTER ROLE {role} PASSWORD 'another'")
    return f"postgresql://{role}:another@/{database.owner.database}?host=" + str(
        database.owner.query["host"]
    )


def test_another_password_is_followed_and_shared(
    opened: OpenClinic, second: Clinic, empty: ServerDatabase, tmp_path: Path
) -> None:
    here = clinic_in(tmp_path / "here")
    follow(here, "olu", WORDS, renewed(empty))

    with closing(here.sign_in("olu", WORDS)) as again:
        assert again.keys.secret("server") == "another"
        assert again.store.patient("p1").id == "p1"
        assert again.store.audit_faults() == []
    with closing(second.sign_in("olu", WORDS)) as there:
        assert there.keys.secret("server") == "another"


def test_a_desk_person_leads_nobody_to_another_server(
    opened: OpenClinic, second: Clinic, empty: ServerDatabase, tmp_path: Path
) -> None:
    opened.store.add_person(DEE)
    opened.give_passphrase(DEE, OTHERS, by="olu")
    before = (tmp_path / "here" / "clinic.server").read_text()
    with pytest.raises(NotPermittedError):
        follow(clinic_in(tmp_path / "here"), "dee", OTHERS, renewed(empty))
    assert (tmp_path / "here" / "clinic.server").read_text() == before
    assert opened.keys.secret("server") != "another"


def test_another_clinics_server_is_not_followed(
    opened: OpenClinic, second: Clinic, server: Server, tmp_path: Path
) -> None:
    other, _ = clinic_in(tmp_path / "other").set_up(OLU, WORDS)
    with closing(other), server.database(template="template1") as database:
        other.move_to(target(database), by="olu")
        with pytest.raises(UserFacingError) as refused:
            follow(clinic_in(tmp_path / "here"), "olu", WORDS, renewed(database))
        assert refused.value.code == "other_clinic"


def test_records_in_a_file_follow_nothing(opened: OpenClinic, tmp_path: Path) -> None:
    with pytest.raises(UserFacingError) as refused:
        follow(clinic_in(tmp_path / "here"), "olu", WORDS, "postgresql://r@localhost/d")
    assert refused.value.code == "not_on_server"
