"""Each write changes one row, by its key and its revision; nothing is done in bulk."""

import ast
import inspect
from collections.abc import Iterator
from pathlib import Path

import pytest

import db
from intake.ports import RecordStore
from tests.faults import statements

_BULK = {"bulk_save_objects", "bulk_insert_mappings", "bulk_update_mappings"}
_FOLDER = Path(db.__file__).parent


def test_every_write_of_the_store_is_listened_to() -> None:
    """A new one fails here until it is."""
    methods = inspect.getmembers(RecordStore, inspect.isfunction)
    writes = {n for n, m in methods if "notes" in inspect.signature(m).parameters}

    assert writes == statements.WRITES.keys()


def test_each_write_changes_one_row_as_it_was_read() -> None:
    assert statements.run(50, 20261124) == []


def test_a_change_in_bulk_is_heard() -> None:
    """Negative control."""
    found = statements.control(1, 1)

    assert "visits was changed without naming a row" in found
    assert "patients was changed without a revision" in found


def bulk_in(source: str) -> Iterator[str]:
    """Give what changes many rows at once in a piece of Python."""
    for node in ast.walk(ast.parse(source)):
        match node:
            case ast.ImportFrom(module=str(module)) if module.startswith("sqlalchemy"):
                names = {alias.name for alias in node.names}
                yield from sorted(names & {"update", "delete"})
            case ast.Attribute(attr=name) if name in _BULK:
                yield name
            case ast.Call(func=ast.Attribute(attr="update" | "delete", value=on)):
                if {"session", "query"} & {n.strip("_") for n in names_in(on)}:
                    yield ast.unparse(node.func)
            case ast.Constant(value=str(text)):
                if text.lstrip().upper().startswith(("UPDATE ", "DELETE FROM ")):
                    yield text


def names_in(node: ast.AST) -> Iterator[str]:
    """Give the names and attributes in an expression."""
    for part in ast.walk(node):
        match part:
            case ast.Name(id=name) | ast.Attribute(attr=name):
                yield name


@pytest.mark.parametrize("path", sorted(_FOLDER.glob("*.py")), ids=lambda p: p.name)
def test_nothing_is_changed_in_bulk(path: Path) -> None:
    assert list(bulk_in(path.read_text(encoding="utf-8"))) == []


@pytest.mark.parametrize(
    "source",
    [
        "from sqlalchemy import select, update",
        "session.query(VisitRow).delete()",
        "session.bulk_save_objects(rows)",
        "connection.exec_driver_sql('update visits set state = 1')",
    ],
)
def test_what_is_in_bulk_is_found(source: str) -> None:
    """Negative control."""
    assert list(bulk_in(source))
