"""The owner upgrades a clinic's server from the command line, and people go on."""

import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from db.migrate import HEAD
from tests.cli.test_move_to import folder, run
from tests.db.aged import OLD_SERVERS, age
from tests.db.places import Server, ServerDatabase

__all__ = ["folder"]


@pytest.fixture
def database(server: Server) -> Iterator[ServerDatabase]:
    """Return a database with the role that a move makes people work in."""
    with server.database(template="template1") as database:
        role = f"{database.owner.database}_worker"
        yield ServerDatabase(database.owner, database.owner.set(username=role))


@pytest.fixture
def address(folder: Path, database: ServerDatabase) -> str:
    """Return the file with the owner's address of a server of before."""
    file = folder / "address"
    file.write_text(database.owner.render_as_string(hide_password=False) + "\n")
    assert run(folder, "move-to", str(file)) == 0
    age(database, OLD_SERVERS[0])
    return str(file)


def test_the_refusal_names_the_command_and_the_command_helps(
    folder: Path, address: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(folder, "list") == 3
    assert "thoracic-intake upgrade-server" in capsys.readouterr().err

    assert run(folder, "upgrade-server", address) == 0
    told = capsys.readouterr()
    done = json.loads(told.out)
    assert (done["from"], done["to"]) == (OLD_SERVERS[0], HEAD)
    assert Path(done["backup"]).is_file()
    assert "every computer" in told.err

    assert run(folder, "list") == 0
    assert "Doe" in capsys.readouterr().out
    assert run(folder, "audit", "verify") == 0
    assert run(folder, "check") == 0
    capsys.readouterr()

    assert run(folder, "upgrade-server", address) == 0, "once more"
    assert json.loads(capsys.readouterr().out) == {"from": HEAD, "to": HEAD}


def test_what_is_refused_says_so_and_ends_with_its_code(
    folder: Path,
    address: str,
    database: ServerDatabase,
    capsys: pytest.CaptureFixture[str],
) -> None:
    worker = database.worker.render_as_string(hide_password=False)
    (folder / "worker").write_text(worker)
    assert run(folder, "upgrade-server", str(folder / "worker")) == 3
    assert "does not own the tables" in capsys.readouterr().err

    (folder / "nonsense").write_text("nonsense")
    assert run(folder, "upgrade-server", str(folder / "nonsense")) == 2
    assert run(folder, "list") == 3, "it is as old as before"
